"""Checks of the members of a call."""

from __future__ import annotations

import re
from typing import Any, Mapping

from .errors import INVALID_PARAMETER, MISSING_PARAMETER, Refused

VAULT_NAME = re.compile(r"[a-zA-Z0-9_-]{2,50}")
NAME = re.compile(r"[a-zA-Z0-9_.-]{1,50}")


def required(params: Mapping[str, Any], *names: str) -> None:
    """Refuses a call without one of its required members (B-1)."""
    for name in names:
        if params.get(name) is None:
            raise Refused(MISSING_PARAMETER, f"{name} is required.", "B-1")


def vault_name(name: str) -> None:
    if not isinstance(name, str) or not VAULT_NAME.fullmatch(name):
        raise Refused(INVALID_PARAMETER, f"Invalid backup vault name: {name}.", "B-10")


def name_of(what: str, name: str, statement: str) -> None:
    """Names of plans, rules and selections."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise Refused(INVALID_PARAMETER, f"Invalid {what}: {name}.", statement)


def between(what: str, value: Any, low: int, high: int, statement: str) -> None:
    """Refuses a number outside of its range."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Refused(INVALID_PARAMETER, f"{what} must be between {low} and {high}, not {value}.", statement)


def windows(start: int | None, completion: int | None, completion_name: str) -> None:
    """The start and the completion window of a rule or of an on-demand job."""
    if start is not None:
        between("StartWindowMinutes", start, 60, 52_560_000, "B-59")
    if completion is not None:
        between(completion_name, completion, 1, 52_560_000, "B-60")
