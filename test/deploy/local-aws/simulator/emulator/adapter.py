"""The world of the simulated AWS Backup, over ministack. Nothing but this class stands between the two.

To move the simulator to another emulator, write these functions again.
"""

from __future__ import annotations

import json
from typing import Any, Mapping

from backup.clock import Clock
from backup.world import Document, Key, Organization, Resource, Snapshot, Verdict
from ministack.core.responses import request_scope
from ministack.services import cloudwatch, sns

from emulator import identities, keys, service_events, tables
from emulator.organization import LocalOrganization
from emulator.undelivered import Undelivered

RESTORE_FAILS = "B-215"
"""The statement of a restore that fails because the emulator refuses to make the table: it exists."""


class MinistackWorld:
    """The accounts of ministack, as `backup.world.World` wants them."""

    def __init__(self, clock: Clock, organization: LocalOrganization, undelivered: Undelivered) -> None:
        self._clock = clock
        self._organization = organization
        self._undelivered = undelivered

    def role(self, arn: str) -> Document | None:
        """The trust policy of a role."""
        return identities.trust_policy(arn)

    def decide(self, principal_arn: str, action: str, resource_arn: str, context: Mapping[str, Any]) -> bool:
        """Whether the principal's policies allow it."""
        return identities.decide(principal_arn, action, resource_arn, context)

    def decide_policy(
        self, document: Document, principal_arn: str, action: str, resource_arn: str, context: Mapping[str, Any]
    ) -> Verdict:
        """What a resource's policy says to a principal or a service."""
        return identities.decide_policy(document, principal_arn, action, resource_arn, context)

    def key(self, arn_or_alias: str, account: str, region: str) -> Key | None:
        """A KMS key."""
        return keys.find_key(arn_or_alias, account, region)

    def organization(self, account: str) -> Organization | None:
        """The organization of an account."""
        return self._organization.of(account)

    def resources(self, account: str, region: str) -> list[Resource]:
        """What AWS Backup can back up. The local AWS backs up DynamoDB tables and nothing else."""
        return tables.find_tables(account, region)

    def snapshot(self, arn: str) -> Snapshot | None:
        """The content of a resource now."""
        return tables.snapshot_table(arn)

    def restore(self, snapshot: Snapshot, metadata: Mapping[str, str], account: str, region: str) -> str:
        """A new resource of a snapshot."""
        return tables.restore_table(snapshot, metadata, account, region, RESTORE_FAILS)

    def emit(self, account: str, region: str, detail_type: str, detail: Mapping[str, Any], resources: list[str]) -> None:
        """An event of AWS Backup on the account's default bus, at the simulated time."""
        service_events.emit(self._clock.now(), account, region, "aws.backup", detail_type, detail, resources)

    def measure(self, account: str, region: str, metric: str, dimensions: Mapping[str, str], value: float) -> None:
        """A value of a metric of AWS Backup, at the simulated time."""
        with request_scope(account, region):
            cloudwatch._store_datum("AWS/Backup", metric, dict(dimensions), self._clock.now(), "Count", value, None, None, None)

    def publish(
        self, topic_arn: str, subject: str, message: str, attributes: Mapping[str, str], account: str, region: str
    ) -> None:
        """A message of AWS Backup to a topic, if the topic's policy lets AWS Backup publish."""
        with request_scope(account, region):
            found = sns.topic_policy_for_arn(topic_arn)
            policy = json.loads(found[0]) if found and found[0] else {}
            context = {"aws:SourceAccount": account}
            if self.decide_policy(policy, "backup.amazonaws.com", "sns:Publish", topic_arn, context) != "Allow":
                self._undelivered.add(account, region, topic_arn, "The topic does not exist, or its policy does not let AWS Backup publish.", message)
                return
            values = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
            sns.publish_internal(topic_arn, message, subject, message_attributes=values)
