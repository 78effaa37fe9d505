"""The simulated time.

Simulated time is real time and an offset. What is to happen later stands in a queue and is done in the
order of its times, each at its own time: while it runs, `now()` is the time that it was due at.
"""

from __future__ import annotations

import heapq
import threading
import time
from typing import Callable


class Entry:
    """Something that is to happen at a time, unless it is cancelled before."""

    __slots__ = ("time", "what", "cancelled")

    def __init__(self, moment: float, what: Callable[[], None]) -> None:
        self.time = moment
        self.what = what
        self.cancelled = False

    def cancel(self) -> None:
        """Takes it out of the queue."""
        self.cancelled = True


class Clock:
    """The time of the simulator, and the queue of what is due later.

    `source` gives the real time in epoch seconds. A test that wants the time to stand still passes
    a constant: `Clock(lambda: 1_800_000_000.0)`.
    """

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._offset = 0.0
        self._moment: float | None = None
        self._queue: list[tuple[float, int, Entry]] = []
        self._number = 0
        #: The one lock of the simulator. Everything that reads or changes its state holds it.
        self.lock = threading.RLock()

    @property
    def offset(self) -> float:
        """Seconds that simulated time is ahead of real time."""
        return self._offset

    def now(self) -> float:
        """The simulated time in epoch seconds."""
        moment = self._moment
        return moment if moment is not None else self._source() + self._offset

    def at(self, moment: float, what: Callable[[], None]) -> Entry:
        """Puts `what` into the queue. A time that has passed means as soon as the queue is looked at."""
        with self.lock:
            self._number += 1
            entry = Entry(moment, what)
            heapq.heappush(self._queue, (moment, self._number, entry))
            return entry

    def next_due(self) -> float | None:
        """When the next thing in the queue is due."""
        with self.lock:
            while self._queue and self._queue[0][2].cancelled:
                heapq.heappop(self._queue)
            return self._queue[0][0] if self._queue else None

    def advance_to(self, moment: float) -> None:
        """Does everything that is due until `moment`, each at its own time. Then it is `moment`.

        A moment that has passed only does what is overdue: time does not go back.
        """
        with self.lock:
            if self._moment is not None:
                raise RuntimeError("The clock can't be moved by something that runs in its queue.")
            reached = started = self.now()
            moment = max(moment, started)
            try:
                while (due := self.next_due()) is not None and due <= moment:
                    _, _, entry = heapq.heappop(self._queue)
                    self._moment = due
                    reached = max(reached, due)
                    entry.what()
                reached = moment
            finally:
                self._moment = None
                self._offset += reached - started

    def run_due(self) -> None:
        """Does what is due now."""
        self.advance_to(self.now())
