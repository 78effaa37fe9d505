"""Gives ministack's requests to what answers them here."""

from __future__ import annotations

import json
from typing import Any

from backup.caller import Caller
from ministack import app
from ministack.core import iam_evaluator
from ministack.core.responses import error_response_json, get_account_id, get_region
from ministack.services import backup as ministack_backup
from service.front import Front

from emulator import permissions


def install(front: Front) -> None:
    """AWS Backup's requests go to the front, and a restore of DynamoDB is looked at for what else it needs."""

    async def answer(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        return front.answer(method, path, body, query, caller_of(headers, query))

    ministack_backup.handle_request = answer
    original = app.SERVICE_HANDLERS["dynamodb"]

    async def dynamodb(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        operation = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
        reason = _denied(f"dynamodb:{operation}", body, caller_of(headers, query))
        if reason:
            return error_response_json("AccessDeniedException", reason, 400)
        return await original(method, path, headers, body, query)

    app.SERVICE_HANDLERS["dynamodb"] = dynamodb


def caller_of(headers: Any, query: Any) -> Caller:
    """Who sends the request that is being answered."""
    return Caller(get_account_id(), get_region(), iam_evaluator.request_caller_arn(headers, query))


def caller_in_process() -> Caller:
    """Who CloudFormation acts for: the role of the stack, or the one who asked for it."""
    return Caller(get_account_id(), get_region(), iam_evaluator.caller_arn())


def _denied(operation: str, body: bytes, caller: Caller) -> str | None:
    if not any(dependent.operation == operation for dependent in permissions.DEPENDENT):
        return None
    try:
        parameters = json.loads(body or b"{}")
    except ValueError:
        return None
    return permissions.denied(operation, parameters, caller.principal_arn, caller.account, caller.region)
