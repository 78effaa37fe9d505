"""AWS's six-field cron expressions and their next runs (B-100 to B-105).

A library for it exists (pyawscron), but it knows neither time zones nor `?` in both day fields as an error.
"""

from __future__ import annotations

import calendar
import functools
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Callable
from zoneinfo import ZoneInfo

MONTHS = {name: number for number, name in enumerate("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(), 1)}
WEEKDAYS = {name: number for number, name in enumerate("SUN MON TUE WED THU FRI SAT".split(), 1)}
FIRST_YEAR, LAST_YEAR = 1970, 2199


class BadSchedule(ValueError):
    """An expression that AWS would not accept. `statement` says why."""

    def __init__(self, message: str, statement: str) -> None:
        super().__init__(message)
        self.statement = statement


@dataclass(frozen=True)
class Schedule:
    """A parsed expression: values of the fields, and a test of the day."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    months: frozenset[int]
    years: frozenset[int]
    runs_on: Callable[[date], bool]

    def first_day_from(self, day: date) -> date | None:
        """The first day that it runs on, from a day on."""
        while day.year <= LAST_YEAR:
            if day.year not in self.years:
                day = date(day.year + 1, 1, 1)
            elif day.month not in self.months:
                day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
            elif self.runs_on(day):
                return day
            else:
                day += timedelta(days=1)
        return None


@functools.lru_cache(maxsize=1024)
def parse(expression: str) -> Schedule:
    """Parses `cron(...)`."""
    match = re.fullmatch(r"cron\((.*)\)", expression.strip())
    fields = match[1].split() if match else []
    if len(fields) != 6:
        raise BadSchedule(f"Invalid schedule expression, cron(...) with six fields is expected: {expression}", "B-61")
    minutes, hours, day_of_month, months, day_of_week, years = fields
    if (day_of_month == "?") == (day_of_week == "?"):
        raise BadSchedule(f"Exactly one of day-of-month and day-of-week must be ?: {expression}", "B-101")
    return Schedule(
        minutes=tuple(sorted(_values(minutes, 0, 59))),
        hours=tuple(sorted(_values(hours, 0, 23))),
        months=frozenset(_values(months, 1, 12, MONTHS)),
        years=frozenset(_values(years, FIRST_YEAR, LAST_YEAR)),
        runs_on=_month_day(day_of_month) if day_of_week == "?" else _week_day(day_of_week),
    )


@functools.lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name (B-63)."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise BadSchedule(f"Invalid time zone: {name}", "B-63") from error


def next_run(expression: str, time_zone: str, after: float) -> float | None:
    """The first run strictly after a time in epoch seconds, None if there is none."""
    schedule, local = parse(expression), zone(time_zone)
    day = schedule.first_day_from(datetime.fromtimestamp(after, local).date())
    while day is not None:
        for hour in schedule.hours:
            for minute in schedule.minutes:
                moment = _moment(day, hour, minute, local)
                if moment is not None and moment > after:
                    return moment
        day = schedule.first_day_from(day + timedelta(days=1))
    return None


def _moment(day: date, hour: int, minute: int, local: ZoneInfo) -> float | None:
    """A local time in epoch seconds: the first of two if it is repeated, None if it is skipped (B-105)."""
    wall = datetime(day.year, day.month, day.day, hour, minute, tzinfo=local)
    moment = wall.timestamp()
    back = datetime.fromtimestamp(moment, timezone.utc).astimezone(local)
    return moment if (back.hour, back.minute, back.day) == (hour, minute, day.day) else None


def _values(text: str, low: int, high: int, names: dict[str, int] | None = None) -> set[int]:
    """The values of a field without wildcards of its own."""
    values: set[int] = set()
    for part in text.split(","):
        base, slash, step = part.partition("/")
        if slash and (not step.isdigit() or int(step) < 1):
            raise BadSchedule(f"Invalid step in schedule: {part}", "B-100")
        first, dash, last = base.partition("-")
        if base == "*":
            start, end = low, high
        elif dash:
            start, end = _number(first, low, high, names), _number(last, low, high, names)
            if end < start:
                raise BadSchedule(f"Invalid range in schedule: {part}", "B-100")
        else:
            start = _number(base, low, high, names)
            end = high if slash else start
        values.update(range(start, end + 1, int(step) if slash else 1))
    return values


def _number(text: str, low: int, high: int, names: dict[str, int] | None) -> int:
    value = (names or {}).get(text.upper(), int(text) if text.isdigit() else -1)
    if not low <= value <= high:
        raise BadSchedule(f"Invalid value in schedule: {text}", "B-100")
    return value


def _month_day(text: str) -> Callable[[date], bool]:
    """Day of month: L is the last (B-102), nW the nearest weekday within the month (B-103)."""
    if text == "L":
        return lambda day: day.day == _length(day)
    if match := re.fullmatch(r"(\d{1,2})W", text):
        wanted = _number(match[1], 1, 31, None)
        return lambda day: wanted <= _length(day) and day.day == _nearest_weekday(day.year, day.month, wanted)
    values = _values(text, 1, 31)
    return lambda day: day.day in values


def _week_day(text: str) -> Callable[[date], bool]:
    """Day of week: L alone is Saturday, nL the last such day of the month (B-102), n#k the kth (B-104)."""
    if text == "L":
        return lambda day: _aws_weekday(day) == 7
    if match := re.fullmatch(r"([A-Za-z]{3}|\d)L", text):
        last = _number(match[1], 1, 7, WEEKDAYS)
        return lambda day: _aws_weekday(day) == last and day.day + 7 > _length(day)
    if match := re.fullmatch(r"([A-Za-z]{3}|\d)#(\d)", text):
        weekday, nth = _number(match[1], 1, 7, WEEKDAYS), _number(match[2], 1, 5, None)
        return lambda day: _aws_weekday(day) == weekday and (day.day - 1) // 7 + 1 == nth
    values = _values(text, 1, 7, WEEKDAYS)
    return lambda day: _aws_weekday(day) in values


def _length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _aws_weekday(day: date) -> int:
    """1 is Sunday, 7 is Saturday."""
    return day.isoweekday() % 7 + 1


def _nearest_weekday(year: int, month: int, wanted: int) -> int:
    weekday = date(year, month, wanted).isoweekday()
    if weekday == 6:
        return wanted - 1 if wanted > 1 else wanted + 2
    if weekday == 7:
        return wanted + 1 if wanted < calendar.monthrange(year, month)[1] else wanted - 2
    return wanted
