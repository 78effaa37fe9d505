"""Assignments of resources to plans."""

from __future__ import annotations

import copy
from typing import Any, Mapping

from . import checks, permissions
from .caller import Caller
from .engine import Engine, Operation, Params
from .errors import INVALID_PARAMETER, LIMIT_EXCEEDED, NOT_FOUND, Refused
from .paging import page
from .select import TAG_KEY
from .state import Plan, Selection

MOST_SELECTIONS = 100
OPERATORS = ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike")


def create(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "BackupPlanId", "BackupSelection")
    document = params["BackupSelection"]
    _check(document)
    role_arn = document["IamRoleArn"]
    permissions.own_role(caller, role_arn)
    plan = engine.live_plan(caller, params["BackupPlanId"])
    request = params.get("CreatorRequestId")
    for existing in plan.selections.values():
        if request and existing.creator_request_id == request:
            return _created(existing)  # B-94
    if len(plan.selections) >= MOST_SELECTIONS:
        raise Refused(LIMIT_EXCEEDED, f"A backup plan has at most {MOST_SELECTIONS} selections.", "B-92")
    permissions.pass_role(engine, caller, role_arn)
    if not permissions.assumable(engine, role_arn, caller.account):
        raise Refused(INVALID_PARAMETER, f"IAM Role {role_arn} cannot be assumed by AWS Backup", "B-81")
    if _has_tags(document) and not permissions.allowed(engine, role_arn, "tag:GetResources", "*"):
        raise Refused(INVALID_PARAMETER, f"IAM Role {role_arn} is not authorized to call tag:GetResources", "B-82")
    selection = Selection(engine.ids.new(), plan, engine.now(), request, copy.deepcopy(document))
    plan.selections[selection.id] = selection
    return _created(selection)


def get(engine: Engine, caller: Caller, params: Params) -> Params:
    selection = _selection(_plan(engine, caller, params), params)
    return {**_created(selection), **_request(selection), "BackupSelection": copy.deepcopy(selection.document)}


def delete(engine: Engine, caller: Caller, params: Params) -> Params:
    plan = _plan(engine, caller, params)
    del plan.selections[_selection(plan, params).id]
    return {}


def list_selections(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "BackupPlanId")
    plan = engine.plan(caller, params["BackupPlanId"])
    rows = [
        {
            **_created(selection),
            **_request(selection),
            "SelectionName": selection.document["SelectionName"],
            "IamRoleArn": selection.role_arn,
        }
        for selection in plan.selections.values()
    ]
    return page("BackupSelectionsList", rows, params)


def _check(document: Mapping[str, Any]) -> None:
    checks.required(document, "SelectionName", "IamRoleArn")
    checks.name_of("selection name", document["SelectionName"], "B-80")
    if not document.get("Resources") and not document.get("ListOfTags"):
        raise Refused(
            INVALID_PARAMETER,
            "Invalid backup selection. Either 'ListOfTags' or 'Resources' section must be non-empty.",
            "B-83",
        )
    for condition in document.get("ListOfTags") or []:
        if condition.get("ConditionType") != "STRINGEQUALS":
            raise Refused(INVALID_PARAMETER, f"Invalid ConditionType: {condition.get('ConditionType')}", "B-86")
    conditions = document.get("Conditions") or {}
    parameters = [parameter for operator in OPERATORS for parameter in conditions.get(operator) or []]
    for parameter in parameters:
        if not str(parameter.get("ConditionKey", "")).startswith(TAG_KEY):
            raise Refused(INVALID_PARAMETER, f"Invalid ConditionKey: {parameter.get('ConditionKey')}", "B-87")
    _check_sizes(document, len(parameters))


def _check_sizes(document: Mapping[str, Any], conditions: int) -> None:
    for member in ("Resources", "NotResources"):
        entries = document.get(member) or []
        wildcards = sum("*" in entry for entry in entries)
        if wildcards > 30 or len(entries) - wildcards > 500:
            raise Refused(INVALID_PARAMETER, f"{member} has at most 500 ARNs, and 30 with wildcards.", "B-93")
    if conditions > 30:
        raise Refused(INVALID_PARAMETER, "A selection has at most 30 conditions.", "B-93")


def _has_tags(document: Mapping[str, Any]) -> bool:
    return bool(document.get("ListOfTags") or any((document.get("Conditions") or {}).values()))


def _plan(engine: Engine, caller: Caller, params: Params) -> Plan:
    checks.required(params, "BackupPlanId", "SelectionId")
    return engine.plan(caller, params["BackupPlanId"])


def _selection(plan: Plan, params: Params) -> Selection:
    selection = plan.selections.get(params["SelectionId"])
    if selection is None:
        raise Refused(NOT_FOUND, f"Backup selection {params['SelectionId']} does not exist.", "B-2")
    return selection


def _created(selection: Selection) -> Params:
    return {"SelectionId": selection.id, "BackupPlanId": selection.plan.id, "CreationDate": selection.created}


def _request(selection: Selection) -> Params:
    return {"CreatorRequestId": selection.creator_request_id} if selection.creator_request_id else {}


OPERATIONS: dict[str, Operation] = {
    "CreateBackupSelection": create,
    "GetBackupSelection": get,
    "DeleteBackupSelection": delete,
    "ListBackupSelections": list_selections,
}
