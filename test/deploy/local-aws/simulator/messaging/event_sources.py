"""AWS Lambda takes messages from a queue for a function (E-20 to E-28)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping, Protocol, Sequence

from backup.errors import Refused
from signals.delivery import OVER_TLS, World, key_context
from signals.ports import Clock

LAMBDA = "lambda.amazonaws.com"
NEEDED = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
UNLIMITED = 5
"""How many batches run at a time without MaximumConcurrency: what AWS Lambda begins with (E-23)."""

LOOK_AGAIN = 60.0
"""After how many seconds a mapping whose role may not read the queue is tried again (E-22)."""


@dataclass(frozen=True)
class EventSource:
    """An event source mapping on a queue."""

    id: str
    queue: str
    function: str
    role: str
    batch_size: int
    concurrency: int = UNLIMITED
    reports_failures: bool = False


@dataclass(frozen=True)
class Message:
    """A message that was received, with what AWS Lambda tells of it."""

    id: str
    handle: str
    body: str
    md5: str
    attributes: Mapping[str, str]
    message_attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What became of a run: what the function answered, or that it failed."""

    failed: bool
    answer: Any = None


class Queues(Protocol):
    """The queues of all accounts."""

    def receive(self, queue: str, most: int) -> Sequence[Message]:
        """Takes visible messages, which are invisible for the queue's visibility timeout from then on."""

    def delete(self, queue: str, handles: Sequence[str]) -> None:
        """Removes messages that were received."""

    def next_visible(self, queue: str) -> float | None:
        """When the next message becomes visible, None if there is none."""


class EventSources:
    """Starts functions: `start(mapping, messages, ended)` lets one run elsewhere, and calls `ended(outcome)` from any thread."""

    def __init__(
        self,
        clock: Clock,
        world: World,
        queues: Queues,
        start: Callable[[EventSource, Sequence[Message], Callable[[Outcome], None]], None],
        said: Callable[[EventSource, str], None] = lambda mapping, result: None,
    ) -> None:
        self._clock = clock
        self._world = world
        self._queues = queues
        self._start = start
        self._said = said
        self._running: dict[str, int] = {}
        self._waiting: dict[str, float] = {}

    @property
    def is_busy(self) -> bool:
        """Whether a function works on messages. Time does not go far while it does (E-28)."""
        return bool(self._running)

    def look(self, mapping: EventSource, is_current: Callable[[], EventSource | None]) -> None:
        """Takes what is there. `is_current` gives the mapping as it is later, None if it is gone or disabled."""
        reason = self._reason_against(mapping)
        if reason is not None:
            self._said(mapping, reason)
            if self._queues.next_visible(mapping.queue) is not None:
                self._look_at(self._clock.now() + LOOK_AGAIN, mapping, is_current)
            return
        while self._running.get(mapping.id, 0) < mapping.concurrency:
            messages = self._queues.receive(mapping.queue, mapping.batch_size)
            if not messages:
                break
            self._run(mapping, messages, is_current)
        later = self._queues.next_visible(mapping.queue)
        if later is not None and later > self._clock.now():
            self._look_at(later, mapping, is_current)

    def _look_at(self, moment: float, mapping: EventSource, is_current: Callable[[], EventSource | None]) -> None:
        """Looks again at a time, unless that is going to happen before anyway."""
        planned = self._waiting.get(mapping.id)
        if planned is not None and self._clock.now() < planned <= moment:
            return
        self._waiting[mapping.id] = moment

        def again() -> None:
            self._waiting.pop(mapping.id, None)
            now = is_current()
            if now is not None:
                self.look(now, is_current)

        self._clock.at(moment, again)

    def _run(self, mapping: EventSource, messages: Sequence[Message], is_current: Callable[[], EventSource | None]) -> None:
        self._running[mapping.id] = self._running.get(mapping.id, 0) + 1

        def ended(outcome: Outcome) -> None:
            self._clock.at(self._clock.now(), lambda: finish(outcome))

        def finish(outcome: Outcome) -> None:
            left = failed_messages(mapping, messages, outcome)
            done = [message.handle for message in messages if message.id not in left]
            if done:
                self._queues.delete(mapping.queue, done)
            self._said(mapping, "OK" if not left else "FAILED")
            now = is_current()
            if now is not None:
                # Before this run is counted out, so that it never looks as if nothing were to be done.
                self._running[mapping.id] -= 1
                self.look(now, is_current)
                self._running[mapping.id] += 1
            self._running[mapping.id] -= 1
            if not self._running[mapping.id]:
                del self._running[mapping.id]

        self._start(mapping, messages, ended)

    def _reason_against(self, mapping: EventSource) -> str | None:
        for action in NEEDED:
            if not self._world.decide(mapping.role, action, mapping.queue, OVER_TLS):
                return f"PROBLEM: The function's role does not have the permission {action}. [E-22]"
        found = self._world.destination(mapping.queue)
        if found is None:
            return "PROBLEM: The queue does not exist. [E-22]"
        if found.key is None:
            return None
        key = self._world.key(found.key, *found.scope)
        if key is None or key.state != "Enabled":
            return "PROBLEM: The key of the queue can't be used. [E-22]"
        context = {**OVER_TLS, **key_context(found, mapping.role)}
        allowed = self._world.decide(mapping.role, "kms:Decrypt", key.arn, context)
        if not allowed or (key.policy is not None and self._world.decide_policy(key.policy, mapping.role, "kms:Decrypt", key.arn, context) != "Allow"):
            return "PROBLEM: The function's role does not have the permission kms:Decrypt on the key of the queue. [E-22]"
        return None


def check_mapping(world: World, role: str, queue: str, visibility_timeout: int, function_timeout: int, batch_size: int, window: int) -> None:
    """Refuses a mapping that AWS Lambda does not take."""
    if visibility_timeout < function_timeout:
        message = f"Queue visibility timeout: {visibility_timeout} seconds is less than Function timeout: {function_timeout} seconds"
        raise Refused("InvalidParameterValueException", message, "E-20")
    if not world.decide(role, "sqs:ReceiveMessage", queue, OVER_TLS):
        message = "The provided execution role does not have permissions to call ReceiveMessage on SQS"
        raise Refused("InvalidParameterValueException", message, "E-21")
    if batch_size > 10 and window < 1:
        message = "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
        raise Refused("InvalidParameterValueException", message, "E-24")


def failed_messages(mapping: EventSource, messages: Sequence[Message], outcome: Outcome) -> set[str]:
    """The ids of the messages that stay in the queue (E-25, E-26)."""
    everything = {message.id for message in messages}
    if outcome.failed:
        return everything
    if not mapping.reports_failures:
        return set()
    answer = outcome.answer
    if isinstance(answer, str):
        try:
            answer = json.loads(answer)
        except ValueError:
            return set() if answer == "" else everything
    if not answer:
        return set()
    if not isinstance(answer, Mapping):
        return everything
    failures = answer.get("batchItemFailures")
    if not failures:
        return set()
    if not isinstance(failures, list):
        return everything
    ids = {failure.get("itemIdentifier") if isinstance(failure, Mapping) else None for failure in failures}
    return ids if ids <= everything else everything  # type: ignore[return-value]
