"""A world without rules of its own: every role can be assumed and may do everything. For tests of time and speed."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from backup.world import Key, Organization, Resource, Snapshot

TRUST = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}]}


class OpenWorld:
    """Tables by ARN, and everything that the simulator told it."""

    def __init__(self, tables: Sequence[Resource] = ()) -> None:
        self.tables = list(tables)
        self.events: list[tuple[str, str, str, Mapping[str, Any], list[str]]] = []
        self.metrics: list[tuple[str, str, str, Mapping[str, str], float]] = []
        self.messages: list[tuple[str, str, Mapping[str, str]]] = []

    def role(self, arn: str) -> Mapping[str, Any] | None:
        return TRUST

    def decide(self, principal_arn: str, action: str, resource_arn: str, context: Mapping[str, Any]) -> bool:
        return True

    def decide_policy(self, document: Any, principal_arn: str, action: str, resource_arn: str, context: Mapping[str, Any]) -> str:
        return "Allow"

    def key(self, arn_or_alias: str, account: str, region: str) -> Key | None:
        return Key(f"arn:aws:kms:{region}:{account}:key/backup", "Enabled", None, "AWS")

    def organization(self, account: str) -> Organization | None:
        return Organization("o-a1b2c3d4e5", "111111111111", "o-a1b2c3d4e5/r-a1b2/")

    def resources(self, account: str, region: str) -> list[Resource]:
        return [table for table in self.tables if table.arn.split(":")[3:5] == [region, account]]

    def snapshot(self, arn: str) -> Snapshot | None:
        return Snapshot(None, 100, arn.split("/")[-1])

    def restore(self, snapshot: Snapshot, metadata: Mapping[str, str], account: str, region: str) -> str:
        arn = f"arn:aws:dynamodb:{region}:{account}:table/{metadata['targetTableName']}"
        self.tables.append(Resource(arn, "DynamoDB"))
        return arn

    def emit(self, account: str, region: str, detail_type: str, detail: Mapping[str, Any], resources: list[str]) -> None:
        self.events.append((account, region, detail_type, detail, resources))

    def measure(self, account: str, region: str, metric: str, dimensions: Mapping[str, str], value: float) -> None:
        self.metrics.append((account, region, metric, dimensions, value))

    def publish(
        self, topic_arn: str, subject: str, message: str, attributes: Mapping[str, str], account: str, region: str
    ) -> None:
        self.messages.append((topic_arn, message, attributes))
