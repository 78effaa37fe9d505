"""Copy jobs: how they are created and what becomes of them. They belong to the account and region of the source (B-173)."""

from __future__ import annotations

from typing import Any

from . import arns, copy_checks, events, lifecycle, metrics, notifications, points
from .engine import Engine
from .errors import Failed
from .resource_types import features
from .state import BackupJob, CopyJob, Point, Vault

COUNTED = {state: f"NumberOfCopyJobs{state.title()}" for state in ("CREATED", "RUNNING", "COMPLETED", "FAILED")}
TOLD = {"RUNNING": ("COPY_JOB_STARTED",), "COMPLETED": ("COPY_JOB_SUCCESSFUL",), "FAILED": ("COPY_JOB_FAILED",)}


def create_by_plan(engine: Engine, backup: BackupJob, point: Point, action: dict[str, Any]) -> None:
    """A copy of what a plan's own job has made (B-155), for one of its copy actions (B-142)."""
    job = new(engine, point, backup.role_arn, action["DestinationBackupVaultArn"], action.get("Lifecycle"))
    job.created_by, job.backup_job_id = backup.created_by, backup.id
    create(engine, job)


def new(engine: Engine, point: Point, role_arn: str, destination_arn: str, wanted: dict[str, Any] | None) -> CopyJob:
    return CopyJob(
        id=engine.ids.new(),
        account=point.vault.account,
        region=point.vault.region,
        created=engine.now(),
        role_arn=role_arn,
        resource_arn=point.resource_arn,
        resource_type=point.resource_type,
        state="CREATED",
        size=point.size,
        source=point,
        destination_arn=destination_arn,
        lifecycle=wanted,
        copy_lifecycle=lifecycle.of_copy(wanted, point.lifecycle),
    )


def create(engine: Engine, job: CopyJob) -> None:
    """The job waits until the resource is free, without an end of its waiting (B-174)."""
    engine.add_job(job)
    engine.site(job.account, job.region).copies[job.id] = job
    _changed(engine, job)
    begin = job.created + engine.assumptions.seconds_until_copy_starts
    engine.clock.at(begin, lambda: engine.turns.ask(job, lambda: _start(engine, job)))


def _start(engine: Engine, job: CopyJob) -> None:
    parts = arns.parse_vault_arn(job.destination_arn)
    where = (parts.region, parts.account) if parts else (job.region, job.account)
    job.copy_arn = f"arn:aws:backup:{where[0]}:{where[1]}:recovery-point:{engine.ids.new()}"
    try:
        vault = copy_checks.check(engine, job, job.copy_arn)
    except Failed as failure:
        _end(engine, job, "FAILED", failure)
        return
    job.state, job.started, job.copy_key_arn = "RUNNING", engine.now(), vault.key_arn
    job.source.uses += 1
    _changed(engine, job)
    engine.clock.at(engine.now() + engine.assumptions.seconds_to_copy, lambda: _complete(engine, job))


def _complete(engine: Engine, job: CopyJob) -> None:
    job.source.uses -= 1
    vault = copy_checks.destination(engine, job)
    if vault is None:
        _end(engine, job, "FAILED", Failed(f"Copy job failed because backup vault {job.destination_arn} does not exist.", "B-152"))
        return
    point = _copy(engine, job, vault)
    source_tags = engine.site(job.account, job.region).tags.get(job.source.arn)
    points.add(engine, point, source_tags)  # B-172
    points.complete(engine, point)
    _end(engine, job, "COMPLETED", None)


def _copy(engine: Engine, job: CopyJob, vault: Vault) -> Point:
    """The copy keeps the creation date of its source (B-168) and has the key of its vault (B-169)."""
    source = job.source
    inside = vault.account == job.account
    return Point(
        arn=job.copy_arn or "",
        vault=vault,
        resource_arn=source.resource_arn,
        resource_type=source.resource_type,
        role_arn=job.role_arn if inside else arns.service_linked_role(vault.account),  # B-177
        created=source.created,
        started=job.started or engine.now(),
        lifecycle=lifecycle.of_copy(job.lifecycle, source.lifecycle),
        created_by=job.created_by,
        key_arn=vault.key_arn if source.managed or source.key_arn else None,
        managed=source.managed,
        cold_allowed=features(source.resource_type, source.managed).cold,
        size=source.size,
        snapshot=source.snapshot,
        resource_key_arn=source.resource_key_arn,
        source_vault_arn=source.vault.arn,
    )


def _end(engine: Engine, job: CopyJob, state: str, failure: Failed | None) -> None:
    job.state, job.completed = state, engine.now()
    if failure is not None:
        job.message, job.statement, job.copy_arn, job.copy_key_arn = failure.message, failure.statement, None, None
    _changed(engine, job)
    engine.turns.leave(job)


def _changed(engine: Engine, job: CopyJob) -> None:
    """Event, metric of copies that leave the account or region (B-282) and notifications of the source's vault (B-275)."""
    shown = job.copy_arn
    if job.state != "COMPLETED":
        job.copy_arn = None
    events.copy_job(engine, job)
    job.copy_arn = shown
    parts = arns.parse_vault_arn(job.destination_arn)
    if parts is not None and (parts.account, parts.region) != (job.account, job.region):
        metrics.count(engine, job.account, job.region, COUNTED[job.state], parts.name, job.resource_type)
    what = {"Recovery point ARN": job.source.arn, "Resource ARN": job.resource_arn, "Id": job.id}
    told = TOLD.get(job.state, ())
    notifications.notify(engine, job.source.vault, told, "COPY_JOB", job.state, what, job.created)
