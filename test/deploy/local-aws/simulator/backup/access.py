"""Access policies of vaults: who may call what on a vault and its points."""

from __future__ import annotations

import json
from typing import Any, Mapping

from . import checks
from .caller import Caller
from .engine import Engine, Operation, Params
from .errors import ACCESS_DENIED, INVALID_PARAMETER, NOT_FOUND, Refused
from .state import Point, Vault
from .world import Verdict


def verdict(engine: Engine, vault: Vault, principal: str, action: str, resource: str, context: Mapping[str, Any] | None = None) -> Verdict:
    """What the vault's access policy says; without one, nothing."""
    if vault.policy is None:
        return "NoMatch"
    return engine.world.decide_policy(json.loads(vault.policy), principal, action, resource, context or {})


def ask(engine: Engine, caller: Caller, vault: Vault, operation: str, resource: str | None = None) -> None:
    """Refuses a call that the access policy denies (B-43), asked about the point if there is one (B-44).

    A policy that says nothing changes nothing within the account (B-45). The lifecycle does not ask it (B-46).
    """
    action, resource = f"backup:{operation}", resource or vault.arn
    if verdict(engine, vault, caller.principal_arn, action, resource) == "Deny":
        raise Refused(
            ACCESS_DENIED,
            f"User: {caller.principal_arn} is not authorized to perform: {action} on resource: {resource} "
            "with an explicit deny in a resource-based policy",
            "B-43",
        )


def own_account(caller: Caller, params: Params) -> None:
    """Refuses to look into the vaults of another account."""
    if params.get("BackupVaultAccountId") not in (None, caller.account):
        raise Refused(ACCESS_DENIED, f"Vaults of account {params['BackupVaultAccountId']} can't be accessed.", "B-5")


def vault_for(engine: Engine, caller: Caller, params: Params, operation: str, *members: str) -> Vault:
    """The vault that a call names, if its access policy lets the caller."""
    checks.required(params, "BackupVaultName", *members)
    own_account(caller, params)
    vault = engine.vault(caller, params["BackupVaultName"])
    ask(engine, caller, vault, operation)
    return vault


def point_for(engine: Engine, caller: Caller, params: Params, operation: str) -> Point:
    """The recovery point that a call names, if the access policy of its vault lets the caller."""
    checks.required(params, "BackupVaultName", "RecoveryPointArn")
    own_account(caller, params)
    vault = engine.vault(caller, params["BackupVaultName"])
    point = engine.point(vault, params["RecoveryPointArn"])
    ask(engine, caller, vault, operation, point.arn)
    return point


def put(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "BackupVaultName", "Policy")
    for action in _actions(params["Policy"]):
        if "*" in action or "?" in action:
            raise Refused(INVALID_PARAMETER, f"Wildcards are not supported in Action: {action}", "B-40")
    vault_for(engine, caller, params, "PutBackupVaultAccessPolicy").policy = params["Policy"]
    return {}


def get(engine: Engine, caller: Caller, params: Params) -> Params:
    vault = vault_for(engine, caller, params, "GetBackupVaultAccessPolicy")
    if vault.policy is None:
        raise Refused(NOT_FOUND, f"Backup vault {vault.name} has no access policy.", "B-42")
    return {"BackupVaultName": vault.name, "BackupVaultArn": vault.arn, "Policy": vault.policy}


def delete(engine: Engine, caller: Caller, params: Params) -> Params:
    vault_for(engine, caller, params, "DeleteBackupVaultAccessPolicy").policy = None
    return {}


def _actions(policy: str) -> list[str]:
    """The actions of a policy document."""
    try:
        statements = json.loads(policy)["Statement"]
        statements = [statements] if isinstance(statements, dict) else statements
        actions = [statement.get("Action", statement.get("NotAction")) for statement in statements]
        flat = [action for entry in actions for action in ([entry] if isinstance(entry, str) else entry)]
        if not flat or not all(statement["Effect"] in ("Allow", "Deny") for statement in statements):
            raise ValueError("no statement")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(INVALID_PARAMETER, "Policy is not a valid policy document.", "B-41") from error
    return flat


OPERATIONS: dict[str, Operation] = {
    "PutBackupVaultAccessPolicy": put,
    "GetBackupVaultAccessPolicy": get,
    "DeleteBackupVaultAccessPolicy": delete,
}
