"""Application Auto Scaling as far as it is configured: nothing scales (E-120 to E-129, E-174)."""

from __future__ import annotations

import uuid
from typing import Any, Callable

from backup.errors import NotSimulated, Refused
from backup.schedule import BadSchedule, zone
from signals.ports import Clock, Scope

from .state import Params, Record, without

Key = tuple[str, str, str]
"""(service namespace, resource, scalable dimension)."""

LINKED_ROLE = "role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"
MOST_LISTED, MOST_TAGS = 50, 50


def _refused(code: str, message: str, statement: str) -> Refused:
    return Refused(code, message, statement)


class Scaling:
    """Targets, policies and scheduled actions of all accounts. `exists` says whether what is to be scaled is there."""

    def __init__(self, clock: Clock, exists: Callable[[Scope, str, str], bool]) -> None:
        self._clock = clock
        self._exists = exists
        self.targets: dict[tuple[Scope, Key], Record] = {}
        self.policies: dict[tuple[Scope, Key, str], Record] = {}
        self.actions: dict[tuple[Scope, Key, str], Record] = {}
        self._operations: dict[str, Callable[[Scope, Params], Record]] = {
            "RegisterScalableTarget": self._register,
            "DeregisterScalableTarget": self._deregister,
            "DescribeScalableTargets": self._describe_targets,
            "PutScalingPolicy": self._put_policy,
            "DeleteScalingPolicy": self._delete_policy,
            "DescribeScalingPolicies": self._describe_policies,
            "PutScheduledAction": self._put_action,
            "DeleteScheduledAction": self._delete_action,
            "DescribeScheduledActions": self._describe_actions,
            "DescribeScalingActivities": lambda scope, params: {"ScalingActivities": []},
            "ListTagsForResource": self._list_tags,
            "TagResource": self._tag,
            "UntagResource": self._untag,
        }

    def call(self, operation: str, scope: Scope, params: Params) -> dict[str, Any]:
        """Does what the operation does, or raises Refused."""
        if operation not in self._operations:
            raise NotSimulated(operation)
        with self._clock.lock:
            return self._operations[operation](scope, params)

    def forget(self, scope: Scope, resource: str) -> None:
        """The targets of a service that is deleted go with it, and their policies and actions (E-174)."""
        for of, key in list(self.targets):
            if of == scope and key[:2] == ("ecs", resource):
                self._remove(scope, key)

    def _register(self, scope: Scope, params: Params) -> Record:
        key = _key(params)
        known = self.targets.get((scope, key))
        least, most = (params.get(name, (known or {}).get(name)) for name in ("MinCapacity", "MaxCapacity"))
        if least is None or most is None:
            raise _refused("ValidationException", "Both MinCapacity and MaxCapacity have to be specified for a new scalable target.", "E-120")
        if least > most:
            raise _refused("ValidationException", "Maximum capacity cannot be less than minimum capacity", "E-121")
        if least < 0:
            raise _refused("ValidationException", "Minimum capacity cannot be negative", "E-121")
        if key[0] == "ecs" and not self._exists(scope, "ecs", key[1]):
            raise _refused("ValidationException", f"ECS service doesn't exist: {key[1]}", "E-122")
        arn = target_arn(scope, key)
        self.targets[scope, key] = {
            "RoleARN": f"arn:aws:iam::{scope.account}:{LINKED_ROLE}",
            "CreationTime": self._clock.now(),
            "SuspendedState": {"DynamicScalingInSuspended": False, "DynamicScalingOutSuspended": False, "ScheduledScalingSuspended": False},
            **(known or {}),
            **without(params, "Tags"),
            "ScalableTargetARN": arn,
            **({"_tags": _checked_tags(params["Tags"])} if params.get("Tags") else {}),
        }
        return {"ScalableTargetARN": arn}

    def _deregister(self, scope: Scope, params: Params) -> Record:
        self._remove(scope, self._existing(scope, params))
        return {}

    def _remove(self, scope: Scope, key: Key) -> None:
        del self.targets[scope, key]
        for records in (self.policies, self.actions):
            for name in [entry for entry in records if entry[:2] == (scope, key)]:
                del records[name]

    def _describe_targets(self, scope: Scope, params: Params) -> Record:
        return _page("ScalableTargets", self._matching(self.targets, scope, params), params)

    def _put_policy(self, scope: Scope, params: Params) -> Record:
        key = self._existing(scope, params)
        known = self.policies.get((scope, key, params["PolicyName"]))
        kind = params.get("PolicyType") or (known or {}).get("PolicyType") or "StepScaling"
        needed = {"TargetTrackingScaling": "TargetTrackingScalingPolicyConfiguration", "StepScaling": "StepScalingPolicyConfiguration"}.get(kind)
        if needed and not params.get(needed):
            raise _refused("ValidationException", f"{needed} is required for a policy of type {kind}.", "E-124")
        name = f"resource/{key[0]}/{key[1]}:policyName/{params['PolicyName']}"
        arn = known["PolicyARN"] if known else f"arn:aws:autoscaling:{scope.region}:{scope.account}:scalingPolicy:{_uuid(scope, key, params['PolicyName'])}:{name}"
        record = {"CreationTime": self._clock.now(), "Alarms": [], **without(params), "PolicyType": kind, "PolicyARN": arn}
        self.policies[scope, key, params["PolicyName"]] = record
        return {"PolicyARN": arn, "Alarms": record["Alarms"]}

    def _delete_policy(self, scope: Scope, params: Params) -> Record:
        if self.policies.pop((scope, _key(params), params["PolicyName"]), None) is None:
            raise _refused("ObjectNotFoundException", f"No scaling policy found with name: {params['PolicyName']}", "E-125")
        return {}

    def _describe_policies(self, scope: Scope, params: Params) -> Record:
        names = params.get("PolicyNames")
        return _page("ScalingPolicies", [policy for policy in self._matching(self.policies, scope, params) if not names or policy["PolicyName"] in names], params)

    def _put_action(self, scope: Scope, params: Params) -> Record:
        key = self._existing(scope, params)
        known = self.actions.get((scope, key, params["ScheduledActionName"]))
        action = params.get("ScalableTargetAction") or {}
        if known is None and not params.get("Schedule"):
            raise _refused("ValidationException", "Schedule is required for a new scheduled action.", "E-126")
        if action and action.get("MinCapacity") is None and action.get("MaxCapacity") is None:
            raise _refused("ValidationException", "At least one of minimum capacity and maximum capacity should be provided", "E-127")
        if (action.get("MinCapacity") or 0) > (action.get("MaxCapacity") if action.get("MaxCapacity") is not None else float("inf")):
            raise _refused("ValidationException", "Maximum capacity cannot be less than minimum capacity", "E-121")
        if params.get("Timezone"):
            try:
                zone(params["Timezone"])
            except BadSchedule as problem:
                raise _refused("ValidationException", f"Invalid time zone: {params['Timezone']}", "E-126") from problem
        name = f"resource/{key[0]}/{key[1]}:scheduledActionName/{params['ScheduledActionName']}"
        arn = f"arn:aws:autoscaling:{scope.region}:{scope.account}:scheduledAction:{_uuid(scope, key, params['ScheduledActionName'])}:{name}"
        self.actions[scope, key, params["ScheduledActionName"]] = {
            "CreationTime": self._clock.now(), **(known or {}), **without(params), "ScheduledActionARN": arn,
        }  # fmt: skip
        return {}

    def _delete_action(self, scope: Scope, params: Params) -> Record:
        if self.actions.pop((scope, _key(params), params["ScheduledActionName"]), None) is None:
            raise _refused("ObjectNotFoundException", f"No scheduled action found with name: {params['ScheduledActionName']}", "E-125")
        return {}

    def _describe_actions(self, scope: Scope, params: Params) -> Record:
        names = params.get("ScheduledActionNames")
        found = [action for action in self._matching(self.actions, scope, params) if not names or action["ScheduledActionName"] in names]
        return _page("ScheduledActions", found, params)

    def _list_tags(self, scope: Scope, params: Params) -> Record:
        return {"Tags": self._of_arn(scope, params).get("_tags", {})}

    def _tag(self, scope: Scope, params: Params) -> Record:
        target = self._of_arn(scope, params)
        target["_tags"] = _checked_tags({**target.get("_tags", {}), **params["Tags"]})
        return {}

    def _untag(self, scope: Scope, params: Params) -> Record:
        target = self._of_arn(scope, params)
        target["_tags"] = {key: value for key, value in target.get("_tags", {}).items() if key not in params["TagKeys"]}
        return {}

    def _of_arn(self, scope: Scope, params: Params) -> Record:
        for (of, _), target in self.targets.items():
            if of == scope and target["ScalableTargetARN"] == params["ResourceARN"]:
                return target
        raise _refused("ResourceNotFoundException", f"Resource {params['ResourceARN']} does not exist.", "E-125")

    def _existing(self, scope: Scope, params: Params) -> Key:
        key = _key(params)
        if (scope, key) not in self.targets:
            message = f"No scalable target registered for service namespace: {key[0]}, resource ID: {key[1]}, scalable dimension: {key[2]}"
            raise _refused("ObjectNotFoundException", message, "E-123")
        return key

    @staticmethod
    def _matching(records: dict[Any, Record], scope: Scope, params: Params) -> list[Record]:
        """Those of a namespace; ids of resources and the dimension narrow them down."""
        resources = params.get("ResourceIds") or ([params["ResourceId"]] if params.get("ResourceId") else None)
        return [
            {name: value for name, value in record.items() if name != "_tags"}
            for entry, record in records.items()
            if entry[0] == scope
            and record["ServiceNamespace"] == params["ServiceNamespace"]
            and (not resources or record["ResourceId"] in resources)
            and params.get("ScalableDimension") in (None, record["ScalableDimension"])
        ]


def _checked_tags(tags: Params) -> Params:
    """Refuses tags that nobody but AWS may set, and more than 50 (E-129)."""
    if len(tags) > MOST_TAGS:
        raise _refused("TooManyTagsException", f"A scalable target has at most {MOST_TAGS} tags.", "E-129")
    if any(text.lower().startswith("aws:") for entry in tags.items() for text in entry):
        raise _refused("ValidationException", "Tag keys and values can not begin with aws:, which is reserved for AWS use.", "E-129")
    return tags


def _key(params: Params) -> Key:
    return params["ServiceNamespace"], params["ResourceId"], params["ScalableDimension"]


def target_arn(scope: Scope, key: Key) -> str:
    """The ARN of a scalable target, the same whenever it is registered."""
    name = uuid.uuid5(uuid.NAMESPACE_URL, repr((scope, key))).hex
    return f"arn:aws:application-autoscaling:{scope.region}:{scope.account}:scalable-target/{name}"


def _uuid(scope: Scope, key: Key, name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, repr((scope, key, name))))


def _page(member: str, items: list[Record], params: Params) -> Record:
    """Pages of at most 50 (E-128)."""
    size, token = params.get("MaxResults") or MOST_LISTED, params.get("NextToken")
    if token is not None and not (token.isdigit() and int(token) < len(items)):
        raise _refused("InvalidNextTokenException", "The token is not valid.", "E-128")
    first, size = int(token or 0), min(size, MOST_LISTED)
    answer: Record = {member: items[first : first + size]}
    if first + size < len(items):
        answer["NextToken"] = str(first + size)
    return answer
