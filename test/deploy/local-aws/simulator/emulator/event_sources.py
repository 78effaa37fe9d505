"""Event source mappings on queues: ministack keeps them, here they take messages and run functions."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from backup.clock import Clock
from backup.errors import Refused
from messaging.event_sources import UNLIMITED, EventSource, EventSources, Message, Outcome, check_mapping
from ministack import app
from ministack.core import concurrency
from ministack.core.responses import error_response_json, request_scope
from ministack.services import lambda_svc
from signals.ports import Scope

from emulator.destinations import Destinations
from emulator.queues import LocalQueues
from emulator.simulated_time import SimulatedTime
from emulator.undelivered import Undelivered


class LocalEventSources:
    """The mappings of all accounts."""

    def __init__(self, clock: Clock, destinations: Destinations, queues: LocalQueues, undelivered: Undelivered) -> None:
        self._clock = clock
        self._queues = queues
        self._destinations = destinations
        self._undelivered = undelivered
        self._sources = EventSources(clock, destinations, queues, self._start, self._said)

    @property
    def is_busy(self) -> bool:
        """Whether a function works on messages."""
        return self._sources.is_busy

    def install(self) -> None:
        """Takes the place of ministack's own polling of queues, which goes by the real time."""
        lambda_svc.time = SimulatedTime(self._clock.now)
        lambda_svc._poll_sqs = lambda: False
        self._queues.listen(self.look)
        create, update = lambda_svc._create_esm, lambda_svc._update_esm

        def created(data: dict[str, Any]) -> Any:
            refusal = self._refusal(data)
            answer = refusal or create(data)
            if refusal is None and answer[0] < 400:
                self.look()
            return answer

        def updated(esm_id: str, data: dict[str, Any]) -> Any:
            answer = update(esm_id, data)
            self.look()
            return answer

        lambda_svc._create_esm, lambda_svc._update_esm = created, updated

    def look(self) -> None:
        """Looks into the queue of each mapping."""
        for (account, region, esm_id), record in lambda_svc._esms.all_items():
            source = _source(Scope(account, region), record)
            if source is not None:
                self._sources.look(source, lambda a=account, r=region, i=esm_id: _source(Scope(a, r), lambda_svc._esms.get_scoped(a, r, i)))

    def check(self, properties: Mapping[str, Any]) -> None:
        """Refuses a mapping that AWS Lambda does not take, in the account and region that are being served."""
        queue = str(properties.get("EventSourceArn", ""))
        visible = self._queues.visibility_timeout(queue) if ":sqs:" in queue else None
        name, qualifier, refusal = lambda_svc._resolve_existing_esm_function(str(properties.get("FunctionName", "")))
        if visible is None or refusal:
            return
        _, config = lambda_svc._get_func_record_for_qualifier(name, qualifier)
        batch, window = int(properties.get("BatchSize", 10)), int(properties.get("MaximumBatchingWindowInSeconds", 0))
        # Without authorization nobody is asked for permissions.
        world: Any = self._destinations if app.AUTH else _Everything()
        check_mapping(world, config["Role"], queue, visible, int(config.get("Timeout") or 3), batch, window)

    def _refusal(self, data: Mapping[str, Any]) -> Any:
        try:
            self.check(data)
        except Refused as refused:
            return error_response_json(refused.code, f"{refused.message} [{refused.statement}]", 400)
        return None

    def _start(self, source: EventSource, messages: Sequence[Message], ended: Any) -> None:
        account, region = source.queue.split(":")[4], source.queue.split(":")[3]
        event = {"Records": [_record(source, message, region) for message in messages]}

        def run() -> None:
            outcome = Outcome(failed=True)
            try:
                with request_scope(account, region):
                    outcome = self._run(source, event)
            finally:
                ended(outcome)

        concurrency.spawn_background(run, thread_name="event-source")

    def _run(self, source: EventSource, event: dict[str, Any]) -> Outcome:
        func, config = lambda_svc._get_func_record_for_qualifier(*lambda_svc._resolve_existing_esm_function(source.function)[:2])
        if not func:
            return Outcome(failed=True)
        begun = lambda_svc.time.time()
        result = lambda_svc._execute_function_with_config_scope(lambda_svc._execution_record_for_config(func, config), event)
        failed = bool(result.get("error") or result.get("throttle"))
        milliseconds = (lambda_svc.time.time() - begun) * 1000
        lambda_svc._emit_lambda_metrics(config["FunctionName"], duration_ms=milliseconds, error=failed, throttle=bool(result.get("throttle")))
        return Outcome(failed, result.get("body"))

    def _said(self, source: EventSource, result: str) -> None:
        parts = source.queue.split(":")
        record = lambda_svc._esms.get_scoped(parts[4], parts[3], source.id)
        if record is None:
            return
        if result.startswith("PROBLEM") and record["LastProcessingResult"] != result:
            self._undelivered.add(parts[4], parts[3], source.function, result, {"queue": source.queue})
        record["LastProcessingResult"] = result


class _Everything:
    """Policies that allow everything."""

    def decide(self, *_: Any) -> bool:
        return True


def _source(scope: Scope, record: Mapping[str, Any] | None) -> EventSource | None:
    """The mapping of a record, if it is an enabled one on a queue and its function exists."""
    if record is None or not record.get("Enabled", True) or ":sqs:" not in record["EventSourceArn"]:
        return None
    with request_scope(*scope):
        func, config = lambda_svc._get_func_record_for_qualifier(record["FunctionName"], record.get("Qualifier"))
    if not func:
        return None
    return EventSource(
        id=record["UUID"],
        queue=record["EventSourceArn"],
        function=record["FunctionArn"],
        role=config["Role"],
        batch_size=int(record.get("BatchSize", 10)),
        concurrency=int((record.get("ScalingConfig") or {}).get("MaximumConcurrency") or UNLIMITED),
        reports_failures="ReportBatchItemFailures" in (record.get("FunctionResponseTypes") or []),
    )


def _record(source: EventSource, message: Message, region: str) -> dict[str, Any]:
    """A message as a function gets it."""
    return {
        "messageId": message.id,
        "receiptHandle": message.handle,
        "body": message.body,
        "attributes": dict(message.attributes),
        "messageAttributes": lambda_svc._sqs_message_attributes_to_camel_case(message.message_attributes),
        "md5OfBody": message.md5,
        "eventSource": "aws:sqs",
        "eventSourceARN": source.queue,
        "awsRegion": region,
    }
