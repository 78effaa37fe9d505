"""Backup jobs: how they are created and what becomes of them."""

from __future__ import annotations

from typing import Any

from . import arns, backup_checks, copy_jobs, events, lifecycle, metrics, notifications, points, protected, settings
from .engine import Engine
from .errors import Failed
from .resource_types import features
from .state import BackupJob, Plan, Point, Vault
from .times import MINUTE
from .world import Resource

COUNTED = {state: f"NumberOfBackupJobs{state.title()}" for state in ("CREATED", "RUNNING", "COMPLETED", "FAILED", "EXPIRED", "ABORTED")}
TOLD = {
    "RUNNING": ("BACKUP_JOB_STARTED",),
    "COMPLETED": ("BACKUP_JOB_COMPLETED", "BACKUP_JOB_SUCCESSFUL"),
    "FAILED": ("BACKUP_JOB_COMPLETED", "BACKUP_JOB_FAILED"),
    "EXPIRED": ("BACKUP_JOB_COMPLETED", "BACKUP_JOB_EXPIRED"),
    "ABORTED": ("BACKUP_JOB_COMPLETED",),
}
BUSY = "Backup job failed because there was a running job for the same resource."


def create_by_plan(engine: Engine, plan: Plan, rule: dict[str, Any], role_arn: str, resource: Resource, moment: float) -> None:
    """A job of a rule for a resource."""
    document = plan.current.document
    job = BackupJob(
        id=engine.ids.new(),
        account=plan.account,
        region=plan.region,
        created=moment,
        role_arn=role_arn,
        resource_arn=resource.arn,
        resource_type=resource.type,
        state="CREATED",
        vault_name=rule["TargetBackupVaultName"],
        lifecycle=lifecycle.stored(rule.get("Lifecycle")),
        start_by=moment + rule["StartWindowMinutes"] * MINUTE,
        minutes_to_complete=rule["CompletionWindowMinutes"],
        tags=dict(rule.get("RecoveryPointTags") or {}),
        copies=list(rule.get("CopyActions") or []),
        created_by={
            "BackupPlanId": plan.id,
            "BackupPlanArn": plan.arn,
            "BackupPlanName": document["BackupPlanName"],
            "BackupPlanVersion": plan.current.id,
            "BackupRuleId": rule["RuleId"],
            "BackupRuleName": rule["RuleName"],
            "BackupRuleCron": rule["ScheduleExpression"],
            "BackupRuleTimezone": rule["ScheduleExpressionTimezone"],
        },
    )
    create(engine, job)


def create(engine: Engine, job: BackupJob) -> None:
    """The job waits for its start (B-120), until its start window ends."""
    engine.add_job(job)
    engine.site(job.account, job.region).backups[job.id] = job
    settings.opt_in(engine, job.account, job.region, job.resource_type)
    _changed(engine, job)
    job.timers.append(engine.clock.at(job.start_by, lambda: _too_late(engine, job)))
    begin = job.created + engine.assumptions.seconds_until_backup_starts
    job.timers.append(engine.clock.at(begin, lambda: engine.turns.ask(job, lambda: _start(engine, job))))


def vault_of(engine: Engine, job: BackupJob) -> Vault | None:
    return engine.site(job.account, job.region).vaults.get(job.vault_name)


def _start(engine: Engine, job: BackupJob) -> None:
    can = features(job.resource_type, settings.advanced_tables(engine, job.account, job.region))
    arn = _point_arn(engine, job, can.managed)
    try:
        vault, resource, tags, key_arn = backup_checks.check(engine, job, can, arn)
        snapshot = engine.world.snapshot(resource.arn)
        if snapshot is None:
            raise Failed(f"Backup job failed because resource {job.resource_arn} does not exist.", "B-126")
    except Failed as failure:
        end(engine, job, "FAILED", failure.message, failure.statement)
        return
    for timer in job.timers:
        timer.cancel()
    job.state, job.started, job.key_arn = "RUNNING", engine.now(), key_arn
    job.point = Point(
        arn=arn,
        vault=vault,
        resource_arn=job.resource_arn,
        resource_type=job.resource_type,
        role_arn=job.role_arn,
        created=job.created,  # B-131
        started=job.started,
        lifecycle=dict(job.lifecycle),
        created_by=job.created_by,
        key_arn=key_arn,
        managed=can.managed,
        cold_allowed=can.cold,
        size=snapshot.size_in_bytes,
        snapshot=snapshot,
        resource_key_arn=resource.key_arn,
    )
    _changed(engine, job)
    points.add(engine, job.point, tags)
    events.point(engine, job.point)
    _plan_end(engine, job)


def _plan_end(engine: Engine, job: BackupJob) -> None:
    """It completes, or its completion window ends before (B-123, B-124)."""
    begin = job.started if job.completes_from_start and job.started is not None else job.created
    latest = begin + job.minutes_to_complete * MINUTE
    done = engine.now() + engine.assumptions.seconds_to_back_up
    if done <= latest:
        job.timers.append(engine.clock.at(done, lambda: _complete(engine, job)))
    else:
        message = "Backup job failed to complete in time."
        job.timers.append(engine.clock.at(latest, lambda: end(engine, job, "EXPIRED", message, "B-123")))


def _complete(engine: Engine, job: BackupJob) -> None:
    point = job.point
    if point is None:
        return
    job.size = point.size
    points.complete(engine, point)  # first, so that who hears of the job finds the point
    protected.remember(engine, point)
    end(engine, job, "COMPLETED", None, None)
    for action in job.copies:  # B-142; what becomes of them does not change this job: B-143
        copy_jobs.create_by_plan(engine, job, point, action)


def _too_late(engine: Engine, job: BackupJob) -> None:
    """B-122."""
    message = BUSY if engine.turns.waits(job) else "Backup job did not start within its start window."
    end(engine, job, "EXPIRED", message, "B-122")


def end(engine: Engine, job: BackupJob, state: str, message: str | None, statement: str | None) -> None:
    """The job has ended; its point stays only if it has completed. Its turn goes to the next one."""
    for timer in job.timers:
        timer.cancel()
    job.state, job.message, job.statement, job.completed = state, message, statement, engine.now()
    if state != "COMPLETED" and job.point is not None:
        job.point.vault.points.pop(job.point.arn, None)
        engine.site(job.account, job.region).tags.pop(job.point.arn, None)
        job.point = None
    _changed(engine, job)
    engine.turns.leave(job)


def _changed(engine: Engine, job: BackupJob) -> None:
    """Event, metric (B-281) and notifications (B-274, B-279) of a new state."""
    events.backup_job(engine, job, arns.vault_arn(job.region, job.account, job.vault_name))
    metrics.count(engine, job.account, job.region, COUNTED[job.state], job.vault_name, job.resource_type)
    what = {
        "Recovery point ARN": job.point.arn if job.point and job.state == "COMPLETED" else "",
        "Resource ARN": job.resource_arn,
        "Id": job.id,
    }
    told = TOLD.get(job.state, ())
    notifications.notify(engine, vault_of(engine, job), told, "BACKUP_JOB", job.state, what, job.created)


def _point_arn(engine: Engine, job: BackupJob, managed: bool) -> str:
    """B-139, B-140."""
    unique = engine.ids.new()
    if managed or job.resource_type != "DynamoDB":
        return f"arn:aws:backup:{job.region}:{job.account}:recovery-point:{unique}"
    return f"{job.resource_arn}/backup/{int(job.created * 1000):014d}-{unique[:8]}"
