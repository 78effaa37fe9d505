"""Application Auto Scaling."""

from __future__ import annotations

from typing import Any

import pytest
from backup.errors import Refused
from containers_aws import Aws

TRACKING = {"PolicyName": "cpu", "PolicyType": "TargetTrackingScaling", "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 60.0, "Invented": 1}}
NIGHT = {"ScheduledActionName": "night", "Schedule": "cron(0 20 * * ? *)", "ScalableTargetAction": {"MaxCapacity": 1}}


def refused(code: str, statement: str) -> Any:
    return pytest.raises(Refused, match=rf"^{code}: .*\[{statement}\]$")


@pytest.fixture
def scaled(aws: Aws) -> Aws:
    aws.create()
    aws.scale("RegisterScalableTarget", MinCapacity=1, MaxCapacity=4)
    return aws


def test_e120_a_new_target_has_both_bounds(aws: Aws) -> None:
    aws.create()
    with refused("ValidationException", "E-120"):
        aws.scale("RegisterScalableTarget", MaxCapacity=4)


def test_e120_registering_again_changes_what_is_given(scaled: Aws) -> None:
    scaled.scale("RegisterScalableTarget", MaxCapacity=8, Invented={"a": 1})
    [target] = scaled.scale("DescribeScalableTargets")["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"], target["Invented"]) == (1, 8, {"a": 1})


@pytest.mark.parametrize(("least", "most"), [(5, 4), (-1, 4)])
def test_e121_bounds_that_can_not_be(aws: Aws, least: int, most: int) -> None:
    aws.create()
    with refused("ValidationException", "E-121"):
        aws.scale("RegisterScalableTarget", MinCapacity=least, MaxCapacity=most)


def test_e121_bounds_of_a_scheduled_action(scaled: Aws) -> None:
    with refused("ValidationException", "E-121"):
        scaled.scale("PutScheduledAction", **{**NIGHT, "ScalableTargetAction": {"MinCapacity": 2, "MaxCapacity": 1}})


def test_e122_a_target_needs_its_service(aws: Aws) -> None:
    with refused("ValidationException", "E-122"):
        aws.scale("RegisterScalableTarget", MinCapacity=1, MaxCapacity=4)


@pytest.mark.parametrize(("operation", "more"), [("PutScalingPolicy", TRACKING), ("PutScheduledAction", NIGHT), ("DeregisterScalableTarget", {})])
def test_e123_a_policy_needs_its_target(aws: Aws, operation: str, more: dict[str, Any]) -> None:
    aws.create()
    with pytest.raises(Refused, match="No scalable target registered for service namespace: ecs, resource ID: service/main/app, scalable dimension: ecs:service:DesiredCount"):
        aws.scale(operation, **more)


def test_e124_a_policy_has_the_configuration_of_its_type(scaled: Aws) -> None:
    with refused("ValidationException", "E-124"):
        scaled.scale("PutScalingPolicy", PolicyName="cpu", PolicyType="TargetTrackingScaling")
    scaled.scale("PutScalingPolicy", **TRACKING)
    [policy] = scaled.scale("DescribeScalingPolicies")["ScalingPolicies"]
    assert policy["TargetTrackingScalingPolicyConfiguration"] == {"TargetValue": 60.0, "Invented": 1}
    assert policy["PolicyARN"].endswith(":resource/ecs/service/main/app:policyName/cpu")


def test_e125_what_is_not_there_is_not_deleted(scaled: Aws) -> None:
    with refused("ObjectNotFoundException", "E-125"):
        scaled.scale("DeleteScalingPolicy", PolicyName="cpu")
    with refused("ObjectNotFoundException", "E-125"):
        scaled.scale("DeleteScheduledAction", ScheduledActionName="night")


def test_e125_policies_and_actions_go_with_their_target(scaled: Aws) -> None:
    scaled.scale("PutScalingPolicy", **TRACKING)
    scaled.scale("PutScheduledAction", **NIGHT)
    scaled.scale("DeregisterScalableTarget")
    assert scaled.scale("DescribeScalingPolicies")["ScalingPolicies"] == scaled.scale("DescribeScheduledActions")["ScheduledActions"] == []


@pytest.mark.parametrize("change", [{"Schedule": None}, {"Timezone": "Europe/Atlantis"}])
def test_e126_an_action_without_a_schedule_or_a_time_zone(scaled: Aws, change: dict[str, Any]) -> None:
    with refused("ValidationException", "E-126"):
        scaled.scale("PutScheduledAction", **{**NIGHT, **change})


def test_e127_an_action_that_sets_nothing(scaled: Aws) -> None:
    with refused("ValidationException", "E-127"):
        scaled.scale("PutScheduledAction", **{**NIGHT, "ScalableTargetAction": {"Other": 1}})


def test_e128_lists_have_pages_of_fifty(aws: Aws) -> None:
    for number in range(60):
        aws.create(f"app{number}")
        aws.scale("RegisterScalableTarget", ResourceId=f"service/main/app{number}", MinCapacity=1, MaxCapacity=2)
    first = aws.scale("DescribeScalableTargets", ResourceId=None)
    rest = aws.scale("DescribeScalableTargets", ResourceId=None, NextToken=first["NextToken"])
    assert [len(page["ScalableTargets"]) for page in (first, rest)] == [50, 10] and "NextToken" not in rest
    with refused("InvalidNextTokenException", "E-128"):
        aws.scale("DescribeScalableTargets", NextToken="unknown")
