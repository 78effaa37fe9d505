"""Lets tests import what lies beside this file, and shares the fixtures of tests that start a local AWS."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Iterator

import pytest

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "tests" / "emulator"))

from running import RunningLocalAws  # noqa: E402


@pytest.fixture(scope="module")
def local_aws() -> Iterator[RunningLocalAws]:
    """A local AWS that does not ask for permissions."""
    with RunningLocalAws.start() as running:
        yield running


@pytest.fixture(scope="module")
def guarded_aws() -> Iterator[RunningLocalAws]:
    """A local AWS that checks signatures and enforces the policies of users and roles."""
    with RunningLocalAws.start(LOCAL_AWS_AUTH="1") as running:
        yield running
