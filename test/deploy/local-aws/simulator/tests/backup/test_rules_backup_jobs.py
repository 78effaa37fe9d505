"""The statements about backup jobs (B-120 to B-129, B-135 to B-137)."""

from __future__ import annotations

import pytest
from backup.world import Resource
from rules_aws import (
    ARCHIVE,
    ARCHIVE_ROLE,
    DAY,
    HOUR,
    INVALID,
    INVALID_REQUEST,
    IRELAND,
    LIMIT,
    NOT_FOUND,
    ROLE,
    START,
    WORKLOAD,
    Aws,
    refused,
    rule,
    table_arn,
    utc,
    vault_arn,
)

ORDERS = table_arn("orders")
TRUSTS = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}


def states(aws: Aws, kind: str = "Backup Job State Change") -> list[str]:
    return [detail["state"] for detail in aws.events(kind)]


def test_b120_a_job_is_created_runs_and_completes(aws: Aws) -> None:
    aws.back_up(ORDERS)
    assert states(aws) == ["CREATED", "RUNNING", "COMPLETED"]


def test_b120_a_job_that_fails_never_completes(aws: Aws) -> None:
    aws.world.delete_role(ROLE)
    aws.failed_backup(ORDERS, "B-128")
    assert states(aws)[0] == "CREATED"
    assert states(aws)[-1] == "FAILED"
    assert "COMPLETED" not in states(aws)


def test_b121_two_jobs_of_a_resource_run_one_after_the_other(aws: Aws) -> None:
    first, second = aws.start_backup(ORDERS), aws.start_backup(ORDERS)
    aws.forward(60)
    assert [aws.backup_job(job)["State"] for job in (first, second)] == ["RUNNING", "CREATED"]
    aws.forward(HOUR)
    assert [aws.backup_job(job)["State"] for job in (first, second)] == ["COMPLETED", "COMPLETED"]


def test_b121_a_backup_waits_for_a_copy_of_its_resource(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.backup.assumptions.seconds_to_copy = HOUR
    copy = aws.start_copy(point, "local", vault_arn("remote", region=IRELAND))
    aws.forward(30)
    job = aws.start_backup(ORDERS)
    aws.forward(1800)
    assert (aws.copy_job(copy)["State"], aws.backup_job(job)["State"]) == ("RUNNING", "CREATED")
    aws.forward(HOUR)
    assert aws.backup_job(job)["State"] == "COMPLETED"


def test_b121_jobs_of_different_resources_run_at_the_same_time(aws: Aws) -> None:
    first, second = aws.start_backup(ORDERS), aws.start_backup(aws.table("users"))
    aws.forward(60)
    assert [aws.backup_job(job)["State"] for job in (first, second)] == ["RUNNING", "RUNNING"]


def test_b121_waiting_jobs_run_in_the_order_of_their_creation(aws: Aws) -> None:
    jobs = [aws.start_backup(ORDERS) for _ in range(4)]
    aws.forward(HOUR)
    ended = [aws.backup_job(job)["CompletionDate"] for job in jobs]
    assert ended == sorted(ended)


def test_b122_a_job_that_waits_longer_than_its_start_window_expires(aws: Aws) -> None:
    aws.backup.assumptions.seconds_to_back_up = 5 * HOUR
    aws.start_backup(ORDERS)
    waiting = aws.start_backup(ORDERS, StartWindowMinutes=60)
    aws.forward(HOUR - 1)
    assert aws.backup_job(waiting)["State"] == "CREATED"
    aws.forward(2)
    job = aws.backup_job(waiting)
    assert job["State"] == "EXPIRED"
    assert job["StatusMessage"] == "Backup job failed because there was a running job for the same resource."
    assert aws.backup.statement_of(waiting) == "B-122"
    assert job["CompletionDate"] == START + HOUR


def test_b122_a_job_that_is_not_started_for_another_reason_expires_too(aws: Aws) -> None:
    aws.backup.assumptions.seconds_until_backup_starts = 2 * HOUR
    job = aws.start_backup(ORDERS, StartWindowMinutes=60)
    aws.forward(HOUR + 1)
    assert aws.backup_job(job)["State"] == "EXPIRED"
    assert "running job" not in aws.backup_job(job).get("StatusMessage", "")


def test_b122_an_expired_job_leaves_no_recovery_point(aws: Aws) -> None:
    aws.backup.assumptions.seconds_until_backup_starts = 2 * HOUR
    aws.start_backup(ORDERS, StartWindowMinutes=60)
    aws.forward(DAY)
    assert aws.points("local") == []


def test_b123_a_job_that_runs_longer_than_its_completion_window_expires(aws: Aws) -> None:
    aws.backup.assumptions.seconds_to_back_up = 5 * HOUR
    job = aws.start_backup(ORDERS, CompleteWindowMinutes=120)
    aws.forward(2 * HOUR - 1)
    assert aws.backup_job(job)["State"] == "RUNNING"
    aws.forward(2)
    assert aws.backup_job(job)["State"] == "EXPIRED"
    assert aws.backup.statement_of(job) == "B-123"
    aws.forward(DAY)
    assert aws.points("local") == []


def test_b124_the_completion_window_of_a_call_counts_from_the_call(aws: Aws) -> None:
    aws.backup.assumptions.seconds_until_backup_starts = 1800
    aws.backup.assumptions.seconds_to_back_up = 5 * HOUR
    job = aws.start_backup(ORDERS, CompleteWindowMinutes=120)
    aws.forward(3 * HOUR)
    assert aws.backup_job(job)["CompletionDate"] == START + 2 * HOUR


def test_b124_the_completion_window_of_a_rule_counts_from_the_start_of_the_job(aws: Aws) -> None:
    aws.backup.assumptions.seconds_until_backup_starts = 1800
    aws.backup.assumptions.seconds_to_back_up = 5 * HOUR
    aws.select(aws.plan(rule(CompletionWindowMinutes=120)), ORDERS)
    aws.until("2026-03-02T09:00")
    (job,) = aws.backup_jobs()
    assert job["State"] == "EXPIRED"
    assert job["CompletionDate"] == utc("2026-03-02T07:30")


def test_b125_a_call_with_a_vault_that_does_not_exist_is_refused(aws: Aws) -> None:
    with refused(NOT_FOUND, "B-125", "B-2"):
        aws.start_backup(ORDERS, "nothing")


def test_b125_a_job_of_a_plan_with_a_vault_that_does_not_exist_fails(aws: Aws) -> None:
    aws.select(aws.plan(rule(vault="nothing")), ORDERS)
    aws.until("2026-03-02T07:00")
    (job,) = aws.backup_jobs()
    aws.failed(job, "B-125")
    assert job["StatusMessage"] == f"Backup job failed because backup vault {vault_arn('nothing')} does not exist."


def test_b126_a_call_with_a_resource_that_does_not_exist_is_refused(aws: Aws) -> None:
    with refused(NOT_FOUND, "B-126"):
        aws.start_backup(table_arn("nothing"))


def test_b126_a_resource_that_is_gone_at_the_start_fails_the_job(aws: Aws) -> None:
    job = aws.start_backup(ORDERS)
    del aws.world.tables[ORDERS]
    aws.forward(HOUR)
    aws.failed(aws.backup_job(job), "B-126")


@pytest.mark.parametrize(
    ("params", "statement"),
    [
        ({"Lifecycle": {"MoveToColdStorageAfterDays": 10, "DeleteAfterDays": 99}}, "B-56"),
        ({"Lifecycle": {"DeleteAfterDays": 0}}, "B-57"),
        ({"Lifecycle": {"DeleteAfterDays": 36501}}, "B-57"),
        ({"StartWindowMinutes": 59}, "B-59"),
        ({"CompleteWindowMinutes": 0}, "B-60"),
    ],
)
def test_b127_a_call_checks_windows_and_lifecycle(aws: Aws, params: dict, statement: str) -> None:
    with refused(INVALID, statement, "B-127"):
        aws.start_backup(ORDERS, **params)


def test_b128_a_role_that_does_not_exist_fails_the_job(aws: Aws) -> None:
    aws.failed_backup(ORDERS, "B-128", role=f"arn:aws:iam::{WORKLOAD}:role/nothing")


@pytest.mark.parametrize(
    ("statement", "enough"),
    [
        (TRUSTS, True),
        ({**TRUSTS, "Principal": {"Service": "ec2.amazonaws.com"}}, False),
        ({**TRUSTS, "Principal": {"AWS": f"arn:aws:iam::{WORKLOAD}:root"}}, False),
        ({**TRUSTS, "Effect": "Deny"}, False),
        ({**TRUSTS, "Action": "sts:TagSession"}, False),
        ({**TRUSTS, "Condition": {"StringEquals": {"aws:SourceAccount": WORKLOAD}}}, True),
        ({**TRUSTS, "Condition": {"StringEquals": {"aws:SourceAccount": ARCHIVE}}}, False),
    ],
)
def test_b128_a_trust_policy_decides_on_the_job(aws: Aws, statement: dict, enough: bool) -> None:
    aws.world.trusts[ROLE] = {"Statement": [statement]}
    if enough:
        assert aws.back_up(ORDERS)
    else:
        aws.failed_backup(ORDERS, "B-128")


def test_b128_the_role_is_looked_at_when_the_job_starts(aws: Aws) -> None:
    job = aws.start_backup(ORDERS)
    aws.world.delete_role(ROLE)
    aws.forward(HOUR)
    aws.failed(aws.backup_job(job), "B-128")


def test_b129_a_role_of_another_account_is_refused(aws: Aws) -> None:
    with refused(INVALID, "B-129"):
        aws.start_backup(ORDERS, role=ARCHIVE_ROLE)


def test_b135_the_same_token_starts_one_backup(aws: Aws) -> None:
    first = aws.start_backup(ORDERS, IdempotencyToken="once")
    aws.forward(HOUR)
    assert aws.start_backup(ORDERS, IdempotencyToken="once") == first
    aws.forward(HOUR)
    assert len(aws.points("local")) == 1


def test_b135_the_same_token_with_other_parameters_is_refused(aws: Aws) -> None:
    aws.start_backup(ORDERS, IdempotencyToken="once")
    with refused(INVALID, "B-135"):
        aws.start_backup(ORDERS, IdempotencyToken="once", Lifecycle={"DeleteAfterDays": 7})


def test_b135_a_token_of_a_refused_call_can_be_used_again(aws: Aws) -> None:
    with refused(NOT_FOUND, "B-126"):
        aws.start_backup(table_arn("users"), IdempotencyToken="once")
    aws.table("users")
    assert aws.start_backup(table_arn("users"), IdempotencyToken="once")


def test_b135_other_tokens_start_other_jobs(aws: Aws) -> None:
    assert aws.start_backup(ORDERS, IdempotencyToken="one") != aws.start_backup(ORDERS, IdempotencyToken="two")


@pytest.mark.parametrize("after", [0, 60])
def test_b136_a_stopped_job_is_aborted(aws: Aws, after: float) -> None:
    job = aws.start_backup(ORDERS)
    aws.forward(after)
    aws.call("StopBackupJob", BackupJobId=job)
    aws.forward(HOUR)
    described = aws.backup_job(job)
    assert (described["State"], described["StatusMessage"]) == ("ABORTED", "Backup job was stopped by user.")
    assert aws.points("local") == []


def test_b136_a_job_that_has_ended_can_not_be_stopped(aws: Aws) -> None:
    job = aws.start_backup(ORDERS)
    aws.forward(HOUR)
    with refused(INVALID_REQUEST, "B-136"):
        aws.call("StopBackupJob", BackupJobId=job)


def test_b136_the_next_job_of_the_resource_starts_after_a_stopped_one(aws: Aws) -> None:
    aws.backup.assumptions.seconds_to_back_up = HOUR
    first, second = aws.start_backup(ORDERS), aws.start_backup(ORDERS)
    aws.forward(60)
    aws.call("StopBackupJob", BackupJobId=first)
    aws.forward(60)
    assert aws.backup_job(second)["State"] == "RUNNING"


@pytest.mark.parametrize(
    ("kind", "arn"),
    [
        ("Aurora", "arn:aws:rds:eu-west-2:222222222222:cluster:main"),
        ("DocumentDB", "arn:aws:rds:eu-west-2:222222222222:cluster:documents"),
        ("FSx", "arn:aws:fsx:eu-west-2:222222222222:file-system/fs-1"),
        ("Neptune", "arn:aws:rds:eu-west-2:222222222222:cluster:graph"),
        ("SAP HANA on Amazon EC2", "arn:aws:ssm-sap:eu-west-2:222222222222:HANA/app/DB/hdb"),
        ("RDS", "arn:aws:rds:eu-west-2:222222222222:db:main"),
    ],
)
def test_b137_jobs_of_databases_and_fsx_can_not_be_stopped(aws: Aws, kind: str, arn: str) -> None:
    aws.world.tables[arn] = Resource(arn, kind)
    job = aws.start_backup(arn)
    with refused(INVALID_REQUEST, "B-137"):
        aws.call("StopBackupJob", BackupJobId=job)


def test_b65_a_call_has_at_most_10_tags_for_the_point(aws: Aws) -> None:
    tags = {f"tag-{number}": "x" for number in range(11)}
    with refused(LIMIT, "B-65"):
        aws.start_backup(ORDERS, RecoveryPointTags=tags)
    del tags["tag-10"]
    assert aws.back_up(ORDERS, RecoveryPointTags=tags)
