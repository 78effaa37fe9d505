"""What a task definition or a service names has to be there (E-162, E-166 to E-168)."""

from __future__ import annotations

from backup.errors import Refused

from .refusals import client_error, invalid
from .state import Context, Params, Region


def check_definition(context: Context, region: Region, params: Params) -> None:
    """Refuses a task definition whose roles are not there."""
    for member in ("taskRoleArn", "executionRoleArn"):
        if params.get(member) and context.world.is_missing(region.scope, "role", params[member]):
            raise client_error("Role is not valid", "E-162")


def check_service(context: Context, region: Region, params: Params) -> None:
    """Refuses a service, or a change of one, that names what is not there."""
    network = (params.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
    _check_network(context, region, network)
    for balancer in params.get("loadBalancers") or []:
        _check_target_group(context, region, balancer.get("targetGroupArn"))
    namespace = (params.get("serviceConnectConfiguration") or {}).get("namespace")
    if namespace and context.world.is_missing(region.scope, "namespace", namespace):
        raise Refused("NamespaceNotFoundException", "The specified namespace wasn't found.", "E-168")
    for registry in params.get("serviceRegistries") or []:
        if registry.get("registryArn") and context.world.is_missing(region.scope, "registry", registry["registryArn"]):
            raise invalid(f"The service registry {registry['registryArn']} does not exist.", "E-168")


def _check_network(context: Context, region: Region, network: Params) -> None:
    for subnet in network.get("subnets") or []:
        if context.world.is_missing(region.scope, "subnet", subnet):
            message = f"Error retrieving subnet information for [{subnet}]: The subnet ID '{subnet}' does not exist (ErrorCode: InvalidSubnetID.NotFound)"
            raise invalid(message, "E-166")
    for group in network.get("securityGroups") or []:
        if context.world.is_missing(region.scope, "security group", group):
            message = f"Error retrieving security group information for [{group}]: The security group '{group}' does not exist (ErrorCode: InvalidGroup.NotFound)"
            raise invalid(message, "E-166")


def _check_target_group(context: Context, region: Region, arn: str | None) -> None:
    if arn is None:
        return
    if context.world.is_missing(region.scope, "target group", arn):
        message = "Unable to assume role and validate the specified targetGroupArn. Please verify that the ECS service role being passed has the proper permissions."
        raise invalid(message, "E-167")
    if context.world.is_missing(region.scope, "load balancer", arn):
        raise invalid(f"The target group with targetGroupArn {arn} does not have an associated load balancer.", "E-167")
