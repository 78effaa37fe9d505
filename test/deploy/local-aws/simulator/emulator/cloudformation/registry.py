"""How a CloudFormation type is made known to ministack."""

from __future__ import annotations

from typing import Any, Callable, Mapping

from ministack.services.cloudformation import provisioners

Properties = Mapping[str, Any]
Created = tuple[str, dict[str, Any]]
"""The physical id (what Ref gives) and the attributes (what Fn::GetAtt gives)."""

Create = Callable[[str, dict[str, Any], str], Created]
"""(logical id, properties, name of the stack)."""

Update = Callable[[str, dict[str, Any], dict[str, Any], str, str], Created]
"""(physical id, old properties, new properties, name of the stack, logical id)."""

Delete = Callable[[str, dict[str, Any]], Any]
"""(physical id, properties)."""


def register(
    resource_type: str,
    create: Create,
    delete: Delete,
    update: Update | None = None,
    replacing: tuple[str, ...] = (),
    tags: tuple[str, str] | None = None,
) -> None:
    """Makes a type known.

    `replacing` are the properties whose change AWS documents as "Update requires: Replacement": CloudFormation makes a new
    resource, and deletes the old one at the end unless UpdateReplacePolicy keeps it. `tags` is the property that takes the tags
    of the stack, with its shape: ("Tags", "list") or ("Tags", "map").
    """
    handler: dict[str, Any] = {"create": create, "delete": delete}
    if update:
        handler.update(update=update, update_with_logical_id=True)
    provisioners._RESOURCE_HANDLERS[resource_type] = handler
    provisioners._REPLACING_PROPERTIES[resource_type] = replacing
    if tags:
        provisioners._STACK_TAG_PROPERTY[resource_type] = tags


def wrap(resource_type: str, create: Callable[[Create], Create] | None = None, update: Callable[[Any], Any] | None = None) -> None:
    """Puts something around the functions that ministack has for a type."""
    handler = provisioners._RESOURCE_HANDLERS[resource_type]
    if create:
        handler["create"] = create(handler["create"])
    if update:
        handler["update"] = update(handler["update"])


def set_up(resource_type: str, settings: Callable[[str, Properties], None]) -> None:
    """Gives a resource, when it is created and when it is updated, what ministack drops: `settings(physical id, properties)`."""

    def on_create(create: Create) -> Create:
        def created(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
            made = create(logical_id, properties, stack)
            settings(made[0], properties)
            return made

        return created

    def on_update(update: Any) -> Any:
        def updated(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> Created:
            made: Created = update(physical_id, old, new, *rest)
            settings(made[0], new)
            return made

        return updated

    wrap(resource_type, create=on_create, update=on_update)


def physical_name(stack: str, logical_id: str, longest: int) -> str:
    """The name that CloudFormation makes up."""
    return str(provisioners._physical_name(stack, logical_id, max_len=longest))


def tag_map(tags: Any) -> dict[str, str]:
    """Tags as a map, however the type writes them."""
    return dict(provisioners._tag_map(tags))


def removed(old: Properties, new: Properties, name: str) -> bool:
    """Whether an update leaves a property out."""
    return bool(old.get(name)) and not new.get(name)
