"""Objects with a retention and their keys, across accounts, in a running local AWS."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any, Iterator

import pytest
from botocore.exceptions import ClientError
from running import ARCHIVE, SECONDARY, WORKLOAD, RunningLocalAws

BUCKET, MINE = "snapshots", f"daily/ecs/{WORKLOAD}"
ROLE = f"arn:aws:iam::{WORKLOAD}:role/capture"


def allow(action: Any, resource: Any, principal: Any = None, **condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **({"Principal": {"AWS": principal}} if principal else {})}
    return {**statement, **({"Condition": condition} if condition else {})}


def bucket_policy(*more: dict[str, Any]) -> dict[str, Any]:
    limit = {
        "Effect": "Deny", "Principal": "*", "Action": ["s3:PutObject", "s3:PutObjectRetention"], "Resource": f"arn:aws:s3:::{BUCKET}/*",
        "Condition": {"NumericGreaterThan": {"s3:object-lock-remaining-retention-days": "35"}},
    }  # fmt: skip
    objects = f"arn:aws:s3:::{BUCKET}/{MINE}/*"
    put = allow(["s3:PutObject", "s3:PutObjectRetention"], objects, ROLE)
    listed = allow("s3:ListBucket", f"arn:aws:s3:::{BUCKET}", ROLE, StringLike={"s3:prefix": f"{MINE}/*"})
    return {"Version": "2012-10-17", "Statement": [limit, put, listed, *more]}


def policy_of(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


class World:
    """A locked bucket of one account, and the role of another that writes into it."""

    def __init__(self, running: RunningLocalAws) -> None:
        self.running = running
        self.owner = running.client("s3", ARCHIVE)
        kms = running.client("kms", ARCHIVE)
        via = {"StringEquals": {"kms:ViaService": "s3.eu-west-2.amazonaws.com"}, "StringLike": {"kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{BUCKET}"}}
        self.key_policy = {"Statement": [allow("kms:*", "*", f"arn:aws:iam::{ARCHIVE}:root"), allow("kms:GenerateDataKey", "*", ROLE, **via)]}
        self.key = kms.create_key(Policy=json.dumps(self.key_policy))["KeyMetadata"]["Arn"]
        self.owner.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": self.key}
        encryption = {"Rules": [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]}
        self.owner.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration=encryption)
        self.owner.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(bucket_policy()))
        iam = running.client("iam")
        trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{WORKLOAD}:root"}, "Action": "sts:AssumeRole"}]}
        iam.create_role(RoleName="capture", AssumeRolePolicyDocument=json.dumps(trust))
        self.allow(put=True, retention=True, key=True)
        session = running.client("sts").assume_role(RoleArn=ROLE, RoleSessionName="capture")["Credentials"]
        credentials = {"aws_access_key_id": session["AccessKeyId"], "aws_secret_access_key": session["SecretAccessKey"], "aws_session_token": session["SessionToken"]}
        self.writer = running.client("s3", **credentials)

    def allow(self, put: bool = True, retention: bool = True, key: bool = True) -> None:
        """What the role's own policy allows."""
        objects = f"arn:aws:s3:::{BUCKET}/*"
        statements = [allow("s3:PutObject", objects)] * put + [allow("s3:PutObjectRetention", objects)] * retention + [allow("kms:GenerateDataKey", self.key)] * key
        listed = allow("s3:ListBucket", f"arn:aws:s3:::{BUCKET}")
        self.running.client("iam").put_role_policy(RoleName="capture", PolicyName="p", PolicyDocument=policy_of(listed, *statements))

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.running.local("clock")["now"], timezone.utc)

    def put(self, name: str, days: float = 35, mode: str = "COMPLIANCE", **more: Any) -> Any:
        until = self.now() + timedelta(days=days, seconds=-1)
        return self.writer.put_object(Bucket=BUCKET, Key=f"{MINE}/{name}", Body=b"{}", ObjectLockMode=mode, ObjectLockRetainUntilDate=until, ChecksumAlgorithm="SHA256", **more)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with RunningLocalAws.start(LOCAL_AWS_AUTH="1") as running:
        yield World(running)


def denied(action: str, statement: str = "") -> Any:
    return pytest.raises(ClientError, match=rf"{action}.*{statement}")


def test_e152_writing_with_a_retention_needs_both_permissions(world: World) -> None:
    world.put("both")
    world.allow(retention=False)
    with denied("s3:PutObjectRetention", "E-152"):
        world.put("one")
    world.allow()


def test_e153_the_policy_of_the_bucket_limits_the_retention(world: World) -> None:
    with denied("PutObject"):
        world.put("long", days=36)
    version = world.put("extended", mode="GOVERNANCE", days=10)["VersionId"]
    retention = {"Mode": "GOVERNANCE", "RetainUntilDate": world.now() + timedelta(days=36)}
    with denied("s3:PutObjectRetention", "E-153"):
        world.writer.put_object_retention(Bucket=BUCKET, Key=f"{MINE}/extended", VersionId=version, Retention=retention)


def test_e154_nobody_deletes_or_shortens_before_the_date(world: World) -> None:
    version = world.put("kept", days=30)["VersionId"]
    name = {"Bucket": BUCKET, "Key": f"{MINE}/kept", "VersionId": version}
    sooner = {"Mode": "COMPLIANCE", "RetainUntilDate": world.now() + timedelta(days=1)}
    for attempt in ({}, {"BypassGovernanceRetention": True}):
        with denied("AccessDenied"):
            world.owner.delete_object(**name, **attempt)
        with denied("AccessDenied"):
            world.owner.put_object_retention(**name, Retention=sooner, **attempt)
        with denied("AccessDenied"):
            world.owner.put_object_retention(**name, Retention={**sooner, "Mode": "GOVERNANCE", "RetainUntilDate": world.now() + timedelta(days=34)}, **attempt)
    world.owner.put_object_retention(**name, Retention={"Mode": "COMPLIANCE", "RetainUntilDate": world.now() + timedelta(days=31)})


def test_e154_governance_is_bypassed_by_who_says_so(world: World) -> None:
    version = world.put("soft", mode="GOVERNANCE")["VersionId"]
    name = {"Bucket": BUCKET, "Key": f"{MINE}/soft", "VersionId": version}
    with denied("AccessDenied"):
        world.owner.delete_object(**name)
    world.owner.delete_object(**name, BypassGovernanceRetention=True)


def test_e155_after_the_date_it_can_be_deleted(world: World) -> None:
    version = world.put("ended", days=5)["VersionId"]
    name = {"Bucket": BUCKET, "Key": f"{MINE}/ended", "VersionId": version}
    world.running.local("clock", {"forwardSeconds": 4.9 * 86_400})
    with denied("AccessDenied"):
        world.owner.delete_object(**name)
    world.running.local("clock", {"forwardSeconds": 0.2 * 86_400})
    world.owner.delete_object(**name)


def test_e157_the_owner_of_the_bucket_is_checked(world: World) -> None:
    world.put("owned", ExpectedBucketOwner=ARCHIVE)
    with denied("AccessDenied", "E-157"):
        world.put("owned", ExpectedBucketOwner=WORKLOAD)


def test_e158_the_writer_needs_the_key_and_the_key_has_to_let_it_in(world: World) -> None:
    world.allow(key=False)
    world.running.client("kms", ARCHIVE).put_key_policy(KeyId=world.key, PolicyName="default", Policy=json.dumps({"Statement": world.key_policy["Statement"][:1]}))
    with denied("kms:GenerateDataKey", "E-158"):
        world.put("closed")
    world.allow()
    with denied("kms:GenerateDataKey", "E-158"):
        world.put("closed")
    world.running.client("kms", ARCHIVE).put_key_policy(KeyId=world.key, PolicyName="default", Policy=json.dumps(world.key_policy))
    world.put("open")


def test_e158_the_writer_can_not_read_even_if_the_bucket_would_let_it(world: World) -> None:
    world.put("secret")
    with denied("AccessDenied"):
        world.writer.get_object(Bucket=BUCKET, Key=f"{MINE}/secret")
    world.owner.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(bucket_policy(allow("s3:GetObject", f"arn:aws:s3:::{BUCKET}/*", ROLE))))
    world.running.client("iam").put_role_policy(RoleName="capture", PolicyName="read", PolicyDocument=policy_of(allow("s3:GetObject", "*")))
    with denied("kms:Decrypt", "E-158"):
        world.writer.get_object(Bucket=BUCKET, Key=f"{MINE}/secret")
    assert world.owner.get_object(Bucket=BUCKET, Key=f"{MINE}/secret")["Body"].read() == b"{}"


def test_e159_only_its_own_prefix_is_listed(world: World) -> None:
    world.put("listed")
    found = world.writer.list_objects_v2(Bucket=BUCKET, Prefix=f"{MINE}/")
    assert f"{MINE}/listed" in [entry["Key"] for entry in found["Contents"]]
    with denied("ListObjectsV2"):
        world.writer.list_objects_v2(Bucket=BUCKET, Prefix="daily/")
    with denied("ListObjectsV2"):
        world.writer.list_objects_v2(Bucket=BUCKET)


def test_e156_a_replica_has_the_retention_of_its_source(world: World) -> None:
    there = world.running.client("s3", ARCHIVE, SECONDARY)
    there.create_bucket(Bucket="replica", ObjectLockEnabledForBucket=True, CreateBucketConfiguration={"LocationConstraint": SECONDARY})
    iam = world.running.client("iam", ARCHIVE)
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    role = iam.create_role(RoleName="replication", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName="replication", PolicyName="p", PolicyDocument=policy_of(allow(["s3:*", "kms:*"], "*")))
    key = world.running.client("kms", ARCHIVE, SECONDARY).create_key()["KeyMetadata"]["Arn"]
    rule = {
        "ID": "all", "Priority": 1, "Status": "Enabled", "Filter": {"Prefix": ""}, "DeleteMarkerReplication": {"Status": "Disabled"},
        "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
        "Destination": {"Bucket": "arn:aws:s3:::replica", "EncryptionConfiguration": {"ReplicaKmsKeyID": key}},
    }  # fmt: skip
    world.owner.put_bucket_replication(Bucket=BUCKET, ReplicationConfiguration={"Role": role, "Rules": [rule]})
    world.put("copied", days=20)
    retention = there.get_object_retention(Bucket="replica", Key=f"{MINE}/copied")["Retention"]
    assert retention["Mode"] == "COMPLIANCE" and abs(retention["RetainUntilDate"] - world.now() - timedelta(days=20)) < timedelta(minutes=5)


def test_e160_who_does_not_ask_for_a_new_object_is_denied_where_the_policy_wants_it(world: World) -> None:
    overwriting = {"Null": {"s3:if-none-match": "true"}, "Bool": {"s3:ObjectCreationOperation": "true"}}
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{BUCKET}/*", "Condition": overwriting}
    world.owner.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(bucket_policy(deny)))
    try:
        world.put("once", IfNoneMatch="*")
        with pytest.raises(ClientError, match="AccessDenied"):
            world.put("once")
    finally:
        world.owner.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(bucket_policy()))
