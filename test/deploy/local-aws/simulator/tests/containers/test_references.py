"""What a task definition, a service or a cluster names has to be there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from backup.errors import Refused
from containers_aws import ROLE, Aws

GROUP = "arn:aws:elasticloadbalancing:eu-west-2:222222222222:targetgroup/a/1"
BALANCER = {"targetGroupArn": GROUP, "containerName": "app", "containerPort": 80}
NAMESPACE = "arn:aws:servicediscovery:eu-west-2:222222222222:namespace/ns-1"
REGISTRY = "arn:aws:servicediscovery:eu-west-2:222222222222:service/srv-1"


def refused(code: str, statement: str, message: str = "") -> Any:
    return pytest.raises(Refused, match=rf"^{code}: {re.escape(message)}.*\[{statement}\]$")


@pytest.mark.parametrize("member", ["taskRoleArn", "executionRoleArn"])
def test_e162_a_role_that_is_not_there(aws: Aws, member: str) -> None:
    aws.gone.add(("role", ROLE))
    with refused("ClientException", "E-162", "Role is not valid"):
        aws.register(**{"executionRoleArn": "arn:aws:iam::222222222222:role/other", member: ROLE})
    assert aws.call("ListTaskDefinitions")["taskDefinitionArns"] == ["arn:aws:ecs:eu-west-2:222222222222:task-definition/app:1"]


def test_e163_secrets_without_an_execution_role(aws: Aws) -> None:
    secret = {"name": "PASSWORD", "valueFrom": "arn:aws:secretsmanager:eu-west-2:222222222222:secret:a"}
    message = "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."
    with refused("ClientException", "E-163", message):
        aws.register(executionRoleArn=None, containerDefinitions=[{"name": "app", "image": "a", "secrets": [secret]}])


def test_e163_a_secret_with_the_name_of_a_variable(aws: Aws) -> None:
    container = {"name": "app", "image": "a", "secrets": [{"name": "A", "valueFrom": "a"}], "environment": [{"name": "A", "value": "b"}]}
    with refused("ClientException", "E-163", "The secret name must be unique and not shared with any new or existing environment variables"):
        aws.register(containerDefinitions=[container])


def test_e164_a_volume_that_is_not_in_the_task_definition(aws: Aws) -> None:
    container = {"name": "app", "image": "a", "mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}]}
    with refused("ClientException", "E-164", "Unknown volume 'data'."):
        aws.register(containerDefinitions=[container])
    assert aws.register(containerDefinitions=[container], volumes=[{"name": "data"}])["revision"] == 2


@pytest.mark.parametrize(("kind", "name", "message"), [
    ("subnet", "subnet-1", "Error retrieving subnet information for [subnet-1]: The subnet ID 'subnet-1' does not exist (ErrorCode: InvalidSubnetID.NotFound)"),
    ("security group", "sg-1", "Error retrieving security group information for [sg-1]: The security group 'sg-1' does not exist"),
])  # fmt: skip
def test_e166_a_network_that_is_not_there(aws: Aws, kind: str, name: str, message: str) -> None:
    aws.gone.add((kind, name))
    with refused("InvalidParameterException", "E-166", message):
        aws.create()
    assert aws.call("ListServices", cluster="main")["serviceArns"] == []


@pytest.mark.parametrize(("kind", "message"), [
    ("target group", "Unable to assume role and validate the specified targetGroupArn."),
    ("load balancer", f"The target group with targetGroupArn {GROUP} does not have an associated load balancer."),
])  # fmt: skip
def test_e167_a_target_group_that_is_not_there_or_not_in_use(aws: Aws, kind: str, message: str) -> None:
    aws.gone.add((kind, GROUP))
    with refused("InvalidParameterException", "E-167", message):
        aws.create(loadBalancers=[BALANCER])
    aws.create()
    with refused("InvalidParameterException", "E-167", message):
        aws.call("UpdateService", cluster="main", service="app", loadBalancers=[BALANCER])


def test_e168_a_namespace_or_a_registry_that_is_not_there(aws: Aws) -> None:
    aws.gone.update({("namespace", NAMESPACE), ("registry", REGISTRY)})
    with refused("NamespaceNotFoundException", "E-168"):
        aws.create(serviceConnectConfiguration={"enabled": True, "namespace": NAMESPACE})
    with refused("InvalidParameterException", "E-168"):
        aws.create(serviceRegistries=[{"registryArn": REGISTRY}])
    with refused("NamespaceNotFoundException", "E-168"):
        aws.call("CreateCluster", clusterName="other", serviceConnectDefaults={"namespace": NAMESPACE})


@pytest.mark.parametrize("tags", [
    [{"key": "aws:cloudformation:stack-name", "value": "a"}], [{"key": "AWS:a", "value": "b"}], [{"key": "a", "value": "aws:b"}],
    [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}], [{"key": str(number), "value": ""} for number in range(51)],
])  # fmt: skip
def test_e169_tags_that_only_aws_may_set_and_too_many(aws: Aws, tags: list[dict[str, str]]) -> None:
    arn = aws.create("other")["serviceArn"]
    for call in (
        lambda: aws.create(tags=tags),
        lambda: aws.register(tags=tags),
        lambda: aws.call("CreateCluster", clusterName="second", tags=tags),
        lambda: aws.call("TagResource", resourceArn=arn, tags=tags),
    ):
        with refused("InvalidParameterException", "E-169"):
            call()


def test_e169_no_more_than_fifty_tags_in_all(aws: Aws) -> None:
    arn = aws.create(tags=[{"key": str(number), "value": ""} for number in range(50)])["serviceArn"]
    aws.call("TagResource", resourceArn=arn, tags=[{"key": "0", "value": "again"}])
    with refused("InvalidParameterException", "E-169"):
        aws.call("TagResource", resourceArn=arn, tags=[{"key": "50", "value": ""}])


def test_e170_tags_of_what_is_inactive(aws: Aws) -> None:
    service, cluster = aws.create()["serviceArn"], "arn:aws:ecs:eu-west-2:222222222222:cluster/main"
    aws.call("DeleteService", cluster="main", service="app", force=True)
    aws.forward(60)
    aws.call("DeleteCluster", cluster="main")
    with refused("InvalidParameterException", "E-170", "The specified cluster is inactive. Specify an active cluster and try again."):
        aws.call("ListTagsForResource", resourceArn=cluster)
    with refused("InvalidParameterException", "E-170", "The specified service is inactive. Specify an active service and try again."):
        aws.call("TagResource", resourceArn=service, tags=[{"key": "a", "value": "b"}])


def test_e177_a_family_alone_is_not_deregistered(aws: Aws) -> None:
    with refused("InvalidParameterException", "E-177"):
        aws.call("DeregisterTaskDefinition", taskDefinition="app")
    assert aws.call("DeregisterTaskDefinition", taskDefinition="app:1")["taskDefinition"]["status"] == "INACTIVE"
