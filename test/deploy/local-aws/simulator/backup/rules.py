"""The document of a backup plan: what AWS Backup accepts, and what it makes of it."""

from __future__ import annotations

import copy
from typing import Any, Mapping

from . import arns, checks, lifecycle
from .errors import INVALID_PARAMETER, LIMIT_EXCEEDED, NotSimulated, Refused
from .schedule import BadSchedule, parse, zone

Rule = dict[str, Any]
DEFAULT_SCHEDULE = "cron(0 5 ? * * *)"
DEFAULT_ZONE = "Etc/UTC"
DEFAULT_START_WINDOW = 480
DEFAULT_COMPLETION_WINDOW = 10_080
DEFAULTS = {
    "ScheduleExpression": DEFAULT_SCHEDULE,
    "ScheduleExpressionTimezone": DEFAULT_ZONE,
    "StartWindowMinutes": DEFAULT_START_WINDOW,
    "CompletionWindowMinutes": DEFAULT_COMPLETION_WINDOW,
}
MOST_RULES, MOST_COPIES, MOST_POINT_TAGS = 10, 5, 10


def check(document: Mapping[str, Any]) -> None:
    """Refuses a plan that AWS Backup does not accept."""
    checks.required(document, "BackupPlanName")
    checks.name_of("backup plan name", document["BackupPlanName"], "B-50")
    rules = document.get("Rules") or []
    if not rules:
        raise Refused(INVALID_PARAMETER, "A backup plan needs at least one rule.", "B-52")
    if len(rules) > MOST_RULES:
        raise Refused(LIMIT_EXCEEDED, f"A backup plan has at most {MOST_RULES} rules.", "B-52")
    for rule in rules:
        _check_rule(rule)
    names = [rule["RuleName"] for rule in rules]
    if len(set(names)) < len(names):
        raise Refused(INVALID_PARAMETER, f"The rules of a backup plan need different names: {', '.join(names)}", "B-51")


def _check_rule(rule: Mapping[str, Any]) -> None:
    checks.required(rule, "RuleName", "TargetBackupVaultName")
    checks.name_of("rule name", rule["RuleName"], "B-50")
    checks.vault_name(rule["TargetBackupVaultName"])  # whether it exists is not asked: B-54
    if rule.get("TargetLogicallyAirGappedBackupVaultArn"):
        raise NotSimulated("CreateBackupPlan with TargetLogicallyAirGappedBackupVaultArn")
    checks.windows(rule.get("StartWindowMinutes"), rule.get("CompletionWindowMinutes"), "CompletionWindowMinutes")
    lifecycle.check(rule.get("Lifecycle"))
    _check_schedule(rule)
    _check_continuous(rule)
    if len(rule.get("RecoveryPointTags") or {}) > MOST_POINT_TAGS:
        raise Refused(LIMIT_EXCEEDED, f"A rule has at most {MOST_POINT_TAGS} tags for recovery points.", "B-65")
    _check_indexes(rule)
    copies = rule.get("CopyActions") or []
    if len(copies) > MOST_COPIES:
        raise Refused(LIMIT_EXCEEDED, f"A rule has at most {MOST_COPIES} copy actions.", "B-53")
    for action in copies:
        checks.required(action, "DestinationBackupVaultArn")
        if arns.parse_vault_arn(action["DestinationBackupVaultArn"]) is None:
            raise Refused(INVALID_PARAMETER, f"Not the ARN of a backup vault: {action['DestinationBackupVaultArn']}", "B-55")
        lifecycle.check(action.get("Lifecycle"))


def _check_schedule(rule: Mapping[str, Any]) -> None:
    expression = rule.get("ScheduleExpression") or DEFAULT_SCHEDULE
    try:
        schedule = parse(expression)
        zone(rule.get("ScheduleExpressionTimezone") or DEFAULT_ZONE)
    except BadSchedule as error:
        raise Refused(INVALID_PARAMETER, str(error), error.statement) from error
    if len(schedule.minutes) > 1:
        raise Refused(INVALID_PARAMETER, f"A schedule can't run more often than once an hour: {expression}", "B-62")


def _check_continuous(rule: Mapping[str, Any]) -> None:
    if not rule.get("EnableContinuousBackup"):
        return
    days = lifecycle.retention(rule.get("Lifecycle"))
    if days is None or days > 35 or lifecycle.days(rule.get("Lifecycle"), "MoveToColdStorageAfterDays") is not None:
        raise Refused(INVALID_PARAMETER, "Continuous backups are kept for 1 to 35 days, without cold storage.", "B-64")


def _check_indexes(rule: Mapping[str, Any]) -> None:
    indexes = rule.get("IndexActions") or []
    types = [name for action in indexes for name in action.get("ResourceTypes") or []]
    if len(indexes) > 1 or len(types) > 1 or any(name not in ("EBS", "S3") for name in types):
        raise Refused(INVALID_PARAMETER, "A rule has at most one index action, of the type EBS or S3.", "B-74")


def completed(document: Mapping[str, Any], previous: Mapping[str, Any] | None, new_id: Any) -> dict[str, Any]:
    """The document as AWS Backup returns it: with defaults and the ids of rules. Rules keep their ids (B-68)."""
    known = {rule["RuleName"]: rule["RuleId"] for rule in (previous or {}).get("Rules", [])}
    plan = copy.deepcopy(dict(document))
    for rule in plan["Rules"]:
        for member, default in DEFAULTS.items():
            rule[member] = rule.get(member) or default
        rule["RuleId"] = known.get(rule["RuleName"]) or new_id()
    return plan


def without_ids(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document as it was given, with defaults: for the comparison of plans (B-66)."""
    plan = copy.deepcopy(dict(document))
    for rule in plan["Rules"]:
        rule.pop("RuleId", None)
    return plan
