"""What reports: alarms, metric filters, buses and the calls that CloudTrail records."""

from __future__ import annotations

from dataclasses import dataclass

from backup.clock import Clock
from backup.world import World

from emulator.alarms import LocalAlarms
from emulator.api_calls import ApiCalls
from emulator.buses import LocalBuses
from emulator.destinations import Destinations
from emulator.metric_filters import LocalMetricFilters
from emulator.metrics import RecordedMetrics
from emulator.queue_metrics import QueueMetrics
from emulator.queues import LocalQueues
from emulator.undelivered import Undelivered


@dataclass(frozen=True)
class Reporting:
    """The parts that report."""

    metrics: RecordedMetrics
    alarms: LocalAlarms
    buses: LocalBuses
    destinations: Destinations
    queues: LocalQueues


def install(clock: Clock, world: World, undelivered: Undelivered, management_account: str) -> Reporting:
    """Installs all of them. ministack has to be imported, and nothing may have been called yet."""
    metrics = RecordedMetrics(clock)
    metrics.install()
    destinations = Destinations(world)
    alarms = LocalAlarms(clock, metrics, destinations, undelivered)
    alarms.install()
    LocalMetricFilters(clock, metrics).install()
    queues = LocalQueues(clock, QueueMetrics(clock, metrics).used)
    queues.install()
    buses = LocalBuses(clock, metrics, destinations, queues, undelivered)
    buses.install()
    ApiCalls(clock, world, destinations).install(management_account)
    return Reporting(metrics, alarms, buses, destinations, queues)
