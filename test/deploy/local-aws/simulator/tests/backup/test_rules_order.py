"""Which rule refuses a call or fails a job where several do (the last paragraph of docs/aws-behaviour.md), and when they are asked."""

from __future__ import annotations

import pytest
from backup.world import Key
from rules_aws import (
    ARCHIVE,
    DAY,
    DENIED,
    HOUR,
    INVALID,
    INVALID_REQUEST,
    LET_COPIES_IN,
    MANAGEMENT,
    NOT_FOUND,
    ROLE,
    WORKLOAD,
    Aws,
    deny,
    refused,
    table_arn,
    vault_arn,
)
from rules_world import BACKUP_MAY_ASSUME

ORDERS = table_arn("orders")
OPERATOR = f"arn:aws:iam::{WORKLOAD}:user/operator"


def test_a_call_is_checked_by_members_then_existence_then_policy_then_passing_of_the_role(aws: Aws) -> None:
    aws.policy("local", deny("backup:StartBackupJob"))
    aws.world.without(OPERATOR, "iam:PassRole")
    with refused(INVALID, "B-57"):
        aws.start_backup(table_arn("nothing"), "nothing", Lifecycle={"DeleteAfterDays": 0})
    with refused(NOT_FOUND, "B-2", "B-125", "B-126"):
        aws.start_backup(table_arn("nothing"), "nothing")
    with refused(DENIED, "B-43"):
        aws.start_backup(ORDERS)
    aws.call("DeleteBackupVaultAccessPolicy", BackupVaultName="local")
    with refused(DENIED, "B-300"):
        aws.start_backup(ORDERS)


def test_a_backup_job_is_checked_in_the_order_of_the_page(aws: Aws) -> None:
    key = aws.key("vault")
    aws.vault("keyed", EncryptionKeyArn=key)
    aws.world.keys[key] = Key(key, "Disabled", None, "CUSTOMER")
    aws.lock("keyed", MinRetentionDays=7)
    aws.world.without(ROLE, "dynamodb:StartAwsBackupJob")
    aws.world.delete_role(ROLE)
    given = {"vault": "keyed", "Lifecycle": {"DeleteAfterDays": 1}}
    aws.failed_backup(ORDERS, "B-128", **given)
    aws.world.trusts[ROLE] = BACKUP_MAY_ASSUME
    aws.failed_backup(ORDERS, "B-304", **given)
    del aws.world.identities[ROLE]
    aws.failed_backup(ORDERS, "B-130", **given)
    aws.key("vault")
    aws.failed_backup(ORDERS, "B-30", **given)
    assert aws.back_up(ORDERS, "keyed", Lifecycle={"DeleteAfterDays": 7})


def test_a_copy_job_is_checked_in_the_order_of_the_page(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    key = aws.key("archive", ARCHIVE)

    def fails(statement: str) -> None:
        job = aws.ended_copy(point, "local", vault_arn("keyed", ARCHIVE), Lifecycle={"DeleteAfterDays": 1})
        aws.failed(job, statement)

    aws.world.delete_role(ROLE)
    aws.call("UpdateGlobalSettings", MANAGEMENT, GlobalSettings={"isCrossAccountBackupEnabled": "false"})
    aws.world.without(ROLE, "backup:CopyFromBackupVault")
    fails("B-152")
    aws.vault("keyed", ARCHIVE, EncryptionKeyArn=key)
    aws.world.keys[key] = Key(key, "Disabled", None, "CUSTOMER")
    aws.lock("keyed", ARCHIVE, MinRetentionDays=7)
    fails("B-156")
    aws.world.trusts[ROLE] = BACKUP_MAY_ASSUME
    fails("B-163")
    aws.across_accounts()
    fails("B-157")
    del aws.world.identities[ROLE]
    fails("B-160")
    aws.policy("keyed", LET_COPIES_IN, ARCHIVE)
    fails("B-170")
    aws.key("archive", ARCHIVE)
    fails("B-30")
    assert aws.points("keyed", ARCHIVE) == []


def test_b125_a_vault_that_is_gone_when_the_job_starts_fails_it(aws: Aws) -> None:
    job = aws.start_backup(ORDERS)
    aws.call("DeleteBackupVault", BackupVaultName="local")
    aws.forward(HOUR)
    aws.failed(aws.backup_job(job), "B-125")


def test_b30_a_lock_that_is_put_before_the_job_starts_fails_it(aws: Aws) -> None:
    job = aws.start_backup(ORDERS, Lifecycle={"DeleteAfterDays": 1})
    aws.lock("local", MinRetentionDays=7)
    aws.forward(HOUR)
    aws.failed(aws.backup_job(job), "B-30")


def deleting(aws: Aws) -> str:
    point = aws.back_up(ORDERS)
    aws.backup.assumptions.seconds_to_delete = DAY
    aws.delete_point("local", point)
    assert aws.point("local", point)["Status"] == "DELETING"
    return point


def test_b150_a_point_that_is_being_deleted_can_not_be_copied(aws: Aws) -> None:
    point = deleting(aws)
    with refused(INVALID_REQUEST, "B-150"):
        aws.start_copy(point, "local", vault_arn("archive", ARCHIVE))


def test_b211_a_point_that_is_being_deleted_can_not_be_restored(aws: Aws) -> None:
    point = deleting(aws)
    with refused(INVALID_REQUEST, "B-211"):
        aws.start_restore(point, targetTableName="restored")


def test_b153_a_point_that_moves_to_cold_storage_before_the_copy_starts_fails_it(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"MoveToColdStorageAfterDays": 1, "DeleteAfterDays": 91})
    aws.backup.assumptions.seconds_until_copy_starts = 2 * DAY
    job = aws.start_copy(point, "local", vault_arn("archive", ARCHIVE))
    aws.forward(3 * DAY)
    aws.failed(aws.copy_job(job), "B-153")


def test_b199_a_point_that_reaches_its_end_during_a_restore_is_deleted_after_it(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 1})
    aws.backup.assumptions.seconds_to_restore = 3 * DAY
    job = aws.start_restore(point, targetTableName="restored")
    aws.forward(2 * DAY)
    assert (aws.restore_job(job)["Status"], aws.points("local")) == ("RUNNING", [point])
    aws.forward(2 * DAY)
    assert (aws.restore_job(job)["Status"], aws.points("local")) == ("COMPLETED", [])


def test_b199_a_point_whose_restore_is_pending_can_not_be_deleted(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.start_restore(point, targetTableName="restored")
    with refused("InvalidResourceStateException", "B-199"):
        aws.delete_point("local", point)
