"""DynamoDB tables: what AWS Backup finds, an exact snapshot of one, and a new table of a snapshot.

Both are made by ministack's own backup and restore, so that keys, indexes, billing mode and every item come back as
its code keeps them. Its backups of these snapshots are not left in the list of the account's own DynamoDB backups.
"""

from __future__ import annotations

import copy
import json
from typing import Any, Mapping

from backup.errors import Failed
from backup.world import Resource, Snapshot
from ministack.core.responses import request_scope
from ministack.services import dynamodb, tagging

from emulator.answers import message_of


_LAST: dict[str, tuple[dict[str, Any], int]] = {}
"""The items of the last snapshot of each table. Nobody changes them: a restore makes a copy."""


def find_tables(account: str, region: str) -> list[Resource]:
    """The tables of an account and region, with their tags as they are now."""
    with request_scope(account, region):
        tags = {arn: {tag["Key"]: tag["Value"] for tag in listed} for arn, listed in tagging._collect_dynamodb()}
        tables = dynamodb._tables.values()
    return [Resource(table["TableArn"], "DynamoDB", tags.get(table["TableArn"], {}), _customer_key(table)) for table in tables]


def snapshot_table(arn: str) -> Snapshot | None:
    """The content of a table now, or None if there is no such table."""
    account, region, name = _parts(arn)
    with request_scope(account, region):
        table = dynamodb._tables.get(name)
        if table is None:
            return None
        items = table["items"]
        table["items"] = {}  # they are copied below, and only if they have changed since the last snapshot
        try:
            status, _, body = dynamodb._create_backup({"TableName": name, "BackupName": "aws-backup"})
        finally:
            table["items"] = items
        if status >= 400:
            raise RuntimeError(f"ministack does not back up {arn}: {message_of(body)}")
        payload = copy.deepcopy(dynamodb._backups.pop(json.loads(body)["BackupDetails"]["BackupArn"]))
    payload["_items_snapshot"], size = _unchanging(arn, items)
    return Snapshot(payload, size, name)


def _unchanging(arn: str, items: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """A copy of the items of a table, and its size. Snapshots between which nothing was written share one."""
    known = _LAST.get(arn)
    if known is None or known[0] != items:
        kept = copy.deepcopy(dict(items))
        known = _LAST[arn] = (kept, len(json.dumps(kept)))
    return known


def restore_table(snapshot: Snapshot, metadata: Mapping[str, str], account: str, region: str, statement: str) -> str:
    """Makes a new table of a snapshot and gives its ARN."""
    target = metadata["targetTableName"]
    backup_arn = snapshot.payload["BackupDetails"]["BackupArn"]
    request: dict[str, Any] = {"TargetTableName": target, "BackupArn": backup_arn}
    with request_scope(account, region):
        dynamodb._backups[backup_arn] = snapshot.payload  # for the time of the call
        try:
            status, _, body = dynamodb._restore_table_from_backup(request)
        finally:
            dynamodb._backups.pop(backup_arn, None)
        if status >= 400:
            raise Failed(message_of(body), statement)
        table = dynamodb._tables[target]
        table["SSEDescription"] = dynamodb._sse_description_from_spec(_encryption(metadata))
        # The summary would name a backup that DynamoDB's own API does not know.
        table.pop("RestoreSummary", None)
        return str(table["TableArn"])


def _encryption(metadata: Mapping[str, str]) -> dict[str, Any] | None:
    """The new table's encryption: an AWS owned key unless the metadata says KMS."""
    if metadata.get("encryptionType", "Default") in ("Default", "AWS_OWNED_KEY"):
        return None
    key = metadata.get("kmsMasterKeyArn")
    return {"Enabled": True, "SSEType": "KMS", **({"KMSMasterKeyId": key} if key else {})}


def _customer_key(table: Mapping[str, Any]) -> str | None:
    """The customer managed key of a table: not the AWS owned one, not alias/aws/dynamodb."""
    key = (table.get("SSEDescription") or {}).get("KMSMasterKeyArn")
    return None if key is None or key.endswith(":alias/aws/dynamodb") else str(key)


def _parts(arn: str) -> tuple[str, str, str]:
    parts = arn.split(":", 5)
    return parts[4], parts[3], parts[5].removeprefix("table/")
