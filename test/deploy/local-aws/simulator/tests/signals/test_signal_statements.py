"""Each rule of these evaluators is a statement of docs/aws-behaviour.md, and each statement there is one of them."""

from __future__ import annotations

import re
from pathlib import Path

SIMULATOR = Path(__file__).resolve().parents[2]
PAGE = SIMULATOR.parents[3] / "docs" / "aws-behaviour.md"


def cited() -> set[int]:
    """The numbers in the code; `S-20 to S-23` are all from one to the other."""
    numbers: set[int] = set()
    for folder in ("signals", "emulator"):
        for file in sorted((SIMULATOR / folder).glob("*.py")):
            text = file.read_text()
            numbers |= {int(number) for number in re.findall(r"\bS-(\d+)\b", text)}
            for first, last in re.findall(r"\bS-(\d+) to S-(\d+)\b", text):
                numbers |= set(range(int(first), int(last) + 1))
    return numbers


def stated() -> list[int]:
    """The numbers on the page, in order."""
    return [int(number) for number in re.findall(r"^- \*\*S-(\d+)\*\* ", PAGE.read_text(), re.MULTILINE)]


def test_the_code_cites_the_statements_of_the_page_and_no_others() -> None:
    assert sorted(cited()) == stated()


def test_each_statement_says_how_far_it_can_be_relied_on_and_names_a_page() -> None:
    text = PAGE.read_text()
    pages = set(re.findall(r"^\[([\w-]+)\]: https://", text, re.MULTILINE))
    for line in re.findall(r"^- \*\*S-\d+\*\* .*$", text, re.MULTILINE):
        assert re.search(r"\((documented|observed|inferred|assumed)", line), line
        assert re.search(r"\[([\w-]+)\]$", line) and re.search(r"\[([\w-]+)\]$", line).group(1) in pages, line  # type: ignore[union-attr]
