"""What state a metric alarm has, given its datapoints: the tables of AWS's page on missing data (S-40, S-42 to S-44)."""

from __future__ import annotations

from typing import Literal, Sequence

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
Treatment = Literal["missing", "ignore", "breaching", "notBreaching"]


def decide(points: Sequence[bool | None], of: int, to_alarm: int, treatment: Treatment) -> State | None:
    """The state, None for the state that the alarm is in.

    `points` are those of the evaluation range, the oldest first: whether each breaches, None where there is no data.
    `of` is EvaluationPeriods, `to_alarm` DatapointsToAlarm.
    """
    real = [point for point in points if point is not None]
    if len(real) >= of:
        return "ALARM" if sum(real[len(real) - of :]) >= to_alarm else "OK"
    missing = of - len(real)
    if not real:
        without_data: dict[str, State | None] = {
            "missing": "INSUFFICIENT_DATA", "ignore": None, "breaching": "ALARM", "notBreaching": "OK",
        }  # fmt: skip
        return without_data[treatment]
    breaching = sum(real)
    if treatment == "breaching":
        return "ALARM" if breaching + missing >= to_alarm else "OK"
    if breaching >= to_alarm:
        return "ALARM"
    if treatment == "notBreaching" or breaching < len(real):
        return "OK"
    # All that is there breaches, and it is less than DatapointsToAlarm: only if the oldest is old enough.
    oldest = next(index for index, point in enumerate(points) if point is not None)
    is_old_enough = len(points) - oldest >= to_alarm
    return "ALARM" if is_old_enough and treatment == "missing" else None
