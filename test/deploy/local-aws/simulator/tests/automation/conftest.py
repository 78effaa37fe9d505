"""One interpreter for all tests, which forgets what it knows before each of them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Iterator

import pytest
from automation.interpreter import Interpreter
from automation_aws import Simulated


@pytest.fixture(scope="session")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Interpreter]:
    process = Interpreter(Path(tmp_path_factory.mktemp("automation")), os.environ["PATH"])
    yield process
    process.stop()


@pytest.fixture
def simulated(interpreter: Interpreter) -> Simulated:
    return Simulated(interpreter)
