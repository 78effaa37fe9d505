"""What is refused of a task definition, and what is kept."""

from __future__ import annotations

import re
from typing import Any

import pytest
from backup.errors import Refused
from containers_aws import ROLE, Aws


def app(**changes: Any) -> dict[str, Any]:
    return {"name": "app", "image": "app:1", **changes}


def refused(statement: str, message: str = "") -> Any:
    return pytest.raises(Refused, match=rf"{re.escape(message)}.*\[{statement}\]$")


EC2 = {"requiresCompatibilities": None, "cpu": None, "memory": None}
def check_refused(aws: Aws, statement: str, message: str, changes: dict[str, Any]) -> None:
    with refused(statement, message):
        aws.register(**changes)
    assert aws.call("ListTaskDefinitions")["taskDefinitionArns"] == ["arn:aws:ecs:eu-west-2:222222222222:task-definition/app:1"]


@pytest.mark.parametrize(("message", "changes"), [
    ("Family contains invalid characters.", {"family": "my app"}),
])  # fmt: skip
def test_e70_a_family_with_other_characters(aws: Aws, message: str, changes: dict[str, Any]) -> None:
    check_refused(aws, "E-70", message, changes)


@pytest.mark.parametrize(("message", "changes"), [
    ("Container list cannot be empty.", {"containerDefinitions": []}),
    ("Container.name should not be null or empty.", {"containerDefinitions": [{"image": "app"}]}),
    ("Container.name contains invalid characters.", {"containerDefinitions": [app(name="my app")]}),
    ("Container.image should not be null or empty.", {"containerDefinitions": [{"name": "app"}]}),
])  # fmt: skip
def test_e71_containers_without_a_name_or_an_image(aws: Aws, message: str, changes: dict[str, Any]) -> None:
    check_refused(aws, "E-71", message, changes)


@pytest.mark.parametrize(("message", "changes"), [
    ("Too many containers.", {"containerDefinitions": [app(name=f"c{number}") for number in range(11)]}),
])  # fmt: skip
def test_e72_more_than_ten_containers(aws: Aws, message: str, changes: dict[str, Any]) -> None:
    check_refused(aws, "E-72", message, changes)


@pytest.mark.parametrize(("message", "changes"), [
    ("Container names must be unique within a Task Definition.", {"containerDefinitions": [app(), app()]}),
])  # fmt: skip
def test_e73_two_containers_of_one_name(aws: Aws, message: str, changes: dict[str, Any]) -> None:
    check_refused(aws, "E-73", message, changes)


@pytest.mark.parametrize(("message", "changes"), [
    ("Container dependency", {"containerDefinitions": [app(dependsOn=[{"containerName": "other", "condition": "START"}])]}),
])  # fmt: skip
def test_e74_a_dependency_on_a_container_that_is_not_there(aws: Aws, message: str, changes: dict[str, Any]) -> None:
    check_refused(aws, "E-74", message, changes)


@pytest.mark.parametrize(("message", "changes"), [
    ("doesn't have any essential container", {"containerDefinitions": [app(essential=False)]}),
])  # fmt: skip
def test_e75_no_essential_container(aws: Aws, message: str, changes: dict[str, Any]) -> None:
    check_refused(aws, "E-75", message, changes)


@pytest.mark.parametrize(("message", "changes"), [
    ("At least one of 'memory' or 'memoryReservation' must be specified.", EC2),
    ("'memoryReservation' is above 'memory'", {**EC2, "containerDefinitions": [app(memory=128, memoryReservation=256)]}),
])  # fmt: skip
def test_e76_memory_that_is_not_set(aws: Aws, message: str, changes: dict[str, Any]) -> None:
    check_refused(aws, "E-76", message, changes)


@pytest.mark.parametrize(("message", "changes"), [
    ("No Fargate configuration exists for given values: 256 CPU, 4096 memory.", {"memory": "4096"}),
    ("No Fargate configuration exists", {"cpu": "300"}),
    ("No Fargate configuration exists", {"cpu": "8192", "memory": "17408"}),
])  # fmt: skip
def test_e77_cpu_and_memory_that_fargate_does_not_have(aws: Aws, message: str, changes: dict[str, Any]) -> None:
    check_refused(aws, "E-77", message, changes)


@pytest.mark.parametrize(("message", "changes"), [
    ("Fargate only supports network mode ‘awsvpc’.", {"networkMode": "host"}),
    ("Fargate only supports network mode ‘awsvpc’.", {"networkMode": None}),
])  # fmt: skip
def test_e78_another_network_mode_on_fargate(aws: Aws, message: str, changes: dict[str, Any]) -> None:
    check_refused(aws, "E-78", message, changes)


@pytest.mark.parametrize(("message", "changes"), [
    ("Fargate requires that 'cpu' be defined at the task level.", {"cpu": None}),
    ("Fargate requires that 'memory' be defined at the task level.", {"memory": None, "containerDefinitions": [app(memory=512)]}),
])  # fmt: skip
def test_e79_fargate_without_cpu_or_memory(aws: Aws, message: str, changes: dict[str, Any]) -> None:
    check_refused(aws, "E-79", message, changes)


@pytest.mark.parametrize(("message", "changes"), [
    ("The sum of all container 'cpu' values cannot be greater", {"containerDefinitions": [app(cpu=257)]}),
])  # fmt: skip
def test_e80_containers_with_more_cpu_than_the_task(aws: Aws, message: str, changes: dict[str, Any]) -> None:
    check_refused(aws, "E-80", message, changes)


@pytest.mark.parametrize(("message", "changes"), [
    ("to support ECR images.", {"executionRoleArn": None, "containerDefinitions": [app(image="222222222222.dkr.ecr.eu-west-2.amazonaws.com/app:1")]}),
    ("to support log driver awslogs.", {"executionRoleArn": None, "containerDefinitions": [app(logConfiguration={"logDriver": "awslogs"})]}),
    ("privileged", {"containerDefinitions": [app(privileged=True)]}),
])  # fmt: skip
def test_e81_fargate_without_an_execution_role_or_with_privileges(aws: Aws, message: str, changes: dict[str, Any]) -> None:
    check_refused(aws, "E-81", message, changes)


@pytest.mark.parametrize(("message", "changes"), [
    ("When networkMode=awsvpc, the host ports and container ports", {"containerDefinitions": [app(portMappings=[{"containerPort": 80, "hostPort": 8080}])]}),
])  # fmt: skip
def test_e82_ports_that_differ(aws: Aws, message: str, changes: dict[str, Any]) -> None:
    check_refused(aws, "E-82", message, changes)


@pytest.mark.parametrize(("message", "changes"), [
    ("64 KB", {"containerDefinitions": [app(environment=[{"name": "A", "value": "x" * 65_536}])]}),
])  # fmt: skip
def test_e83_more_than_64_kb(aws: Aws, message: str, changes: dict[str, Any]) -> None:
    check_refused(aws, "E-83", message, changes)


@pytest.mark.parametrize(("cpu", "memory"), [
    ("256", "2048"), ("512", "1024"), ("1024", "8192"), ("2048", "16384"), ("4096", "30720"), ("8192", "61440"), ("16384", "122880"), (".25 vCPU", "0.5 GB"), ("1 vCPU", "3GB"),
])  # fmt: skip
def test_e77_combinations_of_the_page_are_accepted(aws: Aws, cpu: str, memory: str) -> None:
    assert aws.register(cpu=cpu, memory=memory)["revision"] == 2


def test_e84_every_member_is_kept_and_defaults_are_filled_in(aws: Aws) -> None:
    made = aws.register(invented={"a": 1}, taskRoleArn=ROLE, containerDefinitions=[app(invented=[1], portMappings=[{"containerPort": 80, "newer": True}])])
    described = aws.call("DescribeTaskDefinition", taskDefinition="app")["taskDefinition"]
    assert described == made and made["invented"] == {"a": 1} and made["taskRoleArn"] == ROLE
    assert made["containerDefinitions"] == [{
        "name": "app", "image": "app:1", "cpu": 0, "essential": True, "environment": [], "mountPoints": [], "volumesFrom": [], "systemControls": [], "invented": [1],
        "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp", "newer": True}],
    }]  # fmt: skip
    assert [made["taskDefinitionArn"], made["revision"], made["status"], made["compatibilities"]] == [
        "arn:aws:ecs:eu-west-2:222222222222:task-definition/app:2", 2, "ACTIVE", ["EC2", "FARGATE"],
    ]  # fmt: skip


def test_e84_tags_come_with_include(aws: Aws) -> None:
    aws.register(tags=[{"key": "k", "value": "v"}])
    assert "tags" not in aws.call("DescribeTaskDefinition", taskDefinition="app:2")
    assert aws.call("DescribeTaskDefinition", taskDefinition="app:2", include=["TAGS"])["tags"] == [{"key": "k", "value": "v"}]


def test_e85_a_task_definition_that_does_not_exist(aws: Aws) -> None:
    for name in ("unknown", "app:2", "arn:aws:ecs:eu-west-1:222222222222:task-definition/app:1"):
        with refused("E-85", "ClientException: Unable to describe task definition."):
            aws.call("DescribeTaskDefinition", taskDefinition=name)


def test_e85_a_family_is_its_newest_active_revision(aws: Aws) -> None:
    aws.register()
    aws.call("DeregisterTaskDefinition", taskDefinition="app:2")
    assert aws.call("DescribeTaskDefinition", taskDefinition="app")["taskDefinition"]["revision"] == 1
    assert aws.call("DescribeTaskDefinition", taskDefinition="app:2")["taskDefinition"]["status"] == "INACTIVE"
    assert aws.register()["revision"] == 3


def test_e86_only_inactive_ones_are_deleted(aws: Aws) -> None:
    assert aws.call("DeleteTaskDefinitions", taskDefinitions=["app:1"])["failures"][0]["arn"] == "app:1"
    aws.call("DeregisterTaskDefinition", taskDefinition="app:1")
    assert aws.call("DeleteTaskDefinitions", taskDefinitions=["app:1"])["taskDefinitions"][0]["status"] == "DELETE_IN_PROGRESS"
    with refused("E-86"):
        aws.call("DeleteTaskDefinitions", taskDefinitions=["app:1"] * 11)
