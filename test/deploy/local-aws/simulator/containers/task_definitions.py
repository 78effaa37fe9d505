"""Task definitions (E-83 to E-86)."""

from __future__ import annotations

import json
from typing import Any

from .paging import page
from .references import check_definition
from .refusals import client_error, invalid
from .state import Context, Params, Record, Region, without
from .tags import check as check_tags
from .task_definition_checks import LONGEST, check

CONTAINER_DEFAULTS: dict[str, Any] = {
    "cpu": 0, "essential": True, "portMappings": [], "environment": [], "mountPoints": [], "volumesFrom": [], "systemControls": [],
}  # fmt: skip
"""What Amazon ECS answers of a container that said nothing about it (E-84)."""


def register(context: Context, region: Region, params: Params, caller: str) -> Record:
    check(params)
    check_tags(params.get("tags"))
    if len(json.dumps(params)) > LONGEST:
        raise client_error("The task definition is larger than 64 KB.", "E-83")
    check_definition(context, region, params)
    family = params["family"]
    revisions = region.families.setdefault(family, [])
    number = revisions[-1]["revision"] + 1 if revisions else 1
    arn = region.arn(f"task-definition/{family}:{number}")
    record = {
        "volumes": [],
        "placementConstraints": [],
        **without(params, "tags"),
        "containerDefinitions": [_completed(container, params.get("networkMode")) for container in params["containerDefinitions"]],
        "taskDefinitionArn": arn,
        "revision": number,
        "status": "ACTIVE",
        "requiresAttributes": _attributes(params),
        "compatibilities": _compatibilities(params),
        "registeredAt": context.clock.now(),
        "registeredBy": caller,
    }
    revisions.append(record)
    region.tag(arn, params.get("tags"))
    return {"taskDefinition": record, "tags": region.tags_of(arn)}


def deregister(context: Context, region: Region, params: Params, caller: str) -> Record:
    if ":" not in params["taskDefinition"].rsplit("/", 1)[-1]:
        raise invalid("You must specify the family and the revision of the task definition.", "E-177")
    record = find(region, params["taskDefinition"])
    if record is None:
        raise client_error("The specified task definition does not exist.", "E-85")
    record.update(status="INACTIVE", deregisteredAt=context.clock.now())
    return {"taskDefinition": record}


def delete(context: Context, region: Region, params: Params, caller: str) -> Record:
    found, failures = [], []
    if len(params["taskDefinitions"]) > 10:
        raise invalid("Task definitions cannot have more than 10 elements.", "E-86")
    for name in params["taskDefinitions"]:
        record = find(region, name)
        if record is None:
            failures.append({"arn": name, "reason": "The specified task definition does not exist."})
        elif record["status"] == "ACTIVE":
            failures.append({"arn": name, "reason": "The specified task definition is still in ACTIVE status. Please deregister the target and try again."})
        else:
            record.update(status="DELETE_IN_PROGRESS", deleteRequestedAt=context.clock.now())
            found.append(record)
    return {"taskDefinitions": found, "failures": failures}


def describe(context: Context, region: Region, params: Params, caller: str) -> Record:
    record = find(region, params["taskDefinition"])
    if record is None:
        raise client_error("Unable to describe task definition.", "E-85")
    tagged = {"tags": region.tags_of(record["taskDefinitionArn"])} if "TAGS" in (params.get("include") or ()) else {}
    return {"taskDefinition": record, **tagged}


def list_definitions(context: Context, region: Region, params: Params, caller: str) -> Record:
    status, family = params.get("status", "ACTIVE"), params.get("familyPrefix")
    arns = [
        record["taskDefinitionArn"]
        for name, revisions in sorted(region.families.items())
        if family in (None, name)
        for record in revisions
        if record["status"] == status
    ]
    return page("taskDefinitionArns", arns[::-1] if params.get("sort") == "DESC" else arns, params)


def list_families(context: Context, region: Region, params: Params, caller: str) -> Record:
    status, prefix = params.get("status", "ALL"), params.get("familyPrefix") or ""
    names = [
        name
        for name, revisions in sorted(region.families.items())
        if name.startswith(prefix) and (status == "ALL" or any(r["status"] == "ACTIVE" for r in revisions) == (status == "ACTIVE"))
    ]
    return page("families", names, params)


def find(region: Region, name: str) -> Record | None:
    """A task definition by its ARN, by `family:revision`, or the newest active one of a family."""
    if name.startswith("arn:") and not name.startswith(region.arn("task-definition/")):
        return None
    family, _, number = name.rsplit("/", 1)[-1].partition(":")
    revisions = region.families.get(family, [])
    if number:
        return next((record for record in revisions if str(record["revision"]) == number), None)
    return next((record for record in reversed(revisions) if record["status"] == "ACTIVE"), None)


def _completed(container: Params, mode: Any) -> Record:
    made = {**CONTAINER_DEFAULTS, **container}
    ports = [{"protocol": "tcp", **mapping} for mapping in made["portMappings"]]
    made["portMappings"] = [{"hostPort": port.get("containerPort") if mode in ("awsvpc", "host") else 0, **port} for port in ports]
    return made


def _compatibilities(params: Params) -> list[str]:
    fits = ["EC2"]
    if "FARGATE" in (params.get("requiresCompatibilities") or []):
        fits.append("FARGATE")
    return fits + [name for name in params.get("requiresCompatibilities") or [] if name not in fits]


def _attributes(params: Params) -> list[Record]:
    names = ["com.amazonaws.ecs.capability.docker-remote-api.1.18"]
    if params.get("networkMode") == "awsvpc":
        names.append("ecs.capability.task-eni")
    if params.get("taskRoleArn"):
        names.append("com.amazonaws.ecs.capability.task-iam-role")
    if params.get("executionRoleArn"):
        names.append("ecs.capability.execution-role-ecr-pull")
    return [{"name": name} for name in names]
