"""Why a task of Amazon ECS does not start: its roles, its images, its secrets, its logs (E-172).

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
"""

from __future__ import annotations

from typing import Any, Mapping

from ministack.core.responses import request_scope
from ministack.services import cloudwatch_logs, s3, secretsmanager, ssm
from signals.ports import Scope

from emulator import identities
from emulator.ecs_names import find_image, is_in_ecr, role_arn

TASKS = "ecs-tasks.amazonaws.com"
PULL = (("ecr:GetAuthorizationToken", False), ("ecr:BatchGetImage", True), ("ecr:GetDownloadUrlForLayer", True))
"""What pulling an image needs, and whether it is about the repository."""

Definition = Mapping[str, Any]


def problem(scope: Scope, definition: Definition) -> str | None:
    """AWS's words about the first thing that is in the way, in the account and Region that are being served."""
    roles = [role_arn(scope, definition[name]) for name in ("taskRoleArn", "executionRoleArn") if definition.get(name)]
    execution = role_arn(scope, definition["executionRoleArn"]) if definition.get("executionRoleArn") else None
    found = [_of_role(scope, role) for role in roles]
    for container in definition.get("containerDefinitions") or []:
        found += [_of_image(container["image"], execution), _of_log(container)]
        found += [_of_secret(scope, value, execution) for value in _secrets(container)]
        found += [_of_file(file["value"]) for file in container.get("environmentFiles") or []]
    return next((reason for reason in found if reason), None)


def _of_role(scope: Scope, arn: str) -> str | None:
    trust = identities.trust_policy(arn)
    keys = {"aws:SourceAccount": scope.account, "aws:SourceArn": f"arn:aws:ecs:{scope.region}:{scope.account}:*"}
    if trust is not None and identities.decide_policy(trust, TASKS, "sts:AssumeRole", arn, keys) == "Allow":
        return None
    return f"ECS was unable to assume the role '{arn}' that was provided for this task. Please verify that the role being passed has the proper trust relationship"


def _of_image(image: str, execution: str | None) -> str | None:
    if not is_in_ecr(image):
        return None
    registry = image.split(".")
    name = image.partition("/")[2].partition("@")[0].partition(":")[0]
    repository = f"arn:aws:ecr:{registry[3]}:{registry[0]}:repository/{name}"
    for action, is_about_repository in PULL if execution else ():
        if not identities.decide(str(execution), action, repository if is_about_repository else "*", {}):
            return f"CannotPullContainerError: User: {execution} is not authorized to perform: {action} on resource: {repository}"
    return None if find_image(image) else f"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {image}: not found"


def _of_log(container: Definition) -> str | None:
    log = container.get("logConfiguration") or {}
    options = log.get("options") or {}
    group = options.get("awslogs-group")
    if log.get("logDriver") != "awslogs" or options.get("awslogs-create-group") == "true" or group in cloudwatch_logs._log_groups:
        return None
    return "ResourceInitializationError: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist."


def _secrets(container: Definition) -> list[str]:
    listed = [*(container.get("secrets") or []), *((container.get("logConfiguration") or {}).get("secretOptions") or [])]
    return [str(secret["valueFrom"]) for secret in listed]


def _of_secret(scope: Scope, value: str, execution: str | None) -> str | None:
    """A secret by its ARN, with a key of its JSON perhaps, or a parameter by its name or ARN."""
    failed = "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from"
    if ":secretsmanager:" in value:
        arn = ":".join(value.split(":")[:7])
        with request_scope(scope.account, value.split(":")[3]):
            found = secretsmanager._resolve(arn)[1]
        if not found:
            return f"{failed} asm: ResourceNotFoundException: Secrets Manager can't find the specified secret."
        action, resource, store = "secretsmanager:GetSecretValue", str(found["ARN"]), "asm"
    else:
        _, found = ssm._lookup_parameter(value)
        if not found:
            return f"{failed} ssm: invalid parameters: {value}"
        action, resource, store = "ssm:GetParameters", str(found["ARN"]), "ssm"
    if execution and not identities.decide(execution, action, resource, {}):
        return f"{failed} {store}: AccessDeniedException: User: {execution} is not authorized to perform: {action} on resource: {resource}"
    return None


def _of_file(value: str) -> str | None:
    bucket, _, key = value.removeprefix("arn:aws:s3:::").partition("/")
    record = s3._buckets.get(bucket)
    if record is not None and key in record["objects"]:
        return None
    return f"ResourceInitializationError: failed to download env files: file download command: non empty error stream: {value} does not exist"
