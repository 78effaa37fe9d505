"""EventBridge Scheduler: ministack keeps schedules, here they run."""

from __future__ import annotations

import json
from typing import Any, Callable, Mapping

from backup.clock import Clock
from backup.errors import Refused
from messaging.schedules import Lost, Schedule, Schedules
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import eventbridge, scheduler
from signals.delivery import Reason
from signals.metrics import Metrics
from signals.ports import Scope

from emulator.destinations import Destinations
from emulator.queues import LocalQueues
from emulator.undelivered import Undelivered

MOST_LISTED = 100


class LocalSchedules:
    """The schedules of all accounts."""

    def __init__(self, clock: Clock, metrics: Metrics, destinations: Destinations, queues: LocalQueues, undelivered: Undelivered) -> None:
        self._clock = clock
        self._queues = queues
        self._undelivered = undelivered
        self._schedules = Schedules(
            clock, destinations, metrics, _is_current, self._send, self._send_dead_letter, self._lost, _completed
        )

    def install(self) -> None:
        """Takes the place of ministack's own runs, which go by the real time and ask for no permission."""
        scheduler._now = self._clock.now
        scheduler._tick_schedules = lambda: None
        scheduler._create_schedule = self._checked(scheduler._create_schedule)
        scheduler._update_schedule = self._checked(scheduler._update_schedule)
        scheduler._list_schedules = _list_schedules

    def _checked(self, put: Callable[[str, dict[str, Any]], Any]) -> Callable[[str, dict[str, Any]], Any]:
        def checked(name: str, body: dict[str, Any]) -> Any:
            scope, group = Scope(get_account_id(), get_region()), body.get("GroupName") or "default"
            if body.get("ScheduleExpression") and body.get("Target"):
                try:
                    self._schedules.check(scope, body, group)
                except Refused as refused:
                    return scheduler._error(400, refused.code, f"{refused.message} [{refused.statement}]")
            with self._clock.lock:
                answer = put(name, body)
                if answer[0] < 400:
                    record = scheduler._schedules[f"{group}/{name}"]
                    # Members that ministack does not know are kept as well.
                    record.update({member: value for member, value in body.items() if member not in record and member != "ClientToken"})
                    self._schedules.put(Schedule(scope, record))
            return answer

        return checked

    def _send(self, schedule: Schedule, text: str) -> Reason | None:
        arn = schedule.target["Arn"]
        parts = arn.split(":")
        with request_scope(parts[4], parts[3]):
            if parts[2] == "sqs":
                return self._queues.put(arn, text, {}, schedule.target.get("SqsParameters") or {})
            eventbridge._dispatch_to_lambda(arn, text)
        return None

    def _send_dead_letter(self, queue: str, text: str, attributes: Mapping[str, str]) -> None:
        parts = queue.split(":")
        with request_scope(parts[4], parts[3]):
            self._queues.put(queue, text, attributes, {})

    def _lost(self, lost: Lost) -> None:
        reason = f"{lost.reason.code}: {lost.reason.message} [{lost.reason.statement}]"
        if lost.dead_letter_reason:
            reason += f" Dead-letter queue: {lost.dead_letter_reason.message} [{lost.dead_letter_reason.statement}]"
        where = f"in {lost.dead_letter_queue}" if lost.dead_letter_queue and lost.dead_letter_reason is None else "nowhere"
        scope, content = lost.schedule.scope, {"schedule": lost.schedule.arn, "kept": where}
        self._undelivered.add(scope.account, scope.region, lost.schedule.target["Arn"], reason, content)


def _key(schedule: Schedule) -> str:
    return f"{schedule.record['GroupName']}/{schedule.record['Name']}"


def _is_current(schedule: Schedule) -> bool:
    """Whether it is neither deleted nor changed since it was put."""
    return scheduler._schedules.get_scoped(*schedule.scope, _key(schedule)) is schedule.record


def _completed(schedule: Schedule) -> None:
    with request_scope(*schedule.scope):
        scheduler._delete_schedule(schedule.record["Name"], {"groupName": schedule.record["GroupName"]})


def _list_schedules(query: Mapping[str, str]) -> Any:
    """Pages, which ministack does not make."""
    scheduler._ensure_default_group()
    found = [
        {**{name: record[name] for name in ("Arn", "Name", "GroupName", "State", "CreationDate", "LastModificationDate")}, "Target": {"Arn": record["Target"]["Arn"]}}
        for _, record in sorted(scheduler._schedules.items())
        if query.get("ScheduleGroup") in (None, record["GroupName"])
        and record["Name"].startswith(query.get("NamePrefix", ""))
        and query.get("State") in (None, record["State"])
    ]
    start, most = int(query.get("NextToken") or 0), int(query.get("MaxResults") or MOST_LISTED)
    page: dict[str, Any] = {"Schedules": found[start : start + most]}
    if len(found) > start + most:
        page["NextToken"] = str(start + most)
    return 200, {"Content-Type": "application/json"}, json.dumps(page).encode()
