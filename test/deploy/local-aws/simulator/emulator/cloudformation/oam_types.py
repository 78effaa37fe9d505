"""AWS::Oam::Sink. ministack has nothing of CloudWatch's Observability Access Manager: the sink is kept, and no account links to it."""

from __future__ import annotations

from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region, new_uuid

from emulator.answers import ServiceRefused
from emulator.cloudformation.registry import Created, Properties, register

sinks = AccountRegionScopedDict()


def install() -> None:
    """Makes the type known."""
    register("AWS::Oam::Sink", _create, _delete, _update, ("Name",), ("Tags", "map"))


def _create(logical_id: str, properties: Properties, stack: str) -> Created:
    if len(sinks):
        raise ServiceRefused("ConflictException: An account has one sink in each Region.")
    arn = f"arn:aws:oam:{get_region()}:{get_account_id()}:sink/{new_uuid()}"
    sinks[arn] = _record(arn, properties)
    return arn, {"Arn": arn}


def _update(physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
    sinks[physical_id] = _record(physical_id, new)
    return physical_id, {"Arn": physical_id}


def _delete(physical_id: str, properties: Properties) -> None:
    sinks.pop(physical_id, None)


def _record(arn: str, properties: Properties) -> dict[str, Any]:
    return {"Arn": arn, "Name": properties["Name"], "Policy": properties.get("Policy"), "Tags": properties.get("Tags", {})}
