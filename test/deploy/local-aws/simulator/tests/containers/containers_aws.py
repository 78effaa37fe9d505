"""Amazon ECS of one account, with a cluster and a task definition."""

from __future__ import annotations

from typing import Any

from backup.clock import Clock
from containers.ecs import Ecs
from containers.scaling import Scaling
from signals.ports import Scope

SCOPE = Scope("222222222222", "eu-west-2")
START = 1_800_000_000.0
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]}}
ROLE = "arn:aws:iam::222222222222:role/execution"


class Aws:
    """Calls with AWS's names. `events` are what came to the default bus, `digests` the images that are in Amazon ECR.

    `gone` are the things that are not there, by kind and name. `problems` say why tasks do not start or targets are not healthy.
    """

    def __init__(self) -> None:
        self.clock = Clock(lambda: START)
        self.events: list[tuple[str, Any, list[str]]] = []
        self.digests: dict[str, str] = {}
        self.gone: set[tuple[str, str]] = set()
        self.problems: dict[str, str] = {}
        self.quota = 100.0
        self.ecs = Ecs(self.clock, self)
        self.scaling = Scaling(self.clock, lambda scope, _, resource: self.ecs.has_service(scope, *resource.split("/")[1:]))

    def digest(self, image: str) -> str | None:
        return self.digests.get(image)

    def emit(self, scope: Scope, detail_type: str, detail: Any, resources: list[str]) -> None:
        self.events.append((detail_type, detail, resources))

    def is_missing(self, scope: Scope, kind: str, name: str) -> bool:
        return (kind, name) in self.gone

    def task_problem(self, scope: Scope, definition: Any) -> str | None:
        return self.problems.get("task")

    def target_problem(self, scope: Scope, service: Any) -> str | None:
        return self.problems.get("target")

    def vcpu_quota(self, scope: Scope) -> float:
        return self.quota

    def service_deleted(self, scope: Scope, resource: str) -> None:
        self.scaling.forget(scope, resource)

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        return self.ecs.call(operation, SCOPE, params, "arn:aws:iam::222222222222:root")

    def scale(self, operation: str, **params: Any) -> dict[str, Any]:
        target = {"ServiceNamespace": "ecs", "ResourceId": "service/main/app", "ScalableDimension": "ecs:service:DesiredCount"}
        return self.scaling.call(operation, SCOPE, {**target, **params})

    def forward(self, seconds: float) -> None:
        self.clock.advance_to(self.clock.now() + seconds)

    def register(self, **changes: Any) -> dict[str, Any]:
        """A task definition for Fargate."""
        params: dict[str, Any] = {
            "family": "app", "networkMode": "awsvpc", "cpu": "256", "memory": "512", "requiresCompatibilities": ["FARGATE"], "executionRoleArn": ROLE,
            "containerDefinitions": [{"name": "app", "image": "app:1", "portMappings": [{"containerPort": 80}]}], **changes,
        }  # fmt: skip
        made: dict[str, Any] = self.call("RegisterTaskDefinition", **{name: value for name, value in params.items() if value is not None})["taskDefinition"]
        return made

    def create(self, name: str = "app", **changes: Any) -> dict[str, Any]:
        """A service on Fargate, whose deployment has begun."""
        params: dict[str, Any] = {"cluster": "main", "serviceName": name, "taskDefinition": "app", "launchType": "FARGATE", "networkConfiguration": NETWORK, **changes}
        made: dict[str, Any] = self.call("CreateService", **{key: value for key, value in params.items() if value is not None})["service"]
        return made

    def service(self, name: str = "app") -> dict[str, Any]:
        """A service as it is described."""
        return self.call("DescribeServices", cluster="main", services=[name])["services"][0]  # type: ignore[no-any-return]

    def revision(self, name: str = "app") -> dict[str, Any]:
        """The newest revision of a service."""
        arn = self.service(name)["currentServiceRevisions"][0]["arn"]
        return self.call("DescribeServiceRevisions", serviceRevisionArns=[arn])["serviceRevisions"][0]  # type: ignore[no-any-return]


def with_cluster() -> Aws:
    """The cluster `main` and the task definition `app:1`."""
    aws = Aws()
    aws.call("CreateCluster", clusterName="main")
    aws.register()
    return aws
