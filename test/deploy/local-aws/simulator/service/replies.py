"""The body of an answer: the members of AWS's model and no other."""

from __future__ import annotations

import json
from typing import Any, Mapping

Reply = tuple[int, dict[str, str], bytes]

STATEMENT_HEADER = "x-local-aws-statement"
"""The header of a refusal that says which statement of docs/aws-behaviour.md it rests on."""

STATUS = {"AccessDeniedException": 403, "ServiceUnavailableException": 500}
"""Statuses that are not 400."""


def accepted(model: Any, result: Mapping[str, Any]) -> Reply:
    """What AWS answers to a call that it takes."""
    status = int(model.http.get("responseCode", 200))
    body = b"" if status == 204 else json.dumps(shaped(result, model.output_shape) or {}).encode()
    return status, {"Content-Type": "application/json"}, body


def refused(code: str, message: str, statement: str) -> Reply:
    """What AWS answers to a call that it refuses."""
    headers = {"Content-Type": "application/json", "x-amzn-errortype": code, STATEMENT_HEADER: statement}
    return STATUS.get(code, 400), headers, json.dumps({"Code": code, "Message": message, "message": message}).encode()


def shaped(value: Any, shape: Any) -> Any:
    """The part of a value that the model has."""
    if value is None or shape is None:
        return None
    if shape.type_name == "structure":
        return {
            member.serialization.get("name", name): shaped(value[name], member)
            for name, member in shape.members.items()
            if value.get(name) is not None
        }
    if shape.type_name == "list":
        return [shaped(item, shape.member) for item in value]
    if shape.type_name == "map":
        return {key: shaped(item, shape.value) for key, item in value.items()}
    return value
