"""Amazon Resource Names."""

from __future__ import annotations

import re
from dataclasses import dataclass

VAULT = re.compile(r"arn:(aws[a-z-]*):backup:([a-z0-9-]+):([0-9]{12}):backup-vault:([a-zA-Z0-9_-]{2,50})")
ROLE = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):role/.+")


@dataclass(frozen=True)
class VaultArn:
    """The parts of the ARN of a vault."""

    arn: str
    region: str
    account: str
    name: str


def vault_arn(region: str, account: str, name: str) -> str:
    """The ARN of a vault."""
    return f"arn:aws:backup:{region}:{account}:backup-vault:{name}"


def parse_vault_arn(text: str) -> VaultArn | None:
    """The parts of a vault's ARN, None if it is not one."""
    match = VAULT.fullmatch(text)
    return VaultArn(text, match[2], match[3], match[4]) if match else None


def role_account(role_arn: str) -> str | None:
    """The account of a role, None if the text is not the ARN of a role."""
    match = ROLE.fullmatch(role_arn)
    return match[1] if match else None


def service_linked_role(account: str) -> str:
    """The role that AWS Backup itself has in an account."""
    return f"arn:aws:iam::{account}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"


def resource_name(arn: str) -> str:
    """The last part of an ARN, which is the name that AWS Backup shows."""
    return re.split(r"[:/]", arn)[-1]


def region_of(arn: str) -> str:
    """The region in an ARN, empty where it has none."""
    parts = arn.split(":")
    return parts[3] if len(parts) > 3 else ""
