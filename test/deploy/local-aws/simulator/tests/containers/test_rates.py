"""How often Amazon ECS may be called."""

from __future__ import annotations

import pytest
from backup.errors import Refused
from containers.rates import Rates
from signals.ports import Scope

HERE, THERE = Scope("222222222222", "eu-west-2"), Scope("222222222222", "eu-west-1")


class Time:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.rates = Rates(lambda: self.now)

    def taken(self, operation: str, calls: int = 1000, scope: Scope = HERE) -> int:
        """How many calls pass."""
        for number in range(calls):
            try:
                self.rates.take(scope, operation)
            except Refused as refused:
                assert (refused.code, refused.message) == ("ThrottlingException", "Rate exceeded")
                return number
        return calls


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.mark.parametrize(("operation", "burst", "sustained"), [
    ("DescribeServices", 100, 20), ("ListServices", 1, 1), ("DescribeTaskDefinition", 50, 20), ("RegisterTaskDefinition", 20, 1), ("UpdateService", 5, 5),
    ("CreateCluster", 1, 1), ("DescribeServiceRevisions", 20, 20), ("ListTagsForResource", 50, 20), ("DescribeClusters", 50, 20),
])  # fmt: skip
def test_e118_the_bucket_and_how_it_fills(time: Time, operation: str, burst: int, sustained: int) -> None:
    assert time.taken(operation) == burst
    time.now += 1
    assert time.taken(operation) == sustained
    time.now += 3600
    assert time.taken(operation) == burst


def test_e118_operations_of_one_kind_share_a_bucket(time: Time) -> None:
    time.taken("CreateService", 3)
    assert time.taken("DeleteService") == 2


def test_e118_accounts_and_regions_have_their_own(time: Time) -> None:
    time.taken("ListServices")
    assert time.taken("ListServices", scope=THERE) == 1


def test_e119_a_token_comes_back_bit_by_bit(time: Time) -> None:
    time.taken("ListServices")
    time.now += 0.5
    assert time.taken("ListServices") == 0
    time.now += 0.5
    assert time.taken("ListServices") == 1


def test_e119_operations_without_a_rate_are_not_counted(time: Time) -> None:
    assert time.taken("ListTasks") == 1000
