"""Queues in simulated time, and what AWS checks when their messages are encrypted."""

from __future__ import annotations

import contextvars
import json
import time
from typing import Any, Callable, Mapping, Sequence

from backup.clock import Clock
from messaging.event_sources import Message
from ministack import app
from ministack.core import concurrency, iam_evaluator
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import sqs
from signals.delivery import Reason

from emulator import identities, keys
from emulator.simulated_time import SimulatedTime

ADOPTED = "_InQueue"
"""The member of a message whose times are simulated: the queue that it is in."""

KEY_ACTIONS = {
    "SendMessage": ("kms:GenerateDataKey", "kms:Decrypt"),
    "SendMessageBatch": ("kms:GenerateDataKey", "kms:Decrypt"),
    "ReceiveMessage": ("kms:Decrypt",),
}
"""What the caller of an operation needs of the key of a queue (E-29)."""


class LocalQueues:
    """The queues of ministack, and whoever wants to know that a message has come."""

    def __init__(self, clock: Clock, used: Callable[[str], None]) -> None:
        self._clock = clock
        self._used = used
        self._listeners: list[Callable[[], None]] = []

    def install(self) -> None:
        """Delays, visibility timeouts and retention go by the simulated time."""
        sqs.time = SimulatedTime(self._clock.now)
        wake = concurrency.esm_wake.set

        def woken() -> None:
            new = self._adopt()
            for listener in self._listeners:
                self._clock.at(self._clock.now(), listener)
            for queue in new:
                # Measured when whoever waits for messages has taken them.
                self._clock.at(self._clock.now(), lambda arn=queue: self._used(arn))  # type: ignore[misc]
            wake()

        # Whoever puts a message into a queue of ministack calls this, and so does ChangeMessageVisibility.
        concurrency.esm_wake.set = woken  # type: ignore[method-assign]
        dispatch = sqs._dispatch

        async def checked_dispatch(action: str, data: dict[str, Any], url: str) -> Any:
            _check_key(action, data.get("QueueUrl") or url)
            _check_attributes(action, data, url)
            return await dispatch(action, data, url)

        sqs._dispatch = checked_dispatch

    def listen(self, listener: Callable[[], None]) -> None:
        """Tells the listener, soon, that there may be a message to take."""
        self._listeners.append(listener)

    def put(self, arn: str, text: str, attributes: Mapping[str, str], parameters: Mapping[str, Any]) -> Reason | None:
        """A message of a service, which a FIFO queue drops if it has just had the same (E-35). Gives why the queue does not take it (E-34)."""
        message = {
            "MessageBody": text,
            "MessageAttributes": {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()},
            "MessageGroupId": parameters.get("MessageGroupId"),
        }
        with self._clock.lock:
            try:
                contextvars.copy_context().run(_send, message, _url_of(arn))
            except sqs._Err as problem:
                return Reason(problem.code, problem.message, "E-34")
        return None

    def receive(self, queue: str, most: int) -> Sequence[Message]:
        """Takes visible messages. Those that were received too often go to the dead-letter queue first."""
        with self._clock.lock, _scope_of(queue):
            self._adopt()
            found = sqs._queue_by_arn(queue)
            return [_message(message) for message in sqs._receive_messages_for_esm(found["url"], most)] if found else []

    def delete(self, queue: str, handles: Sequence[str]) -> None:
        """Removes messages."""
        with self._clock.lock, _scope_of(queue):
            found = sqs._queue_by_arn(queue)
            if found:
                sqs._delete_messages_for_esm(found["url"], set(handles))

    def next_visible(self, queue: str) -> float | None:
        """When the next message can be received. What waits for another one of its group can't be before that is visible again (E-34)."""
        with self._clock.lock:
            self._adopt()
            found, now = sqs._queue_by_arn(queue), self._clock.now()
            messages = found["messages"] if found else []
            busy = {message.get("group_id") for message in messages if found["is_fifo"] and _is_in_flight(message, now)}
            ready = (message for message in messages if message.get("group_id") not in busy or _is_in_flight(message, now))
            return min((message["visible_at"] for message in ready), default=None)

    def visibility_timeout(self, queue: str) -> int | None:
        """Of a queue, None if there is none."""
        found = sqs._queue_by_arn(queue)
        return int(found["attributes"].get("VisibilityTimeout", 30)) if found else None

    def _adopt(self) -> list[str]:
        """Gives the queues with new messages. Other services of ministack put them with the real time, which becomes the simulated time."""
        now, ahead, new = self._clock.now(), self._clock.now() - time.time(), []
        for _, queue in sqs._queues.all_items():
            arn = queue["attributes"]["QueueArn"]
            for message in queue["messages"]:
                before, message[ADOPTED] = message.get(ADOPTED), arn
                if before != arn:
                    new.append(arn)
                sent = message.get("sent_at", 0.0)
                if before is None and sent + ahead / 2 < now:
                    # It was put just now.
                    message["visible_at"] = now + message.get("visible_at", sent) - sent
                    message["sent_at"] = now
                    message.setdefault("sys", {})["SentTimestamp"] = str(int(now * 1000))
        return new


def check_redrive(is_fifo: bool, policy: Any) -> None:
    """Refuses a dead-letter queue of the other type."""
    try:
        arn = (json.loads(policy) if isinstance(policy, str) else policy)["deadLetterTargetArn"]
    except (ValueError, KeyError, TypeError):
        return  # ministack refuses it
    found = sqs._queue_by_arn(arn)
    if found is not None and found["is_fifo"] != is_fifo:
        message = f"Value {policy} for parameter RedrivePolicy is invalid. Reason: Dead-letter queue must be same type of queue as the source."
        raise sqs._Err("InvalidParameterValue", f"{message} [E-36]")


def _check_attributes(action: str, data: Mapping[str, Any], url: str) -> None:
    policy = (data.get("Attributes") or {}).get("RedrivePolicy")
    if policy and action == "CreateQueue":
        check_redrive(str(data.get("QueueName")).endswith(".fifo"), policy)
    elif policy and action == "SetQueueAttributes":
        check_redrive(sqs._get_q(data.get("QueueUrl") or url)["is_fifo"], policy)


def _is_in_flight(message: Mapping[str, Any], now: float) -> bool:
    return bool(message.get("receive_count")) and message["visible_at"] > now


def _send(message: Mapping[str, Any], url: str) -> None:
    """As a service: whether it may was decided before, and not by who has caused it."""
    iam_evaluator._request_caller_arn.set("")
    app.pin_request_origin("", True)
    sqs._act_send_message(message, url)


def _url_of(arn: str) -> str:
    found = sqs._queue_by_arn(arn)
    return str(found["url"]) if found else arn


def _message(record: Mapping[str, Any]) -> Message:
    return Message(
        id=record["id"],
        handle=record["receipt_handle"],
        body=record["body"],
        md5=record["md5_body"],
        attributes=sqs._build_sys_attrs(record, ["All"]),
        message_attributes=record["message_attributes"],
    )


def _scope_of(arn: str) -> Any:
    parts = arn.split(":")
    return request_scope(parts[4], parts[3])


def _check_key(action: str, url: str) -> None:
    """The caller needs the key of an encrypted queue as well."""
    if action not in KEY_ACTIONS or not app.AUTH:
        return
    queue = sqs._get_q(url)
    name = queue["attributes"].get("KmsMasterKeyId")
    if not name:
        return
    arn = queue["attributes"]["QueueArn"]
    parts = arn.split(":")
    key = keys.find_key(name, parts[4], parts[3])
    caller = iam_evaluator.caller_arn()
    if key is None or key.state != "Enabled":
        raise sqs._Err("KmsDisabled" if key else "KmsNotFound", f"The key {name} of the queue can't be used. [E-29]")
    context = {
        "kms:ViaService": f"sqs.{get_region()}.amazonaws.com",
        "kms:CallerAccount": get_account_id(),
        "kms:EncryptionContext:aws:sqs:arn": arn,
        "kms:ResourceAliases": keys.aliases_of(key.arn),
    }
    for needed in KEY_ACTIONS[action]:
        is_of_aws = key.manager == "AWS"
        allowed = identities.decide(caller, needed, key.arn, context) if is_of_aws else keys.may_use(caller, needed, key, context)
        if not allowed:
            raise sqs._Err("KmsAccessDenied", f"User: {caller} is not authorized to perform: {needed} on resource: {key.arn} [E-29]")
