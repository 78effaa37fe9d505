"""Settings of regions and of organizations."""

from __future__ import annotations

import copy
from typing import Any

from . import checks, events, permissions
from .caller import Caller
from .engine import Engine, Operation, Params
from .errors import INVALID_PARAMETER, INVALID_REQUEST, MISSING_PARAMETER, Refused
from .resource_types import INCREMENTAL_TYPES, MANAGEMENT_TYPES, TYPES

#: The maps of the region settings and the types that each offers (B-230, B-234).
MAPS: dict[str, tuple[str, ...]] = {
    "ResourceTypeOptInPreference": tuple(TYPES),
    "ResourceTypeManagementPreference": MANAGEMENT_TYPES,
    "ResourceTypeOptInIncremental": INCREMENTAL_TYPES,
}
CROSS_ACCOUNT = "isCrossAccountBackupEnabled"
GLOBAL_KEYS = (CROSS_ACCOUNT, "isMpaEnabled", "isDelegatedAdministratorEnabled")


def of(engine: Engine, account: str, region: str) -> dict[str, Any]:
    """The region settings of an account. Old accounts begin with everything off (B-233)."""
    site = engine.site(account, region)
    if site.settings is None:
        new = not engine.assumptions.old_accounts
        site.settings = {
            name: {kind: new and name != "ResourceTypeOptInIncremental" for kind in kinds} for name, kinds in MAPS.items()
        }
    return site.settings


def advanced_tables(engine: Engine, account: str, region: str) -> bool:
    """Whether backups of tables are managed by AWS Backup there (B-139, B-140)."""
    return bool(of(engine, account, region)["ResourceTypeManagementPreference"].get("DynamoDB"))


def opt_in(engine: Engine, account: str, region: str, resource_type: str) -> None:
    """A job opts in to the type of its resource (B-138)."""
    of(engine, account, region)["ResourceTypeOptInPreference"][resource_type] = True


def describe_region(engine: Engine, caller: Caller, params: Params) -> Params:
    return copy.deepcopy(of(engine, caller.account, caller.region))


def update_region(engine: Engine, caller: Caller, params: Params) -> Params:
    given = {name: params[name] for name in MAPS if params.get(name)}
    if not given:
        raise Refused(MISSING_PARAMETER, "At least one preference is required.", "B-232")
    for name, preferences in given.items():
        for kind, value in preferences.items():
            if kind not in MAPS[name] or not isinstance(value, bool):
                raise Refused(INVALID_PARAMETER, f"{name} does not offer {kind} in {caller.region}.", "B-232")
    permissions.needs(engine, caller, "backup:DescribeRegionSettings", "*", "B-302")
    current = of(engine, caller.account, caller.region)
    changed: dict[str, dict[str, bool]] = {}
    for name, preferences in given.items():
        different = {kind: value for kind, value in preferences.items() if current[name].get(kind) != value}
        current[name].update(preferences)  # what is left out stays: B-231
        if different:
            changed[name] = different
    if changed:
        events.region_settings(engine, caller.account, caller.region, changed)
    return {}


def cross_account_enabled(engine: Engine, management_account: str) -> bool:
    """Whether the organization has enabled copies to other accounts (B-163)."""
    return engine.state.global_settings.get(management_account, {}).get(CROSS_ACCOUNT) == "true"


def describe_global(engine: Engine, caller: Caller, params: Params) -> Params:
    organization = engine.world.organization(caller.account)
    if organization is None:
        raise Refused(INVALID_REQUEST, f"Account {caller.account} is not a member of an organization.", "B-236")
    stored = engine.state.global_settings.get(organization.management_account, {})
    answer: Params = {"GlobalSettings": {key: stored.get(key, "false") for key in GLOBAL_KEYS}}
    if "updated" in stored:
        answer["LastUpdateTime"] = stored["updated"]
    return answer


def update_global(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "GlobalSettings")
    for key, value in params["GlobalSettings"].items():
        if key not in GLOBAL_KEYS or value not in ("true", "false"):
            raise Refused(INVALID_PARAMETER, f"Invalid global setting: {key}={value}", "B-237")
    organization = engine.world.organization(caller.account)
    if organization is None or organization.management_account != caller.account:
        raise Refused(INVALID_REQUEST, f"Account {caller.account} is not the management account of an organization.", "B-235")
    stored = engine.state.global_settings.setdefault(caller.account, {})
    stored.update(params["GlobalSettings"], updated=engine.now())
    return {}


def supported_types(engine: Engine, caller: Caller, params: Params) -> Params:
    return {"ResourceTypes": list(TYPES)}


OPERATIONS: dict[str, Operation] = {
    "DescribeRegionSettings": describe_region,
    "UpdateRegionSettings": update_region,
    "DescribeGlobalSettings": describe_global,
    "UpdateGlobalSettings": update_global,
    "GetSupportedResourceTypes": supported_types,
}
