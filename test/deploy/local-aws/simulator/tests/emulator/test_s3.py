"""Buckets of CloudFormation and the replicas of their objects."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from running import SECONDARY, WORKLOAD, RunningLocalAws

ROOT = f"arn:aws:iam::{WORKLOAD}:root"


def resource(kind: str, properties: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties, **attributes}


def key() -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"}
    return resource("AWS::KMS::Key", {"KeyPolicy": {"Version": "2012-10-17", "Statement": [statement]}})


def bucket(name: str, lock: bool, **more: Any) -> dict[str, Any]:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Fn::GetAtt": ["Key", "Arn"]}}
    properties = {
        "BucketName": name,
        "VersioningConfiguration": {"Status": "Enabled"},
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [{"BucketKeyEnabled": True, "ServerSideEncryptionByDefault": default}]},
        **more,
    }
    if lock:
        properties["ObjectLockEnabled"] = True
        retention = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}}
        properties["ObjectLockConfiguration"] = {"ObjectLockEnabled": "Enabled", "Rule": retention}
    return resource("AWS::S3::Bucket", properties)


NEEDED = [
    "s3:GetObjectVersionForReplication",
    "s3:GetObjectVersionAcl",
    "s3:ReplicateObject",
    "s3:GetObjectRetention",
    "s3:GetObjectLegalHold",
    "kms:Decrypt",
    "kms:Encrypt",
]


def replicate(running: RunningLocalAws, name: str, lock: bool, actions: list[str] = NEEDED) -> tuple[str, dict[str, str]]:
    """A bucket whose objects are replicated to the other region, and the alias of the replica's key."""
    replica, alias = f"{name}-replica", f"alias/{name}-replica"
    there = {
        "Key": key(),
        "Alias": resource("AWS::KMS::Alias", {"AliasName": alias, "TargetKeyId": {"Ref": "Key"}}),
        "Bucket": bucket(replica, lock),
    }
    running.deploy(replica, {"Resources": there}, region=SECONDARY)
    trust = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}
    of_objects = {"StringLike": {"kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{name}*"}}
    statements = [
        {"Effect": "Allow", "Action": [action for action in actions if not action.startswith("kms:")], "Resource": "*"},
        {"Effect": "Allow", "Action": [action for action in actions if action.startswith("kms:")], "Resource": "*", "Condition": of_objects},
    ]
    policy = {"Version": "2012-10-17", "Statement": statements}
    role = {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [{"PolicyName": "p", "PolicyDocument": policy}],
    }
    encryption = {"ReplicaKmsKeyID": f"arn:aws:kms:{SECONDARY}:{WORKLOAD}:{alias}"}
    rule = {
        "Id": "all",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{replica}", "EncryptionConfiguration": encryption},
        "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
    }
    replication = {"Role": {"Fn::GetAtt": ["Role", "Arn"]}, "Rules": [rule]}
    here = {"Key": key(), "Role": resource("AWS::IAM::Role", role), "Bucket": bucket(name, lock, ReplicationConfiguration=replication)}
    made = running.deploy(name, {"Resources": here})
    assert made["StackStatus"] == "CREATE_COMPLETE", running.failures(name)
    return replica, running.ids(replica, region=SECONDARY)


def test_the_properties_of_a_bucket_are_those_of_the_template(local_aws: RunningLocalAws) -> None:
    rules = [
        {"Id": "old", "Status": "Enabled", "ExpirationInDays": 90, "NoncurrentVersionExpiration": {"NoncurrentDays": 30}},
        {"Id": "uploads", "Status": "Enabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
    ]
    logs = resource("AWS::S3::Bucket", {"BucketName": "all-logs"})
    more = {
        "LifecycleConfiguration": {"Rules": rules},
        "LoggingConfiguration": {"DestinationBucketName": {"Ref": "Logs"}, "LogFilePrefix": "all/"},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "Tags": [{"Key": "a", "Value": "b"}],
    }
    made = local_aws.deploy("all", {"Resources": {"Key": key(), "Logs": logs, "Bucket": bucket("all-things", True, **more)}})
    assert made["StackStatus"] == "CREATE_COMPLETE", local_aws.failures("all")
    s3 = local_aws.client("s3")
    lifecycle = s3.get_bucket_lifecycle_configuration(Bucket="all-things")["Rules"]
    assert [(rule["ID"], rule.get("Expiration")) for rule in lifecycle] == [("old", {"Days": 90}), ("uploads", None)]
    assert s3.get_bucket_logging(Bucket="all-things")["LoggingEnabled"] == {"TargetBucket": "all-logs", "TargetPrefix": "all/"}
    lock = s3.get_object_lock_configuration(Bucket="all-things")["ObjectLockConfiguration"]
    assert lock["Rule"]["DefaultRetention"] == {"Mode": "COMPLIANCE", "Days": 30}
    assert {"Key": "a", "Value": "b"} in s3.get_bucket_tagging(Bucket="all-things")["TagSet"]
    rule = s3.get_bucket_encryption(Bucket="all-things")["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"].endswith(local_aws.ids("all")["Key"])


def test_a_property_that_leaves_the_template_leaves_the_bucket(local_aws: RunningLocalAws) -> None:
    rules = {"Rules": [{"Id": "old", "Status": "Enabled", "ExpirationInDays": 90}]}
    local_aws.deploy("leaves", {"Resources": {"Key": key(), "Bucket": bucket("leaves-it", False, LifecycleConfiguration=rules)}})
    made = local_aws.deploy("leaves", {"Resources": {"Key": key(), "Bucket": bucket("leaves-it", False)}})
    assert made["StackStatus"] == "UPDATE_COMPLETE"
    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        local_aws.client("s3").get_bucket_lifecycle_configuration(Bucket="leaves-it")


def test_logs_go_to_a_bucket_that_exists(local_aws: RunningLocalAws) -> None:
    logging = {"DestinationBucketName": "nowhere-at-all"}
    made = local_aws.deploy("logs-nowhere", {"Resources": {"Key": key(), "Bucket": bucket("logs-nowhere", False, LoggingConfiguration=logging)}})
    assert made["StackStatus"] == "ROLLBACK_COMPLETE"


def test_a_bucket_with_objects_is_not_deleted(local_aws: RunningLocalAws) -> None:
    local_aws.deploy("full", {"Resources": {"Key": key(), "Bucket": bucket("full-bucket", False)}})
    local_aws.client("s3").put_object(Bucket="full-bucket", Key="k", Body=b"x")
    local_aws.client("cloudformation").delete_stack(StackName="full")
    assert local_aws.settled("full")["StackStatus"] == "DELETE_FAILED"


def test_a_replica_of_a_locked_object_is_locked_as_long_as_its_source(local_aws: RunningLocalAws) -> None:
    replica, _ = replicate(local_aws, "locked", True)
    here, there = local_aws.client("s3"), local_aws.client("s3", region=SECONDARY)
    until = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=400)
    here.put_object(Bucket="locked", Key="k", Body=b"x", ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until)
    copy = there.get_object_retention(Bucket=replica, Key="k")["Retention"]
    assert (copy["Mode"], copy["RetainUntilDate"]) == ("GOVERNANCE", until)
    version = there.head_object(Bucket=replica, Key="k")["VersionId"]
    with pytest.raises(ClientError, match="AccessDenied"):
        there.delete_object(Bucket=replica, Key="k", VersionId=version)


def test_retention_that_is_put_later_reaches_the_replica(local_aws: RunningLocalAws) -> None:
    replica, _ = replicate(local_aws, "retained", True)
    here, there = local_aws.client("s3"), local_aws.client("s3", region=SECONDARY)
    here.put_object(Bucket="retained", Key="k", Body=b"x")
    until = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=900)
    here.put_object_retention(Bucket="retained", Key="k", Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until})
    assert there.get_object_retention(Bucket=replica, Key="k")["Retention"]["RetainUntilDate"] == until


def test_a_replica_is_encrypted_with_the_replicas_key(local_aws: RunningLocalAws) -> None:
    replica, ids = replicate(local_aws, "encrypted", False)
    here, there = local_aws.client("s3"), local_aws.client("s3", region=SECONDARY)
    here.put_object(Bucket="encrypted", Key="k", Body=b"x")
    assert here.head_object(Bucket="encrypted", Key="k")["ReplicationStatus"] == "COMPLETED"
    seen = there.head_object(Bucket=replica, Key="k")
    assert (seen["ReplicationStatus"], seen["SSEKMSKeyId"]) == ("REPLICA", f"arn:aws:kms:{SECONDARY}:{WORKLOAD}:key/{ids['Key']}")


@pytest.mark.parametrize("missing", NEEDED)
def test_replication_fails_if_the_role_lacks_an_action(local_aws: RunningLocalAws, missing: str) -> None:
    name = "lacks-" + missing.replace(":", "-").lower()[:40]
    replica, _ = replicate(local_aws, name, True, [action for action in NEEDED if action != missing])
    here = local_aws.client("s3")
    here.put_object(Bucket=name, Key="k", Body=b"x")
    assert here.head_object(Bucket=name, Key="k")["ReplicationStatus"] == "FAILED"
    assert "Contents" not in local_aws.client("s3", region=SECONDARY).list_objects_v2(Bucket=replica)


