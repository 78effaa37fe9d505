"""Who may do what: ministack's evaluator over the roles, users and policies that exist right now."""

from __future__ import annotations

import json
from typing import Any, Mapping, Sequence

from backup.world import Document, Verdict
from ministack import app
from ministack.core import iam_evaluator
from ministack.services import iam

from emulator import decisions


def trust_policy(role_arn: str) -> Document | None:
    """The trust policy of a role, or None if there is no such role."""
    role = _record(iam._roles, role_arn)
    if role is None or role["Arn"] != role_arn:
        return None
    document: Any = role["AssumeRolePolicyDocument"]
    parsed: Document = json.loads(document) if isinstance(document, str) else document
    return parsed


def decide(principal_arn: str, action: str, resource_arn: str, context: Mapping[str, Any]) -> bool:
    """Whether the policies of a principal allow an action.

    The root of an account may do everything. A session or a user calls; without authorization callers are not asked
    for permissions. A role in its own name is one that AWS Backup assumes: its policies always count.
    """
    kind = _kind(principal_arn)
    if kind == "Root" or (kind in ("AssumedRole", "User") and not app.AUTH):
        return True
    account, name = account_of(principal_arn), _name(principal_arn)
    if kind == "User":
        policies = iam_evaluator._gather_user_policies(name, account)
        limits = iam_evaluator._permissions_boundary(iam._users, name, account)
    else:
        policies = iam_evaluator._gather_role_policies(name, account)
        limits = iam_evaluator._permissions_boundary(iam._roles, name, account)
    asked = _context(principal_arn, action, resource_arn, context)
    allowed = bool(iam_evaluator.evaluate(asked, policies, *limits).decision == "Allow")
    if not limits:
        decisions.remember("identity", asked, [decisions.document_of(statements) for statements in policies], "Allow" if allowed else "NoMatch")
    return allowed


def decide_policy(document: Document, principal_arn: str, action: str, resource_arn: str, context: Mapping[str, Any]) -> Verdict:
    """What the policy of a resource, or the trust policy of a role, says to a principal or to a service."""
    service = None if principal_arn.startswith("arn:") else principal_arn
    asked = _context(principal_arn, action, resource_arn, context)
    whole = _for_any_resource(document)
    decision = iam_evaluator.evaluate_resource_policy(whole, asked, service).decision
    verdict: Verdict = decision if decision in ("Allow", "Deny") else "NoMatch"
    decisions.remember("resource", asked, [whole], verdict)
    return verdict


def role_of(session_arn: str) -> str:
    """The ARN of the role of a session, with the path that the session's own ARN does not have."""
    account, name = account_of(session_arn), _name(session_arn)
    record = iam._roles.get_scoped(account, None, name)
    return str(record["Arn"]) if record else f"arn:aws:iam::{account}:role/{name}"


def account_of(arn: str) -> str:
    """The account in an ARN, and nothing for a service."""
    return arn.split(":")[4] if arn.startswith("arn:") and arn.count(":") >= 5 else ""


def _for_any_resource(document: Document) -> Document:
    """A trust policy has no Resource: it is about its role."""
    statements = document.get("Statement", [])
    listed: Sequence[Mapping[str, Any]] = [statements] if isinstance(statements, Mapping) else statements
    return {**document, "Statement": [{**s, "Resource": s.get("Resource", "*")} if "NotResource" not in s else s for s in listed]}


def _context(principal_arn: str, action: str, resource_arn: str, context: Mapping[str, Any]) -> iam_evaluator.EvalContext:
    region = resource_arn.split(":")[3] if resource_arn.startswith("arn:") else ""
    return iam_evaluator.EvalContext(
        principal_arn=principal_arn,
        principal_type=_kind(principal_arn),
        principal_account=account_of(principal_arn),
        action=action,
        resource_arn=resource_arn,
        region=region,
        service_context={key.lower(): value for key, value in context.items()},
    )


def _kind(principal_arn: str) -> str:
    if not principal_arn.startswith("arn:"):
        return "Service"
    if principal_arn.endswith(":root"):
        return "Root"
    if ":user/" in principal_arn:
        return "User"
    return "AssumedRole" if ":assumed-role/" in principal_arn else "Role"


def _name(principal_arn: str) -> str:
    """The name of the role or user: the session's role, or what follows the path."""
    if ":assumed-role/" in principal_arn:
        return principal_arn.split("/")[1]
    return principal_arn.rsplit("/", 1)[-1]


def _record(store: Any, arn: str) -> Any:
    return store.get_scoped(account_of(arn), None, _name(arn)) if arn.startswith("arn:") else None
