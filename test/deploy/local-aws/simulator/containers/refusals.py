"""The ways in which Amazon ECS and Application Auto Scaling say no."""

from __future__ import annotations

from backup.errors import Refused

CLIENT = "ClientException"
INVALID = "InvalidParameterException"


def client_error(message: str, statement: str) -> Refused:
    """What a client did that can't be done."""
    return Refused(CLIENT, message, statement)


def invalid(message: str, statement: str) -> Refused:
    """A parameter that can't have its value."""
    return Refused(INVALID, message, statement)
