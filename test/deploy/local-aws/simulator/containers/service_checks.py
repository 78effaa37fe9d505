"""What Amazon ECS refuses of a service (E-90 to E-107)."""

from __future__ import annotations

import re
from typing import Any

from .clusters import AWS_PROVIDERS, check_strategy
from .refusals import client_error, invalid
from .state import Params, Record, Region
from .task_definitions import find

CONTROLLERS_WITHOUT_DEFINITION = ("EXTERNAL",)


def check_create(region: Region, cluster: Record, params: Params) -> None:
    """Refuses a service that can't be created."""
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,255}", str(params["serviceName"])):
        raise invalid("Service name contains invalid characters.", "E-90")
    _check_name(region, cluster, params["serviceName"])
    _check_counts(params)
    _check_capacity(cluster, params)
    check_common(region, params, params)
    if params.get("role") and (_network_mode(region, params) == "awsvpc" or params.get("serviceRegistries")):
        raise invalid("You cannot specify an IAM role for services that require a service linked role.", "E-95")


def check_update(region: Region, cluster: Record, service: Record, params: Params) -> None:
    """Refuses a change of a service."""
    if service.get("schedulingStrategy") == "DAEMON" and params.get("desiredCount") is not None:
        raise invalid(_DAEMON_COUNT, "E-92")
    if params.get("desiredCount", 0) < 0:
        raise invalid("Desired count cannot be negative.", "E-91")
    if params.get("capacityProviderStrategy"):
        check_strategy(params["capacityProviderStrategy"], cluster["capacityProviders"])
    check_common(region, {**service, **params}, params)


_DAEMON_COUNT = "The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again"


def check_common(region: Region, whole: Params, given: Params) -> None:
    """What holds for a service however it came about. A health check grace period needs no load balancer (E-99)."""
    if (whole.get("deploymentController") or {}).get("type", "ECS") not in CONTROLLERS_WITHOUT_DEFINITION:
        _check_definition(region, whole, given)
    _check_deployment(whole, given)
    if len(whole.get("serviceRegistries") or []) > 1:
        raise invalid("A service has at most one service registry.", "E-103")
    if whole.get("platformVersion") and whole.get("launchType", "EC2") == "EC2" and not whole.get("capacityProviderStrategy"):
        raise invalid("The platform version must be null when specifying an EC2 launch type.", "E-104")


def _check_name(region: Region, cluster: Record, name: str) -> None:
    known = region.service(cluster, name)
    if known is None or known["status"] == "INACTIVE":
        return
    if known["status"] == "DRAINING":
        raise invalid("Unable to Start a service that is still Draining.", "E-106")
    raise invalid("Creation of service was not idempotent.", "E-105")


def _check_counts(params: Params) -> None:
    count, is_daemon = params.get("desiredCount"), params.get("schedulingStrategy") == "DAEMON"
    if is_daemon and count is not None:
        raise invalid(_DAEMON_COUNT, "E-92")
    if is_daemon and params.get("placementStrategy"):
        raise invalid("The daemon scheduling strategy does not support placement strategies. Remove the placement strategy and try again", "E-92")
    if not is_daemon and (count is not None and count < 0):
        raise invalid("Desired count cannot be negative.", "E-91")


def _check_capacity(cluster: Record, params: Params) -> None:
    strategy = params.get("capacityProviderStrategy") or []
    if strategy and params.get("launchType"):
        raise invalid("Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.", "E-93")
    if params.get("schedulingStrategy") == "DAEMON":
        if params.get("launchType") == "FARGATE" or any(item["capacityProvider"] in AWS_PROVIDERS for item in strategy):
            raise invalid("The daemon scheduling strategy is not supported with AWS Fargate.", "E-94")
        if strategy or (cluster.get("defaultCapacityProviderStrategy") and not params.get("launchType")):
            message = "Specifying a capacity provider strategy is not supported when you create a service using the DAEMON scheduling strategy."
            raise invalid(message, "E-94")
    check_strategy(strategy, cluster["capacityProviders"])


def _check_definition(region: Region, whole: Params, given: Params) -> None:
    name = whole.get("taskDefinition")
    if not name:
        raise invalid("TaskDefinition cannot be blank.", "E-96")
    definition = find(region, name)
    if definition is None:
        raise client_error("TaskDefinition not found.", "E-96")
    if definition["status"] != "ACTIVE" and "taskDefinition" in given:
        raise client_error("TaskDefinition is inactive", "E-96")
    network = (whole.get("networkConfiguration") or {}).get("awsvpcConfiguration")
    if definition.get("networkMode") == "awsvpc":
        if not network:
            raise invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.", "E-97")
        if not network.get("subnets"):
            raise invalid("subnets can not be empty.", "E-97")
        if len(network["subnets"]) > 16 or len(network.get("securityGroups") or []) > 5:
            raise invalid("A network configuration has at most 16 subnets and 5 security groups.", "E-97")
    elif network:
        raise invalid("Network Configuration is not valid for the given networkMode of this task definition.", "E-98")
    if _is_fargate(whole) and "FARGATE" not in definition["compatibilities"]:
        message = "Task definition does not support launch_type FARGATE."
        raise invalid(message, "E-100")
    _check_load_balancers(whole, definition)


def _check_load_balancers(whole: Params, definition: Record) -> None:
    containers = {container["name"]: container for container in definition["containerDefinitions"]}
    for balancer in whole.get("loadBalancers") or []:
        container = containers.get(balancer.get("containerName", ""))
        if container is None:
            raise invalid(f"The container {balancer.get('containerName')} does not exist in the task definition.", "E-101")
        if balancer.get("containerPort") not in [port.get("containerPort") for port in container["portMappings"]]:
            message = f"The container {container['name']} did not have a container port {balancer.get('containerPort')} defined."
            raise invalid(message, "E-101")


def _check_deployment(whole: Params, given: Params) -> None:
    configuration = whole.get("deploymentConfiguration") or {}
    least, most = configuration.get("minimumHealthyPercent", 100), configuration.get("maximumPercent", 200)
    is_daemon = whole.get("schedulingStrategy") == "DAEMON"
    if given.get("availabilityZoneRebalancing") == "ENABLED" and (is_daemon or most <= 100):
        raise invalid("Availability Zone rebalancing is not for daemons, and needs a maximumPercent above 100.", "E-102")
    if least < 0 or most < 0 or most < 100:
        raise invalid("maximumPercent is at least 100, and minimumHealthyPercent at least 0.", "E-102")
    if not is_daemon and least == 100 and most == 100:
        raise invalid("Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.", "E-102")


def _is_fargate(whole: Params) -> bool:
    providers = [item["capacityProvider"] for item in whole.get("capacityProviderStrategy") or []]
    return whole.get("launchType") == "FARGATE" or any(name in AWS_PROVIDERS for name in providers)


def _network_mode(region: Region, params: Params) -> Any:
    definition = find(region, params.get("taskDefinition") or "")
    return definition.get("networkMode") if definition else None
