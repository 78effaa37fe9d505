"""Backup vaults."""

from __future__ import annotations

from . import arns, checks, events, tags
from .access import vault_for
from .caller import Caller
from .engine import Engine, Operation, Params
from .errors import ALREADY_EXISTS, INVALID_PARAMETER, INVALID_REQUEST, LIMIT_EXCEEDED, Refused
from .paging import page
from .permissions import key_context, needs
from .state import Vault

MOST_VAULTS = 300
KEY_ACTIONS = ("kms:CreateGrant", "kms:GenerateDataKey", "kms:Decrypt", "kms:RetireGrant", "kms:DescribeKey")


def create(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "BackupVaultName")
    name = params["BackupVaultName"]
    checks.vault_name(name)
    tags.check(params.get("BackupVaultTags"))
    site = engine.site_of(caller)
    if name in site.vaults:
        existing = site.vaults[name]
        if params.get("CreatorRequestId") and params["CreatorRequestId"] == existing.creator_request_id:
            return _created(existing)  # B-12
        raise Refused(ALREADY_EXISTS, f"Backup vault with the same name already exists: {name}", "B-11")
    if len(site.vaults) >= MOST_VAULTS:
        raise Refused(LIMIT_EXCEEDED, f"An account has at most {MOST_VAULTS} backup vaults in a region.", "B-18")
    vault = Vault(
        name=name,
        account=caller.account,
        region=caller.region,
        arn=arns.vault_arn(caller.region, caller.account, name),
        key_arn=_key(engine, caller, params.get("EncryptionKeyArn")),
        created=engine.now(),
        creator_request_id=params.get("CreatorRequestId"),
    )
    site.vaults[name] = vault
    site.tags[vault.arn] = dict(params.get("BackupVaultTags") or {})  # B-243
    events.vault(engine, vault, "CREATED")
    return _created(vault)


def _key(engine: Engine, caller: Caller, wanted: str | None) -> str:
    """The key of a new vault (B-13, B-14), which stays (B-15). The caller has to be allowed to use it (B-301)."""
    needs(engine, caller, "backup-storage:MountCapsule", "*", "B-301")
    alias = "alias/aws/backup"
    key = engine.world.key(wanted or alias, caller.account, caller.region)
    if wanted is None and key is None:
        return f"arn:aws:kms:{caller.region}:{caller.account}:{alias}"
    if key is None or key.state != "Enabled" or arns.region_of(key.arn) != caller.region:
        raise Refused(INVALID_PARAMETER, f"KMS key {wanted} does not exist in {caller.region} or is not enabled.", "B-14")
    if key.manager == "CUSTOMER":
        for action in KEY_ACTIONS:
            needs(engine, caller, action, key.arn, "B-301", key_context("backup", caller.region))
    return key.arn


def delete(engine: Engine, caller: Caller, params: Params) -> Params:
    vault = vault_for(engine, caller, params, "DeleteBackupVault")
    if vault.points:  # a lock does not matter: B-34
        raise Refused(INVALID_REQUEST, "Backup vault cannot be deleted because it contains recovery points.", "B-16")
    site = engine.site_of(caller)
    del site.vaults[vault.name]
    site.tags.pop(vault.arn, None)
    events.vault(engine, vault, "DELETED")
    return {}


def describe(engine: Engine, caller: Caller, params: Params) -> Params:
    return _described(vault_for(engine, caller, params, "DescribeBackupVault"))


def list_vaults(engine: Engine, caller: Caller, params: Params) -> Params:
    wanted = params.get("ByVaultType") in (None, "BACKUP_VAULT") and not params.get("ByShared")
    vaults = engine.site_of(caller).vaults.values() if wanted else ()
    return page("BackupVaultList", [_described(vault) for vault in vaults], params)


def _created(vault: Vault) -> Params:
    return {"BackupVaultName": vault.name, "BackupVaultArn": vault.arn, "CreationDate": vault.created}


def _described(vault: Vault) -> Params:
    """B-17, B-19."""
    answer: Params = {
        **_created(vault),
        "VaultType": "BACKUP_VAULT",
        "VaultState": "AVAILABLE",
        "EncryptionKeyArn": vault.key_arn,
        "NumberOfRecoveryPoints": len(vault.points),
        "Locked": vault.lock is not None,
    }
    if vault.creator_request_id is not None:
        answer["CreatorRequestId"] = vault.creator_request_id
    if vault.lock is not None:
        bounds = {"MinRetentionDays": vault.lock.minimum, "MaxRetentionDays": vault.lock.maximum, "LockDate": vault.lock.date}
        answer.update({member: value for member, value in bounds.items() if value is not None})
    return answer


OPERATIONS: dict[str, Operation] = {
    "CreateBackupVault": create,
    "DeleteBackupVault": delete,
    "DescribeBackupVault": describe,
    "ListBackupVaults": list_vaults,
}
