"""Metric filters: the values that log events add to metrics (S-76 to S-79)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Iterator, Mapping

from .filter_pattern import parse
from .json_selector import MISSING, Selector, content_of
from .rejected import NotSimulated, Rejected

MOST_DIMENSIONS = 3


@dataclass(frozen=True)
class Datum:
    """A value for a metric."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    value: float
    unit: str


@dataclass(frozen=True)
class _Transformation:
    namespace: str
    name: str
    value: float | Selector
    default: float | None
    unit: str
    dimensions: Mapping[str, Selector]


class MetricFilter:
    """A filter of a log group, of a request of PutMetricFilter. Members may have the names of CloudFormation as well."""

    def __init__(self, filter_pattern: str, transformations: list[Mapping[str, Any]]) -> None:
        self.text = filter_pattern
        self._pattern = parse(filter_pattern)
        if len(transformations) != 1:
            raise Rejected(f"A metric filter has exactly one transformation, not {len(transformations)}.", "S-76")
        self._transformation = self._read(transformations[0])

    def matches(self, message: str) -> bool:
        """Whether it counts a log event."""
        return self._pattern.matches(message)

    def datum(self, message: str) -> Datum | None:
        """What a log event that it counts adds; None if the event lacks the value or a dimension."""
        transformation = self._transformation
        content = content_of(message)
        number = transformation.value
        if isinstance(number, Selector):
            found = _one(number, content)
            if isinstance(found, bool) or not isinstance(found, (int, float)):
                return None
            number = float(found)
        dimensions = {}
        for name, selector in transformation.dimensions.items():
            found = _one(selector, content)
            if found is None or isinstance(found, (dict, list, bool)):
                return None
            dimensions[name] = found if isinstance(found, str) else json.dumps(found)
        return self._made(number, tuple(sorted(dimensions.items())))

    def default(self) -> Datum | None:
        """What a minute with log events and without any that it counts adds."""
        return None if self._transformation.default is None else self._made(self._transformation.default, ())

    def _made(self, number: float, dimensions: tuple[tuple[str, str], ...]) -> Datum:
        return Datum(self._transformation.namespace, self._transformation.name, dimensions, number, self._transformation.unit)

    def _read(self, given: Mapping[str, Any]) -> _Transformation:
        members = {name[0].lower() + name[1:]: value for name, value in given.items()}
        if not members.get("metricNamespace") or not members.get("metricName"):
            raise Rejected("A metric filter needs the namespace and the name of a metric.", "S-76")
        value = str(members.get("metricValue") or "")
        dimensions = members.get("dimensions") or {}
        if isinstance(dimensions, list):
            dimensions = {item["Key"]: item["Value"] for item in dimensions}
        selectors = {name: Selector(selector) for name, selector in dimensions.items()}
        default = members.get("defaultValue")
        self._check_dimensions(selectors, default)
        if not value.startswith("$"):
            try:
                float(value)
            except ValueError:
                raise Rejected(f"The value of a metric is a number or a selector, not {value!r}.", "S-76") from None
        elif not self._pattern.selectors:
            raise NotSimulated(f"The simulator does not know the value {value} of a pattern without selectors.")
        return _Transformation(
            members["metricNamespace"], members["metricName"], Selector(value) if value.startswith("$") else float(value),
            None if default in (None, "") else float(default), members.get("unit") or "None", selectors,
        )  # fmt: skip

    def _check_dimensions(self, selectors: Mapping[str, Selector], default: Any) -> None:
        if len(selectors) > MOST_DIMENSIONS:
            raise Rejected(f"A metric filter has at most {MOST_DIMENSIONS} dimensions, not {len(selectors)}.", "S-78")
        if selectors and default not in (None, ""):
            raise Rejected("A metric filter with dimensions can't have a default value.", "S-77")
        for name, selector in selectors.items():
            if selector not in self._pattern.selectors:
                raise Rejected(f"The dimension {name} is {selector.text}, which the pattern {self.text} does not name.", "S-78")


class Filters:
    """What the filters of a log group make of its log events. Default values are given once for each minute (S-77)."""

    def __init__(self) -> None:
        self._quiet_minutes: dict[object, int] = {}

    def data(self, key: object, metric_filter: MetricFilter, messages: list[str], moment: float) -> Iterator[Datum]:
        """The values that messages of a moment add. `key` names the filter."""
        minute = int(moment // 60)
        counted = [message for message in messages if metric_filter.matches(message)]
        for message in counted:
            if (datum := metric_filter.datum(message)) is not None:
                yield datum
        default = metric_filter.default()
        if messages and default is not None and self._quiet_minutes.get(key) != minute:
            self._quiet_minutes[key] = minute
            if not counted:
                yield default


def _one(selector: Selector, content: Any) -> Any:
    value = selector.values(content)[0]
    return None if value is MISSING else value
