"""Documents and executions, each statement of docs/aws-behaviour.md that needs no emulator."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from automation.interpreter import ARE_OUTPUTS, Interpreter
from automation_aws import BOSS, OPERATOR, ROLE, Simulated
from backup.errors import NotSimulated, Refused

REST = {"name": "rest", "action": "aws:sleep", "inputs": {"Duration": "PT1H"}}
WORK = {"name": "work", "action": "aws:invokeLambdaFunction", "inputs": {"FunctionName": "f", "InputPayload": {"reason": "{{ Reason }}"}}}
APPROVE = {"name": "approve", "action": "aws:approve", "inputs": {
    "Approvers": ["arn:aws:iam::111111111111:role/Boss"], "Message": "Please.", "NotificationArn": "arn:aws:sns:eu-west-1:111111111111:AutomationTopic"}}  # fmt: skip


def document(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    parameters = {"Reason": {"type": "String", "default": "drill", "allowedPattern": "^[a-z]+$"}}
    return {"schemaVersion": "0.3", "description": "A runbook.", "parameters": parameters, "mainSteps": list(steps), **more}


def refused(code: str, statement: str) -> Any:
    return pytest.raises(Refused, match=rf"^{code}: .*\[{statement}\]$")


def test_e200_what_aws_refuses_of_a_document(simulated: Simulated) -> None:
    simulated.create(document(REST))
    with refused("DocumentAlreadyExists", "E-200"):
        simulated.create(document(WORK))
    with refused("MaxDocumentSizeExceeded", "E-200"):
        simulated.create(document(REST, description="x" * 65_536), "Long")
    for wrong in ({**REST, "nextStep": "nowhere"}, {**REST, "nextStep": "rest"}, {**REST, "action": "aws:dance"}, {**REST, "inputs": {"Duration": "{{ Nothing }}"}}):
        with refused("InvalidDocumentContent", "E-200"):
            simulated.create(document(wrong), "Wrong")
    with refused("InvalidDocumentContent", "E-200"):
        simulated.call("CreateDocument", Name="Command", Content="{}", DocumentType="Command")


def test_e201_who_creates_or_updates_a_document_may_pass_its_role(simulated: Simulated) -> None:
    simulated.create(document(REST, assumeRole=ROLE))
    assert (OPERATOR, "iam:PassRole", ROLE, {"iam:PassedToService": "ssm.amazonaws.com"}) in simulated.world.asked
    simulated.world.denied.add("iam:PassRole")
    with refused("AccessDeniedException", "E-201"):
        simulated.create(document(REST, assumeRole=ROLE), "Another")


def test_e202_a_new_version_is_not_the_default_one(simulated: Simulated) -> None:
    simulated.create(document(REST))
    updated = simulated.call("UpdateDocument", Name="Runbook", Content=json.dumps(document(REST, description="Another.")))
    assert (updated["DocumentDescription"]["DocumentVersion"], updated["DocumentDescription"]["DefaultVersion"]) == ("2", "1")
    with refused("DuplicateDocumentContent", "E-202"):
        simulated.call("UpdateDocument", Name="Runbook", Content=json.dumps(document(REST, description="Another.")))
    versions = [simulated.call("GetDocument", Name="Runbook", **({"DocumentVersion": v} if v else {}))["DocumentVersion"] for v in (None, "$DEFAULT", "$LATEST", "1")]
    assert versions == ["1", "1", "2", "1"]
    simulated.call("UpdateDocumentDefaultVersion", Name="Runbook", DocumentVersion="2")
    started = simulated.call("StartAutomationExecution", DocumentName="Runbook")["AutomationExecutionId"]
    assert simulated.execution(started)["DocumentVersion"] == "2"


def test_e204_tags_of_a_start_are_those_of_its_execution(simulated: Simulated) -> None:
    started = simulated.start(document(REST), Tags=[{"Key": "team", "Value": "red"}])
    arn = f"arn:aws:ssm:eu-west-1:111111111111:automation-execution/{started}"
    assert (OPERATOR, "ssm:StartAutomationExecution", arn, {"aws:ResourceTag/team": "red"}) in simulated.world.asked
    assert (OPERATOR, "ssm:AddTagsToResource", arn, {"aws:RequestTag/team": "red", "aws:TagKeys": ["team"]}) in simulated.world.asked
    assert simulated.automation.tags_of(started) == {"team": "red"}
    for action in ("ssm:StartAutomationExecution", "ssm:AddTagsToResource"):
        simulated.world.denied = {action}
        with refused("AccessDeniedException", "E-204"):
            simulated.call("StartAutomationExecution", DocumentName="Runbook", Tags=[{"Key": "team", "Value": "red"}])


def test_e205_who_starts_may_pass_the_role_and_ssm_may_assume_it(simulated: Simulated) -> None:
    simulated.create(document(REST, assumeRole="{{ Role }}", parameters={"Role": {"type": "String", "default": ROLE}}))
    simulated.world.assumable = False
    with refused("InvalidAutomationExecutionParametersException", "E-205"):
        simulated.call("StartAutomationExecution", DocumentName="Runbook")
    simulated.world.denied.add("iam:PassRole")
    with refused("AccessDeniedException", "E-205"):
        simulated.call("StartAutomationExecution", DocumentName="Runbook")


def test_e206_steps_call_with_the_role_of_the_document_or_who_started(simulated: Simulated) -> None:
    started = simulated.start(document(WORK, assumeRole=ROLE))
    assert simulated.execution(started)["AutomationExecutionStatus"] == "Success"
    simulated.call("DeleteDocument", Name="Runbook")
    simulated.start(document(WORK))
    assert simulated.world.invoked == [
        (f"arn:aws:sts::111111111111:assumed-role/Automation/Automation-{started}", '{"reason":"drill"}'), (OPERATOR, '{"reason":"drill"}'),
    ]  # fmt: skip
    simulated.world.denied.add("lambda:InvokeFunction")
    denied = simulated.call("StartAutomationExecution", DocumentName="Runbook")["AutomationExecutionId"]
    simulated.settle()
    assert simulated.execution(denied)["StepExecutions"][0]["FailureMessage"] == "AccessDeniedException: no"


def test_e207_parameters_are_checked_and_errors_of_functions_have_two_readings(simulated: Simulated, tmp_path: Path) -> None:
    simulated.create(document(WORK))
    with refused("InvalidAutomationExecutionParametersException", "E-207"):
        simulated.call("StartAutomationExecution", DocumentName="Runbook", Parameters={"Reason": ["NO"]})

    def breaks(event: Any) -> Any:
        raise ValueError("broken")

    other = Interpreter(tmp_path, os.environ["PATH"], ARE_OUTPUTS)
    try:
        for reading, status in ((simulated, "Failed"), (Simulated(other), "Success")):
            reading.world.function = breaks
            reading.automation.reset()
            started = reading.start(document(WORK))
            assert reading.execution(started)["StepExecutions"][0]["StepStatus"] == status
    finally:
        other.stop()


def test_e208_lists_have_filters_and_pages(simulated: Simulated) -> None:
    started = [simulated.start(document(REST, WORK))]
    started += [str(simulated.call("StartAutomationExecution", DocumentName="Runbook")["AutomationExecutionId"]) for _ in range(2)]
    simulated.call("StopAutomationExecution", AutomationExecutionId=started[0])

    def listed(**parameters: Any) -> list[str]:
        return [each["AutomationExecutionId"] for each in simulated.call("DescribeAutomationExecutions", **parameters)["AutomationExecutionMetadataList"]]

    assert listed(Filters=[{"Key": "ExecutionStatus", "Values": ["InProgress", "Waiting"]}]) == [started[2], started[1]]
    assert listed(Filters=[{"Key": "ExecutionStatus", "Values": ["Cancelled"]}, {"Key": "DocumentNamePrefix", "Values": ["Run"]}]) == [started[0]]
    first = simulated.call("DescribeAutomationExecutions", MaxResults=2)
    assert listed(MaxResults=2, NextToken=first["NextToken"]) == [started[0]]
    assert "StepExecutions" not in first["AutomationExecutionMetadataList"][0]
    steps = simulated.call("DescribeAutomationStepExecutions", AutomationExecutionId=started[1], Filters=[{"Key": "StepExecutionStatus", "Values": ["Pending"]}])
    assert [step["StepName"] for step in steps["StepExecutions"]] == ["work"]
    with refused("InvalidFilterKey", "E-208"):
        listed(Filters=[{"Key": "OpsItemId", "Values": ["x"]}])


def test_e209_signals_are_of_their_caller(simulated: Simulated) -> None:
    started = simulated.start(document(APPROVE, WORK))
    assert simulated.execution(started)["AutomationExecutionStatus"] == "Waiting"
    assert simulated.world.published == [("arn:aws:sns:eu-west-1:111111111111:AutomationTopic", "Please.")]
    with refused("InvalidAutomationSignalException", "E-209"):
        simulated.call("SendAutomationSignal", AutomationExecutionId=started, SignalType="Approve")
    simulated.call("SendAutomationSignal", BOSS, AutomationExecutionId=started, SignalType="Approve", Payload={"Comment": ["Go."]})
    simulated.settle()
    assert simulated.execution(started)["AutomationExecutionStatus"] == "Success"
    with refused("InvalidAutomationStatusUpdateException", "E-209"):
        simulated.call("StopAutomationExecution", AutomationExecutionId=started)


def test_e212_what_does_not_exist_is_refused(simulated: Simulated) -> None:
    with refused("InvalidDocument", "E-212"):
        simulated.call("DescribeDocument", Name="Nothing")
    with refused("AutomationDefinitionNotFoundException", "E-212"):
        simulated.call("StartAutomationExecution", DocumentName="Nothing")
    with refused("AutomationExecutionNotFoundException", "E-212"):
        simulated.call("GetAutomationExecution", AutomationExecutionId="nothing")
    simulated.create(document(REST))
    with refused("InvalidDocumentVersion", "E-212"):
        simulated.call("GetDocument", Name="Runbook", DocumentVersion="2")
    with refused("AutomationDefinitionVersionNotFoundException", "E-212"):
        simulated.call("StartAutomationExecution", DocumentName="Runbook", DocumentVersion="2")
    with pytest.raises(NotSimulated):
        simulated.call("StartAutomationExecution", DocumentName="Runbook", Mode="Interactive")


def test_time_is_the_simulated_one(simulated: Simulated) -> None:
    started = simulated.start(document(REST, WORK))
    simulated.forward(3_599)
    assert simulated.execution(started)["StepExecutions"][0]["StepStatus"] == "InProgress"
    simulated.forward(1)
    execution = simulated.execution(started)
    assert (execution["AutomationExecutionStatus"], execution["ExecutionEndTime"] - execution["ExecutionStartTime"]) == ("Success", 3_600)
