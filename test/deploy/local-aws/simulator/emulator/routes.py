"""Gives ministack's requests to what answers them here."""

from __future__ import annotations

import json
from typing import Any

from backup.caller import Caller
from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import error_response_json, get_account_id, get_region
from ministack.services import backup as ministack_backup
from service.front import Front

from emulator import permissions


def install(front: Front) -> None:
    """AWS Backup's requests go to the front, and those of some other services are looked at for what else they need."""

    async def answer(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        return front.answer(method, path, body, query, caller_of(headers, query))

    ministack_backup.handle_request = answer
    for service in ("dynamodb", "events", "scheduler", "ssm"):
        app.SERVICE_HANDLERS[service] = _guarded(service, app.SERVICE_HANDLERS[service])


def _guarded(service: str, original: Any) -> Any:
    async def guarded(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        operation = iam_actions.extract_iam_action(service, method, path, headers, body, query)
        reason = _denied(operation or "", body, caller_of(headers, query))
        if reason:
            return error_response_json("AccessDeniedException", reason, 400)
        return await original(method, path, headers, body, query)

    return guarded


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
