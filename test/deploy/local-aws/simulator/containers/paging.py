"""Lists in pages (E-52)."""

from __future__ import annotations

from typing import Any, Sequence

from .refusals import invalid
from .state import Params


def page(member: str, items: Sequence[Any], params: Params, default: int = 100, most: int = 100) -> dict[str, Any]:
    """The items from nextToken on, maxResults at most, and the token of the rest."""
    size = params.get("maxResults", default)
    if not isinstance(size, int) or not 1 <= size <= most:
        raise invalid(f"maxResults is from 1 to {most}, not {size}.", "E-52")
    token = params.get("nextToken")
    if token is not None and not (str(token).isdigit() and int(token) < len(items)):
        raise invalid("Invalid token.", "E-52")
    first = int(token or 0)
    answer: dict[str, Any] = {member: list(items[first : first + size])}
    if first + size < len(items):
        answer["nextToken"] = str(first + size)
    return answer
