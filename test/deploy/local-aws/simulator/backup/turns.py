"""One backup or copy job at a time for a resource (B-121)."""

from __future__ import annotations

from typing import Callable

from .state import BackupJob, CopyJob

Running = BackupJob | CopyJob
Start = Callable[[], None]


class Turns:
    """Who may run now, and who waits.

    A resource is one in the account and region of the job: a table and a copy of its backup in another
    account do not wait for each other.
    """

    def __init__(self) -> None:
        self._running: dict[tuple[str, str, str], Running] = {}
        self._waiting: dict[tuple[str, str, str], list[tuple[int, Running, Start]]] = {}

    def ask(self, job: Running, start: Start) -> None:
        """Starts the job now or when the jobs before it have ended."""
        key = _key(job)
        self._waiting.setdefault(key, []).append((job.number, job, start))
        self._next(key)

    def waits(self, job: Running) -> bool:
        """Whether the job waits for another one."""
        return any(waiting is job for _, waiting, _ in self._waiting.get(_key(job), []))

    def leave(self, job: Running) -> None:
        """The job has ended, or does not want its turn any more."""
        key = _key(job)
        self._waiting[key] = [entry for entry in self._waiting.get(key, []) if entry[1] is not job]
        if self._running.get(key) is job:
            del self._running[key]
        self._next(key)

    def _next(self, key: tuple[str, str, str]) -> None:
        waiting = self._waiting.get(key, [])
        if waiting and key not in self._running:
            entry = min(waiting, key=lambda candidate: candidate[0])
            waiting.remove(entry)
            self._running[key] = entry[1]
            entry[2]()
        if not self._waiting.get(key):
            self._waiting.pop(key, None)


def _key(job: Running) -> tuple[str, str, str]:
    return (job.account, job.region, job.resource_arn)
