"""What a backup job needs when it starts."""

from __future__ import annotations

from . import arns, locks, permissions
from .engine import Engine
from .errors import Failed
from .resource_types import Features
from .state import BackupJob, Vault
from .tags import MOST_TAGS
from .world import Resource

TABLE_ACTIONS = ("dynamodb:DescribeTable", "dynamodb:StartAwsBackupJob", "dynamodb:ListTagsOfResource")
PLAIN_TABLE_ACTIONS = ("dynamodb:DescribeTable", "dynamodb:CreateBackup", "dynamodb:ListTagsOfResource")


Checked = tuple[Vault, Resource, dict[str, str], str | None]


def check(engine: Engine, job: BackupJob, can: Features, point_arn: str) -> Checked:
    """The vault, the resource, the tags and the key of the point. Raises Failed with the first thing that is missing."""
    resource = find_resource(engine, job.account, job.region, job.resource_arn)
    if resource is None:
        raise Failed(f"Backup job failed because resource {job.resource_arn} does not exist.", "B-126")
    vault = engine.site(job.account, job.region).vaults.get(job.vault_name)
    if vault is None:
        arn = arns.vault_arn(job.region, job.account, job.vault_name)
        raise Failed(f"Backup job failed because backup vault {arn} does not exist.", "B-125")
    permissions.assume(engine, job.role_arn, job.account, "B-128")
    tags = _tags(job, resource) if can.managed else {}
    _role(engine, job, can, point_arn if tags else None)
    key_arn = _keys(engine, job, vault, resource, can)
    locks.admits(vault, job.lifecycle)
    if len(tags) > MOST_TAGS:
        raise Failed(f"The recovery point would have {len(tags)} tags; {MOST_TAGS} are allowed.", "B-134")
    return vault, resource, tags, key_arn


def find_resource(engine: Engine, account: str, region: str, arn: str) -> Resource | None:
    for resource in engine.world.resources(account, region):
        if resource.arn == arn:
            return resource
    return None


def _tags(job: BackupJob, resource: Resource) -> dict[str, str]:
    """The tags of the resource and of the rule, which prevail (B-133)."""
    own = {key: value for key, value in resource.tags.items() if not key.lower().startswith("aws:")}
    return {**own, **job.tags}


def _role(engine: Engine, job: BackupJob, can: Features, tagged_arn: str | None) -> None:
    """What the role needs on the resource (B-304) and on the point (B-306)."""
    if job.resource_type == "DynamoDB":
        actions = TABLE_ACTIONS if can.managed else PLAIN_TABLE_ACTIONS
        permissions.role_needs(engine, job.role_arn, actions, job.resource_arn, "B-304")
    if tagged_arn:
        permissions.role_needs(engine, job.role_arn, ("backup:TagResource",), tagged_arn, "B-306")


def _keys(engine: Engine, job: BackupJob, vault: Vault, resource: Resource, can: Features) -> str | None:
    """The key of the point: the vault's if AWS Backup manages it (B-130, B-303), otherwise the resource's (B-305)."""
    if job.resource_type == "DynamoDB" and resource.key_arn:
        key = permissions.usable_key(engine, resource.key_arn, job.account, job.region, "B-305")
        context = permissions.key_context("dynamodb", job.region, grants=False)
        permissions.role_needs_key(engine, job.role_arn, key, ("kms:Decrypt", "kms:GenerateDataKey"), "B-305", context)
    if not can.managed:
        return resource.key_arn
    permissions.vault_key(engine, vault.key_arn, job.account, job.region, "B-130")
    return vault.key_arn
