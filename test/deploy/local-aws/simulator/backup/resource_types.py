"""What AWS Backup can do with which type of resource.

https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Features:
    """`managed`: the backup is AWS Backup's own, or has at least the key of the vault. `cold`: it moves to cold storage (B-141)."""

    managed: bool = False
    cold: bool = False
    copied: bool = True
    copied_to_accounts: bool = True
    stoppable: bool = True
    shares_arns: bool = False


PLAIN_TABLE = Features(copied=False, copied_to_accounts=False)

TYPES: dict[str, Features] = {
    "Aurora": Features(stoppable=False, shares_arns=True),
    "CloudFormation": Features(managed=True, cold=True, copied_to_accounts=False),
    "DocumentDB": Features(stoppable=False, shares_arns=True),
    "DynamoDB": Features(managed=True, cold=True),
    "EBS": Features(),
    "EC2": Features(),
    "EFS": Features(managed=True, cold=True),
    "EKS": Features(managed=True),
    "FSx": Features(stoppable=False, shares_arns=True),
    "Neptune": Features(stoppable=False, shares_arns=True),
    "RDS": Features(stoppable=False),
    "Redshift": Features(copied=False, copied_to_accounts=False),
    "S3": Features(managed=True),
    "SAP HANA on Amazon EC2": Features(managed=True, cold=True, stoppable=False),
    "Storage Gateway": Features(),
    "Timestream": Features(managed=True, cold=True),
    "VirtualMachine": Features(managed=True, cold=True),
}

#: Types of ResourceTypeManagementPreference and of ResourceTypeOptInIncremental (B-230, B-234).
MANAGEMENT_TYPES = ("DynamoDB", "EFS")
INCREMENTAL_TYPES = ("DynamoDB",)


def features(resource_type: str, advanced_tables: bool) -> Features:
    """What can be done with a type; of tables it depends on the advanced features of the region (B-139, B-140)."""
    if resource_type == "DynamoDB" and not advanced_tables:
        return PLAIN_TABLE
    return TYPES[resource_type]
