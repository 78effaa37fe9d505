"""AWS::Scheduler::Schedule and AWS::Lambda::EventSourceMapping with every property, and AWS::SQS::Queue, checked as their APIs check them."""

from __future__ import annotations

from typing import Any

from ministack.services import lambda_svc, scheduler
from backup.errors import Refused

from emulator.answers import ServiceRefused, succeeded
from emulator.cloudformation.registry import Create, Created, Properties, physical_name, register, wrap
from emulator.event_sources import LocalEventSources
from emulator.queues import check_redrive

SCHEDULE, MAPPING, QUEUE = "AWS::Scheduler::Schedule", "AWS::Lambda::EventSourceMapping", "AWS::SQS::Queue"
NUMBERS = ("BatchSize", "MaximumBatchingWindowInSeconds", "MaximumConcurrency", "MaximumEventAgeInSeconds", "MaximumRetryAttempts", "MaximumWindowInMinutes")


def install(event_sources: LocalEventSources) -> None:
    """Makes the first type known, and puts checks around the others."""
    register(SCHEDULE, _create_schedule, _delete_schedule, _update_schedule, ("Name", "GroupName"))

    def on_create(create: Create) -> Create:
        def created(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
            typed = numbers(properties)
            try:
                event_sources.check(typed)
            except Refused as refused:
                raise ServiceRefused(f"{refused.code}: {refused.message} [{refused.statement}]") from refused
            made = create(logical_id, typed, stack)
            _complete(made[0], typed)
            event_sources.look()
            return made

        return created

    def on_update(update: Any) -> Any:
        def updated(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> Created:
            made: Created = update(physical_id, numbers(old), numbers(new), *rest)
            _complete(made[0], numbers(new))
            event_sources.look()
            return made

        return updated

    wrap(MAPPING, create=on_create, update=on_update)
    wrap(QUEUE, create=_checked_queue, update=_checked_update_of_queue)


def _checked_queue(create: Create) -> Create:
    def created(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        _check_queue(properties)
        return create(logical_id, properties, stack)

    return created


def _checked_update_of_queue(update: Any) -> Any:
    def updated(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> Created:
        _check_queue(new)
        made: Created = update(physical_id, old, new, *rest)
        return made

    return updated


def _check_queue(properties: Properties) -> None:
    if properties.get("RedrivePolicy"):
        check_redrive(str(properties.get("FifoQueue", False)).lower() == "true", properties["RedrivePolicy"])


def _complete(mapping: str, properties: Properties) -> None:
    """Members that ministack drops. A mapping that is disabled says so."""
    record = lambda_svc._esms[mapping]
    record.update({name: value for name, value in properties.items() if name not in record and name != "Tags"})
    record["Enabled"] = str(properties.get("Enabled", True)).lower() == "true"
    record["State"] = "Enabled" if record["Enabled"] else "Disabled"


def numbers(value: Any, name: str = "") -> Any:
    """Numbers that a template writes as strings."""
    if isinstance(value, dict):
        return {key: numbers(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [numbers(item) for item in value]
    return int(value) if name in NUMBERS and isinstance(value, (str, float)) else value


def _create_schedule(logical_id: str, properties: Properties, stack: str) -> Created:
    name = properties.get("Name") or physical_name(stack, logical_id, 64)
    succeeded(scheduler._create_schedule(name, _request(properties)))
    return name, {"Arn": scheduler._schedule_arn(properties.get("GroupName", "default"), name)}


def _update_schedule(physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
    succeeded(scheduler._update_schedule(physical_id, _request(new)))
    return physical_id, {"Arn": scheduler._schedule_arn(new.get("GroupName", "default"), physical_id)}


def _delete_schedule(physical_id: str, properties: Properties) -> None:
    scheduler._delete_schedule(physical_id, {"groupName": properties.get("GroupName", "default")})


def _request(properties: Properties) -> dict[str, Any]:
    return dict(numbers({name: value for name, value in properties.items() if name != "Name"}))
