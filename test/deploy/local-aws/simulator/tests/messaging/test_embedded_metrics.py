"""Metrics in log lines. The first input is the example of AWS's page."""

from __future__ import annotations

import json
from typing import Any

from messaging.embedded_metrics import data_in

EXAMPLE = {
    "_aws": {
        "Timestamp": 1574109732004,
        "CloudWatchMetrics": [
            {"Namespace": "lambda-function-metrics", "Dimensions": [["functionVersion"]], "Metrics": [{"Name": "time", "Unit": "Milliseconds"}]}
        ],
    },
    "functionVersion": "$LATEST",
    "time": 100,
    "requestId": "989ffbf8-9ace-4817-a57c-e4dd734019ee",
}


def line(*dimensions: list[str], **members: Any) -> str:
    directive = {"Namespace": "Test", "Dimensions": list(dimensions), "Metrics": [{"Name": "Captured"}]}
    return json.dumps({"_aws": {"Timestamp": 1_000, "CloudWatchMetrics": [directive]}, **members})


def test_e30_the_example_of_the_page() -> None:
    [datum] = data_in(json.dumps(EXAMPLE))
    assert datum == ("lambda-function-metrics", "time", {"functionVersion": "$LATEST"}, 100.0, "Milliseconds", 1574109732.004)


def test_e30_a_line_with_something_before_or_after_has_no_metrics() -> None:
    assert list(data_in("INFO " + json.dumps(EXAMPLE))) == []
    assert list(data_in(json.dumps(EXAMPLE) + " ok")) == []


def test_e31_each_set_of_dimensions_is_a_metric_of_its_own() -> None:
    found = list(data_in(line(["Kind"], ["Kind", "Target"], Kind="ecs", Target="main", Captured=1)))
    assert [datum.dimensions for datum in found] == [{"Kind": "ecs"}, {"Kind": "ecs", "Target": "main"}]


def test_e31_a_set_that_names_what_is_not_a_text_is_left_out() -> None:
    found = list(data_in(line(["Kind"], ["Kind", "Target"], Kind="ecs", Target=5, Captured=1)))
    assert [datum.dimensions for datum in found] == [{"Kind": "ecs"}]


def test_e32_a_list_has_several_values() -> None:
    assert [datum.value for datum in data_in(line([], Captured=[1, 2, 3]))] == [1, 2, 3]


def test_e32_a_value_that_is_no_number_is_none() -> None:
    assert list(data_in(line([], Captured="1"))) == []
    assert list(data_in(line([]))) == []


def test_e33_more_than_thirty_dimensions_are_not_published() -> None:
    names = {f"d{index}": "x" for index in range(31)}
    assert list(data_in(line(list(names), Captured=1, **names))) == []
