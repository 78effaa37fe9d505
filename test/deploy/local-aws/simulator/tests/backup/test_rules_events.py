"""The statements about events (B-250 to B-261)."""

from __future__ import annotations

from typing import Any

import pytest
from rules_aws import ARCHIVE, DAY, HOUR, IRELAND, RESTORE_ROLE, ROLE, WORKLOAD, Aws, rule, table_arn, vault_arn

ORDERS = table_arn("orders")
BACKUP, COPY, RESTORE = "Backup Job State Change", "Copy Job State Change", "Restore Job State Change"
POINT, VAULT, PLAN = "Recovery Point State Change", "Backup Vault State Change", "Backup Plan State Change"
ARCHIVED = vault_arn("archive", ARCHIVE)


def by_state(aws: Aws, kind: str, state: str, account: str = WORKLOAD, region: str = "eu-west-2") -> Any:
    """The one event of the kind in the state."""
    (found,) = [detail for detail in aws.events(kind, account, region) if state in (detail.get("state"), detail.get("status"))]
    return found


def resources(aws: Aws, kind: str, state: str) -> list[list[str]]:
    return [
        listed
        for _, _, what, detail, listed in aws.world.events
        if what == kind and state in (detail.get("state"), detail.get("status"))
    ]


def planned(aws: Aws, **more: Any) -> str:
    plan = aws.plan(rule(**more))
    aws.select(plan, ORDERS)
    aws.until("2026-03-02T08:00")
    return plan


def test_b250_a_created_backup_job_has_three_members(aws: Aws) -> None:
    job = aws.start_backup(ORDERS)
    assert by_state(aws, BACKUP, "CREATED") == {
        "backupJobId": job,
        "state": "CREATED",
        "creationDate": "2026-03-02T00:00:00.000Z",
    }


def test_b251_a_completed_backup_job(aws: Aws) -> None:
    job = aws.start_backup(ORDERS, StartWindowMinutes=60)
    aws.forward(HOUR)
    detail = by_state(aws, BACKUP, "COMPLETED")
    given = {
        "backupJobId": job,
        "creationDate": "2026-03-02T00:00:00.000Z",
        "backupVaultArn": vault_arn("local"),
        "backupVaultName": "local",
        "iamRoleArn": ROLE,
        "resourceArn": ORDERS,
        "resourceType": "DynamoDB",
        "startBy": "2026-03-02T01:00:00.000Z",
        "backupSizeInBytes": "100",
    }
    assert {name: detail.get(name) for name in given} == given
    assert isinstance(detail["bytesTransferred"], str)
    assert float(detail["percentDone"]) == 100
    assert detail["completionDate"].startswith("2026-03-02T00:0")
    assert not {"createdBy", "statusMessage"} & set(detail)


def test_b251_resources_of_a_completed_job_hold_the_point(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    assert resources(aws, BACKUP, "COMPLETED") == [[point]]


def test_b251_a_running_job_has_not_ended(aws: Aws) -> None:
    aws.start_backup(ORDERS)
    aws.forward(60)
    detail = by_state(aws, BACKUP, "RUNNING")
    assert not {"completionDate", "backupSizeInBytes", "statusMessage"} & set(detail)
    assert detail["resourceArn"] == ORDERS


def test_b251_a_failed_job_says_why(aws: Aws) -> None:
    aws.world.delete_role(ROLE)
    job = aws.failed_backup(ORDERS, "B-128")
    assert by_state(aws, BACKUP, "FAILED")["statusMessage"] == job["StatusMessage"]


def test_b251_a_job_of_a_plan_names_the_plan(aws: Aws) -> None:
    plan = aws.call("GetBackupPlan", BackupPlanId=planned(aws))
    assert by_state(aws, BACKUP, "COMPLETED")["createdBy"] == {
        "backupPlanId": plan["BackupPlanId"],
        "backupPlanArn": plan["BackupPlanArn"],
        "backupPlanVersion": plan["VersionId"],
        "backupPlanRuleId": plan["BackupPlan"]["Rules"][0]["RuleId"],
    }


def test_b252_a_created_copy_job_has_four_members(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.start_copy(point, "local", ARCHIVED)
    assert by_state(aws, COPY, "CREATED") == {
        "state": "CREATED",
        "creationDate": "2026-03-02T01:00:00.000Z",
        "sourceBackupVaultArn": vault_arn("local"),
        "destinationBackupVaultArn": ARCHIVED,
    }


@pytest.mark.parametrize("state", ["CREATED", "RUNNING", "COMPLETED"])
def test_b252_resources_of_a_copy_job_hold_the_source(aws: Aws, state: str) -> None:
    point = aws.back_up(ORDERS)
    aws.copy(point, "local", ARCHIVED)
    assert resources(aws, COPY, state) == [[point]]


def test_b253_a_completed_copy_job(aws: Aws) -> None:
    job = aws.ended_copy(aws.back_up(ORDERS), "local", ARCHIVED)
    detail = by_state(aws, COPY, "COMPLETED")
    given = {
        "copyJobId": job["CopyJobId"],
        "backupSizeInBytes": 100,
        "iamRoleArn": ROLE,
        "resourceArn": ORDERS,
        "resourceType": "DynamoDB",
        "destinationRecoveryPointArn": job["DestinationRecoveryPointArn"],
        "sourceBackupVaultArn": vault_arn("local"),
        "destinationBackupVaultArn": ARCHIVED,
    }
    assert {name: detail.get(name) for name in given} == given
    assert detail["completionDate"].startswith("2026-03-02T01:0")


def test_b253_a_running_copy_job_has_no_destination_point_yet(aws: Aws) -> None:
    aws.ended_copy(aws.back_up(ORDERS), "local", ARCHIVED)
    detail = by_state(aws, COPY, "RUNNING")
    assert detail["destinationRecoveryPointArn"] == {}
    assert "completionDate" not in detail


def test_b253_a_failed_copy_job_says_why(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.call("DeleteBackupVaultAccessPolicy", ARCHIVE, BackupVaultName="archive")
    job = aws.ended_copy(point, "local", ARCHIVED)
    detail = by_state(aws, COPY, "FAILED")
    assert detail["statusMessage"] == job["StatusMessage"]
    assert detail["destinationRecoveryPointArn"] == {}


def test_b253_a_copy_job_of_a_plan_names_the_plan(aws: Aws) -> None:
    plan = planned(aws, CopyActions=[{"DestinationBackupVaultArn": ARCHIVED}])
    assert by_state(aws, COPY, "COMPLETED")["createdBy"]["backupPlanId"] == plan


def test_b254_a_restore_job_has_a_state_once_and_then_a_status(aws: Aws) -> None:
    aws.ended_restore(aws.back_up(ORDERS))
    events = aws.events(RESTORE)
    assert [detail.get("state") for detail in events] == ["CREATED", None, None, None]
    assert [detail.get("status") for detail in events] == [None, "PENDING", "RUNNING", "COMPLETED"]
    assert set(events[0]) == {"state", "restoreJobId", "creationDate"}


def test_b254_resources_of_a_restore_job_hold_the_point(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.ended_restore(point)
    assert resources(aws, RESTORE, "PENDING") == resources(aws, RESTORE, "COMPLETED") == [[point]]


def test_b255_a_completed_restore_job(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    job = aws.ended_restore(point)
    detail = by_state(aws, RESTORE, "COMPLETED")
    given = {
        "restoreJobId": job["RestoreJobId"],
        "backupSizeInBytes": "100",
        "iamRoleArn": RESTORE_ROLE,
        "resourceType": "DynamoDB",
        "backupVaultArn": vault_arn("local"),
        "recoveryPointArn": point,
        "sourceResourceArn": ORDERS,
        "createdResourceArn": table_arn("restored"),
    }
    assert {name: detail.get(name) for name in given} == given
    assert "completionDate" in detail


def test_b255_a_failed_restore_job_says_why_and_names_no_vault(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.world.delete_role(RESTORE_ROLE)
    job = aws.ended_restore(point)
    detail = by_state(aws, RESTORE, "FAILED")
    assert detail["statusMessage"] == job["StatusMessage"]
    assert not {"backupVaultArn", "backupVaultName", "createdResourceArn"} & set(detail)


def test_b256_a_completed_point(aws: Aws) -> None:
    aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 35})
    detail = by_state(aws, POINT, "COMPLETED")
    given = {
        "backupVaultName": "local",
        "backupVaultArn": vault_arn("local"),
        "creationDate": "2026-03-02T00:00:00.000Z",
        "iamRoleArn": ROLE,
        "resourceType": "DynamoDB",
        "resourceArn": ORDERS,
        "isEncrypted": "true",
        "storageClass": "WARM",
    }
    assert {name: detail.get(name) for name in given} == given
    assert detail["lifecycle"]["deleteAfterDays"] == 35
    assert detail["calculatedLifeCycle"]["deleteAt"] == "2026-04-06T00:00:00.000Z"


def point_states(aws: Aws, account: str = WORKLOAD, region: str = "eu-west-2") -> list[str]:
    return [detail["status"] for detail in aws.events(POINT, account, region)]


def test_b256_a_point_that_reaches_its_end(aws: Aws) -> None:
    aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    aws.forward(8 * DAY)
    assert point_states(aws) == ["CREATING", "COMPLETED", "DELETING"]


def test_b256_a_point_that_is_deleted_by_a_call(aws: Aws) -> None:
    aws.delete_point("local", aws.back_up(ORDERS))
    aws.forward(HOUR)
    assert point_states(aws) == ["CREATING", "COMPLETED", "DELETING"]


def test_b256_a_point_that_expires(aws: Aws) -> None:
    aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    aws.world.delete_role(ROLE)
    aws.forward(8 * DAY)
    assert point_states(aws)[-1] == "EXPIRED"


@pytest.mark.parametrize(("vault", "account", "region"), [("archive", ARCHIVE, "eu-west-2"), ("remote", WORKLOAD, IRELAND)])
def test_b256_events_of_a_copy_are_those_of_its_vaults_account_and_region(aws: Aws, vault: str, account: str, region: str) -> None:
    copied = aws.copy(aws.back_up(ORDERS), "local", vault_arn(vault, account, region))
    assert by_state(aws, POINT, "COMPLETED", account, region)["backupVaultName"] == vault
    assert [copied] in resources(aws, POINT, "COMPLETED")
    assert point_states(aws).count("COMPLETED") == 1


def test_b257_a_vault_is_created_and_deleted(bare: Aws) -> None:
    bare.vault("local")
    bare.call("DeleteBackupVault", BackupVaultName="local")
    assert [(detail["backupVaultName"], detail["state"]) for detail in bare.events(VAULT)] == [("local", "CREATED"), ("local", "DELETED")]


def test_b257_b258_a_vault_is_modified_when_its_lock_is_put_and_deleted(bare: Aws) -> None:
    bare.vault("local")
    bare.lock("local", MinRetentionDays=7)
    bare.call("DeleteBackupVaultLockConfiguration", BackupVaultName="local")
    assert [(detail["state"], detail.get("isLocked")) for detail in bare.events(VAULT)][1:] == [("MODIFIED", "true"), ("MODIFIED", "false")]


def test_b258_a_change_of_the_access_policy_is_no_event(aws: Aws) -> None:
    before = len(aws.events(VAULT))
    aws.call("DeleteBackupVaultAccessPolicy", BackupVaultName="local")
    assert len(aws.events(VAULT)) == before


def test_a_refused_call_makes_no_event(aws: Aws) -> None:
    before = len(aws.world.events)
    for operation, params in (("CreateBackupVault", {}), ("DeleteBackupVault", {"BackupVaultName": "nothing"})):
        with pytest.raises(Exception):
            aws.call(operation, **params)
    assert len(aws.world.events) == before


def test_b259_a_plan_is_created_modified_and_deleted(aws: Aws) -> None:
    plan = aws.plan(rule())
    created = by_state(aws, PLAN, "CREATED")
    version = aws.call("GetBackupPlan", BackupPlanId=plan)["VersionId"]
    assert (created["backupPlanId"], created["versionId"]) == (plan, version)
    assert created["creationDate"] == "2026-03-02T00:00:00.000Z"
    aws.forward(60)
    changed = aws.call("UpdateBackupPlan", BackupPlanId=plan, BackupPlan={"BackupPlanName": "plan", "Rules": [rule("other")]})
    modified = by_state(aws, PLAN, "MODIFIED")
    assert (modified["versionId"], modified["modifiedAt"]) == (changed["VersionId"], "2026-03-02T00:01:00.000Z")
    aws.forward(60)
    aws.call("DeleteBackupPlan", BackupPlanId=plan)
    assert by_state(aws, PLAN, "DELETED")["deletionDate"] == "2026-03-02T00:02:00.000Z"


def test_b260_a_change_of_region_settings_names_what_changed(bare: Aws) -> None:
    bare.call("UpdateRegionSettings", ResourceTypeOptInPreference={"DynamoDB": True, "EFS": False})
    (detail,) = bare.events("Region Setting State Change")
    assert (detail["state"], detail["modifiedAt"]) == ("MODIFIED", "2026-03-02T00:00:00.000Z")
    texts = repr({name: value for name, value in detail.items() if name not in ("state", "modifiedAt")})
    assert "DynamoDB" in texts
    assert "EFS" not in texts


def test_b261_an_event_is_emitted_at_once(aws: Aws) -> None:
    aws.start_backup(ORDERS)
    assert len(aws.events(BACKUP)) == 1
