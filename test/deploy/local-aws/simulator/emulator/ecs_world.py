"""What Amazon ECS finds in the other services: roles, images, networks, target groups, secrets."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Callable, Mapping

from backup.clock import Clock
from containers.quotas import Quotas
from ministack.core.responses import request_scope
from ministack.services import alb, ec2, servicediscovery
from signals.ports import Scope

from emulator import identities, service_events, task_starts
from emulator.ecs_names import find_image, role_arn


class EcsWorld:
    """The other services, as `containers.state.World` wants them. `unhealthy` are target groups whose targets do not become healthy."""

    def __init__(self, clock: Clock, quotas: Quotas, deleted: Callable[[Scope, str], None]) -> None:
        self._clock = clock
        self._quotas = quotas
        self.service_deleted = deleted
        self.unhealthy: set[str] = set()

    def digest(self, image: str) -> str | None:
        """The digest of an image in Amazon ECR."""
        found = find_image(image)
        return str(found["imageDigest"]) if found else None

    def emit(self, scope: Scope, detail_type: str, detail: Mapping[str, Any], resources: list[str]) -> None:
        """An event of Amazon ECS on the default bus, with its time as AWS writes it."""
        written = {**detail, "updatedAt": _iso(detail["updatedAt"])}
        service_events.emit(self._clock.now(), *scope, "aws.ecs", detail_type, written, resources)

    def is_missing(self, scope: Scope, kind: str, name: str) -> bool:
        """Whether something is not there in an account and Region."""
        with request_scope(*scope):
            return not EXISTS[kind](scope, name)

    def task_problem(self, scope: Scope, definition: Mapping[str, Any]) -> str | None:
        """Why a task does not start."""
        with request_scope(*scope):
            return task_starts.problem(scope, definition)

    def target_problem(self, scope: Scope, service: Mapping[str, Any]) -> str | None:
        """Why the targets of a service are not healthy."""
        for balancer in service.get("loadBalancers") or []:
            group = balancer.get("targetGroupArn")
            if group in self.unhealthy:
                return f"(port {balancer.get('containerPort')}) is unhealthy in (target-group {group}) due to (reason Health checks failed)"
        return None

    def vcpu_quota(self, scope: Scope) -> float:
        """How many vCPUs of Fargate may run on demand."""
        return self._quotas.fargate_vcpu(scope)


def _is_used(scope: Scope, target_group: str) -> bool:
    return any(target_group in repr(record) for record in (*alb._listeners.values(), *alb._rules.values()))


def _has_namespace(scope: Scope, name: str) -> bool:
    return any(name in (record["Arn"], record["Name"]) for record in servicediscovery._namespaces.values())


EXISTS: dict[str, Callable[[Scope, str], bool]] = {
    "role": lambda scope, name: identities.trust_policy(role_arn(scope, name)) is not None,
    "subnet": lambda scope, name: name in ec2._subnets,
    "security group": lambda scope, name: name in ec2._security_groups,
    "target group": lambda scope, name: name in alb._tgs,
    "load balancer": _is_used,
    "namespace": _has_namespace,
    "registry": lambda scope, name: any(name == record["Arn"] for record in servicediscovery._services.values()),
}
"""By kind: whether it is there, in the account and Region that are being served."""


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
