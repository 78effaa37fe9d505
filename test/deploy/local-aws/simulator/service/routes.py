"""Which operation a request is: method and path against AWS's model of the service."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Any, Mapping

import botocore.session

_LABEL = re.compile(r"\{(\w+)\+?\}")


@functools.cache
def service_model() -> Any:
    """AWS's model of AWS Backup."""
    return botocore.session.Session().get_service_model("backup")


@functools.cache
def operation_names() -> tuple[str, ...]:
    """The operations of AWS Backup."""
    return tuple(service_model().operation_names)


@functools.cache
def operation(name: str) -> Any:
    """The model of an operation."""
    return service_model().operation_model(name)


@dataclass(frozen=True)
class Route:
    """A method and a path, and the operation that they are."""

    method: str
    path: re.Pattern[str]
    literal_characters: int
    operation: Any


@functools.cache
def _routes() -> tuple[Route, ...]:
    """All routes, those that say more in their path before those that say less."""
    routes = [_route(operation(name)) for name in operation_names()]
    return tuple(sorted(routes, key=lambda route: -route.literal_characters))


def _route(model: Any) -> Route:
    uri = model.http["requestUri"].split("?")[0].rstrip("/")
    shapes = {
        member.serialization.get("name", name): member
        for name, member in (model.input_shape.members.items() if model.input_shape else ())
        if member.serialization.get("location") == "uri"
    }
    pattern, end = "", 0
    for label in _LABEL.finditer(uri):
        # The path arrives decoded: an ARN in it has slashes of its own.
        value = ".+?" if "arn" in shapes[label.group(1)].name.lower() else "[^/]+"
        pattern += f"{re.escape(uri[end:label.start()])}(?P<{label.group(1)}>{value})"
        end = label.end()
    pattern += re.escape(uri[end:])
    return Route(model.http["method"], re.compile(pattern), len(_LABEL.sub("", uri)), model)


def find_route(method: str, path: str) -> tuple[Any, Mapping[str, str]] | None:
    """The operation of a request and the values in its path."""
    path = path.rstrip("/")  # not a part of the ARN that "/tags/{resourceArn}/" ends with
    for route in _routes():
        match = route.path.fullmatch(path) if route.method == method else None
        if match:
            return route.operation, match.groupdict()
    return None
