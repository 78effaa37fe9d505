"""Serves the local AWS on its socket until it is told to end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import tempfile
import threading
from typing import Any

from hypercorn.asyncio import serve as hypercorn_serve
from hypercorn.config import Config
from ministack import app as ministack_app
from ministack.core import lambda_runtime, tls

from emulator.ending import end_at_once
from emulator.local_aws import LocalAws
from emulator.settings import Settings
from emulator.used_names import installed_version

TICK_SECONDS = 0.02
"""How often what is due is looked at while time runs at its own speed."""

FORCED_AFTER_SECONDS = 5.0
"""How long an orderly end may take: a function that waits for an answer would hold it up for minutes."""


def serve(local_aws: LocalAws, settings: Settings, listener: socket.socket) -> int:
    """Serves, and gives the exit code."""
    port = listener.getsockname()[1]
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.keep_alive_timeout = 75
    config.loglevel = settings.log_level
    config.graceful_timeout = 1
    if settings.tls:
        config.certfile, config.keyfile = tls.resolve_tls_material()
    # Not asyncio.run: it waits for worker threads, and one that waits for the answer of a custom resource waits for minutes.
    loop = asyncio.new_event_loop()
    loop.run_until_complete(_serve(local_aws, settings, config, port))
    return 0


async def _serve(local_aws: LocalAws, settings: Settings, config: Config, port: int) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    forced = threading.Timer(FORCED_AFTER_SECONDS, end_at_once)
    forced.daemon = True

    def end() -> None:
        if not ended.is_set():
            forced.start()
            ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    if settings.end_with_stdin:
        threading.Thread(target=_when_stdin_ends, args=(loop, end), daemon=True, name="stdin").start()
    application = _Application(local_aws, lambda: _say_ready(settings, config, port))
    ticker = asyncio.create_task(_tick(local_aws))
    try:
        await hypercorn_serve(application, config, shutdown_trigger=ended.wait)
    finally:
        ticker.cancel()
        lambda_runtime.reset()
        forced.cancel()


class _Application:
    """ministack's application, with the paths below /_local/ in front of it."""

    def __init__(self, local_aws: LocalAws, ready: Any) -> None:
        self._local_aws = local_aws
        self._ready = ready

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await ministack_app.app(scope, receive, self._announcing(send))
        elif scope["type"] == "http" and scope["path"].startswith("/_local/"):
            await self._local_aws.endpoints.answer(scope, receive, send)
        else:
            await ministack_app.app(scope, receive, send)

    def _announcing(self, send: Any) -> Any:
        async def announce(message: Any) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                self._ready()

        return announce


def _say_ready(settings: Settings, config: Config, port: int) -> None:
    print(
        json.dumps(
            {
                "endpoint": f"{settings.scheme}://127.0.0.1:{port}",
                "port": port,
                "pid": os.getpid(),
                "ministack": installed_version(),
                "certificate": config.certfile,
                "folder": tempfile.gettempdir(),
            }
        ),
        flush=True,
    )


async def _tick(local_aws: LocalAws) -> None:
    """Does what is due, again and again. Something that goes wrong is said and does not stop the clock."""
    while True:
        try:
            local_aws.tick()
        except Exception as problem:  # noqa: BLE001
            print(f"The clock met a problem: {problem!r}", file=sys.stderr)
        await asyncio.sleep(TICK_SECONDS)


def _when_stdin_ends(loop: asyncio.AbstractEventLoop, end: Any) -> None:
    while sys.stdin.buffer.read(4096):
        pass
    loop.call_soon_threadsafe(end)
