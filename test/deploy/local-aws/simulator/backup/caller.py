"""Who calls."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Caller:
    """The account and region that a call is made in, and the ARN of the user, role or account that makes it."""

    account: str
    region: str
    principal_arn: str
