"""Each statement of docs/aws-behaviour.md that the simulator plays has a test that is named by it."""

from __future__ import annotations

import re
from pathlib import Path

from backup.statements import NOT_SIMULATED

HERE = Path(__file__).resolve().parent
PAGE = (HERE.parents[5] / "docs" / "aws-behaviour.md").read_text()
#: Statements about the form of requests, which are tested with the service's front: tests/service/test_front.py.
OF_THE_FRONT = {"B-6"}


def test_each_statement_that_is_simulated_is_in_the_name_of_a_test() -> None:
    stated = set(re.findall(r"^- \*\*(B-\d+)\*\*", PAGE, re.MULTILINE))
    names = [name for path in HERE.glob("test_rules_*.py") for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)]
    tested = {f"B-{number}" for name in names for number in re.findall(r"_b(\d+)(?=_)", name)}
    assert len(stated) > 200
    assert stated - set(NOT_SIMULATED) - OF_THE_FRONT - tested == set()
    assert tested - stated == set()


def test_what_the_front_refuses_is_tested_there() -> None:
    text = (HERE.parent / "service" / "test_front.py").read_text()
    assert {number for number in OF_THE_FRONT if f'"{number}"' not in text} == set()
