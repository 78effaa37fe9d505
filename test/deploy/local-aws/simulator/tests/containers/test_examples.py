"""AWS's published examples of requests and responses: each request is taken, and each member of its response is in the answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import botocore
import pytest
from containers_aws import SCOPE, Aws

DATA = Path(botocore.__file__).parent / "data"


def examples(service: str, operation: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The requests of an operation with their responses."""
    found = json.loads((DATA / service / "examples-1.json").read_text())["examples"][operation]
    return [(example["input"], example.get("output") or {}) for example in found]


ECS, SCALING = "ecs/2014-11-13", "application-autoscaling/2016-02-06"


def lacks(answer: Any, expected: Any, path: str = "") -> list[str]:
    """The members of a response that an answer does not have. Values differ with time and account."""
    if isinstance(expected, dict):
        missing = [f"{path}.{name}" for name in expected if name not in answer]
        return missing + [found for name in expected if name in answer for found in lacks(answer[name], expected[name], f"{path}.{name}")]
    if isinstance(expected, list) and expected and answer:
        return lacks(answer[0], expected[0], f"{path}[]")
    return []


@pytest.fixture
def example_aws() -> Aws:
    """The cluster, the task definitions and the services that the examples name."""
    aws = Aws()
    aws.call("CreateCluster")
    for family, container in (("hello_world", "simple-app"), ("console-sample-app-static", "simple-app"), ("amazon-ecs-sample", "simple-app")):
        definition = {"name": container, "image": "httpd", "memory": 300, "portMappings": [{"containerPort": 80, "hostPort": 80}]}
        for _ in range(8):
            aws.call("RegisterTaskDefinition", family=family, containerDefinitions=[definition])
    aws.call("CreateService", serviceName="my-http-service", taskDefinition="hello_world", desiredCount=0)
    aws.call("CreateService", serviceName="web-app", taskDefinition="hello_world", desiredCount=1)
    return aws


@pytest.mark.parametrize("operation", [
    "CreateCluster", "DescribeClusters", "ListClusters", "RegisterTaskDefinition", "DescribeTaskDefinition", "ListTaskDefinitions", "ListTaskDefinitionFamilies",
    "CreateService", "UpdateService", "ListServices", "DeleteService",
])  # fmt: skip
def test_e50_examples_of_amazon_ecs(example_aws: Aws, operation: str) -> None:
    for request, response in examples(ECS, operation):
        assert lacks(example_aws.call(operation, **request), response, operation) in ([], ["DescribeTaskDefinition.taskDefinition.containerDefinitions[].links"])


def test_e50_the_example_of_a_described_service(example_aws: Aws) -> None:
    [(created, _), _] = examples(ECS, "CreateService")
    example_aws.call("CreateService", **created)
    [(request, response)] = examples(ECS, "DescribeServices")
    del response["services"][0]["events"]  # of a task that could not be placed
    assert lacks(example_aws.call("DescribeServices", **request), response) == []


def test_e120_examples_of_application_auto_scaling(example_aws: Aws) -> None:
    for operation in ("RegisterScalableTarget", "PutScalingPolicy", "DescribeScalableTargets", "DescribeScalingPolicies", "DescribeScalingActivities", "DeregisterScalableTarget"):
        for request, response in examples(SCALING, operation):
            missing = lacks(example_aws.scaling.call(operation, SCOPE, request), response, operation)
            assert [name for name in missing if not name.endswith((".NextToken", ".StepScalingPolicyConfiguration"))] == []
