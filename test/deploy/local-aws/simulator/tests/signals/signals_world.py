"""A small world with a small evaluator of policies, so that these tests need no emulator."""

from __future__ import annotations

import fnmatch
from typing import Any, Mapping

from signals.delivery import Destination, Key

ORGANIZATIONS = {"111111111111": "o-one", "222222222222": "o-one", "333333333333": "o-one", "444444444444": "o-other"}


def allow(action: str, principal: Any, condition: Mapping[str, Any] | None = None) -> dict:
    """A policy of one statement."""
    statement = {"Effect": "Allow", "Action": action, "Principal": principal, "Resource": "*"}
    return {"Statement": [statement | ({"Condition": condition} if condition else {})]}


def service(name: str) -> dict:
    """A service as principal."""
    return {"Service": name}


class SmallWorld:
    """Roles, keys and destinations by their ARNs."""

    def __init__(self) -> None:
        self.trust: dict[str, dict] = {}
        self.permissions: dict[str, list[tuple[str, str]]] = {}
        self.keys: dict[str, Key] = {}
        self.destinations: dict[str, Destination] = {}

    def role(self, arn: str) -> dict | None:
        return self.trust.get(arn)

    def key(self, arn_or_alias: str, account: str, region: str) -> Key | None:
        return self.keys.get(arn_or_alias)

    def destination(self, arn: str) -> Destination | None:
        return self.destinations.get(arn)

    def decide(self, principal_arn: str, action: str, resource_arn: str, context: Mapping[str, Any]) -> bool:
        return any(
            fnmatch.fnmatchcase(action, allowed) and fnmatch.fnmatchcase(resource_arn, on)
            for allowed, on in self.permissions.get(principal_arn, [])
        )

    def decide_policy(
        self, document: Mapping[str, Any], principal_arn: str, action: str, resource_arn: str, context: Mapping[str, Any]
    ) -> str:
        account = principal_arn.split(":")[4] if principal_arn.startswith("arn:") else None
        known = {**context, "aws:PrincipalAccount": account, "aws:PrincipalOrgID": ORGANIZATIONS.get(account or "")}
        effects = [
            statement["Effect"]
            for statement in document.get("Statement", [])
            if fnmatch.fnmatchcase(action, statement["Action"])
            and _is_named(statement["Principal"], principal_arn, account)
            and _is_met(statement.get("Condition", {}), known)
        ]
        return "Deny" if "Deny" in effects else "Allow" if "Allow" in effects else "NoMatch"


def _is_named(principal: Any, arn: str, account: str | None) -> bool:
    if principal == "*":
        return True
    if account is None:
        return arn in principal.get("Service", [])
    return principal.get("AWS") in ("*", arn, f"arn:aws:iam::{account}:root")


def _is_met(condition: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    for operator, keys in condition.items():
        for key, wanted in keys.items():
            value = known.get(key)
            if value is None:
                return False
            values = wanted if isinstance(wanted, list) else [wanted]
            matches = fnmatch.fnmatchcase if operator == "ArnLike" else lambda one, other: one == other
            if not any(matches(value, one) for one in values):
                return False
    return True
