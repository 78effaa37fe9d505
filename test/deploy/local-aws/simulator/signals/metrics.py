"""The values of metrics, minute by minute.

CloudWatch keeps what it needs for statistics, not the single values (S-1). Values of one minute are one set.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass
from typing import Callable, Iterator, Mapping, NamedTuple

from .ports import Scope

MINUTE = 60
RETENTION = 15 * 24 * 3600
"""Seconds that CloudWatch keeps values of a minute (S-2)."""

STATISTICS = ("Average", "Maximum", "Minimum", "SampleCount", "Sum")


class Metric(NamedTuple):
    """A metric is its namespace, its name and exactly its dimensions, in an account and region (S-3)."""

    scope: Scope
    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]


def metric(scope: Scope, namespace: str, name: str, dimensions: Mapping[str, str] | None = None) -> Metric:
    """The metric with these dimensions, whose order does not matter."""
    return Metric(scope, namespace, name, tuple(sorted((dimensions or {}).items())))


@dataclass(slots=True)
class Values:
    """A set of values: how many, their sum, the smallest and the largest."""

    count: float
    total: float
    minimum: float
    maximum: float

    def add(self, other: "Values") -> None:
        """Takes another set into this one."""
        self.count += other.count
        self.total += other.total
        self.minimum = min(self.minimum, other.minimum)
        self.maximum = max(self.maximum, other.maximum)

    def statistic(self, name: str) -> float:
        """One of the STATISTICS."""
        return {
            "Average": lambda: self.total / self.count,
            "Maximum": lambda: self.maximum,
            "Minimum": lambda: self.minimum,
            "SampleCount": lambda: self.count,
            "Sum": lambda: self.total,
        }[name]()


def value(number: float, count: float = 1) -> Values:
    """One value, or the same value several times."""
    return Values(float(count), float(number * count), float(number), float(number))


class Metrics:
    """All metrics of all accounts and regions."""

    def __init__(self) -> None:
        self._values: dict[Metric, dict[int, Values]] = {}
        self._minutes: dict[Metric, list[int]] = {}
        self._listeners: list[Callable[[Metric], None]] = []

    def listen(self, listener: Callable[[Metric], None]) -> None:
        """Tells the listener of each metric that gets a value."""
        self._listeners.append(listener)

    def put(self, of: Metric, moment: float, values: Values) -> None:
        """Adds values of a moment."""
        if values.count <= 0:
            return
        minute = int(moment // MINUTE) * MINUTE
        by_minute = self._values.setdefault(of, {})
        if minute in by_minute:
            by_minute[minute].add(values)
        else:
            by_minute[minute] = Values(values.count, values.total, values.minimum, values.maximum)
            insort(self._minutes.setdefault(of, []), minute)
            self._forget(of)
        for listener in self._listeners:
            listener(of)

    def read(self, of: Metric, start: int, end: int, statistic: str) -> float | None:
        """The statistic of the values from `start` until before `end`, None if there are none."""
        together: Values | None = None
        by_minute = self._values.get(of, {})
        for minute in self.minutes(of, start, end):
            values = by_minute[minute]
            if together is None:
                together = Values(values.count, values.total, values.minimum, values.maximum)
            else:
                together.add(values)
        return None if together is None else together.statistic(statistic)

    def minutes(self, of: Metric, start: int, end: int) -> Iterator[int]:
        """The minutes from `start` until before `end` that have values, the oldest first."""
        minutes = self._minutes.get(of, [])
        for index in range(bisect_left(minutes, start), len(minutes)):
            if minutes[index] >= end:
                return
            yield minutes[index]

    def clear(self) -> None:
        """Forgets all values."""
        self._values.clear()
        self._minutes.clear()

    def _forget(self, of: Metric) -> None:
        minutes = self._minutes[of]
        old = bisect_left(minutes, minutes[-1] - RETENTION)
        if old > 0:
            for minute in minutes[:old]:
                del self._values[of][minute]
            del minutes[:old]
