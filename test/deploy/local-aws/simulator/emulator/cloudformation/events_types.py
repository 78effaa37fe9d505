"""AWS::Events::EventBusPolicy, and what AWS checks when a rule is made."""

from __future__ import annotations

import json
from typing import Any

from ministack.services import eventbridge

from emulator.answers import ServiceRefused, succeeded
from emulator.cloudformation.registry import Create, Created, Properties, register, wrap

LONGEST_PATTERN = 2048
MOST_TARGETS = 5


def install() -> None:
    """Makes the type known, and checks rules."""
    replacing = ("EventBusName", "StatementId")
    register("AWS::Events::EventBusPolicy", _create_policy, _delete_policy, _update_policy, replacing)
    wrap("AWS::Events::Rule", create=_checked_create, update=_checked_update)


def _create_policy(logical_id: str, properties: Properties, stack: str) -> Created:
    bus = properties.get("EventBusName", "default")
    if bus != "default" and bus not in eventbridge._event_buses:
        raise ServiceRefused(f"ResourceNotFoundException: Event bus {bus} does not exist.")
    statement = properties.get("Statement") or {}
    chosen = {name: statement.get(name, properties.get(name)) for name in ("Principal", "Action", "Condition")}
    given = {name: value for name, value in chosen.items() if value}
    succeeded(eventbridge._put_permission({"EventBusName": bus, "StatementId": properties["StatementId"], **given}))
    return f"{bus}|{properties['StatementId']}", {}


def _update_policy(physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
    return _create_policy(logical_id, new, stack)


def _delete_policy(physical_id: str, properties: Properties) -> None:
    bus, statement = physical_id.split("|")
    eventbridge._remove_permission({"EventBusName": bus, "StatementId": statement})


def _checked_create(create: Create) -> Create:
    def checked(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        _check_rule(properties)
        return create(logical_id, properties, stack)

    return checked


def _checked_update(update: Any) -> Any:
    def checked(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> Created:
        _check_rule(new)
        updated: Created = update(physical_id, old, new, *rest)
        return updated

    return checked


def _check_rule(properties: Properties) -> None:
    pattern = properties.get("EventPattern")
    if pattern:
        text = pattern if isinstance(pattern, str) else json.dumps(pattern, separators=(",", ":"))
        error = eventbridge._event_pattern_error(text)
        if error:
            raise ServiceRefused(f"InvalidEventPatternException: {error}")
        if len(text) > LONGEST_PATTERN:
            raise ServiceRefused(f"Event pattern has {len(text)} characters, and {LONGEST_PATTERN} are allowed.")
    targets = properties.get("Targets") or []
    if len(targets) > MOST_TARGETS:
        raise ServiceRefused(f"LimitExceededException: A rule has at most {MOST_TARGETS} targets, and there are {len(targets)}.")
    for target in targets:
        refusal = eventbridge._validate_target_arn(target)
        if refusal:
            succeeded(refusal)
    eventbridge._ensure_default_bus()
    bus = eventbridge._event_bus_name_from_ref(properties.get("EventBusName", "default"))[0]
    if bus not in eventbridge._event_buses:
        raise ServiceRefused(f"ResourceNotFoundException: Event bus {bus} does not exist.")
