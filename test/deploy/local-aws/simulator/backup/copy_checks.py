"""What a copy job needs when it starts."""

from __future__ import annotations

from typing import Any

from . import arns, lifecycle, locks, permissions, settings
from .access import verdict
from .engine import Engine
from .errors import Failed
from .resource_types import features
from .state import CopyJob, Vault

DENIED = "Access Denied trying to call AWS Backup service"
FROM, INTO = "backup:CopyFromBackupVault", "backup:CopyIntoBackupVault"


def check(engine: Engine, job: CopyJob, copy_arn: str) -> Vault:
    """The destination. Raises Failed with the first thing that is missing."""
    if job.source.status != "COMPLETED":
        raise Failed(f"Copy job failed because recovery point {job.source.arn} is {job.source.status}.", "B-178")
    if job.source.storage_class == "COLD":
        raise Failed(f"Copy job failed because recovery point {job.source.arn} is in cold storage.", "B-153")
    vault = destination(engine, job)
    if vault is None:
        raise Failed(f"Copy job failed because backup vault {job.destination_arn} does not exist.", "B-152")
    other_account = vault.account != job.account
    can = features(job.resource_type, job.source.managed)
    if not (can.copied_to_accounts if other_account else can.copied):
        raise Failed(f"Copy job failed because {job.resource_type} does not support this copy.", "B-154")
    permissions.assume(engine, job.role_arn, job.account, "B-156")
    if other_account:
        _organization(engine, job, vault)
    _role(engine, job, vault, copy_arn)
    _policies(engine, job, vault)
    _keys(engine, job, vault)
    wanted = lifecycle.of_copy(job.lifecycle, job.source.lifecycle)
    if lifecycle.too_close(wanted):
        raise Failed("Copy job failed because less than 90 days are left between cold storage and deletion.", "B-167")
    locks.admits(vault, wanted)  # B-165
    return vault


def destination(engine: Engine, job: CopyJob) -> Vault | None:
    parts = arns.parse_vault_arn(job.destination_arn)
    return engine.site(parts.account, parts.region).vaults.get(parts.name) if parts else None


def _organization(engine: Engine, job: CopyJob, vault: Vault) -> None:
    own, other = engine.world.organization(job.account), engine.world.organization(vault.account)
    if own is None or other is None or own.id != other.id:
        raise Failed("Copy job failed. Both source and destination account must be a member of the same organization", "B-162")
    if not settings.cross_account_enabled(engine, own.management_account):
        raise Failed("Copy job failed. Cross-account copy feature is not enabled for the current organization.", "B-163")
    if vault.name == "Default":
        raise Failed("Copy job failed. The default vault can't be the destination of a copy from another account.", "B-164")


def targets(engine: Engine, vault: Vault) -> dict[str, Any]:
    """The condition keys of CopyFromBackupVault (B-157)."""
    organization = engine.world.organization(vault.account)
    context: dict[str, Any] = {"backup:CopyTargets": [vault.arn]}
    if organization is not None:
        context["backup:CopyTargetOrgPaths"] = [organization.path]
    return context


def _role(engine: Engine, job: CopyJob, vault: Vault, copy_arn: str) -> None:
    permissions.role_needs(engine, job.role_arn, (FROM,), job.source.arn, "B-157", targets(engine, vault))
    vault_tags = engine.site(vault.account, vault.region).tags.get(vault.arn, {})
    context = {f"aws:ResourceTag/{key}": value for key, value in vault_tags.items()}
    permissions.role_needs(engine, job.role_arn, (INTO,), vault.arn, "B-158", context)
    source_tags = engine.site(job.account, job.region).tags.get(job.source.arn)
    if source_tags and vault.account == job.account:
        permissions.role_needs(engine, job.role_arn, ("backup:TagResource",), copy_arn, "B-306")


def _policies(engine: Engine, job: CopyJob, vault: Vault) -> None:
    """The access policies of both vaults."""
    source = job.source.vault
    if verdict(engine, source, job.role_arn, FROM, job.source.arn, targets(engine, vault)) == "Deny":
        raise Failed(f"{DENIED}: the access policy of {source.arn} denies {FROM}.", "B-159")
    answer = verdict(engine, vault, job.role_arn, INTO, vault.arn)
    if vault.account != job.account and answer != "Allow":
        raise Failed(DENIED, "B-160")
    if answer == "Deny":
        raise Failed(DENIED, "B-161")


def _keys(engine: Engine, job: CopyJob, vault: Vault) -> None:
    """The keys on both sides."""
    source = job.source
    where = source.vault
    if source.managed:
        permissions.vault_key(engine, source.key_arn, where.account, where.region, "B-170")
    else:
        _unmanaged(engine, job, vault)
    permissions.vault_key(engine, vault.key_arn, vault.account, vault.region, "B-170")


def _unmanaged(engine: Engine, job: CopyJob, vault: Vault) -> None:
    """Backups that have the key of their resource (B-171)."""
    backup_key = engine.world.key("alias/aws/backup", vault.account, vault.region)
    if vault.key_arn.endswith("alias/aws/backup") or (backup_key is not None and backup_key.arn == vault.key_arn):
        raise Failed(f"Copy job failed. {job.resource_type} can't be copied into a vault with the key aws/backup.", "B-171")
    if vault.account == job.account or not job.source.key_arn:
        return
    key = permissions.usable_key(engine, job.source.key_arn, job.account, job.region, "B-170")
    if key.manager == "AWS":
        raise Failed(f"Copy job failed. A backup with the AWS managed key {key.arn} can't be copied to another account.", "B-171")
    reader = arns.service_linked_role(vault.account)
    context = {"kms:GrantIsForAWSResource": "true"}
    for action in ("kms:Decrypt", "kms:CreateGrant"):
        if key.policy is not None and engine.world.decide_policy(key.policy, reader, action, key.arn, context) != "Allow":
            raise Failed(f"Copy job failed. KMS key {key.arn} is not shared with account {vault.account}.", "B-171")
