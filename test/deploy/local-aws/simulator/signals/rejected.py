"""The two ways in which these evaluators say no when something is created."""

from __future__ import annotations


class Rejected(ValueError):
    """A definition that AWS refuses. `statement` is the number in docs/aws-behaviour.md that says so."""

    def __init__(self, message: str, statement: str) -> None:
        super().__init__(message)
        self.message = message
        self.statement = statement


class NotSimulated(ValueError):
    """A definition that AWS accepts and that the simulator does not know. It is refused, never ignored."""
