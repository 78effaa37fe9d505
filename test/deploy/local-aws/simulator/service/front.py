"""The front of AWS Backup: takes requests, checks them by AWS's model, and hands them to the simulator."""

from __future__ import annotations

import json
from typing import Any, Mapping, Protocol, Sequence

from backup.caller import Caller
from backup.errors import INVALID_PARAMETER, INVALID_REQUEST, MISSING_PARAMETER, NotSimulated, Refused

from service.checks import missing_members, violations
from service.replies import Reply, accepted, refused
from service.requests import NotReadable, read_parameters, read_value
from service.routes import find_route, operation

REQUIRED = "B-1"
"""The statement about members that are missing."""

MODEL = "B-6"
"""The statement about everything else that AWS's model says of a request."""

NOT_SIMULATED = "-"
"""What stands for the statement where the simulator, and not AWS, refuses."""


class Simulator(Protocol):
    """The simulated AWS Backup."""

    def call(self, operation: str, caller: Caller, params: dict[str, Any]) -> dict[str, Any]:
        """Does what the operation does and gives its result, or raises Refused."""

    def statement_of(self, job_id: str) -> str | None:
        """The statement of docs/aws-behaviour.md that ended a job."""


class Front:
    """The one way to the simulator: for requests, for CloudFormation and for Step Functions alike."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def answer(self, method: str, path: str, body: bytes, query: Mapping[str, Sequence[str]], caller: Caller) -> Reply:
        """Answers a request."""
        found = find_route(method, path)
        if found is None:
            return refused("UnknownOperationException", f"AWS Backup has no {method} {path}.", MODEL)
        model, labels = found
        try:
            content = json.loads(body) if body else {}
            parameters = read_parameters(model.input_shape, labels, query, content if isinstance(content, dict) else {})
        except (NotReadable, ValueError) as problem:
            return refused("SerializationException", str(problem), MODEL)
        try:
            return accepted(model, self._checked_call(model, caller, parameters))
        except Refused as problem:
            return refused(problem.code, problem.message, problem.statement)

    def call(self, name: str, caller: Caller, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Calls an operation within the process, checked like a request. Raises Refused."""
        model = operation(name)
        try:
            typed = read_value(dict(parameters), model.input_shape, name) if model.input_shape else {}
        except NotReadable as problem:
            raise Refused("SerializationException", str(problem), MODEL) from problem
        return self._checked_call(model, caller, typed)

    def _checked_call(self, model: Any, caller: Caller, parameters: dict[str, Any]) -> dict[str, Any]:
        missing = missing_members(parameters, model.input_shape)
        if missing:
            raise Refused(MISSING_PARAMETER, f"Missing required parameter: {', '.join(missing)}", REQUIRED)
        wrong = violations(parameters, model.input_shape)
        if wrong:
            detected = f"{len(wrong)} validation error{'s' if len(wrong) > 1 else ''} detected: {'; '.join(wrong)}"
            raise Refused(INVALID_PARAMETER, detected, MODEL)
        try:
            return self._simulator.call(model.name, caller, parameters) or {}
        except NotSimulated as problem:
            message = f"The local AWS does not simulate {model.name} of AWS Backup."
            raise Refused(INVALID_REQUEST, message, NOT_SIMULATED) from problem
