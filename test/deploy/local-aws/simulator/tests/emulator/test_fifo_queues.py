"""FIFO queues in a running local AWS: message groups, deduplication, and their dead-letter queues."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any, Iterator

import botocore.exceptions
import pytest
from running import RunningLocalAws
from test_functions import CODE, attribute, get, role, url

FIVE_MINUTES = 300
VISIBLE_AGAIN = 120


def template() -> dict[str, Any]:
    reads = (["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], get("In"))
    redrive = {"deadLetterTargetArn": get("Dead"), "maxReceiveCount": 3}
    fifo = {"FifoQueue": True, "ContentBasedDeduplication": True}
    schedule = {
        "ScheduleExpression": "cron(0 5 * * ? *)", "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": get("In"), "RoleArn": get("ScheduleRole"), "Input": '{"name":"daily"}', "SqsParameters": {"MessageGroupId": "daily"}},
    }  # fmt: skip
    return {"Resources": {
        "Dead": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "dead.fifo", "FifoQueue": True}},
        "In": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "in.fifo", **fifo, "VisibilityTimeout": VISIBLE_AGAIN, "RedrivePolicy": redrive}},
        "Kept": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "kept.fifo", **fifo}},
        "Role": role("lambda.amazonaws.com", reads),
        "ScheduleRole": role("scheduler.amazonaws.com", ("sqs:SendMessage", get("In"))),
        "Function": {"Type": "AWS::Lambda::Function", "Properties": {
            "FunctionName": "f", "Runtime": "nodejs22.x", "Handler": "index.handler", "Timeout": 60, "Role": get("Role"), "Code": {"ZipFile": CODE}}},
        "Mapping": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {
            "EventSourceArn": get("In"), "FunctionName": {"Ref": "Function"}, "BatchSize": 1,
            "ScalingConfig": {"MaximumConcurrency": 2}, "FunctionResponseTypes": ["ReportBatchItemFailures"]}},
        "First": {"Type": "AWS::Scheduler::Schedule", "Properties": {"Name": "first", **schedule}},
        "Second": {"Type": "AWS::Scheduler::Schedule", "Properties": {"Name": "second", **schedule}},
    }}  # fmt: skip


@pytest.fixture(scope="module")
def deployed() -> Iterator[RunningLocalAws]:
    with RunningLocalAws.start(LOCAL_AWS_AUTH="1") as running:
        stack = running.deploy("fifo", template())
        assert stack["StackStatus"] == "CREATE_COMPLETE", stack
        yield running


def test_e34_a_message_that_fails_holds_up_its_group_until_it_is_given_up_and_no_other_group(deployed: RunningLocalAws) -> None:
    send(deployed, "in.fifo", {"name": "bad", "fails": True}, "one")
    send(deployed, "in.fifo", {"name": "next"}, "one")
    send(deployed, "in.fifo", {"name": "other"}, "two")
    deployed.local("clock", {"forwardSeconds": 3 * VISIBLE_AGAIN - 10})
    assert (runs(deployed, "other"), runs(deployed, "next")) == (1, 0)
    deployed.local("clock", {"forwardSeconds": 20})
    assert runs(deployed, "next") == 1
    assert attribute(deployed, "dead.fifo", "ApproximateNumberOfMessages") == "1"
    assert attribute(deployed, "in.fifo", "ApproximateNumberOfMessages") == "0"


def test_e34_a_group_has_one_message_in_flight(deployed: RunningLocalAws) -> None:
    for name, group in (("a", "one"), ("b", "one"), ("c", "two")):
        send(deployed, "kept.fifo", {"name": name}, group)
    sqs, queue = deployed.client("sqs"), url(deployed, "kept.fifo")
    first = sqs.receive_message(QueueUrl=queue)["Messages"][0]
    assert [json.loads(message["Body"])["name"] for message in received(sqs, queue)] == ["c"]
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=first["ReceiptHandle"])
    assert [json.loads(message["Body"])["name"] for message in received(sqs, queue)] == ["b"]


def test_e34_a_message_without_a_group_is_refused(deployed: RunningLocalAws) -> None:
    with pytest.raises(botocore.exceptions.ClientError, match="MessageGroupId"):
        deployed.client("sqs").send_message(QueueUrl=url(deployed, "in.fifo"), MessageBody="{}")


def test_e34_what_a_rule_sends_without_a_group_is_undelivered(deployed: RunningLocalAws) -> None:
    arn = attribute(deployed, "kept.fifo", "QueueArn")
    everybody = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}]}
    deployed.client("sqs").set_queue_attributes(QueueUrl=url(deployed, "kept.fifo"), Attributes={"Policy": json.dumps(everybody)})
    events = deployed.client("events")
    events.put_rule(Name="r", EventPattern='{"source":["mine"]}')
    events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": arn}])
    events.put_events(Entries=[{"Source": "mine", "DetailType": "d", "Detail": "{}"}])
    deployed.local("clock", {"forwardSeconds": 1})
    [lost] = deployed.local("undelivered")["undelivered"]
    assert lost["target"] == arn and "MessageGroupId. [E-34]" in lost["reason"]


def test_e34_a_queue_that_wants_tls_takes_what_a_service_sends(deployed: RunningLocalAws) -> None:
    over_tls = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    deployed.client("sqs").set_queue_attributes(QueueUrl=url(deployed, "in.fifo"), Attributes={"Policy": json.dumps({"Statement": [over_tls]})})
    before = runs(deployed, "daily")
    deployed.local("clock", {"forwardSeconds": 86_400})
    assert runs(deployed, "daily") == before + 1


def test_e35_the_same_text_is_taken_once_in_five_minutes(deployed: RunningLocalAws) -> None:
    for name in ("same", "same", "another"):
        send(deployed, "in.fifo", {"name": name}, "three")
    deployed.local("clock", {"forwardSeconds": FIVE_MINUTES - 10})
    send(deployed, "in.fifo", {"name": "same"}, "three")
    assert (runs(deployed, "same"), runs(deployed, "another")) == (1, 1)
    deployed.local("clock", {"forwardSeconds": 20})
    send(deployed, "in.fifo", {"name": "same"}, "three")
    deployed.local("clock", {"forwardSeconds": 1})
    assert runs(deployed, "same") == 2


def test_e35_two_schedules_with_the_same_text_at_the_same_time_send_it_once(deployed: RunningLocalAws) -> None:
    before = runs(deployed, "daily")
    deployed.local("clock", {"forwardSeconds": 2 * 86_400})
    assert runs(deployed, "daily") == before + 2


@pytest.mark.parametrize("name", ["In", "Dead"])
def test_e36_a_stack_with_a_dead_letter_queue_of_the_other_type_is_refused(deployed: RunningLocalAws, name: str) -> None:
    queues = {"Dead": {"Type": "AWS::SQS::Queue", "Properties": {}}, "In": {"Type": "AWS::SQS::Queue", "Properties": {
        "RedrivePolicy": {"deadLetterTargetArn": get("Dead"), "maxReceiveCount": 3}}}}  # fmt: skip
    queues[name]["Properties"]["FifoQueue"] = True
    assert deployed.deploy(f"refused-{name.lower()}", {"Resources": queues})["StackStatus"] == "ROLLBACK_COMPLETE"
    events = deployed.client("cloudformation").describe_stack_events(StackName=f"refused-{name.lower()}")["StackEvents"]
    assert any("must be same type of queue as the source. [E-36]" in event.get("ResourceStatusReason", "") for event in events)


def test_e36_the_api_refuses_a_dead_letter_queue_of_the_other_type(deployed: RunningLocalAws) -> None:
    sqs = deployed.client("sqs")
    redrive = json.dumps({"deadLetterTargetArn": attribute(deployed, "dead.fifo", "QueueArn"), "maxReceiveCount": 3})
    with pytest.raises(botocore.exceptions.ClientError, match=r"\[E-36\]"):
        sqs.create_queue(QueueName="standard", Attributes={"RedrivePolicy": redrive})
    queue = sqs.create_queue(QueueName="standard")["QueueUrl"]
    with pytest.raises(botocore.exceptions.ClientError, match=r"\[E-36\]"):
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": redrive})


def runs(aws: RunningLocalAws, name: str) -> int:
    """How often the function was given a message."""
    now = datetime.fromtimestamp(aws.local("clock")["now"], timezone.utc)
    points = aws.client("cloudwatch").get_metric_statistics(
        Namespace="Test", MetricName="Handled", Dimensions=[{"Name": "Name", "Value": name}],
        StartTime=now - timedelta(days=5), EndTime=now + timedelta(days=1), Period=60, Statistics=["Sum"],
    )["Datapoints"]  # fmt: skip
    return int(sum(point["Sum"] for point in points))


def send(aws: RunningLocalAws, queue: str, body: dict[str, Any], group: str) -> None:
    aws.client("sqs").send_message(QueueUrl=url(aws, queue), MessageBody=json.dumps(body), MessageGroupId=group)


def received(sqs: Any, queue: str) -> list[dict[str, Any]]:
    return list(sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []))
