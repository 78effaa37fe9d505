"""What EventBridge Scheduler refuses, delivers, tries again and gives up."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Mapping

import pytest
from backup.clock import Clock
from backup.errors import Refused
from messaging.schedules import Lost, Schedule, Schedules
from signals.delivery import Destination, Key, Reason
from signals.metrics import Metrics, metric
from signals.ports import Scope

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "signals"))
from signals_world import SmallWorld, allow, service  # noqa: E402

SCOPE = Scope("222222222222", "eu-west-2")
ROLE = "arn:aws:iam::222222222222:role/schedules"
QUEUE = "arn:aws:sqs:eu-west-2:222222222222:captures"
DEAD = "arn:aws:sqs:eu-west-2:222222222222:dead"
GROUP = "arn:aws:scheduler:eu-west-2:222222222222:schedule-group/default"
START = datetime(2026, 3, 1, tzinfo=timezone.utc).timestamp()
DAY = 86_400


class Aws:
    """Schedules in a small world."""

    def __init__(self) -> None:
        self.clock = Clock(lambda: START)
        self.world = SmallWorld()
        self.world.trust[ROLE] = allow("sts:AssumeRole", service("scheduler.amazonaws.com"), {"StringEquals": {"aws:SourceArn": GROUP, "aws:SourceAccount": SCOPE.account}})
        self.world.permissions[ROLE] = [("sqs:SendMessage", QUEUE), ("sqs:SendMessage", DEAD)]
        self.world.destinations = {QUEUE: Destination(QUEUE), DEAD: Destination(DEAD)}
        self.metrics = Metrics()
        self.sent: list[tuple[float, str]] = []
        self.dead: list[tuple[float, str, Mapping[str, str]]] = []
        self.lost: list[Lost] = []
        self.completed: list[Schedule] = []
        self.gone: set[str] = set()
        self.refusal: Reason | None = None
        self.schedules = Schedules(
            self.clock, self.world, self.metrics, lambda schedule: schedule.record["Name"] not in self.gone,
            lambda schedule, text: self.refusal or self.sent.append((self.clock.now(), text)),
            lambda queue, text, attributes: self.dead.append((self.clock.now(), text, attributes)),
            self.lost.append, self.completed.append,
        )

    def put(self, **changes: Any) -> Schedule:
        target = {"Arn": QUEUE, "RoleArn": ROLE, "Input": "{}", **changes.pop("Target", {})}
        record = {
            "Arn": "arn:aws:scheduler:eu-west-2:222222222222:schedule/default/daily", "Name": "daily", "GroupName": "default",
            "ScheduleExpression": "cron(0 5 * * ? *)", "ScheduleExpressionTimezone": "UTC", "FlexibleTimeWindow": {"Mode": "OFF"},
            "State": "ENABLED", "CreationDate": START, "Target": target, **changes,
        }
        self.schedules.check(SCOPE, record, "default")
        schedule = Schedule(SCOPE, record)
        self.schedules.put(schedule)
        return schedule

    def forward(self, seconds: float) -> None:
        self.clock.advance_to(self.clock.now() + seconds)

    def count(self, name: str) -> float | None:
        return self.metrics.read(metric(SCOPE, "AWS/Scheduler", name, {"ScheduleGroup": "default"}), 0, int(START + 400 * DAY), "Sum")


@pytest.fixture
def aws() -> Aws:
    return Aws()


def test_e4_it_runs_at_each_of_its_times(aws: Aws) -> None:
    aws.put()
    aws.forward(3 * DAY)
    assert [moment - START for moment, _ in aws.sent] == [5 * 3600, DAY + 5 * 3600, 2 * DAY + 5 * 3600]


def test_e4_a_disabled_one_and_one_that_is_deleted_do_not_run(aws: Aws) -> None:
    aws.put(State="DISABLED")
    aws.forward(DAY)
    aws.put()
    aws.gone.add("daily")
    aws.forward(3 * DAY)
    assert aws.sent == []


def test_e4_it_runs_between_its_start_and_its_end(aws: Aws) -> None:
    aws.put(StartDate=START + DAY, EndDate=START + 3 * DAY)
    aws.forward(9 * DAY)
    assert [moment - START for moment, _ in aws.sent] == [DAY + 5 * 3600, 2 * DAY + 5 * 3600]


def test_e4_a_one_time_schedule_is_deleted_if_it_says_so(aws: Aws) -> None:
    schedule = aws.put(ScheduleExpression="at(2026-03-02T00:00:00)", ActionAfterCompletion="DELETE")
    aws.forward(5 * DAY)
    assert len(aws.sent) == 1 and aws.completed == [schedule]


def test_e3_keywords_in_the_input_are_filled_in(aws: Aws) -> None:
    keywords = {name: f"<aws.scheduler.{name}>" for name in ("schedule-arn", "scheduled-time", "execution-id", "attempt-number")}
    aws.put(Target={"Input": json.dumps(keywords)})
    aws.forward(DAY)
    filled = json.loads(aws.sent[0][1])
    assert len(filled.pop("execution-id")) == 16
    assert filled == {
        "schedule-arn": "arn:aws:scheduler:eu-west-2:222222222222:schedule/default/daily",
        "scheduled-time": "2026-03-01T05:00:00Z",
        "attempt-number": "1",
    }


@pytest.mark.parametrize("window", [{}, {"Mode": "SOMETIMES"}, {"Mode": "FLEXIBLE"}, {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 1441}])
def test_e5_a_window_that_is_none_is_refused(aws: Aws, window: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=r"\[E-5\]"):
        aws.put(FlexibleTimeWindow=window)


def test_e5_in_a_flexible_window_it_runs_at_its_beginning(aws: Aws) -> None:
    aws.put(FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 60})
    aws.forward(DAY)
    assert aws.sent[0][0] - START == 5 * 3600


def test_e6_a_task_that_it_would_run_is_noted(aws: Aws) -> None:
    aws.put(Target={"Arn": "arn:aws:ecs:eu-west-2:222222222222:cluster/main", "RetryPolicy": {"MaximumRetryAttempts": 0}})
    aws.forward(DAY)
    assert [lost.reason.statement for lost in aws.lost] == ["E-6"]


@pytest.mark.parametrize("condition", [
    {"StringEquals": {"aws:SourceArn": "arn:aws:scheduler:eu-west-2:222222222222:schedule/default/daily"}},
    {"StringEquals": {"aws:SourceAccount": "333333333333"}},
])  # fmt: skip
def test_e7_a_role_that_it_can_not_assume_is_refused(aws: Aws, condition: dict[str, Any]) -> None:
    aws.world.trust[ROLE] = allow("sts:AssumeRole", service("scheduler.amazonaws.com"), condition)
    with pytest.raises(Refused, match=r"must allow AWS EventBridge Scheduler to assume the role\. \[E-7\]"):
        aws.put()


def test_e8_a_role_that_may_not_send_delivers_nothing(aws: Aws) -> None:
    aws.world.permissions[ROLE] = []
    aws.put(Target={"RetryPolicy": {"MaximumRetryAttempts": 0}})
    aws.forward(DAY)
    assert aws.sent == [] and [(lost.reason.code, lost.reason.statement) for lost in aws.lost] == [("AccessDeniedException", "E-8")]


def test_e8_the_key_of_an_encrypted_queue_has_to_let_the_role_in(aws: Aws) -> None:
    key = "arn:aws:kms:eu-west-2:222222222222:key/k"
    aws.world.destinations[QUEUE] = Destination(QUEUE, key=key)
    aws.world.keys[key] = Key(key, "Enabled", allow("kms:*", {"AWS": "arn:aws:iam::222222222222:root"}), "CUSTOMER")
    aws.put()
    aws.forward(6 * 3600)
    assert aws.sent == []
    aws.world.permissions[ROLE] += [("kms:*", key)]
    aws.forward(DAY)
    assert len(aws.sent) == 2


def test_e8_the_key_sees_the_queue_that_it_is_used_through(aws: Aws) -> None:
    key = "arn:aws:kms:eu-west-2:222222222222:key/k"
    aws.world.destinations[QUEUE] = Destination(QUEUE, key=key)
    aws.world.permissions[ROLE] += [("kms:*", key)]
    through = {"StringEquals": {"kms:ViaService": "sqs.eu-west-2.amazonaws.com", "kms:EncryptionContext:aws:sqs:arn": QUEUE}}
    aws.world.keys[key] = Key(key, "Enabled", allow("kms:*", {"AWS": "arn:aws:iam::222222222222:root"}, through), "CUSTOMER")
    aws.put()
    aws.forward(DAY)
    assert len(aws.sent) == 1


@pytest.mark.parametrize("policy", [{"MaximumEventAgeInSeconds": 59}, {"MaximumEventAgeInSeconds": 86_401}, {"MaximumRetryAttempts": 186}])
def test_e9_retries_outside_of_their_bounds_are_refused(aws: Aws, policy: dict[str, int]) -> None:
    with pytest.raises(Refused, match=r"\[E-9\]"):
        aws.put(Target={"RetryPolicy": policy})


def test_e10_a_target_that_is_gone_gets_nothing(aws: Aws) -> None:
    del aws.world.destinations[QUEUE]
    aws.put(Target={"RetryPolicy": {"MaximumRetryAttempts": 0}})
    aws.forward(DAY)
    assert [lost.reason.statement for lost in aws.lost] == ["E-10"]


def test_e11_it_is_tried_again_until_it_is_delivered(aws: Aws) -> None:
    aws.world.permissions[ROLE] = []
    aws.put(Target={"Input": "<aws.scheduler.scheduled-time> <aws.scheduler.attempt-number>"})
    aws.forward(5 * 3600 + 200)
    aws.world.permissions[ROLE] = [("sqs:SendMessage", QUEUE)]
    aws.forward(3600)
    assert [text for _, text in aws.sent] == ["2026-03-01T05:00:00Z 4"]


def test_e11_it_is_given_up_when_the_event_is_too_old(aws: Aws) -> None:
    aws.world.permissions[ROLE] = [("sqs:SendMessage", DEAD)]
    aws.put(Target={"RetryPolicy": {"MaximumEventAgeInSeconds": 600}, "DeadLetterConfig": {"Arn": DEAD}})
    aws.forward(DAY)
    [(moment, _, attributes)] = aws.dead
    assert moment - START <= 5 * 3600 + 600
    assert (attributes["EXHAUSTED_RETRY_CONDITION"], attributes["RETRY_ATTEMPTS"]) == ("MaximumEventAgeInSeconds", "3")


def test_e12_a_fifo_queue_for_dead_letters_is_refused(aws: Aws) -> None:
    with pytest.raises(Refused, match=r"\[E-12\]"):
        aws.put(Target={"DeadLetterConfig": {"Arn": DEAD + ".fifo"}})


def test_e13_a_dead_letter_says_what_was_to_be_sent_and_why_it_was_not(aws: Aws) -> None:
    aws.world.permissions[ROLE] = [("sqs:SendMessage", DEAD)]
    aws.put(Target={"Input": "what", "RetryPolicy": {"MaximumRetryAttempts": 0}, "DeadLetterConfig": {"Arn": DEAD}})
    aws.forward(DAY)
    [(_, text, attributes)] = aws.dead
    assert text == "what"
    assert {name: value for name, value in attributes.items() if name not in ("ERROR_MESSAGE", "EXECUTION_ID")} == {
        "ERROR_CODE": "AccessDeniedException",
        "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
        "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": "0",
        "SCHEDULED_TIME": "2026-03-01T05:00:00Z",
        "SCHEDULE_ARN": "arn:aws:scheduler:eu-west-2:222222222222:schedule/default/daily",
        "TARGET_ARN": QUEUE,
    }


def test_e13_without_permission_for_the_dead_letter_queue_it_is_lost(aws: Aws) -> None:
    aws.world.permissions[ROLE] = []
    aws.put(Target={"RetryPolicy": {"MaximumRetryAttempts": 0}, "DeadLetterConfig": {"Arn": DEAD}})
    aws.forward(DAY)
    assert aws.dead == [] and aws.lost[0].dead_letter_reason is not None


def test_e14_attempts_failures_and_dead_letters_are_counted(aws: Aws) -> None:
    aws.world.permissions[ROLE] = [("sqs:SendMessage", DEAD)]
    aws.put(Target={"RetryPolicy": {"MaximumRetryAttempts": 1}, "DeadLetterConfig": {"Arn": DEAD}})
    aws.forward(DAY)
    names = ("InvocationAttemptCount", "TargetErrorCount", "InvocationDroppedCount", "InvocationsSentToDeadLetterCount")
    assert [aws.count(name) for name in names] == [2, 2, 1, 1]


@pytest.mark.parametrize("parameters", [{}, {"SqsParameters": {}}])
def test_e15_a_target_that_is_a_fifo_queue_needs_a_message_group(aws: Aws, parameters: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=r"SqsParameters has no MessageGroupId\. \[E-15\]"):
        aws.put(Target={"Arn": f"{QUEUE}.fifo", **parameters})
    aws.put(Target={"Arn": f"{QUEUE}.fifo", "SqsParameters": {"MessageGroupId": "daily"}})


def test_e15_what_the_target_does_not_take_is_a_failed_attempt(aws: Aws) -> None:
    aws.refusal = Reason("InvalidParameterValue", "The queue should have ContentBasedDeduplication enabled.", "E-34")
    aws.put(Target={"RetryPolicy": {"MaximumRetryAttempts": 2}, "DeadLetterConfig": {"Arn": DEAD}})
    aws.forward(DAY)
    assert aws.count("TargetErrorCount") == 3 and aws.sent == []
    assert [attributes["ERROR_CODE"] for _, _, attributes in aws.dead] == ["InvalidParameterValue"]
