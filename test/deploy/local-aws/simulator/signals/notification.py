"""What an alarm says and does when its state changes (S-60 to S-62)."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from .alarms import Change, CompositeAlarm, MetricAlarm
from .delivery import CLOUDWATCH, Reason, Sender, World, reason_against_service

ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}


def actions_of(change: Change) -> list[str]:
    """The actions of the state that an alarm went into, if its actions are on (S-60)."""
    request = change.alarm.request
    if str(request.get("ActionsEnabled", True)).lower() == "false":
        return []
    return list(request.get(ACTIONS[change.alarm.state]) or [])


def reason_against_action(world: World, change: Change, action: str) -> Reason | None:
    """Why an action does not reach its topic."""
    alarm = change.alarm
    if ":sns:" not in action:
        return Reason("NOT_SIMULATED", f"The local AWS has no alarm action {action}.", "S-61")
    found = world.destination(action)
    if found is None or found.scope.region != alarm.scope.region:
        return Reason("NO_RESOURCE", f"The topic {action} does not exist in the Region of the alarm.", "S-61")
    return reason_against_service(world, Sender(CLOUDWATCH, alarm.arn, alarm.scope), found, "sns:Publish")


def subject_of(change: Change) -> str:
    """The subject of the message."""
    return f'{change.alarm.state}: "{change.alarm.name}" in {change.alarm.scope.region}'[:100]


def message_of(change: Change) -> str:
    """The message, as AWS's schema has it."""
    alarm = change.alarm
    request = alarm.request
    message: dict[str, Any] = {
        "AlarmName": alarm.name,
        "AlarmDescription": request.get("AlarmDescription") or None,
        "AWSAccountId": alarm.scope.account,
        "NewStateValue": alarm.state,
        "NewStateReason": alarm.reason,
        "StateChangeTime": datetime.fromtimestamp(change.moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000",
        "Region": alarm.scope.region,
        "AlarmArn": alarm.arn,
        "OldStateValue": change.before,
        **{name: list(request.get(name) or []) for name in ("OKActions", "AlarmActions", "InsufficientDataActions")},
    }
    if isinstance(alarm, CompositeAlarm):
        message["AlarmRule"] = alarm.rule.text
    else:
        message["Trigger"] = _trigger(alarm)
    return json.dumps(message)


def _trigger(alarm: MetricAlarm) -> dict[str, Any]:
    request, definition = alarm.request, alarm.definition
    trigger: dict[str, Any] = {
        "Period": definition.period,
        "EvaluationPeriods": definition.evaluation_periods,
        "DatapointsToAlarm": definition.datapoints_to_alarm,
        "ComparisonOperator": definition.comparison,
        "Threshold": definition.threshold,
        "TreatMissingData": definition.treatment,
        "EvaluateLowSampleCountPercentile": "",
    }
    if request.get("Metrics"):
        return {**trigger, "Metrics": request["Metrics"]}
    query = definition.queries["m"]
    return {
        "MetricName": query.metric.name,
        "Namespace": query.metric.namespace,
        "StatisticType": "Statistic",
        "Statistic": query.statistic.upper(),
        "Unit": None,
        "Dimensions": [{"value": value, "name": name} for name, value in query.metric.dimensions],
        **trigger,
    }
