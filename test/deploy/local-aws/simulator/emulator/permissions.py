"""What AWS checks beside the action that is called. Without this a role works here and is denied on AWS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Mapping

from emulator import identities

DYNAMODB_RESTORE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html"
SERVICE_ROLE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html"

Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Dependent:
    """An action that the caller of an operation needs as well, on a resource that the request names, and AWS's page that says so."""

    operation: str
    action: str
    resource: Callable[[Parameters, str, str], str | None]
    page: str
    context: Mapping[str, str] = field(default_factory=dict)


def _target_table(parameters: Parameters, account: str, region: str) -> str | None:
    name = parameters.get("TargetTableName")
    return f"arn:aws:dynamodb:{region}:{account}:table/{name}" if name else None


def _service_role(parameters: Parameters, account: str, region: str) -> str | None:
    return parameters.get("RoleARN")


TO_CLOUDFORMATION = {"iam:PassedToService": "cloudformation.amazonaws.com"}
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
)
"""What services other than AWS Backup check. AWS Backup's own are rules of the core: B-300 and the statements after it."""


def denied(operation: str, parameters: Parameters, principal_arn: str, account: str, region: str) -> str | None:
    """AWS's sentence about the first dependent action that the caller may not do, or None.

    `operation` is written as in a policy: `dynamodb:RestoreTableFromBackup`. Nothing is checked without authorization.
    """
    for dependent in DEPENDENT:
        if dependent.operation != operation:
            continue
        resource = dependent.resource(parameters, account, region)
        if resource is None or identities.decide(principal_arn, dependent.action, resource, dependent.context):
            continue
        return f"User: {principal_arn} is not authorized to perform: {dependent.action} on resource: {resource}"
    return None
