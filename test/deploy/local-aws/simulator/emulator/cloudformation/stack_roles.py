"""The service role of a stack: CloudFormation acts with it, and not as the one who calls.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
"""

from __future__ import annotations

from typing import Any, Callable

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import handlers, helpers

from emulator import identities, permissions

TAKE_A_ROLE = ("CreateStack", "UpdateStack", "DeleteStack", "CreateChangeSet", "ContinueUpdateRollback", "RollbackStack")
ACT = (*TAKE_A_ROLE, "ExecuteChangeSet")

Action = Callable[[dict[str, Any]], Any]

_roles: dict[tuple[str, str, str], str] = {}
"""By account, region and name of the stack: a stack keeps the role that it was last given."""


def install() -> None:
    """Puts the role around the operations that change stacks."""
    for name in ACT:
        handlers._ACTION_HANDLERS[name] = _with_role(name, handlers._ACTION_HANDLERS[name])


def _with_role(name: str, action: Action) -> Action:
    def act(parameters: dict[str, Any]) -> Any:
        stack = (get_account_id(), get_region(), _stack_name(helpers._p(parameters, "StackName")))
        given = helpers._p(parameters, "RoleARN") if name in TAKE_A_ROLE else ""
        if given:
            refusal = _refusal(name, given)
            if refusal:
                return refusal
            _roles[stack] = given
        role = _roles.get(stack)
        if not role:
            return action(parameters)
        # The work goes on after the answer, in a copy of this context.
        before = iam_evaluator._request_caller_arn.set(_session(role))
        try:
            return action(parameters)
        finally:
            iam_evaluator._request_caller_arn.reset(before)

    return act


def _refusal(name: str, role: str) -> Any:
    """Whether CloudFormation may assume the role, and the caller may pass it."""
    trust = identities.trust_policy(role)
    service, action = "cloudformation.amazonaws.com", "sts:AssumeRole"
    if trust is None or identities.decide_policy(trust, service, action, role, {}) != "Allow":
        return helpers._error("ValidationError", f"Role {role} is invalid or cannot be assumed")
    caller = iam_evaluator.caller_arn()
    denied = permissions.denied(f"cloudformation:{name}", {"RoleARN": role}, caller, get_account_id(), get_region())
    return helpers._error("AccessDenied", denied, 403) if denied else None


def _session(role: str) -> str:
    account, name = identities.account_of(role), role.rsplit("/", 1)[-1]
    return f"arn:aws:sts::{account}:assumed-role/{name}/AWSCloudFormation"


def _stack_name(name_or_arn: str) -> str:
    return name_or_arn.split("/")[1] if name_or_arn.startswith("arn:") else name_or_arn
