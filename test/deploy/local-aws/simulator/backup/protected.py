"""Resources that were backed up (B-205)."""

from __future__ import annotations

from . import arns, checks
from .access import vault_for
from .caller import Caller
from .engine import Engine, Operation, Params
from .errors import NOT_FOUND, Refused
from .paging import page
from .state import Point


def remember(engine: Engine, point: Point) -> None:
    """The last backup of a resource."""
    site = engine.site(point.vault.account, point.vault.region)
    site.protected[point.resource_arn] = {
        "ResourceArn": point.resource_arn,
        "ResourceType": point.resource_type,
        "ResourceName": arns.resource_name(point.resource_arn),
        "LastBackupTime": point.created,
        "LastBackupVaultArn": point.vault.arn,
        "LastRecoveryPointArn": point.arn,
    }


def describe(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "ResourceArn")
    resource = engine.site_of(caller).protected.get(params["ResourceArn"])
    if resource is None:
        raise Refused(NOT_FOUND, f"Resource {params['ResourceArn']} was not backed up.", "B-2")
    return dict(resource)


def list_resources(engine: Engine, caller: Caller, params: Params) -> Params:
    return page("Results", [dict(row) for row in engine.site_of(caller).protected.values()], params)


def list_by_vault(engine: Engine, caller: Caller, params: Params) -> Params:
    vault = vault_for(engine, caller, params, "ListProtectedResourcesByBackupVault")
    rows = [dict(row) for row in engine.site_of(caller).protected.values() if row["LastBackupVaultArn"] == vault.arn]
    return page("Results", rows, params)


OPERATIONS: dict[str, Operation] = {
    "DescribeProtectedResource": describe,
    "ListProtectedResources": list_resources,
    "ListProtectedResourcesByBackupVault": list_by_vault,
}
