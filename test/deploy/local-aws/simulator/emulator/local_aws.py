"""The local AWS as a whole: its clock, the simulated AWS Backup, and what can be asked below /_local/."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping

from backup.clock import Clock
from service.front import Front, Simulator

from emulator import decisions
from emulator.calls import CallLog
from emulator.clock_file import ClockFile
from emulator.local_endpoints import BadRequest, LocalEndpoints
from emulator.undelivered import Undelivered

CLOCK_FILE_SECONDS = 0.05
"""How old the time of local Lambda functions may be while the clock is being moved."""

WAIT_SECONDS = 0.005
"""How often it is looked whether a function has ended."""


@dataclass
class LocalAws:
    """What `install` makes and the server serves."""

    clock: Clock
    backup: Simulator
    front: Front
    calls: CallLog
    undelivered: Undelivered
    assumptions: Callable[[], Any]
    clock_file: ClockFile
    is_working: Callable[[], bool] = lambda: False
    """Whether a function works on messages of a queue."""

    more_endpoints: Mapping[tuple[str, str], Callable[[Mapping[str, Any]], Any]] = field(default_factory=dict)
    """What parts of the local AWS add below /_local/."""

    def __post_init__(self) -> None:
        self.endpoints = LocalEndpoints(
            {
                ("GET", "health"): lambda _: {"status": "ok", **self._time()},
                ("GET", "clock"): lambda _: self._time(),
                ("POST", "clock"): self._forward,
                ("GET", "calls"): lambda _: {"calls": self.calls.entries()},
                ("GET", "decisions"): lambda _: {"decisions": decisions.entries()},
                ("GET", "undelivered"): lambda _: {"undelivered": self.undelivered.entries()},
                ("GET", "assumptions"): lambda _: {"assumptions": self.assumptions()},
                ("POST", "statement"): lambda content: {"statement": self.backup.statement_of(str(content.get("jobId")))},
                **self.more_endpoints,
            }
        )

    def tick(self) -> None:
        """Does what is due now."""
        self.clock.run_due()

    async def forward(self, seconds: float) -> None:
        """Moves the clock, from one due thing to the next. Between them, requests of local functions are answered.

        A function that works on messages of a queue is waited for, before anything that is due later (E-28). Meanwhile time
        passes at its own speed. It ends at the latest when its own timeout does.
        """
        goal = self.clock.now() + seconds
        await self._until_idle()
        while (due := self.clock.next_due()) is not None and due <= goal:
            self.clock.advance_to(due)
            if self.is_working() or self.clock_file.age > CLOCK_FILE_SECONDS:
                self.clock_file.write()
            await asyncio.sleep(0)
            await self._until_idle()
        self.clock.advance_to(goal)
        self.clock_file.write()

    async def _until_idle(self) -> None:
        while self.is_working():
            await asyncio.sleep(WAIT_SECONDS)
            self.tick()

    async def _forward(self, content: Mapping[str, Any]) -> dict[str, float]:
        seconds = content.get("forwardSeconds")
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or seconds < 0:
            raise BadRequest('Say how far: {"forwardSeconds": 86400}. The clock does not go back.')
        await self.forward(float(seconds))
        return self._time()

    def _time(self) -> dict[str, float]:
        return {"now": self.clock.now(), "offsetSeconds": self.clock.offset}
