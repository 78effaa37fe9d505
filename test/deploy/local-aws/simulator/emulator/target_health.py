"""DescribeTargetHealth, with the tasks of Amazon ECS. ministack says of every target that it is healthy."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from containers.ecs import Ecs
from ministack.core.responses import get_account_id, get_region
from ministack.services import alb
from signals.ports import Scope

from emulator.ecs_world import EcsWorld

REASONS = {
    "initial": ("Elb.InitialHealthChecking", "Initial health checks in progress"),
    "draining": ("Target.DeregistrationInProgress", "Target deregistration is in progress"),
    "unhealthy": ("Target.FailedHealthChecks", "Health checks failed"),
    "unused": ("Target.NotInUse", "Target group is not configured to receive traffic from the load balancer"),
}
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html"""

NOT_REGISTERED = ("Target.NotRegistered", "Target is not registered to the target group")


class TargetHealth:
    """The health of the targets of all target groups."""

    def __init__(self, ecs: Ecs, world: EcsWorld) -> None:
        self._ecs = ecs
        self._world = world

    def install(self) -> None:
        """Takes the place of ministack's operation."""
        alb._ACTION_MAP["DescribeTargetHealth"] = self.describe

    def describe(self, params: dict[str, Any]) -> Any:
        """The targets that were registered, and those of the tasks."""
        group = alb._p(params, "TargetGroupArn")
        if group not in alb._tgs:
            return alb._error("TargetGroupNotFound", "One or more target groups not found")
        scope, default = Scope(get_account_id(), get_region()), int(alb._tgs[group].get("Port", 80))
        found = {str(one["Id"]): (int(one.get("Port") or default), "healthy") for one in alb._targets.get(group, [])}
        found.update({target.ip: (target.port, target.state) for target in self._ecs.targets(scope, group)})
        asked = [str(one["Id"]) for one in alb._parse_targets_param(params)]
        members = "".join(self._member(group, name, *found.get(name, (default, ""))) for name in asked or found)
        return alb._xml(200, "DescribeTargetHealth", f"<TargetHealthDescriptions>{members}</TargetHealthDescriptions>")

    def _member(self, group: str, name: str, port: int, state: str) -> str:
        if state in ("healthy", "initial") and group in self._world.unhealthy:
            state = "unhealthy"
        if state and self._world.is_missing(Scope(get_account_id(), get_region()), "load balancer", group):
            state = "unused"
        reason, description = REASONS.get(state, ("", "")) if state else NOT_REGISTERED
        why = f"<Reason>{reason}</Reason><Description>{escape(description)}</Description>" if reason else ""
        target = f"<Target><Id>{escape(name)}</Id><Port>{port}</Port></Target>"
        return f"<member>{target}<HealthCheckPort>{port}</HealthCheckPort><TargetHealth><State>{state or 'unused'}</State>{why}</TargetHealth></member>"
