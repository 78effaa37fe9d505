"""The statements about restore jobs (B-210 to B-226, without encryption)."""

from __future__ import annotations

import pytest
from backup.world import Snapshot
from rules_aws import (
    ARCHIVE,
    DAY,
    HOUR,
    INVALID,
    INVALID_REQUEST,
    IRELAND,
    NOT_FOUND,
    RESTORE_ROLE,
    START,
    WORKLOAD,
    Aws,
    refused,
    table_arn,
    vault_arn,
)

ORDERS = table_arn("orders")


def test_b210_a_point_of_another_account_can_not_be_restored(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    with refused(NOT_FOUND, "B-210", "B-2"):
        aws.start_restore(point, ARCHIVE, role=f"arn:aws:iam::{ARCHIVE}:role/backup", targetTableName="restored")


def test_b210_a_point_of_another_region_can_not_be_restored(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    with refused(NOT_FOUND, "B-210", "B-2"):
        aws.start_restore(point, region=IRELAND, targetTableName="restored")


def test_b210_a_copy_can_be_restored_where_it_is(aws: Aws) -> None:
    copied = aws.copy(aws.back_up(ORDERS), "local", vault_arn("remote", region=IRELAND))
    job = aws.ended_restore(copied, region=IRELAND, encryptionType="Default")
    assert job["CreatedResourceArn"] == table_arn("restored", region=IRELAND)


def test_b210_the_original_account_restores_a_point_only_after_it_was_copied_back(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    copied = aws.copy(point, "local", vault_arn("archive", ARCHIVE))
    aws.delete_point("local", point)
    aws.forward(HOUR)
    with refused(NOT_FOUND, "B-210", "B-2"):
        aws.start_restore(copied, targetTableName="restored")
    allow = {"Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
    aws.policy("local", {"Statement": [allow]})
    back = aws.copy(copied, "archive", vault_arn("local"), ARCHIVE, role=f"arn:aws:iam::{ARCHIVE}:role/backup")
    assert aws.ended_restore(back)["Status"] == "COMPLETED"


def test_b211_a_point_that_is_being_made_can_not_be_restored(aws: Aws) -> None:
    aws.start_backup(ORDERS)
    aws.forward(50)
    (point,) = aws.points("local")
    with refused(INVALID_REQUEST, "B-211"):
        aws.start_restore(point, targetTableName="restored")


def test_b211_an_expired_point_can_not_be_restored(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    trust = aws.world.trusts.pop(f"arn:aws:iam::{WORKLOAD}:role/backup")
    aws.forward(8 * DAY)
    aws.world.trusts[f"arn:aws:iam::{WORKLOAD}:role/backup"] = trust
    with refused(INVALID_REQUEST, "B-211"):
        aws.start_restore(point, targetTableName="restored")


def test_b211_a_point_in_cold_storage_can_be_restored(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"MoveToColdStorageAfterDays": 1, "DeleteAfterDays": 91})
    aws.forward(2 * DAY)
    assert aws.ended_restore(point)["Status"] == "COMPLETED"


@pytest.mark.parametrize("key", ["targetTable", "originalTableName", "billingMode", ""])
def test_b212_an_unknown_metadata_key_is_refused(aws: Aws, key: str) -> None:
    point = aws.back_up(ORDERS)
    with refused(INVALID, "B-212"):
        aws.start_restore(point, **{"targetTableName": "restored", key: "x"})


@pytest.mark.parametrize("key", ["targetTableName", "TargetTableName", "TARGETTABLENAME", "targettablename"])
def test_b212_upper_and_lower_case_of_metadata_keys_are_the_same(aws: Aws, key: str) -> None:
    point = aws.back_up(ORDERS)
    job = aws.start_restore(point, **{key: "restored", "EncryptionType": "Default", "aws:backup:request-id": "1"})
    aws.forward(HOUR)
    assert aws.restore_job(job)["CreatedResourceArn"] == table_arn("restored")


@pytest.mark.parametrize("metadata", [{}, {"encryptionType": "Default"}])
def test_b213_the_name_of_the_new_table_is_required(aws: Aws, metadata: dict) -> None:
    point = aws.back_up(ORDERS)
    with refused(INVALID, "B-213"):
        aws.start_restore(point, **metadata)


def test_b215_a_restore_makes_a_new_table_of_the_content_of_the_backup(aws: Aws) -> None:
    aws.world.contents[ORDERS] = ["one"]
    point = aws.back_up(ORDERS)
    aws.world.contents[ORDERS] = ["two"]
    aws.ended_restore(point)
    ((snapshot, metadata, account, region),) = aws.world.restored
    assert snapshot == Snapshot(["one"], 100, "orders")
    assert (metadata["targetTableName"], account, region) == ("restored", WORKLOAD, "eu-west-2")


def test_b215_a_restore_onto_a_table_that_exists_fails(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.table("restored")
    aws.failed(aws.ended_restore(point), "B-215")


def test_b215_a_restore_onto_the_original_table_fails(aws: Aws) -> None:
    aws.failed(aws.ended_restore(aws.back_up(ORDERS), targetTableName="orders"), "B-215")


def test_b215_a_table_that_is_made_while_a_restore_runs_is_not_overwritten(aws: Aws) -> None:
    job = aws.start_restore(aws.back_up(ORDERS), targetTableName="restored")
    aws.forward(60)
    aws.table("restored")
    aws.forward(HOUR)
    assert aws.restore_job(job)["Status"] == "FAILED"
    assert aws.world.restored == []


def test_b218_a_restore_is_pending_runs_and_completes(aws: Aws) -> None:
    job = aws.start_restore(aws.back_up(ORDERS), targetTableName="restored")
    assert aws.restore_job(job)["Status"] == "PENDING"
    aws.forward(60)
    assert aws.restore_job(job)["Status"] == "RUNNING"
    assert "CreatedResourceArn" not in aws.restore_job(job)
    aws.forward(HOUR)
    assert aws.restore_job(job)["Status"] == "COMPLETED"
    assert aws.restore_job(job)["CreatedResourceArn"] == table_arn("restored")


def test_b219_a_restore_of_a_table_needs_a_role(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    with refused(INVALID, "B-219"):
        aws.call("StartRestoreJob", RecoveryPointArn=point, Metadata={"targetTableName": "restored"})


def test_b220_a_role_that_is_gone_fails_the_restore(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.world.delete_role(RESTORE_ROLE)
    aws.failed(aws.ended_restore(point), "B-220")


def test_b220_a_role_that_aws_backup_can_not_assume_fails_the_restore(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    aws.world.trusts[RESTORE_ROLE] = {"Statement": [trust]}
    aws.failed(aws.ended_restore(point), "B-220")


def test_b222_the_tags_of_the_source_do_not_come_back(aws: Aws) -> None:
    aws.table("tagged", tags={"team": "sales"})
    point = aws.back_up(table_arn("tagged"))
    aws.call(
        "StartRestoreJob",
        RecoveryPointArn=point,
        IamRoleArn=RESTORE_ROLE,
        Metadata={"targetTableName": "restored"},
        CopySourceTagsToRestoredResource=True,
    )
    aws.forward(HOUR)
    assert aws.world.tables[table_arn("restored")].tags == {}


def test_b223_two_restores_of_a_point_run_at_the_same_time(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    jobs = [aws.start_restore(point, targetTableName=name) for name in ("one", "two")]
    aws.forward(60)
    assert [aws.restore_job(job)["Status"] for job in jobs] == ["RUNNING", "RUNNING"]


def test_b223_a_restore_runs_beside_a_backup(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    restore = aws.start_restore(point, targetTableName="restored")
    aws.backup.assumptions.seconds_to_back_up = HOUR
    backup = aws.start_backup(ORDERS)
    aws.forward(60)
    assert (aws.restore_job(restore)["Status"], aws.backup_job(backup)["State"]) == ("RUNNING", "RUNNING")


def test_b224_the_same_token_starts_one_restore(aws: Aws) -> None:
    given = {"RecoveryPointArn": aws.back_up(ORDERS), "IamRoleArn": RESTORE_ROLE, "IdempotencyToken": "once"}
    first = aws.call("StartRestoreJob", Metadata={"targetTableName": "one"}, **given)["RestoreJobId"]
    assert aws.call("StartRestoreJob", Metadata={"targetTableName": "one"}, **given)["RestoreJobId"] == first
    with refused(INVALID, "B-135", "B-224"):
        aws.call("StartRestoreJob", Metadata={"targetTableName": "two"}, **given)
    aws.forward(HOUR)
    assert len(aws.world.restored) == 1


def test_b225_a_completed_restore_is_the_points_last(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    assert "LastRestoreTime" not in aws.point("local", point)
    aws.ended_restore(point)
    assert START + HOUR < aws.point("local", point)["LastRestoreTime"] <= START + 2 * HOUR


def test_b225_a_restore_that_failed_is_not(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.world.delete_role(RESTORE_ROLE)
    aws.ended_restore(point)
    assert "LastRestoreTime" not in aws.point("local", point)


def metadata(aws: Aws, point: str) -> dict:
    return aws.call("GetRecoveryPointRestoreMetadata", BackupVaultName="local", RecoveryPointArn=point)["RestoreMetadata"]


def test_b226_the_restore_metadata_of_a_table(aws: Aws) -> None:
    assert metadata(aws, aws.back_up(ORDERS)) == {"targetTableName": "orders", "encryptionType": "Default"}


def test_b226_the_restore_metadata_of_a_table_with_a_key(aws: Aws) -> None:
    key = aws.key("table")
    aws.table("secret", key_arn=key)
    given = metadata(aws, aws.back_up(table_arn("secret")))
    assert given == {"targetTableName": "secret", "encryptionType": "KMS", "kmsMasterKeyArn": key}
