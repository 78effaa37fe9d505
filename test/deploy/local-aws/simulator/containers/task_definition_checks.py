"""What Amazon ECS refuses of a task definition (E-70 to E-82, E-163, E-164)."""

from __future__ import annotations

import re
from typing import Any

from .refusals import client_error
from .state import Params

MOST_CONTAINERS = 10
LONGEST = 64 * 1024

GIB = 1024
FARGATE: dict[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1 * GIB, 4 * GIB + 1, GIB)),
    1024: tuple(range(2 * GIB, 8 * GIB + 1, GIB)),
    2048: tuple(range(4 * GIB, 16 * GIB + 1, GIB)),
    4096: tuple(range(8 * GIB, 30 * GIB + 1, GIB)),
    8192: tuple(range(16 * GIB, 60 * GIB + 1, 4 * GIB)),
    16384: tuple(range(32 * GIB, 120 * GIB + 1, 8 * GIB)),
}
"""CPU units and the memory in MiB that goes with them (E-77)."""


def check(params: Params) -> None:
    """Refuses what can't be registered."""
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,255}", str(params["family"])):
        raise client_error("Family contains invalid characters.", "E-70")
    containers = params["containerDefinitions"]
    _check_containers(containers, params)
    if "FARGATE" in (params.get("requiresCompatibilities") or []):
        _check_fargate(containers, params)
    _check_ports(containers, params.get("networkMode"))
    _check_secrets(containers, params)
    _check_volumes(containers, params)


def _check_containers(containers: list[Any], params: Params) -> None:
    if not containers:
        raise client_error("Container list cannot be empty.", "E-71")
    if len(containers) > MOST_CONTAINERS:
        raise client_error("Too many containers.", "E-72")
    names = [container.get("name") for container in containers]
    for container in containers:
        if not container.get("name"):
            raise client_error("Container.name should not be null or empty.", "E-71")
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,255}", container["name"]):
            raise client_error("Container.name contains invalid characters.", "E-71")
        if not container.get("image"):
            raise client_error("Container.image should not be null or empty.", "E-71")
        _check_memory(container, params)
        for dependency in container.get("dependsOn") or []:
            if dependency.get("containerName") not in names:
                raise client_error("Container dependency refers to a container that is not in the task definition.", "E-74")
    if len(set(names)) < len(names):
        raise client_error("Container names must be unique within a Task Definition.", "E-73")
    if all(container.get("essential", True) is False for container in containers):
        raise client_error("The task definition doesn't have any essential container.", "E-75")


def _check_memory(container: Params, params: Params) -> None:
    memory, reservation = container.get("memory"), container.get("memoryReservation")
    if memory is None and reservation is None and not params.get("memory"):
        message = f"Invalid setting for container '{container['name']}'. At least one of 'memory' or 'memoryReservation' must be specified."
        raise client_error(message, "E-76")
    if memory is not None and reservation is not None and reservation > memory:
        raise client_error(f"Invalid setting for container '{container['name']}'. 'memoryReservation' is above 'memory'.", "E-76")


def _check_fargate(containers: list[Any], params: Params) -> None:
    if params.get("networkMode") != "awsvpc":
        raise client_error("Fargate only supports network mode ‘awsvpc’.", "E-78")
    for member in ("cpu", "memory"):
        if not params.get(member):
            raise client_error(f"Fargate requires that '{member}' be defined at the task level.", "E-79")
    cpu, memory = cpu_units(str(params["cpu"])), _memory(str(params["memory"]))
    if cpu not in FARGATE or memory not in FARGATE[cpu]:
        message = f"No Fargate configuration exists for given values: {params['cpu']} CPU, {params['memory']} memory. See the Amazon ECS documentation for the valid values."
        raise client_error(message, "E-77")
    if sum(container.get("cpu", 0) for container in containers) > cpu:
        raise client_error("The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.", "E-80")
    if not params.get("executionRoleArn"):
        if any(re.match(r"\d{12}\.dkr\.ecr\.", container["image"]) for container in containers):
            raise client_error("Fargate requires task definition to have execution role ARN to support ECR images.", "E-81")
        if any((container.get("logConfiguration") or {}).get("logDriver") == "awslogs" for container in containers):
            raise client_error("Fargate requires task definition to have execution role ARN to support log driver awslogs.", "E-81")
    if any(container.get("privileged") for container in containers):
        raise client_error("Fargate does not support privileged containers.", "E-81")


def _check_ports(containers: list[Any], mode: Any) -> None:
    for container in containers:
        for mapping in container.get("portMappings") or []:
            host, inner = mapping.get("hostPort"), mapping.get("containerPort")
            if mode in ("awsvpc", "host") and host not in (None, 0, inner):
                message = f"When networkMode={mode}, the host ports and container ports in port mappings must match."
                raise client_error(message, "E-82")


def _check_secrets(containers: list[Any], params: Params) -> None:
    for container in containers:
        secrets = [secret["name"] for secret in container.get("secrets") or []]
        if secrets and not params.get("executionRoleArn"):
            raise client_error("When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.", "E-163")
        plain = [variable["name"] for variable in container.get("environment") or []]
        shared = [name for name in secrets if name in plain or secrets.count(name) > 1]
        if shared:
            message = "The secret name must be unique and not shared with any new or existing environment variables set on the container"
            raise client_error(f"{message}, such as '{shared[0]}'.", "E-163")


def _check_volumes(containers: list[Any], params: Params) -> None:
    volumes = [volume.get("name") for volume in params.get("volumes") or []]
    for container in containers:
        for mount in container.get("mountPoints") or []:
            if mount.get("sourceVolume") not in volumes:
                raise client_error(f"Unknown volume '{mount.get('sourceVolume')}'.", "E-164")


def cpu_units(text: str) -> int:
    """Units, or vCPU as a template may write them."""
    match = re.fullmatch(r"([\d.]+) ?vCPU", text, re.IGNORECASE)
    return int(float(match[1]) * 1024) if match else int(text) if text.isdigit() else 0


def _memory(text: str) -> int:
    """MiB, or GB."""
    match = re.fullmatch(r"([\d.]+) ?GB", text, re.IGNORECASE)
    return int(float(match[1]) * GIB) if match else int(text) if text.isdigit() else 0
