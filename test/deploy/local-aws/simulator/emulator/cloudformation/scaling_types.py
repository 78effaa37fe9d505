"""AWS::ApplicationAutoScaling::ScalableTarget and ScalingPolicy, through the simulated Application Auto Scaling. Nothing scales."""

from __future__ import annotations

from typing import Any

import botocore.session
from backup.errors import Refused

from emulator.answers import ServiceRefused
from emulator.cloudformation.backup_types import coerced
from emulator.cloudformation.registry import Created, Properties, register
from emulator.ecs import SCALING, LocalEcs

OF_TARGET = ("ServiceNamespace", "ResourceId", "ScalableDimension")


class ScalingTypes:
    """The types, with the service that they call."""

    def __init__(self, local: LocalEcs) -> None:
        self._local = local
        self._model = botocore.session.Session().get_service_model(SCALING)

    def install(self) -> None:
        """Makes the types known."""
        target, policy = "AWS::ApplicationAutoScaling::ScalableTarget", "AWS::ApplicationAutoScaling::ScalingPolicy"
        register(target, self._create_target, self._delete_target, self._update_target, OF_TARGET)
        policy_replaces = ("PolicyName", "ScalingTargetId", *OF_TARGET)
        register(policy, self._create_policy, self._delete_policy, self._update_policy, policy_replaces)

    def _call(self, operation: str, request: Properties) -> dict[str, Any]:
        try:
            return self._local.call(SCALING, operation, coerced(dict(request), self._model.operation_model(operation).input_shape))
        except Refused as refused:
            raise ServiceRefused(f"{refused.code}: {refused.message} [{refused.statement}]") from refused

    def _create_target(self, logical_id: str, properties: Properties, stack: str) -> Created:
        target = "|".join(properties[name] for name in ("ResourceId", "ScalableDimension", "ServiceNamespace"))
        if self._call("DescribeScalableTargets", _target_of(target, listed=True))["ScalableTargets"]:
            raise ServiceRefused(f"AlreadyExists: {target} already exists")
        self._set_up(target, {}, properties)
        return target, {"Id": target}

    def _update_target(self, target: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
        self._set_up(target, old, new)
        return target, {"Id": target}

    def _set_up(self, target: str, old: Properties, new: Properties) -> None:
        self._call("RegisterScalableTarget", {name: value for name, value in new.items() if name not in ("ScheduledActions", "Tags")})
        kept = {action["ScheduledActionName"] for action in new.get("ScheduledActions") or []}
        for action in old.get("ScheduledActions") or []:
            if action["ScheduledActionName"] not in kept:
                self._call("DeleteScheduledAction", {**_target_of(target), "ScheduledActionName": action["ScheduledActionName"]})
        for action in new.get("ScheduledActions") or []:
            self._call("PutScheduledAction", {**_target_of(target), **action})

    def _delete_target(self, target: str, properties: Properties) -> None:
        self._forgive("DeregisterScalableTarget", _target_of(target))

    def _create_policy(self, logical_id: str, properties: Properties, stack: str) -> Created:
        arn = self._call("PutScalingPolicy", _policy(properties))["PolicyARN"]
        return arn, {"Arn": arn}

    def _update_policy(self, arn: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
        self._call("PutScalingPolicy", _policy(new))
        return arn, {"Arn": arn}

    def _delete_policy(self, arn: str, properties: Properties) -> None:
        self._forgive("DeleteScalingPolicy", {name: value for name, value in _policy(properties).items() if name in (*OF_TARGET, "PolicyName")})

    def _forgive(self, operation: str, request: Properties) -> None:
        """A deletion, which is done as well if there is nothing to delete."""
        try:
            self._call(operation, request)
        except ServiceRefused as refused:
            if "ObjectNotFoundException" not in str(refused):
                raise


def _policy(properties: Properties) -> dict[str, Any]:
    request = {name: value for name, value in properties.items() if name != "ScalingTargetId"}
    return {**request, **(_target_of(properties["ScalingTargetId"]) if properties.get("ScalingTargetId") else {})}


def _target_of(target: str, listed: bool = False) -> dict[str, Any]:
    """The members that name a target, from its physical id."""
    resource, dimension, namespace = target.split("|")
    name: dict[str, Any] = {"ResourceIds": [resource]} if listed else {"ResourceId": resource}
    return {"ServiceNamespace": namespace, "ScalableDimension": dimension, **name}
