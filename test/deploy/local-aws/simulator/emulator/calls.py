"""The log of the calls of the API: who called what, and what was answered."""

from __future__ import annotations

import collections
import threading
from typing import Any, Callable

from ministack import app
from ministack.core import iam_actions, iam_evaluator, router
from ministack.core.responses import get_account_id, get_region

from emulator.answers import message_of

KEPT = 20_000
"""How many calls are kept."""


class CallLog:
    """The newest calls."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._calls: collections.deque[dict[str, Any]] = collections.deque(maxlen=KEPT)

    def install(self) -> None:
        """Looks at every request that ministack hands to one of its services."""
        original = app._dispatch_service_request

        async def dispatch(method: str, path: str, headers: Any, body: bytes, query: Any, request_id: str) -> Any:
            call = self._call(method, path, headers, body, query)
            answer = await original(method, path, headers, body, query, request_id)
            call["status"] = answer[0]
            call["outcome"] = "OK" if answer[0] < 400 else _outcome(answer[2])
            self.add(call)
            return answer

        app._dispatch_service_request = dispatch

    def add(self, call: dict[str, Any]) -> None:
        """Keeps a call."""
        with self._lock:
            self._calls.append(call)

    def entries(self) -> list[dict[str, Any]]:
        """All that are kept, the oldest first."""
        with self._lock:
            return list(self._calls)

    def _call(self, method: str, path: str, headers: Any, body: bytes, query: Any) -> dict[str, Any]:
        parameters = app._routing_params(method, path, headers, body, query)
        service = router.detect_service(method, path, headers, parameters)
        action = iam_actions.extract_iam_action(service, method, path, headers, body, parameters)
        return {
            "time": self._now(),
            "account": get_account_id(),
            "region": get_region(),
            "principal": iam_evaluator.request_caller_arn(headers, query),
            "service": service,
            "action": (action or f"{service}:{method} {path}").split(":", 1)[1],
        }


def _outcome(body: Any) -> str:
    return message_of(body) if isinstance(body, (bytes, str)) and body else "refused"
