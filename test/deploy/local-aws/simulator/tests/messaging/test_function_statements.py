"""Each statement E-n of docs/aws-behaviour.md is cited by the code and has a test that is named by it."""

from __future__ import annotations

import re
from pathlib import Path

SIMULATOR = Path(__file__).resolve().parents[2]
PAGE = (SIMULATOR.parents[3] / "docs" / "aws-behaviour.md").read_text()
FOLDERS = ("messaging", "containers", "objects", "automation", "emulator")


def numbers_in(text: str) -> set[int]:
    """The numbers in a text; `E-20 to E-23` are all from one to the other that the page has."""
    found = {int(number) for number in re.findall(r"\bE-(\d+)\b", text)}
    for first, last in re.findall(r"\bE-(\d+) to E-(\d+)\b", text):
        found |= set(range(int(first), int(last) + 1)) & set(stated())
    return found


def stated() -> list[int]:
    """The numbers on the page, in order."""
    return [int(number) for number in re.findall(r"^- \*\*E-(\d+)\*\* ", PAGE, re.MULTILINE)]


def test_the_code_cites_the_statements_of_the_page_and_no_others() -> None:
    files = [file for folder in FOLDERS for file in sorted((SIMULATOR / folder).rglob("*.py"))]
    assert sorted(set().union(*[numbers_in(file.read_text()) for file in files])) == sorted(stated())


def test_the_cores_import_no_emulator() -> None:
    for folder in ("messaging", "containers", "objects", "automation"):
        for file in sorted((SIMULATOR / folder).glob("*.py")):
            assert not re.search(r"^(from|import) (ministack|emulator|botocore)", file.read_text(), re.MULTILINE), file


def test_no_number_is_used_twice() -> None:
    assert len(stated()) == len(set(stated()))


def test_each_statement_says_how_far_it_can_be_relied_on_and_names_a_page() -> None:
    pages = set(re.findall(r"^\[([\w-]+)\]: https://", PAGE, re.MULTILINE))
    for line in re.findall(r"^- \*\*E-\d+\*\* .*$", PAGE, re.MULTILINE):
        assert re.search(r"\((documented|observed|inferred|assumed)", line), line
        source = re.search(r"\[([\w-]+)\]$", line)
        assert source and source.group(1) in pages, line


def test_each_statement_has_a_test_that_is_named_by_it() -> None:
    tests = "".join(file.read_text() for file in sorted((SIMULATOR / "tests").rglob("test_*.py")))
    assert set(re.findall(r"def test_e(\d+)_", tests)) == {str(number) for number in stated()}
