"""When a schedule of EventBridge Scheduler runs: at(...), rate(...) and cron(...) (E-1 to E-4)."""

from __future__ import annotations

import re
from datetime import datetime

from backup.errors import Refused
from backup.schedule import BadSchedule, next_run, parse, zone

SECONDS = {"minute": 60, "minutes": 60, "hour": 3600, "hours": 3600, "day": 86_400, "days": 86_400}


def check_expression(expression: str, time_zone: str) -> None:
    """Refuses what EventBridge Scheduler does not take."""
    try:
        zone(time_zone)
    except BadSchedule as problem:
        raise Refused("ValidationException", f"Invalid Schedule Expression Timezone {time_zone}.", "E-2") from problem
    try:
        if not (_at(expression, time_zone) or _rate(expression)):
            parse(expression)
    except ValueError as problem:
        raise Refused("ValidationException", f"Invalid Schedule Expression {expression}.", "E-1") from problem


def next_occurrence(expression: str, time_zone: str, after: float, start: float) -> float | None:
    """The first time strictly after `after`, None if there is none. `start` is when a rate begins."""
    once = _at(expression, time_zone)
    if once is not None:
        return once if once > after else None
    every = _rate(expression)
    if every is not None:
        return start if after < start else start + ((after - start) // every + 1) * every
    return next_run(expression, time_zone, after)


def is_once(expression: str) -> bool:
    """Whether it runs once."""
    return expression.strip().startswith("at(")


def _at(expression: str, time_zone: str) -> float | None:
    match = re.fullmatch(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)", expression.strip())
    return datetime.fromisoformat(match[1]).replace(tzinfo=zone(time_zone)).timestamp() if match else None


def _rate(expression: str) -> float | None:
    match = re.fullmatch(r"rate\((\d+) (minutes?|hours?|days?)\)", expression.strip())
    return int(match[1]) * SECONDS[match[2]] if match and int(match[1]) > 0 else None
