"""EventBridge Scheduler: what it refuses, when it delivers, tries again and gives up (E-5 to E-15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Callable, Mapping

from backup.errors import Refused
from signals.delivery import ACTIONS, Destination, Reason, Sender, World, reason_against_role
from signals.metrics import Metrics, metric, value
from signals.ports import Clock, Scope

from .occurrences import check_expression, is_once, next_occurrence

SCHEDULER = "scheduler.amazonaws.com"
DELIVERED_TO = ("lambda", "sqs")
"""Services that the simulator delivers to. A schedule may have another target; then nothing happens but a note of it."""

MOST_ATTEMPTS, LONGEST_AGE = 185, 86_400
FIRST_WAIT, LONGEST_WAIT = 60.0, 3_600.0
"""Seconds before the first retry, and at most before any: AWS says that they grow, and not how (E-11)."""


@dataclass(frozen=True)
class Schedule:
    """A schedule of an account and region, as CreateSchedule has it."""

    scope: Scope
    record: Mapping[str, Any]

    @property
    def arn(self) -> str:
        return str(self.record["Arn"])

    @property
    def group_arn(self) -> str:
        """What a trust policy sees as aws:SourceArn (E-7)."""
        return f"arn:aws:scheduler:{self.scope.region}:{self.scope.account}:schedule-group/{self.record['GroupName']}"

    @property
    def target(self) -> Mapping[str, Any]:
        return self.record["Target"]  # type: ignore[no-any-return]

    def next_after(self, moment: float) -> float | None:
        """The next time within its start and end that it runs."""
        start, end = self.record.get("StartDate"), self.record.get("EndDate")
        begins = float(start) if start else float(self.record["CreationDate"])
        zone = self.record.get("ScheduleExpressionTimezone") or "UTC"
        found = next_occurrence(self.record["ScheduleExpression"], zone, max(moment, begins - 1) if start else moment, begins)
        return found if found is not None and (end is None or found <= float(end)) else None


@dataclass(frozen=True)
class Lost:
    """An invocation that was given up, and whether it is in the dead-letter queue."""

    schedule: Schedule
    reason: Reason
    dead_letter_queue: str | None
    dead_letter_reason: Reason | None


class Schedules:
    """Runs schedules. `send` hands a text to a target that may have it, and gives why that does not take it; `send_dead_letter` puts a
    message into a queue."""

    def __init__(
        self,
        clock: Clock,
        world: World,
        metrics: Metrics,
        is_current: Callable[[Schedule], bool],
        send: Callable[[Schedule, str], Reason | None],
        send_dead_letter: Callable[[str, str, Mapping[str, str]], None],
        lost: Callable[[Lost], None],
        completed: Callable[[Schedule], None],
    ) -> None:
        self._clock = clock
        self._world = world
        self._metrics = metrics
        self._is_current = is_current
        self._send = send
        self._send_dead_letter = send_dead_letter
        self._lost = lost
        self._completed = completed
        self._number = 0

    def check(self, scope: Scope, request: Mapping[str, Any], group: str) -> None:
        """Refuses a schedule that EventBridge Scheduler does not take."""
        check_expression(str(request.get("ScheduleExpression")), request.get("ScheduleExpressionTimezone") or "UTC")
        _check_window(request.get("FlexibleTimeWindow") or {})
        target = request.get("Target") or {}
        _check_retries(target.get("RetryPolicy") or {})
        queue = (target.get("DeadLetterConfig") or {}).get("Arn", "")
        if queue.endswith(".fifo"):
            raise Refused("ValidationException", f"The dead-letter queue {queue} is a FIFO queue.", "E-12")
        arn = str(target.get("Arn"))
        if ":sqs:" in arn and arn.endswith(".fifo") and not (target.get("SqsParameters") or {}).get("MessageGroupId"):
            raise Refused("ValidationException", f"The target {arn} is a FIFO queue, and SqsParameters has no MessageGroupId.", "E-15")
        self._check_role(scope, str(target.get("RoleArn")), group)

    def put(self, schedule: Schedule) -> None:
        """A schedule is there, or has changed."""
        self._plan(schedule, self._clock.now())

    def _plan(self, schedule: Schedule, after: float) -> None:
        moment = schedule.next_after(after)
        if moment is None or schedule.record.get("State", "ENABLED") != "ENABLED":
            return
        self._clock.at(moment, lambda: self._run(schedule, moment))

    def _run(self, schedule: Schedule, moment: float) -> None:
        if not self._is_current(schedule):
            return
        self._attempt(schedule, moment, 1, FIRST_WAIT)
        self._plan(schedule, moment)
        if is_once(schedule.record["ScheduleExpression"]) and schedule.record.get("ActionAfterCompletion") == "DELETE":
            self._completed(schedule)

    def _attempt(self, schedule: Schedule, scheduled: float, attempt: int, wait: float) -> None:
        self._count(schedule, "InvocationAttemptCount")
        reason = self._reason_against(schedule)
        execution = self._execution_id()
        text = _input(schedule, scheduled, attempt, execution)
        if reason is None:
            reason = self._send(schedule, text)
        if reason is None:
            return
        self._count(schedule, "TargetErrorCount")
        policy = schedule.target.get("RetryPolicy") or {}
        again = self._clock.now() + wait
        if attempt > policy.get("MaximumRetryAttempts", MOST_ATTEMPTS):
            self._give_up(schedule, scheduled, attempt, reason, "MaximumRetryAttempts", text, execution)
        elif again > scheduled + policy.get("MaximumEventAgeInSeconds", LONGEST_AGE):
            self._give_up(schedule, scheduled, attempt, reason, "MaximumEventAgeInSeconds", text, execution)
        else:
            longer = min(wait * 2, LONGEST_WAIT)
            self._clock.at(again, lambda: self._attempt(schedule, scheduled, attempt + 1, longer))

    def _reason_against(self, schedule: Schedule) -> Reason | None:
        arn = schedule.target["Arn"]
        if arn.split(":")[2] not in DELIVERED_TO:
            return Reason("NOT_SIMULATED", f"The simulator does not deliver to {arn}.", "E-6")
        found = self._world.destination(arn)
        if found is None:
            return Reason("ResourceNotFoundException", f"The target {arn} does not exist.", "E-10")
        return self._reason_against_destination(schedule, found)

    def _reason_against_destination(self, schedule: Schedule, found: Destination) -> Reason | None:
        action = ACTIONS[found.arn.split(":")[2]]
        sender = Sender(SCHEDULER, schedule.group_arn, schedule.scope)
        reason = reason_against_role(self._world, sender, found, action, schedule.target["RoleArn"])
        return reason and Reason("AccessDeniedException", reason.message, "E-8")

    def _give_up(
        self, schedule: Schedule, scheduled: float, attempt: int, reason: Reason, condition: str, text: str, execution: str
    ) -> None:
        self._count(schedule, "InvocationDroppedCount")
        queue = (schedule.target.get("DeadLetterConfig") or {}).get("Arn")
        against: Reason | None = None
        if queue:
            found = self._world.destination(queue)
            if found is None:
                against = Reason("ResourceNotFoundException", f"The dead-letter queue {queue} does not exist.", "E-13")
            else:
                against = self._reason_against_destination(schedule, found)
            if against is None:
                self._send_dead_letter(queue, text, _dead_letter(schedule, scheduled, attempt, reason, condition, execution))
            self._count(schedule, "InvocationsFailedToBeSentToDeadLetterCount" if against else "InvocationsSentToDeadLetterCount")
        self._lost(Lost(schedule, reason, queue, against))

    def _check_role(self, scope: Scope, role: str, group: str) -> None:
        trust = self._world.role(role)
        sender = Sender(SCHEDULER, f"arn:aws:scheduler:{scope.region}:{scope.account}:schedule-group/{group}", scope)
        if trust is None or self._world.decide_policy(trust, SCHEDULER, "sts:AssumeRole", role, sender.context) != "Allow":
            message = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
            raise Refused("ValidationException", message, "E-7")

    def _execution_id(self) -> str:
        self._number += 1
        return f"{self._number:016x}"

    def _count(self, schedule: Schedule, name: str) -> None:
        """By the group of the schedule (E-14)."""
        of = metric(schedule.scope, "AWS/Scheduler", name, {"ScheduleGroup": schedule.record["GroupName"]})
        self._metrics.put(of, self._clock.now(), value(1))


def _check_window(window: Mapping[str, Any]) -> None:
    mode, minutes = window.get("Mode"), window.get("MaximumWindowInMinutes")
    if mode not in ("OFF", "FLEXIBLE"):
        raise Refused("ValidationException", f"The mode of a flexible time window is OFF or FLEXIBLE, not {mode}.", "E-5")
    if mode == "FLEXIBLE" and not (isinstance(minutes, int) and 1 <= minutes <= 1440):
        raise Refused("ValidationException", f"A flexible time window has 1 to 1440 minutes, not {minutes}.", "E-5")


def _check_retries(policy: Mapping[str, Any]) -> None:
    for name, low, high in (("MaximumEventAgeInSeconds", 60, LONGEST_AGE), ("MaximumRetryAttempts", 0, MOST_ATTEMPTS)):
        number = policy.get(name, low)
        if not (isinstance(number, int) and low <= number <= high):
            raise Refused("ValidationException", f"{name} is from {low} to {high}, not {number}.", "E-9")


def _input(schedule: Schedule, scheduled: float, attempt: int, execution: str) -> str:
    """The target's input with its keywords filled in (E-3)."""
    text = schedule.target.get("Input") or "{}"
    for keyword, filled in {
        "schedule-arn": schedule.arn,
        "scheduled-time": _iso(scheduled),
        "execution-id": execution,
        "attempt-number": str(attempt),
    }.items():
        text = text.replace(f"<aws.scheduler.{keyword}>", filled)
    return str(text)


def _dead_letter(
    schedule: Schedule, scheduled: float, attempt: int, reason: Reason, condition: str, execution: str
) -> dict[str, str]:
    return {
        "ERROR_CODE": reason.code,
        "ERROR_MESSAGE": reason.message,
        "EXECUTION_ID": execution,
        "EXHAUSTED_RETRY_CONDITION": condition,
        "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": str(attempt - 1),
        "SCHEDULED_TIME": _iso(scheduled),
        "SCHEDULE_ARN": schedule.arn,
        "TARGET_ARN": schedule.target["Arn"],
    }


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
