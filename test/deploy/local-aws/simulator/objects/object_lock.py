"""Retention of objects: what a request has to have, and the condition keys that it gives (E-150 to E-156)."""

from __future__ import annotations

import math
from datetime import datetime, timezone
from typing import Any, Mapping
from xml.etree import ElementTree

from backup.errors import Refused

MODE, UNTIL = "x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date"
DAY = 86_400


def seconds(text: str) -> float:
    """A time as AWS writes it, in epoch seconds."""
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as problem:
        raise Refused("InvalidArgument", f"{text} is not a time.", "E-151") from problem
    return (found if found.tzinfo else found.replace(tzinfo=timezone.utc)).timestamp()


def check_put(headers: Mapping[str, str], has_default: bool, now: float) -> None:
    """Refuses an object whose retention can't be."""
    mode, until = headers.get(MODE), headers.get(UNTIL)
    if bool(mode) != bool(until):
        raise Refused("InvalidArgument", f"{UNTIL} and {MODE} must both be supplied", "E-151")
    if mode and mode not in ("GOVERNANCE", "COMPLIANCE"):
        raise Refused("InvalidArgument", "Unknown wormMode directive.", "E-151")
    if until and seconds(until) <= now:
        raise Refused("InvalidArgument", "The retain until date must be in the future!", "E-151")
    if (mode or has_default) and not _has_checksum(headers):
        message = "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters"
        raise Refused("InvalidRequest", message, "E-150")


def condition_keys(mode: str | None, until: str | None, now: float) -> dict[str, Any]:
    """What policies see of a retention. The remaining days are rounded up (E-153)."""
    keys: dict[str, Any] = {"s3:object-lock-mode": mode} if mode else {}
    if until:
        keys["s3:object-lock-retain-until-date"] = until
        keys["s3:object-lock-remaining-retention-days"] = str(max(0, math.ceil((seconds(until) - now) / DAY)))
    return keys


def retention_of(body: bytes) -> tuple[str | None, str | None]:
    """Mode and date of a request of PutObjectRetention."""
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return None, None
    found = {element.tag.rsplit("}", 1)[-1]: element.text for element in root.iter()}
    return found.get("Mode"), found.get("RetainUntilDate")


def default_until(default: Mapping[str, Any], now: float) -> str:
    """Until when the default retention of a bucket keeps an object that is written now. A year has 365 days."""
    days = int(default.get("Days") or 0) + 365 * int(default.get("Years") or 0)
    return datetime.fromtimestamp(now + days * DAY, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _has_checksum(headers: Mapping[str, str]) -> bool:
    named = any(name.startswith("x-amz-checksum-") and name != "x-amz-checksum-mode" for name in headers)
    return named or "content-md5" in headers or "x-amz-checksum-" in headers.get("x-amz-trailer", "")
