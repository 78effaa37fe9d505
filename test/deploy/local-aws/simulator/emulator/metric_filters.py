"""Metric filters of CloudWatch Logs: ministack keeps them, here they count."""

from __future__ import annotations

from typing import Any, Mapping

from backup.clock import Clock
from ministack.core.responses import error_response_json, get_account_id, get_region
from ministack.services import cloudwatch_logs
from signals.metric_filter import Filters, MetricFilter
from signals.metrics import Metrics, metric, value
from signals.ports import Scope
from signals.rejected import NotSimulated, Rejected

from emulator.simulated_time import SimulatedTime


class LocalMetricFilters:
    """Checks filters when they are put, and lets them count what is written to their log group."""

    def __init__(self, clock: Clock, metrics: Metrics) -> None:
        self._clock = clock
        self._metrics = metrics
        self._filters = Filters()
        self._parsed: dict[tuple[Scope, str, str], tuple[Mapping[str, Any], MetricFilter]] = {}

    def install(self) -> None:
        """Gets between ministack and its requests."""
        put_filter, put_events = cloudwatch_logs._put_metric_filter, cloudwatch_logs._put_log_events

        def filter_put(data: dict[str, Any]) -> Any:
            try:
                MetricFilter(data.get("filterPattern") or "", data.get("metricTransformations") or [])
            except (Rejected, NotSimulated) as problem:
                return error_response_json("InvalidParameterException", str(problem), 400)
            return put_filter(data)

        def events_put(data: dict[str, Any]) -> Any:
            answer = put_events(data)
            if answer[0] < 400:
                self._count(data["logGroupName"], data.get("logEvents") or [])
            return answer

        cloudwatch_logs.time = SimulatedTime(self._clock.now)
        cloudwatch_logs._put_metric_filter = filter_put
        cloudwatch_logs._put_log_events = events_put

    def _count(self, group: str, events: list[Mapping[str, Any]]) -> None:
        scope = Scope(get_account_id(), get_region())
        by_minute: dict[float, list[str]] = {}
        for event in events:
            moment = float(event.get("timestamp", self._clock.now() * 1000)) / 1000
            by_minute.setdefault(moment // 60 * 60, []).append(str(event.get("message", "")))
        for (of_group, name), record in cloudwatch_logs._metric_filters.items():
            if of_group != group:
                continue
            for moment, messages in by_minute.items():
                for datum in self._filters.data((scope, group, name), self._filter(scope, group, name, record), messages, moment):
                    of = metric(scope, datum.namespace, datum.name, dict(datum.dimensions))
                    self._metrics.put(of, moment, value(datum.value))

    def _filter(self, scope: Scope, group: str, name: str, record: Mapping[str, Any]) -> MetricFilter:
        """The filter of a record, parsed once."""
        known = self._parsed.get((scope, group, name))
        if known is None or known[0] is not record:
            known = (record, MetricFilter(record["filterPattern"], record["metricTransformations"]))
            self._parsed[scope, group, name] = known
        return known[1]
