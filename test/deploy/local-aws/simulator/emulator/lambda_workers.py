"""Keeps few idle processes of local Lambda functions: each takes about 70 MB, and ministack keeps one for every function."""

from __future__ import annotations

from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc


def install(kept: int) -> None:
    """Ends the process that has been idle longest as soon as more than `kept` are."""
    original = lambda_runtime.release_worker

    def release(worker: Any) -> None:
        original(worker)
        end_surplus(kept)

    lambda_runtime.release_worker = release
    lambda_svc.release_worker = release


def end_surplus(kept: int) -> None:
    """Ends idle processes until `kept` are left. One that works is not touched."""
    with lambda_runtime._lock:
        idle = [
            (worker.last_used, key, worker)
            for key, workers in lambda_runtime._workers.items()
            for worker in workers
            if not worker.in_use and worker._proc is not None
        ]
        surplus = sorted(idle, key=lambda entry: entry[0])[: max(0, len(idle) - kept)]
        for _, key, worker in surplus:
            lambda_runtime._workers[key].remove(worker)
    lambda_runtime.kill_workers([worker for _, _, worker in surplus])
