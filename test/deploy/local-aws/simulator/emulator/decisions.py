"""What was decided by policies, so that another evaluator can be asked the same.

Kept are the first decisions of each principal, action and resource. Tests compare them with a program that knows nothing of ministack.
"""

from __future__ import annotations

import threading
from typing import Any, Mapping, Sequence

KEPT = 2_000
"""How many decisions are kept."""

_lock = threading.Lock()
_decisions: dict[tuple[str, ...], dict[str, Any]] = {}


def remember(kind: str, asked: Any, documents: Sequence[Mapping[str, Any]], verdict: str) -> None:
    """Keeps a decision of `identity` policies, or of the policy of a `resource`."""
    key = (kind, asked.principal_arn, asked.action, asked.resource_arn, verdict)
    if key in _decisions or len(_decisions) >= KEPT:
        return
    with _lock:
        _decisions[key] = {
            "kind": kind,
            "principal": asked.principal_arn,
            "action": asked.action,
            "resource": asked.resource_arn,
            "context": dict(asked.service_context),
            "policies": list(documents),
            "verdict": verdict,
        }


def entries() -> list[dict[str, Any]]:
    """The decisions, the oldest first."""
    with _lock:
        return list(_decisions.values())


def document_of(statements: Sequence[Any]) -> dict[str, Any]:
    """A policy of statements that ministack has parsed."""
    members = {"Action": "actions", "NotAction": "not_actions", "Resource": "resources", "NotResource": "not_resources", "Condition": "conditions"}
    written = [
        {"Effect": statement.effect, **{name: getattr(statement, member) for name, member in members.items() if getattr(statement, member)}}
        for statement in statements
    ]
    return {"Version": "2012-10-17", "Statement": written}
