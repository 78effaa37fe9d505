"""The statements about metrics (B-280 to B-286)."""

from __future__ import annotations

import pytest
from backup.world import Resource
from rules_aws import ARCHIVE, DAY, IRELAND, LET_COPIES_IN, RESTORE_ROLE, ROLE, WORKLOAD, Aws, vault_arn
from rules_ends import ORDERS, abort, complete, expire, fail

ARCHIVED, REMOTE = vault_arn("archive", ARCHIVE), vault_arn("remote", region=IRELAND)


def measured(aws: Aws, name: str, account: str = WORKLOAD, region: str = "eu-west-2") -> list[dict[str, str]]:
    """The dimensions of each value of a metric, which is 1."""
    found = [(dimensions, value) for who, where, metric, dimensions, value in aws.world.metrics if (who, where, metric) == (account, region, name)]
    assert {value for _, value in found} <= {1}
    return [dict(dimensions) for dimensions, _ in found]


def both(vault: str, kind: str = "DynamoDB") -> list[dict[str, str]]:
    return [{"BackupVaultName": vault}, {"BackupVaultName": vault, "ResourceType": kind}]


def test_b280_a_metric_has_values_for_the_vault_and_for_the_vault_and_type(aws: Aws) -> None:
    complete(aws)
    assert sorted(measured(aws, "NumberOfBackupJobsCompleted"), key=len) == both("local")


def test_b280_no_metric_is_without_dimensions(aws: Aws) -> None:
    aws.copy(aws.back_up(ORDERS), "local", ARCHIVED)
    assert all(dimensions.get("BackupVaultName") for _, _, _, dimensions, _ in aws.world.metrics)


@pytest.mark.parametrize(
    ("how", "metrics"),
    [
        (complete, ["Created", "Running", "Completed"]),
        (fail, ["Created", "Failed"]),
        (expire, ["Created", "Expired"]),
        (abort, ["Created", "Aborted"]),
    ],
)
def test_b281_metrics_count_backup_jobs_by_state(aws: Aws, how: object, metrics: list[str]) -> None:
    how(aws)  # type: ignore[operator]
    for state in ("Created", "Running", "Completed", "Failed", "Expired", "Aborted"):
        if state == "Running" and how is fail:
            continue  # whether a job that fails at its start was RUNNING is not said
        values = measured(aws, f"NumberOfBackupJobs{state}")
        assert len(values) == (2 if state in metrics else 0), state


@pytest.mark.parametrize("destination", [ARCHIVED, REMOTE])
def test_b282_metrics_count_copies_to_another_account_or_region_by_destination(aws: Aws, destination: str) -> None:
    aws.copy(aws.back_up(ORDERS), "local", destination)
    name = destination.split(":")[-1]
    for state in ("Created", "Running", "Completed"):
        assert sorted(measured(aws, f"NumberOfCopyJobs{state}"), key=len) == both(name)


def test_b282_a_failed_copy_is_counted(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.call("DeleteBackupVaultAccessPolicy", ARCHIVE, BackupVaultName="archive")
    aws.ended_copy(point, "local", ARCHIVED)
    assert sorted(measured(aws, "NumberOfCopyJobsFailed"), key=len) == both("archive")


def test_b282_a_copy_within_the_account_and_region_is_not_counted(aws: Aws) -> None:
    aws.vault("second")
    aws.copy(aws.back_up(ORDERS), "local", vault_arn("second"))
    assert [metric for _, _, metric, _, _ in aws.world.metrics if "Copy" in metric] == []


@pytest.mark.parametrize(("account", "region"), [(ARCHIVE, "eu-west-2"), (WORKLOAD, IRELAND)])
def test_b282_copies_are_not_counted_where_their_destination_is(aws: Aws, account: str, region: str) -> None:
    point = aws.back_up(ORDERS)
    aws.copy(point, "local", ARCHIVED)
    aws.copy(point, "local", REMOTE)
    assert [metric for who, where, metric, _, _ in aws.world.metrics if (who, where) == (account, region) and "CopyJobs" in metric] == []


@pytest.mark.parametrize(("works", "states"), [(True, ["Pending", "Running", "Completed"]), (False, ["Pending", "Failed"])])
def test_b283_metrics_count_restore_jobs_by_the_vault_of_the_point(aws: Aws, works: bool, states: list[str]) -> None:
    point = aws.back_up(ORDERS)
    if not works:
        aws.world.delete_role(RESTORE_ROLE)
    aws.ended_restore(point)
    for state in states:
        assert sorted(measured(aws, f"NumberOfRestoreJobs{state}"), key=len) == both("local")


def test_b284_metrics_count_points_and_copies(aws: Aws) -> None:
    aws.copy(aws.back_up(ORDERS), "local", ARCHIVED)
    assert sorted(measured(aws, "NumberOfRecoveryPointsCompleted"), key=len) == both("local")
    assert sorted(measured(aws, "NumberOfRecoveryPointsCompleted", ARCHIVE), key=len) == both("archive")


def test_b284_metrics_count_points_that_are_deleted(aws: Aws) -> None:
    aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    aws.forward(8 * DAY)
    assert sorted(measured(aws, "NumberOfRecoveryPointsDeleting"), key=len) == both("local")
    assert measured(aws, "NumberOfRecoveryPointsExpired") == []


def test_b284_metrics_count_points_that_expire(aws: Aws) -> None:
    aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    aws.world.delete_role(ROLE)
    aws.forward(8 * DAY)
    assert sorted(measured(aws, "NumberOfRecoveryPointsExpired"), key=len) == both("local")


def test_b284_metrics_count_points_that_move_to_cold_storage(aws: Aws) -> None:
    aws.back_up(ORDERS, Lifecycle={"MoveToColdStorageAfterDays": 1, "DeleteAfterDays": 91})
    aws.forward(2 * DAY)
    assert sorted(measured(aws, "NumberOfRecoveryPointsCold"), key=len) == both("local")


def test_b285_a_metric_is_published_at_once(aws: Aws) -> None:
    aws.start_backup(ORDERS)
    assert len(measured(aws, "NumberOfBackupJobsCreated")) == 2


def test_b286_the_type_is_that_of_the_events(aws: Aws) -> None:
    arn = f"arn:aws:elasticfilesystem:eu-west-2:{WORKLOAD}:file-system/fs-1"
    aws.world.tables[arn] = Resource(arn, "EFS")
    aws.back_up(arn)
    assert sorted(measured(aws, "NumberOfBackupJobsCompleted"), key=len) == both("local", "EFS")


def test_metrics_of_an_account_stay_in_it(aws: Aws) -> None:
    aws.vault("local", ARCHIVE)
    aws.policy("local", LET_COPIES_IN, ARCHIVE)
    complete(aws)
    assert [who for who, _, metric, _, _ in aws.world.metrics if "BackupJobs" in metric and who != WORKLOAD] == []
