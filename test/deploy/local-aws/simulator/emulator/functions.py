"""What brings work to functions: schedules and queues. What functions write into their logs becomes metrics."""

from __future__ import annotations

from backup.clock import Clock

from emulator import embedded_metrics
from emulator.event_sources import LocalEventSources
from emulator.reporting import Reporting
from emulator.schedules import LocalSchedules
from emulator.undelivered import Undelivered


def install(clock: Clock, reporting: Reporting, undelivered: Undelivered) -> LocalEventSources:
    """Installs all of them."""
    embedded_metrics.install(reporting.metrics)
    event_sources = LocalEventSources(clock, reporting.destinations, reporting.queues, undelivered)
    event_sources.install()
    LocalSchedules(clock, reporting.metrics, reporting.destinations, reporting.queues, undelivered).install()
    return event_sources
