"""What rules of EventBridge do with an event that they match: deliver, count, and keep what was not delivered (S-89 to S-91)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Mapping, Sequence

from .delivery import EVENTS, Reason, Sender, World, reason_against_service, reason_against_target
from .input_transformer import InvalidJson, payload
from .metrics import Metrics, metric, value
from .ports import Clock, Scope


@dataclass(frozen=True)
class Rule:
    """A rule of a bus, and its targets as PutTargets has them."""

    scope: Scope
    bus: str
    name: str
    arn: str
    targets: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Undelivered:
    """An event that a target did not get, and whether it is in the dead-letter queue of the target instead."""

    rule: Rule
    target: str
    reason: Reason
    event: Mapping[str, Any]
    dead_letter_queue: str | None
    dead_letter_reason: Reason | None


class Rules:
    """Delivers. `send` hands a text to a target that may have it; `send_dead_letter` puts a message into a queue.

    The last argument of `send` is how many buses the event has been sent to. It gives the reason if the target refuses the text.
    """

    def __init__(
        self,
        clock: Clock,
        world: World,
        metrics: Metrics,
        send: Callable[[Rule, Mapping[str, Any], str, Mapping[str, Any], int], Reason | None],
        send_dead_letter: Callable[[str, str, Mapping[str, str]], None],
        lost: Callable[[Undelivered], None] = lambda undelivered: None,
    ) -> None:
        self._clock = clock
        self._world = world
        self._metrics = metrics
        self._send = send
        self._send_dead_letter = send_dead_letter
        self._lost = lost

    def matched(self, rule: Rule, event: Mapping[str, Any], hops: int) -> None:
        """A rule matches an event."""
        self._count(rule, "MatchedEvents")
        self._count(rule, "TriggeredRules")
        for target in rule.targets:
            self._deliver(rule, target, event, hops)

    def _deliver(self, rule: Rule, target: Mapping[str, Any], event: Mapping[str, Any], hops: int) -> None:
        sender = Sender(EVENTS, rule.arn, rule.scope)
        origin = Scope(str(event.get("account")), str(event.get("region")))
        arn = target["Arn"]
        self._count(rule, "Invocations")
        reason = reason_against_target(self._world, sender, arn, target.get("RoleArn"), origin, hops)
        if reason is None:
            try:
                text = payload(target, event, rule.name, rule.arn, self._clock.now())
            except InvalidJson as problem:
                reason = Reason("INVALID_JSON", str(problem), "S-88")
        if reason is None:
            reason = self._send(rule, target, text, event, hops)
        if reason is None:
            return
        self._count(rule, "FailedInvocations")
        self._give_up(rule, target, reason, event, sender)

    def _give_up(self, rule: Rule, target: Mapping[str, Any], reason: Reason, event: Mapping[str, Any], sender: Sender) -> None:
        queue = (target.get("DeadLetterConfig") or {}).get("Arn")
        against: Reason | None = None
        if queue:
            against = self._reason_against_queue(sender, queue)
            if against is None:
                attributes = {
                    "RULE_ARN": rule.arn, "TARGET_ARN": target["Arn"], "ERROR_CODE": reason.code, "ERROR_MESSAGE": reason.message,
                    "RETRY_ATTEMPTS": "0",
                }  # fmt: skip
                self._send_dead_letter(queue, payload({}, event, rule.name, rule.arn, self._clock.now()), attributes)
                self._count(rule, "InvocationsSentToDlq")
            else:
                self._count(rule, "InvocationsFailedToBeSentToDlq")
        self._lost(Undelivered(rule, target["Arn"], reason, event, queue, against))

    def _reason_against_queue(self, sender: Sender, queue: str) -> Reason | None:
        found = self._world.destination(queue)
        if found is None or found.scope.region != sender.scope.region:
            return Reason("NO_RESOURCE", f"The dead-letter queue {queue} does not exist in the Region of the rule.", "S-90")
        if found.is_fifo:
            return Reason("NO_RESOURCE", f"The dead-letter queue {queue} is a FIFO queue.", "S-90")
        return reason_against_service(self._world, sender, found, "sqs:SendMessage")

    def _count(self, rule: Rule, name: str) -> None:
        """Of a rule on the default bus by its name, of others by the name of the bus as well (S-91)."""
        dimensions = {"RuleName": rule.name} if rule.bus == "default" else {"EventBusName": rule.bus, "RuleName": rule.name}
        self._metrics.put(metric(rule.scope, "AWS/Events", name, dimensions), self._clock.now(), value(1))
