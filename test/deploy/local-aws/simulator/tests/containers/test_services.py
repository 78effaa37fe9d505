"""What is refused of a service, and what becomes of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from backup.errors import Refused
from containers_aws import NETWORK, Aws

BALANCER = {"targetGroupArn": "arn:aws:elasticloadbalancing:eu-west-2:222222222222:targetgroup/a/1", "containerName": "app", "containerPort": 80}
DAEMON = {"schedulingStrategy": "DAEMON", "launchType": "EC2"}


def refused(statement: str, message: str = "") -> Any:
    return pytest.raises(Refused, match=rf"{re.escape(message)}.*\[{statement}\]$")


def check_refused(aws: Aws, statement: str, message: str, changes: dict[str, Any]) -> None:
    with refused(statement, message):
        aws.create(**changes)
    assert aws.call("ListServices", cluster="main")["serviceArns"] == []


def bridge(aws: Aws) -> dict[str, Any]:
    """A task definition for instances."""
    aws.register(family="bridge", networkMode="bridge", requiresCompatibilities=["EC2"], containerDefinitions=[{"name": "app", "image": "a", "memory": 64}])
    return {"taskDefinition": "bridge", "launchType": "EC2", "networkConfiguration": None}


def test_e90_a_name_with_other_characters(aws: Aws) -> None:
    check_refused(aws, "E-90", "Service name contains invalid characters.", {"name": "my app"})


def test_e91_a_count_below_zero(aws: Aws) -> None:
    check_refused(aws, "E-91", "", {"desiredCount": -1})
    aws.create()
    with refused("E-91"):
        aws.call("UpdateService", cluster="main", service="app", desiredCount=-1)


def test_e92_a_daemon_with_a_desired_count(aws: Aws) -> None:
    message = "The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again"
    check_refused(aws, "E-92", message, {**DAEMON, "desiredCount": 1})
    check_refused(aws, "E-92", "does not support placement strategies", {**DAEMON, "placementStrategy": [{"type": "spread"}]})
    aws.create(**{**bridge(aws), **DAEMON})
    with refused("E-92", message):
        aws.call("UpdateService", cluster="main", service="app", desiredCount=1)


def test_e93_a_launch_type_together_with_a_capacity_provider_strategy(aws: Aws) -> None:
    message = "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again."
    check_refused(aws, "E-93", message, {"capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}]})


def test_e94_a_daemon_on_fargate(aws: Aws) -> None:
    check_refused(aws, "E-94", "", {"schedulingStrategy": "DAEMON"})
    strategy = [{"capacityProvider": "FARGATE", "weight": 1}]
    aws.call("PutClusterCapacityProviders", cluster="main", capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=strategy)
    check_refused(aws, "E-94", "Specifying a capacity provider strategy is not supported", {"schedulingStrategy": "DAEMON", "launchType": None})


def test_e95_a_role_with_awsvpc(aws: Aws) -> None:
    message = "You cannot specify an IAM role for services that require a service linked role."
    check_refused(aws, "E-95", message, {"role": "ecsServiceRole", "loadBalancers": [BALANCER]})


def test_e96_a_task_definition_that_is_not_there_or_not_active(aws: Aws) -> None:
    check_refused(aws, "E-96", "TaskDefinition not found.", {"taskDefinition": "unknown"})
    check_refused(aws, "E-96", "TaskDefinition cannot be blank.", {"taskDefinition": None})
    aws.call("DeregisterTaskDefinition", taskDefinition="app:1")
    check_refused(aws, "E-96", "TaskDefinition is inactive", {"taskDefinition": "app:1"})


def test_e96_a_service_whose_task_definition_became_inactive_can_be_scaled(aws: Aws) -> None:
    aws.create()
    aws.call("DeregisterTaskDefinition", taskDefinition="app:1")
    assert aws.call("UpdateService", cluster="main", service="app", desiredCount=3)["service"]["desiredCount"] == 3


def test_e97_awsvpc_without_a_network_configuration(aws: Aws) -> None:
    message = "Network Configuration must be provided when networkMode 'awsvpc' is specified."
    check_refused(aws, "E-97", message, {"networkConfiguration": None})
    check_refused(aws, "E-97", "subnets", {"networkConfiguration": {"awsvpcConfiguration": {"subnets": []}}})
    groups = [f"sg-{number}" for number in range(6)]
    check_refused(aws, "E-97", "", {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": groups}}})


def test_e98_a_network_configuration_without_awsvpc(aws: Aws) -> None:
    message = "Network Configuration is not valid for the given networkMode of this task definition."
    check_refused(aws, "E-98", message, {**bridge(aws), "networkConfiguration": NETWORK})


@pytest.mark.parametrize("balancers", [[], [BALANCER]])
def test_e99_a_grace_period_with_and_without_a_load_balancer(aws: Aws, balancers: list[Any]) -> None:
    assert aws.create(healthCheckGracePeriodSeconds=60, loadBalancers=balancers)["healthCheckGracePeriodSeconds"] == 60


def test_e100_fargate_with_a_task_definition_for_instances(aws: Aws) -> None:
    aws.register(family="ec2", requiresCompatibilities=["EC2"])
    check_refused(aws, "E-100", "", {"taskDefinition": "ec2"})


def test_e101_a_load_balancer_for_a_container_that_is_not_there(aws: Aws) -> None:
    check_refused(aws, "E-101", "The container other does not exist in the task definition.", {"loadBalancers": [{**BALANCER, "containerName": "other"}]})
    check_refused(aws, "E-101", "did not have a container port 81 defined.", {"loadBalancers": [{**BALANCER, "containerPort": 81}]})


@pytest.mark.parametrize(("configuration", "message"), [
    ({"minimumHealthyPercent": 100, "maximumPercent": 100}, "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments."),
    ({"maximumPercent": 50, "minimumHealthyPercent": 0}, "maximumPercent is at least 100"),
    ({"minimumHealthyPercent": -1}, "minimumHealthyPercent at least 0"),
])  # fmt: skip
def test_e102_percentages_that_block_deployments(aws: Aws, configuration: dict[str, int], message: str) -> None:
    check_refused(aws, "E-102", message, {"deploymentConfiguration": configuration})
    aws.create()
    with refused("E-102", message):
        aws.call("UpdateService", cluster="main", service="app", deploymentConfiguration=configuration)


def test_e102_rebalancing_without_room(aws: Aws) -> None:
    check_refused(aws, "E-102", "", {"availabilityZoneRebalancing": "ENABLED", "deploymentConfiguration": {"maximumPercent": 100, "minimumHealthyPercent": 0}})


def test_e103_two_service_registries(aws: Aws) -> None:
    check_refused(aws, "E-103", "", {"serviceRegistries": [{"registryArn": "a"}, {"registryArn": "b"}]})


def test_e104_a_platform_version_on_instances(aws: Aws) -> None:
    check_refused(aws, "E-104", "", {**bridge(aws), "platformVersion": "1.4.0"})


def test_e105_the_name_of_an_active_service_is_taken(aws: Aws) -> None:
    aws.create()
    with refused("E-105", "Creation of service was not idempotent."):
        aws.create()


def test_e106_the_name_is_free_once_the_service_is_inactive(aws: Aws) -> None:
    aws.create()
    aws.call("DeleteService", cluster="main", service="app", force=True)
    with refused("E-106", "Unable to Start a service that is still Draining."):
        aws.create()
    aws.forward(60)
    assert aws.create()["status"] == "ACTIVE"


def test_e107_a_service_that_is_not_there(aws: Aws) -> None:
    for operation in ("UpdateService", "DeleteService", "ListServiceDeployments"):
        with refused("E-107", "ServiceNotFoundException: Service not found."):
            aws.call(operation, cluster="main", service="unknown")


def test_e107_a_draining_service_is_not_changed(aws: Aws) -> None:
    aws.create()
    aws.call("DeleteService", cluster="main", service="app", force=True)
    with refused("E-107", "ServiceNotActiveException: Service was not ACTIVE."):
        aws.call("UpdateService", cluster="main", service="app", desiredCount=1)


def test_e108_a_service_that_is_scaled_above_zero_is_not_deleted(aws: Aws) -> None:
    aws.create()
    with refused("E-108", "The service cannot be stopped while it is scaled above 0."):
        aws.call("DeleteService", cluster="main", service="app")
    aws.call("UpdateService", cluster="main", service="app", desiredCount=0)
    assert aws.call("DeleteService", cluster="main", service="app")["service"]["status"] == "DRAINING"


def test_e109_a_deleted_service_drains_and_is_inactive(aws: Aws) -> None:
    aws.create()
    revision = aws.revision()["serviceRevisionArn"]
    aws.call("DeleteService", cluster="main", service="app", force=True)
    assert aws.service()["status"] == "DRAINING" and len(aws.call("ListServices", cluster="main")["serviceArns"]) == 1
    aws.forward(60)
    assert aws.service()["status"] == "INACTIVE" and aws.call("ListServices", cluster="main")["serviceArns"] == []
    assert aws.call("DescribeServiceRevisions", serviceRevisionArns=[revision])["failures"] == [{"arn": revision, "reason": "MISSING"}]


def test_e110_ten_services_at_a_time(aws: Aws) -> None:
    with refused("E-110", "service names can have at most 10 items."):
        aws.call("DescribeServices", cluster="main", services=[f"app{number}" for number in range(11)])
    with refused("E-110", "Services cannot be empty."):
        aws.call("DescribeServices", cluster="main", services=[])
    missing = aws.call("DescribeServices", cluster="main", services=["unknown"])
    assert missing["failures"] == [{"arn": "arn:aws:ecs:eu-west-2:222222222222:service/main/unknown", "reason": "MISSING"}]


def test_e110_tags_come_with_include(aws: Aws) -> None:
    aws.create(tags=[{"key": "k", "value": "v"}])
    assert "tags" not in aws.service()
    [service] = aws.call("DescribeServices", cluster="main", services=["app"], include=["TAGS"])["services"]
    assert service["tags"] == [{"key": "k", "value": "v"}]


def test_e50_members_of_a_service_that_no_model_has_are_kept(aws: Aws) -> None:
    aws.create(invented={"a": [1]})
    assert aws.service()["invented"] == {"a": [1]}
    aws.call("UpdateService", cluster="main", service="app", invented={"a": [2]}, another=True)
    assert (aws.service()["invented"], aws.service()["another"]) == ({"a": [2]}, True)


def test_e117_tags_of_what_does_not_exist(aws: Aws) -> None:
    with refused("E-117"):
        aws.call("ListTagsForResource", resourceArn="arn:aws:ecs:eu-west-2:222222222222:cluster/unknown")
    arn = aws.create()["serviceArn"]
    aws.call("TagResource", resourceArn=arn, tags=[{"key": "a", "value": "1"}, {"key": "b", "value": "2"}])
    aws.call("UntagResource", resourceArn=arn, tagKeys=["a"])
    assert aws.call("ListTagsForResource", resourceArn=arn)["tags"] == [{"key": "b", "value": "2"}]
