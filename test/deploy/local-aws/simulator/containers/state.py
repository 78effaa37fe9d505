"""What Amazon ECS keeps for an account and Region: every member that it was given, known or not (E-50)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping, Protocol

from backup.errors import Refused
from signals.ports import Clock, Scope

Record = dict[str, Any]
Params = Mapping[str, Any]


class World(Protocol):
    """What Amazon ECS needs from outside."""

    def digest(self, image: str) -> str | None:
        """The digest of an image in Amazon ECR, None if it is not there."""

    def emit(self, scope: Scope, detail_type: str, detail: Params, resources: list[str]) -> None:
        """An event of Amazon ECS on the default bus."""

    def is_missing(self, scope: Scope, kind: str, name: str) -> bool:
        """Whether a role, a subnet, a security group, a target group, the load balancer of one, a namespace or a registry is not there."""

    def task_problem(self, scope: Scope, definition: Params) -> str | None:
        """Why a task of a task definition does not start, None if it does."""

    def target_problem(self, scope: Scope, service: Params) -> str | None:
        """Why the targets of a service do not become healthy, None if they do."""

    def vcpu_quota(self, scope: Scope) -> float:
        """How many vCPUs of AWS Fargate may run on demand."""

    def service_deleted(self, scope: Scope, resource: str) -> None:
        """A service, as Application Auto Scaling names it, is being deleted."""


@dataclass
class Region:
    """The records of an account and Region."""

    scope: Scope
    clusters: dict[str, Record] = field(default_factory=dict)
    services: dict[tuple[str, str], Record] = field(default_factory=dict)
    families: dict[str, list[Record]] = field(default_factory=dict)
    providers: dict[str, Record] = field(default_factory=dict)
    revisions: dict[str, Record] = field(default_factory=dict)
    deployments: dict[str, Record] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, tuple[str, Record]] = field(default_factory=dict)
    """By the ARN of a service: the client token of its creation and what it was given."""

    def arn(self, resource: str) -> str:
        """The ARN of a resource."""
        return f"arn:aws:ecs:{self.scope.region}:{self.scope.account}:{resource}"

    def cluster(self, name_or_arn: str | None) -> Record:
        """An active cluster; `default` if none is named."""
        found = self.clusters.get(name_of(name_or_arn or "default"))
        if found is None or found["status"] != "ACTIVE":
            raise Refused("ClusterNotFoundException", "Cluster not found.", "E-53")
        return found

    def service(self, cluster: Record, name_or_arn: str) -> Record | None:
        """A service of a cluster, whatever its status."""
        return self.services.get((cluster["clusterName"], name_of(name_or_arn)))

    def services_of(self, cluster: Record) -> list[Record]:
        """All services of a cluster."""
        return [service for (name, _), service in self.services.items() if name == cluster["clusterName"]]

    def tag(self, arn: str, tags: Any) -> None:
        """Sets tags of a resource."""
        self.tags.setdefault(arn, {}).update({tag["key"]: tag.get("value", "") for tag in tags or []})

    def tags_of(self, arn: str) -> list[dict[str, str]]:
        """The tags of a resource, as the API has them."""
        return [{"key": key, "value": value} for key, value in self.tags.get(arn, {}).items()]


@dataclass
class Context:
    """What the operations share."""

    clock: Clock
    world: World
    regions: dict[Scope, Region] = field(default_factory=dict)
    numbers: int = 0

    def region(self, scope: Scope) -> Region:
        """The records of an account and Region."""
        if scope not in self.regions:
            self.regions[scope] = Region(scope)
        return self.regions[scope]

    def number(self, *names: str) -> str:
        """An id of 19 digits, the same for the same course of events."""
        self.numbers += 1
        return str(int(hashlib.sha256(repr((names, self.numbers)).encode()).hexdigest(), 16))[:19]


Operation = Callable[["Context", Region, Params, str], Record]
"""(context, records, parameters, ARN of the caller)."""


def name_of(name_or_arn: str) -> str:
    """The last part of an ARN, or the name as it is."""
    return name_or_arn.rsplit("/", 1)[-1] if name_or_arn.startswith("arn:") else name_or_arn


def without(params: Params, *names: str) -> Record:
    """The parameters without some."""
    return {name: value for name, value in params.items() if name not in names and value is not None}
