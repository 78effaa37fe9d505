"""Tasks that start, tasks that do not, and services that are deleted and created again."""

from __future__ import annotations

from typing import Any

import pytest
from backup.errors import Refused
from containers.quotas import ON_DEMAND, Quotas
from containers_aws import SCOPE, Aws

PULL = "CannotPullContainerError: app:1: not found"
BREAKER = {"deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}}
TRACKING = {"PolicyName": "cpu", "PolicyType": "TargetTrackingScaling", "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 60.0}}
NIGHT = {"ScheduledActionName": "night", "Schedule": "cron(0 20 * * ? *)", "ScalableTargetAction": {"MaxCapacity": 1}}


def counts(record: dict[str, Any]) -> tuple[int, int, int]:
    return record["desiredCount"], record["pendingCount"], record["runningCount"]


def test_e165_the_same_call_with_the_same_token_is_one_service(aws: Aws) -> None:
    first = aws.create(clientToken="run-1")
    assert aws.create(clientToken="run-1")["deployments"][0]["id"] == first["deployments"][0]["id"]
    for changes in ({"clientToken": "run-2"}, {"clientToken": "run-1", "desiredCount": 7}, {}):
        with pytest.raises(Refused, match=r"Creation of service was not idempotent. \[E-105\]"):
            aws.create(**changes)


@pytest.mark.parametrize("token", ["a" * 37, "with space", "ü"])
def test_e165_a_token_that_can_not_be(aws: Aws, token: str) -> None:
    with pytest.raises(Refused, match=r"^InvalidParameterException: .*\[E-165\]$"):
        aws.create(clientToken=token)


def test_e171_tasks_run_before_the_deployment_has_completed(aws: Aws) -> None:
    aws.create(desiredCount=3)
    assert counts(aws.service()) == (3, 3, 0)
    aws.forward(60)
    assert counts(aws.service()) == counts(aws.service()["deployments"][0]) == (3, 0, 3)
    assert aws.service()["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    aws.forward(120)
    assert aws.service()["deployments"][0]["rolloutState"] == "COMPLETED"


def test_e171_another_count_takes_time_too(aws: Aws) -> None:
    aws.create(desiredCount=1)
    aws.forward(180)
    aws.call("UpdateService", cluster="main", service="app", desiredCount=4)
    assert counts(aws.service()) == (4, 3, 1)
    aws.forward(60)
    assert counts(aws.service()) == (4, 0, 4)
    aws.call("UpdateService", cluster="main", service="app", desiredCount=0)
    aws.forward(60)
    assert counts(aws.service()) == (0, 0, 0) and len(aws.service()["deployments"]) == 1


def test_e172_without_the_circuit_breaker_it_is_tried_again_until_it_works(aws: Aws) -> None:
    aws.problems["task"] = PULL
    aws.create(desiredCount=2)
    aws.forward(3600)
    [deployment] = aws.service()["deployments"]
    assert (deployment["rolloutState"], deployment["runningCount"]) == ("IN_PROGRESS", 0) and deployment["failedTasks"] > 4
    assert aws.service()["events"][0]["message"] == f"(service app) failed to launch a task with (error {PULL})."
    del aws.problems["task"]
    aws.forward(3600)
    assert aws.service()["deployments"][0]["rolloutState"] == "COMPLETED" and counts(aws.service()) == (2, 0, 2)


def test_e172_a_service_without_tasks_needs_no_image(aws: Aws) -> None:
    aws.problems["task"] = PULL
    aws.create(desiredCount=0)
    aws.forward(180)
    assert aws.service()["deployments"][0]["rolloutState"] == "COMPLETED"


@pytest.mark.parametrize(("desired", "failed"), [(1, 3), (4, 4), (10, 10)])
def test_e173_the_circuit_breaker_ends_a_deployment(aws: Aws, desired: int, failed: int) -> None:
    aws.problems["task"] = PULL
    aws.create(desiredCount=desired, **BREAKER)
    aws.forward(900)
    [deployment] = aws.service()["deployments"]
    assert (deployment["rolloutState"], deployment["failedTasks"]) == ("FAILED", failed)
    assert deployment["rolloutStateReason"] == "ECS deployment circuit breaker: tasks failed to start."
    assert [(detail["eventName"], detail["eventType"]) for _, detail, _ in aws.events][-1] == ("SERVICE_DEPLOYMENT_FAILED", "ERROR")
    del aws.problems["task"]
    aws.forward(86400)
    assert aws.service()["deployments"][0]["rolloutState"] == "FAILED" and aws.service()["runningCount"] == 0


def test_e172_tasks_beyond_the_quota_of_fargate_do_not_start(aws: Aws) -> None:
    aws.quota = 1.0
    aws.create("first", desiredCount=3)
    aws.forward(180)
    aws.create(desiredCount=2)
    aws.forward(180)
    assert aws.service()["runningCount"] == 0
    assert aws.service()["events"][0]["message"].endswith("You've reached the limit on the number of vCPUs you can run concurrently.")
    aws.call("UpdateService", cluster="main", service="first", desiredCount=1)
    aws.forward(3600)
    assert (aws.service("first")["runningCount"], aws.service()["runningCount"]) == (1, 2)


def test_e173_targets_that_do_not_become_healthy(aws: Aws) -> None:
    aws.problems["target"] = "(port 80) is unhealthy in (target-group a) due to (reason Health checks failed)"
    aws.create(desiredCount=2, **BREAKER)
    aws.forward(150)
    assert aws.service()["runningCount"] == 2
    aws.forward(3600)
    assert aws.service()["deployments"][0]["rolloutState"] == "FAILED"
    assert "is unhealthy in (target-group a)" in aws.service()["events"][0]["message"]


def test_e173_a_failed_deployment_is_rolled_back_to_one_that_has_completed(aws: Aws) -> None:
    aws.create(**BREAKER)
    aws.forward(180)
    aws.register()
    aws.problems["task"] = PULL
    aws.call("UpdateService", cluster="main", service="app", taskDefinition="app:2")
    aws.forward(120)
    assert aws.service()["runningCount"] == 1  # the task of the first deployment
    aws.forward(300)
    assert [one["rolloutState"] for one in aws.service()["deployments"]][:2] == ["IN_PROGRESS", "FAILED"]
    assert "rolling back to deploymentId" in aws.service()["deployments"][0]["rolloutStateReason"]
    del aws.problems["task"]
    aws.forward(900)
    [deployment] = aws.service()["deployments"]
    assert (deployment["rolloutState"], deployment["taskDefinition"].rsplit("/", 1)[1]) == ("COMPLETED", "app:1")
    listed = aws.call("ListServiceDeployments", cluster="main", service="app")["serviceDeployments"]
    assert [one["status"] for one in listed] == ["SUCCESSFUL", "ROLLBACK_SUCCESSFUL", "SUCCESSFUL"]


def test_e174_scaling_goes_with_its_service(aws: Aws) -> None:
    for name in ("app", "other"):
        aws.create(name)
        aws.scale("RegisterScalableTarget", ResourceId=f"service/main/{name}", MinCapacity=1, MaxCapacity=4)
        aws.scale("PutScalingPolicy", ResourceId=f"service/main/{name}", **TRACKING)
        aws.scale("PutScheduledAction", ResourceId=f"service/main/{name}", **NIGHT)
    aws.call("DeleteService", cluster="main", service="app", force=True)
    for operation, member in (("DescribeScalableTargets", "ScalableTargets"), ("DescribeScalingPolicies", "ScalingPolicies"), ("DescribeScheduledActions", "ScheduledActions")):
        left = aws.scaling.call(operation, SCOPE, {"ServiceNamespace": "ecs"})[member]
        assert [record["ResourceId"] for record in left] == ["service/main/other"]
    with pytest.raises(Refused, match=r"\[E-122\]"):
        aws.scale("RegisterScalableTarget", MinCapacity=1, MaxCapacity=4)


def test_e175_members_of_the_creation_are_not_changed(aws: Aws) -> None:
    aws.create(tags=[{"key": "a", "value": "b"}])
    aws.call("UpdateService", cluster="main", service="app", launchType="EC2", schedulingStrategy="DAEMON", tags=[{"key": "c", "value": "d"}])
    service = aws.call("DescribeServices", cluster="main", services=["app"], include=["TAGS"])["services"][0]
    assert (service["launchType"], service["schedulingStrategy"], service["tags"]) == ("FARGATE", "REPLICA", [{"key": "a", "value": "b"}])


def test_e176_an_inactive_service_is_forgotten_after_an_hour(aws: Aws) -> None:
    aws.create()
    aws.call("DeleteService", cluster="main", service="app", force=True)
    aws.forward(3600)
    assert aws.service()["status"] == "INACTIVE"
    aws.forward(60)
    [failure] = aws.call("DescribeServices", cluster="main", services=["app"])["failures"]
    assert failure["reason"] == "MISSING"


def test_e176_a_service_that_was_created_again_stays(aws: Aws) -> None:
    aws.create()
    aws.call("DeleteService", cluster="main", service="app", force=True)
    aws.forward(60)
    aws.create()
    aws.forward(86400)
    assert aws.service()["status"] == "ACTIVE"


@pytest.mark.parametrize("tags", [{"aws:a": "b"}, {"a": "aws:b"}])
def test_e129_tags_of_a_target_that_only_aws_may_set(aws: Aws, tags: dict[str, str]) -> None:
    aws.create()
    with pytest.raises(Refused, match=r"^ValidationException: .*\[E-129\]$"):
        aws.scale("RegisterScalableTarget", MinCapacity=1, MaxCapacity=4, Tags=tags)
    arn = aws.scale("RegisterScalableTarget", MinCapacity=1, MaxCapacity=4, Tags={"k": "v"})["ScalableTargetARN"]
    with pytest.raises(Refused, match=r"^ValidationException: .*\[E-129\]$"):
        aws.scaling.call("TagResource", SCOPE, {"ResourceARN": arn, "Tags": tags})
    with pytest.raises(Refused, match=r"^TooManyTagsException: .*\[E-129\]$"):
        aws.scaling.call("TagResource", SCOPE, {"ResourceARN": arn, "Tags": {str(number): "" for number in range(50)}})
    aws.scaling.call("TagResource", SCOPE, {"ResourceARN": arn, "Tags": {"l": "w"}})
    aws.scaling.call("UntagResource", SCOPE, {"ResourceARN": arn, "TagKeys": ["k"]})
    assert aws.scaling.call("ListTagsForResource", SCOPE, {"ResourceARN": arn})["Tags"] == {"l": "w"}
    with pytest.raises(Refused, match=r"^ResourceNotFoundException: .*\[E-125\]$"):
        aws.scaling.call("TagResource", SCOPE, {"ResourceARN": "arn:aws:unknown", "Tags": {"l": "w"}})


@pytest.mark.parametrize("asked", [{"ServiceCode": "fargate", "QuotaCode": "L-1"}, {"ServiceCode": "ecs", "QuotaCode": ON_DEMAND}])
def test_e179_a_quota_that_is_not_there(asked: dict[str, str]) -> None:
    with pytest.raises(Refused, match=r"^NoSuchResourceException: .*\[E-179\]$"):
        Quotas().call("GetServiceQuota", SCOPE, asked)
