"""When a schedule of EventBridge Scheduler runs."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from backup.errors import Refused
from messaging.occurrences import check_expression, next_occurrence


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp()


@pytest.mark.parametrize("expression", ["cron(0 5 * * *)", "cron(0 5 * * * *)", "rate(0 days)", "rate(5 weeks)", "at(tomorrow)", "05:00", ""])
def test_e1_an_expression_that_is_none_is_refused(expression: str) -> None:
    with pytest.raises(Refused, match=r"Invalid Schedule Expression .*\[E-1\]"):
        check_expression(expression, "UTC")


@pytest.mark.parametrize("expression", ["cron(0 5 * * ? *)", "rate(1 day)", "rate(5 minutes)", "at(2026-03-01T10:00:00)"])
def test_e1_the_three_types_are_accepted(expression: str) -> None:
    check_expression(expression, "Europe/London")


def test_e2_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(Refused, match=r"\[E-2\]"):
        check_expression("rate(1 day)", "Europe/Atlantis")


def test_e4_a_cron_expression_is_read_in_its_time_zone() -> None:
    assert next_occurrence("cron(0 5 * * ? *)", "Europe/London", at("2026-07-01T00:00:00"), 0) == at("2026-07-01T04:00:00")
    assert next_occurrence("cron(0 5 * * ? *)", "Europe/London", at("2026-12-01T00:00:00"), 0) == at("2026-12-01T05:00:00")


def test_e4_an_hour_that_does_not_exist_is_skipped() -> None:
    # 2026-03-29, 01:30 in London does not exist.
    assert next_occurrence("cron(30 1 * * ? *)", "Europe/London", at("2026-03-29T00:00:00"), 0) == at("2026-03-30T00:30:00")


def test_e4_an_hour_that_comes_twice_runs_once() -> None:
    first = next_occurrence("cron(30 1 * * ? *)", "Europe/London", at("2026-10-25T00:00:00"), 0)
    assert first == at("2026-10-25T00:30:00")
    assert next_occurrence("cron(30 1 * * ? *)", "Europe/London", first, 0) == at("2026-10-26T01:30:00")


def test_e4_a_rate_counts_from_its_start() -> None:
    start = at("2026-01-01T10:00:00")
    assert next_occurrence("rate(6 hours)", "UTC", start - 1, start) == start
    assert next_occurrence("rate(6 hours)", "UTC", start, start) == at("2026-01-01T16:00:00")
    assert next_occurrence("rate(6 hours)", "UTC", at("2026-01-01T17:00:00"), start) == at("2026-01-01T22:00:00")


def test_e4_a_one_time_schedule_runs_once_in_its_time_zone() -> None:
    assert next_occurrence("at(2026-07-01T10:00:00)", "Europe/Paris", 0, 0) == at("2026-07-01T08:00:00")
    assert next_occurrence("at(2026-07-01T10:00:00)", "Europe/Paris", at("2026-07-01T08:00:00"), 0) is None
