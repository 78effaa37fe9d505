"""Reads what ministack's functions answer: a status, headers and a body."""

from __future__ import annotations

import json
import re
from typing import Any


class ServiceRefused(ValueError):
    """A service of ministack refuses. CloudFormation fails the resource with this text."""


def succeeded(answer: Any) -> Any:
    """The answer, unless it is a refusal."""
    if isinstance(answer, tuple) and isinstance(answer[0], int) and answer[0] >= 400:
        raise ServiceRefused(message_of(answer[2]))
    return answer


def message_of(body: bytes | str) -> str:
    """The code and the message of an error in JSON or XML."""
    text = body.decode() if isinstance(body, bytes) else body
    try:
        error = json.loads(text)
    except ValueError:
        found = [re.search(f"<{tag}>(.*?)</{tag}>", text, re.S) for tag in ("Code", "Message")]
        return ": ".join(match.group(1) for match in found if match) or text[:300]
    code = str(error.get("__type", "")).rsplit("#", 1)[-1]
    message = error.get("message") or error.get("Message") or text
    return f"{code}: {message}" if code else str(message)
