"""Calls of the API as CloudTrail records them and as EventBridge sees them (S-100 to S-104)."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Mapping, NamedTuple

DETAIL_TYPE = "AWS API Call via CloudTrail"
READ_ONLY = ("Batch", "Describe", "Get", "List", "Search")
SOURCES = {
    "backup": ("aws.backup", "backup.amazonaws.com"),
    "kms": ("aws.kms", "kms.amazonaws.com"),
    "ecs": ("aws.ecs", "ecs.amazonaws.com"),
    "application-autoscaling": ("aws.autoscaling", "autoscaling.amazonaws.com"),
}
"""Services whose calls are recorded: EventBridge's source, and CloudTrail's."""

KMS_READS = ("Decrypt", "Encrypt", "GenerateDataKey", "ReEncrypt", "Sign", "Verify")


class Call(NamedTuple):
    """A call of the API and what came of it."""

    service: str
    operation: str
    parameters: Mapping[str, Any]
    account: str
    region: str
    principal_arn: str
    moment: float
    number: int
    source_address: str = "127.0.0.1"
    error_code: str | None = None
    error_message: str | None = None
    resources: tuple[str, ...] = ()


class Trail(NamedTuple):
    """A trail of CloudTrail."""

    account: str
    region: str
    is_logging: bool
    is_multi_region: bool
    is_of_organization: bool


def is_sent(call: Call) -> bool:
    """Whether EventBridge gets a call: calls that only read are not among them (S-101)."""
    if call.service not in SOURCES:
        return False
    return not call.operation.startswith(READ_ONLY + (KMS_READS if call.service == "kms" else ()))


def is_recorded(call: Call, trails: list[Trail], management_account: str | None) -> bool:
    """Whether a trail records it: one of the account, or one of its organization (S-100)."""
    return any(
        trail.is_logging
        and (trail.is_multi_region or trail.region == call.region)
        and (trail.account == call.account or (trail.is_of_organization and trail.account == management_account))
        for trail in trails
    )


def detail(call: Call) -> dict[str, Any]:
    """The detail of the event."""
    event: dict[str, Any] = {
        "eventVersion": "1.11",
        "userIdentity": _identity(call),
        "eventTime": datetime.fromtimestamp(call.moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": SOURCES[call.service][1],
        "eventName": call.operation,
        "awsRegion": call.region,
        "sourceIPAddress": call.source_address,
        "userAgent": "local-aws",
        "requestParameters": _named_as_cloudtrail_does(call.parameters),
        "responseElements": None,
        "requestID": f"00000000-0000-4000-8000-{call.number:012x}",
        "eventID": f"00000000-0000-4000-9000-{call.number:012x}",
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": call.account,
        "eventCategory": "Management",
    }
    if call.service == "application-autoscaling":
        event["additionalEventData"] = {"service": call.service}
    if call.error_code is not None:
        event["errorCode"] = call.error_code
        event["errorMessage"] = call.error_message or ""
    if call.resources:
        event["resources"] = [{"accountId": arn.split(":")[4], "type": "AWS::KMS::Key", "ARN": arn} for arn in call.resources]
    return event


def _identity(call: Call) -> dict[str, Any]:
    arn = call.principal_arn
    identity: dict[str, Any] = {"arn": arn, "accountId": arn.split(":")[4] if arn.startswith("arn:") else call.account}
    if arn.endswith(":root"):
        return {"type": "Root", "principalId": identity["accountId"], **identity}
    name = arn.rsplit(":", 1)[-1]
    if not name.startswith("assumed-role/"):
        return {"type": "IAMUser", "principalId": f"AIDA{identity['accountId']}", "userName": name.rsplit("/", 1)[-1], **identity}
    role = name.split("/")[1]
    issuer = {
        "type": "Role",
        "principalId": f"AROA{identity['accountId']}",
        "arn": f"arn:aws:iam::{identity['accountId']}:role/{role}",
        "accountId": identity["accountId"],
        "userName": role,
    }
    session = f"{issuer['principalId']}:{name.split('/')[-1]}"
    return {"type": "AssumedRole", "principalId": session, **identity, "sessionContext": {"sessionIssuer": issuer}}


def _named_as_cloudtrail_does(parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """The members begin with a small letter."""
    return {name[:1].lower() + name[1:]: value for name, value in parameters.items()} or None
