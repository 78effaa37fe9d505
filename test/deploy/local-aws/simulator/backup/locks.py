"""Vault Lock."""

from __future__ import annotations

from typing import Any, Mapping

from . import checks, events, lifecycle
from .access import vault_for
from .caller import Caller
from .engine import Engine, Operation, Params
from .errors import INVALID_PARAMETER, INVALID_REQUEST, Failed, Refused
from .state import Lock, Vault
from .times import DAY


def put(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "BackupVaultName")
    low, high, changeable = (params.get(name) for name in ("MinRetentionDays", "MaxRetentionDays", "ChangeableForDays"))
    if changeable is not None:
        checks.between("ChangeableForDays", changeable, 3, 36_500, "B-22")
    for name, value in (("MinRetentionDays", low), ("MaxRetentionDays", high)):
        if value is not None:
            checks.between(name, value, 1, 36_500, "B-23")
    if low is not None and high is not None and high < low:
        raise Refused(INVALID_PARAMETER, f"MaxRetentionDays ({high}) is below MinRetentionDays ({low}).", "B-23")
    vault = vault_for(engine, caller, params, "PutBackupVaultLockConfiguration")
    _changeable(engine, vault)
    # Without ChangeableForDays governance (B-20), with it compliance (B-21); the whole lock is replaced (B-25), at once (B-27).
    vault.lock = Lock(low, high, engine.now() + changeable * DAY if changeable is not None else None)
    events.vault(engine, vault, "MODIFIED")
    return {}


def delete(engine: Engine, caller: Caller, params: Params) -> Params:
    vault = vault_for(engine, caller, params, "DeleteBackupVaultLockConfiguration")
    _changeable(engine, vault)
    if vault.lock is not None:  # B-35
        vault.lock = None
        events.vault(engine, vault, "MODIFIED")
    return {}


def _changeable(engine: Engine, vault: Vault) -> None:
    """Before its last day a lock can be changed (B-24), on and after it nobody can."""
    if vault.lock is not None and vault.lock.date is not None and engine.now() >= vault.lock.date:
        raise Refused(INVALID_REQUEST, f"Backup vault {vault.name} is locked: its configuration can't be changed.", "B-26")


def unlocked(vault: Vault, statement: str) -> None:
    """Refuses to delete or change points of a locked vault, in any mode (B-28, B-29)."""
    if vault.lock is not None:
        raise Refused(INVALID_REQUEST, f"Backup vault {vault.name} is locked: its recovery points can't be deleted or changed.", statement)


def admits(vault: Vault, wanted: Mapping[str, Any]) -> None:
    """Fails a job whose retention is outside of the bounds (B-30, B-31, B-165). Points that are there stay (B-32, B-33)."""
    if vault.lock is None:
        return
    days = lifecycle.retention(wanted)
    low, high = vault.lock.minimum, vault.lock.maximum
    if low is not None and days is not None and days < low:
        raise Failed(f"The retention of {days} days is below the minimum of {low} days of backup vault {vault.name}.", "B-30")
    if high is not None and days is None:
        raise Failed(f"A retention without an end is above the maximum of {high} days of backup vault {vault.name}.", "B-31")
    if high is not None and days is not None and days > high:
        raise Failed(f"The retention of {days} days is above the maximum of {high} days of backup vault {vault.name}.", "B-30")


OPERATIONS: dict[str, Operation] = {
    "PutBackupVaultLockConfiguration": put,
    "DeleteBackupVaultLockConfiguration": delete,
}
