"""KMS keys as AWS Backup sees them."""

from __future__ import annotations

import json
import uuid
from typing import Any

from backup.world import Key
from ministack.core.responses import request_scope
from ministack.services import kms

AWS_MANAGED = ("alias/aws/backup", "alias/aws/dynamodb", "alias/aws/ebs", "alias/aws/rds", "alias/aws/s3", "alias/aws/sns", "alias/aws/sqs")
"""Keys that every account has without making them. ministack has none of them."""


def find_key(arn_or_alias: str, account: str, region: str) -> Key | None:
    """The key that an ARN, a key id or an alias names, as seen from an account and region."""
    parts = arn_or_alias.split(":")
    if arn_or_alias.startswith("arn:"):
        account, region = parts[4], parts[3]
    resource = parts[-1]
    for alias in AWS_MANAGED:
        if resource in (alias, f"key/{_managed_id(alias, account, region)}"):
            return Key(managed_key_arn(alias, account, region), "Enabled", None, "AWS")
    with request_scope(account, region):
        record = kms._resolve_key(arn_or_alias)
    return _key(record) if record else None


def managed_key_arn(alias: str, account: str, region: str) -> str:
    """The ARN of an AWS managed key: always the same for an account and region."""
    return f"arn:aws:kms:{region}:{account}:key/{_managed_id(alias, account, region)}"


def _managed_id(alias: str, account: str, region: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{alias} of {account} in {region}"))


def _key(record: dict[str, Any]) -> Key:
    policy = record.get("Policy") or None
    return Key(record["Arn"], record["KeyState"], json.loads(policy) if isinstance(policy, str) else policy, "CUSTOMER")


def aliases_of(arn: str) -> list[str]:
    """The names of a key, as kms:ResourceAliases has them."""
    parts = arn.split(":")
    with request_scope(parts[4], parts[3]):
        return [alias.split(":", 5)[-1] for alias, key_id in kms._aliases.items() if parts[-1] == f"key/{key_id}"]
