"""Calculates expressions of CloudWatch metric math (S-20 to S-27).

A time series is a dictionary of the time of a period to its value: a time without a value is not in it.
"""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from typing import Any, Callable, Mapping, Sequence, Union

from .expression_parser import Node, names_in, parse
from .rejected import NotSimulated, Rejected

Series = dict[int, float]
Value = Union[float, Series, list[Any]]

_OPERATORS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
    "==": lambda left, right: float(left == right),
    "!=": lambda left, right: float(left != right),
    "<": lambda left, right: float(left < right),
    "<=": lambda left, right: float(left <= right),
    ">": lambda left, right: float(left > right),
    ">=": lambda left, right: float(left >= right),
    "&&": lambda left, right: float(left != 0 and right != 0),
    "||": lambda left, right: float(left != 0 or right != 0),
}
_WORDS = {"REPEAT"}
_KNOWN_TO_AWS = {
    "ANOMALY_DETECTION_BAND", "DATAPOINT_COUNT", "DATE", "DAY", "DB_PERF_INSIGHTS", "EPOCH", "FIRST", "HOUR", "INSIGHT_RULE_METRIC",
    "LAMBDA", "LAST", "LOG", "LOG10", "METRIC_COUNT", "MINUTE", "MONTH", "RATE", "REMOVE_EMPTY", "RUNNING_SUM", "SEARCH",
    "SERVICE_QUOTA", "SLICE", "SORT", "STDDEV", "YEAR",
}  # fmt: skip


@dataclass(frozen=True)
class Range:
    """The periods that an expression is calculated for, the oldest first."""

    times: Sequence[int]
    period: int


class Expression:
    """An expression that can be calculated."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tree = parse(text)
        self.names = names_in(self._tree) - _WORDS
        self.has_all_metrics = "METRICS(" in text.replace(" ", "")
        _check(self._tree)

    def calculate(self, values: Mapping[str, Value], metrics: Mapping[str, Series], over: Range) -> Value:
        """Its value, given those of the ids that it names, and all metrics for METRICS()."""
        return _Calculation(values, metrics, over).of(self._tree)


def _check(node: Node) -> None:
    """Refuses functions that are not simulated, and such that AWS does not know."""
    if node.kind == "call" and node.word in _KNOWN_TO_AWS:
        raise NotSimulated(f"The simulator does not know the function {node.word} of metric math.")
    if node.kind == "call" and node.word not in _FUNCTIONS:
        raise Rejected(f"{node.word} is not a function of metric math.", "S-20")
    for part in node.parts:
        _check(part)


class _Calculation:
    def __init__(self, values: Mapping[str, Value], metrics: Mapping[str, Series], over: Range) -> None:
        self._values = values
        self.metrics = metrics
        self.over = over

    def of(self, node: Node) -> Value:
        if node.kind == "number":
            return node.number
        if node.kind == "name":
            return self._values[node.word]
        if node.kind == "list":
            items = [self.of(item) for item in node.parts]
            return [series for item in items for series in (item if isinstance(item, list) else [item])]
        if node.kind == "minus":
            return _each(self.of(node.parts[0]), operator.neg)
        if node.kind == "binary":
            return _combine(node.word, self.of(node.parts[0]), self.of(node.parts[1]))
        if node.kind == "call":
            return _FUNCTIONS[node.word](self, node.parts)
        raise Rejected("A text can only be an argument of METRICS.", "S-20")


Function = Callable[[_Calculation, Sequence[Node]], Value]
"""A function of metric math: it gets its arguments as they are written."""


def _combine(sign: str, left: Value, right: Value) -> Value:
    if isinstance(left, list):
        return [_combine(sign, item, right) for item in left]
    if isinstance(right, list):
        return [_combine(sign, left, item) for item in right]
    function = _OPERATORS[sign]
    if not isinstance(left, dict) and not isinstance(right, dict):
        return function(left, right)
    times = set(left if isinstance(left, dict) else {}) | set(right if isinstance(right, dict) else {})
    result: Series = {}
    for time in sorted(times):
        one = left.get(time, 0.0) if isinstance(left, dict) else left
        other = right.get(time, 0.0) if isinstance(right, dict) else right
        try:
            result[time] = function(one, other)
        except ZeroDivisionError:
            continue
    return result


def _each(value: Value, function: Callable[[float], float]) -> Value:
    if isinstance(value, list):
        return [_each(item, function) for item in value]
    if isinstance(value, dict):
        return {time: float(function(number)) for time, number in value.items()}
    return float(function(value))


def _arguments(name: str, arguments: Sequence[Node], least: int, most: int) -> None:
    if not least <= len(arguments) <= most:
        raise Rejected(f"The function {name} takes {least if least == most else f'{least} to {most}'} arguments.", "S-20")


def _mapped(name: str, function: Callable[[float], float]) -> Function:
    def call(calculation: _Calculation, arguments: Sequence[Node]) -> Value:
        _arguments(name, arguments, 1, 1)
        return _each(calculation.of(arguments[0]), function)

    return call


def _reduced(name: str, function: Callable[[list[float]], float]) -> Function:
    """Of one series a number, of several a series (S-24)."""

    def call(calculation: _Calculation, arguments: Sequence[Node]) -> Value:
        _arguments(name, arguments, 1, 1)
        value = calculation.of(arguments[0])
        if isinstance(value, list):
            times = sorted({time for series in value for time in series})
            missing_is_zero = name in ("AVG", "SUM")
            return {
                time: function([series.get(time, 0.0) for series in value if missing_is_zero or time in series]) for time in times
            }
        if isinstance(value, dict):
            return function(list(value.values())) if value else 0.0
        raise Rejected(f"The function {name} takes time series, not numbers.", "S-20")

    return call


def _fill(calculation: _Calculation, arguments: Sequence[Node]) -> Value:
    _arguments("FILL", arguments, 2, 2)
    if arguments[1] == Node("name", "LINEAR"):
        raise NotSimulated("The simulator does not know FILL(..., LINEAR).")
    filler: Value | None = None if arguments[1] == Node("name", "REPEAT") else calculation.of(arguments[1])

    def fill(series: Value) -> Value:
        if isinstance(series, list):
            return [fill(item) for item in series]
        if not isinstance(series, dict):
            raise Rejected("The function FILL takes time series, not numbers.", "S-20")
        result: Series = {}
        last: float | None = None
        for time in calculation.over.times:
            if time in series:
                last = result[time] = series[time]
            elif filler is None:
                if last is not None:
                    result[time] = last
            elif isinstance(filler, dict):
                if time in filler:
                    result[time] = filler[time]
            elif not isinstance(filler, list):
                result[time] = float(filler)
        return result

    return fill(calculation.of(arguments[0]))


def _difference(name: str, of_times: bool) -> Function:
    def differences(value: Value) -> Value:
        if isinstance(value, list):
            return [differences(item) for item in value]
        if not isinstance(value, dict):
            raise Rejected(f"The function {name} takes time series, not numbers.", "S-20")
        times = sorted(value)
        return {now: float(now - before) if of_times else value[now] - value[before] for before, now in zip(times, times[1:])}

    def call(calculation: _Calculation, arguments: Sequence[Node]) -> Value:
        _arguments(name, arguments, 1, 1)
        return differences(calculation.of(arguments[0]))

    return call


def _if(calculation: _Calculation, arguments: Sequence[Node]) -> Value:
    """S-25."""
    _arguments("IF", arguments, 2, 3)
    condition, if_true = calculation.of(arguments[0]), calculation.of(arguments[1])
    if_false = calculation.of(arguments[2]) if len(arguments) == 3 else None
    if any(isinstance(value, list) for value in (condition, if_true, if_false)):
        raise Rejected("The function IF takes numbers and single time series.", "S-20")
    if not isinstance(condition, dict):
        chosen = if_true if condition != 0 else if_false
        return {} if chosen is None else chosen
    result: Series = {}
    for time, truth in condition.items():
        chosen = if_true if truth != 0 else if_false
        if chosen is None:
            continue
        if not isinstance(chosen, (dict, list)):
            result[time] = float(chosen)
        elif time in chosen:
            result[time] = chosen[time]
        elif truth != 0 or isinstance(if_true, dict):
            result[time] = 0.0
    return result


def _metrics(calculation: _Calculation, arguments: Sequence[Node]) -> Value:
    _arguments("METRICS", arguments, 0, 1)
    part = arguments[0].word if arguments else ""
    if arguments and arguments[0].kind != "text":
        raise Rejected("The argument of METRICS is a text.", "S-20")
    return [series for name, series in calculation.metrics.items() if part in name]


def _period(calculation: _Calculation, arguments: Sequence[Node]) -> Value:
    _arguments("PERIOD", arguments, 1, 1)
    if arguments[0].kind != "name" or arguments[0].word not in calculation.metrics:
        raise Rejected("The argument of PERIOD is the id of a metric.", "S-20")
    return float(calculation.over.period)


def _time_series(calculation: _Calculation, arguments: Sequence[Node]) -> Value:
    _arguments("TIME_SERIES", arguments, 1, 1)
    number = calculation.of(arguments[0])
    if isinstance(number, (dict, list)):
        raise Rejected("The argument of TIME_SERIES is a number.", "S-20")
    return {time: number for time in calculation.over.times}


_FUNCTIONS: dict[str, Function] = {
    "ABS": _mapped("ABS", abs),
    "AVG": _reduced("AVG", lambda numbers: sum(numbers) / len(numbers)),
    "CEIL": _mapped("CEIL", math.ceil),
    "DIFF": _difference("DIFF", of_times=False),
    "DIFF_TIME": _difference("DIFF_TIME", of_times=True),
    "FILL": _fill,
    "FLOOR": _mapped("FLOOR", math.floor),
    "IF": _if,
    "MAX": _reduced("MAX", max),
    "METRICS": _metrics,
    "MIN": _reduced("MIN", min),
    "PERIOD": _period,
    "SUM": _reduced("SUM", sum),
    "TIME_SERIES": _time_series,
}
