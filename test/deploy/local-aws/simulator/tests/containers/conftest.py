"""Fixtures of the tests of Amazon ECS."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from containers_aws import Aws, with_cluster  # noqa: E402


@pytest.fixture
def aws() -> Aws:
    """An account with a cluster and a task definition."""
    return with_cluster()
