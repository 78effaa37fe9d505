"""AWS::CloudWatch::CompositeAlarm, and alarms on an expression of several metrics."""

from __future__ import annotations

from typing import Any

from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

from emulator.answers import succeeded
from emulator.cloudformation.registry import Created, Properties, physical_name, register, tag_map

OF_ONE_METRIC = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions", "Unit")
"""What an alarm on an expression does not have."""


def install() -> None:
    """Makes the type known, and lets alarms have Metrics."""
    register("AWS::CloudWatch::CompositeAlarm", _create_composite, _delete_composite, _update_composite, ("AlarmName",), ("Tags", "list"))
    original = provisioners._cw_metric_alarm_record

    def record(name: str, properties: dict[str, Any]) -> dict[str, Any]:
        """An alarm's record, with members that ministack drops."""
        if not properties.get("Metrics"):
            made = dict(original(name, properties))
        else:
            # ministack refuses Metrics: a metric that stands for the expression gets through, and does not stay.
            made = dict(original(name, {**_without_metrics(properties), "MetricName": "expression", "Namespace": "expression"}))
            for member in OF_ONE_METRIC:
                made.pop(member, None)
            made["Metrics"] = _typed(properties["Metrics"])
        if "WarmUpConfiguration" in properties:
            made["WarmUpConfiguration"] = properties["WarmUpConfiguration"]
        return made

    provisioners._cw_metric_alarm_record = record


def _without_metrics(properties: Properties) -> dict[str, Any]:
    return {key: value for key, value in properties.items() if key != "Metrics"}


def _typed(metrics: Any) -> list[dict[str, Any]]:
    """The queries, with numbers and booleans that a template may write as strings."""
    queries = []
    for metric in metrics:
        query = {**metric, "ReturnData": str(metric.get("ReturnData", True)).lower() == "true"}
        if "MetricStat" in query:
            query["MetricStat"] = {**query["MetricStat"], "Period": int(query["MetricStat"]["Period"])}
        if "Period" in query:
            query["Period"] = int(query["Period"])
        queries.append(query)
    return queries


def _create_composite(logical_id: str, properties: Properties, stack: str) -> Created:
    return _put_composite(properties.get("AlarmName") or physical_name(stack, logical_id, 255), properties)


def _update_composite(physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
    return _put_composite(physical_id, new)


def _put_composite(name: str, properties: Properties) -> Created:
    request = {**{key: value for key, value in properties.items() if key != "Tags"}, "AlarmName": name}
    succeeded(cloudwatch._put_composite_alarm({}, request, False, True))
    arn = cloudwatch._composite_alarms[name]["AlarmArn"]
    # Not in the request: the API refuses tags of CloudFormation, which CloudFormation itself may set.
    cloudwatch._resource_tags[arn] = tag_map(properties.get("Tags"))
    return name, {"Arn": arn}


def _delete_composite(physical_id: str, properties: Properties) -> None:
    cloudwatch._composite_alarms.pop(physical_id, None)
