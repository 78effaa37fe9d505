"""What SSM Automation needs of its surroundings."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Protocol


class World(Protocol):
    """The accounts, their roles, functions, topics and buses."""

    def decide(self, principal: str, action: str, resource: str, context: Mapping[str, Any]) -> bool:
        """Whether the policies of a principal allow an action."""
        ...

    def is_assumable(self, role: str, context: Mapping[str, Any]) -> bool:
        """Whether a role is there and lets ssm.amazonaws.com assume it."""
        ...

    def invoke(self, principal: str, details: Mapping[str, Any]) -> dict[str, Any]:
        """Runs a function, in AWS's members with a small first letter. Raises CallRefused."""
        ...

    def call_api(self, principal: str, details: Mapping[str, Any]) -> dict[str, Any]:
        """Calls an API. Raises CallRefused."""
        ...

    def publish(self, principal: str, details: Mapping[str, Any]) -> None:
        """Publishes to a topic. Raises CallRefused."""
        ...

    def emit(self, event: Mapping[str, Any], time: float) -> None:
        """Puts an event on the default bus."""
        ...

    def in_background(self, run: Callable[[], None]) -> None:
        """Runs something that may take long, such as a function that calls back."""
        ...


class CallRefused(Exception):
    """A call that a step makes and that is refused. The step fails with this text."""
