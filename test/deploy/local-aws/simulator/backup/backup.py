"""AWS Backup: one entry for all its operations, and its time."""

from __future__ import annotations

from . import (
    access,
    copy_operations,
    job_operations,
    locks,
    notifications,
    plans,
    points,
    protected,
    restore_jobs,
    selections,
    settings,
    tags,
    vaults,
)
from .assumptions import Assumptions
from .caller import Caller
from .clock import Clock
from .engine import Engine, Operation, Params
from .errors import NotSimulated
from .world import World

MODULES = (
    vaults, locks, access, notifications, plans, selections, job_operations,
    copy_operations, restore_jobs, points, protected, settings, tags,
)
OPERATIONS: dict[str, Operation] = {name: operation for module in MODULES for name, operation in module.OPERATIONS.items()}


class Backup:
    """AWS Backup in all accounts and regions of a world."""

    def __init__(self, world: World, clock: Clock, assumptions: Assumptions | None = None) -> None:
        self._engine = Engine(world, clock, assumptions or Assumptions())

    @property
    def assumptions(self) -> Assumptions:
        """What AWS does not say; may be changed at any time."""
        return self._engine.assumptions

    def call(self, operation: str, caller: Caller, params: Params) -> Params:
        """Calls an operation by AWS's name, with and returning AWS's members; times are epoch seconds.

        Raises errors.Refused where AWS would refuse, errors.NotSimulated for what the simulator does not know.
        """
        function = OPERATIONS.get(operation)
        if function is None:
            raise NotSimulated(operation)
        with self._engine.clock.lock:
            return function(self._engine, caller, params)

    def statement_of(self, job_id: str) -> str | None:
        """The statement of docs/aws-behaviour.md that ended a job as FAILED, EXPIRED or ABORTED."""
        with self._engine.clock.lock:
            job = self._engine.state.jobs.get(job_id)
            return job.statement if job else None

    def tick(self) -> None:
        """Does what is due now."""
        self._engine.clock.run_due()

    def forward(self, seconds: float) -> None:
        """Moves the clock, from one due thing to the next."""
        clock = self._engine.clock
        clock.advance_to(clock.now() + seconds)
