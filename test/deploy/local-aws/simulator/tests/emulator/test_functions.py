"""A schedule, a queue and a function behind it in a running local AWS."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any, Iterator

import botocore.exceptions
import pytest
from running import RunningLocalAws

CODE = """
exports.handler = async (event) => {
  const failures = [];
  for (const record of event.Records) {
    const body = JSON.parse(record.body);
    console.log(JSON.stringify({
      _aws: { Timestamp: Number(record.attributes.SentTimestamp), CloudWatchMetrics: [{ Namespace: 'Test', Dimensions: [['Name']], Metrics: [{ Name: 'Handled' }] }] },
      Name: body.name, Handled: 1,
    }));
    await new Promise((resolve) => { setTimeout(resolve, 300); });
    if (body.fails) { failures.push({ itemIdentifier: record.messageId }); }
  }
  return { batchItemFailures: failures };
};
"""
DAY = 86_400


def get(name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [name, "Arn"]}


def role(service: str, *statements: tuple[Any, Any]) -> dict[str, Any]:
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}
    allowed = [{"Effect": "Allow", "Action": action, "Resource": resource} for action, resource in statements]
    policies = [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": allowed}}] if allowed else []
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust, "Policies": policies}}


def template() -> dict[str, Any]:
    reads = (["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], get("In"))
    key_policy = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, "Action": "kms:*", "Resource": "*"}]}
    redrive = {"deadLetterTargetArn": get("Dead"), "maxReceiveCount": 3}
    return {"Resources": {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": key_policy}},
        "Dead": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "dead", "MessageRetentionPeriod": 1_209_600}},
        "In": {"Type": "AWS::SQS::Queue", "Properties": {
            "QueueName": "in", "VisibilityTimeout": 120, "DelaySeconds": 60, "RedrivePolicy": redrive, "KmsMasterKeyId": get("Key")}},
        "Role": role("lambda.amazonaws.com", reads, ("kms:Decrypt", get("Key"))),
        "ScheduleRole": role("scheduler.amazonaws.com", ("sqs:SendMessage", get("In")), (["kms:Decrypt", "kms:GenerateDataKey"], get("Key"))),
        "Function": {"Type": "AWS::Lambda::Function", "Properties": {
            "FunctionName": "f", "Runtime": "nodejs22.x", "Handler": "index.handler", "Timeout": 60, "Role": get("Role"), "Code": {"ZipFile": CODE}}},
        "Mapping": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {
            "EventSourceArn": get("In"), "FunctionName": {"Ref": "Function"}, "BatchSize": 1,
            "ScalingConfig": {"MaximumConcurrency": "2"}, "FunctionResponseTypes": ["ReportBatchItemFailures"]}},
        "Schedule": {"Type": "AWS::Scheduler::Schedule", "Properties": {
            "Name": "daily", "ScheduleExpression": "cron(0 5 * * ? *)", "ScheduleExpressionTimezone": "Europe/London",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": get("In"), "RoleArn": get("ScheduleRole"), "RetryPolicy": {"MaximumEventAgeInSeconds": "3600"}, "Input": '{"name":"daily"}'}}},
    }}  # fmt: skip


@pytest.fixture(scope="module")
def deployed() -> Iterator[RunningLocalAws]:
    with RunningLocalAws.start(LOCAL_AWS_AUTH="1") as running:
        stack = running.deploy("functions", template())
        assert stack["StackStatus"] == "CREATE_COMPLETE", stack
        yield running


def handled(aws: RunningLocalAws, name: str) -> list[datetime]:
    now = datetime.fromtimestamp(aws.local("clock")["now"], timezone.utc)
    points = aws.client("cloudwatch").get_metric_statistics(
        Namespace="Test", MetricName="Handled", Dimensions=[{"Name": "Name", "Value": name}],
        StartTime=now - timedelta(days=5), EndTime=now + timedelta(days=1), Period=60, Statistics=["Sum"],
    )["Datapoints"]  # fmt: skip
    return sorted(point["Timestamp"].astimezone(timezone.utc) for point in points)


def test_properties_of_templates_stay(deployed: RunningLocalAws) -> None:
    [mapping] = deployed.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 2} and mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    schedule = deployed.client("scheduler").get_schedule(Name="daily")
    assert schedule["ScheduleExpressionTimezone"] == "Europe/London" and schedule["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 3600}


def test_a_schedule_sends_to_the_function_once_a_day_and_is_waited_for(deployed: RunningLocalAws) -> None:
    deployed.local("clock", {"forwardSeconds": 2 * DAY})
    assert [moment.strftime("%H:%M") for moment in handled(deployed, "daily")] == ["05:00", "05:00"]
    assert deployed.local("undelivered") == {"undelivered": []}
    assert int(attribute(deployed, "in", "ApproximateNumberOfMessages")) == 0


def test_e27_a_message_that_fails_three_times_is_in_the_dead_letter_queue(deployed: RunningLocalAws) -> None:
    send(deployed, {"name": "bad", "fails": True})
    deployed.local("clock", {"forwardSeconds": 60 + 2 * 120 + 60})
    assert attribute(deployed, "dead", "ApproximateNumberOfMessages") == "0"
    deployed.local("clock", {"forwardSeconds": 60 + 5})
    assert attribute(deployed, "dead", "ApproximateNumberOfMessages") == "1"
    assert attribute(deployed, "in", "ApproximateNumberOfMessagesNotVisible") == "0"


def test_e29_without_permission_on_the_key_nothing_is_sent(deployed: RunningLocalAws) -> None:
    iam = deployed.client("iam")
    iam.create_user(UserName="sender")
    allowed = {"Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}
    iam.put_user_policy(UserName="sender", PolicyName="p", PolicyDocument=json.dumps(allowed))
    key = iam.create_access_key(UserName="sender")["AccessKey"]
    sqs = deployed.client("sqs", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    with pytest.raises(botocore.exceptions.ClientError, match=r"is not authorized to perform: kms:GenerateDataKey .*\[E-29\]"):
        sqs.send_message(QueueUrl=url(deployed, "in"), MessageBody="{}")
    with pytest.raises(botocore.exceptions.ClientError, match=r"kms:Decrypt .*\[E-29\]"):
        sqs.receive_message(QueueUrl=url(deployed, "in"))


def test_a_message_is_kept_for_its_retention_in_simulated_time(deployed: RunningLocalAws) -> None:
    deployed.client("sqs").send_message(QueueUrl=url(deployed, "dead"), MessageBody="{}")
    before = int(attribute(deployed, "dead", "ApproximateNumberOfMessages"))
    deployed.local("clock", {"forwardSeconds": 13 * DAY})
    assert int(attribute(deployed, "dead", "ApproximateNumberOfMessages")) == before
    deployed.local("clock", {"forwardSeconds": 2 * DAY})
    assert attribute(deployed, "dead", "ApproximateNumberOfMessages") == "0"


@pytest.mark.parametrize(("name", "change", "statement"), [
    ("In", {"VisibilityTimeout": 30}, "E-20"),
    ("Role", {"Policies": []}, "E-21"),
    ("ScheduleRole", {"AssumeRolePolicyDocument": {"Statement": []}}, "E-7"),
    ("Schedule", {"ScheduleExpression": "cron(0 5 * * *)"}, "E-1"),
])  # fmt: skip
def test_a_stack_that_aws_refuses_is_refused(guarded_aws: RunningLocalAws, name: str, change: dict[str, Any], statement: str) -> None:
    content = template()
    content["Resources"][name]["Properties"].update(change)
    stack = f"refused-{name.lower()}"
    assert guarded_aws.deploy(stack, content)["StackStatus"] == "ROLLBACK_COMPLETE"
    events = guarded_aws.client("cloudformation").describe_stack_events(StackName=stack)["StackEvents"]
    assert any(f"[{statement}]" in event.get("ResourceStatusReason", "") for event in events)


def url(aws: RunningLocalAws, queue: str) -> str:
    return str(aws.client("sqs").get_queue_url(QueueName=queue)["QueueUrl"])


def send(aws: RunningLocalAws, body: dict[str, Any]) -> None:
    aws.client("sqs").send_message(QueueUrl=url(aws, "in"), MessageBody=json.dumps(body))


def attribute(aws: RunningLocalAws, queue: str, name: str) -> str:
    return str(aws.client("sqs").get_queue_attributes(QueueUrl=url(aws, queue), AttributeNames=[name])["Attributes"][name])
