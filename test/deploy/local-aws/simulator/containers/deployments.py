"""Revisions of services and the deployments of them, as they are described (E-112, E-113, E-115)."""

from __future__ import annotations

import hashlib
from typing import Any

from backup.errors import Refused

from .paging import page
from .refusals import invalid
from .state import Context, Params, Record, Region, name_of
from .task_definitions import find

MOST_REVISIONS = 20

REVISION_MEMBERS = (
    "capacityProviderStrategy", "launchType", "platformVersion", "platformFamily", "loadBalancers", "serviceRegistries", "networkConfiguration",
)  # fmt: skip
NOT_IN_REVISION = (
    "cluster", "serviceName", "service", "clientToken", "role", "tags", "desiredCount", "deploymentConfiguration", "placementConstraints",
    "placementStrategy", "healthCheckGracePeriodSeconds", "schedulingStrategy", "deploymentController", "enableECSManagedTags", "propagateTags",
    "enableExecuteCommand", "availabilityZoneRebalancing", "forceNewDeployment", "resourceManagementType", "taskDefinition", *REVISION_MEMBERS,
)  # fmt: skip
"""Members of CreateService that are the service's and not the revision's. What is not among them is in the revision (E-112)."""


def add_revision(context: Context, region: Region, service: Record, params: Params) -> Record:
    arn = region.arn(f"service-revision/{path_of(service)}/{context.number('revision')}")
    definition = find(region, service["taskDefinition"])
    containers = definition["containerDefinitions"] if definition else []
    record: Record = {
        "guardDutyEnabled": False,
        **{name: service[name] for name in REVISION_MEMBERS if name in service},
        **{name: value for name, value in params.items() if name not in NOT_IN_REVISION and value is not None},
        "serviceRevisionArn": arn,
        "serviceArn": service["serviceArn"],
        "clusterArn": service["clusterArn"],
        "taskDefinition": service["taskDefinition"],
        "containerImages": [{"containerName": container["name"], "image": container["image"]} for container in containers],
        "createdAt": context.clock.now(),
    }
    region.revisions[arn] = record
    return record


def resolve_images(context: Context, revision: Record) -> None:
    """The first task that runs resolves the tags of images, and every later one takes the same (E-115)."""
    for image in revision["containerImages"]:
        if "imageDigest" not in image:
            known = image["image"].split("@", 1)[1] if "@" in image["image"] else context.world.digest(image["image"])
            image["imageDigest"] = known or "sha256:" + hashlib.sha256(image["image"].encode()).hexdigest()


def forget(region: Region, service: Record) -> None:
    """The revisions and deployments of a service go with it."""
    for records in (region.revisions, region.deployments):
        for arn in [arn for arn, record in records.items() if record["serviceArn"] == service["serviceArn"]]:
            del records[arn]


def describe_revisions(context: Context, region: Region, params: Params, caller: str) -> Record:
    return _described(region.revisions, "serviceRevisions", params["serviceRevisionArns"])


def describe_deployments(context: Context, region: Region, params: Params, caller: str) -> Record:
    return _described(region.deployments, "serviceDeployments", params["serviceDeploymentArns"])


def list_deployments(context: Context, region: Region, params: Params, caller: str) -> Record:
    service = region.service(region.cluster(params.get("cluster")), params["service"])
    if service is None:
        raise Refused("ServiceNotFoundException", "Service not found.", "E-107")
    found = [
        {
            **{name: value for name, value in record.items() if name not in ("targetServiceRevision", "deploymentConfiguration", "updatedAt")},
            "targetServiceRevisionArn": record["targetServiceRevision"]["arn"],
        }
        for record in reversed(region.deployments.values())
        if record["serviceArn"] == service["serviceArn"] and record["status"] in (params.get("status") or [record["status"]])
    ]
    return page("serviceDeployments", found, params)


def _described(records: dict[str, Record], member: str, arns: list[Any]) -> Record:
    if not arns:
        raise invalid(f"{member} cannot be empty.", "E-113")
    if len(arns) > MOST_REVISIONS:
        raise invalid(f"{member} cannot have more than {MOST_REVISIONS} elements.", "E-113")
    return {
        member: [records[arn] for arn in arns if arn in records],
        "failures": [{"arn": arn, "reason": "MISSING"} for arn in arns if arn not in records],
    }


def path_of(service: Record) -> str:
    return f"{name_of(service['clusterArn'])}/{service['serviceName']}"
