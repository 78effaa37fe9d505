"""Events of AWS Backup on the default bus of the account and region that they belong to, at once (B-261)."""

from __future__ import annotations

from typing import Any

from . import lifecycle
from .engine import Engine
from .state import BackupJob, CopyJob, Plan, Point, RestoreJob, Vault
from .times import iso

Detail = dict[str, Any]


def vault(engine: Engine, changed: Vault, state: str) -> None:
    """B-257; MODIFIED when a lock is put or deleted (B-258)."""
    detail = {"backupVaultName": changed.name, "state": state}
    if state == "MODIFIED":
        detail["isLocked"] = _flag(changed.lock is not None)
    engine.world.emit(changed.account, changed.region, "Backup Vault State Change", detail, [changed.arn])


def plan(engine: Engine, changed: Plan, state: str, date_member: str, moment: float) -> None:
    """B-259."""
    detail = {"backupPlanId": changed.id, "versionId": changed.current.id, date_member: iso(moment), "state": state}
    engine.world.emit(changed.account, changed.region, "Backup Plan State Change", detail, [changed.arn])


def region_settings(engine: Engine, account: str, region: str, changed: Detail) -> None:
    """B-260."""
    detail = {"modifiedAt": iso(engine.now()), **changed, "state": "MODIFIED"}
    engine.world.emit(account, region, "Region Setting State Change", detail, [])


def backup_job(engine: Engine, job: BackupJob, vault_arn: str) -> None:
    """B-250, B-251."""
    detail: Detail = {"backupJobId": job.id, "state": job.state, "creationDate": iso(job.created)}
    resources: list[str] = []
    if job.state != "CREATED":
        detail.update(
            backupVaultArn=vault_arn,
            backupVaultName=job.vault_name,
            bytesTransferred=str(job.size),
            iamRoleArn=job.role_arn,
            resourceArn=job.resource_arn,
            resourceType=job.resource_type,
            startBy=iso(job.start_by),
            percentDone=100 if job.state == "COMPLETED" else 0,
            **_ended(job),
            **_created_by(job.created_by),
        )
    if job.state == "COMPLETED" and job.point is not None:
        detail["backupSizeInBytes"] = str(job.size)
        resources = [job.point.arn]
    engine.world.emit(job.account, job.region, "Backup Job State Change", detail, resources)


def copy_job(engine: Engine, job: CopyJob) -> None:
    """B-252, B-253, in the account and region of the source (B-173)."""
    detail: Detail = {
        "creationDate": iso(job.created),
        "state": job.state,
        "sourceBackupVaultArn": job.source.vault.arn,
        "destinationBackupVaultArn": job.destination_arn,
    }
    if job.state != "CREATED":
        detail.update(
            copyJobId=job.id,
            backupSizeInBytes=job.size,
            iamRoleArn=job.role_arn,
            resourceArn=job.resource_arn,
            resourceType=job.resource_type,
            destinationRecoveryPointArn=job.copy_arn or {},
            **_ended(job),
            **_created_by(job.created_by),
        )
    engine.world.emit(job.account, job.region, "Copy Job State Change", detail, [job.source.arn])


def restore_created(engine: Engine, job: RestoreJob) -> None:
    """B-254."""
    detail = {"restoreJobId": job.id, "creationDate": iso(job.created), "state": "CREATED"}
    engine.world.emit(job.account, job.region, "Restore Job State Change", detail, [job.point.arn])


def restore_job(engine: Engine, job: RestoreJob) -> None:
    """B-254, B-255."""
    detail: Detail = {
        "restoreJobId": job.id,
        "backupSizeInBytes": str(job.size),
        "creationDate": iso(job.created),
        "iamRoleArn": job.role_arn,
        "percentDone": 0,
        "resourceType": job.resource_type,
        "status": job.state,
    }
    if job.state == "FAILED":
        detail["statusMessage"] = job.message
    if job.state == "COMPLETED":
        detail.update(
            backupVaultArn=job.point.vault.arn,
            recoveryPointArn=job.point.arn,
            sourceResourceArn=job.resource_arn,
            createdResourceArn=job.restored_arn,
            completionDate=iso(job.completed or engine.now()),
        )
    engine.world.emit(job.account, job.region, "Restore Job State Change", detail, [job.point.arn])


def point(engine: Engine, changed: Point) -> None:
    """B-256."""
    detail: Detail = {
        "backupVaultName": changed.vault.name,
        "backupVaultArn": changed.vault.arn,
        "creationDate": iso(changed.created),
        "iamRoleArn": changed.role_arn,
        "resourceType": changed.resource_type,
        "resourceArn": changed.resource_arn,
        "status": changed.status,
        "isEncrypted": _flag(changed.key_arn is not None),
        "storageClass": changed.storage_class,
        **_created_by(changed.created_by),
    }
    if changed.completed is not None:
        detail["completionDate"] = iso(changed.completed)
    if changed.message:
        detail["statusMessage"] = changed.message
    if changed.lifecycle:
        detail["lifecycle"] = {name[0].lower() + name[1:]: value for name, value in changed.lifecycle.items()}
    dates = lifecycle.calculated(changed.lifecycle, changed.created, changed.cold_allowed)
    if dates:
        detail["calculatedLifeCycle"] = {name[0].lower() + name[1:]: iso(value) for name, value in dates.items()}
    where = changed.vault
    engine.world.emit(where.account, where.region, "Recovery Point State Change", detail, [changed.arn])


def _ended(job: BackupJob | CopyJob) -> Detail:
    detail: Detail = {}
    if job.completed is not None:
        detail["completionDate"] = iso(job.completed)
    if job.message:
        detail["statusMessage"] = job.message
    return detail


def _created_by(creator: Detail | None) -> Detail:
    if creator is None:
        return {}
    return {
        "createdBy": {
            "backupPlanId": creator["BackupPlanId"],
            "backupPlanArn": creator["BackupPlanArn"],
            "backupPlanVersion": creator["BackupPlanVersion"],
            "backupPlanRuleId": creator["BackupRuleId"],
        }
    }


def _flag(value: bool) -> str:
    return "true" if value else "false"
