"""The processes that ministack starts, so that none of them outlives it."""

from __future__ import annotations

import contextlib
import subprocess
import time
import weakref
from typing import Any, Iterator

_started: "weakref.WeakSet[subprocess.Popen[Any]]" = weakref.WeakSet()


class _Tracked(subprocess.Popen):  # type: ignore[type-arg]
    """A process that is remembered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _started.add(self)


@contextlib.contextmanager
def track_children() -> Iterator[None]:
    """Remembers every process that is started meanwhile, and ends those that still run at the end."""
    original = subprocess.Popen
    subprocess.Popen = _Tracked  # type: ignore[misc]
    try:
        yield
    finally:
        subprocess.Popen = original  # type: ignore[misc]
        end_children()


def end_children(grace_seconds: float = 0.5) -> None:
    """Asks the processes to end, and ends those by force that do not."""
    running = [process for process in list(_started) if process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + grace_seconds
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
