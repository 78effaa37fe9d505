"""Metrics go to the evaluator of alarms, and stay in ministack for those who ask for them."""

from __future__ import annotations

import functools
from typing import Any, Mapping, Sequence

from backup.clock import Clock
from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch
from signals.metrics import RETENTION, Metric, Metrics, Values, metric, value
from signals.ports import Scope

from emulator.simulated_time import SimulatedTime


class RecordedMetrics(Metrics):
    """The metrics of all accounts, recorded in ministack as well."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def install(self) -> None:
        """Takes what the API and the services of ministack put."""
        original_datum, original_record = cloudwatch._store_datum, cloudwatch.record_metric

        def store(namespace: str, name: str, dimensions: dict[str, str], moment: float, unit: str, *numbers: Any) -> None:
            original_datum(namespace, name, dimensions, moment, unit, *numbers)
            of = metric(Scope(get_account_id(), get_region()), namespace, name, dimensions)
            with self._clock.lock:
                for values in _values(*numbers):
                    super(RecordedMetrics, self).put(of, moment, values)
            _forget_old(_bucket(of), moment)

        def record(namespace: str, name: str, number: float, unit: str = "None", dimensions: Mapping[str, str] | None = None) -> None:
            original_record(namespace, name, number, unit, dimensions)
            with self._clock.lock:
                of = metric(Scope(get_account_id(), get_region()), namespace, name, dimensions)
                super(RecordedMetrics, self).put(of, self._clock.now(), value(number))

        cloudwatch.time = SimulatedTime(self._clock.now)
        cloudwatch._store_datum = store
        cloudwatch.record_metric = record
        cloudwatch._evaluate_all_alarms = lambda: None

    def put(self, of: Metric, moment: float, values: Values) -> None:
        """Adds values that a service of AWS publishes."""
        with self._clock.lock:
            super().put(of, moment, values)
        numbers = {"SampleCount": values.count, "Sum": values.total, "Minimum": values.minimum, "Maximum": values.maximum}
        point = {"Timestamp": moment, "Unit": "Count", "Dimensions": dict(of.dimensions), "Value": values.total / values.count, "_stat": numbers}
        bucket = _bucket(of)
        bucket.append(point)
        _forget_old(bucket, moment)


def _values(one: Any, several: Sequence[float] | None, counts: Sequence[float] | None, together: Mapping[str, float] | None) -> list[Values]:
    """The values of a request of PutMetricData: several with their counts, a statistic set, or a single one."""
    if several is not None:
        return [value(float(number), count) for number, count in zip(several, counts or [1.0] * len(several))]
    if together is not None:
        return [Values(*(float(together.get(name, 0)) for name in ("SampleCount", "Sum", "Minimum", "Maximum")))]
    return [value(float(one or 0))]


def _bucket(of: Metric) -> list[dict[str, Any]]:
    """The values that ministack has of a metric."""
    key = _key(of)
    found = cloudwatch._metrics.get_scoped(*of.scope, key)
    if found is None:
        found = []
        cloudwatch._metrics.set_scoped(*of.scope, key, found)
    return found  # type: ignore[no-any-return]


@functools.lru_cache(maxsize=4096)
def _key(of: Metric) -> tuple[str, str, str]:
    return of.namespace, of.name, cloudwatch._dims_key(dict(of.dimensions))


def _forget_old(bucket: list[dict[str, Any]], moment: float) -> None:
    """ministack forgets old values when it is asked for something: here time passes without a question."""
    old = 0
    while old < len(bucket) and bucket[old]["Timestamp"] < moment - RETENTION:
        old += 1
    del bucket[:old]
