"""The parameters of a request, in AWS's member names: from the path, the query and the body."""

from __future__ import annotations

import datetime
from typing import Any, Mapping, Sequence


class NotReadable(Exception):
    """A value whose JSON type is not the one in AWS's model."""


def read_parameters(shape: Any, labels: Mapping[str, str], query: Mapping[str, Sequence[str]], body: Mapping[str, Any]) -> dict[str, Any]:
    """The members that the model knows. What it does not know is ignored, as AWS ignores it."""
    parameters: dict[str, Any] = {}
    for name, member in (shape.members.items() if shape else ()):
        wire_name = member.serialization.get("name", name)
        location = member.serialization.get("location")
        if location == "uri":
            parameters[name] = labels[wire_name]
        elif location == "querystring":
            if wire_name in query:
                parameters[name] = _from_text(query[wire_name], member)
        elif body.get(name) is not None:
            parameters[name] = read_value(body[name], member, name)
    return parameters


def read_value(value: Any, shape: Any, path: str) -> Any:
    """A JSON value as the model's type. No member of a body of AWS Backup has another name on the wire."""
    kind = shape.type_name
    if kind == "structure":
        _expect(isinstance(value, Mapping), path, "an object")
        return {
            name: read_value(value[name], member, f"{path}.{name}")
            for name, member in shape.members.items()
            if value.get(name) is not None
        }
    if kind == "list":
        _expect(isinstance(value, list), path, "an array")
        return [read_value(item, shape.member, f"{path}[{index}]") for index, item in enumerate(value)]
    if kind == "map":
        _expect(isinstance(value, Mapping), path, "an object")
        return {str(key): read_value(item, shape.value, f"{path}.{key}") for key, item in value.items() if item is not None}
    if kind == "boolean":
        _expect(isinstance(value, bool), path, "true or false")
        return value
    if kind in ("integer", "long"):
        _expect(isinstance(value, int) and not isinstance(value, bool), path, "a whole number")
        return value
    if kind in ("double", "float"):
        _expect(isinstance(value, (int, float)) and not isinstance(value, bool), path, "a number")
        return value
    if kind == "timestamp":
        return _seconds(value, path)
    _expect(isinstance(value, str), path, "a string")
    return value


def _from_text(values: Sequence[str], shape: Any) -> Any:
    """A value of the query string."""
    if shape.type_name == "list":
        return list(values)
    text = str(values[0])
    if shape.type_name in ("integer", "long"):
        _expect(text.lstrip("-").isdecimal(), shape.name, "a whole number")
        return int(text)
    if shape.type_name == "boolean":
        _expect(text in ("true", "false"), shape.name, "true or false")
        return text == "true"
    return _seconds(text, shape.name) if shape.type_name == "timestamp" else text


def _seconds(value: Any, path: str) -> float:
    """A time as seconds since 1970."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    _expect(isinstance(value, str), path, "a time")
    try:
        time = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError as problem:
        raise NotReadable(f"{path} is not a time: {value}") from problem
    return (time if time.tzinfo else time.replace(tzinfo=datetime.timezone.utc)).timestamp()


def _expect(holds: bool, path: str, what: str) -> None:
    if not holds:
        raise NotReadable(f"{path} is not {what}")
