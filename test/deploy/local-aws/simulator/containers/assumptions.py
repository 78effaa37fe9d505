"""What AWS does not say of containers, schedules and queues, for people. The values are constants of the modules that use them."""

from __future__ import annotations

from typing import Any

from messaging.event_sources import UNLIMITED
from messaging.schedules import FIRST_WAIT

from .replication import SECONDS_TO_REPLICATE
from .rollouts import SECONDS_TO_DEPLOY, SECONDS_TO_START
from .services import SECONDS_TO_DRAIN, SECONDS_TO_FORGET

REPLICATION = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html"
SCALING = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"


def explain() -> list[dict[str, Any]]:
    """The assumptions with their values."""
    rows = (
        ("seconds_to_start", SECONDS_TO_START, "until a task of Amazon ECS runs, or has failed to start (E-171)", "seconds to minutes", "none"),
        ("seconds_to_deploy", SECONDS_TO_DEPLOY, "from the beginning of a deployment of Amazon ECS until it is COMPLETED (E-114)", "minutes to hours", "none"),
        ("seconds_to_drain", SECONDS_TO_DRAIN, "how long a deleted service of Amazon ECS is DRAINING (E-109)", "seconds to hours", "none"),
        ("seconds_to_forget", SECONDS_TO_FORGET, "how long an INACTIVE service of Amazon ECS can be described (E-176)", "minutes to hours", "none"),
        ("seconds_to_replicate", SECONDS_TO_REPLICATE, "until a pushed image is in the other registry (E-143)", "most within 30 minutes", REPLICATION),
        ("seconds_until_retry", FIRST_WAIT, "before EventBridge Scheduler tries again for the first time; it doubles (E-11)", "seconds to minutes", "none"),
        ("concurrent_batches", UNLIMITED, "runs of an event source mapping at a time without MaximumConcurrency (E-23)", "5 and more", SCALING),
    )
    return [{"name": name, "value": value, "what": what, "range": plausible, "source": source} for name, value, what, plausible, source in rows]
