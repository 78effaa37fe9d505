"""Runs of the rules of plans."""

from __future__ import annotations

from typing import Any

from . import backup_jobs, lifecycle, settings
from .engine import Engine
from .schedule import next_run
from .select import selects
from .state import Plan, Selection
from .times import MINUTE
from .world import Resource

Rule = dict[str, Any]


def follow(engine: Engine, plan: Plan) -> None:
    """Puts the next run of each rule into the queue; times that have passed are not made up (B-112)."""
    forget(plan)
    for rule in plan.current.document["Rules"]:
        _next(engine, plan, rule, engine.now())


def forget(plan: Plan) -> None:
    """A plan that changed or is gone runs no more as it was (B-69, B-71)."""
    for timer in plan.timers:
        timer.cancel()
    plan.timers.clear()


def _next(engine: Engine, plan: Plan, rule: Rule, after: float) -> None:
    moment = _run_after(rule, after)
    if moment is not None:
        plan.timers[:] = [timer for timer in plan.timers if timer.time > after]
        plan.timers.append(engine.clock.at(moment, lambda: _run(engine, plan, rule, moment)))


def _run(engine: Engine, plan: Plan, rule: Rule, moment: float) -> None:
    """Creates the jobs of a run (B-106), unless another rule suppresses it: then neither jobs nor copies (B-110)."""
    _next(engine, plan, rule, moment)
    if suppressed(plan, rule, moment):
        return
    plan.last_run = moment
    for resource, selection in selected(engine, plan):
        backup_jobs.create_by_plan(engine, plan, rule, selection.role_arn, resource, moment)


def selected(engine: Engine, plan: Plan) -> list[tuple[Resource, Selection]]:
    """Each selected resource with the first selection that contains it (B-91)."""
    preferences = settings.of(engine, plan.account, plan.region)["ResourceTypeOptInPreference"]
    found = []
    for resource in engine.world.resources(plan.account, plan.region):
        for selection in plan.selections.values():
            if selects(selection.document, resource, preferences.get(resource.type, False)):
                found.append((resource, selection))
                break
    return found


def suppressed(plan: Plan, rule: Rule, moment: float) -> bool:
    """Whether the start window of the run overlaps that of a run of another rule that goes before it (B-107).

    Only rules of the same plan (B-111), and only runs that are not suppressed themselves.
    """
    rules = plan.current.document["Rules"]
    for other in rules:
        if other["RuleId"] == rule["RuleId"]:
            continue
        if _longer(other, rule):
            begin = _run_after(other, moment - _window(other))  # its window ends after the moment: B-108
            while begin is not None and begin < moment + _window(rule):
                if not suppressed(plan, other, begin):
                    return True
                begin = _run_after(other, begin)
        elif not _longer(rule, other) and rules.index(other) < rules.index(rule):
            if _run_after(other, moment - 1) == moment and not suppressed(plan, other, moment):  # B-109
                return True
    return False


def _longer(one: Rule, other: Rule) -> bool:
    """Whether the retention of one rule is longer than that of another."""
    first, second = (lifecycle.retention(rule.get("Lifecycle")) for rule in (one, other))
    return second is not None and (first is None or first > second)


def _window(rule: Rule) -> float:
    return float(rule["StartWindowMinutes"] * MINUTE)


def _run_after(rule: Rule, after: float) -> float | None:
    return next_run(rule["ScheduleExpression"], rule["ScheduleExpressionTimezone"], after)
