"""AWS::EC2::EIP, NatGateway and FlowLog, of which ministack has the API and not the types."""

from __future__ import annotations

from typing import Any, Callable

from ministack.services import cloudwatch_logs, ec2, s3
from ministack.services.cloudformation import provisioners

from emulator import identities
from emulator.answers import ServiceRefused, succeeded
from emulator.cloudformation.registry import Created, Properties, register


def install() -> None:
    """Makes the types known."""
    tags = ("Tags", "list")
    register("AWS::EC2::EIP", _create_address, _delete_address, _retag_address, ("Domain", "Address", "NetworkBorderGroup"), tags)
    nat_replaces = ("SubnetId", "AllocationId", "ConnectivityType", "PrivateIpAddress")
    register("AWS::EC2::NatGateway", _create_nat_gateway, _delete_nat_gateway, _retag, nat_replaces, tags)
    flow_log_replaces = (
        "DeliverLogsPermissionArn",
        "LogDestination",
        "LogDestinationType",
        "LogGroupName",
        "MaxAggregationInterval",
        "ResourceId",
        "ResourceType",
        "TrafficType",
    )
    register("AWS::EC2::FlowLog", _create_flow_log, _delete_flow_log, _retag, flow_log_replaces, tags)


def _create_address(logical_id: str, properties: Properties, stack: str) -> Created:
    allocation = _made(ec2._addresses, lambda: ec2._allocate_address({"Domain": [properties.get("Domain", "vpc")]}))
    provisioners._ec2_apply_tags(allocation, properties)
    address = ec2._addresses[allocation]["PublicIp"]
    return address, {"AllocationId": allocation, "PublicIp": address}


def _retag_address(physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
    allocation = _allocation(physical_id)
    provisioners._ec2_apply_tags(allocation, new, old)
    return physical_id, {"AllocationId": allocation, "PublicIp": physical_id}


def _delete_address(physical_id: str, properties: Properties) -> None:
    allocation = _allocation(physical_id)
    if allocation:
        succeeded(ec2._release_address({"AllocationId": [allocation]}))


def _allocation(address: str) -> str:
    return next((key for key, record in ec2._addresses.items() if record["PublicIp"] == address), "")


def _create_nat_gateway(logical_id: str, properties: Properties, stack: str) -> Created:
    if properties["SubnetId"] not in ec2._subnets:
        raise ServiceRefused(f"InvalidSubnetID.NotFound: The subnet ID '{properties['SubnetId']}' does not exist")
    allocation = properties.get("AllocationId")
    if allocation is not None and allocation not in ec2._addresses:
        raise ServiceRefused(f"InvalidAllocationID.NotFound: The allocation ID '{allocation}' does not exist")
    request = {name: [properties[name]] for name in ("SubnetId", "AllocationId", "ConnectivityType") if name in properties}
    gateway = _made(ec2._nat_gateways, lambda: ec2._create_nat_gateway(request))
    provisioners._ec2_apply_tags(gateway, properties)
    return gateway, {"NatGatewayId": gateway}


def _delete_nat_gateway(physical_id: str, properties: Properties) -> None:
    if physical_id in ec2._nat_gateways:
        succeeded(ec2._delete_nat_gateway({"NatGatewayId": [physical_id]}))
        ec2._nat_gateways.pop(physical_id)


def _create_flow_log(logical_id: str, properties: Properties, stack: str) -> Created:
    if properties["ResourceType"] == "VPC" and properties["ResourceId"] not in ec2._vpcs:
        raise ServiceRefused(f"InvalidVpcID.NotFound: The vpc ID '{properties['ResourceId']}' does not exist")
    _check_destination(properties)
    names = ("ResourceType", "TrafficType", "LogDestinationType", "LogDestination", "LogGroupName")
    request = {"ResourceId.1": [properties["ResourceId"]], **{name: [properties[name]] for name in names if name in properties}}
    flow_log = _made(ec2._flow_logs, lambda: ec2._create_flow_logs(request))
    provisioners._ec2_apply_tags(flow_log, properties)
    role = properties.get("DeliverLogsPermissionArn")
    if role:
        # AWS takes the flow log and says "Access error" afterwards.
        known = identities.trust_policy(role) is not None
        ec2._flow_logs[flow_log].update(DeliverLogsPermissionArn=role, DeliverLogsStatus="SUCCESS" if known else "FAILED")
    return flow_log, {"Id": flow_log}


def _check_destination(properties: Properties) -> None:
    group, destination = properties.get("LogGroupName"), str(properties.get("LogDestination", ""))
    if group and group not in cloudwatch_logs._log_groups:
        raise ServiceRefused(f"LogDestination: {group} does not exist")
    if destination.startswith("arn:aws:s3:::") and s3._bucket_owner_account(destination.removeprefix("arn:aws:s3:::").split("/")[0]) is None:
        raise ServiceRefused(f"LogDestination: {destination} does not exist")


def _delete_flow_log(physical_id: str, properties: Properties) -> None:
    succeeded(ec2._delete_flow_logs({"FlowLogId.1": [physical_id]}))


def _retag(physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
    provisioners._ec2_apply_tags(physical_id, new, old)
    name = "NatGatewayId" if physical_id.startswith("nat-") else "Id"
    return physical_id, {name: physical_id}


def _made(store: Any, make: Callable[[], Any]) -> str:
    """The id of what a call adds to a store of ministack."""
    before = set(store.keys())
    succeeded(make())
    return str(next(key for key in store.keys() if key not in before))
