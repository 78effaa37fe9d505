"""What the evaluators need from outside."""

from __future__ import annotations

from typing import Any, Callable, Mapping, NamedTuple, Protocol


class Scope(NamedTuple):
    """An account and a region of it."""

    account: str
    region: str


class Entry(Protocol):
    """Something that is to happen later."""

    def cancel(self) -> None:
        """Takes it out of the queue."""


class Clock(Protocol):
    """The simulated time. `backup.clock.Clock` is one."""

    lock: Any

    def now(self) -> float:
        """The simulated time in epoch seconds."""

    def at(self, moment: float, what: Callable[[], None]) -> Entry:
        """Does `what` at a moment; a moment that has passed means soon."""


class Policies(Protocol):
    """Decides what policies say. `backup.world.World` has these two functions."""

    def decide(self, principal_arn: str, action: str, resource_arn: str, context: Mapping[str, Any]) -> bool:
        """Whether the identity policies of a role allow an action."""

    def decide_policy(
        self, document: Mapping[str, Any], principal_arn: str, action: str, resource_arn: str, context: Mapping[str, Any]
    ) -> str:
        """What the policy of a resource says to a principal, which may be a service: Allow, Deny or NoMatch."""
