"""What a restore of a table needs."""

from __future__ import annotations

from typing import Mapping

from . import arns, permissions
from .backup_checks import find_resource
from .engine import Engine
from .errors import INVALID_PARAMETER, Failed, Refused
from .state import Point, RestoreJob

NAMES = {name.lower(): name for name in ("targetTableName", "encryptionType", "kmsMasterKeyArn", "aws:backup:request-id")}
KINDS = {"default": "Default", "kms": "KMS"}
#: Reading and writing the items of the target, which DynamoDB asks for beside the restore itself (B-308).
ITEM_ACTIONS = tuple(
    f"dynamodb:{name}" for name in "Scan Query UpdateItem PutItem GetItem DeleteItem BatchWriteItem DescribeTable".split()
)
KEY_ACTIONS = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:CreateGrant")


def metadata(given: Mapping[str, str]) -> dict[str, str]:
    """The metadata of a table under their own names (B-212), or a refusal."""
    known: dict[str, str] = {}
    for name, value in given.items():
        if name.lower() not in NAMES:
            raise Refused(INVALID_PARAMETER, f"Unknown restore metadata of a table: {name}", "B-212")
        known[NAMES[name.lower()]] = value
    if not known.get("targetTableName"):
        raise Refused(INVALID_PARAMETER, "targetTableName is required.", "B-213")
    kind, key = known.get("encryptionType"), known.get("kmsMasterKeyArn")
    if kind is not None:
        if kind.lower() not in KINDS:
            raise Refused(INVALID_PARAMETER, f"Invalid encryptionType: {kind}", "B-214")
        known["encryptionType"] = kind = KINDS[kind.lower()]
    if key and kind != "KMS":
        raise Refused(INVALID_PARAMETER, "kmsMasterKeyArn needs the encryptionType KMS.", "B-214")
    return known


def target_arn(job: RestoreJob) -> str:
    return f"arn:aws:dynamodb:{job.region}:{job.account}:table/{job.metadata['targetTableName']}"


def check(engine: Engine, job: RestoreJob) -> dict[str, str]:
    """The metadata with the key that is used. Raises Failed with the first thing that is missing."""
    permissions.assume(engine, job.role_arn, job.account, "B-220")
    point = job.point
    if point.managed:
        permissions.vault_key(engine, point.key_arn, job.account, job.region, "B-221")
    if job.resource_type != "DynamoDB":
        return dict(job.metadata)
    target = target_arn(job)
    if find_resource(engine, job.account, job.region, target) is not None:
        raise Failed(f"Restore job failed because table {target} already exists.", "B-215")
    if point.managed:
        permissions.role_needs(engine, job.role_arn, ("dynamodb:RestoreTableFromAwsBackup",), target, "B-307")
    else:
        permissions.role_needs(engine, job.role_arn, ("dynamodb:RestoreTableFromBackup",), point.arn, "B-307")
    permissions.role_needs(engine, job.role_arn, ITEM_ACTIONS, target, "B-308")
    return _encryption(engine, job, point)


def _encryption(engine: Engine, job: RestoreJob, point: Point) -> dict[str, str]:
    """The key of the new table (B-216, B-217), which the role has to be allowed to use (B-309)."""
    used = dict(job.metadata)
    if "encryptionType" not in used:
        if arns.region_of(point.resource_arn) != job.region:
            raise Failed("Restore job failed: an encryption key must be specified to restore into another Region.", "B-216")
        if point.resource_key_arn:
            used.update(encryptionType="KMS", kmsMasterKeyArn=point.resource_key_arn)
    key_arn = used.get("kmsMasterKeyArn")
    if not key_arn:
        return used
    if arns.region_of(key_arn) not in ("", job.region):
        raise Failed(f"Restore job failed: KMS key {key_arn} is not of Region {job.region}.", "B-217")
    key = permissions.usable_key(engine, key_arn, job.account, job.region, "B-217")
    context = permissions.key_context("dynamodb", job.region)
    permissions.role_needs_key(engine, job.role_arn, key, KEY_ACTIONS, "B-309", context)
    return used
