"""Replicas of S3 objects as AWS makes them: with the role's permissions, locked like their source, encrypted with the replica's key."""

from __future__ import annotations

from typing import Any, Mapping

from ministack.core.responses import get_account_id, get_region
from ministack.services import s3

from emulator import identities, keys

ALGORITHM = "x-amz-server-side-encryption"
KEY_ID = "x-amz-server-side-encryption-aws-kms-key-id"


def install() -> None:
    """Puts what ministack leaves out around its replication."""
    replicate, lock, retain = s3._maybe_replicate, s3._apply_object_lock_from_headers, s3._put_object_retention

    def replicate_as_allowed(bucket: str, key: str, record: dict[str, Any], data: Any, tags: Any = None) -> None:
        rule, role = s3._replication_rule_for(bucket, key, tags)
        if rule is not None and not _may_replicate(bucket, key, record, rule, role):
            record["replication_status"] = "FAILED"
            return
        replicate(bucket, key, record, data, tags)
        if rule is not None and record.get("_replica"):
            _encrypt_replica(key, record, rule)

    def lock_replica_too(bucket: str, key: str, headers: Mapping[str, str], version: Any) -> None:
        lock(bucket, key, headers, version)
        _lock_replica(bucket, key, version)

    def retain_replica_too(bucket: str, key: str, body: bytes, headers: Any, query: Any = None) -> Any:
        answer = retain(bucket, key, body, headers, query)
        if answer[0] < 400:
            _lock_replica(bucket, key, ((query or {}).get("versionId") or [None])[0])
        return answer

    s3._maybe_replicate = replicate_as_allowed
    s3._apply_object_lock_from_headers = lock_replica_too
    s3._put_object_retention = retain_replica_too


def _may_replicate(bucket: str, key: str, record: Mapping[str, Any], rule: Mapping[str, Any], role: str) -> bool:
    """Whether the role may read the object and write the replica, and whether the rule is about objects encrypted like this one."""
    destination = rule["Destination"]
    source_object, replica = f"arn:aws:s3:::{bucket}/{key}", f"{destination['Bucket']}/{key}"
    needed = [
        ("s3:GetObjectVersionForReplication", source_object),
        ("s3:GetObjectVersionAcl", source_object),
        ("s3:ReplicateObject", replica),
    ]
    if s3._bucket_object_lock.get(bucket):
        needed += [("s3:GetObjectRetention", source_object), ("s3:GetObjectLegalHold", source_object)]
    source_key = record.get("preserved_headers", {}).get(KEY_ID)
    if source_key:
        criteria = rule.get("SourceSelectionCriteria") or {}
        if (criteria.get("SseKmsEncryptedObjects") or {}).get("Status") != "Enabled":
            return False
        needed.append(("kms:Decrypt", _key_arn(source_key)))
        replica_key = (destination.get("EncryptionConfiguration") or {}).get("ReplicaKmsKeyID")
        if replica_key:
            needed.append(("kms:Encrypt", _key_arn(replica_key)))
    objects = {"kms:Decrypt": source_object, "kms:Encrypt": replica}
    return all(identities.decide(role, action, resource, _context(action, resource, objects.get(action, ""))) for action, resource in needed)


def _context(action: str, resource: str, encrypted: str) -> dict[str, Any]:
    """Keys that policies of replication roles name: the key is used through S3, in the key's own Region, for an object."""
    if not action.startswith("kms:"):
        return {}
    account, region = resource.split(":")[4], resource.split(":")[3]
    return {
        "kms:ViaService": f"s3.{region}.amazonaws.com",
        "kms:ResourceAliases": keys.aliases_of(resource),
        "kms:CallerAccount": account,
        "kms:EncryptionContext:aws:s3:arn": encrypted,
    }


def _key_arn(name: str) -> str:
    """The key that an alias stands for: policies are about keys."""
    found = keys.find_key(name, get_account_id(), get_region())
    return found.arn if found else name


def _encrypt_replica(key: str, record: Mapping[str, Any], rule: Mapping[str, Any]) -> None:
    replica_key = (rule["Destination"].get("EncryptionConfiguration") or {}).get("ReplicaKmsKeyID")
    if not replica_key or not record.get("preserved_headers", {}).get(KEY_ID):
        return
    bucket, version, account = record["_replica"]
    replica = s3._buckets.get_scoped(account, None, bucket)["objects"][key]
    written = {ALGORITHM: "aws:kms", KEY_ID: _key_arn(replica_key)}
    replica["preserved_headers"] = {**replica["preserved_headers"], **written}
    for entry in s3._object_versions.get_scoped(account, None, (bucket, key), []):
        if entry.get("version_id") == version and "preserved_headers" in entry:
            entry["preserved_headers"] = {**entry["preserved_headers"], **written}


def _lock_replica(bucket: str, key: str, version: Any) -> None:
    """The source's retention comes with the object. Without one the destination's default holds."""
    record = (s3._buckets.get(bucket) or {}).get("objects", {}).get(key) or {}
    if not record.get("_replica") or version not in (None, record.get("version_id")):
        return
    replica_bucket, replica_version, account = record["_replica"]
    retention = s3._object_retention.get((bucket, key, record.get("version_id")))
    hold = s3._object_legal_hold.get((bucket, key, record.get("version_id")))
    with s3._in_account(account):
        if not s3._bucket_object_lock.get(replica_bucket):
            return
        if retention:
            s3._object_retention[(replica_bucket, key, replica_version)] = dict(retention)
        else:
            s3._apply_object_lock_from_headers(replica_bucket, key, {}, replica_version)
        if hold:
            s3._object_legal_hold[(replica_bucket, key, replica_version)] = hold
