"""Alarms and their states in simulated time (S-11 to S-13, S-15, S-16, S-51, S-53 to S-55).

An alarm is evaluated when one of its metrics gets a value, and at the moments when a value goes from one period
of its evaluation range into the next one. Between those nothing can change, so nothing is done.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping, Union

from .alarm_decision import decide
from .alarm_definition import Definition, read_definition
from .alarm_reason import reason, reason_data
from .alarm_rule import AlarmRule
from .metrics import MINUTE, Metric, Metrics
from .ports import Clock, Entry, Scope
from .rejected import Rejected

INITIAL_REASON = "Unchecked: Initial alarm creation"


@dataclass
class _Alarm:
    scope: Scope
    name: str
    request: Mapping[str, Any]
    created: float
    state: str = "INSUFFICIENT_DATA"
    reason: str = INITIAL_REASON
    reason_data: str | None = None
    updated: float = 0.0
    transitioned: float = 0.0

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"arn:aws:cloudwatch:{self.scope.region}:{self.scope.account}:alarm:{self.name}"


@dataclass
class MetricAlarm(_Alarm):
    """An alarm on a metric, or on an expression of metrics."""

    definition: Definition = field(default=None)  # type: ignore[assignment]
    warm_until: float = 0.0
    evaluated_to: int = 0
    wake: Entry | None = None
    wake_at: float = math.inf
    wake_end: int = 0


@dataclass
class CompositeAlarm(_Alarm):
    """An alarm on the states of others."""

    rule: AlarmRule = field(default=None)  # type: ignore[assignment]


Alarm = Union[MetricAlarm, CompositeAlarm]


@dataclass(frozen=True)
class Change:
    """An alarm that went from one state into another."""

    alarm: Alarm
    before: str
    moment: float


class Alarms:
    """All alarms of all accounts and regions. `changed` is called after each change of a state."""

    def __init__(self, clock: Clock, metrics: Metrics, changed: Callable[[Change], None] = lambda change: None) -> None:
        self._clock = clock
        self._metrics = metrics
        self._changed = changed
        self._alarms: dict[tuple[Scope, str], Alarm] = {}
        self._by_metric: dict[Metric, set[tuple[Scope, str]]] = {}
        metrics.listen(self._got_value)

    def put(self, scope: Scope, request: Mapping[str, Any]) -> MetricAlarm:
        """Creates or replaces an alarm of a request of PutMetricAlarm. The state of one that exists stays (S-11)."""
        definition = read_definition(scope, request)
        with self._clock.lock:
            now = self._clock.now()
            before = self.find(scope, definition.name)
            alarm = MetricAlarm(scope, definition.name, request, now, updated=now, transitioned=now, definition=definition)
            alarm.warm_until = now + definition.warm_up
            if isinstance(before, MetricAlarm):
                self._keep_state(before, alarm)
                was_warming = before.warm_until > now
                alarm.warm_until = before.created + definition.warm_up if was_warming else before.warm_until
            self._forget(before)
            self._alarms[scope, alarm.name] = alarm
            for of in definition.metrics:
                self._by_metric.setdefault(of, set()).add((scope, alarm.name))
            self._wake(alarm, now, self._window_end(alarm, now))
            return alarm

    def put_composite(self, scope: Scope, request: Mapping[str, Any]) -> CompositeAlarm:
        """Creates or replaces an alarm of a request of PutCompositeAlarm."""
        name = str(request.get("AlarmName") or "")
        rule = AlarmRule(str(request.get("AlarmRule") or ""))
        with self._clock.lock:
            if missing := [alarm for alarm in rule.alarms if self._child(scope, alarm) is None]:
                text = f"Could not save the composite alarm as alarms [{', '.join(missing)}] in the alarm rule do not exist"
                raise Rejected(text, "S-53")
            now = self._clock.now()
            before = self.find(scope, name)
            alarm = CompositeAlarm(scope, name, request, now, updated=now, transitioned=now, rule=rule)
            if isinstance(before, CompositeAlarm):
                self._keep_state(before, alarm)
            self._forget(before)
            self._alarms[scope, name] = alarm
            self._evaluate_composite(alarm, f"{alarm.arn} was {'updated' if before else 'created'}", frozenset())
            return alarm

    def delete(self, scope: Scope, name: str) -> None:
        """Deletes an alarm, unless a composite alarm needs it (S-54)."""
        with self._clock.lock:
            alarm = self.find(scope, name)
            if alarm is None:
                return
            if self._parents(alarm):
                raise Rejected(f"Cannot delete {name} as there are composite alarm(s) depending on it.", "S-54")
            self._forget(alarm)

    def set_state(self, scope: Scope, name: str, state: str, text: str, data: str | None = None) -> None:
        """SetAlarmState: the state stays until the next evaluation."""
        with self._clock.lock:
            alarm = self._alarms[scope, name]
            self._change(alarm, state, text, data, frozenset())
            if isinstance(alarm, MetricAlarm):
                following = self._end_after(alarm, self._clock.now())
                self._wake(alarm, following, following)

    def find(self, scope: Scope, name: str) -> Alarm | None:
        """The alarm with a name."""
        return self._alarms.get((scope, name))

    def of(self, scope: Scope) -> list[Alarm]:
        """The alarms of an account and region."""
        return [alarm for alarm in self._alarms.values() if alarm.scope == scope]

    def clear(self) -> None:
        """Forgets all alarms."""
        for alarm in list(self._alarms.values()):
            self._forget(alarm)

    # Evaluation

    def _got_value(self, of: Metric) -> None:
        for key in self._by_metric.get(of, ()):
            alarm = self._alarms[key]
            assert isinstance(alarm, MetricAlarm)
            now = self._clock.now()
            end = self._end_after(alarm, now)
            self._wake(alarm, end if alarm.definition.is_multi_day else now, end)

    @staticmethod
    def _end_after(alarm: MetricAlarm, moment: float) -> int:
        """The end of the minute, or of the hour, that a moment is in."""
        step = alarm.definition.step
        return int(moment // step) * step + step

    def _window_end(self, alarm: MetricAlarm, moment: float) -> int:
        """Where the window of an evaluation at a moment ends: a minute that has begun counts, an hour does not."""
        end = self._end_after(alarm, moment)
        return end - alarm.definition.step if alarm.definition.is_multi_day else end

    def _wake(self, alarm: MetricAlarm, moment: float, end: int) -> None:
        if moment >= alarm.wake_at:
            alarm.wake_end = max(alarm.wake_end, end) if moment == alarm.wake_at else alarm.wake_end
            return
        if alarm.wake is not None:
            alarm.wake.cancel()
        alarm.wake_at, alarm.wake_end = moment, end
        alarm.wake = self._clock.at(moment, lambda: self._woken(alarm))

    def _woken(self, alarm: MetricAlarm) -> None:
        end = max(alarm.wake_end, alarm.evaluated_to)
        alarm.wake, alarm.wake_at = None, math.inf
        alarm.evaluated_to = end
        self._evaluate(alarm, end)
        following = self._next_boundary(alarm, end)
        if following is not None:
            self._wake(alarm, following, following)

    def _next_boundary(self, alarm: MetricAlarm, end: int) -> int | None:
        """When the next value goes into another period, or out of the evaluation range."""
        definition = alarm.definition
        found: list[int] = []
        for of in definition.metrics:
            for minute in self._metrics.minutes(of, end - definition.range * definition.period - definition.step, end + definition.step):
                periods = max(0, (end - minute - MINUTE) // definition.period + 1)
                boundary = minute + periods * definition.period + MINUTE
                found.append(math.ceil(boundary / definition.step) * definition.step)
        later = [boundary for boundary in found if boundary > end]
        return min(later) if later else None

    def _evaluate(self, alarm: MetricAlarm, end: int) -> None:
        definition = alarm.definition
        now = self._clock.now()
        points = definition.datapoints(self._metrics, end)
        if now < alarm.warm_until:
            if not self._is_warm(alarm, points, end):
                self._wake(alarm, alarm.warm_until, self._window_end(alarm, alarm.warm_until))
                return
            alarm.warm_until = now
        breaching = [None if number is None else definition.is_breaching(number) for _, number in points]
        state = decide(breaching, definition.evaluation_periods, definition.datapoints_to_alarm, definition.treatment)
        if state is not None and state != alarm.state:
            text = reason(definition, points, state, alarm.state)
            self._change(alarm, state, text, reason_data(definition, points, now), frozenset())

    def _is_warm(self, alarm: MetricAlarm, points: list[tuple[int, float | None]], end: int) -> bool:
        """Whether the window is full before the warm-up ends (S-15)."""
        definition = alarm.definition
        if definition.is_warm_up_fixed or points[-1][1] is None:
            return False
        window = definition.period * definition.evaluation_periods
        created = int(alarm.created // MINUTE) * MINUTE
        first = [next(self._metrics.minutes(of, created, end), None) for of in definition.metrics]
        return any(minute is not None and minute <= end - window for minute in first)

    def _evaluate_composite(self, alarm: CompositeAlarm, cause: str, seen: frozenset[str]) -> None:
        def state_of(name: str) -> str | None:
            child = self._child(alarm.scope, name)
            return child.state if child else None

        state = "ALARM" if alarm.rule.is_met(state_of) else "OK"
        if state != alarm.state:
            self._change(alarm, state, f"{cause}, and its alarm rule evaluates to {state}", None, seen)

    # States

    def _change(self, alarm: Alarm, state: str, text: str, data: str | None, seen: frozenset[str]) -> None:
        now = self._clock.now()
        before = alarm.state
        alarm.state, alarm.reason, alarm.reason_data, alarm.updated = state, text, data, now
        if state == before:
            return
        alarm.transitioned = now
        self._changed(Change(alarm, before, now))
        seen = seen | {alarm.name}
        for parent in self._parents(alarm):
            if parent.name not in seen:
                self._evaluate_composite(parent, f"{alarm.arn} transitioned to {state}", seen)

    def _parents(self, alarm: Alarm) -> list[CompositeAlarm]:
        names = {alarm.name, alarm.arn}
        composites = [other for other in self._alarms.values() if isinstance(other, CompositeAlarm) and other.scope == alarm.scope]
        return [other for other in composites if names & set(other.rule.alarms)]

    def _child(self, scope: Scope, name: str) -> Alarm | None:
        prefix = f"arn:aws:cloudwatch:{scope.region}:{scope.account}:alarm:"
        return self.find(scope, name.removeprefix(prefix))

    @staticmethod
    def _keep_state(before: Alarm, alarm: Alarm) -> None:
        alarm.state, alarm.reason, alarm.reason_data = before.state, before.reason, before.reason_data
        alarm.created, alarm.updated, alarm.transitioned = before.created, before.updated, before.transitioned

    def _forget(self, alarm: Alarm | None) -> None:
        if alarm is None:
            return
        self._alarms.pop((alarm.scope, alarm.name), None)
        if isinstance(alarm, MetricAlarm):
            if alarm.wake is not None:
                alarm.wake.cancel()
            for of in alarm.definition.metrics:
                self._by_metric[of].discard((alarm.scope, alarm.name))
