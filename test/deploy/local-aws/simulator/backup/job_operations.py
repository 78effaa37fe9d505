"""Calls about backup jobs."""

from __future__ import annotations

from . import access, arns, backup_jobs, checks, lifecycle, permissions, tags, tokens
from .backup_checks import find_resource
from .caller import Caller
from .engine import Engine, Operation, Params
from .errors import INVALID_PARAMETER, INVALID_REQUEST, LIMIT_EXCEEDED, NOT_FOUND, NotSimulated, Refused
from .paging import TIMES_OF_JOBS, fits, page
from .resource_types import TYPES, features
from .rules import DEFAULT_COMPLETION_WINDOW, DEFAULT_START_WINDOW, MOST_POINT_TAGS
from .state import BackupJob
from .times import MINUTE

FILTERS = {
    "ByResourceArn": "ResourceArn",
    "ByState": "State",
    "ByBackupVaultName": "BackupVaultName",
    "ByResourceType": "ResourceType",
    "ByAccountId": "AccountId",
}


def start(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "BackupVaultName", "ResourceArn", "IamRoleArn")
    if params.get("LogicallyAirGappedBackupVaultArn"):
        raise NotSimulated("StartBackupJob with LogicallyAirGappedBackupVaultArn")
    _check(params)  # as a plan's: B-127
    permissions.own_role(caller, params["IamRoleArn"])
    before = tokens.earlier(engine, caller, "StartBackupJob", params)
    if before is not None:
        return _started(engine.site_of(caller).backups[before])
    vault = engine.vault(caller, params["BackupVaultName"])  # B-125
    resource = find_resource(engine, caller.account, caller.region, params["ResourceArn"])
    if resource is None or resource.type not in TYPES:
        raise Refused(NOT_FOUND, f"Resource {params['ResourceArn']} does not exist.", "B-126")
    access.ask(engine, caller, vault, "StartBackupJob")
    permissions.pass_role(engine, caller, params["IamRoleArn"])
    now = engine.now()
    job = BackupJob(
        id=engine.ids.new(),
        account=caller.account,
        region=caller.region,
        created=now,
        role_arn=params["IamRoleArn"],
        resource_arn=resource.arn,
        resource_type=resource.type,
        state="CREATED",
        vault_name=vault.name,
        lifecycle=lifecycle.stored(params.get("Lifecycle")),
        start_by=now + (params.get("StartWindowMinutes") or DEFAULT_START_WINDOW) * MINUTE,
        minutes_to_complete=params.get("CompleteWindowMinutes") or DEFAULT_COMPLETION_WINDOW,
        completes_from_start=False,
        tags=dict(params.get("RecoveryPointTags") or {}),
    )
    backup_jobs.create(engine, job)
    tokens.remember(engine, caller, "StartBackupJob", params, job.id)
    return _started(job)


def _check(params: Params) -> None:
    checks.windows(params.get("StartWindowMinutes"), params.get("CompleteWindowMinutes"), "CompleteWindowMinutes")
    lifecycle.check(params.get("Lifecycle"))
    tags.check(params.get("RecoveryPointTags"))
    if len(params.get("RecoveryPointTags") or {}) > MOST_POINT_TAGS:
        raise Refused(LIMIT_EXCEEDED, f"A job has at most {MOST_POINT_TAGS} tags for its recovery point.", "B-65")
    if not str(params["ResourceArn"]).startswith("arn:"):
        raise Refused(INVALID_PARAMETER, f"Not an ARN: {params['ResourceArn']}", "B-126")


def stop(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "BackupJobId")
    job = _job(engine, caller, params)
    if not features(job.resource_type, True).stoppable:
        raise Refused(INVALID_REQUEST, f"Backup jobs of {job.resource_type} can't be stopped.", "B-137")
    if job.state not in ("CREATED", "RUNNING"):
        raise Refused(INVALID_REQUEST, f"Backup job {job.id} is {job.state}.", "B-136")
    backup_jobs.end(engine, job, "ABORTED", "Backup job was stopped by user.", "B-136")
    return {}


def describe(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "BackupJobId")
    return described(_job(engine, caller, params))


def list_jobs(engine: Engine, caller: Caller, params: Params) -> Params:
    jobs = reversed(list(engine.site_of(caller).backups.values()))
    rows = [row for job in jobs if fits(row := described(job), params, FILTERS, TIMES_OF_JOBS)]
    return page("BackupJobs", rows, params)


def _job(engine: Engine, caller: Caller, params: Params) -> BackupJob:
    job = engine.site_of(caller).backups.get(params["BackupJobId"])
    if job is None:
        raise Refused(NOT_FOUND, f"Backup job {params['BackupJobId']} does not exist.", "B-2")
    return job


def _started(job: BackupJob) -> Params:
    return {"BackupJobId": job.id, "CreationDate": job.created, "IsParent": False}


def described(job: BackupJob) -> Params:
    answer: Params = {
        "AccountId": job.account,
        "BackupJobId": job.id,
        "BackupVaultName": job.vault_name,
        "BackupVaultArn": arns.vault_arn(job.region, job.account, job.vault_name),
        "VaultType": "BACKUP_VAULT",
        "ResourceArn": job.resource_arn,
        "ResourceType": job.resource_type,
        "ResourceName": arns.resource_name(job.resource_arn),
        "CreationDate": job.created,
        "State": job.state,
        "PercentDone": "100.0" if job.state == "COMPLETED" else "0.0",
        "IamRoleArn": job.role_arn,
        "StartBy": job.start_by,
        "RecoveryPointLifecycle": dict(job.lifecycle),
        "IsParent": False,
    }
    optional = {
        "RecoveryPointArn": job.point.arn if job.point else None,
        "InitiationDate": job.started,
        "CompletionDate": job.completed,
        "StatusMessage": job.message,
        "CreatedBy": job.created_by,
        "EncryptionKeyArn": job.key_arn,
        "BackupSizeInBytes": job.size or None,
        "BytesTransferred": job.size or None,
    }
    answer.update({name: value for name, value in optional.items() if value is not None})
    return answer


OPERATIONS: dict[str, Operation] = {
    "StartBackupJob": start,
    "StopBackupJob": stop,
    "DescribeBackupJob": describe,
    "ListBackupJobs": list_jobs,
}
