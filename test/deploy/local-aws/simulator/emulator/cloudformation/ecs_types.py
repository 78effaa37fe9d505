"""Properties of AWS::ECS::Service that ministack drops: how its tasks would get tags."""

from __future__ import annotations

from typing import Any

from ministack.services import ecs

from emulator.cloudformation.registry import Create, Created, Properties, wrap


def install() -> None:
    """Puts them around the type."""
    wrap("AWS::ECS::Service", create=_create_with_tags, update=_update_with_tags)


def _create_with_tags(create: Create) -> Create:
    def made(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        created = create(logical_id, properties, stack)
        _set_up(created[0], properties)
        return created

    return made


def _update_with_tags(update: Any) -> Any:
    def updated(physical_id: str, old: dict[str, Any], new: dict[str, Any], stack: str) -> Created:
        result: Created = update(physical_id, old, new, stack)
        _set_up(result[0], new)
        return result

    return updated


def _set_up(arn: str, properties: Properties) -> None:
    for key, record in ecs._services.items():
        if arn.endswith(f"/{key}"):
            record["enableECSManagedTags"] = str(properties.get("EnableECSManagedTags", False)).lower() == "true"
            record["propagateTags"] = properties.get("PropagateTags", "NONE")
