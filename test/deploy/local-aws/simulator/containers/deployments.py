"""Deployments of services and the revisions that they deploy (E-111 to E-115)."""

from __future__ import annotations

import hashlib
from typing import Any

from backup.errors import Refused

from .paging import page
from .refusals import invalid
from .state import Context, Params, Record, Region, name_of
from .task_definitions import find

SECONDS_TO_DEPLOY = 180.0
"""From the beginning of a deployment until its tasks run and the old ones are gone (E-114)."""

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


def begin(context: Context, region: Region, service: Record, params: Params) -> None:
    """A deployment of a service begins, with what it was given."""
    now = context.clock.now()
    number = context.number(service["serviceArn"])
    if service["deploymentController"]["type"] == "EXTERNAL" or not service.get("taskDefinition"):
        return
    fargate = service.get("launchType") == "FARGATE" or any(item["capacityProvider"].startswith("FARGATE") for item in service.get("capacityProviderStrategy") or [])
    if fargate:
        service.setdefault("platformVersion", "LATEST")
        service["platformFamily"] = "Linux"
    revision = _revision(context, region, service, params)
    deployment: Record = {
        "id": f"ecs-svc/{number}",
        "status": "PRIMARY",
        "taskDefinition": service["taskDefinition"],
        "desiredCount": service["desiredCount"],
        "pendingCount": service["desiredCount"],
        "runningCount": 0,
        "failedTasks": 0,
        "createdAt": now,
        "updatedAt": now,
        **{name: service[name] for name in ("launchType", "capacityProviderStrategy", "platformVersion", "platformFamily", "networkConfiguration") if name in service},
        **{name: params[name] for name in ("serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations") if params.get(name)},
        "rolloutState": "IN_PROGRESS",
        "rolloutStateReason": f"ECS deployment ecs-svc/{number} in progress.",
    }
    for old in service["deployments"]:
        old["status"] = "ACTIVE"
    service["deployments"].insert(0, deployment)
    service["pendingCount"] = service["desiredCount"]
    summary = {"arn": revision["serviceRevisionArn"], "requestedTaskCount": service["desiredCount"], "runningTaskCount": 0, "pendingTaskCount": service["desiredCount"]}
    service["currentServiceRevisions"].insert(0, summary)
    arn = region.arn(f"service-deployment/{_path(service)}/{number}")
    region.deployments[arn] = {
        "serviceDeploymentArn": arn, "serviceArn": service["serviceArn"], "clusterArn": service["clusterArn"], "createdAt": now, "startedAt": now,
        "updatedAt": now, "status": "IN_PROGRESS", "targetServiceRevision": summary, "deploymentConfiguration": service["deploymentConfiguration"],
    }  # fmt: skip
    service["currentServiceDeployment"] = arn
    _emit(context, region, service, deployment, "IN_PROGRESS")
    context.clock.at(now + SECONDS_TO_DEPLOY, lambda: _complete(context, region, service, deployment))


def settle(context: Context, region: Region, service: Record) -> None:
    """Ends a deployment that is going on."""
    for deployment in list(service["deployments"])[:1]:
        if deployment["rolloutState"] == "IN_PROGRESS":
            _complete(context, region, service, deployment)


def _complete(context: Context, region: Region, service: Record, deployment: Record) -> None:
    """Only the newest deployment of an active service ends well; older ones were replaced by it."""
    if service["status"] != "ACTIVE" or not service["deployments"] or service["deployments"][0] is not deployment or deployment["rolloutState"] != "IN_PROGRESS":
        return
    now, count = context.clock.now(), service["desiredCount"]
    reason = f"ECS deployment {deployment['id']} completed."
    deployment.update(rolloutState="COMPLETED", rolloutStateReason=reason, runningCount=count, pendingCount=0, desiredCount=count, updatedAt=now)
    service.update(deployments=[deployment], runningCount=count, pendingCount=0)
    summary = service["currentServiceRevisions"][0]
    summary.update(requestedTaskCount=count, runningTaskCount=count, pendingTaskCount=0)
    service["currentServiceRevisions"] = [summary]
    _resolve_images(context, region.revisions[summary["arn"]])
    finished = region.deployments[service.pop("currentServiceDeployment")]
    finished.update(status="SUCCESSFUL", finishedAt=now, updatedAt=now)
    message = f"(service {service['serviceName']}) has reached a steady state."
    service["events"].insert(0, {"id": context.number("event"), "createdAt": now, "message": message})
    _emit(context, region, service, deployment, "COMPLETED")


def _revision(context: Context, region: Region, service: Record, params: Params) -> Record:
    arn = region.arn(f"service-revision/{_path(service)}/{context.number('revision')}")
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


def _resolve_images(context: Context, revision: Record) -> None:
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


def _path(service: Record) -> str:
    return f"{name_of(service['clusterArn'])}/{service['serviceName']}"


def _emit(context: Context, region: Region, service: Record, deployment: Record, state: str) -> None:
    detail = {
        "eventType": "INFO",
        "eventName": f"SERVICE_DEPLOYMENT_{state}",
        "deploymentId": deployment["id"],
        "updatedAt": deployment["updatedAt"],
        "reason": deployment["rolloutStateReason"],
    }
    context.world.emit(region.scope, "ECS Deployment State Change", detail, [service["serviceArn"]])
