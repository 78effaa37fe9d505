"""Lists in pages (B-3)."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from .checks import between
from .errors import INVALID_PARAMETER, Refused

Params = Mapping[str, Any]

TIMES_OF_JOBS = {
    "CreationDate": ("ByCreatedAfter", "ByCreatedBefore"),
    "CompletionDate": ("ByCompleteAfter", "ByCompleteBefore"),
}
"""The filters by time that the lists of all jobs have, for `fits`."""


def page(member: str, items: Sequence[Any], params: Params) -> dict[str, Any]:
    """The items from NextToken on, MaxResults at most, and the token of the rest."""
    size = params.get("MaxResults")
    if size is not None:
        between("MaxResults", size, 1, 1000, "B-3")
    first = 0
    if (token := params.get("NextToken")) is not None:
        if not str(token).isdigit() or int(token) >= len(items):
            raise Refused(INVALID_PARAMETER, f"Invalid NextToken: {token}.", "B-3")
        first = int(token)
    last = first + (size or 1000)
    answer: dict[str, Any] = {member: list(items[first:last])}
    if last < len(items):
        answer["NextToken"] = str(last)
    return answer


def fits(item: Mapping[str, Any], params: Params, equal: Mapping[str, str], times: Mapping[str, tuple[str, str]]) -> bool:
    """Whether an item passes the filters of a call.

    `equal` maps the name of a filter to a member, `times` the names of the filters "after" and "before" likewise.
    """
    for filter_name, member in equal.items():
        wanted = params.get(filter_name)
        if wanted is not None and item.get(member) != wanted:
            return False
    for member, (after, before) in times.items():
        value = item.get(member)
        if params.get(after) is not None and (value is None or value <= params[after]):
            return False
        if params.get(before) is not None and (value is None or value >= params[before]):
            return False
    return True
