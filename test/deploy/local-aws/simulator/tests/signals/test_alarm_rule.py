"""The rule of a composite alarm."""

from __future__ import annotations

import pytest

from signals.alarm_rule import AlarmRule
from signals.rejected import NotSimulated, Rejected

STATES = {"cpu": "ALARM", "disk": "OK", "net": "INSUFFICIENT_DATA", "a name (1)": "ALARM"}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("ALARM(cpu) AND ALARM(disk)", False),
        ("ALARM(cpu) AND NOT ALARM(disk)", True),
        ("(ALARM(cpu) OR ALARM(disk)) AND OK(net)", False),
        ("ALARM(cpu) OR ALARM(disk) AND OK(net)", True),
        ("INSUFFICIENT_DATA(net)", True),
        ('ALARM("a name (1)")', True),
        ("TRUE AND NOT FALSE", True),
        ("NOT (ALARM(cpu) AND OK(disk))", False),
        ("OK(gone)", False),
    ],
)
def test_a_rule(rule: str, expected: bool) -> None:
    assert AlarmRule(rule).is_met(STATES.get) is expected


def test_it_names_each_alarm_once() -> None:
    assert AlarmRule('ALARM(cpu) OR OK("cpu") OR ALARM(disk)').alarms == ["cpu", "disk"]


@pytest.mark.parametrize("rule", ["", "ALARM", "ALARM()", "ALARM(cpu", "cpu", "ALARM(cpu) XOR OK(cpu)", "alarm(cpu)", "ALARM(cpu) AND", "(TRUE"])
def test_what_cloudwatch_rejects(rule: str) -> None:
    with pytest.raises(Rejected):
        AlarmRule(rule)


def test_at_least_is_not_simulated() -> None:
    with pytest.raises(NotSimulated):
        AlarmRule("AT_LEAST(2, ALARM, (cpu, disk))")
