"""Restore jobs. They do not wait for other jobs of the resource (B-223)."""

from __future__ import annotations

from . import access, checks, events, metrics, notifications, permissions, restore_checks, tokens
from .caller import Caller
from .engine import Engine, Operation, Params
from .errors import INVALID_PARAMETER, INVALID_REQUEST, NOT_FOUND, Failed, Refused
from .paging import TIMES_OF_JOBS, fits, page
from .state import Point, RestoreJob

COUNTED = {state: f"NumberOfRestoreJobs{state.title()}" for state in ("PENDING", "RUNNING", "COMPLETED", "FAILED")}
TOLD = {
    "RUNNING": ("RESTORE_JOB_STARTED",),
    "COMPLETED": ("RESTORE_JOB_COMPLETED", "RESTORE_JOB_SUCCESSFUL"),
    "FAILED": ("RESTORE_JOB_COMPLETED", "RESTORE_JOB_FAILED"),
}
FILTERS = {"ByAccountId": "AccountId", "ByResourceType": "ResourceType", "ByStatus": "Status"}
TIMES = {
    **TIMES_OF_JOBS,
    "RecoveryPointCreationDate": ("ByRecoveryPointCreationDateAfter", "ByRecoveryPointCreationDateBefore"),
}


def start(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "RecoveryPointArn", "Metadata")
    if not params.get("IamRoleArn"):
        raise Refused(INVALID_PARAMETER, "IamRoleArn is required to restore this resource.", "B-219")
    permissions.own_role(caller, params["IamRoleArn"])
    before = tokens.earlier(engine, caller, "StartRestoreJob", params)
    if before is not None:
        return {"RestoreJobId": before}
    point = _point(engine, caller, params["RecoveryPointArn"])
    is_table = point.resource_type == "DynamoDB"
    metadata = restore_checks.metadata(params["Metadata"]) if is_table else dict(params["Metadata"])
    access.ask(engine, caller, point.vault, "StartRestoreJob", point.arn)
    if point.status not in ("COMPLETED", "AVAILABLE"):
        raise Refused(INVALID_REQUEST, f"Recovery point {point.arn} is {point.status}.", "B-211")
    permissions.pass_role(engine, caller, params["IamRoleArn"])
    job = RestoreJob(
        id=engine.ids.new(),
        account=caller.account,
        region=caller.region,
        created=engine.now(),
        role_arn=params["IamRoleArn"],
        resource_arn=point.resource_arn,
        resource_type=point.resource_type,
        state="PENDING",
        size=point.size,
        point=point,
        metadata=metadata,
    )
    _create(engine, job)
    tokens.remember(engine, caller, "StartRestoreJob", params, job.id)
    return {"RestoreJobId": job.id}


def _point(engine: Engine, caller: Caller, arn: str) -> Point:
    """A point of the caller's own account and region (B-210)."""
    for vault in engine.site_of(caller).vaults.values():
        if arn in vault.points:
            return vault.points[arn]
    raise Refused(NOT_FOUND, f"Recovery point {arn} does not exist in account {caller.account} and Region {caller.region}.", "B-210")


def _create(engine: Engine, job: RestoreJob) -> None:
    engine.add_job(job)
    engine.site(job.account, job.region).restores[job.id] = job
    job.point.uses += 1
    events.restore_created(engine, job)
    _changed(engine, job)
    begin = job.created + engine.assumptions.seconds_until_restore_starts
    engine.clock.at(begin, lambda: _start(engine, job))


def _start(engine: Engine, job: RestoreJob) -> None:
    try:
        job.metadata = restore_checks.check(engine, job)
    except Failed as failure:
        _end(engine, job, "FAILED", failure)
        return
    job.state, job.started = "RUNNING", engine.now()
    _changed(engine, job)
    engine.clock.at(engine.now() + engine.assumptions.seconds_to_restore, lambda: _complete(engine, job))


def _complete(engine: Engine, job: RestoreJob) -> None:
    """The world makes the new resource of what the snapshot holds (B-222)."""
    snapshot = job.point.snapshot
    try:
        if snapshot is None:
            raise Failed(f"Restore job failed because recovery point {job.point.arn} is gone.", "B-211")
        job.restored_arn = engine.world.restore(snapshot, job.metadata, job.account, job.region)
    except Failed as failure:
        _end(engine, job, "FAILED", failure)
        return
    job.point.last_restore = engine.now()  # B-225
    _end(engine, job, "COMPLETED", None)


def _end(engine: Engine, job: RestoreJob, state: str, failure: Failed | None) -> None:
    job.point.uses -= 1
    job.state, job.completed = state, engine.now()
    if failure is not None:
        job.message, job.statement = failure.message, failure.statement
    _changed(engine, job)


def _changed(engine: Engine, job: RestoreJob) -> None:
    """Event (B-218), metric (B-283) and notifications of the vault of the point (B-276)."""
    events.restore_job(engine, job)
    metrics.count(engine, job.account, job.region, COUNTED[job.state], job.point.vault.name, job.resource_type)
    what = {"Recovery point ARN": job.point.arn, "Resource ARN": job.restored_arn or "", "Id": job.id}
    told = TOLD.get(job.state, ())
    notifications.notify(engine, job.point.vault, told, "RESTORE_JOB", job.state, what, job.created)


def describe(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "RestoreJobId")
    return described(_job(engine, caller, params))


def job_metadata(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "RestoreJobId")
    job = _job(engine, caller, params)
    return {"RestoreJobId": job.id, "Metadata": dict(job.metadata)}


def list_jobs(engine: Engine, caller: Caller, params: Params) -> Params:
    jobs = reversed(list(engine.site_of(caller).restores.values()))
    rows = [row for job in jobs if fits(row := described(job), params, FILTERS, TIMES)]
    return page("RestoreJobs", rows, params)


def list_by_resource(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "ResourceArn")
    jobs = [job for job in engine.site_of(caller).restores.values() if job.resource_arn == params["ResourceArn"]]
    rows = [row for job in reversed(jobs) if fits(row := described(job), params, FILTERS, TIMES)]
    return page("RestoreJobs", rows, params)


def _job(engine: Engine, caller: Caller, params: Params) -> RestoreJob:
    job = engine.site_of(caller).restores.get(params["RestoreJobId"])
    if job is None:
        raise Refused(NOT_FOUND, f"Restore job {params['RestoreJobId']} does not exist.", "B-2")
    return job


def described(job: RestoreJob) -> Params:
    answer: Params = {
        "AccountId": job.account,
        "RestoreJobId": job.id,
        "RecoveryPointArn": job.point.arn,
        "SourceResourceArn": job.resource_arn,
        "BackupVaultArn": job.point.vault.arn,
        "CreationDate": job.created,
        "Status": job.state,
        "PercentDone": "100.00%" if job.state == "COMPLETED" else "0.00%",
        "BackupSizeInBytes": job.size,
        "IamRoleArn": job.role_arn,
        "ResourceType": job.resource_type,
        "RecoveryPointCreationDate": job.point.created,
        "IsParent": False,
    }
    optional = {"CompletionDate": job.completed, "StatusMessage": job.message, "CreatedResourceArn": job.restored_arn}
    answer.update({name: value for name, value in optional.items() if value is not None})
    return answer


OPERATIONS: dict[str, Operation] = {
    "StartRestoreJob": start,
    "DescribeRestoreJob": describe,
    "GetRestoreJobMetadata": job_metadata,
    "ListRestoreJobs": list_jobs,
    "ListRestoreJobsByProtectedResource": list_by_resource,
}
