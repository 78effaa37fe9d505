"""The targets that services of Amazon ECS register in a target group (E-178)."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from .state import Record, Region


class Target(NamedTuple):
    """A task as a load balancer sees it."""

    ip: str
    port: int
    state: str
    """`initial`, `healthy` or `draining`."""


def targets_of(region: Region, target_group: str) -> list[Target]:
    """A target for each task that runs, of every service that names the target group."""
    found: list[Target] = []
    for service in region.services.values():
        for balancer in service.get("loadBalancers") or []:
            if balancer.get("targetGroupArn") == target_group and service["status"] in ("ACTIVE", "DRAINING"):
                found += [_target(deployment, number, balancer, service) for deployment in service["deployments"] for number in range(deployment["runningCount"])]
    return found


def _target(deployment: Record, number: int, balancer: Record, service: Record) -> Target:
    """Its address is the same for the same task."""
    digest = hashlib.sha256(f"{deployment['id']}/{number}".encode()).digest()
    state = "healthy" if deployment["rolloutState"] == "COMPLETED" else "initial"
    return Target(f"10.{digest[0]}.{digest[1]}.{digest[2]}", int(balancer.get("containerPort") or 0), "draining" if service["status"] == "DRAINING" else state)
