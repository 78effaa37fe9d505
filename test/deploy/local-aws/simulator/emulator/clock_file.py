"""What local Lambda functions know the simulated time from."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from backup.clock import Clock
from ministack.services import lambda_svc


class ClockFile:
    """A file with the seconds by which the simulated time is ahead."""

    def __init__(self, clock: Clock, path: Path) -> None:
        self._clock = clock
        self._path = path
        self._written_at = 0.0
        self.write()

    def install(self) -> None:
        """No function begins before the file has the time at which it is started: it would sign its requests with an older one."""
        execute = lambda_svc._execute_function_with_config_scope

        def executed(func: dict[str, Any], event: dict[str, Any]) -> Any:
            self.write()
            return execute(func, event)

        lambda_svc._execute_function_with_config_scope = executed

    @property
    def age(self) -> float:
        """Real seconds since it was written."""
        return time.monotonic() - self._written_at

    def write(self) -> None:
        """Waits until the clock is not being moved. The file is replaced at once, so that nobody reads half of it."""
        with self._clock.lock:
            part = self._path.with_suffix(".part")
            part.write_text(json.dumps({"offsetSeconds": self._clock.offset}))
            os.replace(part, self._path)
            self._written_at = time.monotonic()
