"""What can be asked of the local AWS that AWS does not have: the paths below /_local/."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Awaitable, Callable, Mapping


class BadRequest(Exception):
    """A request that is not understood."""


Answer = Callable[[Mapping[str, Any]], Any]


@dataclass
class LocalEndpoints:
    """Functions by method and name: `{("GET", "clock"): ...}`. A function may be a coroutine function."""

    functions: dict[tuple[str, str], Answer]

    async def answer(self, scope: Mapping[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
        """Answers a request in JSON."""
        status, content = await self._content(scope, receive)
        body = json.dumps(content).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _content(self, scope: Mapping[str, Any], receive: Callable[[], Awaitable[Any]]) -> tuple[int, Any]:
        name = scope["path"].removeprefix("/_local/").strip("/")
        function = self.functions.get((scope["method"], name))
        if function is None:
            return 404, {"message": f"There is no {scope['method']} /_local/{name}. There are: {self._names()}."}
        try:
            result = function(await _read(receive))
            return 200, await result if isinstance(result, Awaitable) else result
        except BadRequest as problem:
            return 400, {"message": str(problem)}

    def _names(self) -> str:
        return ", ".join(f"{method} /_local/{name}" for method, name in sorted(self.functions, key=lambda key: key[1]))


async def _read(receive: Callable[[], Awaitable[Any]]) -> dict[str, Any]:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    try:
        content = json.loads(body) if body else {}
    except ValueError as problem:
        raise BadRequest(f"The body is not JSON: {problem}.") from problem
    if not isinstance(content, dict):
        raise BadRequest("The body is not a JSON object.")
    return content
