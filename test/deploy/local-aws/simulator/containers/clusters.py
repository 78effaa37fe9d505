"""Clusters and capacity providers (E-53 to E-62)."""

from __future__ import annotations

import re
from typing import Any

from backup.errors import Refused

from .paging import page
from .refusals import client_error, invalid
from .state import Context, Params, Record, Region, name_of, without
from .tags import check as check_tags

AWS_PROVIDERS = ("FARGATE", "FARGATE_SPOT")
INCLUDED = {
    "CONFIGURATIONS": ("configuration",),
    "SETTINGS": ("settings",),
    "ATTACHMENTS": ("attachments", "attachmentsStatus"),
    "STATISTICS": ("statistics",),
    "TAGS": ("tags",),
}
"""Members of a cluster that are there only if they are asked for (E-56)."""


def create_cluster(context: Context, region: Region, params: Params, caller: str) -> Record:
    name = params.get("clusterName", "default")
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,255}", name):
        raise invalid("Invalid identifier: Identifier is for a cluster name with up to 255 letters, digits, underscores, and hyphens.", "E-54")
    known = region.clusters.get(name)
    if known is not None and known["status"] == "ACTIVE":
        return {"cluster": view(region, known, tuple(INCLUDED))}
    _check_providers(region, params)
    check_tags(params.get("tags"))
    namespace = (params.get("serviceConnectDefaults") or {}).get("namespace") or ""
    if namespace.startswith("arn:") and context.world.is_missing(region.scope, "namespace", namespace):
        raise Refused("NamespaceNotFoundException", "The specified namespace wasn't found.", "E-168")
    arn = region.arn(f"cluster/{name}")
    region.clusters[name] = {
        "status": "ACTIVE",
        "settings": [{"name": "containerInsights", "value": "disabled"}],
        "capacityProviders": [],
        "defaultCapacityProviderStrategy": [],
        **without(params, "clusterName", "tags"),
        "clusterArn": arn,
        "clusterName": name,
    }
    region.tags.pop(arn, None)
    region.tag(arn, params.get("tags"))
    return {"cluster": view(region, region.clusters[name], tuple(INCLUDED))}


def update_cluster(context: Context, region: Region, params: Params, caller: str) -> Record:
    cluster = region.cluster(params["cluster"])
    cluster.update(without(params, "cluster"))
    return {"cluster": view(region, cluster, tuple(INCLUDED))}


def delete_cluster(context: Context, region: Region, params: Params, caller: str) -> Record:
    cluster = region.cluster(params["cluster"])
    if any(service["status"] != "INACTIVE" for service in region.services_of(cluster)):
        raise Refused("ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active.", "E-55")
    cluster["status"] = "INACTIVE"
    return {"cluster": view(region, cluster, tuple(INCLUDED))}


def describe_clusters(context: Context, region: Region, params: Params, caller: str) -> Record:
    names = params.get("clusters") or ["default"]
    if len(names) > 100:
        raise invalid("Clusters cannot have more than 100 elements.", "E-57")
    found, failures = [], []
    for name in names:
        cluster = region.clusters.get(name_of(name))
        if cluster is None:
            failures.append({"arn": region.arn(f"cluster/{name_of(name)}"), "reason": "MISSING"})
        else:
            found.append(view(region, cluster, tuple(params.get("include") or ())))
    return {"clusters": found, "failures": failures}


def list_clusters(context: Context, region: Region, params: Params, caller: str) -> Record:
    return page("clusterArns", [cluster["clusterArn"] for cluster in region.clusters.values() if cluster["status"] == "ACTIVE"], params)


def view(region: Region, cluster: Record, include: tuple[str, ...]) -> Record:
    """A cluster as it is answered: with its counts, and with what was asked for."""
    services = [service for service in region.services_of(cluster) if service["status"] == "ACTIVE"]
    left_out = {name for field, names in INCLUDED.items() if field not in include for name in names}
    shown = {name: value for name, value in cluster.items() if name not in left_out}
    return {
        "statistics": [],
        "tags": [],
        "settings": [],
        **shown,
        **({"tags": region.tags_of(cluster["clusterArn"])} if "TAGS" in include else {}),
        "registeredContainerInstancesCount": 0,
        "activeServicesCount": len(services),
        "runningTasksCount": sum(service["runningCount"] for service in services),
        "pendingTasksCount": sum(service["pendingCount"] for service in services),
    }


def create_capacity_provider(context: Context, region: Region, params: Params, caller: str) -> Record:
    name = params["name"]
    if re.match(r"(aws|ecs|fargate)", name, re.IGNORECASE):
        raise invalid(f"The specified capacity provider name {name} cannot start with aws, ecs or fargate.", "E-58")
    if name in region.providers:
        raise client_error("The specified capacity provider already exists.", "E-59")
    if "autoScalingGroupProvider" not in params and "managedInstancesProvider" not in params:
        raise invalid("A capacity provider has an autoScalingGroupProvider or a managedInstancesProvider.", "E-60")
    check_tags(params.get("tags"))
    arn = region.arn(f"capacity-provider/{name}")
    region.providers[name] = {**without(params, "tags"), "capacityProviderArn": arn, "status": "ACTIVE"}
    region.tag(arn, params.get("tags"))
    return {"capacityProvider": region.providers[name]}


def update_capacity_provider(context: Context, region: Region, params: Params, caller: str) -> Record:
    provider = region.providers.get(params["name"])
    if provider is None:
        raise client_error("The specified capacity provider does not exist.", "E-61")
    provider.update({**without(params), "updateStatus": "UPDATE_COMPLETE"})
    return {"capacityProvider": provider}


def delete_capacity_provider(context: Context, region: Region, params: Params, caller: str) -> Record:
    name = name_of(params["capacityProvider"])
    if name in AWS_PROVIDERS or name not in region.providers:
        raise client_error("The specified capacity provider does not exist, or it is of AWS.", "E-61")
    return {"capacityProvider": {**region.providers.pop(name), "updateStatus": "DELETE_IN_PROGRESS"}}


def describe_capacity_providers(context: Context, region: Region, params: Params, caller: str) -> Record:
    known = {
        **{name: {"capacityProviderArn": region.arn(f"capacity-provider/{name}"), "name": name, "status": "ACTIVE"} for name in AWS_PROVIDERS},
        **region.providers,
    }
    names = [name_of(name) for name in params.get("capacityProviders") or known]
    tagged = "TAGS" in (params.get("include") or ())
    found = [{**known[name], "tags": region.tags_of(known[name]["capacityProviderArn"]) if tagged else []} for name in names if name in known]
    failures = [{"arn": region.arn(f"capacity-provider/{name}"), "reason": "MISSING"} for name in names if name not in known]
    return {**page("capacityProviders", found, params, 10, 10), "failures": failures}


def put_cluster_capacity_providers(context: Context, region: Region, params: Params, caller: str) -> Record:
    cluster = region.cluster(params["cluster"])
    _check_providers(region, params)
    used = {
        item["capacityProvider"]
        for service in region.services_of(cluster)
        if service["status"] == "ACTIVE"
        for item in service.get("capacityProviderStrategy") or []
    }
    missing = used - set(params["capacityProviders"])
    if missing:
        message = f"The specified capacity provider is in use and cannot be removed: {sorted(missing)[0]}"
        raise Refused("ResourceInUseException", message, "E-62")
    cluster.update(without(params, "cluster"))
    return {"cluster": view(region, cluster, tuple(INCLUDED))}


def _check_providers(region: Region, params: Params) -> None:
    """Providers of a cluster have to exist, and its default strategy may only use those."""
    names = params.get("capacityProviders") or []
    for name in names:
        if name not in AWS_PROVIDERS and name not in region.providers:
            raise invalid(f"The specified capacity provider '{name}' was not found. Specify a valid name or ARN and try again.", "E-61")
    check_strategy(params.get("defaultCapacityProviderStrategy") or [], names)


def check_strategy(strategy: list[Any], names: Any) -> None:
    """A strategy names providers of the cluster, and at most one of them has a base."""
    for item in strategy:
        if name_of(item["capacityProvider"]) not in names:
            raise invalid(f"The specified capacity provider '{item['capacityProvider']}' was not found in the cluster.", "E-61")
    if sum(1 for item in strategy if item.get("base")) > 1:
        raise invalid("Only one capacity provider in a capacity provider strategy can have a base defined.", "E-63")
    if strategy and not any(item.get("weight", 1 if len(strategy) == 1 else 0) for item in strategy):
        raise invalid("At least one of the capacity providers must have a weight value greater than zero.", "E-63")
