"""The world of the tests of rules: accounts with roles, keys, tables and an organization, and a small evaluator of policies.

It is written from docs/aws-behaviour.md and shares nothing with the emulator's world.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any, Mapping, Sequence

from backup.errors import Failed
from backup.world import Key, Organization, Resource, Snapshot

Statement = dict[str, Any]
BACKUP_MAY_ASSUME = {
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}]
}
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def account_of(arn: str) -> str:
    return arn.split(":")[4] if arn.startswith("arn:") else ""


def condition_met(operator: str, wanted: Any, given: Any) -> bool:
    """One condition: `given` is None if the request has no such key."""
    quantifier, _, plain = operator.rpartition(":")
    if plain == "Null":
        return (given is None) == (str(listed(wanted)[0]).lower() == "true")
    values = [] if given is None else [str(value).lower() if isinstance(value, bool) else str(value) for value in listed(given)]
    texts = [str(value).lower() if isinstance(value, bool) else str(value) for value in listed(wanted)]
    negated = "Not" in plain
    like = plain.endswith("Like") or plain.startswith("Arn")

    def equal(value: str) -> bool:
        return any(fnmatchcase(value, text) if like else value == text for text in texts)

    if not values:
        return negated or quantifier == "ForAllValues"
    if quantifier == "ForAllValues":
        return all(equal(value) != negated for value in values)
    if quantifier == "ForAnyValue":
        return any(equal(value) != negated for value in values)
    return all(equal(value) != negated for value in values)


def concerns(statement: Statement, action: str, resource_arn: str, context: Mapping[str, Any]) -> bool:
    """Whether action, resource and conditions of a statement match."""
    actions = [text.lower() for text in listed(statement["Action"])]
    if not any(fnmatchcase(action.lower(), text) for text in actions):
        return False
    if not any(fnmatchcase(resource_arn, text) for text in listed(statement.get("Resource", "*"))):
        return False
    keys = {key.lower(): value for key, value in context.items()}
    return all(
        condition_met(operator, wanted, keys.get(key.lower()))
        for operator, pairs in statement.get("Condition", {}).items()
        for key, wanted in pairs.items()
    )


def names(statement: Statement, principal_arn: str) -> bool:
    """Whether the Principal of a statement names the principal, its account or everybody."""
    principal = statement["Principal"]
    if principal == "*":
        return True
    if "AWS" in principal:
        for entry in listed(principal["AWS"]):
            if entry in ("*", principal_arn) or entry in (
                f"arn:aws:iam::{account_of(principal_arn)}:root",
                account_of(principal_arn),
            ):
                return True
    return principal_arn in listed(principal.get("Service", []))


class RulesWorld:
    """Roles, keys, organizations and tables by ARN, and everything that the simulator told it."""

    def __init__(self) -> None:
        self.trusts: dict[str, Mapping[str, Any]] = {}
        self.identities: dict[str, list[Statement]] = {}
        self.keys: dict[str, Key] = {}
        self.organizations: dict[str, Organization] = {}
        self.tables: dict[str, Resource] = {}
        self.contents: dict[str, Any] = {}
        self.restored: list[tuple[Snapshot, Mapping[str, str], str, str]] = []
        self.asked: list[tuple[str, str, str, Mapping[str, Any]]] = []
        self.asked_policies: list[tuple[str, str, str, Mapping[str, Any]]] = []
        self.events: list[tuple[str, str, str, Mapping[str, Any], list[str]]] = []
        self.metrics: list[tuple[str, str, str, Mapping[str, str], float]] = []
        self.messages: list[tuple[str, str, str, Mapping[str, str]]] = []

    def role(self, arn: str) -> Mapping[str, Any] | None:
        return self.trusts.get(arn)

    def decide(self, principal_arn: str, action: str, resource_arn: str, context: Mapping[str, Any]) -> bool:
        self.asked.append((principal_arn, action, resource_arn, context))
        if ":role/" in principal_arn and principal_arn not in self.trusts:
            return False
        statements = self.identities.get(principal_arn, [EVERYTHING])
        matching = [statement["Effect"] for statement in statements if concerns(statement, action, resource_arn, context)]
        return "Allow" in matching and "Deny" not in matching

    def decide_policy(self, document: Any, principal_arn: str, action: str, resource_arn: str, context: Mapping[str, Any]) -> str:
        self.asked_policies.append((principal_arn, action, resource_arn, context))
        organization = self.organizations.get(account_of(principal_arn))
        known = dict(context)
        if principal_arn.startswith("arn:"):
            account = account_of(principal_arn)
            known |= {"aws:PrincipalArn": principal_arn, "aws:PrincipalAccount": account, "kms:CallerAccount": account}
        if organization:
            known["aws:PrincipalOrgID"] = organization.id
        effects = [
            statement["Effect"]
            for statement in document["Statement"]
            if names(statement, principal_arn) and concerns(statement, action, resource_arn, known)
        ]
        return "Deny" if "Deny" in effects else "Allow" if "Allow" in effects else "NoMatch"

    def key(self, arn_or_alias: str, account: str, region: str) -> Key | None:
        if arn_or_alias.startswith("alias/aws/"):
            return Key(f"arn:aws:kms:{region}:{account}:key/{arn_or_alias[6:]}", "Enabled", None, "AWS")
        if ":key/aws/" in arn_or_alias:
            return Key(arn_or_alias, "Enabled", None, "AWS")
        return self.keys.get(arn_or_alias)

    def organization(self, account: str) -> Organization | None:
        return self.organizations.get(account)

    def resources(self, account: str, region: str) -> list[Resource]:
        return [table for table in self.tables.values() if account_and_region(table.arn) in ((account, region), ("", ""))]

    def snapshot(self, arn: str) -> Snapshot | None:
        if arn not in self.tables:
            return None
        return Snapshot(self.contents.get(arn), 100, arn.split("/")[-1].split(":")[-1])

    def restore(self, snapshot: Snapshot, metadata: Mapping[str, str], account: str, region: str) -> str:
        name = {key.lower(): value for key, value in metadata.items()}["targettablename"]
        arn = f"arn:aws:dynamodb:{region}:{account}:table/{name}"
        if arn in self.tables:
            raise Failed(f"Table already exists: {name}", "DynamoDB")
        self.restored.append((snapshot, metadata, account, region))
        self.tables[arn] = Resource(arn, "DynamoDB")
        return arn

    def emit(self, account: str, region: str, detail_type: str, detail: Mapping[str, Any], resources: list[str]) -> None:
        self.events.append((account, region, detail_type, detail, resources))

    def measure(self, account: str, region: str, metric: str, dimensions: Mapping[str, str], value: float) -> None:
        self.metrics.append((account, region, metric, dimensions, value))

    def publish(
        self, topic_arn: str, subject: str, message: str, attributes: Mapping[str, str], account: str, region: str
    ) -> None:
        self.messages.append((topic_arn, subject, message, attributes))

    def without(self, principal_arn: str, *actions: str, resource: str = "*") -> None:
        """Takes actions from a role or a caller that may do everything else."""
        self.identities[principal_arn] = [EVERYTHING, {"Effect": "Deny", "Action": list(actions), "Resource": resource}]

    def delete_role(self, arn: str) -> None:
        del self.trusts[arn]


def account_and_region(arn: str) -> tuple[str, str]:
    parts: Sequence[str] = arn.split(":")
    return parts[4], parts[3]
