"""Clusters, capacity providers and lists."""

from __future__ import annotations

from typing import Any

import pytest
from backup.errors import NotSimulated, Refused
from containers_aws import Aws


def refused(statement: str) -> Any:
    return pytest.raises(Refused, match=rf"\[{statement}\]$")


def test_e50_members_that_no_model_has_are_kept(aws: Aws) -> None:
    aws.call("CreateCluster", clusterName="new", invented={"of": ["something"]})
    assert aws.call("DescribeClusters", clusters=["new"])["clusters"][0]["invented"] == {"of": ["something"]}


def test_e51_nothing_runs(aws: Aws) -> None:
    assert aws.call("ListTasks", cluster="main") == {"taskArns": []}
    with pytest.raises(NotSimulated):
        aws.call("RunTask", cluster="main", taskDefinition="app")


def test_e52_services_come_in_pages_of_ten(aws: Aws) -> None:
    for number in range(23):
        aws.create(f"app{number:02}")
    first = aws.call("ListServices", cluster="main")
    second = aws.call("ListServices", cluster="main", nextToken=first["nextToken"])
    third = aws.call("ListServices", cluster="main", nextToken=second["nextToken"])
    assert [len(page["serviceArns"]) for page in (first, second, third)] == [10, 10, 3] and "nextToken" not in third
    assert len(aws.call("ListServices", cluster="main", maxResults=100)["serviceArns"]) == 23
    with refused("E-52"):
        aws.call("ListServices", cluster="main", maxResults=101)
    with refused("E-52"):
        aws.call("ListServices", cluster="main", nextToken="unknown")


@pytest.mark.parametrize(("operation", "more"), [
    ("ListServices", {}), ("DescribeServices", {"services": ["app"]}), ("UpdateCluster", {}), ("DeleteCluster", {}),
    ("CreateService", {"serviceName": "app", "taskDefinition": "app"}),
])  # fmt: skip
def test_e53_a_cluster_that_does_not_exist(aws: Aws, operation: str, more: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="ClusterNotFoundException: Cluster not found"):
        aws.call(operation, cluster="unknown", **more)


def test_e53_without_a_name_it_is_the_default_cluster(aws: Aws) -> None:
    with refused("E-53"):
        aws.call("ListServices")
    aws.call("CreateCluster")
    assert aws.call("ListServices") == {"serviceArns": []}
    assert aws.call("DescribeClusters")["clusters"][0]["clusterName"] == "default"


def test_e54_a_cluster_that_exists_is_returned(aws: Aws) -> None:
    aws.create()
    assert aws.call("CreateCluster", clusterName="main")["cluster"]["activeServicesCount"] == 1


def test_e54_a_name_with_other_characters(aws: Aws) -> None:
    with refused("E-54"):
        aws.call("CreateCluster", clusterName="main!")


def test_e55_a_cluster_with_services_stays(aws: Aws) -> None:
    aws.create()
    with pytest.raises(Refused, match="ClusterContainsServicesException"):
        aws.call("DeleteCluster", cluster="main")
    aws.call("DeleteService", cluster="main", service="app", force=True)
    with refused("E-55"):
        aws.call("DeleteCluster", cluster="main")
    aws.forward(60)
    assert aws.call("DeleteCluster", cluster="main")["cluster"]["status"] == "INACTIVE"
    assert aws.call("DescribeClusters", clusters=["main"])["clusters"][0]["status"] == "INACTIVE"


def test_e56_some_members_come_only_if_they_are_asked_for(aws: Aws) -> None:
    given = {"settings": [{"name": "containerInsights", "value": "enhanced"}], "configuration": {"executeCommandConfiguration": {"logging": "NONE"}}}
    aws.call("CreateCluster", clusterName="new", tags=[{"key": "k", "value": "v"}], **given)
    [plain] = aws.call("DescribeClusters", clusters=["new"])["clusters"]
    [whole] = aws.call("DescribeClusters", clusters=["new"], include=["SETTINGS", "CONFIGURATIONS", "TAGS"])["clusters"]
    assert (plain["settings"], plain.get("configuration"), plain["tags"]) == ([], None, [])
    assert {name: whole[name] for name in given} == given and whole["tags"] == [{"key": "k", "value": "v"}]


def test_e57_what_does_not_exist_is_a_failure(aws: Aws) -> None:
    answer = aws.call("DescribeClusters", clusters=["main", "unknown"])
    assert len(answer["clusters"]) == 1
    assert answer["failures"] == [{"arn": "arn:aws:ecs:eu-west-2:222222222222:cluster/unknown", "reason": "MISSING"}]
    with refused("E-57"):
        aws.call("DescribeClusters", clusters=[str(number) for number in range(101)])


GROUP = {"autoScalingGroupProvider": {"autoScalingGroupArn": "arn:aws:autoscaling:x"}}


@pytest.mark.parametrize("name", ["aws-mine", "ECS1", "fargate2"])
def test_e58_names_of_capacity_providers_that_are_aws_own(aws: Aws, name: str) -> None:
    with refused("E-58"):
        aws.call("CreateCapacityProvider", name=name, **GROUP)


def test_e59_a_capacity_provider_that_exists(aws: Aws) -> None:
    aws.call("CreateCapacityProvider", name="mine", **GROUP)
    with refused("E-59"):
        aws.call("CreateCapacityProvider", name="mine", **GROUP)


def test_e60_a_capacity_provider_of_nothing(aws: Aws) -> None:
    with refused("E-60"):
        aws.call("CreateCapacityProvider", name="mine")


def test_e61_a_capacity_provider_has_to_exist(aws: Aws) -> None:
    with refused("E-61"):
        aws.call("PutClusterCapacityProviders", cluster="main", capacityProviders=["mine"], defaultCapacityProviderStrategy=[])
    with refused("E-61"):
        aws.call("PutClusterCapacityProviders", cluster="main", capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT"}])
    with refused("E-61"):
        aws.call("DeleteCapacityProvider", capacityProvider="FARGATE")
    found = aws.call("DescribeCapacityProviders", capacityProviders=["FARGATE", "mine"])
    assert [provider["name"] for provider in found["capacityProviders"]] == ["FARGATE"] and found["failures"][0]["reason"] == "MISSING"


def test_e62_a_capacity_provider_in_use_stays(aws: Aws) -> None:
    aws.call("PutClusterCapacityProviders", cluster="main", capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=[])
    aws.create(launchType=None, capacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}])
    with pytest.raises(Refused, match="ResourceInUseException"):
        aws.call("PutClusterCapacityProviders", cluster="main", capacityProviders=[], defaultCapacityProviderStrategy=[])


@pytest.mark.parametrize("strategy", [
    [{"capacityProvider": "FARGATE", "base": 1, "weight": 1}, {"capacityProvider": "FARGATE_SPOT", "base": 1, "weight": 1}],
    [{"capacityProvider": "FARGATE", "weight": 0}, {"capacityProvider": "FARGATE_SPOT", "weight": 0}],
])  # fmt: skip
def test_e63_a_strategy_that_can_not_be(aws: Aws, strategy: list[Any]) -> None:
    with refused("E-63"):
        aws.call("PutClusterCapacityProviders", cluster="main", capacityProviders=["FARGATE", "FARGATE_SPOT"], defaultCapacityProviderStrategy=strategy)
