"""The number of messages in a queue as a metric, while the queue is active (S-92)."""

from __future__ import annotations

from backup.clock import Clock
from ministack.services import sqs
from signals.metrics import Metrics, metric, value
from signals.ports import Scope

ACTIVE_SECONDS = 6 * 3600
"""How long after its last use CloudWatch gets the metrics of a queue."""

EVERY_SECONDS = 300
"""AWS measures every minute; the alarms of queues look at five."""


class QueueMetrics:
    """Measures queues that have got a message."""

    def __init__(self, clock: Clock, metrics: Metrics) -> None:
        self._clock = clock
        self._metrics = metrics
        self._until: dict[str, float] = {}

    def used(self, arn: str) -> None:
        """A queue is used: it is measured now, and for some hours."""
        with self._clock.lock:
            is_measured = arn in self._until
            self._until[arn] = self._clock.now() + ACTIVE_SECONDS
            self._put(arn)
            if not is_measured:
                self._clock.at(self._clock.now() + EVERY_SECONDS, lambda: self._measure(arn))

    def _measure(self, arn: str) -> None:
        self._put(arn)
        if self._clock.now() >= self._until[arn]:
            del self._until[arn]
        else:
            self._clock.at(self._clock.now() + EVERY_SECONDS, lambda: self._measure(arn))

    def _put(self, arn: str) -> None:
        queue = sqs._queue_by_arn(arn)
        if queue is None:
            return
        parts = arn.split(":")
        visible = sum(message["visible_at"] <= self._clock.now() for message in queue["messages"])
        of = metric(Scope(parts[4], parts[3]), "AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": parts[5]})
        self._metrics.put(of, self._clock.now(), value(visible))
