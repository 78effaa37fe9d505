"""The simulated time for modules of ministack that have to know it. All others go on with the real time."""

from __future__ import annotations

import time
from typing import Any, Callable


class SimulatedTime:
    """Takes the place of the module `time` in a module of ministack."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.time = now

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)
