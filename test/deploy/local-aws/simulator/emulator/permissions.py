"""What AWS checks beside the action that is called. Without this a role works here and is denied on AWS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Mapping, Sequence

from signals.ports import Scope

from emulator import identities
from emulator.ecs_names import role_arn

DYNAMODB_RESTORE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html"
SERVICE_ROLE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html"
PASS_ROLE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"
ECS_INFRASTRUCTURE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html"
EVENTS = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html"
SCHEDULER = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html"
SCALING = "https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_id-based-policy-examples.html"
PARAMETERS = "https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html"

Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Dependent:
    """An action that the caller of an operation needs as well, on resources that the request names, and AWS's page that says so."""

    operation: str
    action: str
    resources: Callable[[Parameters, str, str], Sequence[str]]
    page: str
    context: Mapping[str, str] = field(default_factory=dict)


def _target_table(parameters: Parameters, account: str, region: str) -> list[str]:
    name = parameters.get("TargetTableName")
    return [f"arn:aws:dynamodb:{region}:{account}:table/{name}"] if name else []


def _service_role(parameters: Parameters, account: str, region: str) -> list[str]:
    return [parameters["RoleARN"]] if parameters.get("RoleARN") else []


def _roles_of_tasks(parameters: Parameters, account: str, region: str) -> list[str]:
    return [role_arn(Scope(account, region), parameters[name]) for name in ("taskRoleArn", "executionRoleArn") if parameters.get(name)]


def _roles_for_infrastructure(parameters: Parameters, account: str, region: str) -> list[str]:
    """The service role, and each role that Amazon ECS is given for volumes, load balancers, Service Connect, hooks and instances."""
    service_role = [role_arn(Scope(account, region), parameters["role"])] if parameters.get("role") else []
    return service_role + _members(parameters, ("roleArn", "infrastructureRoleArn"))


def _role_of_target(parameters: Parameters, account: str, region: str) -> list[str]:
    return _members(parameters, ("RoleArn",))


def _members(node: Any, names: Sequence[str]) -> list[str]:
    """The values of all members of these names, however deep."""
    if isinstance(node, Mapping):
        own = [node[name] for name in names if isinstance(node.get(name), str) and node[name]]
        return own + [found for value in node.values() for found in _members(value, names)]
    return [found for value in node for found in _members(value, names)] if isinstance(node, list) else []


def _alarms_of_tracking(parameters: Parameters, account: str, region: str) -> list[str]:
    """The two alarms that a target tracking policy has, by the beginnings of their names."""
    if parameters.get("PolicyType") != "TargetTrackingScaling":
        return []
    name = f"arn:aws:cloudwatch:{region}:{account}:alarm:TargetTracking-{parameters.get('ResourceId')}"
    return [f"{name}-AlarmHigh-{parameters.get('PolicyName')}", f"{name}-AlarmLow-{parameters.get('PolicyName')}"]


def _parameters(parameters: Parameters, account: str, region: str) -> list[str]:
    """The ARN of each parameter that a call names, without version or label."""
    names = [str(name) for name in parameters.get("Names") or []]
    return [name if name.startswith("arn:") else f"arn:aws:ssm:{region}:{account}:parameter/{name.split(':')[0].lstrip('/')}" for name in names]


TO_CLOUDFORMATION = {"iam:PassedToService": "cloudformation.amazonaws.com"}
TO_TASKS, TO_ECS = {"iam:PassedToService": "ecs-tasks.amazonaws.com"}, {"iam:PassedToService": "ecs.amazonaws.com"}
TO_EVENTS, TO_SCHEDULER = {"iam:PassedToService": "events.amazonaws.com"}, {"iam:PassedToService": "scheduler.amazonaws.com"}
TABLE_ACTIONS = ("BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem")

DEPENDENT: tuple[Dependent, ...] = (
    *(
        Dependent(f"dynamodb:{operation}", f"dynamodb:{action}", _target_table, DYNAMODB_RESTORE)
        for operation in ("RestoreTableFromBackup", "RestoreTableToPointInTime")
        for action in TABLE_ACTIONS
    ),
    *(
        Dependent(f"cloudformation:{operation}", "iam:PassRole", _service_role, SERVICE_ROLE, TO_CLOUDFORMATION)
        for operation in ("CreateStack", "UpdateStack", "DeleteStack", "CreateChangeSet", "ContinueUpdateRollback", "RollbackStack")
    ),
    # E-161
    Dependent("ecs:RegisterTaskDefinition", "iam:PassRole", _roles_of_tasks, PASS_ROLE, TO_TASKS),
    *(
        Dependent(f"ecs:{operation}", "iam:PassRole", _roles_for_infrastructure, ECS_INFRASTRUCTURE, TO_ECS)
        for operation in ("CreateService", "UpdateService", "CreateCapacityProvider", "UpdateCapacityProvider")
    ),
    # E-180, E-181
    *(Dependent(f"events:{operation}", "iam:PassRole", _role_of_target, EVENTS, TO_EVENTS) for operation in ("PutRule", "PutTargets")),
    *(Dependent(f"scheduler:{operation}", "iam:PassRole", _role_of_target, SCHEDULER, TO_SCHEDULER) for operation in ("CreateSchedule", "UpdateSchedule")),
    # E-184
    *(Dependent("application-autoscaling:PutScalingPolicy", f"cloudwatch:{action}", _alarms_of_tracking, SCALING) for action in ("PutMetricAlarm", "DescribeAlarms")),
    # E-182
    Dependent("ssm:GetParameters", "ssm:GetParameters", _parameters, PARAMETERS),
)
"""What services other than AWS Backup check. AWS Backup's own are rules of the core: B-300 and the statements after it."""


def denied(operation: str, parameters: Parameters, principal_arn: str, account: str, region: str) -> str | None:
    """AWS's sentence about the first dependent action that the caller may not do, or None.

    `operation` is written as in a policy: `dynamodb:RestoreTableFromBackup`. Nothing is checked without authorization.
    """
    for dependent in DEPENDENT:
        if dependent.operation != operation:
            continue
        for resource in dependent.resources(parameters, account, region):
            if not identities.decide(principal_arn, dependent.action, resource, dependent.context):
                return f"User: {principal_arn} is not authorized to perform: {dependent.action} on resource: {resource}"
    return None
