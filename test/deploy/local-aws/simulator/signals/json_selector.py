"""Property selectors of filter patterns: `$.a.b[0]`, `$.['a.b']`, `$.a[*]` (S-72)."""

from __future__ import annotations

import functools
import json
import re
from typing import Any

from .rejected import Rejected


class _Missing:
    """What a selector finds where there is no such property."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()
_PART = re.compile(r"\.?\['(?P<quoted>[^']*)'\]|\[(?P<index>\d+|\*)\]|\.(?P<name>[\w*-]+)")


@functools.lru_cache(maxsize=64)
def content_of(message: str) -> Any:
    """The JSON of a message, None if it is none. All filters of a log group read the same message, and change nothing in it."""
    try:
        return json.loads(message)
    except ValueError:
        return None


class Selector:
    """Finds values in a JSON object."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._parts: list[str | int | None] = []
        position = 1
        while position < len(text):
            match = _PART.match(text, position)
            if not text.startswith("$") or match is None:
                raise Rejected(f"Invalid selector {text}.", "S-72")
            index, name = match.group("index"), match.group("name")
            if "*" in (index, name):
                self._parts.append(None)
            elif name is not None and "*" in name:
                raise Rejected(f"Invalid selector {text}.", "S-72")
            elif index is not None:
                self._parts.append(int(index))
            else:
                self._parts.append(name if name is not None else match.group("quoted"))
            position = match.end()
        if not self._parts:
            raise Rejected(f"Invalid selector {text}.", "S-72")
        if self._parts.count(None) > 1:
            raise Rejected(f"A selector has at most one wildcard: {text}.", "S-71")

    @property
    def has_wildcard(self) -> bool:
        """Whether it may find more than one value."""
        return None in self._parts

    def values(self, content: Any) -> list[Any]:
        """The values it finds; MISSING where there is none."""
        found = [content]
        for part in self._parts:
            found = [value for one in found for value in _step(one, part)]
        return found or [MISSING]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Selector) and other._parts == self._parts

    def __hash__(self) -> int:
        return hash(tuple(self._parts))


def _step(value: Any, part: str | int | None) -> list[Any]:
    if part is None:
        return list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, list) else []
    if isinstance(part, int):
        return [value[part]] if isinstance(value, list) and part < len(value) else []
    return [value[part]] if isinstance(value, dict) and part in value else []
