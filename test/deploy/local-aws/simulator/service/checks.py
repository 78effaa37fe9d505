"""Checks parameters against AWS's model: required members, enumerations, patterns, lengths and ranges."""

from __future__ import annotations

import re
from typing import Any, Iterator, Mapping


def missing_members(parameters: Mapping[str, Any], shape: Any, path: str = "") -> list[str]:
    """The required members that are not there."""
    return list(_missing(parameters, shape, path)) if shape else []


def violations(parameters: Mapping[str, Any], shape: Any) -> list[str]:
    """What does not hold, in the words that AWS's services have for it."""
    return list(_violations(parameters, shape, "", False)) if shape else []


def _missing(value: Any, shape: Any, path: str) -> Iterator[str]:
    if shape.type_name == "structure":
        for name in shape.required_members:
            if name not in value:
                yield f"{path}.{name}".lstrip(".")
    for member, member_shape, member_path in _members(value, shape, path):
        yield from _missing(member, member_shape, member_path)


def _violations(value: Any, shape: Any, path: str, is_key: bool) -> Iterator[str]:
    for rule in _broken_rules(value, shape, is_key):
        yield f"Value '{value}' at '{path.lstrip('.')}' failed to satisfy constraint: {rule}"
    if shape.type_name == "map":
        for key in value:
            yield from _violations(key, shape.key, f"{path}.{key}", True)
    for member, member_shape, member_path in _members(value, shape, path):
        yield from _violations(member, member_shape, member_path, False)


def _broken_rules(value: Any, shape: Any, is_key: bool) -> Iterator[str]:
    lowest, highest = shape.metadata.get("min"), shape.metadata.get("max")
    if shape.type_name in ("integer", "long"):
        if lowest is not None and value < lowest:
            yield f"Member must have value greater than or equal to {lowest}"
        if highest is not None and value > highest:
            yield f"Member must have value less than or equal to {highest}"
        return
    if shape.type_name in ("string", "list", "map"):
        if lowest is not None and len(value) < lowest:
            yield f"Member must have length greater than or equal to {lowest}"
        if highest is not None and len(value) > highest:
            yield f"Member must have length less than or equal to {highest}"
    if shape.type_name == "string":
        enumeration = getattr(shape, "enum", None)
        if enumeration and value not in enumeration:
            yield f"Member must satisfy enum value set: [{', '.join(enumeration)}]"
        # Keys of maps are left out: the map of resource types has a pattern that "SAP HANA on Amazon EC2", which AWS documents, breaks.
        pattern = shape.metadata.get("pattern")
        if pattern and not is_key and not _matches(pattern, value):
            yield f"Member must satisfy regular expression pattern: {pattern}"


def _matches(pattern: str, value: str) -> bool:
    """Whether a value fits a pattern. One that Python can't read, such as `\\p{L}`, is met by everything."""
    try:
        return re.fullmatch(pattern, value) is not None
    except re.error:
        return True


def _members(value: Any, shape: Any, path: str) -> Iterator[tuple[Any, Any, str]]:
    """What is in a value, with its shape and its path."""
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if name in value:
                yield value[name], member, f"{path}.{name}"
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            yield item, shape.member, f"{path}.{index + 1}.member"
    elif shape.type_name == "map":
        for key, item in value.items():
            yield item, shape.value, f"{path}.{key}"
