"""Metrics in log lines: the embedded metric format of CloudWatch (E-30 to E-33)."""

from __future__ import annotations

import json
from typing import Any, Iterator, Mapping, NamedTuple

MOST_DIMENSIONS = 30
MOST_METRICS = 100


class Datum(NamedTuple):
    """One value of a metric at a time, in seconds."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    value: float
    unit: str
    time: float


def data_in(line: str) -> Iterator[Datum]:
    """The values that a line of a log has. A line that is not in the format has none; it is a log line and nothing else (E-30)."""
    if '"_aws"' not in line:
        return
    try:
        root = json.loads(line)
        metadata = root["_aws"]
        moment = float(metadata["Timestamp"]) / 1000
        directives = list(metadata["CloudWatchMetrics"])
    except (ValueError, KeyError, TypeError):
        return
    for directive in directives:
        yield from _values_of(root, directive, moment)


def _values_of(root: Mapping[str, Any], directive: Mapping[str, Any], moment: float) -> Iterator[Datum]:
    namespace, definitions = directive.get("Namespace"), directive.get("Metrics") or []
    if not namespace or len(definitions) > MOST_METRICS:
        return
    for names in directive.get("Dimensions") or [[]]:
        # A set that names a member which is not a text in the root is not published (E-31).
        if len(names) > MOST_DIMENSIONS or not all(isinstance(root.get(name), str) for name in names):
            continue
        dimensions = {name: root[name] for name in names}
        for definition in definitions:
            found = root.get(definition.get("Name"))
            for number in found if isinstance(found, list) else [found]:
                if isinstance(number, (int, float)) and not isinstance(number, bool):
                    yield Datum(namespace, definition["Name"], dimensions, float(number), definition.get("Unit", "None"), moment)
