"""When recovery points move to cold storage and when they end."""

from __future__ import annotations

from typing import Any, Mapping

from .checks import between
from .errors import INVALID_PARAMETER, Refused
from .times import DAY

Lifecycle = dict[str, Any]
MEMBERS = ("MoveToColdStorageAfterDays", "DeleteAfterDays", "OptInToArchiveForSupportedResources")


def days(lifecycle: Mapping[str, Any] | None, member: str) -> int | None:
    """A number of days, None for never: left out or -1 (B-57, B-58)."""
    value = (lifecycle or {}).get(member)
    return None if value is None or value == -1 else value


def retention(lifecycle: Mapping[str, Any] | None) -> int | None:
    """After how many days it ends, None for never."""
    return days(lifecycle, "DeleteAfterDays")


def check(lifecycle: Mapping[str, Any] | None) -> None:
    """Refuses a lifecycle that AWS Backup does not accept."""
    cold, end = days(lifecycle, "MoveToColdStorageAfterDays"), retention(lifecycle)
    for member, value in (("MoveToColdStorageAfterDays", cold), ("DeleteAfterDays", end)):
        if value is not None:
            between(member, value, 1, 36_500, "B-57")
    if too_close(lifecycle):
        raise Refused(
            INVALID_PARAMETER,
            f"Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart from MoveToColdStorageAfterDays: {end}, {cold}.",
            "B-56",
        )


def too_close(lifecycle: Mapping[str, Any] | None) -> bool:
    """Whether less than 90 days are left in cold storage (B-56)."""
    cold, end = days(lifecycle, "MoveToColdStorageAfterDays"), retention(lifecycle)
    return cold is not None and end is not None and end < cold + 90


def stored(lifecycle: Mapping[str, Any] | None) -> Lifecycle:
    """What is kept of a lifecycle: its members that were given."""
    return {member: lifecycle[member] for member in MEMBERS if lifecycle and lifecycle.get(member) is not None}


def of_copy(wanted: Mapping[str, Any] | None, source: Mapping[str, Any]) -> Lifecycle:
    """The lifecycle of a copy: what it does not say is that of its source (B-166)."""
    if not wanted:
        return stored(source)
    lifecycle = stored(wanted)
    if retention(wanted) is None:
        lifecycle.pop("DeleteAfterDays", None)
        if source.get("DeleteAfterDays") is not None:
            lifecycle["DeleteAfterDays"] = source["DeleteAfterDays"]
    return lifecycle


def calculated(lifecycle: Mapping[str, Any], created: float, cold_allowed: bool) -> dict[str, float]:
    """The dates that follow from the creation date (B-168, B-190), without cold storage where there is none (B-141)."""
    dates = {}
    cold, end = days(lifecycle, "MoveToColdStorageAfterDays"), retention(lifecycle)
    if cold is not None and cold_allowed:
        dates["MoveToColdStorageAt"] = created + cold * DAY
    if end is not None:
        dates["DeleteAt"] = created + end * DAY
    return dates
