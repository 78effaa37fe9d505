"""The statements about copy jobs (B-150 to B-178), but for their keys and permissions of roles."""

from __future__ import annotations

import pytest
from backup.world import Organization, Resource
from rules_aws import (
    ARCHIVE,
    DAY,
    HOUR,
    INVALID,
    INVALID_REQUEST,
    IRELAND,
    LET_COPIES_IN,
    MANAGEMENT,
    NOT_FOUND,
    ROLE,
    START,
    STRANGER,
    WORKLOAD,
    Aws,
    refused,
    rule,
    table_arn,
    utc,
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


def test_b160_into_another_account_a_vault_without_a_policy_lets_nothing_in(aws: Aws) -> None:
    aws.vault("closed", ARCHIVE)
    job = aws.ended_copy(aws.back_up(ORDERS), "local", vault_arn("closed", ARCHIVE))
    aws.failed(job, "B-160")
    assert "Access Denied trying to call AWS Backup service" in job["StatusMessage"]


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444444444444:root"}, "Action": "backup:CopyIntoBackupVault"},
        {"Effect": "Allow", "Principal": "*", "Action": "backup:StartBackupJob"},
        {"Effect": "Deny", "Principal": "*", "Action": "backup:CopyIntoBackupVault"},
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "backup:CopyIntoBackupVault",
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-other"}},
        },
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "backup:CopyIntoBackupVault",
            "Resource": "arn:aws:backup:eu-west-2:333333333333:backup-vault:other",
        },
    ],
    ids=["another account", "another action", "denied", "another organization", "another vault"],
)
def test_b160_a_policy_that_does_not_let_the_role_in_fails_the_copy(aws: Aws, statement: dict) -> None:
    aws.policy("archive", {"Version": "2012-10-17", "Statement": [{"Resource": "*", **statement}]}, ARCHIVE)
    aws.failed(aws.ended_copy(aws.back_up(ORDERS), "local", ARCHIVED), "B-160")
    assert aws.points("archive", ARCHIVE) == []


def test_b160_a_deny_prevails_over_an_allow(aws: Aws) -> None:
    allow = {"Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
    denied = {**allow, "Effect": "Deny", "Principal": {"AWS": ROLE}}
    aws.policy("archive", {"Version": "2012-10-17", "Statement": [allow, denied]}, ARCHIVE)
    aws.failed(aws.ended_copy(aws.back_up(ORDERS), "local", ARCHIVED), "B-160")


@pytest.mark.parametrize(
    "statement",
    [
        {"Principal": {"AWS": f"arn:aws:iam::{WORKLOAD}:root"}, "Resource": "*"},
        {"Principal": {"AWS": ROLE}, "Resource": "*"},
        {"Principal": "*", "Resource": ARCHIVED},
        {"Principal": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}},
    ],
    ids=["account", "role", "vault", "organization"],
)
def test_b160_a_policy_that_lets_the_role_in_is_enough(aws: Aws, statement: dict) -> None:
    allow = {"Effect": "Allow", "Action": "backup:CopyIntoBackupVault", **statement}
    aws.policy("archive", {"Version": "2012-10-17", "Statement": [allow]}, ARCHIVE)
    assert aws.copy(aws.back_up(ORDERS), "local", ARCHIVED)


def test_b161_within_the_account_no_policy_is_needed(aws: Aws) -> None:
    assert aws.copy(aws.back_up(ORDERS), "local", REMOTE)


def test_b161_within_the_account_a_deny_fails_the_copy(aws: Aws) -> None:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
    aws.policy("remote", {"Version": "2012-10-17", "Statement": [statement]}, region=IRELAND)
    aws.failed(aws.ended_copy(aws.back_up(ORDERS), "local", REMOTE), "B-161")


@pytest.mark.parametrize("organization", [None, Organization("o-other", STRANGER, "o-other/r-x/")])
def test_b162_accounts_of_different_organizations_can_not_copy(aws: Aws, organization: Organization | None) -> None:
    if organization:
        aws.world.organizations[ARCHIVE] = organization
    else:
        del aws.world.organizations[ARCHIVE]
    job = aws.ended_copy(aws.back_up(ORDERS), "local", ARCHIVED)
    aws.failed(job, "B-162")
    assert "Both source and destination account must be a member of the same organization" in job["StatusMessage"]


def test_b163_copies_across_accounts_have_to_be_turned_on(aws: Aws) -> None:
    aws.call("UpdateGlobalSettings", MANAGEMENT, GlobalSettings={"isCrossAccountBackupEnabled": "false"})
    job = aws.ended_copy(aws.back_up(ORDERS), "local", ARCHIVED)
    aws.failed(job, "B-163")
    assert "Cross-account copy feature is not enabled for the current organization" in job["StatusMessage"]


def test_b163_copies_within_the_account_need_no_setting(aws: Aws) -> None:
    aws.call("UpdateGlobalSettings", MANAGEMENT, GlobalSettings={"isCrossAccountBackupEnabled": "false"})
    assert aws.copy(aws.back_up(ORDERS), "local", REMOTE)


def test_b164_the_default_vault_of_another_account_can_not_be_the_destination(aws: Aws) -> None:
    aws.vault("Default", ARCHIVE)
    aws.policy("Default", LET_COPIES_IN, ARCHIVE)
    aws.failed(aws.ended_copy(aws.back_up(ORDERS), "local", vault_arn("Default", ARCHIVE)), "B-164")


def test_b164_the_default_vault_of_the_account_can_be_the_destination(aws: Aws) -> None:
    aws.vault("Default", region=IRELAND)
    assert aws.copy(aws.back_up(ORDERS), "local", vault_arn("Default", region=IRELAND))


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
