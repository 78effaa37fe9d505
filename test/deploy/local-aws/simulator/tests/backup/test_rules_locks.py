"""The statements about AWS Backup Vault Lock (B-20 to B-35)."""

from __future__ import annotations

import pytest
from rules_aws import (
    ARCHIVE,
    DAY,
    HOUR,
    INVALID,
    INVALID_REQUEST,
    NOT_FOUND,
    START,
    Aws,
    refused,
    table_arn,
    vault_arn,
)
from rules_aws import utc

ORDERS = table_arn("orders")


def described(aws: Aws, name: str = "local") -> dict:
    return aws.call("DescribeBackupVault", BackupVaultName=name)


def unlock(aws: Aws, principal: str | None = None) -> None:
    aws.call("DeleteBackupVaultLockConfiguration", principal=principal, BackupVaultName="local")


def test_b20_a_lock_in_governance_mode_can_be_deleted_years_later(aws: Aws) -> None:
    aws.lock("local", MinRetentionDays=7, MaxRetentionDays=35)
    aws.forward(1000 * DAY)
    unlock(aws)
    assert described(aws)["Locked"] is False


def test_b20_a_lock_in_governance_mode_can_be_changed_years_later(aws: Aws) -> None:
    aws.lock("local", MinRetentionDays=7)
    aws.forward(1000 * DAY)
    aws.lock("local", MinRetentionDays=1)
    assert described(aws)["MinRetentionDays"] == 1


def test_b21_the_lock_date_is_the_days_after_the_call(aws: Aws) -> None:
    aws.lock("local", MinRetentionDays=7, ChangeableForDays=3)
    assert described(aws)["LockDate"] == utc("2026-03-05T00:00")


@pytest.mark.parametrize("days", [3, 36500])
def test_b22_changeable_for_days_accepts_its_bounds(aws: Aws, days: int) -> None:
    aws.lock("local", ChangeableForDays=days)
    assert described(aws)["LockDate"] == START + days * DAY


@pytest.mark.parametrize("days", [-1, 0, 1, 2, 36501])
def test_b22_changeable_for_days_outside_of_its_bounds_is_refused(aws: Aws, days: int) -> None:
    with refused(INVALID, "B-22"):
        aws.lock("local", ChangeableForDays=days)
    assert described(aws)["Locked"] is False


@pytest.mark.parametrize(
    "lock",
    [
        {"MinRetentionDays": 0},
        {"MinRetentionDays": -1},
        {"MaxRetentionDays": 36501},
        {"MinRetentionDays": 8, "MaxRetentionDays": 7},
        {"MaxRetentionDays": 0},
    ],
)
def test_b23_bounds_that_are_not_possible_are_refused(aws: Aws, lock: dict) -> None:
    with refused(INVALID, "B-23"):
        aws.lock("local", **lock)
    assert described(aws)["Locked"] is False


@pytest.mark.parametrize(
    "lock",
    [
        {"MinRetentionDays": 1},
        {"MaxRetentionDays": 36500},
        {"MinRetentionDays": 7, "MaxRetentionDays": 7},
        {"MinRetentionDays": 1, "MaxRetentionDays": 36500},
    ],
)
def test_b23_bounds_at_the_edge_are_accepted(aws: Aws, lock: dict) -> None:
    aws.lock("local", **lock)
    assert {name: described(aws).get(name) for name in lock} == lock


def test_b24_before_the_lock_date_a_lock_in_compliance_mode_can_be_deleted(aws: Aws) -> None:
    aws.lock("local", MinRetentionDays=7, ChangeableForDays=3)
    aws.forward(3 * DAY - 1)
    unlock(aws)
    assert described(aws)["Locked"] is False


def test_b24_before_the_lock_date_a_lock_in_compliance_mode_can_be_changed(aws: Aws) -> None:
    aws.lock("local", MinRetentionDays=7, ChangeableForDays=3)
    aws.forward(3 * DAY - 1)
    aws.lock("local", MinRetentionDays=8, ChangeableForDays=3)
    assert described(aws)["MinRetentionDays"] == 8


def test_b25_a_put_removes_the_bounds_that_it_leaves_out(aws: Aws) -> None:
    aws.lock("local", MinRetentionDays=7, MaxRetentionDays=35)
    aws.lock("local", MinRetentionDays=8)
    assert described(aws)["MinRetentionDays"] == 8
    assert "MaxRetentionDays" not in described(aws)


def test_b25_changeable_for_days_counts_from_the_last_put(aws: Aws) -> None:
    aws.lock("local", MinRetentionDays=7, ChangeableForDays=3)
    aws.forward(2 * DAY)
    aws.lock("local", MinRetentionDays=7, ChangeableForDays=3)
    assert described(aws)["LockDate"] == utc("2026-03-07T00:00")


def test_b25_a_put_without_changeable_for_days_makes_it_governance_mode(aws: Aws) -> None:
    aws.lock("local", MinRetentionDays=7, ChangeableForDays=3)
    aws.lock("local", MinRetentionDays=7)
    assert "LockDate" not in described(aws)
    aws.forward(10 * DAY)
    unlock(aws)
    assert described(aws)["Locked"] is False


@pytest.mark.parametrize("principal", [None, "arn:aws:iam::222222222222:root"])
@pytest.mark.parametrize("seconds", [3 * DAY, 1000 * DAY])
def test_b26_on_and_after_the_lock_date_nobody_deletes_the_lock(aws: Aws, principal: str | None, seconds: float) -> None:
    aws.lock("local", MinRetentionDays=7, ChangeableForDays=3)
    aws.forward(seconds)
    with refused(INVALID_REQUEST, "B-26"):
        unlock(aws, principal)
    assert described(aws)["Locked"] is True


@pytest.mark.parametrize("principal", [None, "arn:aws:iam::222222222222:root"])
@pytest.mark.parametrize(
    "change",
    [
        {},
        {"MinRetentionDays": 1},
        {"MinRetentionDays": 7, "MaxRetentionDays": 100},
        {"MinRetentionDays": 30, "ChangeableForDays": 3},
    ],
)
def test_b26_on_the_lock_date_nobody_changes_the_lock(aws: Aws, principal: str | None, change: dict) -> None:
    aws.lock("local", MinRetentionDays=7, ChangeableForDays=3)
    aws.forward(3 * DAY)
    with refused(INVALID_REQUEST, "B-26"):
        aws.call("PutBackupVaultLockConfiguration", principal=principal, BackupVaultName="local", **change)
    assert described(aws)["MinRetentionDays"] == 7


@pytest.mark.parametrize("lock", [{"MinRetentionDays": 7}, {"MinRetentionDays": 7, "ChangeableForDays": 3}])
def test_b27_a_vault_is_locked_from_the_call_on(aws: Aws, lock: dict) -> None:
    aws.lock("local", **lock)
    assert described(aws)["Locked"] is True


LOCKS = [
    pytest.param({"MinRetentionDays": 1}, 0, id="governance"),
    pytest.param({"MinRetentionDays": 1, "ChangeableForDays": 3}, 0, id="compliance before its date"),
    pytest.param({"MinRetentionDays": 1, "ChangeableForDays": 3}, 4 * DAY, id="compliance after its date"),
    pytest.param({}, 0, id="without bounds"),
]
PRINCIPALS = [None, "arn:aws:iam::222222222222:root", "arn:aws:iam::222222222222:role/backup"]


@pytest.mark.parametrize("principal", PRINCIPALS)
@pytest.mark.parametrize(("lock", "later"), LOCKS)
def test_b28_nobody_deletes_a_recovery_point_in_a_locked_vault(aws: Aws, lock: dict, later: float, principal: str | None) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 35})
    aws.lock("local", **lock)
    aws.forward(later)
    with refused(INVALID_REQUEST, "B-28"):
        aws.delete_point("local", point, principal=principal)
    aws.forward(HOUR)
    assert aws.point("local", point)["Status"] == "COMPLETED"


@pytest.mark.parametrize("principal", PRINCIPALS)
@pytest.mark.parametrize("lifecycle", [{"DeleteAfterDays": 1}, {"DeleteAfterDays": 100}, {}])
@pytest.mark.parametrize(("lock", "later"), LOCKS)
def test_b29_nobody_changes_the_lifecycle_of_a_recovery_point_in_a_locked_vault(
    aws: Aws, lock: dict, later: float, lifecycle: dict, principal: str | None
) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 35})
    aws.lock("local", **lock)
    aws.forward(later)
    with refused(INVALID_REQUEST, "B-29"):
        aws.call(
            "UpdateRecoveryPointLifecycle", principal=principal, BackupVaultName="local", RecoveryPointArn=point, Lifecycle=lifecycle
        )
    assert aws.point("local", point)["Lifecycle"]["DeleteAfterDays"] == 35


@pytest.mark.parametrize("days", [7, 8, 34, 35])
def test_b30_a_backup_with_a_retention_within_the_bounds_completes(aws: Aws, days: int) -> None:
    aws.lock("local", MinRetentionDays=7, MaxRetentionDays=35)
    aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": days})
    assert len(aws.points("local")) == 1


@pytest.mark.parametrize("days", [1, 6, 36, 36500])
def test_b30_a_backup_with_a_retention_outside_of_the_bounds_fails(aws: Aws, days: int) -> None:
    aws.lock("local", MinRetentionDays=7, MaxRetentionDays=35)
    aws.failed_backup(ORDERS, "B-30", Lifecycle={"DeleteAfterDays": days})
    assert aws.points("local") == []


@pytest.mark.parametrize("days", [1, 6, 36, 36500])
def test_b30_a_copy_with_a_retention_outside_of_the_bounds_fails(aws: Aws, days: int) -> None:
    point = aws.back_up(ORDERS)
    aws.lock("archive", ARCHIVE, MinRetentionDays=7, MaxRetentionDays=35)
    job = aws.ended_copy(point, "local", vault_arn("archive", ARCHIVE), Lifecycle={"DeleteAfterDays": days})
    aws.failed(job, "B-30")
    assert aws.points("archive", ARCHIVE) == []


@pytest.mark.parametrize("days", [7, 35])
def test_b30_a_copy_with_a_retention_at_the_bounds_completes(aws: Aws, days: int) -> None:
    point = aws.back_up(ORDERS)
    aws.lock("archive", ARCHIVE, MinRetentionDays=7, MaxRetentionDays=35)
    assert aws.copy(point, "local", vault_arn("archive", ARCHIVE), Lifecycle={"DeleteAfterDays": days})


@pytest.mark.parametrize("lifecycle", [{}, {"Lifecycle": {"DeleteAfterDays": -1}}])
def test_b31_a_backup_without_an_end_is_above_any_maximum(aws: Aws, lifecycle: dict) -> None:
    aws.lock("local", MaxRetentionDays=36500)
    aws.failed_backup(ORDERS, "B-31", **lifecycle)


@pytest.mark.parametrize("lifecycle", [{}, {"Lifecycle": {"DeleteAfterDays": -1}}])
def test_b31_a_backup_without_an_end_is_not_below_a_minimum(aws: Aws, lifecycle: dict) -> None:
    aws.lock("local", MinRetentionDays=36500)
    assert aws.back_up(ORDERS, **lifecycle)


def test_b31_a_copy_without_an_end_is_above_any_maximum(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.lock("archive", ARCHIVE, MaxRetentionDays=36500)
    aws.failed(aws.ended_copy(point, "local", vault_arn("archive", ARCHIVE)), "B-31")


@pytest.mark.parametrize("days", [5, 100])
def test_b32_a_lock_changes_nothing_of_the_points_that_are_there(aws: Aws, days: int) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": days})
    aws.lock("local", MinRetentionDays=7, MaxRetentionDays=35)
    aws.forward((days - 1) * DAY)
    assert aws.point("local", point)["CalculatedLifecycle"]["DeleteAt"] == START + days * DAY
    aws.forward(2 * DAY)
    assert aws.points("local") == []


@pytest.mark.parametrize("lock", [{"MinRetentionDays": 7}, {"MinRetentionDays": 7, "ChangeableForDays": 3}])
def test_b33_a_point_in_a_locked_vault_is_deleted_at_its_end(aws: Aws, lock: dict) -> None:
    aws.lock("local", **lock)
    aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    aws.forward(6 * DAY)
    assert len(aws.points("local")) == 1
    aws.forward(2 * DAY)
    assert aws.points("local") == []


def test_b33_a_point_in_a_locked_vault_moves_to_cold_storage(aws: Aws) -> None:
    aws.lock("local", MinRetentionDays=7)
    point = aws.back_up(ORDERS, Lifecycle={"MoveToColdStorageAfterDays": 7, "DeleteAfterDays": 97})
    aws.forward(8 * DAY)
    assert aws.point("local", point)["StorageClass"] == "COLD"


@pytest.mark.parametrize(("lock", "later"), LOCKS)
def test_b34_an_empty_vault_can_be_deleted_although_it_is_locked(aws: Aws, lock: dict, later: float) -> None:
    aws.lock("local", **lock)
    aws.forward(later)
    aws.call("DeleteBackupVault", BackupVaultName="local")
    with refused(NOT_FOUND, "B-2"):
        described(aws)


def test_b16_a_locked_vault_with_a_point_can_not_be_deleted(aws: Aws) -> None:
    aws.back_up(ORDERS)
    aws.lock("local", MinRetentionDays=7)
    with refused(INVALID_REQUEST, "B-16"):
        aws.call("DeleteBackupVault", BackupVaultName="local")


def test_b35_the_deletion_of_a_lock_that_is_not_there_succeeds(aws: Aws) -> None:
    unlock(aws)
    assert described(aws)["Locked"] is False
