"""The statements about copy jobs (B-150 to B-155, B-172 to B-178)."""

from __future__ import annotations

import pytest
from backup.world import Resource
from rules_aws import (
    ARCHIVE,
    DAY,
    HOUR,
    INVALID,
    INVALID_REQUEST,
    IRELAND,
    LET_COPIES_IN,
    NOT_FOUND,
    ROLE,
    WORKLOAD,
    Aws,
    refused,
    rule,
    table_arn,
    vault_arn,
)

ORDERS = table_arn("orders")
REMOTE, ARCHIVED = vault_arn("remote", region=IRELAND), vault_arn("archive", ARCHIVE)


def test_b150_a_copy_needs_the_source_vault(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    with refused(NOT_FOUND, "B-150", "B-2"):
        aws.start_copy(point, "other", REMOTE)


def test_b150_a_copy_needs_the_point_in_the_source_vault(aws: Aws) -> None:
    aws.vault("other")
    point = aws.back_up(ORDERS)
    with refused(NOT_FOUND, "B-150", "B-2"):
        aws.start_copy(point, "other", REMOTE)


def test_b150_a_point_that_is_being_made_can_not_be_copied(aws: Aws) -> None:
    aws.start_backup(ORDERS)
    aws.forward(50)
    (point,) = aws.points("local")
    assert aws.point("local", point)["Status"] == "CREATING"
    with refused(INVALID_REQUEST, "B-150"):
        aws.start_copy(point, "local", REMOTE)


@pytest.mark.parametrize(
    "destination",
    [
        "remote",
        "arn:aws:backup:eu-west-1:222222222222:recovery-point:remote",
        "arn:aws:backup:eu-west-1:222222222222:backup-vault:r",
        "arn:aws:backup:eu-west-1:22:backup-vault:remote",
        "arn:aws:s3:eu-west-1:222222222222:backup-vault:remote",
    ],
)
def test_b151_a_destination_that_is_no_vault_is_refused(aws: Aws, destination: str) -> None:
    point = aws.back_up(ORDERS)
    with refused(INVALID, "B-151", "B-55"):
        aws.start_copy(point, "local", destination)


@pytest.mark.parametrize("destination", [vault_arn("nothing"), vault_arn("nothing", region=IRELAND), vault_arn("nothing", ARCHIVE)])
def test_b152_a_copy_into_a_vault_that_does_not_exist_fails(aws: Aws, destination: str) -> None:
    point = aws.back_up(ORDERS)
    aws.failed(aws.ended_copy(point, "local", destination), "B-152")


def test_b153_a_point_in_cold_storage_can_not_be_copied(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"MoveToColdStorageAfterDays": 1, "DeleteAfterDays": 91})
    aws.forward(2 * DAY)
    with refused(INVALID_REQUEST, "B-153"):
        aws.start_copy(point, "local", REMOTE)


def plain(bare: Aws) -> str:
    """A point of a table without advanced features."""
    bare.across_accounts()
    bare.vault("local")
    bare.vault("other")
    bare.vault("remote", region=IRELAND)
    bare.vault("archive", ARCHIVE)
    bare.policy("archive", LET_COPIES_IN, ARCHIVE)
    bare.table("orders")
    return bare.back_up(ORDERS)


@pytest.mark.parametrize("destination", [REMOTE, ARCHIVED, vault_arn("other")])
def test_b154_a_table_without_advanced_features_can_not_be_copied_anywhere(bare: Aws, destination: str) -> None:
    point = plain(bare)
    bare.failed(bare.ended_copy(point, "local", destination), "B-154")


def test_b154_a_redshift_cluster_can_not_be_copied(aws: Aws) -> None:
    arn = f"arn:aws:redshift:eu-west-2:{WORKLOAD}:cluster:sales"
    aws.world.tables[arn] = Resource(arn, "Redshift")
    point = aws.back_up(arn)
    aws.failed(aws.ended_copy(point, "local", REMOTE), "B-154")


def stack(aws: Aws) -> str:
    arn = f"arn:aws:cloudformation:eu-west-2:{WORKLOAD}:stack/web/1b2c"
    aws.world.tables[arn] = Resource(arn, "CloudFormation")
    return aws.back_up(arn)


def test_b154_a_stack_can_not_be_copied_to_another_account(aws: Aws) -> None:
    aws.failed(aws.ended_copy(stack(aws), "local", ARCHIVED), "B-154")


def test_b154_a_stack_can_be_copied_to_another_region(aws: Aws) -> None:
    assert aws.copy(stack(aws), "local", REMOTE)


def test_b155_a_plan_does_not_copy_copies_on(aws: Aws) -> None:
    aws.vault("second")
    plan = aws.plan(
        rule("first", "local", CopyActions=[{"DestinationBackupVaultArn": vault_arn("second")}]),
        rule("other", "second", "cron(0 12 ? * * *)", CopyActions=[{"DestinationBackupVaultArn": REMOTE}]),
    )
    aws.select(plan, ORDERS)
    aws.until("2026-03-02T11:00")
    assert len(aws.points("second")) == 1
    assert aws.points("remote", region=IRELAND) == []
    aws.until("2026-03-02T20:00")
    assert len(aws.points("second")) == 2
    assert len(aws.points("remote", region=IRELAND)) == 1


def test_b155_a_copy_can_be_copied_by_a_call(aws: Aws) -> None:
    copied = aws.copy(aws.back_up(ORDERS), "local", REMOTE)
    aws.vault("archive", ARCHIVE, IRELAND)
    aws.policy("archive", LET_COPIES_IN, ARCHIVE, IRELAND)
    assert aws.copy(copied, "remote", vault_arn("archive", ARCHIVE, IRELAND), region=IRELAND)


def test_b172_a_copy_has_the_tags_of_its_source(aws: Aws) -> None:
    aws.table("tagged", tags={"team": "sales"})
    point = aws.back_up(table_arn("tagged"), RecoveryPointTags={"reason": "release"})
    copied = aws.copy(point, "local", ARCHIVED)
    assert aws.call("ListTags", ARCHIVE, ResourceArn=copied)["Tags"] == {"team": "sales", "reason": "release"}


def test_b173_copy_jobs_belong_to_the_account_and_region_of_the_source(aws: Aws) -> None:
    aws.copy(aws.back_up(ORDERS), "local", ARCHIVED)
    assert len(aws.copy_jobs()) == 1
    assert aws.copy_jobs(ARCHIVE) == []
    assert aws.events("Copy Job State Change", ARCHIVE) == []
    assert len(aws.events("Copy Job State Change")) >= 3


def test_b173_copy_jobs_do_not_belong_to_the_region_of_the_destination(aws: Aws) -> None:
    aws.copy(aws.back_up(ORDERS), "local", REMOTE)
    assert aws.copy_jobs(region=IRELAND) == []
    assert aws.events("Copy Job State Change", region=IRELAND) == []


def test_b174_a_copy_waits_for_days_until_the_resource_is_free(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.backup.assumptions.seconds_to_back_up = 5 * DAY
    aws.start_backup(ORDERS)
    aws.forward(HOUR)
    job = aws.start_copy(point, "local", REMOTE)
    aws.forward(4 * DAY)
    assert aws.copy_job(job)["State"] == "CREATED"
    aws.forward(2 * DAY)
    assert aws.copy_job(job)["State"] == "COMPLETED"


def test_b175_the_same_token_starts_one_copy(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    first = aws.start_copy(point, "local", REMOTE, IdempotencyToken="once")
    assert aws.start_copy(point, "local", REMOTE, IdempotencyToken="once") == first
    aws.forward(HOUR)
    assert len(aws.points("remote", region=IRELAND)) == 1


def test_b175_the_same_token_with_other_parameters_is_refused(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.start_copy(point, "local", REMOTE, IdempotencyToken="once")
    with refused(INVALID, "B-135", "B-175"):
        aws.start_copy(point, "local", ARCHIVED, IdempotencyToken="once")


def test_b176_a_copy_job_of_a_call_is_described(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 35})
    job = aws.ended_copy(point, "local", ARCHIVED, Lifecycle={"DeleteAfterDays": 100})
    named = ("SourceBackupVaultArn", "DestinationBackupVaultArn", "SourceRecoveryPointArn", "IamRoleArn", "ResourceArn", "AccountId")
    assert [job[name] for name in named] == [vault_arn("local"), ARCHIVED, point, ROLE, ORDERS, WORKLOAD]
    assert job["DestinationRecoveryPointLifecycle"]["DeleteAfterDays"] == 100
    assert [job["DestinationRecoveryPointArn"]] == aws.points("archive", ARCHIVE)
    assert "CreatedBy" not in job


def test_b176_a_copy_job_that_waits_has_no_destination_point(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    job = aws.copy_job(aws.start_copy(point, "local", ARCHIVED))
    assert job["State"] == "CREATED"
    assert "DestinationRecoveryPointArn" not in job


def test_b176_a_copy_job_of_a_plan_names_the_plan_and_the_backup_job(aws: Aws) -> None:
    plan = aws.plan(rule(CopyActions=[{"DestinationBackupVaultArn": ARCHIVED, "Lifecycle": {"DeleteAfterDays": 100}}]))
    aws.select(plan, ORDERS)
    aws.until("2026-03-02T07:00")
    (job,) = aws.copy_jobs()
    (backup,) = aws.backup_jobs()
    assert job["CreatedBy"]["BackupPlanId"] == plan
    assert job["CreatedByBackupJobId"] == backup["BackupJobId"]
    assert job["State"] == "COMPLETED"


def test_b177_a_copy_in_another_account_is_managed_by_the_service_linked_role_there(aws: Aws) -> None:
    copied = aws.copy(aws.back_up(ORDERS), "local", ARCHIVED)
    linked = f"arn:aws:iam::{ARCHIVE}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
    assert aws.point("archive", copied, ARCHIVE)["IamRoleArn"] == linked


def test_b177_a_copy_within_the_account_is_managed_by_the_role_of_the_job(aws: Aws) -> None:
    copied = aws.copy(aws.back_up(ORDERS), "local", REMOTE)
    assert aws.point("remote", copied, region=IRELAND)["IamRoleArn"] == ROLE


def test_b178_a_source_that_is_deleted_before_the_copy_starts_fails_it(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.backup.assumptions.seconds_until_copy_starts = 600
    job = aws.start_copy(point, "local", REMOTE)
    aws.delete_point("local", point)
    aws.forward(HOUR)
    aws.failed(aws.copy_job(job), "B-178")
