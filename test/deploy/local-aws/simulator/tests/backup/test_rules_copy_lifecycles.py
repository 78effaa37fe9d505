"""The statements about the lifecycle and the dates of copies (B-165 to B-168)."""

from __future__ import annotations

import pytest
from rules_aws import ARCHIVE, DAY, IRELAND, LET_COPIES_IN, START, WORKLOAD, Aws, table_arn, utc, vault_arn

ORDERS = table_arn("orders")
REMOTE, ARCHIVED = vault_arn("remote", region=IRELAND), vault_arn("archive", ARCHIVE)


def test_b165_a_copy_that_ends_with_its_source_is_measured_by_the_retention_of_the_source(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 6})
    aws.lock("archive", ARCHIVE, MinRetentionDays=7)
    aws.failed(aws.ended_copy(point, "local", ARCHIVED), "B-30")


def test_b165_the_lock_of_the_source_does_not_concern_the_copy(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    aws.lock("local", MinRetentionDays=7, MaxRetentionDays=7)
    assert aws.copy(point, "local", ARCHIVED, Lifecycle={"DeleteAfterDays": 100})


def test_b166_a_copy_without_a_lifecycle_has_that_of_its_source(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"MoveToColdStorageAfterDays": 10, "DeleteAfterDays": 120})
    copied = aws.copy(point, "local", ARCHIVED)
    lifecycle = aws.point("archive", copied, ARCHIVE)["Lifecycle"]
    assert (lifecycle["MoveToColdStorageAfterDays"], lifecycle["DeleteAfterDays"]) == (10, 120)


@pytest.mark.parametrize("lifecycle", [{"DeleteAfterDays": -1}, {"MoveToColdStorageAfterDays": 5}])
def test_b166_a_copy_without_an_end_ends_when_its_source_ends(aws: Aws, lifecycle: dict) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 120})
    copied = aws.copy(point, "local", ARCHIVED, Lifecycle=lifecycle)
    assert aws.point("archive", copied, ARCHIVE)["CalculatedLifecycle"]["DeleteAt"] == START + 120 * DAY


def test_b166_a_copy_of_a_source_without_an_end_has_none(aws: Aws) -> None:
    copied = aws.copy(aws.back_up(ORDERS), "local", ARCHIVED)
    assert "DeleteAt" not in aws.point("archive", copied, ARCHIVE).get("CalculatedLifecycle", {})


def test_b166_a_copy_with_a_retention_of_its_own_outlives_its_source(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    copied = aws.copy(point, "local", ARCHIVED, Lifecycle={"DeleteAfterDays": 100})
    aws.forward(99 * DAY)
    assert aws.points("local") == []
    assert aws.points("archive", ARCHIVE) == [copied]
    aws.forward(2 * DAY)
    assert aws.points("archive", ARCHIVE) == []


def test_b167_a_lifecycle_with_less_than_90_days_in_cold_storage_fails_the_copy(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 94})
    aws.failed(aws.ended_copy(point, "local", ARCHIVED, Lifecycle={"MoveToColdStorageAfterDays": 5}), "B-167")


def test_b167_a_lifecycle_with_90_days_in_cold_storage_is_possible(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 95})
    assert aws.copy(point, "local", ARCHIVED, Lifecycle={"MoveToColdStorageAfterDays": 5})


@pytest.mark.parametrize(("vault", "account", "region"), [("archive", ARCHIVE, "eu-west-2"), ("remote", WORKLOAD, IRELAND)])
def test_b168_a_copy_keeps_the_creation_date_of_its_source(aws: Aws, vault: str, account: str, region: str) -> None:
    point = aws.back_up(ORDERS)
    aws.forward(20 * DAY)
    copied = aws.copy(point, "local", vault_arn(vault, account, region))
    assert aws.point(vault, copied, account, region)["CreationDate"] == START


def test_b168_the_deletion_of_a_copy_counts_from_the_creation_of_its_source(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 50})
    aws.forward(20 * DAY)
    copied = aws.copy(point, "local", ARCHIVED, Lifecycle={"DeleteAfterDays": 30})
    assert aws.point("archive", copied, ARCHIVE)["CalculatedLifecycle"]["DeleteAt"] == START + 30 * DAY
    aws.until("2026-04-02T00:00")
    assert aws.points("archive", ARCHIVE) == []


def test_b168_the_transition_of_a_copy_counts_from_the_creation_of_its_source(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.forward(20 * DAY)
    copied = aws.copy(point, "local", ARCHIVED, Lifecycle={"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 200})
    described = aws.point("archive", copied, ARCHIVE)
    assert described["CalculatedLifecycle"]["MoveToColdStorageAt"] == utc("2026-04-01T00:00")
    aws.forward(12 * DAY)
    assert aws.point("archive", copied, ARCHIVE)["StorageClass"] == "COLD"


def test_b168_a_copy_of_a_copy_keeps_the_creation_date(aws: Aws) -> None:
    copied = aws.copy(aws.back_up(ORDERS), "local", REMOTE)
    aws.vault("archive", ARCHIVE, IRELAND)
    aws.policy("archive", LET_COPIES_IN, ARCHIVE, IRELAND)
    aws.forward(9 * DAY)
    again = aws.copy(copied, "remote", vault_arn("archive", ARCHIVE, IRELAND), region=IRELAND)
    assert aws.point("archive", again, ARCHIVE, IRELAND)["CreationDate"] == START
