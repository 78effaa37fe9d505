"""Recovery points."""

from __future__ import annotations

from . import arns, checks, events, expiry, lifecycle, locks, metrics
from .access import point_for, vault_for
from .caller import Caller
from .engine import Engine, Operation, Params
from .errors import INVALID_REQUEST, INVALID_STATE, Refused
from .paging import fits, page
from .state import Point

LIST_FILTERS = {"ByResourceArn": "ResourceArn", "ByResourceType": "ResourceType"}


def add(engine: Engine, point: Point, tags: dict[str, str] | None) -> None:
    """A point that is being made. Only points that AWS Backup manages have tags (B-139, B-140)."""
    point.vault.points[point.arn] = point
    if point.managed:
        engine.site(point.vault.account, point.vault.region).tags[point.arn] = dict(tags or {})


def complete(engine: Engine, point: Point) -> None:
    """A point that has been made (B-132): its lifecycle begins."""
    where = point.vault
    point.status = "COMPLETED"
    point.completed = engine.now()
    events.point(engine, point)
    metrics.count(engine, where.account, where.region, "NumberOfRecoveryPointsCompleted", where.name, point.resource_type)
    expiry.follow(engine, point)


def delete(engine: Engine, caller: Caller, params: Params) -> Params:
    point = point_for(engine, caller, params, "DeleteRecoveryPoint")  # the policy before the lock: B-47
    locks.unlocked(point.vault, "B-28")
    if point.status == "CREATING" or point.uses:
        raise Refused(INVALID_STATE, f"Recovery point {point.arn} is in use.", "B-199")
    if point.status == "EXPIRED":
        role = arns.service_linked_role(caller.account)
        if engine.world.decide(caller.principal_arn, "iam:CreateServiceLinkedRole", role, {}):  # B-198
            expiry.start_deletion(engine, point)
    elif point.status == "COMPLETED":
        if expiry.role_can_delete(engine, point):
            expiry.start_deletion(engine, point)
        else:
            expiry.stay(engine, point)  # B-197
    return {}


def update_lifecycle(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "BackupVaultName", "RecoveryPointArn", "Lifecycle")
    wanted = params["Lifecycle"]
    lifecycle.check(wanted)
    point = point_for(engine, caller, params, "UpdateRecoveryPointLifecycle")
    locks.unlocked(point.vault, "B-29")
    member = "MoveToColdStorageAfterDays"
    if point.storage_class == "COLD" and lifecycle.days(wanted, member) != lifecycle.days(point.lifecycle, member):
        raise Refused(INVALID_REQUEST, f"{member} can't be changed: the recovery point is in cold storage.", "B-201")
    point.lifecycle = lifecycle.stored(wanted)  # B-200
    if point.status == "COMPLETED":
        expiry.follow(engine, point)
    expiry.modified(engine, point)
    return {
        "BackupVaultArn": point.vault.arn,
        "RecoveryPointArn": point.arn,
        "Lifecycle": dict(point.lifecycle),
        "CalculatedLifecycle": lifecycle.calculated(point.lifecycle, point.created, point.cold_allowed),
    }


def disassociate(engine: Engine, caller: Caller, params: Params) -> Params:
    point = point_for(engine, caller, params, "DisassociateRecoveryPoint")
    raise Refused(INVALID_REQUEST, f"Recovery point {point.arn} is not a continuous backup.", "B-204")


def describe(engine: Engine, caller: Caller, params: Params) -> Params:
    point = point_for(engine, caller, params, "DescribeRecoveryPoint")
    return {**described(point), "StorageClass": point.storage_class}


def list_by_vault(engine: Engine, caller: Caller, params: Params) -> Params:
    """B-203."""
    vault = vault_for(engine, caller, params, "ListRecoveryPointsByBackupVault")
    plan_id = params.get("ByBackupPlanId")
    times = {"CreationDate": ("ByCreatedAfter", "ByCreatedBefore")}
    rows = [
        described(point)
        for point in vault.points.values()
        if plan_id is None or (point.created_by or {}).get("BackupPlanId") == plan_id
    ]
    return page("RecoveryPoints", [row for row in rows if fits(row, params, LIST_FILTERS, times)], params)


def list_by_resource(engine: Engine, caller: Caller, params: Params) -> Params:
    """B-203."""
    checks.required(params, "ResourceArn")
    rows = []
    for vault in engine.site_of(caller).vaults.values():
        for point in vault.points.values():
            if point.resource_arn == params["ResourceArn"]:
                rows.append(_by_resource(point))
    return page("RecoveryPoints", rows, params)


def restore_metadata(engine: Engine, caller: Caller, params: Params) -> Params:
    """B-226."""
    point = point_for(engine, caller, params, "GetRecoveryPointRestoreMetadata")
    metadata: dict[str, str] = {}
    if point.resource_type == "DynamoDB":
        metadata = {"targetTableName": arns.resource_name(point.resource_arn), "encryptionType": "Default"}
        if point.resource_key_arn:
            metadata.update(encryptionType="KMS", kmsMasterKeyArn=point.resource_key_arn)
    return {
        "BackupVaultArn": point.vault.arn,
        "RecoveryPointArn": point.arn,
        "RestoreMetadata": metadata,
        "ResourceType": point.resource_type,
    }


def described(point: Point) -> Params:
    """B-202."""
    answer: Params = {
        "RecoveryPointArn": point.arn,
        "BackupVaultName": point.vault.name,
        "BackupVaultArn": point.vault.arn,
        "ResourceArn": point.resource_arn,
        "ResourceType": point.resource_type,
        "ResourceName": arns.resource_name(point.resource_arn),
        "IamRoleArn": point.role_arn,
        "Status": point.status,
        "CreationDate": point.created,
        "InitiationDate": point.started,
        "BackupSizeInBytes": point.size,
        "Lifecycle": dict(point.lifecycle),
        "CalculatedLifecycle": lifecycle.calculated(point.lifecycle, point.created, point.cold_allowed),
        "IsEncrypted": point.key_arn is not None,
        "IsParent": False,
        "VaultType": "BACKUP_VAULT",
    }
    optional = {
        "StatusMessage": point.message,
        "CompletionDate": point.completed,
        "SourceBackupVaultArn": point.source_vault_arn,
        "CreatedBy": point.created_by,
        "EncryptionKeyArn": point.key_arn,
        "LastRestoreTime": point.last_restore,
    }
    answer.update({name: value for name, value in optional.items() if value is not None})
    return answer


def _by_resource(point: Point) -> Params:
    row: Params = {
        "RecoveryPointArn": point.arn,
        "CreationDate": point.created,
        "Status": point.status,
        "BackupSizeBytes": point.size,
        "BackupVaultName": point.vault.name,
        "ResourceName": arns.resource_name(point.resource_arn),
        "IsParent": False,
        "VaultType": "BACKUP_VAULT",
    }
    if point.key_arn is not None:
        row["EncryptionKeyArn"] = point.key_arn
    if point.message is not None:
        row["StatusMessage"] = point.message
    return row


OPERATIONS: dict[str, Operation] = {
    "DeleteRecoveryPoint": delete,
    "UpdateRecoveryPointLifecycle": update_lifecycle,
    "DisassociateRecoveryPoint": disassociate,
    "DescribeRecoveryPoint": describe,
    "ListRecoveryPointsByBackupVault": list_by_vault,
    "ListRecoveryPointsByResource": list_by_resource,
    "GetRecoveryPointRestoreMetadata": restore_metadata,
}
