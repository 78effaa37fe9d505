"""Whether an event or a message gets to where it is sent: policies, roles and keys (S-80 to S-87).

Each function gives the reason why it does not, or None. AWS tries again for 24 hours where a target is busy; where
permission is missing it does not, and only that is simulated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Protocol

from .ports import Policies, Scope

EVENTS = "events.amazonaws.com"
CLOUDWATCH = "cloudwatch.amazonaws.com"
KEY_ACTIONS = ("kms:GenerateDataKey", "kms:Decrypt")
OVER_TLS = {"aws:SecureTransport": "true"}
"""Services of AWS call each other over TLS."""


@dataclass(frozen=True)
class Reason:
    """Why something was not delivered. `code` is the ERROR_CODE of a dead letter."""

    code: str
    message: str
    statement: str


@dataclass(frozen=True)
class Key:
    """A KMS key, as `backup.world.Key`."""

    arn: str
    state: str
    policy: Mapping[str, Any] | None
    manager: str


@dataclass(frozen=True)
class Destination:
    """Where something is sent: its ARN, its policy, the key it is encrypted with (an ARN, an id or an alias)."""

    arn: str
    policy: Mapping[str, Any] | None = None
    key: str | None = None
    is_fifo: bool = False

    @property
    def scope(self) -> Scope:
        """The account and region of its ARN."""
        parts = self.arn.split(":")
        return Scope(parts[4], parts[3])


class World(Policies, Protocol):
    """What deliveries need from outside."""

    def role(self, arn: str) -> Mapping[str, Any] | None:
        """The trust policy of a role."""

    def key(self, arn_or_alias: str, account: str, region: str) -> Any:
        """A key, as seen from an account and region: something with the members of Key, or None."""

    def destination(self, arn: str) -> Destination | None:
        """The bus, log group, topic, queue or function of an ARN."""


@dataclass(frozen=True)
class Sender:
    """A rule or an alarm that sends."""

    service: str
    arn: str
    scope: Scope

    @property
    def context(self) -> dict[str, str]:
        """The condition keys that AWS fills in for it."""
        owner = {"aws:SourceOwner": self.scope.account} if self.service == CLOUDWATCH else {}
        return {**OVER_TLS, **owner, "aws:SourceArn": self.arn, "aws:SourceAccount": self.scope.account}


ACTIONS = {"events": "events:PutEvents", "lambda": "lambda:InvokeFunction", "sns": "sns:Publish", "sqs": "sqs:SendMessage"}


def reason_against_target(world: World, sender: Sender, arn: str, role: str | None, origin: Scope, hops: int) -> Reason | None:
    """Why the target of a rule does not get an event, which comes from the account and region `origin`.

    `hops` is how many buses the event has been sent to by rules.
    """
    service = arn.split(":")[2]
    if service == "events" and (reason := _reason_against_hop(sender, arn, origin, hops)):
        return reason
    found = world.destination(arn)
    if found is None:
        return Reason("NO_RESOURCE", f"The target {arn} does not exist.", "S-80")
    is_elsewhere = found.scope.region != sender.scope.region
    if service != "events" and is_elsewhere:
        return Reason("NO_RESOURCE", f"The target {arn} is in another Region than the rule.", "S-80")
    if service == "logs":
        return _reason_against_log_group(world, sender, found)
    if role is not None:
        return reason_against_role(world, sender, found, ACTIONS[service], role)
    if service == "events":
        if found.scope != sender.scope:
            return Reason("NO_PERMISSIONS", f"The target {arn} is a bus of another account or Region, and has no role.", "S-83")
        return None
    return reason_against_service(world, sender, found, ACTIONS[service])


def reason_against_service(world: World, sender: Sender, found: Destination, action: str) -> Reason | None:
    """Why a service may not send to a topic, queue or function in its own name."""
    service = sender.service
    # EventBridge fills in no source for topics and for keys: what has conditions on it does not let it in (S-86, S-87).
    context = OVER_TLS if service == EVENTS and action == "sns:Publish" else sender.context
    if found.policy is None or world.decide_policy(found.policy, service, action, found.arn, context) != "Allow":
        return Reason("NO_PERMISSIONS", f"The policy of {found.arn} does not allow {service} {action}.", "S-86")
    return reason_against_key(world, found, service, OVER_TLS if service == EVENTS else sender.context)


def reason_against_key(world: World, found: Destination, principal: str, context: Mapping[str, str]) -> Reason | None:
    """Why the key of a topic or queue can't be used by a service or a role."""
    if found.key is None:
        return None
    key = world.key(found.key, *found.scope)
    if key is None:
        return Reason("NO_PERMISSIONS", f"The key {found.key} of {found.arn} does not exist.", "S-87")
    if key.state != "Enabled":
        return Reason("NO_PERMISSIONS", f"The key of {found.arn} is {key.state}.", "S-87")
    is_role = principal.startswith("arn:")
    if is_role:
        context = {**context, **key_context(found, principal)}
    if key.manager == "AWS":
        if is_role:
            return None
        return Reason("NO_PERMISSIONS", f"{found.arn} has an AWS managed key, which {principal} can't use.", "S-87")
    for action in KEY_ACTIONS:
        allowed = world.decide_policy(key.policy or {}, principal, action, key.arn, context) == "Allow"
        if is_role:
            allowed = allowed and world.decide(principal, action, key.arn, context)
        if not allowed:
            return Reason("NO_PERMISSIONS", f"{principal} may not {action} with the key of {found.arn}.", "S-87")
    return None


def key_context(found: Destination, role: str) -> dict[str, str]:
    """What a key's policy sees when a role uses the key through a topic or a queue (S-87)."""
    service = found.arn.split(":")[2]
    return {
        "kms:ViaService": f"{service}.{found.scope.region}.amazonaws.com",
        "kms:CallerAccount": role.split(":")[4],
        f"kms:EncryptionContext:aws:{service}:{'arn' if service == 'sqs' else 'topicArn'}": found.arn,
    }


def _reason_against_hop(sender: Sender, arn: str, origin: Scope, hops: int) -> Reason | None:
    """An event is sent on to a bus once (S-82)."""
    if hops == 0:
        return None
    parts = arn.split(":")
    is_other_region = origin.region != sender.scope.region and parts[3] != sender.scope.region
    code = "THIRD_REGION_HOP_DETECTED" if is_other_region and origin.account == sender.scope.account else "THIRD_ACCOUNT_HOP_DETECTED"
    return Reason(code, f"The event came from another bus already, so it is not sent on to {arn}.", "S-82")


def reason_against_role(world: World, sender: Sender, found: Destination, action: str, role: str) -> Reason | None:
    """Why a service may not send with a role: its trust policy, its policies, the policy and the key of what it sends to."""
    trust = world.role(role)
    if trust is None or world.decide_policy(trust, sender.service, "sts:AssumeRole", role, sender.context) != "Allow":
        return Reason("FAILED_TO_ASSUME_ROLE", f"{sender.service} can't assume the role {role}.", "S-81")
    if not world.decide(role, action, found.arn, OVER_TLS):
        return Reason("NO_PERMISSIONS", f"The role {role} does not allow {action} on {found.arn}.", "S-81")
    return _reason_against_resource(world, sender, found, action, role) or reason_against_key(world, found, role, OVER_TLS)


def _reason_against_resource(world: World, sender: Sender, found: Destination, action: str, role: str) -> Reason | None:
    """The policy of a resource of another account has to let the role in; one of the same account may not keep it out."""
    verdict = "NoMatch" if found.policy is None else world.decide_policy(found.policy, role, action, found.arn, OVER_TLS)
    is_own_account = found.scope.account == sender.scope.account
    if verdict == "Deny" or (verdict != "Allow" and not is_own_account):
        statement = "S-83" if ":event-bus/" in found.arn else "S-81"
        return Reason("NO_PERMISSIONS", f"The policy of {found.arn} does not let the role {role} in.", statement)
    return None


def reason_against_bus_policy(world: World, sender: Sender, found: Destination | None, arn: str, role: str | None) -> Reason | None:
    """Why PutTargets refuses a bus of another account: it has to exist, and its policy has to let the sender in (S-84)."""
    if found is None:
        return Reason("NO_RESOURCE", f"The event bus {arn} does not exist.", "S-84")
    principal = role or f"arn:aws:iam::{sender.scope.account}:root"
    reason = _reason_against_resource(world, sender, found, "events:PutEvents", principal)
    return reason and Reason(reason.code, reason.message, "S-84")


def _reason_against_log_group(world: World, sender: Sender, found: Destination) -> Reason | None:
    """EventBridge makes a stream and writes to it, by the resource policies of CloudWatch Logs in that account and Region (S-85)."""
    if found.scope.account != sender.scope.account:
        return Reason("NO_RESOURCE", f"The log group {found.arn} is of another account.", "S-85")
    group = found.arn.removesuffix(":*")
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        resource = f"{group}:log-stream:events"
        services = (EVENTS, "delivery.logs.amazonaws.com")
        if all(world.decide_policy(found.policy or {}, service, action, resource, sender.context) != "Allow" for service in services):
            return Reason("NO_PERMISSIONS", f"No resource policy of CloudWatch Logs allows {EVENTS} {action} on {group}.", "S-85")
    if found.key is None:
        return None
    key = world.key(found.key, *found.scope)
    context = {**OVER_TLS, "kms:EncryptionContext:aws:logs:arn": group}
    logs = f"logs.{found.scope.region}.amazonaws.com"
    if key is None or key.state != "Enabled" or world.decide_policy(key.policy or {}, logs, "kms:GenerateDataKey", key.arn, context) != "Allow":
        return Reason("NO_PERMISSIONS", f"CloudWatch Logs can't use the key of {group}.", "S-85")
    return None
