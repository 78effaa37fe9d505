"""Backup plans and their versions."""

from __future__ import annotations

import copy
import json

from . import checks, events, rules, scheduler, tags
from .caller import Caller
from .engine import Engine, Operation, Params
from .errors import ALREADY_EXISTS, INVALID_PARAMETER, INVALID_REQUEST, LIMIT_EXCEEDED, NOT_FOUND, Refused
from .paging import page
from .schedule import next_run
from .state import Plan, Version

MOST_PLANS = 300


def create(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "BackupPlan")
    rules.check(params["BackupPlan"])
    tags.check(params.get("BackupPlanTags"))
    site, now = engine.site_of(caller), engine.now()
    live = [plan for plan in site.plans.values() if plan.deleted is None]
    document = rules.completed(params["BackupPlan"], None, engine.ids.new)
    for plan in live:
        if params.get("CreatorRequestId") and plan.creator_request_id == params["CreatorRequestId"]:
            return _created(plan)  # B-66
        if rules.without_ids(plan.current.document) == rules.without_ids(document):
            raise Refused(ALREADY_EXISTS, "Backup plan with the same plan document already exists.", "B-66")
    if len(live) >= MOST_PLANS:
        raise Refused(LIMIT_EXCEEDED, f"An account has at most {MOST_PLANS} backup plans in a region.", "B-73")
    plan_id = engine.ids.new()
    plan = Plan(
        id=plan_id,
        account=caller.account,
        region=caller.region,
        arn=f"arn:aws:backup:{caller.region}:{caller.account}:backup-plan:{plan_id}",
        created=now,
        creator_request_id=params.get("CreatorRequestId"),
        versions=[Version(engine.ids.version(), now, document)],
    )
    site.plans[plan_id] = plan
    site.tags[plan.arn] = dict(params.get("BackupPlanTags") or {})  # B-243
    events.plan(engine, plan, "CREATED", "creationDate", now)
    scheduler.follow(engine, plan)
    return _created(plan)


def update(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "BackupPlanId", "BackupPlan")
    rules.check(params["BackupPlan"])
    plan = engine.live_plan(caller, params["BackupPlanId"])
    document = rules.completed(params["BackupPlan"], plan.current.document, engine.ids.new)
    plan.versions.append(Version(engine.ids.version(), engine.now(), document))  # B-67
    events.plan(engine, plan, "MODIFIED", "modifiedAt", engine.now())
    scheduler.follow(engine, plan)
    return _created(plan)


def delete(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "BackupPlanId")
    plan = engine.live_plan(caller, params["BackupPlanId"])
    if plan.selections:
        raise Refused(INVALID_REQUEST, "Related backup plan selections must be deleted prior to backup plan deletion", "B-70")
    plan.deleted = engine.now()
    scheduler.forget(plan)
    engine.site_of(caller).tags.pop(plan.arn, None)
    events.plan(engine, plan, "DELETED", "deletionDate", plan.deleted)
    return {"BackupPlanId": plan.id, "BackupPlanArn": plan.arn, "DeletionDate": plan.deleted, "VersionId": plan.current.id}


def get(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "BackupPlanId")
    preview = params.get("MaxScheduledRunsPreview") or 0
    checks.between("MaxScheduledRunsPreview", preview, 0, 10, "B-72")
    plan = engine.plan(caller, params["BackupPlanId"])
    version = _version(plan, params.get("VersionId"))
    answer = {**_row(plan, version), "BackupPlan": copy.deepcopy(version.document)}
    answer.pop("BackupPlanName")
    if preview:
        answer["ScheduledRunsPreview"] = _preview(version, engine.now(), preview)
    return answer


def list_plans(engine: Engine, caller: Caller, params: Params) -> Params:
    rows = [
        _row(plan, plan.current)
        for plan in engine.site_of(caller).plans.values()
        if plan.deleted is None or params.get("IncludeDeleted")
    ]
    return page("BackupPlansList", rows, params)


def list_versions(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "BackupPlanId")
    plan = engine.plan(caller, params["BackupPlanId"])
    return page("BackupPlanVersionsList", [_row(plan, version) for version in reversed(plan.versions)], params)


def export(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "BackupPlanId")
    document = rules.without_ids(engine.plan(caller, params["BackupPlanId"]).current.document)
    return {"BackupPlanTemplateJson": json.dumps(document)}


def from_json(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "BackupPlanTemplateJson")
    try:
        document = json.loads(params["BackupPlanTemplateJson"])
    except ValueError as error:
        raise Refused(INVALID_PARAMETER, "BackupPlanTemplateJson is not JSON.", "B-52") from error
    rules.check(document)
    return {"BackupPlan": document}


def _version(plan: Plan, version_id: str | None) -> Version:
    if version_id is None:
        return plan.current
    for version in plan.versions:
        if version.id == version_id:
            return version
    raise Refused(NOT_FOUND, f"Backup plan {plan.id} has no version {version_id}.", "B-2")


def _preview(version: Version, now: float, count: int) -> list[Params]:
    """The next runs of all rules (B-72)."""
    runs = []
    for rule in version.document["Rules"]:
        kind = "CONTINUOUS_AND_SNAPSHOTS" if rule.get("EnableContinuousBackup") else "SNAPSHOTS"
        moment = now
        for _ in range(count):
            following = next_run(rule["ScheduleExpression"], rule["ScheduleExpressionTimezone"], moment)
            if following is None:
                break
            moment = following
            runs.append({"ExecutionTime": moment, "RuleId": rule["RuleId"], "RuleExecutionType": kind})
    return sorted(runs, key=lambda run: run["ExecutionTime"])[:count]


def _created(plan: Plan) -> Params:
    answer = {
        "BackupPlanId": plan.id,
        "BackupPlanArn": plan.arn,
        "CreationDate": plan.current.created,
        "VersionId": plan.current.id,
    }
    if plan.current.document.get("AdvancedBackupSettings"):
        answer["AdvancedBackupSettings"] = plan.current.document["AdvancedBackupSettings"]
    return answer


def _row(plan: Plan, version: Version) -> Params:
    row: Params = {
        "BackupPlanArn": plan.arn,
        "BackupPlanId": plan.id,
        "CreationDate": version.created,
        "VersionId": version.id,
        "BackupPlanName": version.document["BackupPlanName"],
    }
    optional = {
        "CreatorRequestId": plan.creator_request_id,
        "DeletionDate": plan.deleted,
        "LastExecutionDate": plan.last_run,
        "AdvancedBackupSettings": version.document.get("AdvancedBackupSettings"),
    }
    row.update({name: value for name, value in optional.items() if value is not None})
    return row


OPERATIONS: dict[str, Operation] = {
    "CreateBackupPlan": create,
    "UpdateBackupPlan": update,
    "DeleteBackupPlan": delete,
    "GetBackupPlan": get,
    "ListBackupPlans": list_plans,
    "ListBackupPlanVersions": list_versions,
    "ExportBackupPlanTemplate": export,
    "GetBackupPlanFromJSON": from_json,
}
