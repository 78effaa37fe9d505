"""What every part of the core works with."""

from __future__ import annotations

from typing import Any, Callable

from .assumptions import Assumptions
from .caller import Caller
from .clock import Clock
from .errors import NOT_FOUND, Refused
from .ids import Ids
from .state import Job, Plan, Point, Site, State, Vault
from .turns import Turns
from .world import World

Params = dict[str, Any]
Operation = Callable[["Engine", Caller, Params], Params]


class Engine:
    """The world, the clock, the assumptions, and everything remembered."""

    def __init__(self, world: World, clock: Clock, assumptions: Assumptions) -> None:
        self.world = world
        self.clock = clock
        self.assumptions = assumptions
        self.state = State()
        self.ids = Ids()
        self.turns = Turns()

    def now(self) -> float:
        return self.clock.now()

    def site(self, account: str, region: str) -> Site:
        """The account in the region (B-4)."""
        return self.state.sites[(account, region)]

    def site_of(self, caller: Caller) -> Site:
        return self.site(caller.account, caller.region)

    def vault(self, caller: Caller, name: str) -> Vault:
        """A vault of the caller's account and region."""
        vault = self.site_of(caller).vaults.get(name)
        if vault is None:
            raise Refused(NOT_FOUND, f"Backup vault {name} does not exist.", "B-2")
        return vault

    def point(self, vault: Vault, arn: str) -> Point:
        """A recovery point of a vault."""
        point = vault.points.get(arn)
        if point is None:
            raise Refused(NOT_FOUND, f"Recovery point {arn} does not exist in backup vault {vault.name}.", "B-2")
        return point

    def plan(self, caller: Caller, plan_id: str) -> Plan:
        """A plan of the caller's account and region, also one that was deleted (B-71)."""
        plan = self.site_of(caller).plans.get(plan_id)
        if plan is None:
            raise Refused(NOT_FOUND, f"Backup plan {plan_id} does not exist.", "B-2")
        return plan

    def live_plan(self, caller: Caller, plan_id: str) -> Plan:
        """A plan that was not deleted."""
        plan = self.plan(caller, plan_id)
        if plan.deleted is not None:
            raise Refused(NOT_FOUND, f"Backup plan {plan_id} was deleted.", "B-71")
        return plan

    def add_job(self, job: Job) -> None:
        """Numbers a job, in the order of creation."""
        self.state.job_count += 1
        job.number = self.state.job_count
        self.state.jobs[job.id] = job
