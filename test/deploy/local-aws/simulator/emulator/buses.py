"""EventBridge: ministack keeps buses, rules and targets and matches events; what happens with them is decided by `signals`."""

from __future__ import annotations

import functools
import json
from typing import Any, Mapping

from backup.clock import Clock
from ministack.core.responses import error_response_json, get_account_id, get_region, request_scope
from ministack.services import cloudwatch_logs, eventbridge, sns
from signals.delivery import Destination, Reason, Sender, reason_against_bus_policy
from signals.metrics import Metrics
from signals.ports import Scope
from signals.rules import Rule, Rules, Undelivered as Lost

from emulator.destinations import Destinations
from emulator.queues import LocalQueues
from emulator.undelivered import Undelivered

DELIVERED_TO = ("ecs", "events", "lambda", "logs", "sns", "sqs")
"""Services that a target may be of. A target that is a cluster gets nothing: no tasks run (E-51)."""

ENABLED = ("ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")
LOG_STREAM = "events"
HOPS = "_Hops"


class LocalBuses:
    """Gives events to rules, and what rules send to their targets."""

    def __init__(
        self, clock: Clock, metrics: Metrics, destinations: Destinations, queues: LocalQueues, undelivered: Undelivered
    ) -> None:
        self._clock = clock
        self._destinations = destinations
        self._queues = queues
        self._undelivered = undelivered
        self._rules = Rules(clock, destinations, metrics, self._send, self._send_dead_letter, self._lost)

    def install(self) -> None:
        """Events take their way through here."""
        validate = eventbridge._validate_target_arn

        def validated(target: Mapping[str, Any]) -> Any:
            return validate(target) or self._refusal(target)

        eventbridge._dispatch_event = self.dispatch
        eventbridge._validate_target_arn = validated
        eventbridge._now_ts = self._clock.now

    def dispatch(self, event: Mapping[str, Any], view: Any = None) -> None:
        """Gives an event to the rules of its bus in the account and region that are being served."""
        scope, bus = Scope(get_account_id(), get_region()), event.get("EventBusName", "default")
        view = view or eventbridge._pattern_event_view(event)
        source, detail_type = event.get("Source"), event.get("DetailType")
        for pattern, rule in self._destinations.remembered(
            ("rules", scope, bus, source, detail_type), lambda: _rules_for(scope, bus, source, detail_type)
        ):
            if eventbridge._matches_pattern_view(pattern, view, f"rule {rule.name}"):
                self._rules.matched(rule, view.event_with_detail(), int(event.get(HOPS, 0)))

    def _refusal(self, target: Mapping[str, Any]) -> Any:
        """Why PutTargets refuses a target that ministack takes: a service that is not simulated, or a bus that is closed."""
        arn = target["Arn"]
        service = arn.split(":")[2]
        if service not in DELIVERED_TO or (service == "events" and ":event-bus/" not in arn):
            return error_response_json("ValidationException", f"The local AWS does not deliver events to {arn}.", 400)
        if service != "events" or arn.split(":")[4] == get_account_id():
            return None
        found: Destination | None = self._destinations.destination(arn)
        sender = Sender("events.amazonaws.com", "", Scope(get_account_id(), get_region()))
        reason = reason_against_bus_policy(self._destinations, sender, found, arn, target.get("RoleArn"))
        return error_response_json("AccessDeniedException", f"{reason.message} [{reason.statement}]", 400) if reason else None

    def _send(self, rule: Rule, target: Mapping[str, Any], text: str, event: Mapping[str, Any], hops: int) -> Reason | None:
        arn = target["Arn"]
        parts = arn.split(":", 5)
        with request_scope(parts[4], parts[3]):
            if parts[2] == "events":
                self.dispatch(_record_of(event, parts[5].removeprefix("event-bus/"), hops + 1))
            elif parts[2] == "logs":
                self._log(parts[5].removeprefix("log-group:").removesuffix(":*"), text)
            elif parts[2] == "sns":
                try:
                    sns.publish_internal(arn, text)
                except sns.SnsPublishError as problem:
                    return Reason("ERROR_FROM_TARGET", str(problem), "S-80")
            elif parts[2] == "sqs":
                reason = self._queues.put(arn, text, {}, target.get("SqsParameters") or {})
                return reason and Reason("ERROR_FROM_TARGET", reason.message, reason.statement)
            else:
                eventbridge._dispatch_to_lambda(arn, text)
        return None

    def _log(self, group: str, text: str) -> None:
        now = int(self._clock.now() * 1000)
        cloudwatch_logs._create_log_stream({"logGroupName": group, "logStreamName": LOG_STREAM})
        event = {"timestamp": now, "message": text}
        cloudwatch_logs._put_log_events({"logGroupName": group, "logStreamName": LOG_STREAM, "logEvents": [event]})

    def _send_dead_letter(self, queue: str, text: str, attributes: Mapping[str, str]) -> None:
        parts = queue.split(":", 5)
        with request_scope(parts[4], parts[3]):
            self._queues.put(queue, text, attributes, {})

    def _lost(self, lost: Lost) -> None:
        where = f"in {lost.dead_letter_queue}" if lost.dead_letter_queue and lost.dead_letter_reason is None else "nowhere"
        reason = f"{lost.reason.code}: {lost.reason.message} [{lost.reason.statement}]"
        if lost.dead_letter_reason:
            reason += f" Dead-letter queue: {lost.dead_letter_reason.message} [{lost.dead_letter_reason.statement}]"
        scope = lost.rule.scope
        content = {"rule": lost.rule.arn, "kept": where, "event": dict(lost.event)}
        self._undelivered.add(scope.account, scope.region, lost.target, reason, content)


def _rules_for(scope: Scope, bus: str, source: Any, detail_type: Any) -> list[tuple[str, Rule]]:
    """The enabled rules of a bus whose pattern may match events of a source and a type."""
    found = []
    for key, record in eventbridge._rules.items_scoped(*scope):
        if record.get("EventBusName", "default") != bus or record.get("State") not in ENABLED or not record.get("EventPattern"):
            continue
        sources, detail_types = _values_wanted(record["EventPattern"])
        if (sources is None or source in sources) and (detail_types is None or detail_type in detail_types):
            targets = [target for target in eventbridge._targets.get_scoped(*scope, key) or [] if ":ecs:" not in target["Arn"]]
            found.append((record["EventPattern"], Rule(scope, bus, record["Name"], record["Arn"], targets)))
    return found


@functools.lru_cache(maxsize=1024)
def _values_wanted(pattern: str) -> tuple[frozenset[str] | None, ...]:
    """The sources and the types that a pattern can match at all, None where that is not a list of texts: most rules are out by this."""
    content = json.loads(pattern)
    return tuple(_texts_wanted(content, name) if isinstance(content, dict) else None for name in ("source", "detail-type"))


def _texts_wanted(content: Mapping[str, Any], name: str) -> frozenset[str] | None:
    """The texts of a member of a pattern; if only the branches of $or have it, those of all of them."""
    values = content.get(name)
    if values is None and isinstance(content.get("$or"), list):
        of_branches = [_texts_wanted(branch, name) if isinstance(branch, dict) else None for branch in content["$or"]]
        return None if None in of_branches else frozenset().union(*[texts for texts in of_branches if texts])
    return frozenset(values) if isinstance(values, list) and all(isinstance(value, str) for value in values) else None


def _record_of(event: Mapping[str, Any], bus: str, hops: int) -> dict[str, Any]:
    """ministack's record of an event that is sent on: account and region stay those of the sender."""
    return {
        "EventId": event["id"],
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event.get("detail", {})),
        "EventBusName": bus,
        "Time": event["time"],
        "Resources": list(event.get("resources") or []),
        "Account": event["account"],
        "Region": event["region"],
        HOPS: hops,
    }
