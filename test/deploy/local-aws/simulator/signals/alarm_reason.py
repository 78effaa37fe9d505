"""The words that CloudWatch finds for the state of an alarm."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Sequence

from .alarm_definition import COMPARISONS, Definition

Points = Sequence[tuple[int, float | None]]


def reason(definition: Definition, points: Points, state: str, before: str) -> str:
    """Why an alarm goes into a state, as StateReason says it."""
    if state == "INSUFFICIENT_DATA":
        return f"Insufficient Data: {_count(definition.evaluation_periods)} unknown."
    real = [(time, number) for time, number in points if number is not None][-definition.evaluation_periods :]
    if not real:
        treated = {"breaching": "Breaching", "notBreaching": "NonBreaching"}.get(definition.treatment, definition.treatment)
        periods = "1 period" if definition.evaluation_periods == 1 else f"{definition.evaluation_periods} periods"
        missing = "1 missing datapoint was" if definition.evaluation_periods == 1 else f"{definition.evaluation_periods} missing datapoints were"
        return f"Threshold Crossed: no datapoints were received for {periods} and {missing} treated as [{treated}]."
    shown = ", ".join(f"{number} ({_short(time)})" for time, number in reversed(real))
    relation = COMPARISONS[definition.comparison][1]
    if state == "ALARM":
        verb, least = "was" if len(real) == 1 else "were", definition.datapoints_to_alarm
    else:
        verb = "was not" if len(real) == 1 else "were not"
        least = definition.evaluation_periods - definition.datapoints_to_alarm + 1
    noun = "1 datapoint" if len(real) == 1 else f"{len(real)} datapoints"
    minimum = f"minimum {least} datapoint{'' if least == 1 else 's'} for {before} -> {state} transition"
    return f"Threshold Crossed: {noun} [{shown}] {verb} {relation} the threshold ({definition.threshold}) ({minimum})."


def reason_data(definition: Definition, points: Points, now: float) -> str:
    """The same for programs, as StateReasonData has it."""
    real = [(time, number) for time, number in points if number is not None]
    data = {
        "version": "1.0",
        "queryDate": _long(now),
        "period": definition.period,
        "recentDatapoints": [number for _, number in real[-definition.evaluation_periods :]],
        "threshold": definition.threshold,
        "evaluatedDatapoints": [{"timestamp": _long(time), "value": number} for time, number in reversed(real)],
    }
    if not definition.expressions:
        data["statistic"] = next(iter(definition.queries.values())).statistic
    return json.dumps(data, separators=(",", ":"))


def _count(number: int) -> str:
    return "1 datapoint was" if number == 1 else f"{number} datapoints were"


def _short(time: float) -> str:
    return datetime.fromtimestamp(time, timezone.utc).strftime("%d/%m/%y %H:%M:%S")


def _long(time: float) -> str:
    return datetime.fromtimestamp(time, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"
