"""When AWS Lambda takes messages from a queue, and which of them stay."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Callable, Sequence

import pytest
from backup.clock import Clock
from backup.errors import Refused
from messaging.event_sources import EventSource, EventSources, Message, Outcome, check_mapping, failed_messages
from signals.delivery import Destination, Key

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "signals"))
from signals_world import SmallWorld, allow  # noqa: E402

QUEUE = "arn:aws:sqs:eu-west-2:222222222222:captures"
ROLE = "arn:aws:iam::222222222222:role/function"
VISIBILITY, START = 120.0, 1_800_000_000.0


class Queue:
    """One queue with a visibility timeout."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.visible_at: dict[str, float] = {}

    def receive(self, queue: str, most: int) -> Sequence[Message]:
        ids = [id for id, moment in self.visible_at.items() if moment <= self._clock.now()][:most]
        for id in ids:
            self.visible_at[id] = self._clock.now() + VISIBILITY
        return [Message(id, f"handle-{id}", "{}", "", {}) for id in ids]

    def delete(self, queue: str, handles: Sequence[str]) -> None:
        for handle in handles:
            del self.visible_at[handle.removeprefix("handle-")]

    def next_visible(self, queue: str) -> float | None:
        return min(self.visible_at.values(), default=None)


class Aws:
    """A mapping, and runs that end when a test says so."""

    def __init__(self, **mapping: Any) -> None:
        self.clock = Clock(lambda: START)
        self.world = SmallWorld()
        self.world.permissions[ROLE] = [("sqs:*", QUEUE)]
        self.world.destinations = {QUEUE: Destination(QUEUE)}
        self.queue = Queue(self.clock)
        self.runs: list[tuple[float, list[str], Callable[[Outcome], None]]] = []
        self.said: list[str] = []
        self.mapping: EventSource | None = EventSource("m", QUEUE, "f", ROLE, **{"batch_size": 1, "concurrency": 2, "reports_failures": True, **mapping})
        self.sources = EventSources(self.clock, self.world, self.queue, self._start, lambda _, said: self.said.append(said))

    def _start(self, mapping: EventSource, messages: Sequence[Message], ended: Callable[[Outcome], None]) -> None:
        self.runs.append((self.clock.now() - START, [message.id for message in messages], ended))

    def send(self, *ids: str, delay: float = 0) -> None:
        for id in ids:
            self.queue.visible_at[id] = self.clock.now() + delay
        if self.mapping:
            self.sources.look(self.mapping, lambda: self.mapping)

    def end(self, index: int, answer: Any = None, failed: bool = False) -> None:
        self.runs[index][2](Outcome(failed, answer))
        self.clock.run_due()

    def forward(self, seconds: float) -> None:
        self.clock.advance_to(self.clock.now() + seconds)

    @property
    def started(self) -> list[tuple[float, list[str]]]:
        return [(moment, ids) for moment, ids, _ in self.runs]


def test_e20_a_queue_whose_messages_come_back_while_the_function_runs_is_refused() -> None:
    aws = Aws()
    with pytest.raises(Refused, match=r"Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds \[E-20\]"):
        check_mapping(aws.world, ROLE, QUEUE, 30, 60, 1, 0)


def test_e21_a_role_that_may_not_receive_is_refused() -> None:
    aws = Aws()
    aws.world.permissions[ROLE] = []
    with pytest.raises(Refused, match=r"does not have permissions to call ReceiveMessage on SQS \[E-21\]"):
        check_mapping(aws.world, ROLE, QUEUE, 60, 60, 1, 0)


def test_e22_a_role_that_loses_its_permission_gets_nothing_until_it_has_it_again() -> None:
    aws = Aws()
    aws.world.permissions[ROLE] = [("sqs:ReceiveMessage", QUEUE)]
    aws.send("a")
    assert aws.started == [] and "sqs:DeleteMessage" in aws.said[0]
    aws.world.permissions[ROLE] = [("sqs:*", QUEUE)]
    aws.forward(60)
    assert aws.started == [(60, ["a"])]


def test_e22_the_role_has_to_decrypt_what_it_receives() -> None:
    aws = Aws()
    key = "arn:aws:kms:eu-west-2:222222222222:key/k"
    aws.world.destinations[QUEUE] = Destination(QUEUE, key=key)
    aws.world.keys[key] = Key(key, "Enabled", allow("kms:*", {"AWS": "arn:aws:iam::222222222222:root"}), "CUSTOMER")
    aws.send("a")
    assert aws.started == []
    aws.world.permissions[ROLE].append(("kms:Decrypt", key))
    aws.send()
    assert aws.started == [(0, ["a"])]


def test_e22_the_key_sees_the_queue_that_it_is_used_through() -> None:
    aws = Aws()
    key = "arn:aws:kms:eu-west-2:222222222222:key/k"
    aws.world.destinations[QUEUE] = Destination(QUEUE, key=key)
    through = {"StringEquals": {"kms:ViaService": "sqs.eu-west-2.amazonaws.com"}}
    aws.world.keys[key] = Key(key, "Enabled", allow("kms:*", {"AWS": "arn:aws:iam::222222222222:root"}, through), "CUSTOMER")
    aws.world.permissions[ROLE].append(("kms:Decrypt", key))
    aws.send("a")
    assert aws.started == [(0, ["a"])]


def test_e23_no_more_run_at_a_time_than_allowed() -> None:
    aws = Aws()
    aws.send("a", "b", "c")
    assert aws.started == [(0, ["a"]), (0, ["b"])]
    aws.end(0)
    assert aws.started[2:] == [(0, ["c"])]


def test_e24_a_large_batch_needs_a_window() -> None:
    aws = Aws()
    with pytest.raises(Refused, match=r"\[E-24\]"):
        check_mapping(aws.world, ROLE, QUEUE, 60, 60, 11, 0)


def test_e25_what_a_failed_run_was_given_comes_back_after_the_visibility_timeout() -> None:
    aws = Aws()
    aws.send("a")
    aws.end(0, failed=True)
    aws.forward(VISIBILITY - 1)
    assert len(aws.started) == 1
    aws.forward(1)
    assert aws.started[1] == (VISIBILITY, ["a"])


def test_e25_what_a_run_that_succeeds_was_given_is_deleted() -> None:
    aws = Aws()
    aws.send("a")
    aws.end(0)
    aws.forward(1000)
    assert aws.queue.visible_at == {} and len(aws.started) == 1


ALL, NONE = {"a", "b"}, set[str]()


@pytest.mark.parametrize(("answer", "left"), [
    ({"batchItemFailures": [{"itemIdentifier": "b"}]}, {"b"}),
    ('{"batchItemFailures": [{"itemIdentifier": "b"}]}', {"b"}),
    ({"batchItemFailures": []}, NONE),
    ({"batchItemFailures": None}, NONE),
    ({}, NONE),
    (None, NONE),
    ("no JSON", ALL),
    ({"batchItemFailures": [{"itemIdentifier": ""}]}, ALL),
    ({"batchItemFailures": [{"itemIdentifier": None}]}, ALL),
    ({"batchItemFailures": [{"wrong": "b"}]}, ALL),
    ({"batchItemFailures": [{"itemIdentifier": "unknown"}]}, ALL),
])  # fmt: skip
def test_e26_messages_that_the_function_reports_stay(answer: Any, left: set[str]) -> None:
    mapping = EventSource("m", QUEUE, "f", ROLE, 10, reports_failures=True)
    messages = [Message(id, id, "", "", {}) for id in ("a", "b")]
    assert failed_messages(mapping, messages, Outcome(False, answer)) == left


def test_e26_without_reports_what_it_answers_does_not_matter() -> None:
    mapping = EventSource("m", QUEUE, "f", ROLE, 10)
    assert failed_messages(mapping, [Message("a", "a", "", "", {})], Outcome(False, {"batchItemFailures": [{"itemIdentifier": "a"}]})) == set()


def test_e27_a_delayed_message_is_taken_when_its_delay_is_over() -> None:
    aws = Aws()
    aws.send("a", delay=120)
    aws.forward(119)
    assert aws.started == []
    aws.forward(1)
    assert aws.started == [(120, ["a"])]


def test_e28_it_is_busy_until_nothing_is_left_to_do() -> None:
    aws = Aws(concurrency=1)
    aws.send("a", "b")
    assert aws.sources.is_busy
    aws.end(0)
    assert aws.sources.is_busy and len(aws.started) == 2
    aws.end(1)
    assert not aws.sources.is_busy


def test_e28_a_mapping_that_is_deleted_takes_nothing_more() -> None:
    aws = Aws(concurrency=1)
    aws.send("a", "b")
    aws.mapping = None
    aws.end(0)
    assert len(aws.started) == 1 and not aws.sources.is_busy
