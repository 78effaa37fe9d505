"""Properties of AWS::ECS::Service that ministack drops: how its tasks would get tags."""

from __future__ import annotations

from ministack.services import ecs

from emulator.cloudformation.registry import Properties, set_up


def install() -> None:
    """Puts them around the type."""
    set_up("AWS::ECS::Service", _set_tags)


def _set_tags(arn: str, properties: Properties) -> None:
    for key, record in ecs._services.items():
        if arn.endswith(f"/{key}"):
            record["enableECSManagedTags"] = str(properties.get("EnableECSManagedTags", False)).lower() == "true"
            record["propagateTags"] = properties.get("PropagateTags", "NONE")
