"""Deployments, revisions and the digests of images."""

from __future__ import annotations

from typing import Any

import pytest
from backup.errors import Refused
from containers_aws import SCOPE, Aws


def test_e111_a_new_task_definition_is_a_deployment(aws: Aws) -> None:
    aws.create()
    aws.forward(180)
    aws.register()
    aws.call("UpdateService", cluster="main", service="app", taskDefinition="app")
    assert [deployment["taskDefinition"].rsplit("/", 1)[1] for deployment in aws.service()["deployments"]] == ["app:2", "app:1"]


@pytest.mark.parametrize("change", [
    {"desiredCount": 3}, {"deploymentConfiguration": {"maximumPercent": 150}}, {"healthCheckGracePeriodSeconds": 0}, {"enableExecuteCommand": True}, {"taskDefinition": "app:1"},
])  # fmt: skip
def test_e111_other_changes_are_none(aws: Aws, change: dict[str, Any]) -> None:
    before = aws.create()["deployments"][0]["id"]
    aws.call("UpdateService", cluster="main", service="app", **change)
    assert [deployment["id"] for deployment in aws.service()["deployments"]] == [before]


@pytest.mark.parametrize("change", [
    {"forceNewDeployment": True}, {"propagateTags": "SERVICE"}, {"serviceConnectConfiguration": {"enabled": True}}, {"monitoring": {"a": 1}},
    {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-2"]}}},
])  # fmt: skip
def test_e111_these_are_deployments(aws: Aws, change: dict[str, Any]) -> None:
    aws.create()
    aws.call("UpdateService", cluster="main", service="app", **change)
    assert len(aws.service()["deployments"]) == 2


def test_e112_some_members_are_in_the_revision_only(aws: Aws) -> None:
    given = {"monitoring": {"detailed": True}, "gatewayConnectors": [{"name": "g"}], "serviceConnectConfiguration": {"enabled": True}, "volumeConfigurations": [{"name": "v"}]}
    aws.create(**given)
    service, revision = aws.service(), aws.revision()
    assert not given.keys() & service.keys()
    assert {name: revision[name] for name in given} == given
    assert {name for name in given if name in service["deployments"][0]} == {"serviceConnectConfiguration", "volumeConfigurations"}


def test_e112_a_later_deployment_keeps_what_it_was_not_given(aws: Aws) -> None:
    aws.create(monitoring={"detailed": True})
    aws.call("UpdateService", cluster="main", service="app", forceNewDeployment=True)
    assert aws.revision()["monitoring"] == {"detailed": True}


def test_e113_revisions_are_described_twenty_at_a_time(aws: Aws) -> None:
    with pytest.raises(Refused, match=r"\[E-113\]"):
        aws.call("DescribeServiceRevisions", serviceRevisionArns=[f"arn{number}" for number in range(21)])
    aws.create(taskDefinition="app")
    assert aws.revision()["taskDefinition"] == "arn:aws:ecs:eu-west-2:222222222222:task-definition/app:1"


def test_e114_a_deployment_is_in_progress_and_then_completed(aws: Aws) -> None:
    arn = aws.create(desiredCount=2)["serviceArn"]
    [deployment] = aws.service()["deployments"]
    assert (deployment["status"], deployment["rolloutState"], deployment["runningCount"], deployment["pendingCount"]) == ("PRIMARY", "IN_PROGRESS", 0, 2)
    aws.forward(180)
    [deployment] = aws.service()["deployments"]
    assert (deployment["rolloutState"], deployment["runningCount"], deployment["pendingCount"]) == ("COMPLETED", 2, 0)
    assert [(kind, detail["eventName"], resources) for kind, detail, resources in aws.events] == [
        ("ECS Deployment State Change", "SERVICE_DEPLOYMENT_IN_PROGRESS", [arn]),
        ("ECS Deployment State Change", "SERVICE_DEPLOYMENT_COMPLETED", [arn]),
    ]


def test_e114_meanwhile_there_are_two_revisions(aws: Aws) -> None:
    aws.create()
    aws.forward(180)
    aws.call("UpdateService", cluster="main", service="app", forceNewDeployment=True)
    assert [deployment["status"] for deployment in aws.service()["deployments"]] == ["PRIMARY", "ACTIVE"]
    assert len(aws.service()["currentServiceRevisions"]) == 2
    aws.forward(180)
    assert len(aws.service()["currentServiceRevisions"]) == len(aws.service()["deployments"]) == 1


def test_e114_a_deployment_that_is_overtaken_does_not_complete(aws: Aws) -> None:
    aws.create()
    aws.forward(90)
    aws.call("UpdateService", cluster="main", service="app", forceNewDeployment=True)
    aws.forward(90)
    assert aws.service()["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    aws.forward(90)
    assert [deployment["rolloutState"] for deployment in aws.service()["deployments"]] == ["COMPLETED"]
    listed = aws.call("ListServiceDeployments", cluster="main", service="app")["serviceDeployments"]
    assert [deployment["status"] for deployment in listed][0] == "SUCCESSFUL"


def test_e115_a_revision_has_the_digest_once_a_task_runs(aws: Aws) -> None:
    aws.digests["app:1"] = "sha256:1"
    aws.create()
    assert aws.revision()["containerImages"] == [{"containerName": "app", "image": "app:1"}]
    aws.forward(180)
    assert aws.revision()["containerImages"] == [{"containerName": "app", "image": "app:1", "imageDigest": "sha256:1"}]


def test_e115_an_image_that_is_named_by_its_digest_has_that(aws: Aws) -> None:
    aws.register(containerDefinitions=[{"name": "app", "image": "app@sha256:abc"}])
    aws.create()
    aws.forward(180)
    assert aws.revision()["containerImages"][0]["imageDigest"] == "sha256:abc"


def test_e116_what_cloudformation_waits_for_is_done_at_once(aws: Aws) -> None:
    aws.create()
    aws.ecs.wait_for(SCOPE, "main", "app")
    assert aws.service()["deployments"][0]["rolloutState"] == "COMPLETED"
    aws.call("DeleteService", cluster="main", service="app", force=True)
    aws.ecs.wait_for(SCOPE, "main", "app")
    assert aws.service()["status"] == "INACTIVE"
