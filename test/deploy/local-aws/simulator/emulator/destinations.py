"""Where events and messages of alarms can go, with the policies and keys that ministack has for them."""

from __future__ import annotations

import json
import time
from typing import Any, Callable, Mapping, TypeVar

from backup.world import Key, World
from ministack.core.responses import request_scope
from ministack.services import cloudwatch_logs, eventbridge, lambda_svc, sns, sqs
from signals.delivery import Destination
from signals.ports import Scope


Answer = TypeVar("Answer")

REMEMBERED_SECONDS = 0.25
"""How long an answer is used again, in real time. A request that changes something ends it at once."""


class Destinations:
    """Looks up by ARN; who may do what is decided by the world of the simulated AWS Backup.

    Many days pass within a second, with the same questions for each event: so answers are remembered for a moment.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._find = {"events": _bus, "lambda": _function, "logs": _log_group, "sns": _topic, "sqs": _queue}
        self._answers: dict[tuple[Any, ...], Any] = {}
        self._until = 0.0

    def forget(self) -> None:
        """Something may have changed."""
        self._answers = {}

    def role(self, arn: str) -> Mapping[str, Any] | None:
        """The trust policy of a role."""
        return self.remembered(("role", arn), lambda: self._world.role(arn))

    def decide(self, principal_arn: str, action: str, resource_arn: str, context: Mapping[str, Any]) -> bool:
        """Whether the policies of a role allow it."""
        asked = ("decide", principal_arn, action, resource_arn, tuple(sorted(context.items())))
        return self.remembered(asked, lambda: self._world.decide(principal_arn, action, resource_arn, context))

    def decide_policy(
        self, document: Mapping[str, Any], principal_arn: str, action: str, resource_arn: str, context: Mapping[str, Any]
    ) -> str:
        """What the policy of a resource says. A remembered document is always the same object."""
        asked = ("policy", id(document), principal_arn, action, resource_arn, tuple(sorted(context.items())))
        answer, _ = self.remembered(
            asked, lambda: (self._world.decide_policy(document, principal_arn, action, resource_arn, context), document)
        )
        return answer

    def key(self, arn_or_alias: str, account: str, region: str) -> Key | None:
        """A KMS key."""
        return self.remembered(("key", arn_or_alias, account, region), lambda: self._world.key(arn_or_alias, account, region))

    def destination(self, arn: str) -> Destination | None:
        """The bus, log group, topic, queue or function of an ARN."""
        return self.remembered(("destination", arn), lambda: self._destination(arn))

    def remembered(self, asked: tuple[Any, ...], answer: Callable[[], Answer]) -> Answer:
        """The answer to a question, which is answered once."""
        now = time.monotonic()
        if now > self._until:
            self._answers = {}
            self._until = now + REMEMBERED_SECONDS
        answers = self._answers
        if asked not in answers:
            answers[asked] = answer()
        known: Answer = answers[asked]
        return known

    def _destination(self, arn: str) -> Destination | None:
        parts = arn.split(":", 5)
        find = self._find.get(parts[2]) if len(parts) == 6 else None
        if find is None:
            return None
        with request_scope(parts[4], parts[3]):
            return find(arn, Scope(parts[4], parts[3]), parts[5])


def _bus(arn: str, scope: Scope, resource: str) -> Destination | None:
    name = resource.removeprefix("event-bus/")
    if name == "default":
        eventbridge._ensure_default_bus()
    return Destination(arn, _document(eventbridge._event_bus_policies.get(name))) if name in eventbridge._event_buses else None


def _log_group(arn: str, scope: Scope, resource: str) -> Destination | None:
    """A log group, with the statements of all resource policies of CloudWatch Logs in its account and Region."""
    name = resource.removeprefix("log-group:").removesuffix(":*")
    group = cloudwatch_logs._log_groups.get(name)
    if group is None:
        return None
    statements: list[Any] = []
    for policy in cloudwatch_logs._resource_policies.values():
        found = (_document(policy.get("policyDocument")) or {}).get("Statement", [])
        statements += found if isinstance(found, list) else [found]
    return Destination(f"arn:aws:logs:{scope.region}:{scope.account}:log-group:{name}", {"Statement": statements}, group.get("kmsKeyId"))


def _topic(arn: str, scope: Scope, resource: str) -> Destination | None:
    topic = sns._topics.get(arn)
    if topic is None:
        return None
    attributes = topic["attributes"]
    policy = _document(attributes.get("Policy"))
    if policy and policy.get("Id") == "__default_policy_ID":
        # AWS's default lets in what the account itself sends; the one that ministack makes lets in everybody.
        own = {"StringEquals": {"AWS:SourceOwner": scope.account}}
        policy = {**policy, "Statement": [{**statement, "Condition": own} for statement in policy["Statement"]]}
    return Destination(arn, policy, attributes.get("KmsMasterKeyId") or None, resource.endswith(".fifo"))


def _queue(arn: str, scope: Scope, resource: str) -> Destination | None:
    queue = sqs._queue_by_arn(arn)
    if queue is None:
        return None
    attributes = queue["attributes"]
    return Destination(arn, _document(attributes.get("Policy")), attributes.get("KmsMasterKeyId") or None, bool(queue.get("is_fifo")))


def _function(arn: str, scope: Scope, resource: str) -> Destination | None:
    record, _, _ = lambda_svc._get_base_func_record_for_ref(arn)
    return Destination(arn, _document(record.get("policy"))) if record else None


def _document(policy: Any) -> Mapping[str, Any] | None:
    return json.loads(policy) if isinstance(policy, str) and policy else policy or None
