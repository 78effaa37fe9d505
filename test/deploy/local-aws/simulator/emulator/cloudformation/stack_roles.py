"""The role of a stack: what CloudFormation does for it, it does with this role and not as the one who asked for it.

@see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
"""

from __future__ import annotations

import contextvars
import urllib.parse
from typing import Any

from ministack import app
from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region

_roles: dict[tuple[str, str, str], str] = {}
"""The role that a stack was last given, by account, Region and name."""

_role: contextvars.ContextVar[str | None] = contextvars.ContextVar("stack_role", default=None)


def install() -> None:
    """Looks at which role a request gives to a stack. Whatever is begun by the request runs in its context."""
    original = app.SERVICE_HANDLERS["cloudformation"]

    async def cloudformation(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        parameters = {**dict(urllib.parse.parse_qsl((body or b"").decode("utf-8", "replace"))), **{key: values[0] for key, values in (query or {}).items()}}
        stack = _name_of(parameters.get("StackName", ""))
        place = (get_account_id(), get_region(), stack)
        if stack and parameters.get("RoleARN"):
            _roles[place] = parameters["RoleARN"]
        _role.set(_roles.get(place))
        return await original(method, path, headers, body, query)

    app.SERVICE_HANDLERS["cloudformation"] = cloudformation


def principal() -> str:
    """Whose policies decide on what CloudFormation does now."""
    role = _role.get()
    if role is None:
        return iam_evaluator.caller_arn()
    account, name = role.split(":")[4], role.rsplit("/", 1)[-1]
    return f"arn:aws:sts::{account}:assumed-role/{name}/AWSCloudFormation"


def _name_of(stack: str) -> str:
    """The name of a stack that is named, or given by its ARN."""
    return stack.split("/")[1] if stack.startswith("arn:") else stack
