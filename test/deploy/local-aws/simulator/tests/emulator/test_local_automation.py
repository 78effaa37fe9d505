"""A document, its function and its operators in a running local AWS."""

from __future__ import annotations

import json
from typing import Any, Iterator

import botocore.exceptions
import pytest
from running import WORKLOAD, RunningLocalAws

CODE = """
exports.handler = async ({ step, reason }) => {
  await new Promise((resolve) => { setTimeout(resolve, 300); });
  if (reason === 'break') { throw new Error('broken'); }
  return { outcome: 'DONE', step, reason, at: new Date().toISOString() };
};
"""


def role(name: str, principal: dict[str, str], *statements: tuple[Any, Any, Any]) -> dict[str, Any]:
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]}
    allowed = [{"Effect": "Allow", "Action": action, "Resource": resource, "Condition": condition} for action, resource, condition in statements]
    policies = [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": allowed}}] if allowed else []
    return {"Type": "AWS::IAM::Role", "Properties": {"RoleName": name, "AssumeRolePolicyDocument": trust, "Policies": policies}}


def get(name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [name, "Arn"]}


def arn(kind: str) -> dict[str, Any]:
    return {"Fn::Sub": f"arn:aws:ssm:${{AWS::Region}}:${{AWS::AccountId}}:{kind}"}


def template(description: str = "Does work.", update: str = "NewVersion", may_use_key: bool = True) -> dict[str, Any]:
    key = [(["kms:GenerateDataKey", "kms:Decrypt"], get("Key"), {})] if may_use_key else []
    tagged = {"StringEquals": {"aws:ResourceTag/runbook": "Runbook"}}
    here = {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}
    content = {
        "schemaVersion": "0.3", "description": description, "assumeRole": get("DocumentRole"),
        "parameters": {"Reason": {"type": "String", "description": "Why.", "allowedPattern": "^[a-z]{3,20}$"}},
        "mainSteps": [
            {"name": "approve", "action": "aws:approve", "timeoutSeconds": 3600, "onFailure": "Abort", "inputs": {
                "Approvers": [get("Boss")], "Message": "Approve {{ Reason }}", "NotificationArn": {"Ref": "Topic"}}},
            {"name": "rest", "action": "aws:sleep", "inputs": {"Duration": "PT2H"}},
            {"name": "work", "action": "aws:invokeLambdaFunction", "inputs": {
                "FunctionName": {"Ref": "Function"}, "InputPayload": {"step": "work", "reason": "{{ Reason }}"}}},
        ],
    }  # fmt: skip
    return {"Resources": {
        "FunctionRole": role("function", {"Service": "lambda.amazonaws.com"}),
        "Function": {"Type": "AWS::Lambda::Function", "Properties": {
            "FunctionName": "worker", "Runtime": "nodejs22.x", "Handler": "index.handler", "Timeout": 60, "Role": get("FunctionRole"), "Code": {"ZipFile": CODE}}},
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": here, "Action": "kms:*", "Resource": "*"}]}}},
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "AutomationApprovals", "KmsMasterKeyId": get("Key")}},
        "DocumentRole": role("document", {"Service": "ssm.amazonaws.com"}, ("lambda:InvokeFunction", get("Function"), {}), ("sns:Publish", {"Ref": "Topic"}, {}), *key),
        "Boss": role("boss", here, ("ssm:SendAutomationSignal", arn("automation-execution/*"), tagged)),
        "Operator": role(
            "operator", here, ("ssm:StartAutomationExecution", arn("document/Runbook"), {}),
            (["ssm:StartAutomationExecution", "ssm:GetAutomationExecution", "ssm:StopAutomationExecution"], arn("automation-execution/*"), tagged),
            ("ssm:AddTagsToResource", arn("automation-execution/*"), {"StringEquals": {"aws:RequestTag/runbook": "Runbook"}}),
            ("iam:PassRole", get("DocumentRole"), {"StringEquals": {"iam:PassedToService": "ssm.amazonaws.com"}}),
        ),
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "events"}},
        "QueuePolicy": {"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [{"Ref": "Queue"}], "PolicyDocument": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": get("Queue")}]}}},
        "Rule": {"Type": "AWS::Events::Rule", "Properties": {
            "EventPattern": {"source": ["aws.ssm"], "detail-type": ["EC2 Automation Execution Status-change Notification"], "detail": {"Definition": ["Runbook"]}},
            "Targets": [{"Id": "queue", "Arn": get("Queue")}]}},
        "Document": {"Type": "AWS::SSM::Document", "Properties": {
            "Name": "Runbook", "DocumentType": "Automation", "DocumentFormat": "JSON", "UpdateMethod": update, "Content": content}},
    }}  # fmt: skip


@pytest.fixture(scope="module")
def deployed() -> Iterator[RunningLocalAws]:
    with RunningLocalAws.start(LOCAL_AWS_AUTH="1") as running:
        stack = running.deploy("runbook", template())
        assert stack["StackStatus"] == "CREATE_COMPLETE", stack
        yield running


def as_role(aws: RunningLocalAws, name: str) -> Any:
    given = aws.client("sts").assume_role(RoleArn=f"arn:aws:iam::{WORKLOAD}:role/{name}", RoleSessionName="night")["Credentials"]
    return aws.client(
        "ssm", aws_access_key_id=given["AccessKeyId"], aws_secret_access_key=given["SecretAccessKey"], aws_session_token=given["SessionToken"]
    )


def start(ssm: Any, reason: str = "drill", **more: Any) -> str:
    tags = [{"Key": "runbook", "Value": "Runbook"}]
    return str(ssm.start_automation_execution(DocumentName="Runbook", Parameters={"Reason": [reason]}, **{"Tags": tags, **more})["AutomationExecutionId"])


def execution(aws: RunningLocalAws, identity: str) -> dict[str, Any]:
    found: dict[str, Any] = aws.client("ssm").get_automation_execution(AutomationExecutionId=identity)["AutomationExecution"]
    return found


def approved(aws: RunningLocalAws, reason: str = "drill") -> str:
    """A start that waits for its approval, and gets it."""
    started = start(as_role(aws, "operator"), reason)
    aws.local("clock", {"forwardSeconds": 1})
    assert execution(aws, started)["AutomationExecutionStatus"] == "Waiting"
    as_role(aws, "boss").send_automation_signal(AutomationExecutionId=started, SignalType="Approve")
    return started


def test_an_operator_starts_a_boss_approves_and_the_role_of_the_document_works(deployed: RunningLocalAws) -> None:
    started = approved(deployed)
    deployed.local("clock", {"forwardSeconds": 7_201})

    done = execution(deployed, started)
    assert done["AutomationExecutionStatus"] == "Success", done
    assert done["ExecutedBy"] == f"arn:aws:sts::{WORKLOAD}:assumed-role/operator/night"
    assert json.loads(done["StepExecutions"][2]["Outputs"]["Payload"][0])["reason"] == "drill"
    session = f"arn:aws:sts::{WORKLOAD}:assumed-role/document/Automation-{started}"
    calls = [(call["service"], call["action"], call["outcome"]) for call in deployed.local("calls")["calls"] if call["principal"] == session]
    assert calls == [("sns", "Publish", "OK"), ("lambda", "Invoke", "OK")]


def test_e210_statuses_are_events(deployed: RunningLocalAws) -> None:
    sqs = deployed.client("sqs")
    queue = sqs.get_queue_url(QueueName="events")["QueueUrl"]
    sqs.purge_queue(QueueUrl=queue)
    started = start(as_role(deployed, "operator"))
    deployed.client("ssm").stop_automation_execution(AutomationExecutionId=started)

    messages = [json.loads(message["Body"]) for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]]
    assert {message["detail"]["Status"] for message in messages if message["detail"]["ExecutionId"] == started} >= {"InProgress", "Cancelled"}
    assert messages[0]["resources"][0].endswith(f":automation-execution/{started}")


def test_e211_the_clock_waits_for_a_function_and_time_outs_go_by_it(deployed: RunningLocalAws) -> None:
    started = approved(deployed)
    deployed.local("clock", {"forwardSeconds": 86_400})
    work = execution(deployed, started)["StepExecutions"][2]
    assert work["StepStatus"] == "Success" and (work["ExecutionEndTime"] - work["ExecutionStartTime"]).total_seconds() < 60

    late = start(as_role(deployed, "operator"))
    deployed.local("clock", {"forwardSeconds": 3_601})
    assert execution(deployed, late)["AutomationExecutionStatus"] == "TimedOut"


def test_an_error_of_the_function_fails_the_execution(deployed: RunningLocalAws) -> None:
    started = approved(deployed, "break")
    deployed.local("clock", {"forwardSeconds": 7_201})
    done = execution(deployed, started)
    assert done["AutomationExecutionStatus"] == "Failed" and "broken" in done["StepExecutions"][2]["FailureMessage"]


def test_policies_are_enforced(deployed: RunningLocalAws) -> None:
    operator, boss = as_role(deployed, "operator"), as_role(deployed, "boss")
    for tags in ([], [{"Key": "runbook", "Value": "Another"}]):
        with pytest.raises(botocore.exceptions.ClientError, match="AccessDenied.*ssm:StartAutomationExecution"):
            start(operator, Tags=tags)
    with pytest.raises(botocore.exceptions.ClientError, match="InvalidAutomationExecutionParametersException"):
        start(operator, "NO")
    started = start(operator)
    with pytest.raises(botocore.exceptions.ClientError, match="AccessDenied"):
        operator.send_automation_signal(AutomationExecutionId=started, SignalType="Approve")
    with pytest.raises(botocore.exceptions.ClientError, match="InvalidAutomationSignalException"):
        deployed.client("ssm").send_automation_signal(AutomationExecutionId=started, SignalType="Approve")
    with pytest.raises(botocore.exceptions.ClientError, match="AccessDenied"):
        boss.stop_automation_execution(AutomationExecutionId=started)
    operator.stop_automation_execution(AutomationExecutionId=started)


def test_e203_a_stack_makes_new_versions_and_replaces_no_document(deployed: RunningLocalAws) -> None:
    assert deployed.deploy("runbook", template("Does more work."))["StackStatus"] == "UPDATE_COMPLETE"
    described = deployed.client("ssm").describe_document(Name="Runbook", DocumentVersion="$LATEST")["Document"]
    assert (described["DocumentVersion"], described["DefaultVersion"], described["Description"]) == ("2", "1", "Does more work.")
    assert deployed.deploy("runbook", template("Does even more.", "Replace"))["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"


def test_a_topic_whose_key_the_role_may_not_use_gets_no_message(deployed: RunningLocalAws) -> None:
    assert deployed.deploy("runbook", template("Does more work.", may_use_key=False))["StackStatus"] == "UPDATE_COMPLETE"
    started = start(as_role(deployed, "operator"))
    deployed.local("clock", {"forwardSeconds": 1})
    assert "KMSAccessDenied" in execution(deployed, started)["StepExecutions"][0]["FailureMessage"]


def test_parameters_are_still_there(deployed: RunningLocalAws) -> None:
    ssm = deployed.client("ssm")
    ssm.put_parameter(Name="/one", Value="1", Type="String")
    assert ssm.get_parameter(Name="/one")["Parameter"]["Value"] == "1"
