"""Metric filters."""

from __future__ import annotations

import json

import pytest

from signals.metric_filter import Datum, Filters, MetricFilter
from signals.rejected import Rejected

PATTERN = '{ ($.detail-type = "Backup Job State Change") && ($.detail.state = "FAILED") && ($.account = "*") }'
COUNT = {"MetricNamespace": "Central", "MetricName": "Failed", "MetricValue": "1", "Unit": "Count"}
BY_ACCOUNT = {**COUNT, "Dimensions": [{"Key": "Account", "Value": "$.account"}]}


def event(state: str = "FAILED", **members) -> str:
    return json.dumps({"detail-type": "Backup Job State Change", "account": "222222222222", "detail": {"state": state}, **members})


def test_a_log_event_that_is_counted_adds_the_value_with_its_dimensions() -> None:
    metric_filter = MetricFilter(PATTERN, [BY_ACCOUNT])
    assert metric_filter.matches(event())
    assert metric_filter.datum(event()) == Datum("Central", "Failed", (("Account", "222222222222"),), 1.0, "Count")
    assert not metric_filter.matches(event("COMPLETED"))


def test_members_may_be_written_as_in_the_api() -> None:
    transformation = {"metricNamespace": "Central", "metricName": "Failed", "metricValue": "1", "dimensions": {"Account": "$.account"}}
    assert MetricFilter(PATTERN, [transformation]).datum(event()) == Datum("Central", "Failed", (("Account", "222222222222"),), 1.0, "None")


def test_a_log_event_without_a_dimension_adds_nothing() -> None:
    metric_filter = MetricFilter('{ $.a = 1 || $.b = "*" }', [{**COUNT, "Dimensions": [{"Key": "B", "Value": "$.b"}]}])
    assert metric_filter.matches('{"a": 1}')
    assert metric_filter.datum('{"a": 1}') is None


def test_the_value_may_come_from_the_log_event() -> None:
    metric_filter = MetricFilter("{ $.latency = * }", [{**COUNT, "MetricValue": "$.latency"}])
    assert metric_filter.datum('{"latency": 50, "requestType": "GET"}') == Datum("Central", "Failed", (), 50.0, "Count")
    assert metric_filter.datum('{"latency": "slow"}') is None


def test_the_default_value_is_given_once_for_a_minute_without_a_match() -> None:
    filters, metric_filter = Filters(), MetricFilter(PATTERN, [{**COUNT, "DefaultValue": 0}])

    def values(state: str, moment: float) -> list[float]:
        return [datum.value for datum in filters.data("filter", metric_filter, [event(state)], moment)]

    assert [values("COMPLETED", 0), values("COMPLETED", 30), values("FAILED", 45)] == [[0.0], [], [1.0]]
    assert [values("FAILED", 60), values("COMPLETED", 90)] == [[1.0], []]


@pytest.mark.parametrize(
    ("pattern", "transformation"),
    [
        (PATTERN, {**BY_ACCOUNT, "DefaultValue": 0}),
        (PATTERN, {**COUNT, "Dimensions": [{"Key": "Region", "Value": "$.region"}]}),
        (PATTERN, {**COUNT, "Dimensions": [{"Key": str(n), "Value": "$.account"} for n in range(4)]}),
        ("ERROR", BY_ACCOUNT),
        (PATTERN, {**COUNT, "MetricValue": "one"}),
        (PATTERN, {**COUNT, "MetricName": ""}),
    ],
)
def test_what_cloudwatch_logs_rejects(pattern: str, transformation: dict) -> None:
    with pytest.raises(Rejected):
        MetricFilter(pattern, [transformation])
