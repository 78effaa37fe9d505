"""The tables of "Configuring how CloudWatch alarms treat missing data", row by row."""

from __future__ import annotations

import pytest

from signals.alarm_decision import decide

TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
OK, ALARM, NO_DATA, KEEP = "OK", "ALARM", "INSUFFICIENT_DATA", None


def states(points: str, to_alarm: int) -> list[str | None]:
    read = [{"0": False, "X": True, "-": None}[point] for point in points.split()]
    return [decide(read, 3, to_alarm, treatment) for treatment in TREATMENTS]


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ("0 - X - X", [OK, OK, OK, OK]),
        ("0 - - - -", [OK, OK, OK, OK]),
        ("- - - - -", [NO_DATA, KEEP, ALARM, OK]),
        ("0 X X - X", [ALARM, ALARM, ALARM, ALARM]),
        ("- - X - -", [ALARM, KEEP, ALARM, OK]),
    ],
)
def test_three_of_three(points: str, expected: list[str | None]) -> None:
    assert states(points, 3) == expected


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ("0 - X - X", [ALARM, ALARM, ALARM, ALARM]),
        ("0 0 X 0 X", [ALARM, ALARM, ALARM, ALARM]),
        ("0 - X - -", [OK, OK, ALARM, OK]),
        ("- - - - 0", [OK, OK, ALARM, OK]),
        ("- - - X -", [ALARM, KEEP, ALARM, OK]),
    ],
)
def test_two_of_three(points: str, expected: list[str | None]) -> None:
    assert states(points, 2) == expected


@pytest.mark.parametrize("points", ["- - - - X", "- - - X -"])
def test_a_first_breaching_datapoint_is_not_yet_an_alarm(points: str) -> None:
    assert states(points, 3)[0] is KEEP


def test_a_datapoint_further_back_counts_while_the_newest_are_missing() -> None:
    assert decide([True, None, None], 1, 1, "notBreaching") == ALARM
    assert decide([None, None, None], 1, 1, "notBreaching") == OK
