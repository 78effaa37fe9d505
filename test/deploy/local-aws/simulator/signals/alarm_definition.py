"""What an alarm watches: the request of PutMetricAlarm, checked and read (S-10, S-14, S-17)."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping, cast

from .alarm_decision import Treatment
from .expression import Expression, Range, Series, Value
from .metrics import MINUTE, STATISTICS, Metric, Metrics, metric
from .ports import Scope
from .rejected import NotSimulated, Rejected

DAY = 24 * 3600
EXTRA_PERIODS = 2
"""Periods of the evaluation range beyond EvaluationPeriods: AWS's example has five for three, and no rule (S-41)."""

COMPARISONS: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
}
TREATMENTS = ("breaching", "ignore", "missing", "notBreaching")
_NOT_SIMULATED = ("EvaluateLowSampleCountPercentile", "EvaluationCriteria", "EvaluationInterval", "ExtendedStatistic", "ThresholdMetricId", "Unit")
_OF_ONE_METRIC = ("Dimensions", "MetricName", "Namespace", "Period", "Statistic")
_ID = re.compile(r"[a-z][a-zA-Z0-9_]*")


@dataclass(frozen=True)
class Query:
    """A metric that an alarm reads, and the statistic of it."""

    metric: Metric
    statistic: str


@dataclass(frozen=True)
class Definition:
    """A checked alarm."""

    name: str
    scope: Scope
    queries: Mapping[str, Query]
    expressions: Mapping[str, Expression] = field(default_factory=dict)
    watched: str = "m"
    period: int = MINUTE
    evaluation_periods: int = 1
    datapoints_to_alarm: int = 1
    comparison: str = "GreaterThanThreshold"
    threshold: float = 0.0
    treatment: Treatment = "missing"
    warm_up: int = 0
    is_warm_up_fixed: bool = False

    @property
    def is_multi_day(self) -> bool:
        """Whether it is evaluated once an hour, of whole hours only (S-13)."""
        return self.period * self.evaluation_periods > DAY

    @property
    def step(self) -> int:
        """Seconds between two evaluations (S-12, S-13)."""
        return 3600 if self.is_multi_day else MINUTE

    @property
    def range(self) -> int:
        """The periods of the evaluation range (S-41)."""
        return self.evaluation_periods + EXTRA_PERIODS

    @property
    def metrics(self) -> set[Metric]:
        """All metrics that it reads."""
        return {query.metric for query in self.queries.values()}

    def datapoints(self, metrics: Metrics, end: int) -> list[tuple[int, float | None]]:
        """The start and the value of each period of the evaluation range that ends at `end`, the oldest first."""
        over = Range([end - (index + 1) * self.period for index in reversed(range(self.range))], self.period)
        series: dict[str, Series] = {}
        for name, query in self.queries.items():
            found = {time: metrics.read(query.metric, time, time + self.period, query.statistic) for time in over.times}
            series[name] = {time: number for time, number in found.items() if number is not None}
        values: dict[str, Value] = dict(series)
        result = _calculate(self.watched, self.expressions, values, series, over, ())
        if not isinstance(result, dict):
            raise Rejected(f"The expression {self.watched} of the alarm {self.name} is not a single time series.", "S-26")
        return [(time, result.get(time)) for time in over.times]

    def is_breaching(self, number: float) -> bool:
        """Whether a value breaches the threshold."""
        return COMPARISONS[self.comparison][0](number, self.threshold)


def read_definition(scope: Scope, request: Mapping[str, Any]) -> Definition:
    """The alarm of a request. Members have AWS's names."""
    name = str(request.get("AlarmName") or "")
    if not name:
        raise Rejected("An alarm needs a name.", "S-10")
    for member in _NOT_SIMULATED:
        if request.get(member) not in (None, ""):
            raise NotSimulated(f"The simulator does not know {member} of the alarm {name}.")
    if "WallClockWindow" in (request.get("EvaluationWindow") or {}):
        raise NotSimulated(f"The simulator does not know the wall clock window of the alarm {name}.")
    queries, expressions, watched, period = _read_metrics(scope, name, request)
    evaluation_periods = _whole(name, request, "EvaluationPeriods", None)
    to_alarm = _whole(name, request, "DatapointsToAlarm", evaluation_periods)
    _check_window(name, period, evaluation_periods, to_alarm)
    comparison = request.get("ComparisonOperator")
    if comparison not in COMPARISONS:
        raise Rejected(f"The alarm {name} has the comparison operator {comparison}, not one of {', '.join(COMPARISONS)}.", "S-10")
    if request.get("Threshold") is None:
        raise Rejected(f"The alarm {name} needs a threshold.", "S-10")
    treatment = _treatment(name, request, queries)
    warm_up = request.get("WarmUpConfiguration") or {}
    minutes = int(warm_up.get("WarmUpPeriodDurationInMinutes") or 0)
    if warm_up and not 1 <= minutes <= 2880:
        raise Rejected(f"The warm-up period of the alarm {name} is {minutes} minutes, not 1 to 2880.", "S-15")
    definition = Definition(
        name, scope, queries, expressions, watched, period, evaluation_periods, to_alarm, comparison, float(request["Threshold"]),
        treatment, minutes * MINUTE, _is_true(warm_up.get("OnlyStartEvaluatingAfterWarmUpPeriodEnds")),
    )  # fmt: skip
    definition.datapoints(Metrics(), 10 * DAY)
    return definition


def _read_metrics(scope: Scope, name: str, request: Mapping[str, Any]) -> tuple[dict[str, Query], dict[str, Expression], str, int]:
    if not request.get("Metrics"):
        if not request.get("MetricName") or not request.get("Namespace"):
            raise Rejected(f"The alarm {name} needs a metric's name and namespace, or a list of metrics.", "S-10")
        statistic = request.get("Statistic")
        query = _query(scope, name, request, statistic)
        return {"m": query}, {}, "m", _whole(name, request, "Period", None)
    if given := [member for member in _OF_ONE_METRIC if request.get(member)]:
        raise Rejected(f"The alarm {name} has a list of metrics, so it can't have {', '.join(given)}.", "S-10")
    queries: dict[str, Query] = {}
    expressions: dict[str, Expression] = {}
    watched: list[str] = []
    periods: set[int] = set()
    for item in request["Metrics"]:
        name_of_item = str(item.get("Id") or "")
        if not _ID.fullmatch(name_of_item) or name_of_item in queries or name_of_item in expressions:
            raise Rejected(f"The alarm {name} has the id {name_of_item!r}, which is not valid or taken.", "S-10")
        if item.get("AccountId") not in (None, scope.account):
            raise NotSimulated(f"The simulator does not know alarms on metrics of another account ({name}).")
        if item.get("Expression"):
            expressions[name_of_item] = Expression(item["Expression"])
        else:
            stat = item.get("MetricStat") or {}
            queries[name_of_item] = _query(scope, name, stat.get("Metric") or {}, stat.get("Stat"))
            periods.add(_whole(name, stat, "Period", None))
        if _is_true(item.get("ReturnData", True)):
            watched.append(name_of_item)
    if len(watched) != 1:
        raise Rejected(f"The alarm {name} must return the data of exactly one metric or expression, not of {len(watched)}.", "S-10")
    if len(periods) != 1:
        raise NotSimulated(f"The simulator does not know metrics of several periods in one alarm ({name}).")
    for expression in expressions.values():
        if unknown := sorted(expression.names - set(queries) - set(expressions)):
            raise Rejected(f"The expression {expression.text!r} of the alarm {name} names {', '.join(unknown)}, which it does not have.", "S-20")
    return queries, expressions, watched[0], periods.pop()


def _query(scope: Scope, name: str, given: Mapping[str, Any], statistic: Any) -> Query:
    if statistic not in STATISTICS:
        raise NotSimulated(f"The simulator knows the statistics {', '.join(STATISTICS)}, not {statistic} (alarm {name}).")
    dimensions = given.get("Dimensions") or []
    return Query(metric(scope, given["Namespace"], given["MetricName"], {item["Name"]: item["Value"] for item in dimensions}), statistic)


def _check_window(name: str, period: int, evaluation_periods: int, to_alarm: int) -> None:
    if period in (10, 20, 30):
        raise NotSimulated(f"The simulator does not know high-resolution alarms ({name}).")
    if period % MINUTE:
        raise Rejected(f"The period of the alarm {name} is {period} seconds, not a multiple of 60.", "S-10")
    most = 7 * DAY if period >= 3600 else DAY
    if period * evaluation_periods > most:
        raise Rejected(f"The alarm {name} looks back {period * evaluation_periods} seconds, and {most} is the most.", "S-14")
    if to_alarm > evaluation_periods:
        raise Rejected(f"The alarm {name} wants {to_alarm} datapoints of {evaluation_periods}.", "S-10")


def _treatment(name: str, request: Mapping[str, Any], queries: Mapping[str, Query]) -> Treatment:
    treatment = request.get("TreatMissingData") or "missing"
    if treatment not in TREATMENTS:
        raise Rejected(f"The alarm {name} treats missing data as {treatment}, not one of {', '.join(TREATMENTS)}.", "S-40")
    is_dynamodb = any(query.metric.namespace == "AWS/DynamoDB" for query in queries.values())
    return "ignore" if is_dynamodb else cast(Treatment, treatment)


def _calculate(
    name: str, expressions: Mapping[str, Expression], values: dict[str, Value], metrics: Mapping[str, Series], over: Range, path: tuple[str, ...]
) -> Value:
    if name in values:
        return values[name]
    if name in path:
        raise Rejected(f"The expression {name} depends on itself.", "S-20")
    for needed in expressions[name].names:
        _calculate(needed, expressions, values, metrics, over, (*path, name))
    values[name] = expressions[name].calculate(values, metrics, over)
    return values[name]


def _whole(name: str, given: Mapping[str, Any], member: str, otherwise: int | None) -> int:
    number = given.get(member)
    if number in (None, ""):
        if otherwise is None:
            raise Rejected(f"The alarm {name} needs {member}.", "S-10")
        return otherwise
    if int(number) < 1:
        raise Rejected(f"{member} of the alarm {name} is {number}, and 1 is the least.", "S-10")
    return int(number)


def _is_true(given: Any) -> bool:
    return given if isinstance(given, bool) else str(given).lower() == "true"
