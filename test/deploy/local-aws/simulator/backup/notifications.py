"""Messages of vaults to their topics."""

from __future__ import annotations

from . import checks
from .access import vault_for
from .caller import Caller
from .engine import Engine, Operation, Params
from .errors import INVALID_PARAMETER, NOT_FOUND, Refused
from .state import Vault
from .times import iso

EVENTS = frozenset(
    """BACKUP_JOB_STARTED BACKUP_JOB_COMPLETED BACKUP_JOB_SUCCESSFUL BACKUP_JOB_FAILED BACKUP_JOB_EXPIRED
    RESTORE_JOB_STARTED RESTORE_JOB_COMPLETED RESTORE_JOB_SUCCESSFUL RESTORE_JOB_FAILED
    COPY_JOB_STARTED COPY_JOB_SUCCESSFUL COPY_JOB_FAILED RECOVERY_POINT_MODIFIED BACKUP_PLAN_CREATED BACKUP_PLAN_MODIFIED
    S3_BACKUP_OBJECT_FAILED S3_RESTORE_OBJECT_FAILED CONTINUOUS_BACKUP_INTERRUPTED
    RECOVERY_POINT_INDEX_COMPLETED RECOVERY_POINT_INDEX_DELETED RECOVERY_POINT_INDEXING_FAILED
    EKS_BACKUP_OBJECT_FAILED EKS_RESTORE_OBJECT_FAILED EKS_RESTORE_OBJECT_SKIPPED
    EKS_RESTORE_MODIFICATION_SUCCESS EKS_RESTORE_MODIFICATION_FAILED
    ACCESS_POINT_AVAILABLE ACCESS_POINT_CREATION_FAILED ACCESS_POINT_DELETED ACCESS_POINT_DELETION_FAILED
    ACCESS_POINT_EXPIRED ACCESS_POINT_DISASSOCIATED""".split()
)

SENTENCES = {
    "COMPLETED": "was completed successfully",
    "FAILED": "failed",
    "EXPIRED": "failed to complete in time",
    "ABORTED": "was stopped",
    "RUNNING": "was started",
}


def put(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "BackupVaultName", "SNSTopicArn", "BackupVaultEvents")
    topic = params["SNSTopicArn"].split(":")
    if len(topic) != 6 or topic[2] != "sns" or topic[4] != caller.account or topic[5].endswith(".fifo"):
        raise Refused(INVALID_PARAMETER, f"Not a standard topic of account {caller.account}: {params['SNSTopicArn']}", "B-271")
    unknown = [event for event in params["BackupVaultEvents"] if event not in EVENTS]
    if unknown or not params["BackupVaultEvents"]:
        raise Refused(INVALID_PARAMETER, f"Invalid backup vault events: {unknown}", "B-272")
    vault = vault_for(engine, caller, params, "PutBackupVaultNotifications")
    vault.topic, vault.events = params["SNSTopicArn"], list(params["BackupVaultEvents"])  # B-270
    return {}


def get(engine: Engine, caller: Caller, params: Params) -> Params:
    vault = vault_for(engine, caller, params, "GetBackupVaultNotifications")
    if vault.topic is None:
        raise Refused(NOT_FOUND, f"Backup vault {vault.name} has no notifications.", "B-273")
    return {
        "BackupVaultName": vault.name,
        "BackupVaultArn": vault.arn,
        "SNSTopicArn": vault.topic,
        "BackupVaultEvents": list(vault.events),
    }


def delete(engine: Engine, caller: Caller, params: Params) -> Params:
    vault = vault_for(engine, caller, params, "DeleteBackupVaultNotifications")
    vault.topic, vault.events = None, []
    return {}


def notify(
    engine: Engine, vault: Vault | None, events: tuple[str, ...], kind: str, state: str, what: dict[str, str], started: float
) -> None:
    """One message for each event that the vault is subscribed to (B-274 to B-277), with its attributes (B-278, B-279).

    `kind` is BACKUP_JOB, COPY_JOB, RESTORE_JOB or RECOVERY_POINT; `what` names the ARNs and the id in the message, `Id` last.
    """
    if vault is None or vault.topic is None:
        return
    for event in events:
        if event not in vault.events:
            continue
        subject = kind.replace("_", " ").lower()
        names = " ".join(f"{name}: {value}." for name, value in what.items() if name != "Id" and value)
        message = f"An AWS Backup {subject} {SENTENCES.get(state, state.lower())}. {names} {subject} ID: {what['Id']}"
        attributes = {"EventType": kind, "State": state, "AccountId": vault.account, "Id": what["Id"], "StartTime": iso(started)}
        engine.world.publish(vault.topic, "Notification from AWS Backup", message, attributes, vault.account, vault.region)


OPERATIONS: dict[str, Operation] = {
    "PutBackupVaultNotifications": put,
    "GetBackupVaultNotifications": get,
    "DeleteBackupVaultNotifications": delete,
}
