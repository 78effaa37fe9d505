"""The statements about notifications of vaults (B-270 to B-279)."""

from __future__ import annotations

import pytest
from rules_aws import ARCHIVE, DAY, HOUR, INVALID, IRELAND, NOT_FOUND, RESTORE_ROLE, ROLE, WORKLOAD, Aws, refused, vault_arn
from rules_ends import ORDERS, abort, complete, expire, fail

TOPIC = f"arn:aws:sns:eu-west-2:{WORKLOAD}:backup"
ARCHIVED, REMOTE = vault_arn("archive", ARCHIVE), vault_arn("remote", region=IRELAND)


def notify(aws: Aws, *events: str, vault: str = "local", topic: str = TOPIC, account: str = WORKLOAD, region: str = "eu-west-2") -> None:
    aws.call(
        "PutBackupVaultNotifications", account, region, BackupVaultName=vault, SNSTopicArn=topic, BackupVaultEvents=list(events)
    )


def published(aws: Aws) -> list[tuple[str, str]]:
    """Types and states of the messages."""
    return [(attributes["EventType"], attributes["State"]) for _, _, _, attributes in aws.world.messages]


def test_b270_a_second_topic_replaces_the_first(aws: Aws) -> None:
    notify(aws, "BACKUP_JOB_COMPLETED")
    notify(aws, "COPY_JOB_FAILED", topic=f"{TOPIC}-2")
    answer = aws.call("GetBackupVaultNotifications", BackupVaultName="local")
    assert (answer["SNSTopicArn"], answer["BackupVaultEvents"]) == (f"{TOPIC}-2", ["COPY_JOB_FAILED"])


@pytest.mark.parametrize("topic", [f"arn:aws:sns:eu-west-2:{ARCHIVE}:backup", f"{TOPIC}.fifo", "backup"])
def test_b271_a_topic_of_another_account_or_kind_is_refused(aws: Aws, topic: str) -> None:
    with refused(INVALID, "B-271"):
        notify(aws, "BACKUP_JOB_COMPLETED", topic=topic)


@pytest.mark.parametrize("events", [[], ["BACKUP_JOB_DONE"], ["BACKUP_JOB_COMPLETED", "backup_job_failed"]])
def test_b272_events_that_do_not_exist_are_refused(aws: Aws, events: list[str]) -> None:
    with refused(INVALID, "B-272"):
        notify(aws, *events)


def test_b273_notifications_that_are_not_there_are_not_found(aws: Aws) -> None:
    with refused(NOT_FOUND, "B-273"):
        aws.call("GetBackupVaultNotifications", BackupVaultName="local")
    aws.call("DeleteBackupVaultNotifications", BackupVaultName="local")


def test_b273_a_vault_without_notifications_publishes_nothing(aws: Aws) -> None:
    notify(aws, "BACKUP_JOB_COMPLETED")
    aws.call("DeleteBackupVaultNotifications", BackupVaultName="local")
    aws.back_up(ORDERS)
    assert aws.world.messages == []


@pytest.mark.parametrize(
    ("event", "how", "states"),
    [
        ("BACKUP_JOB_STARTED", complete, ["RUNNING"]),
        ("BACKUP_JOB_COMPLETED", complete, ["COMPLETED"]),
        ("BACKUP_JOB_COMPLETED", fail, ["FAILED"]),
        ("BACKUP_JOB_COMPLETED", expire, ["EXPIRED"]),
        ("BACKUP_JOB_COMPLETED", abort, ["ABORTED"]),
        ("BACKUP_JOB_SUCCESSFUL", complete, ["COMPLETED"]),
        ("BACKUP_JOB_SUCCESSFUL", fail, []),
        ("BACKUP_JOB_FAILED", fail, ["FAILED"]),
        ("BACKUP_JOB_FAILED", complete, []),
        ("BACKUP_JOB_FAILED", expire, []),
        ("BACKUP_JOB_EXPIRED", expire, ["EXPIRED"]),
        ("BACKUP_JOB_EXPIRED", fail, []),
        ("COPY_JOB_SUCCESSFUL", complete, []),
    ],
)
def test_b274_notifications_of_backup_jobs(aws: Aws, event: str, how: object, states: list[str]) -> None:
    notify(aws, event)
    how(aws)  # type: ignore[operator]
    assert published(aws) == [("BACKUP_JOB", state) for state in states]


def test_b274_a_job_that_completes_is_published_for_both_events(aws: Aws) -> None:
    notify(aws, "BACKUP_JOB_COMPLETED", "BACKUP_JOB_SUCCESSFUL")
    complete(aws)
    assert len(published(aws)) == 2


@pytest.mark.parametrize(
    ("event", "let_in", "states"),
    [
        ("COPY_JOB_STARTED", True, ["RUNNING"]),
        ("COPY_JOB_SUCCESSFUL", True, ["COMPLETED"]),
        ("COPY_JOB_SUCCESSFUL", False, []),
        ("COPY_JOB_FAILED", False, ["FAILED"]),
        ("COPY_JOB_FAILED", True, []),
    ],
)
def test_b275_copy_jobs_are_published_to_the_topic_of_the_source_vault(aws: Aws, event: str, let_in: bool, states: list[str]) -> None:
    point = aws.back_up(ORDERS)
    notify(aws, event)
    if not let_in:
        aws.call("DeleteBackupVaultAccessPolicy", ARCHIVE, BackupVaultName="archive")
    aws.ended_copy(point, "local", ARCHIVED)
    assert published(aws) == [("COPY_JOB", state) for state in states]


def test_b275_copy_jobs_are_not_published_to_the_topic_of_the_destination_vault(aws: Aws) -> None:
    topic = f"arn:aws:sns:eu-west-2:{ARCHIVE}:backup"
    notify(aws, "COPY_JOB_SUCCESSFUL", "COPY_JOB_STARTED", vault="archive", topic=topic, account=ARCHIVE)
    aws.copy(aws.back_up(ORDERS), "local", ARCHIVED)
    assert aws.world.messages == []


@pytest.mark.parametrize(
    ("event", "works", "states"),
    [
        ("RESTORE_JOB_STARTED", True, ["RUNNING"]),
        ("RESTORE_JOB_COMPLETED", True, ["COMPLETED"]),
        ("RESTORE_JOB_COMPLETED", False, ["FAILED"]),
        ("RESTORE_JOB_SUCCESSFUL", True, ["COMPLETED"]),
        ("RESTORE_JOB_SUCCESSFUL", False, []),
        ("RESTORE_JOB_FAILED", False, ["FAILED"]),
        ("RESTORE_JOB_FAILED", True, []),
    ],
)
def test_b276_restore_jobs_are_published_to_the_topic_of_the_vault(aws: Aws, event: str, works: bool, states: list[str]) -> None:
    point = aws.back_up(ORDERS)
    notify(aws, event)
    if not works:
        aws.world.delete_role(RESTORE_ROLE)
    aws.ended_restore(point)
    assert published(aws) == [("RESTORE_JOB", state) for state in states]


def test_b277_a_changed_lifecycle_is_published(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    notify(aws, "RECOVERY_POINT_MODIFIED")
    aws.call("UpdateRecoveryPointLifecycle", BackupVaultName="local", RecoveryPointArn=point, Lifecycle={"DeleteAfterDays": 7})
    assert [kind for kind, _ in published(aws)] == ["RECOVERY_POINT"]


def test_b277_a_point_that_expires_is_published(aws: Aws) -> None:
    aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    notify(aws, "RECOVERY_POINT_MODIFIED")
    aws.world.delete_role(ROLE)
    aws.forward(8 * DAY)
    assert [kind for kind, _ in published(aws)] == ["RECOVERY_POINT"]


def test_b277_a_point_that_is_deleted_at_its_end_is_not_published(aws: Aws) -> None:
    aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    notify(aws, "RECOVERY_POINT_MODIFIED")
    aws.forward(8 * DAY)
    assert published(aws) == []


def test_b278_a_message_has_a_subject_and_attributes(aws: Aws) -> None:
    notify(aws, "BACKUP_JOB_COMPLETED")
    job = aws.start_backup(ORDERS)
    aws.forward(HOUR)
    ((topic, subject, _, attributes),) = aws.world.messages
    assert (topic, subject) == (TOPIC, "Notification from AWS Backup")
    assert set(attributes) == {"EventType", "State", "AccountId", "Id", "StartTime"}
    assert (attributes["EventType"], attributes["State"], attributes["AccountId"]) == ("BACKUP_JOB", "COMPLETED", WORKLOAD)
    assert attributes["Id"] == job


def test_b279_a_job_that_overran_its_completion_window_is_expired(aws: Aws) -> None:
    notify(aws, "BACKUP_JOB_COMPLETED")
    aws.backup.assumptions.seconds_to_back_up = 5 * HOUR
    aws.start_backup(ORDERS, CompleteWindowMinutes=60)
    aws.forward(6 * HOUR)
    assert published(aws) == [("BACKUP_JOB", "EXPIRED")]
