"""Events and messages that nobody took: AWS drops them without a word, and here they can be looked at."""

from __future__ import annotations

import threading
from typing import Any, Callable


class Undelivered:
    """What was sent and did not arrive, with the reason."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._entries: list[dict[str, Any]] = []

    def add(self, account: str, region: str, target: str, reason: str, content: Any) -> None:
        """Keeps one that did not arrive at its target."""
        entry = {"time": self._now(), "account": account, "region": region, "target": target, "reason": reason, "content": content}
        with self._lock:
            self._entries.append(entry)

    def entries(self) -> list[dict[str, Any]]:
        """All of them, the oldest first."""
        with self._lock:
            return list(self._entries)
