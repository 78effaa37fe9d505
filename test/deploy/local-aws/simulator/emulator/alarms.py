"""Alarms of ministack's CloudWatch, evaluated by `signals`: ministack keeps the records and answers the API."""

from __future__ import annotations

import json
from typing import Any, Mapping

from backup.clock import Clock
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import cloudwatch, sns
from signals.alarm_definition import read_definition
from signals.alarm_rule import AlarmRule
from signals.alarms import Alarms, Change, CompositeAlarm
from signals.delivery import Reason
from signals.metrics import Metrics
from signals.notification import actions_of, message_of, reason_against_action, subject_of
from signals.ports import Scope
from signals.rejected import NotSimulated, Rejected

from emulator.destinations import Destinations
from emulator.undelivered import Undelivered

HISTORY_SECONDS = 30 * 24 * 3600
"""How long the history of alarms is kept."""

DROPPED_BY_MINISTACK = ("Metrics", "WarmUpConfiguration", "EvaluationWindow")
OF_ONE_METRIC = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions", "Unit")
SUPPRESSORS = ("ActionsSuppressor", "ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")


class LocalAlarms:
    """Keeps ministack's records and the evaluated alarms in step."""

    def __init__(self, clock: Clock, metrics: Metrics, destinations: Destinations, undelivered: Undelivered) -> None:
        self._clock = clock
        self._destinations = destinations
        self._undelivered = undelivered
        self.alarms = Alarms(clock, metrics, self._changed)
        self._dropped: dict[str, Any] = {}

    def install(self) -> None:
        """ministack evaluates nothing any more."""
        cloudwatch._evaluate_alarm = self._put
        cloudwatch._evaluate_parent_alarms = lambda *_: None
        cloudwatch._transition_composite = lambda *_: None
        cloudwatch._dispatch_alarm_actions = lambda *_: None
        cloudwatch._record_history = lambda *_: None
        self._wrap_requests()
        self._wrap_deletion()

    # Requests

    def _wrap_requests(self) -> None:
        put_metric, put_composite, set_state = cloudwatch._put_metric_alarm, cloudwatch._put_composite_alarm, cloudwatch._set_alarm_state

        def metric_alarm(params: Any, content: Any, is_cbor: bool, is_json: bool = False) -> Any:
            if not is_cbor and not is_json:
                if any(name.startswith(("Metrics.", "WarmUpConfiguration.", "EvaluationWindow.")) for name in params):
                    return _refusal(NotSimulated("The local AWS takes this alarm as JSON or CBOR only."), is_cbor, is_json)
                return put_metric(params, content, is_cbor, is_json)
            try:
                read_definition(_scope(), content)
            except (Rejected, NotSimulated) as problem:
                return _refusal(problem, is_cbor, is_json)
            self._dropped = {name: content[name] for name in DROPPED_BY_MINISTACK if name in content}
            try:
                return put_metric(params, content, is_cbor, is_json)
            finally:
                self._dropped = {}

        def composite_alarm(params: Any, content: Any, is_cbor: bool, is_json: bool = False) -> Any:
            request = content if is_cbor or is_json else {name: cloudwatch._p(params, name) for name in ("AlarmName", "AlarmRule", *SUPPRESSORS)}
            try:
                if any(request.get(name) for name in SUPPRESSORS):
                    raise NotSimulated("The local AWS does not know suppressors of composite alarms.")
                AlarmRule(str(request.get("AlarmRule") or ""))
                answer = put_composite(params, content, is_cbor, is_json)
                if answer[0] < 400:
                    self.alarms.put_composite(_scope(), cloudwatch._composite_alarms[request["AlarmName"]])
                    self._show(request["AlarmName"])
                return answer
            except (Rejected, NotSimulated) as problem:
                return _refusal(problem, is_cbor, is_json)

        def state(params: Any, content: Any, is_cbor: bool, is_json: bool = False) -> Any:
            request = content if is_cbor or is_json else {name: cloudwatch._p(params, name) for name in ("AlarmName", "StateValue", "StateReason")}
            answer = set_state(params, content, is_cbor, is_json)
            if answer[0] < 400:
                self.alarms.set_state(_scope(), request["AlarmName"], request["StateValue"], request.get("StateReason", ""))
            return answer

        cloudwatch._put_metric_alarm = metric_alarm
        cloudwatch._put_composite_alarm = composite_alarm
        cloudwatch._set_alarm_state = state

    def _put(self, record: dict[str, Any]) -> None:
        """ministack has stored an alarm, of a request or of a template."""
        record.update(self._dropped)
        if record.get("Metrics"):
            for name in OF_ONE_METRIC:
                record.pop(name, None)
        name = record["AlarmName"]
        exists = self.alarms.find(_scope(), name) is not None
        try:
            self.alarms.put(_scope(), record)
        except (Rejected, NotSimulated):
            if not exists:
                cloudwatch._alarms.pop(name, None)
            raise
        verb = "updated" if exists else "created"
        self._remember(name, "MetricAlarm", "ConfigurationUpdate", f'Alarm "{name}" {verb}', {"version": "1.0", "type": verb.capitalize()})

    def _wrap_deletion(self) -> None:
        delete, delete_of_template = cloudwatch._delete_alarms, cloudwatch.cloudformation_delete_metric_alarm

        def delete_alarms(*request: Any) -> Any:
            answer = delete(*request)
            self._forget_deleted()
            return answer

        def delete_alarm_of_template(*request: Any, **options: Any) -> None:
            delete_of_template(*request, **options)
            self._forget_deleted()

        cloudwatch._delete_alarms = delete_alarms
        cloudwatch.cloudformation_delete_metric_alarm = delete_alarm_of_template

    def _forget_deleted(self) -> None:
        """Forgets what ministack has no record of any more, composite alarms first: they hold the others."""
        gone = [alarm for alarm in self.alarms.of(_scope()) if not _record(alarm.name)]
        for alarm in sorted(gone, key=lambda alarm: not isinstance(alarm, CompositeAlarm)):
            self.alarms.delete(alarm.scope, alarm.name)

    # Changes

    def _changed(self, change: Change) -> None:
        alarm = change.alarm
        with request_scope(*alarm.scope):
            if not self._show(alarm.name):
                return
            kind = "CompositeAlarm" if isinstance(alarm, CompositeAlarm) else "MetricAlarm"
            new: dict[str, Any] = {"stateValue": alarm.state, "stateReason": alarm.reason}
            if alarm.reason_data:
                new["stateReasonData"] = json.loads(alarm.reason_data)
            data = {"version": "1.0", "oldState": {"stateValue": change.before}, "newState": new}
            self._remember(alarm.name, kind, "StateUpdate", f"Alarm updated from {change.before} to {alarm.state}", data)
            for action in actions_of(change):
                self._act(change, action, kind)

    def _act(self, change: Change, action: str, kind: str) -> None:
        alarm = change.alarm
        reason = reason_against_action(self._destinations, change, action) or _publish(change, action)
        data = {"actionState": "Succeeded" if reason is None else "Failed", "notificationResource": action, "error": reason and reason.message}
        if reason is None:
            summary = f"Successfully executed action {action}"
        else:
            summary = f"Failed to execute action {action}. Received error: \"{reason.message}\""
            text = f"{reason.message} [{reason.statement}]"
            self._undelivered.add(alarm.scope.account, alarm.scope.region, action, text, {"alarm": alarm.name, "state": alarm.state})
        self._remember(alarm.name, kind, "Action", summary, data)

    def _show(self, name: str) -> bool:
        """Writes the state of an alarm into ministack's record; False if there is none."""
        alarm, record = self.alarms.find(_scope(), name), _record(name)
        if alarm is None or record is None:
            return False
        record["StateValue"], record["StateReason"] = alarm.state, alarm.reason
        record["StateUpdatedTimestamp"], record["StateTransitionedTimestamp"] = int(alarm.updated), int(alarm.transitioned)
        if alarm.reason_data:
            record["StateReasonData"] = alarm.reason_data
        return True

    def _remember(self, name: str, kind: str, item: str, summary: str, data: Mapping[str, Any]) -> None:
        entries = cloudwatch._history_entries()
        oldest = cloudwatch._ts_iso(self._clock.now() - HISTORY_SECONDS)
        while entries and entries[0]["Timestamp"] < oldest:
            del entries[0]
        entries.append(
            {
                "AlarmName": name,
                "AlarmType": kind,
                "Timestamp": cloudwatch._ts_iso(self._clock.now()),
                "HistoryItemType": item,
                "HistorySummary": summary,
                "HistoryData": json.dumps(data),
            }
        )


def _publish(change: Change, topic: str) -> Reason | None:
    try:
        sns.publish_internal(topic, message_of(change), subject_of(change))
    except sns.SnsPublishError as problem:
        return Reason("ERROR_FROM_TARGET", str(problem), "S-61")
    return None


def _scope() -> Scope:
    return Scope(get_account_id(), get_region())


def _record(name: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = cloudwatch._alarms.get(name) or cloudwatch._composite_alarms.get(name)
    return found


def _refusal(problem: Exception, is_cbor: bool, is_json: bool) -> Any:
    return cloudwatch._error("ValidationError", str(problem), 400, use_json=is_json, use_cbor=is_cbor)
