"""Metric math, with the examples of AWS's page."""

from __future__ import annotations

import pytest

from signals.expression import Expression, Range, Series
from signals.rejected import NotSimulated, Rejected


def series(*values: float | None) -> Series:
    return {60 * index: value for index, value in enumerate(values) if value is not None}


def calculate(text: str, periods: int = 4, **metrics: Series):
    expression = Expression(text)
    return expression.calculate(metrics, metrics, Range([60 * index for index in range(periods)], 60))


FIRST = series(30, 20, 0, 0)
SECOND = series(20, None, 20, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(metric1 < metric2)", series(0, 0, 1, 0)),
        ("(metric1 >= 30)", series(1, 0, 0, 0)),
        ("(metric1 > 15 AND metric2 > 15)", series(1, 0, 0, 0)),
        ("(metric1 > 15 && metric2 > 15)", series(1, 0, 0, 0)),
        ("metric1 > 25 OR metric2 > 15", series(1, 0, 1, 0)),
    ],
)
def test_comparisons_as_in_the_guide(text: str, expected: Series) -> None:
    assert calculate(text, metric1=FIRST, metric2=SECOND) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IF(metric1, metric2, metric3)", series(30, 0, 20, 0, None)),
        ("IF(metric1, 5, metric3)", series(5, 5, 20, None, None)),
        ("IF(metric1, metric2, 5)", series(30, 0, 5, 5, None)),
        ("IF(metric1, metric2)", series(30, 0, None, None, None)),
    ],
)
def test_if_as_in_the_guide(text: str, expected: Series) -> None:
    found = calculate(text, 5, metric1=series(1, 1, 0, 0, None), metric2=series(30, None, 0, 0, 30), metric3=series(0, 0, 20, None, 20))
    assert found == expected


def test_a_missing_value_of_a_sum_is_zero_and_a_time_without_any_value_stays_missing() -> None:
    assert calculate("m0 + m1", m0=series(1, None, None, 2), m1=series(None, 3, None, 4)) == series(1, 3, None, 6)


def test_a_division_by_zero_drops_the_datapoint() -> None:
    assert calculate("m0 / m1", m0=series(1, 1), m1=series(2, 0)) == series(0.5)


def test_fill_gives_every_period_a_value() -> None:
    assert calculate("FILL(m0, 0)", m0=series(None, 2)) == series(0, 2, 0, 0)
    assert calculate("FILL(m0, REPEAT)", m0=series(None, 2)) == series(None, 2, 2, 2)
    assert calculate("FILL(m0, m1)", m0=series(None, 2), m1=series(7)) == series(7, 2)


def test_a_difference_of_times_is_of_the_values_that_are_there() -> None:
    assert calculate("DIFF_TIME(m0 + m1)", m0=series(1, None, None, 1), m1=series(None, 1)) == series(None, 60, None, 120)
    assert calculate("DIFF(m0)", m0=series(1, None, None, 5)) == series(None, None, None, 4)


def test_a_repeated_failure_as_the_templates_ask_for_it() -> None:
    text = "IF((DIFF_TIME(failed + expired) > 60) AND (DIFF_TIME(failed + expired) <= 120), 1, 0)"
    assert calculate(text, failed=series(1, None, None, 1), expired={}) == series(None, None, None, 0)
    assert calculate(text, failed=series(1, None, 1), expired={}) == series(None, None, 1)


def test_of_an_array_each_time_of_one_series_all_together() -> None:
    assert calculate("SUM([m0, m1])", m0=series(1, 2), m1=series(3)) == series(4, 2)
    assert calculate("MAX(METRICS())", m0=series(1, 2), m1=series(3)) == series(3, 2)
    assert calculate('SUM(METRICS("m1"))', m0=series(1, 2), m1=series(3)) == series(3)
    assert calculate("m0 - MIN(m0)", m0=series(1, 2)) == series(0, 1)


def test_multiplication_comes_before_addition_and_that_before_comparison() -> None:
    assert calculate("1 + 2 * m0 > 4", m0=series(1, 2)) == series(0, 1)


@pytest.mark.parametrize("text", ["FILLED(m0, 0)", "m0 +", "(m0", "m0 m1", "m0 ? 1", "sum(m0)"])
def test_what_aws_does_not_know_is_rejected(text: str) -> None:
    with pytest.raises(Rejected):
        Expression(text)


@pytest.mark.parametrize("text", ["SEARCH('x', 'Sum')", "RATE(m0)", "1 + STDDEV(m0)"])
def test_what_the_simulator_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(NotSimulated):
        Expression(text)
