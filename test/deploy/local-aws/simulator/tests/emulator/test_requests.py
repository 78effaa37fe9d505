"""How requests arrive, and the condition keys that they have, in a running local AWS."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import datetime, timezone
from typing import Any

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest
from botocore.exceptions import ClientError
from running import PRIMARY, WORKLOAD, RunningLocalAws


def session(aws: RunningLocalAws, name: str, *statements: dict[str, Any]) -> dict[str, str]:
    """The credentials of a role that is allowed this and nothing else."""
    iam = aws.client("iam")
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{WORKLOAD}:root"}, "Action": "sts:AssumeRole"}]}
    role = iam.create_role(RoleName=name, Path="/some/path/", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))
    made = aws.client("sts").assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    return {"aws_access_key_id": made["AccessKeyId"], "aws_secret_access_key": made["SecretAccessKey"], "aws_session_token": made["SessionToken"]}


def allow(action: Any, resource: Any = "*", **condition: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **({"Condition": condition} if condition else {})}


@pytest.mark.parametrize(("seconds", "status"), [(None, 200), (3600, 200), (1800, 403)])
def test_a_request_is_signed_at_the_simulated_or_at_the_real_time(seconds: int | None, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with RunningLocalAws.start(LOCAL_AWS_AUTH="1") as aws:
        made = session(aws, "caller", allow("scheduler:ListSchedules"))
        credentials = botocore.credentials.Credentials(*made.values())
        real = datetime.now(timezone.utc).timestamp()
        aws.local("clock", {"forwardSeconds": 3600})
        signed = datetime.fromtimestamp(real + (seconds or 0), timezone.utc).replace(tzinfo=None)
        monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda remove_tzinfo=True: signed)
        request = botocore.awsrequest.AWSRequest("GET", f"{aws.endpoint}/schedules")
        botocore.auth.SigV4Auth(credentials, "scheduler", PRIMARY).add_auth(request)
        try:
            with urllib.request.urlopen(urllib.request.Request(request.url, headers=dict(request.headers))) as answer:
                assert answer.status == status
        except urllib.error.HTTPError as problem:
            assert problem.code == status


def test_a_policy_that_wants_tls_lets_requests_in(guarded_aws: RunningLocalAws) -> None:
    s3 = guarded_aws.client("s3")
    s3.create_bucket(Bucket="over-tls", CreateBucketConfiguration={"LocationConstraint": PRIMARY})
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::over-tls/*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    s3.put_bucket_policy(Bucket="over-tls", Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
    client = guarded_aws.client("s3", **session(guarded_aws, "writer", allow("s3:PutObject")))
    client.put_object(Bucket="over-tls", Key="a", Body=b"")


def test_the_source_of_events_is_a_condition_key(guarded_aws: RunningLocalAws) -> None:
    credentials = session(guarded_aws, "sender", allow("events:PutEvents", StringEquals={"events:source": "mine"}))
    client = guarded_aws.client("events", **credentials)
    entry = {"Source": "mine", "DetailType": "t", "Detail": "{}"}
    assert client.put_events(Entries=[entry])["FailedEntryCount"] == 0
    with pytest.raises(ClientError, match="PutEvents"):
        client.put_events(Entries=[{**entry, "Source": "other"}])


def test_a_batch_of_messages_is_allowed_by_the_action_of_one(guarded_aws: RunningLocalAws) -> None:
    url = guarded_aws.client("sqs").create_queue(QueueName="batches")["QueueUrl"]
    client = guarded_aws.client("sqs", **session(guarded_aws, "batcher", allow("sqs:SendMessage")))
    assert len(client.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "a"}])["Successful"]) == 1
    with pytest.raises(ClientError, match="sqs:DeleteMessage"):
        client.delete_message_batch(QueueUrl=url, Entries=[{"Id": "a", "ReceiptHandle": "x"}])


def test_the_principal_of_a_session_is_its_role_with_its_path(guarded_aws: RunningLocalAws) -> None:
    arn = f"arn:aws:iam::{WORKLOAD}:role/some/path/conditional"
    credentials = session(guarded_aws, "conditional", allow("sqs:ListQueues", ArnEquals={"aws:PrincipalArn": arn}))
    assert guarded_aws.client("sqs", **credentials).list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_e51_daemons_are_listed_by_the_condition_on_the_cluster(guarded_aws: RunningLocalAws) -> None:
    cluster = f"arn:aws:ecs:{PRIMARY}:{WORKLOAD}:cluster/main"
    client = guarded_aws.client("ecs", **session(guarded_aws, "daemons", allow("ecs:ListDaemons", ArnEquals={"ecs:cluster": cluster})))
    assert client.list_daemons(clusterArn=cluster)["daemonSummariesList"] == []
    with pytest.raises(ClientError, match="ecs:ListDaemons"):
        client.list_daemons(clusterArn=cluster + "2")
