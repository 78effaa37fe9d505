"""AWS::ApplicationAutoScaling::ScalableTarget and ScalingPolicy. ministack has nothing of the service: both are kept, and nothing scales."""

from __future__ import annotations

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region, new_uuid
from ministack.services import ecs

from emulator.answers import ServiceRefused
from emulator.cloudformation.registry import Created, Properties, register

targets = AccountRegionScopedDict()
policies = AccountRegionScopedDict()


def install() -> None:
    """Makes the types known."""
    target_replaces = ("ResourceId", "ScalableDimension", "ServiceNamespace")
    register("AWS::ApplicationAutoScaling::ScalableTarget", _create_target, _delete_target, _update_target, target_replaces)
    policy_replaces = ("PolicyName", "ResourceId", "ScalableDimension", "ScalingTargetId", "ServiceNamespace")
    register("AWS::ApplicationAutoScaling::ScalingPolicy", _create_policy, _delete_policy, _update_policy, policy_replaces)


def _create_target(logical_id: str, properties: Properties, stack: str) -> Created:
    resource = properties["ResourceId"]
    if properties["ServiceNamespace"] == "ecs":
        cluster_and_service = resource.removeprefix("service/")
        if not any(key.endswith(cluster_and_service) for key in ecs._services.keys()):
            raise ServiceRefused(f"ValidationException: ECS service doesn't exist: {resource}")
    target = "|".join((resource, properties["ScalableDimension"], properties["ServiceNamespace"]))
    if target in targets:
        raise ServiceRefused(f"AlreadyExists: {target} already exists")
    targets[target] = dict(properties)
    return target, {"Id": target}


def _update_target(physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
    targets[physical_id] = dict(new)
    return physical_id, {"Id": physical_id}


def _delete_target(physical_id: str, properties: Properties) -> None:
    targets.pop(physical_id, None)


def _create_policy(logical_id: str, properties: Properties, stack: str) -> Created:
    target = properties.get("ScalingTargetId")
    if target and target not in targets:
        raise ServiceRefused(f"ObjectNotFoundException: No scalable target registered: {target}")
    arn = f"arn:aws:autoscaling:{get_region()}:{get_account_id()}:scalingPolicy:{new_uuid()}:policyName/{properties['PolicyName']}"
    policies[arn] = dict(properties)
    return arn, {"Arn": arn}


def _update_policy(physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
    policies[physical_id] = dict(new)
    return physical_id, {"Arn": physical_id}


def _delete_policy(physical_id: str, properties: Properties) -> None:
    policies.pop(physical_id, None)
