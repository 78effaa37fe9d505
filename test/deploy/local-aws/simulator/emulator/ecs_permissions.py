"""What a request of Amazon ECS and Application Auto Scaling is about: its resources and its condition keys, as AWS's service reference has them.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
"""

from __future__ import annotations

from typing import Any, Mapping

CLUSTERS = (
    "CreateCluster", "DeleteCluster", "DescribeClusters", "ListAttributes", "ListContainerInstances", "PutClusterCapacityProviders", "UpdateCluster",
    "UpdateClusterSettings",
)  # fmt: skip
SERVICES = ("CreateService", "UpdateService", "DeleteService", "DescribeServices", "ListServiceDeployments")
PROVIDERS = ("CreateCapacityProvider", "UpdateCapacityProvider", "DeleteCapacityProvider", "DescribeCapacityProviders")
OF_CLUSTER = (*SERVICES, "ListDaemons", "ListServices", "ListTasks")
REVISIONS = {"DescribeServiceRevisions": "serviceRevisionArns", "DescribeServiceDeployments": "serviceDeploymentArns"}
TAG_ON_CREATE = ("CreateCapacityProvider", "CreateCluster", "CreateService", "RegisterTaskDefinition")
"""https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html"""

SCALABLE = ("ServiceNamespace", "ScalableDimension")


def checks(operation: str, content: Mapping[str, Any], region: str, account: str) -> list[tuple[str, dict[str, Any]]]:
    """Each resource that has to be allowed, with the condition keys of the service. `*` where IAM has no resource for the action."""

    def arn(kind: str, name: str) -> str:
        return name if name.startswith("arn:") else f"arn:aws:ecs:{region}:{account}:{kind}/{name}"

    cluster = arn("cluster", str(content.get("cluster") or content.get("clusterArn") or "default"))
    keys: dict[str, Any] = {"ecs:cluster": cluster} if operation in OF_CLUSTER else {}
    if operation in ("CreateService", "UpdateService") and content.get("taskDefinition"):
        keys["ecs:task-definition"] = arn("task-definition", str(content["taskDefinition"]))
    if operation in CLUSTERS:
        names = content.get("clusters") or [content.get("cluster") or content.get("clusterName") or "default"]
        return [(arn("cluster", name), keys) for name in names]
    if operation in SERVICES:
        names = content.get("services") or [content.get("service") or content.get("serviceName") or "*"]
        return [(arn("service", name if name.startswith("arn:") else f"{cluster.rsplit('/', 1)[-1]}/{name}"), keys) for name in names]
    if operation in REVISIONS:
        return [check for name in content.get(REVISIONS[operation]) or [] for check in _of_revision(name, arn)] or [("*", {})]
    if operation in PROVIDERS:
        names = content.get("capacityProviders") or [content.get("capacityProvider") or content.get("name") or "*"]
        return [(arn("capacity-provider", name), {}) for name in names]
    if operation == "RegisterTaskDefinition":
        return [(arn("task-definition", f"{content.get('family')}:*"), {})]
    if operation == "DeleteTaskDefinitions":
        return [(arn("task-definition", name), {}) for name in content.get("taskDefinitions") or []] or [("*", {})]
    return [(str(content.get("resourceArn") or "*"), keys)]


def tagging(operation: str, content: Mapping[str, Any], region: str, account: str) -> list[tuple[str, dict[str, Any]]]:
    """The resource whose tags are set when it is created, with the condition keys of ecs:TagResource (E-183)."""
    tags = content.get("tags") or []
    if operation not in TAG_ON_CREATE or not tags:
        return []
    of_tags = {"ecs:CreateAction": operation, "aws:TagKeys": [tag["key"] for tag in tags], **{f"aws:RequestTag/{tag['key']}": tag.get("value", "") for tag in tags}}
    return [(resource, of_tags) for resource, _ in checks(operation, content, region, account)]


def _of_revision(name: str, arn: Any) -> list[tuple[str, dict[str, Any]]]:
    """Both the service and its revision or deployment have to be allowed."""
    kind, _, path = name.partition(":service-")[2].partition("/")
    parts = path.split("/")
    if len(parts) != 3:
        return [(name, {})]
    cluster, service = arn("cluster", parts[0]), arn("service", f"{parts[0]}/{parts[1]}")
    return [(service, {"ecs:cluster": cluster}), (name, {"ecs:cluster": cluster, "ecs:service": service})]


def scaling_keys(content: Mapping[str, Any], operation: str) -> dict[str, Any]:
    """Condition keys of Application Auto Scaling. Its describing operations have none."""
    if operation.startswith("Describe"):
        return {}
    names = {"ServiceNamespace": "service-namespace", "ScalableDimension": "scalable-dimension"}
    return {f"application-autoscaling:{key}": content[member] for member, key in names.items() if content.get(member)}
