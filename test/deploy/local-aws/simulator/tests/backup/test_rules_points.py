"""The statements about recovery points and their lifecycle (B-190, B-191, B-200 to B-206)."""

from __future__ import annotations

import pytest
from rules_aws import (
    ARCHIVE,
    DAY,
    HOUR,
    INVALID,
    INVALID_REQUEST,
    IRELAND,
    NOT_FOUND,
    ROLE,
    START,
    Aws,
    refused,
    rule,
    table_arn,
    utc,
    vault_arn,
)

ORDERS = table_arn("orders")


def update(aws: Aws, point: str, **lifecycle: int) -> dict:
    return aws.call("UpdateRecoveryPointLifecycle", BackupVaultName="local", RecoveryPointArn=point, Lifecycle=lifecycle)


@pytest.mark.parametrize("days", [1, 35, 365])
def test_b190_the_calculated_end_is_whole_days_after_the_creation(aws: Aws, days: int) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": days})
    assert aws.point("local", point)["CalculatedLifecycle"]["DeleteAt"] == START + days * 86400


def test_b190_the_calculated_transition_is_whole_days_after_the_creation(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 120})
    assert aws.point("local", point)["CalculatedLifecycle"] == {
        "MoveToColdStorageAt": utc("2026-04-01T00:00"),
        "DeleteAt": utc("2026-06-30T00:00"),
    }


def test_b190_days_have_24_hours_over_the_shift_to_summer_time(aws: Aws) -> None:
    aws.until("2026-03-28T23:30")
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 1})
    assert aws.point("local", point)["CalculatedLifecycle"]["DeleteAt"] == utc("2026-03-29T23:30")


def test_b191_a_point_is_warm_until_its_transition_and_then_cold(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"MoveToColdStorageAfterDays": 1, "DeleteAfterDays": 91})
    aws.until("2026-03-02T23:59")
    assert aws.point("local", point)["StorageClass"] == "WARM"
    aws.until("2026-03-03T00:01")
    assert aws.point("local", point)["StorageClass"] == "COLD"


def test_b200_an_update_replaces_the_lifecycle(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 120})
    update(aws, point, DeleteAfterDays=50)
    described = aws.point("local", point)
    assert described["CalculatedLifecycle"] == {"DeleteAt": START + 50 * DAY}
    assert "MoveToColdStorageAfterDays" not in described["Lifecycle"]


def test_b200_an_update_counts_from_the_creation_date(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 100})
    aws.forward(20 * DAY)
    answer = update(aws, point, DeleteAfterDays=30)
    assert answer["CalculatedLifecycle"]["DeleteAt"] == START + 30 * DAY
    aws.forward(11 * DAY)
    assert aws.points("local") == []


def test_b200_an_update_to_a_past_end_deletes_the_point(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 100})
    aws.forward(20 * DAY)
    update(aws, point, DeleteAfterDays=5)
    aws.forward(9 * HOUR)
    assert aws.points("local") == []


def test_b200_an_update_prolongs_a_point_beyond_its_earlier_end(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 10})
    update(aws, point, DeleteAfterDays=100)
    aws.forward(50 * DAY)
    assert aws.points("local") == [point]


def test_b56_an_update_is_checked_as_a_plan_is(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 100})
    with refused(INVALID, "B-56"):
        update(aws, point, MoveToColdStorageAfterDays=30, DeleteAfterDays=119)
    assert aws.point("local", point)["Lifecycle"]["DeleteAfterDays"] == 100


def test_b201_the_transition_of_a_cold_point_can_not_be_changed(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"MoveToColdStorageAfterDays": 1, "DeleteAfterDays": 120})
    aws.forward(2 * DAY)
    with refused(INVALID_REQUEST, "B-201"):
        update(aws, point, MoveToColdStorageAfterDays=10, DeleteAfterDays=120)


def test_b201_the_end_of_a_cold_point_can_be_changed(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"MoveToColdStorageAfterDays": 1, "DeleteAfterDays": 120})
    aws.forward(2 * DAY)
    answer = update(aws, point, MoveToColdStorageAfterDays=1, DeleteAfterDays=200)
    assert answer["CalculatedLifecycle"]["DeleteAt"] == START + 200 * DAY


def test_b202_a_recovery_point_is_described(aws: Aws) -> None:
    key = aws.key("vault")
    aws.vault("keyed", EncryptionKeyArn=key)
    point = aws.back_up(ORDERS, "keyed", Lifecycle={"DeleteAfterDays": 35})
    described = aws.point("keyed", point)
    given = {
        "RecoveryPointArn": point,
        "BackupVaultName": "keyed",
        "BackupVaultArn": vault_arn("keyed"),
        "ResourceArn": ORDERS,
        "ResourceType": "DynamoDB",
        "IamRoleArn": ROLE,
        "Status": "COMPLETED",
        "CreationDate": START,
        "BackupSizeInBytes": 100,
        "EncryptionKeyArn": key,
        "IsEncrypted": True,
        "StorageClass": "WARM",
    }
    assert {name: described.get(name) for name in given} == given
    assert described["Lifecycle"]["DeleteAfterDays"] == 35
    assert START < described["CompletionDate"] <= START + HOUR
    assert "SourceBackupVaultArn" not in described


def test_b202_the_point_of_a_plan_names_the_plan(aws: Aws) -> None:
    plan = aws.plan(rule())
    aws.select(plan, ORDERS)
    aws.until("2026-03-02T07:00")
    (point,) = aws.points("local")
    created_by = aws.point("local", point)["CreatedBy"]
    got = aws.call("GetBackupPlan", BackupPlanId=plan)
    assert created_by["BackupPlanId"] == plan
    assert created_by["BackupPlanArn"] == got["BackupPlanArn"]
    assert created_by["BackupPlanVersion"] == got["VersionId"]
    assert created_by["BackupRuleId"] == got["BackupPlan"]["Rules"][0]["RuleId"]


def test_b202_a_copy_names_the_vault_of_its_source(aws: Aws) -> None:
    copied = aws.copy(aws.back_up(ORDERS), "local", vault_arn("archive", ARCHIVE))
    assert aws.point("archive", copied, ARCHIVE)["SourceBackupVaultArn"] == vault_arn("local")


def test_b202_a_point_is_not_found_in_another_vault(aws: Aws) -> None:
    aws.vault("other")
    point = aws.back_up(ORDERS)
    with refused(NOT_FOUND, "B-2", "B-202"):
        aws.point("other", point)


def listed(aws: Aws, **filters: object) -> list[str]:
    answer = aws.call("ListRecoveryPointsByBackupVault", BackupVaultName="local", **filters)
    return [point["RecoveryPointArn"] for point in answer["RecoveryPoints"]]


def test_b203_points_are_filtered_by_resource(aws: Aws) -> None:
    users = aws.table("users")
    first, second = aws.back_up(ORDERS), aws.back_up(users)
    assert listed(aws, ByResourceArn=ORDERS) == [first]
    assert listed(aws, ByResourceArn=users) == [second]


def test_b203_points_are_filtered_by_type(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    assert listed(aws, ByResourceType="DynamoDB") == [point]
    assert listed(aws, ByResourceType="EFS") == []


def test_b203_points_are_filtered_by_plan(aws: Aws) -> None:
    plan = aws.plan(rule())
    aws.select(plan, ORDERS)
    by_call = aws.back_up(ORDERS)
    aws.until("2026-03-02T07:00")
    assert len(listed(aws)) == 2
    (point,) = listed(aws, ByBackupPlanId=plan)
    assert point != by_call


def test_b203_points_are_filtered_by_creation_date(aws: Aws) -> None:
    first = aws.back_up(ORDERS)
    aws.forward(DAY)
    second = aws.back_up(ORDERS)
    assert listed(aws, ByCreatedBefore=START + HOUR) == [first]
    assert listed(aws, ByCreatedAfter=START + HOUR) == [second]
    assert listed(aws, ByCreatedBefore=START) == []


def test_b203_the_points_of_a_resource_are_those_of_all_vaults_of_the_region(aws: Aws) -> None:
    aws.vault("other")
    point = aws.back_up(ORDERS)
    here = aws.copy(point, "local", vault_arn("other"))
    there = aws.copy(point, "local", vault_arn("remote", region=IRELAND))
    answer = aws.call("ListRecoveryPointsByResource", ResourceArn=ORDERS)["RecoveryPoints"]
    assert {entry["RecoveryPointArn"] for entry in answer} == {point, here}
    answer = aws.call("ListRecoveryPointsByResource", region=IRELAND, ResourceArn=ORDERS)["RecoveryPoints"]
    assert [entry["RecoveryPointArn"] for entry in answer] == [there]


def test_b204_a_snapshot_can_not_be_disassociated(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    with refused(INVALID_REQUEST, "B-204"):
        aws.call("DisassociateRecoveryPoint", BackupVaultName="local", RecoveryPointArn=point)
    assert aws.points("local") == [point]


def test_b205_a_resource_that_was_backed_up_is_protected(aws: Aws) -> None:
    aws.table("never")
    point = aws.back_up(ORDERS)
    listed_resources = aws.call("ListProtectedResources")["Results"]
    assert [entry["ResourceArn"] for entry in listed_resources] == [ORDERS]
    described = aws.call("DescribeProtectedResource", ResourceArn=ORDERS)
    assert described["ResourceType"] == "DynamoDB"
    assert described["LastRecoveryPointArn"] == point
    assert described["LastBackupVaultArn"] == vault_arn("local")
    assert START <= described["LastBackupTime"] <= START + HOUR


def test_b205_the_last_backup_is_the_one_that_is_described(aws: Aws) -> None:
    aws.back_up(ORDERS)
    aws.forward(DAY)
    second = aws.back_up(ORDERS)
    assert aws.call("DescribeProtectedResource", ResourceArn=ORDERS)["LastRecoveryPointArn"] == second


def test_b205_a_resource_that_is_gone_is_still_protected(aws: Aws) -> None:
    aws.back_up(ORDERS)
    del aws.world.tables[ORDERS]
    assert aws.call("DescribeProtectedResource", ResourceArn=ORDERS)["ResourceArn"] == ORDERS


def test_b205_a_resource_that_was_never_backed_up_is_not_found(aws: Aws) -> None:
    with refused(NOT_FOUND, "B-2", "B-205"):
        aws.call("DescribeProtectedResource", ResourceArn=ORDERS)


def test_b206_points_of_a_changed_plan_keep_their_end(aws: Aws) -> None:
    plan = aws.plan(rule())
    aws.select(plan, ORDERS)
    aws.until("2026-03-02T07:00")
    (point,) = aws.points("local")
    changed = {"BackupPlanName": "plan", "Rules": [rule(Lifecycle={"DeleteAfterDays": 1})]}
    aws.call("UpdateBackupPlan", BackupPlanId=plan, BackupPlan=changed)
    assert aws.point("local", point)["CalculatedLifecycle"]["DeleteAt"] == utc("2026-04-06T05:00")


def test_b206_points_of_a_deleted_plan_end_as_they_would_have(aws: Aws) -> None:
    plan = aws.plan(rule())
    selection = aws.select(plan, ORDERS)
    aws.until("2026-03-02T07:00")
    aws.call("DeleteBackupSelection", BackupPlanId=plan, SelectionId=selection)
    aws.call("DeleteBackupPlan", BackupPlanId=plan)
    aws.until("2026-04-06T04:00")
    assert len(aws.points("local")) == 1
    aws.until("2026-04-06T14:00")
    assert aws.points("local") == []
