"""Idempotency tokens of jobs (B-135, B-175, B-224)."""

from __future__ import annotations

import copy

from .caller import Caller
from .engine import Engine, Params
from .errors import INVALID_PARAMETER, Refused


def earlier(engine: Engine, caller: Caller, operation: str, params: Params) -> str | None:
    """The id of the job that an earlier call with the same token started."""
    token = params.get("IdempotencyToken")
    known = engine.site_of(caller).tokens.get((operation, token)) if token else None
    if known is None:
        return None
    job_id, before = known
    if before != params:
        raise Refused(INVALID_PARAMETER, f"IdempotencyToken {token} was used with other parameters.", "B-135")
    return job_id


def remember(engine: Engine, caller: Caller, operation: str, params: Params, job_id: str) -> None:
    token = params.get("IdempotencyToken")
    if token:
        engine.site_of(caller).tokens[(operation, token)] = (job_id, copy.deepcopy(params))
