"""The statements about what backup jobs make (B-131 to B-134, B-138 to B-143)."""

from __future__ import annotations

import pytest
from backup.world import Resource
from rules_aws import ARCHIVE, DAY, HOUR, IRELAND, START, WORKLOAD, Aws, rule, table_arn, vault_arn

ORDERS = table_arn("orders")


def test_b131_the_creation_date_of_a_point_is_that_of_its_job(aws: Aws) -> None:
    aws.backup.assumptions.seconds_to_back_up = 30 * HOUR
    job = aws.start_backup(ORDERS)
    aws.forward(2 * DAY)
    (point,) = aws.points("local")
    assert aws.point("local", point)["CreationDate"] == START == aws.backup_job(job)["CreationDate"]


def test_b131_a_job_that_had_to_wait_counts_from_its_creation(aws: Aws) -> None:
    aws.backup.assumptions.seconds_to_back_up = 5 * HOUR
    aws.start_backup(ORDERS)
    job = aws.start_backup(ORDERS, Lifecycle={"DeleteAfterDays": 1})
    aws.forward(12 * HOUR)
    point = aws.backup_job(job)["RecoveryPointArn"]
    assert aws.point("local", point)["CalculatedLifecycle"]["DeleteAt"] == START + DAY


def test_b132_a_point_is_creating_while_its_job_runs(aws: Aws) -> None:
    aws.start_backup(ORDERS)
    aws.forward(60)
    (point,) = aws.points("local")
    assert aws.point("local", point)["Status"] == "CREATING"
    aws.forward(60)
    assert aws.point("local", point)["Status"] == "COMPLETED"


def test_b133_a_point_has_the_tags_of_the_resource_and_of_the_job(aws: Aws) -> None:
    aws.table("tagged", tags={"team": "sales", "stage": "test", "aws:cloudformation:stack-name": "web"})
    point = aws.back_up(table_arn("tagged"), RecoveryPointTags={"stage": "prod", "reason": "release"})
    assert aws.call("ListTags", ResourceArn=point)["Tags"] == {"team": "sales", "stage": "prod", "reason": "release"}


@pytest.mark.parametrize(("of_the_job", "enough"), [(2, True), (3, False)])
def test_b134_a_point_has_at_most_50_tags(aws: Aws, of_the_job: int, enough: bool) -> None:
    aws.table("tagged", tags={f"table-{number}": "x" for number in range(48)})
    tags = {f"job-{number}": "x" for number in range(of_the_job)}
    if enough:
        assert aws.back_up(table_arn("tagged"), RecoveryPointTags=tags)
    else:
        aws.failed_backup(table_arn("tagged"), "B-134", RecoveryPointTags=tags)


def opted_in(aws: Aws) -> bool:
    return aws.call("DescribeRegionSettings")["ResourceTypeOptInPreference"]["DynamoDB"]


def test_b138_an_on_demand_job_opts_in_to_the_type(aws: Aws) -> None:
    assert opted_in(aws) is False
    aws.back_up(ORDERS)
    assert opted_in(aws) is True


def test_b138_a_job_of_a_plan_opts_in_to_the_type(aws: Aws) -> None:
    aws.select(aws.plan(rule()), ORDERS)
    aws.until("2026-03-02T07:00")
    assert opted_in(aws) is True


def test_b139_with_advanced_features_the_point_is_one_of_aws_backup(aws: Aws) -> None:
    key = aws.key("vault")
    aws.vault("keyed", EncryptionKeyArn=key)
    point = aws.back_up(ORDERS, "keyed")
    assert point.startswith(f"arn:aws:backup:eu-west-2:{WORKLOAD}:recovery-point:")
    assert aws.point("keyed", point)["EncryptionKeyArn"] == key


def test_b140_without_advanced_features_the_point_is_one_of_dynamodb(bare: Aws) -> None:
    key = bare.key("table")
    bare.vault("local", EncryptionKeyArn=bare.key("vault"))
    bare.table("orders", key_arn=key)
    point = bare.back_up(ORDERS)
    assert point.startswith(f"{ORDERS}/backup/")
    assert bare.point("local", point)["EncryptionKeyArn"] == key


def test_b140_without_advanced_features_a_point_stays_warm(bare: Aws) -> None:
    bare.vault("local")
    bare.table("orders")
    point = bare.back_up(ORDERS, Lifecycle={"MoveToColdStorageAfterDays": 1, "DeleteAfterDays": 91})
    bare.forward(2 * DAY)
    assert bare.point("local", point)["StorageClass"] == "WARM"


@pytest.mark.parametrize(
    ("kind", "arn", "storage"),
    [
        ("CloudFormation", "arn:aws:cloudformation:eu-west-2:222222222222:stack/web/1b2c", "COLD"),
        ("EFS", "arn:aws:elasticfilesystem:eu-west-2:222222222222:file-system/fs-1", "COLD"),
        ("SAP HANA on Amazon EC2", "arn:aws:ssm-sap:eu-west-2:222222222222:HANA/app/DB/hdb", "COLD"),
        ("Timestream", "arn:aws:timestream:eu-west-2:222222222222:database/db/table/t", "COLD"),
        ("VirtualMachine", "arn:aws:backup-gateway:eu-west-2:222222222222:vm/vm-1", "COLD"),
        ("EBS", "arn:aws:ec2:eu-west-2:222222222222:volume/vol-1", "WARM"),
        ("S3", "arn:aws:s3:eu-west-2:222222222222:bucket", "WARM"),
        ("RDS", "arn:aws:rds:eu-west-2:222222222222:db:main", "WARM"),
        ("FSx", "arn:aws:fsx:eu-west-2:222222222222:file-system/fs-1", "WARM"),
    ],
)
def test_b141_only_some_types_move_to_cold_storage(aws: Aws, kind: str, arn: str, storage: str) -> None:
    aws.world.tables[arn] = Resource(arn, kind)
    point = aws.back_up(arn, Lifecycle={"MoveToColdStorageAfterDays": 1, "DeleteAfterDays": 91})
    aws.forward(2 * DAY)
    assert aws.point("local", point)["StorageClass"] == storage


def copies() -> list[dict]:
    return [
        {"DestinationBackupVaultArn": vault_arn("remote", region=IRELAND)},
        {"DestinationBackupVaultArn": vault_arn("archive", ARCHIVE)},
    ]


def test_b142_a_copy_job_is_created_for_each_copy_action_when_the_backup_has_completed(aws: Aws) -> None:
    aws.select(aws.plan(rule(CopyActions=copies())), ORDERS)
    aws.until("2026-03-02T05:01")
    assert aws.copy_jobs() == []
    aws.until("2026-03-02T06:00")
    (job,) = aws.backup_jobs()
    created = [(copy["CreationDate"], copy["DestinationBackupVaultArn"]) for copy in aws.copy_jobs()]
    assert [date for date, _ in created] == [job["CompletionDate"]] * 2
    assert {arn for _, arn in created} == {vault_arn("remote", region=IRELAND), vault_arn("archive", ARCHIVE)}


def test_b142_a_backup_that_fails_is_not_copied(aws: Aws) -> None:
    aws.lock("local", MinRetentionDays=100)
    aws.select(aws.plan(rule(CopyActions=copies())), ORDERS)
    aws.until("2026-03-02T09:00")
    aws.failed(aws.backup_jobs()[0], "B-30")
    assert aws.copy_jobs() == []


def test_b143_a_backup_job_stays_completed_when_its_copy_fails(aws: Aws) -> None:
    aws.call("DeleteBackupVaultAccessPolicy", ARCHIVE, BackupVaultName="archive")
    aws.select(aws.plan(rule(CopyActions=copies())), ORDERS)
    aws.until("2026-03-02T09:00")
    assert {job["State"] for job in aws.copy_jobs()} == {"COMPLETED", "FAILED"}
    assert [job["State"] for job in aws.backup_jobs()] == ["COMPLETED"]
