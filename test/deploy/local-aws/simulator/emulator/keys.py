"""KMS keys as AWS Backup sees them."""

from __future__ import annotations

import json
import uuid
from typing import Any, Mapping

from backup.world import Key
from ministack.core.responses import request_scope
from ministack.services import kms

from emulator import identities

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


def may_use(caller: str, action: str, key: Key, context: Mapping[str, Any]) -> bool:
    """The key's policy names the caller, or its account while the caller's own policies allow it too; and nothing denies it (B-310)."""
    policy = key.policy or {}
    if identities.decide_policy(policy, caller, action, key.arn, context) != "Allow":
        return False
    if identities.decide(caller, action, key.arn, context):
        return True
    statements = policy.get("Statement", [])
    listed = [statements] if isinstance(statements, Mapping) else statements
    direct = {**policy, "Statement": [statement for statement in listed if not _names_an_account(statement)]}
    return identities.decide_policy(direct, caller, action, key.arn, context) == "Allow"


def _names_an_account(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    named = principal.get("AWS", []) if isinstance(principal, Mapping) else []
    texts = [named] if isinstance(named, str) else named
    return bool(texts) and all(text.isdigit() or text.endswith(":root") for text in texts)


def aliases_of(arn: str) -> list[str]:
    """The names of a key, as kms:ResourceAliases has them."""
    parts = arn.split(":")
    with request_scope(parts[4], parts[3]):
        return [alias.split(":", 5)[-1] for alias, key_id in kms._aliases.items() if parts[-1] == f"key/{key_id}"]
