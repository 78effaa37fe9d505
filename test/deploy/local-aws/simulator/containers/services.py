"""Services (E-105 to E-116, E-165, E-174 to E-176)."""

from __future__ import annotations

import re
from typing import Any

from backup.errors import Refused

from .deployments import forget
from .paging import page
from .references import check_service as check_references
from .refusals import invalid
from .rollouts import begin, scale, settle
from .service_checks import check_create, check_update
from .state import Context, Params, Record, Region, name_of, without
from .tags import check as check_tags
from .task_definitions import find

SECONDS_TO_DRAIN = 60.0
"""How long a service is DRAINING while its tasks stop (E-109)."""

SECONDS_TO_FORGET = 3600.0
"""How long an INACTIVE service can still be described (E-176)."""

MOST_DESCRIBED = 10

IN_REVISION_ONLY = ("monitoring", "gatewayConnectors")
IN_REVISION_AND_DEPLOYMENT = ("serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations")
"""Members that DescribeServices does not have in the service itself (E-112)."""

STARTS_DEPLOYMENT = (
    "taskDefinition", "capacityProviderStrategy", "networkConfiguration", "platformVersion", "loadBalancers", "serviceRegistries",
    "enableECSManagedTags", "propagateTags", *IN_REVISION_ONLY, *IN_REVISION_AND_DEPLOYMENT,
)  # fmt: skip
"""Members whose change is a deployment (E-111)."""

ON_CREATION_ONLY = ("serviceName", "launchType", "schedulingStrategy", "role", "tags", "clientToken", "resourceManagementType")
"""Members that CreateService has and UpdateService does not (E-175)."""


def create(context: Context, region: Region, params: Params, caller: str) -> Record:
    cluster = region.cluster(params.get("cluster"))
    name = params["serviceName"]
    known = _of_same_token(region, cluster, params)
    if known is not None:
        return {"service": {**known, "tags": region.tags_of(known["serviceArn"])}}
    check_create(region, cluster, params)
    check_tags(params.get("tags"))
    check_references(context, region, params)
    strategy = params.get("capacityProviderStrategy")
    if not strategy and not params.get("launchType"):
        strategy = cluster["defaultCapacityProviderStrategy"]
    is_daemon = params.get("schedulingStrategy") == "DAEMON"
    configuration = _deployment_configuration(params, {})
    record: Record = {
        "loadBalancers": [],
        "serviceRegistries": [],
        "placementConstraints": [],
        "placementStrategy": [],
        "schedulingStrategy": "REPLICA",
        "deploymentController": {"type": "ECS"},
        "enableECSManagedTags": False,
        "propagateTags": "NONE",
        "enableExecuteCommand": False,
        "availabilityZoneRebalancing": "DISABLED" if is_daemon or configuration["maximumPercent"] <= 100 else "ENABLED",
        "desiredCount": 0 if is_daemon else 1,
        **without(params, "cluster", "clientToken", "role", "tags", *IN_REVISION_ONLY, *IN_REVISION_AND_DEPLOYMENT),
        **({"capacityProviderStrategy": strategy} if strategy else {"launchType": params.get("launchType") or "EC2"}),
        "deploymentConfiguration": configuration,
        "serviceArn": region.arn(f"service/{cluster['clusterName']}/{name}"),
        "clusterArn": cluster["clusterArn"],
        "status": "ACTIVE",
        "runningCount": 0,
        "pendingCount": 0,
        "deployments": [],
        "events": [],
        "currentServiceRevisions": [],
        "createdAt": context.clock.now(),
        "createdBy": caller,
    }
    if params.get("taskDefinition"):
        record["taskDefinition"] = _definition(region, params)
    if params.get("loadBalancers") or params.get("networkConfiguration"):
        linked = "role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
        record["roleArn"] = params.get("role") or f"arn:aws:iam::{region.scope.account}:{linked}"
    region.services[cluster["clusterName"], name] = record
    region.tags.pop(record["serviceArn"], None)
    region.tag(record["serviceArn"], params.get("tags"))
    region.tokens[record["serviceArn"]] = (params.get("clientToken") or "", dict(params))
    begin(context, region, record, params)
    return {"service": {**record, "tags": region.tags_of(record["serviceArn"])}}


def update(context: Context, region: Region, params: Params, caller: str) -> Record:
    params = without(params, *ON_CREATION_ONLY)
    cluster = region.cluster(params.get("cluster"))
    service = _active(region, cluster, params["service"])
    check_update(region, cluster, service, params)
    check_references(context, region, params)
    given = without(params, "cluster", "service", "forceNewDeployment")
    if "taskDefinition" in given:
        given["taskDefinition"] = _definition(region, params)
    before = {name: revision_member(region, service, name) for name in STARTS_DEPLOYMENT}
    is_new = bool(params.get("forceNewDeployment")) or any(
        name in given and given[name] != before.get(name) for name in STARTS_DEPLOYMENT
    )
    kept = {name: value for name, value in given.items() if name not in (*IN_REVISION_ONLY, *IN_REVISION_AND_DEPLOYMENT)}
    if "deploymentConfiguration" in kept:
        kept["deploymentConfiguration"] = _deployment_configuration(given, service["deploymentConfiguration"])
    if kept.get("capacityProviderStrategy"):
        service.pop("launchType", None)
    service.update(kept)
    if is_new:
        inherited = {name: value for name, value in before.items() if value is not None}
        begin(context, region, service, {**inherited, **given})
    elif "desiredCount" in given:
        scale(context, region, service)
    return {"service": service}


def delete(context: Context, region: Region, params: Params, caller: str) -> Record:
    cluster = region.cluster(params.get("cluster"))
    service = region.service(cluster, params["service"])
    if service is None or service["status"] == "INACTIVE":
        raise Refused("ServiceNotFoundException", "Service not found.", "E-107")
    is_replica = service["schedulingStrategy"] == "REPLICA"
    if is_replica and service["desiredCount"] > 0 and not params.get("force"):
        raise invalid("The service cannot be stopped while it is scaled above 0.", "E-108")
    if service["status"] == "ACTIVE":
        service.update(status="DRAINING", desiredCount=0, pendingCount=0)
        context.clock.at(context.clock.now() + SECONDS_TO_DRAIN, lambda: _drained(context, region, service))
        context.world.service_deleted(region.scope, f"service/{cluster['clusterName']}/{service['serviceName']}")
    return {"service": service}


def _drained(context: Context, region: Region, service: Record) -> None:
    if service["status"] != "DRAINING":
        return
    service.update(status="INACTIVE", runningCount=0, pendingCount=0, deployments=[], currentServiceRevisions=[])
    forget(region, service)
    context.clock.at(context.clock.now() + SECONDS_TO_FORGET, lambda: _forgotten(region, service))


def _forgotten(region: Region, service: Record) -> None:
    """Unless another service has its name by now."""
    key = (name_of(service["clusterArn"]), service["serviceName"])
    if region.services.get(key) is service:
        del region.services[key]


def wait(context: Context, region: Region, service: Record) -> None:
    """What CloudFormation waits for happens at once: the deployment ends, or the service is gone (E-116)."""
    settle(context, region, service)
    _drained(context, region, service)


def describe(context: Context, region: Region, params: Params, caller: str) -> Record:
    cluster = region.cluster(params.get("cluster"))
    names = params["services"]
    if not names:
        raise invalid("Services cannot be empty.", "E-110")
    if len(names) > MOST_DESCRIBED:
        raise invalid("service names can have at most 10 items.", "E-110")
    found, failures = [], []
    for name in names:
        service = region.service(cluster, name)
        if service is None:
            failures.append({"arn": region.arn(f"service/{cluster['clusterName']}/{name_of(name)}"), "reason": "MISSING"})
        else:
            tagged = {"tags": region.tags_of(service["serviceArn"])} if "TAGS" in (params.get("include") or ()) else {}
            found.append({**service, **tagged})
    return {"services": found, "failures": failures}


def list_services(context: Context, region: Region, params: Params, caller: str) -> Record:
    cluster = region.cluster(params.get("cluster"))
    arns = [
        service["serviceArn"]
        for service in region.services_of(cluster)
        if service["status"] != "INACTIVE"
        and params.get("launchType") in (None, service.get("launchType"))
        and params.get("schedulingStrategy") in (None, service["schedulingStrategy"])
        and params.get("resourceManagementType") in (None, service.get("resourceManagementType", "CUSTOMER"))
    ]
    return page("serviceArns", arns, params, 10, 100)


def revision_member(region: Region, service: Record, name: str) -> Any:
    """A member of the service, or of its newest revision where only that has it."""
    if name in service:
        return service[name]
    revisions = service["currentServiceRevisions"]
    return region.revisions[revisions[0]["arn"]].get(name) if revisions else None


def _of_same_token(region: Region, cluster: Record, params: Params) -> Record | None:
    """The service that a call with the same client token has created, if it was the same call (E-165)."""
    token = params.get("clientToken")
    if not token:
        return None
    if not re.fullmatch(r"[\x21-\x7e]{1,36}", token):
        raise invalid("A clientToken has up to 36 ASCII characters in the range of 33-126.", "E-165")
    known = region.service(cluster, params["serviceName"])
    is_same = known is not None and known["status"] == "ACTIVE" and region.tokens[known["serviceArn"]] == (token, dict(params))
    return known if is_same else None


def _active(region: Region, cluster: Record, name: str) -> Record:
    service = region.service(cluster, name)
    if service is None:
        raise Refused("ServiceNotFoundException", "Service not found.", "E-107")
    if service["status"] != "ACTIVE":
        raise Refused("ServiceNotActiveException", "Service was not ACTIVE.", "E-107")
    return service


def _definition(region: Region, params: Params) -> str:
    """A task definition by its ARN, with its revision: a family alone is the newest now (E-113)."""
    found = find(region, params["taskDefinition"])
    return str(found["taskDefinitionArn"]) if found else params["taskDefinition"]


def _deployment_configuration(params: Params, before: Params) -> Record:
    is_daemon = params.get("schedulingStrategy") == "DAEMON"
    defaults: Record = {
        "deploymentCircuitBreaker": {"enable": False, "rollback": False},
        "maximumPercent": 100 if is_daemon else 200,
        "minimumHealthyPercent": 0 if is_daemon else 100,
        "strategy": "ROLLING",
        "bakeTimeInMinutes": 0,
    }
    return {**defaults, **before, **(params.get("deploymentConfiguration") or {})}
