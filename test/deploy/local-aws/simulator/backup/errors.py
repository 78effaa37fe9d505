"""The ways in which AWS Backup says no."""

from __future__ import annotations

ACCESS_DENIED = "AccessDeniedException"
ALREADY_EXISTS = "AlreadyExistsException"
CONFLICT = "ConflictException"
DEPENDENCY_FAILURE = "DependencyFailureException"
INVALID_PARAMETER = "InvalidParameterValueException"
INVALID_REQUEST = "InvalidRequestException"
INVALID_STATE = "InvalidResourceStateException"
LIMIT_EXCEEDED = "LimitExceededException"
MISSING_PARAMETER = "MissingParameterValueException"
NOT_FOUND = "ResourceNotFoundException"


class Refused(Exception):
    """A call that AWS Backup refuses.

    `code` is AWS's name of the error, `statement` the number in docs/aws-behaviour.md
    that says so (for example "B-41").
    """

    def __init__(self, code: str, message: str, statement: str) -> None:
        super().__init__(f"{code}: {message} [{statement}]")
        self.code = code
        self.message = message
        self.statement = statement


class Failed(Exception):
    """The reason why a job that has been accepted ends as FAILED.

    It never leaves the core: the job's StatusMessage is `message`, and the job remembers `statement`.
    """

    def __init__(self, message: str, statement: str) -> None:
        super().__init__(f"{message} [{statement}]")
        self.message = message
        self.statement = statement


class NotSimulated(Exception):
    """An operation of AWS Backup that the simulator does not know."""

    def __init__(self, operation: str) -> None:
        super().__init__(f"The simulator of AWS Backup does not know the operation {operation}.")
        self.operation = operation
