"""What the core needs from outside. The emulator implements it; the tests have a small one of their own.

The core calls these functions while it holds the clock's lock. An implementation must not wait for
anything that calls the simulator from another thread: `emit`, `measure` and `publish` hand over and return.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Mapping, Protocol

Verdict = Literal["Allow", "Deny", "NoMatch"]
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Key:
    """A KMS key. `state` is KMS's KeyState (Enabled, Disabled, PendingDeletion, ...)."""

    arn: str
    state: str
    policy: Document | None
    manager: Literal["AWS", "CUSTOMER"]


@dataclass(frozen=True)
class Organization:
    """The organization that an account is in. `path` is the account's own, as in aws:PrincipalOrgPaths."""

    id: str
    management_account: str
    path: str


@dataclass(frozen=True)
class Resource:
    """Something that AWS Backup can back up. `type` is AWS Backup's name of its type, for example DynamoDB.

    `key_arn` is the customer managed key that it is encrypted with, if any.
    """

    arn: str
    type: str
    tags: Mapping[str, str] = field(default_factory=dict)
    key_arn: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """The content of a resource at a moment. Only the world that made it looks into `payload`."""

    payload: Any
    size_in_bytes: int
    name: str


class World(Protocol):
    """The accounts around AWS Backup: identities, keys, resources, and where events and metrics go."""

    def role(self, arn: str) -> Document | None:
        """The trust policy of a role, None if there is no such role."""

    def decide(self, principal_arn: str, action: str, resource_arn: str, context: Mapping[str, Any]) -> bool:
        """Whether the principal's identity policies allow it. The root of an account, and callers in a world
        that does not enforce permissions of callers, are allowed everything."""

    def decide_policy(
        self, document: Document, principal_arn: str, action: str, resource_arn: str, context: Mapping[str, Any]
    ) -> Verdict:
        """What a resource's policy says. The world adds the keys that follow from the principal (aws:PrincipalArn,
        aws:PrincipalAccount, aws:PrincipalOrgID, kms:CallerAccount, ...); a principal that is the root of an account
        stands for all in it.
        `principal_arn` may also be a service ("backup.amazonaws.com") where a trust policy or a topic's policy is asked."""

    def key(self, arn_or_alias: str, account: str, region: str) -> Key | None:
        """The key of an ARN, of a key id or of an alias ("alias/aws/backup") as seen from an account and region."""

    def organization(self, account: str) -> Organization | None:
        """The organization that an account is in, None if it is in none."""

    def resources(self, account: str, region: str) -> list[Resource]:
        """Everything in an account and region that AWS Backup can back up, with its tags as they are now."""

    def snapshot(self, arn: str) -> Snapshot | None:
        """The content of a resource now, None if there is no such resource."""

    def restore(self, snapshot: Snapshot, metadata: Mapping[str, str], account: str, region: str) -> str:
        """Makes a new resource of a snapshot and gives its ARN. Raises errors.Failed if that can't be done."""

    def emit(self, account: str, region: str, detail_type: str, detail: Mapping[str, Any], resources: list[str]) -> None:
        """An event of source aws.backup on the account's default bus."""

    def measure(self, account: str, region: str, metric: str, dimensions: Mapping[str, str], value: float) -> None:
        """A value of a metric in the namespace AWS/Backup, at the simulated time."""

    def publish(
        self, topic_arn: str, subject: str, message: str, attributes: Mapping[str, str], account: str, region: str
    ) -> None:
        """A message of AWS Backup to a topic, if the topic's policy lets it."""
