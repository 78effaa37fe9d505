"""Events to buses, log groups, topics and queues; metric filters; alarms: over the API of the local AWS."""

from __future__ import annotations

import json
import time
from typing import Any, Callable

import botocore.exceptions
import pytest
from running import ARCHIVE, MANAGEMENT, PRIMARY, SECONDARY, WORKLOAD, RunningLocalAws

ORGANIZATION = "o-exampleorg12"
PATTERN = json.dumps({"source": ["demo"]})


def eventually(what: Callable[[], Any], seconds: float = 5) -> Any:
    """The first answer that is not empty."""
    end = time.time() + seconds
    while not (answer := what()) and time.time() < end:
        time.sleep(0.05)
    return answer


def role(running: RunningLocalAws, name: str, action: str, resource: str, account: str = WORKLOAD) -> str:
    """A role that EventBridge can assume."""
    iam = running.client("iam", account)
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    allowed = {"Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]}
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(allowed))
    return str(arn)


def queue(running: RunningLocalAws, name: str, policy: bool = True, account: str = WORKLOAD, region: str = PRIMARY) -> tuple[str, str]:
    """The URL and the ARN of a queue, which lets EventBridge and SNS in."""
    sqs = running.client("sqs", account, region)
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = f"arn:aws:sqs:{region}:{account}:{name}"
    if policy:
        services = {"Service": ["events.amazonaws.com", "sns.amazonaws.com"]}
        statement = {"Effect": "Allow", "Principal": services, "Action": "sqs:SendMessage", "Resource": arn}
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": [statement]})})
    return url, arn


def received(running: RunningLocalAws, url: str, account: str = WORKLOAD, region: str = PRIMARY) -> list[dict[str, Any]]:
    """The messages in a queue."""
    answer = running.client("sqs", account, region).receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
    return list(answer.get("Messages", []))


def rule(running: RunningLocalAws, name: str, targets: list[dict[str, Any]], account: str = WORKLOAD, region: str = PRIMARY, **more: Any) -> None:
    """A rule for the events of these tests."""
    events = running.client("events", account, region)
    events.put_rule(Name=name, EventPattern=PATTERN, **more)
    bus = {key: more[key] for key in ("EventBusName",) if key in more}
    events.put_targets(Rule=name, Targets=[{"Id": str(index), **target} for index, target in enumerate(targets)], **bus)


def happen(running: RunningLocalAws, account: str = WORKLOAD, region: str = PRIMARY, **detail: Any) -> None:
    """An event."""
    entry = {"Source": "demo", "DetailType": "Copy Job State Change", "Detail": json.dumps(detail)}
    running.client("events", account, region).put_events(Entries=[entry])


def undelivered(running: RunningLocalAws, target: str) -> list[str]:
    """Why a target did not get something."""
    return [entry["reason"] for entry in running.local("undelivered")["undelivered"] if entry["target"] == target]


def template_bus_policy(bus: str, arn: str, organization: str) -> dict[str, Any]:
    """As the reference app's template has it."""
    condition = {"StringEquals": {"aws:PrincipalOrgID": organization, "aws:PrincipalAccount": [WORKLOAD, ARCHIVE]}}
    statement = {"Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": arn, "Condition": condition}
    properties = {"EventBusName": {"Ref": bus}, "StatementId": "Organization", "Statement": statement}
    return {"Type": "AWS::Events::EventBusPolicy", "Properties": properties}


def deploy_bus(running: RunningLocalAws, name: str, organization: str = ORGANIZATION) -> str:
    """The central bus."""
    arn = f"arn:aws:events:{PRIMARY}:{ARCHIVE}:event-bus/{name}"
    resources = {"Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": name}}, "Policy": template_bus_policy("Bus", arn, organization)}
    assert running.deploy(name, {"Resources": resources}, ARCHIVE)["StackStatus"] == "CREATE_COMPLETE"
    return arn


def test_an_event_goes_over_account_and_region_and_keeps_where_it_came_from(local_aws: RunningLocalAws) -> None:
    arn = deploy_bus(local_aws, "central-one")
    url, queue_arn = queue(local_aws, "one", account=ARCHIVE)
    rule(local_aws, "all", [{"Arn": queue_arn}], ARCHIVE, EventBusName="central-one")
    rule(local_aws, "one", [{"Arn": arn, "RoleArn": role(local_aws, "one", "events:PutEvents", arn)}], region=SECONDARY)
    happen(local_aws, region=SECONDARY, state="FAILED")
    (message,) = eventually(lambda: received(local_aws, url, ARCHIVE))
    event = json.loads(message["Body"])
    assert [event["account"], event["region"], event["detail"]] == [WORKLOAD, SECONDARY, {"state": "FAILED"}]


def test_a_bus_that_does_not_let_the_organization_in_is_no_target(local_aws: RunningLocalAws) -> None:
    arn = deploy_bus(local_aws, "central-two", "o-anotherorg34")
    target = {"Arn": arn, "RoleArn": role(local_aws, "two", "events:PutEvents", arn)}
    with pytest.raises(botocore.exceptions.ClientError, match="AccessDenied"):
        rule(local_aws, "two", [target])


def test_a_bus_that_is_closed_later_gets_nothing_and_the_dead_letter_queue_does(local_aws: RunningLocalAws) -> None:
    arn = deploy_bus(local_aws, "central-three")
    url, dead_letters = queue(local_aws, "three")
    target = {"Arn": arn, "RoleArn": role(local_aws, "three", "events:PutEvents", arn), "DeadLetterConfig": {"Arn": dead_letters}}
    rule(local_aws, "three", [target])
    local_aws.client("events", ARCHIVE).remove_permission(EventBusName="central-three", StatementId="Organization")
    happen(local_aws, state="FAILED")
    (message,) = received(local_aws, url)
    assert message["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "NO_PERMISSIONS"
    assert json.loads(message["Body"])["detail"] == {"state": "FAILED"}
    assert "[S-83]" in undelivered(local_aws, arn)[0]


def metric(running: RunningLocalAws, namespace: str, name: str, account: str = WORKLOAD, **dimensions: str) -> float:
    """The sum of a metric around now."""
    now = running.local("clock")["now"]
    answer = running.client("cloudwatch", account).get_metric_statistics(
        Namespace=namespace, MetricName=name, Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        StartTime=now - 3600, EndTime=now + 3600, Period=7200, Statistics=["Sum"],
    )  # fmt: skip
    return float(sum(point["Sum"] for point in answer["Datapoints"]))


def test_a_log_group_gets_events_by_its_resource_policy_and_metric_filters_count_them(local_aws: RunningLocalAws) -> None:
    logs = local_aws.client("logs")
    logs.create_log_group(logGroupName="/aws/events/all")
    group = f"arn:aws:logs:{PRIMARY}:{WORKLOAD}:log-group:/aws/events/all"
    logs.put_metric_filter(
        logGroupName="/aws/events/all", filterName="failed",
        filterPattern='{ ($.detail-type = "Copy Job State Change") && ($.detail.state = "FAILED") && ($.account = "*") }',
        metricTransformations=[
            {"metricNamespace": "Central", "metricName": "Failed", "metricValue": "1", "dimensions": {"Account": "$.account"}}
        ],
    )  # fmt: skip
    rule(local_aws, "logged", [{"Arn": group}])
    happen(local_aws, state="FAILED")
    assert "[S-85]" in undelivered(local_aws, group)[0]
    statement = {
        "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"{group}:*", "Condition": {"ArnEquals": {"aws:SourceArn": f"arn:aws:events:{PRIMARY}:{WORKLOAD}:rule/other"}},
    }  # fmt: skip
    logs.put_resource_policy(policyName="events", policyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    happen(local_aws, state="FAILED")
    assert len(undelivered(local_aws, group)) == 2
    statement["Condition"] = {"ArnEquals": {"aws:SourceArn": f"arn:aws:events:{PRIMARY}:{WORKLOAD}:rule/logged"}}
    logs.put_resource_policy(policyName="events", policyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    happen(local_aws, state="FAILED")
    happen(local_aws, state="COMPLETED")
    found = [json.loads(event["message"])["detail"]["state"] for event in logs.filter_log_events(logGroupName="/aws/events/all")["events"]]
    assert found == ["FAILED", "COMPLETED"]
    assert metric(local_aws, "Central", "Failed", Account=WORKLOAD) == 1
    assert metric(local_aws, "AWS/Events", "TriggeredRules", RuleName="logged") == 4
    assert metric(local_aws, "AWS/Events", "FailedInvocations", RuleName="logged") == 2


def topic_with_key(running: RunningLocalAws, name: str, services: list[str]) -> tuple[str, str, str]:
    """The ARNs of a topic and its key, and the URL of a queue that gets its messages. The topic lets CloudWatch and EventBridge publish."""
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{WORKLOAD}:root"}, "Action": "kms:*", "Resource": "*"}
    use = {"Effect": "Allow", "Principal": {"Service": services}, "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "*"}
    publish = {"Effect": "Allow", "Principal": {"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"]}, "Action": "sns:Publish",
               "Resource": {"Ref": "Topic"}}  # fmt: skip
    resources = {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": [root, use] if services else [root]}}},
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name, "KmsMasterKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}},
        "Policy": {"Type": "AWS::SNS::TopicPolicy", "Properties": {"Topics": [{"Ref": "Topic"}], "PolicyDocument": {"Statement": [publish]}}},
    }
    assert running.deploy(name, {"Resources": resources})["StackStatus"] == "CREATE_COMPLETE"
    ids = running.ids(name)
    url, arn = queue(running, name)
    running.client("sns").subscribe(TopicArn=ids["Topic"], Protocol="sqs", Endpoint=arn)
    return ids["Topic"], ids["Key"], url


def test_a_closed_key_keeps_events_from_a_topic(local_aws: RunningLocalAws) -> None:
    topic, key, url = topic_with_key(local_aws, "encrypted", ["events.amazonaws.com"])
    rule(local_aws, "told", [{"Arn": topic}])
    happen(local_aws, state="ONE")
    local_aws.client("kms").disable_key(KeyId=key)
    happen(local_aws, state="TWO")
    bodies = [json.loads(json.loads(message["Body"])["Message"])["detail"]["state"] for message in received(local_aws, url)]
    assert bodies == ["ONE"]
    assert "[S-87]" in undelivered(local_aws, topic)[0]


def test_what_a_topic_refuses_goes_to_the_dead_letter_queue_and_no_further(local_aws: RunningLocalAws) -> None:
    url, dead_letters = queue(local_aws, "refused")
    services = {"Service": "events.amazonaws.com"}
    policy = {"Statement": [{"Effect": "Allow", "Principal": services, "Action": "sns:Publish", "Resource": "*"}]}
    attributes = {"FifoTopic": "true", "Policy": json.dumps(policy)}
    topic = local_aws.client("sns").create_topic(Name="refused.fifo", Attributes=attributes)["TopicArn"]
    rule(local_aws, "refused", [{"Arn": topic, "DeadLetterConfig": {"Arn": dead_letters}}])
    happen(local_aws)
    (message,) = received(local_aws, url)
    assert message["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "ERROR_FROM_TARGET"


def alarm(running: RunningLocalAws, name: str, topic: str, **more: Any) -> None:
    """An alarm on failed jobs of the vault of its name."""
    request = {
        "AlarmName": name, "Namespace": "Demo", "MetricName": "Failed", "Dimensions": [{"Name": "Vault", "Value": name}], "Statistic": "Sum",
        "Period": 300, "EvaluationPeriods": 1, "Threshold": 0, "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "notBreaching",
        "AlarmActions": [topic], **more,
    }  # fmt: skip
    running.client("cloudwatch").put_metric_alarm(**{key: value for key, value in request.items() if value is not None})


def measure(running: RunningLocalAws, vault: str) -> None:
    """A failed job."""
    datum = {"MetricName": "Failed", "Dimensions": [{"Name": "Vault", "Value": vault}], "Value": 1}
    running.client("cloudwatch").put_metric_data(Namespace="Demo", MetricData=[datum])


def state(running: RunningLocalAws, name: str) -> str:
    """The state of an alarm."""
    answer = running.client("cloudwatch").describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    return str([*answer["MetricAlarms"], *answer["CompositeAlarms"]][0]["StateValue"])


def is_soon(running: RunningLocalAws, name: str, wanted: str) -> bool:
    """Whether an alarm comes into a state."""
    return bool(eventually(lambda: state(running, name) == wanted))


def test_an_alarm_tells_its_topic_and_ends_with_time(local_aws: RunningLocalAws) -> None:
    topic, _, url = topic_with_key(local_aws, "alarms-one", ["cloudwatch.amazonaws.com"])
    alarm(local_aws, "one", topic)
    assert is_soon(local_aws, "one", "OK")
    measure(local_aws, "two")
    measure(local_aws, "one")
    assert is_soon(local_aws, "one", "ALARM")
    (message,) = eventually(lambda: received(local_aws, url))
    told = json.loads(json.loads(message["Body"])["Message"])
    assert [told["AlarmName"], told["NewStateValue"], told["OldStateValue"]] == ["one", "ALARM", "OK"]
    local_aws.local("clock", {"forwardSeconds": 1020})
    assert state(local_aws, "one") == "OK"
    history = local_aws.client("cloudwatch").describe_alarm_history(AlarmName="one", HistoryItemType="StateUpdate")["AlarmHistoryItems"]
    assert [item["HistorySummary"] for item in history] == [
        "Alarm updated from ALARM to OK", "Alarm updated from OK to ALARM", "Alarm updated from INSUFFICIENT_DATA to OK",
    ]  # fmt: skip


def test_an_alarm_whose_topic_has_a_closed_key_fires_and_nothing_arrives(local_aws: RunningLocalAws) -> None:
    topic, _, url = topic_with_key(local_aws, "alarms-two", ["events.amazonaws.com"])
    alarm(local_aws, "two", topic)
    measure(local_aws, "two")
    assert is_soon(local_aws, "two", "ALARM")
    assert received(local_aws, url) == []
    assert "[S-87]" in undelivered(local_aws, topic)[0]
    history = local_aws.client("cloudwatch").describe_alarm_history(AlarmName="two", HistoryItemType="Action")["AlarmHistoryItems"]
    assert history[0]["HistorySummary"].startswith("Failed to execute action")


def test_an_alarm_on_an_expression_and_a_composite_alarm(local_aws: RunningLocalAws) -> None:
    of_vault = {"Namespace": "Demo", "MetricName": "Failed", "Dimensions": [{"Name": "Vault", "Value": "three"}]}
    stat = {"Metric": of_vault, "Period": 300, "Stat": "Sum"}
    metrics = [{"Id": "all", "Expression": "FILL(m1, 0) + 0"}, {"Id": "m1", "MetricStat": stat, "ReturnData": False}]
    none = dict.fromkeys(("Namespace", "MetricName", "Dimensions", "Statistic", "Period"))
    alarm(local_aws, "three", "arn:aws:sns:eu-west-2:222222222222:none", Metrics=metrics, **none)
    local_aws.client("cloudwatch").put_composite_alarm(AlarmName="health", AlarmRule='ALARM("three")')
    assert state(local_aws, "health") == "OK"
    measure(local_aws, "three")
    assert is_soon(local_aws, "three", "ALARM")
    assert state(local_aws, "health") == "ALARM"
    local_aws.client("cloudwatch").delete_alarms(AlarmNames=["health"])
    local_aws.client("cloudwatch").delete_alarms(AlarmNames=["three"])
    alarm(local_aws, "three", "arn:aws:sns:eu-west-2:222222222222:none")
    assert state(local_aws, "three") in ("INSUFFICIENT_DATA", "ALARM")


@pytest.mark.parametrize(
    "more",
    [
        {"Period": 90},
        {"EvaluationPeriods": 300},
        {"Statistic": None, "ExtendedStatistic": "p99"},
        {"ComparisonOperator": "GreaterThanUpperThreshold"},
    ],
)
def test_alarms_that_cloudwatch_or_the_simulator_does_not_know_are_refused(local_aws: RunningLocalAws, more: dict[str, Any]) -> None:
    with pytest.raises(botocore.exceptions.ClientError, match="ValidationError"):
        alarm(local_aws, "refused", "arn:aws:sns:eu-west-2:222222222222:none", **more)
    assert local_aws.client("cloudwatch").describe_alarms(AlarmNames=["refused"])["MetricAlarms"] == []


def test_a_filter_that_cloudwatch_logs_does_not_know_is_refused(local_aws: RunningLocalAws) -> None:
    logs = local_aws.client("logs")
    logs.create_log_group(logGroupName="refused")
    with pytest.raises(botocore.exceptions.ClientError, match="InvalidParameter"):
        logs.put_metric_filter(
            logGroupName="refused", filterName="x", filterPattern="{ $.a == 1 }",
            metricTransformations=[{"metricNamespace": "N", "metricName": "M", "metricValue": "1"}],
        )  # fmt: skip


def test_a_dead_letter_is_seen_by_the_metric_of_its_queue(local_aws: RunningLocalAws) -> None:
    url, dead_letters = queue(local_aws, "dead")
    target = f"arn:aws:sns:{PRIMARY}:{WORKLOAD}:gone"
    rule(local_aws, "dead", [{"Arn": target, "DeadLetterConfig": {"Arn": dead_letters}}])
    dimensions = [{"Name": "QueueName", "Value": "dead"}]
    alarm(local_aws, "dead", "arn:aws:sns:eu-west-2:222222222222:none", Namespace="AWS/SQS", MetricName="ApproximateNumberOfMessagesVisible",
          Statistic="Maximum", Dimensions=dimensions, TreatMissingData="ignore")  # fmt: skip
    assert state(local_aws, "dead") == "INSUFFICIENT_DATA"
    happen(local_aws)
    assert is_soon(local_aws, "dead", "ALARM")
    local_aws.client("sqs").purge_queue(QueueUrl=url)
    local_aws.local("clock", {"forwardSeconds": 900})
    assert state(local_aws, "dead") == "OK"


def test_a_call_is_an_event_where_a_trail_of_the_organization_records_it(local_aws: RunningLocalAws) -> None:
    kms = local_aws.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    url, arn = queue(local_aws, "calls")
    events = local_aws.client("events")
    detail = {"eventSource": ["kms.amazonaws.com"], "eventName": ["DisableKey", "ScheduleKeyDeletion"], "resources": {"ARN": [key]}}
    events.put_rule(Name="calls", EventPattern=json.dumps({"detail-type": ["AWS API Call via CloudTrail"], "detail": detail}))
    events.put_targets(Rule="calls", Targets=[{"Id": "1", "Arn": arn}])
    trail = local_aws.client("cloudtrail", MANAGEMENT, "us-east-1")
    trail.stop_logging(Name="organization")
    kms.disable_key(KeyId=key)
    assert received(local_aws, url) == []
    trail.start_logging(Name="organization")
    kms.describe_key(KeyId=key)
    kms.schedule_key_deletion(KeyId=key.rsplit("/", 1)[-1])
    (message,) = received(local_aws, url)
    event = json.loads(message["Body"])
    assert [event["source"], event["detail"]["eventName"], event["account"]] == ["aws.kms", "ScheduleKeyDeletion", WORKLOAD]
