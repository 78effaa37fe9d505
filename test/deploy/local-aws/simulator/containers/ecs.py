"""The one entry of the simulated Amazon ECS."""

from __future__ import annotations

from typing import Any

from backup.errors import NotSimulated, Refused
from signals.ports import Clock, Scope

from . import clusters, deployments, services, tags, task_definitions
from .state import Context, Operation, Params, World
from .targets import Target, targets_of


def _nothing(member: str) -> Operation:
    """A list of what the simulator never has: no tasks run in it (E-51)."""
    return lambda context, region, params, caller: {member: []}


OPERATIONS: dict[str, Operation] = {
    "CreateCluster": clusters.create_cluster,
    "UpdateCluster": clusters.update_cluster,
    "UpdateClusterSettings": clusters.update_cluster,
    "DeleteCluster": clusters.delete_cluster,
    "DescribeClusters": clusters.describe_clusters,
    "ListClusters": clusters.list_clusters,
    "CreateCapacityProvider": clusters.create_capacity_provider,
    "UpdateCapacityProvider": clusters.update_capacity_provider,
    "DeleteCapacityProvider": clusters.delete_capacity_provider,
    "DescribeCapacityProviders": clusters.describe_capacity_providers,
    "PutClusterCapacityProviders": clusters.put_cluster_capacity_providers,
    "RegisterTaskDefinition": task_definitions.register,
    "DeregisterTaskDefinition": task_definitions.deregister,
    "DeleteTaskDefinitions": task_definitions.delete,
    "DescribeTaskDefinition": task_definitions.describe,
    "ListTaskDefinitions": task_definitions.list_definitions,
    "ListTaskDefinitionFamilies": task_definitions.list_families,
    "CreateService": services.create,
    "UpdateService": services.update,
    "DeleteService": services.delete,
    "DescribeServices": services.describe,
    "ListServices": services.list_services,
    "DescribeServiceRevisions": deployments.describe_revisions,
    "DescribeServiceDeployments": deployments.describe_deployments,
    "ListServiceDeployments": deployments.list_deployments,
    "TagResource": tags.tag,
    "UntagResource": tags.untag,
    "ListTagsForResource": tags.list_tags,
    "ListTasks": _nothing("taskArns"),
    "ListContainerInstances": _nothing("containerInstanceArns"),
    "ListDaemons": _nothing("daemonSummariesList"),
    "ListAttributes": _nothing("attributes"),
}


class Ecs:
    """Amazon ECS in all accounts and Regions."""

    def __init__(self, clock: Clock, world: World) -> None:
        self._context = Context(clock, world)

    def call(self, operation: str, scope: Scope, params: Params, caller: str = "", may_set_reserved_tags: bool = False) -> dict[str, Any]:
        """Does what the operation does, or raises Refused."""
        if operation not in OPERATIONS:
            raise NotSimulated(operation)
        if not may_set_reserved_tags:
            tags.check_reserved(params.get("tags"))
        with self._context.clock.lock:
            return OPERATIONS[operation](self._context, self._context.region(scope), params, caller)

    def wait_for(self, scope: Scope, cluster: str, service: str) -> None:
        """What CloudFormation waits for after it changed a service happens at once."""
        with self._context.clock.lock:
            region = self._context.region(scope)
            found = region.service(region.cluster(cluster), service)
            if found is not None:
                services.wait(self._context, region, found)

    def has_service(self, scope: Scope, cluster: str, service: str) -> bool:
        """Whether there is an active service."""
        region = self._context.region(scope)
        try:
            found = region.service(region.cluster(cluster), service)
        except Refused:
            return False
        return found is not None and found["status"] == "ACTIVE"

    def targets(self, scope: Scope, target_group: str) -> list[Target]:
        """The tasks of services that a target group has."""
        with self._context.clock.lock:
            return targets_of(self._context.region(scope), target_group)

    def reset(self) -> None:
        """Forgets everything."""
        self._context.regions.clear()
