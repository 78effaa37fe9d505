"""Next runs of AWS's cron expressions. Expected times follow from the calendar and from AWS's description of the fields."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from backup.schedule import BadSchedule, next_run, parse


def run_after(expression: str, after: str, zone: str = "Etc/UTC") -> str:
    moment = datetime.fromisoformat(after).replace(tzinfo=timezone.utc).timestamp()
    found = next_run(expression, zone, moment)
    assert found is not None
    return datetime.fromtimestamp(found, timezone.utc).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("cron(0 5 ? * * *)", "2026-11-28 04:59", "2026-11-28 05:00"),
        ("cron(0 5 ? * * *)", "2026-11-28 05:00", "2026-11-29 05:00"),
        ("cron(15 * ? * * *)", "2026-12-31 23:15", "2027-01-01 00:15"),
        ("cron(0 6 ? * SUN *)", "2026-11-28 00:00", "2026-11-29 06:00"),
        ("cron(0 6 ? * 1 *)", "2026-11-28 00:00", "2026-11-29 06:00"),
        ("cron(0 6 ? * MON-FRI *)", "2026-11-27 06:00", "2026-11-30 06:00"),
        ("cron(0 0/12 ? * * *)", "2026-11-28 00:00", "2026-11-28 12:00"),
        ("cron(0 8,20 1 JAN,JUL ? *)", "2026-11-28 00:00", "2027-01-01 08:00"),
        ("cron(0 5 29 2 ? *)", "2026-11-28 00:00", "2028-02-29 05:00"),
        ("cron(0 5 31 * ? *)", "2026-11-01 00:00", "2026-12-31 05:00"),
        ("cron(0 5 1 1 ? 2030)", "2026-11-28 00:00", "2030-01-01 05:00"),
        ("cron(0 5 1 1 ? 2027/2)", "2027-06-01 00:00", "2029-01-01 05:00"),
    ],
)
def test_fields_lists_ranges_and_steps(expression: str, after: str, expected: str) -> None:
    assert run_after(expression, after) == expected


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("cron(0 5 L * ? *)", "2027-02-01 00:00", "2027-02-28 05:00"),
        ("cron(0 5 L * ? *)", "2028-02-01 00:00", "2028-02-29 05:00"),
        ("cron(0 5 ? * 6L *)", "2026-11-01 00:00", "2026-11-27 05:00"),
        ("cron(0 5 ? * 7L *)", "2026-10-01 00:00", "2026-10-31 05:00"),  # a Saturday 7 days before the last day is not it
        ("cron(0 5 ? * SAT#1 *)", "2026-11-01 00:00", "2026-11-07 05:00"),
        ("cron(0 5 ? * FRIL *)", "2026-11-27 05:00", "2026-12-25 05:00"),
        ("cron(0 5 ? * L *)", "2026-11-23 00:00", "2026-11-28 05:00"),
        ("cron(0 5 ? * 3#2 *)", "2026-11-01 00:00", "2026-11-10 05:00"),
        ("cron(0 5 ? * TUE#5 *)", "2026-11-01 00:00", "2026-12-29 05:00"),
        ("cron(0 5 15W * ? *)", "2026-11-01 00:00", "2026-11-16 05:00"),  # the 15th is a Sunday
        ("cron(0 5 14W * ? *)", "2026-11-01 00:00", "2026-11-13 05:00"),  # a Saturday
        ("cron(0 5 1W * ? *)", "2026-07-31 00:00", "2026-08-03 05:00"),  # Saturday the 1st stays in August
        ("cron(0 5 31W * ? *)", "2027-01-01 00:00", "2027-01-29 05:00"),  # Sunday the 31st stays in January
    ],
)
def test_last_days_weekdays_and_occurrences(expression: str, after: str, expected: str) -> None:
    assert run_after(expression, after) == expected


def test_the_time_zone_decides_about_the_day_and_the_hour() -> None:
    assert run_after("cron(30 0 ? * SUN *)", "2026-11-27 00:00", "Asia/Tokyo") == "2026-11-28 15:30"
    assert run_after("cron(0 5 ? * * *)", "2026-07-01 00:00", "Europe/London") == "2026-07-01 04:00"
    assert run_after("cron(0 5 ? * * *)", "2026-12-01 00:00", "Europe/London") == "2026-12-01 05:00"


def test_a_time_that_summer_time_skips_does_not_run_on_that_day() -> None:
    assert run_after("cron(30 1 ? * * *)", "2027-03-27 01:30", "Europe/London") == "2027-03-29 00:30"


def test_a_time_that_comes_twice_runs_once() -> None:
    assert run_after("cron(30 1 ? * * *)", "2026-10-24 12:00", "Europe/London") == "2026-10-25 00:30"
    assert run_after("cron(30 1 ? * * *)", "2026-10-25 00:30", "Europe/London") == "2026-10-26 01:30"


def test_a_schedule_whose_years_are_over_has_no_next_run() -> None:
    assert next_run("cron(0 5 1 1 ? 2020)", "Etc/UTC", datetime(2026, 1, 1, tzinfo=timezone.utc).timestamp()) is None


@pytest.mark.parametrize(
    ("expression", "statement"),
    [
        ("rate(1 day)", "B-61"),
        ("cron(0 5 ? * *)", "B-61"),
        ("0 5 ? * * *", "B-61"),
        ("cron(0 5 * * * *)", "B-101"),
        ("cron(0 5 ? * ? *)", "B-101"),
        ("cron(60 5 ? * * *)", "B-100"),
        ("cron(0 24 ? * * *)", "B-100"),
        ("cron(0 5 ? * 8 *)", "B-100"),
        ("cron(0 5 0 * ? *)", "B-100"),
        ("cron(0 5 ? FOO * *)", "B-100"),
        ("cron(0 5 ? * MON#6 *)", "B-100"),
        ("cron(0 20-5 ? * * *)", "B-100"),
        ("cron(0/0 5 ? * * *)", "B-100"),
    ],
)
def test_what_is_no_schedule_says_which_statement_it_breaks(expression: str, statement: str) -> None:
    with pytest.raises(BadSchedule) as problem:
        parse(expression)
    assert problem.value.statement == statement


def test_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(BadSchedule) as problem:
        next_run("cron(0 5 ? * * *)", "Europe/Nowhere", 0)
    assert problem.value.statement == "B-63"


@pytest.mark.parametrize("zone", ["Etc/UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe"])
def test_every_run_is_found_by_looking_at_every_minute(zone: str) -> None:
    """Random schedules against the slowest possible search: local minutes that fit, the first of repeated ones."""
    dice = random.Random(zone)
    for _ in range(12):
        minute, hours = dice.randrange(60), sorted(dice.sample(range(24), 3))
        days = sorted(dice.sample(range(1, 29), 4))
        expression = f"cron({minute} {','.join(map(str, hours))} {','.join(map(str, days))} * ? *)"
        begin = datetime(2026, dice.choice((3, 4, 10, 11)), 1, tzinfo=timezone.utc)
        found, moment = [], begin.timestamp()
        while (moment := next_run(expression, zone, moment)) is not None and moment < (begin + timedelta(days=33)).timestamp():
            found.append(moment)
        assert found == _by_minutes(begin, zone, minute, hours, days)


def _by_minutes(begin: datetime, zone: str, minute: int, hours: list[int], days: list[int]) -> list[float]:
    local, seen, found = ZoneInfo(zone), set(), []
    for step in range(1, 33 * 24 * 60):
        instant = begin + timedelta(minutes=step)
        wall = instant.astimezone(local)
        if wall.minute == minute and wall.hour in hours and wall.day in days:
            if wall.replace(tzinfo=None) not in seen:
                found.append(instant.timestamp())
            seen.add(wall.replace(tzinfo=None))
    return found
