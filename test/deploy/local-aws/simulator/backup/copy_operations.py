"""Calls about copy jobs."""

from __future__ import annotations

from . import access, arns, checks, copy_jobs, lifecycle, permissions, tokens
from .caller import Caller
from .engine import Engine, Operation, Params
from .errors import INVALID_PARAMETER, INVALID_REQUEST, NOT_FOUND, Refused
from .paging import TIMES_OF_JOBS, fits, page
from .state import CopyJob

FILTERS = {
    "ByResourceArn": "ResourceArn",
    "ByState": "State",
    "ByResourceType": "ResourceType",
    "ByDestinationVaultArn": "DestinationBackupVaultArn",
    "ByAccountId": "AccountId",
    "BySourceRecoveryPointArn": "SourceRecoveryPointArn",
}


def start(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "RecoveryPointArn", "SourceBackupVaultName", "DestinationBackupVaultArn", "IamRoleArn")
    if arns.parse_vault_arn(params["DestinationBackupVaultArn"]) is None:
        raise Refused(INVALID_PARAMETER, f"Not the ARN of a backup vault: {params['DestinationBackupVaultArn']}", "B-151")
    lifecycle.check(params.get("Lifecycle"))
    permissions.own_role(caller, params["IamRoleArn"])
    before = tokens.earlier(engine, caller, "StartCopyJob", params)
    if before is not None:
        return _started(engine.site_of(caller).copies[before])
    vault = engine.vault(caller, params["SourceBackupVaultName"])
    point = engine.point(vault, params["RecoveryPointArn"])
    access.ask(engine, caller, vault, "StartCopyJob", point.arn)
    if point.status != "COMPLETED":
        raise Refused(INVALID_REQUEST, f"Recovery point {point.arn} is {point.status}.", "B-150")
    if point.storage_class == "COLD":
        raise Refused(INVALID_REQUEST, f"Recovery point {point.arn} is in cold storage and can't be copied.", "B-153")
    permissions.pass_role(engine, caller, params["IamRoleArn"])
    job = copy_jobs.new(engine, point, params["IamRoleArn"], params["DestinationBackupVaultArn"], params.get("Lifecycle"))
    copy_jobs.create(engine, job)
    tokens.remember(engine, caller, "StartCopyJob", params, job.id)
    return _started(job)


def describe(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "CopyJobId")
    job = engine.site_of(caller).copies.get(params["CopyJobId"])
    if job is None:
        raise Refused(NOT_FOUND, f"Copy job {params['CopyJobId']} does not exist.", "B-2")
    return {"CopyJob": described(job)}


def list_jobs(engine: Engine, caller: Caller, params: Params) -> Params:
    jobs = reversed(list(engine.site_of(caller).copies.values()))
    rows = [row for job in jobs if fits(row := described(job), params, FILTERS, TIMES_OF_JOBS)]
    return page("CopyJobs", rows, params)


def _started(job: CopyJob) -> Params:
    return {"CopyJobId": job.id, "CreationDate": job.created, "IsParent": False}


def described(job: CopyJob) -> Params:
    """B-176."""
    answer: Params = {
        "AccountId": job.account,
        "CopyJobId": job.id,
        "SourceBackupVaultArn": job.source.vault.arn,
        "SourceRecoveryPointArn": job.source.arn,
        "DestinationBackupVaultArn": job.destination_arn,
        "DestinationRecoveryPointLifecycle": dict(job.copy_lifecycle or {}),
        "ResourceArn": job.resource_arn,
        "ResourceType": job.resource_type,
        "ResourceName": arns.resource_name(job.resource_arn),
        "CreationDate": job.created,
        "State": job.state,
        "IamRoleArn": job.role_arn,
        "BackupSizeInBytes": job.size,
        "IsParent": False,
    }
    optional = {
        "DestinationRecoveryPointArn": job.copy_arn if job.state == "COMPLETED" else None,
        "DestinationEncryptionKeyArn": job.copy_key_arn,
        "CompletionDate": job.completed,
        "StatusMessage": job.message,
        "CreatedBy": job.created_by,
        "CreatedByBackupJobId": job.backup_job_id,
    }
    answer.update({name: value for name, value in optional.items() if value is not None})
    return answer


OPERATIONS: dict[str, Operation] = {"StartCopyJob": start, "DescribeCopyJob": describe, "ListCopyJobs": list_jobs}
