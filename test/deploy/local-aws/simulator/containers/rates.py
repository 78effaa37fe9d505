"""How often Amazon ECS may be called: token buckets of an account and Region (E-118, E-119)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, NamedTuple

from backup.errors import Refused
from signals.ports import Scope


class Rate(NamedTuple):
    """Calls a second in the long run, and at once."""

    sustained: float
    burst: float


CLUSTER_READ, SERVICE_READ, LIST_SERVICES, DEFINITION_READ = Rate(20, 50), Rate(20, 100), Rate(1, 1), Rate(20, 50)
REGISTER, SERVICE_CHANGE, CLUSTER_CHANGE, REVISIONS, TAGS = Rate(1, 20), Rate(5, 5), Rate(1, 1), Rate(20, 20), Rate(20, 50)

RATES: dict[str, tuple[str, Rate]] = {
    **dict.fromkeys(("DescribeClusters", "ListClusters", "DescribeCapacityProviders"), ("cluster read", CLUSTER_READ)),
    **dict.fromkeys(("CreateCluster", "DeleteCluster", "UpdateCluster", "UpdateClusterSettings", "PutClusterCapacityProviders"), ("cluster change", CLUSTER_CHANGE)),
    **dict.fromkeys(("DescribeServices", "ListServiceDeployments", "DescribeServiceDeployments"), ("service read", SERVICE_READ)),
    **dict.fromkeys(("CreateService", "UpdateService", "DeleteService"), ("service change", SERVICE_CHANGE)),
    **dict.fromkeys(("DescribeTaskDefinition", "ListTaskDefinitions", "ListTaskDefinitionFamilies"), ("task definition read", DEFINITION_READ)),
    **dict.fromkeys(("RegisterTaskDefinition", "DeregisterTaskDefinition", "DeleteTaskDefinitions"), ("task definition change", REGISTER)),
    "ListServices": ("list of services", LIST_SERVICES),
    "DescribeServiceRevisions": ("service revisions", REVISIONS),
    "ListTagsForResource": ("tags read", TAGS),
}
"""By operation: the bucket that it takes from. Where AWS's page names no burst, it is one second's calls (E-119)."""


@dataclass
class Bucket:
    """What is left at a time."""

    left: float
    at: float


@dataclass
class Rates:
    """The buckets of all accounts. `now` is the simulated time, in which real time passes as well."""

    now: Callable[[], float]
    buckets: dict[tuple[Scope, str], Bucket] = field(default_factory=dict)

    def take(self, scope: Scope, operation: str) -> None:
        """Takes a token, or refuses the call."""
        if operation not in RATES:
            return
        name, rate = RATES[operation]
        now = self.now()
        bucket = self.buckets.setdefault((scope, name), Bucket(rate.burst, now))
        bucket.left = min(rate.burst, bucket.left + max(0.0, now - bucket.at) * rate.sustained)
        bucket.at = now
        if bucket.left < 1:
            raise Refused("ThrottlingException", "Rate exceeded", "E-118")
        bucket.left -= 1
