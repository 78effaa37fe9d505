"""Properties of CloudFormation as the members of an API: the first letter is small, numbers and booleans are not texts, nothing is left out."""

from __future__ import annotations

from typing import Any, Mapping


def members_of(value: Any, shape: Any, renamed: Mapping[str, str] | None = None) -> Any:
    """A property as the API has it. What the API's model does not know goes through as it is, under a name that begins with a small letter."""
    kind = shape.type_name if shape is not None else ""
    if isinstance(value, Mapping):
        if kind == "map":
            return {key: members_of(item, shape.value, renamed) for key, item in value.items()}
        known = {name.lower(): name for name in shape.members} if kind == "structure" else {}
        result = {}
        for key, item in value.items():
            name = (renamed or {}).get(_small(key), _small(key))
            name = known.get(name.lower(), name)
            result[name] = members_of(item, shape.members.get(name) if known else None, renamed)
        return result
    if isinstance(value, list):
        return [members_of(item, shape.member if kind == "list" else None, renamed) for item in value]
    return _typed(value, kind)


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


def _typed(value: Any, kind: str) -> Any:
    if kind in ("integer", "long") and isinstance(value, (str, float)):
        return int(float(value))
    if kind in ("double", "float") and isinstance(value, (str, int)) and not isinstance(value, bool):
        return float(value)
    if kind == "boolean" and isinstance(value, str):
        return value.lower() == "true"
    return str(value) if kind == "string" and isinstance(value, (int, float)) and not isinstance(value, bool) else value
