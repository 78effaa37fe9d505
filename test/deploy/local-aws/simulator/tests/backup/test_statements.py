"""docs/aws-behaviour.md and the code say the same, and the core needs nothing but the standard library."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest
from backup.statements import NOT_SIMULATED

SIMULATOR = Path(__file__).resolve().parents[2]
PAGE = (SIMULATOR.parents[3] / "docs" / "aws-behaviour.md").read_text()
STATEMENTS = re.findall(r"^- \*\*(B-\d+)\*\* (.+)$", PAGE, re.MULTILINE)
CORE = sorted((SIMULATOR / "backup").glob("*.py"))
CODE = [*CORE, *sorted((SIMULATOR / "service").glob("*.py")), *sorted((SIMULATOR / "emulator").rglob("*.py"))]
CITED = {
    number
    for path in CODE
    if path.name != "statements.py"
    for number in re.findall(r"\bB-\d+\b", path.read_text())
}


def test_no_number_is_used_twice() -> None:
    numbers = [number for number, _ in STATEMENTS]
    assert len(numbers) > 200
    assert sorted(numbers) == sorted(set(numbers))


@pytest.mark.parametrize(("number", "text"), STATEMENTS)
def test_each_statement_says_how_sure_it_is_and_names_a_page(number: str, text: str) -> None:
    assert re.search(r"\((documented|observed|inferred|assumed)", text)
    source = re.search(r"\[([a-z-]+)\]$", text)
    assert source and re.search(rf"^\[{source[1]}\]: https://", PAGE, re.MULTILINE)


def test_each_statement_is_played_or_stands_in_the_list_of_what_is_not() -> None:
    numbers = {number for number, _ in STATEMENTS}
    assert numbers - CITED - set(NOT_SIMULATED) == set()
    assert set(NOT_SIMULATED) - numbers == set()


def test_nothing_that_is_not_played_is_cited_by_a_refusal() -> None:
    assert set(NOT_SIMULATED) & CITED == set()


def test_the_code_cites_only_statements_of_the_page() -> None:
    assert CITED - {number for number, _ in STATEMENTS} == set()


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.name)
def test_the_core_imports_only_itself_and_the_standard_library(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            assert all(name.name.split(".")[0] in sys.stdlib_module_names for name in node.names)
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            assert (node.module or "").split(".")[0] in sys.stdlib_module_names


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.name)
def test_the_core_has_no_network_and_no_random_numbers(path: Path) -> None:
    names = {node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}
    assert not names & {"socket", "urllib", "http", "random", "secrets"}


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.name)
def test_files_of_the_core_are_short(path: Path) -> None:
    lines = path.read_text().splitlines()
    assert len(lines) <= 300
    assert max(map(len, lines), default=0) <= 150
