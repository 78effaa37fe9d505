"""AWS::Backup::BackupVault, BackupPlan and BackupSelection, through the calls of the API that CloudFormation makes."""

from __future__ import annotations

import json
from typing import Any, Callable, Mapping

from backup.caller import Caller
from backup.errors import ALREADY_EXISTS, NOT_FOUND, Refused
from service.front import Front
from service.routes import operation

from emulator.cloudformation.registry import Created, Properties, register, removed, tag_map

CallerNow = Callable[[], Caller]


class BackupTypes:
    """The types, with the caller that CloudFormation acts for."""

    def __init__(self, front: Front, caller: CallerNow) -> None:
        self._front = front
        self._caller = caller

    def install(self) -> None:
        """Makes the types known."""
        vault_replaces = ("BackupVaultName", "EncryptionKeyArn")
        register("AWS::Backup::BackupVault", self._create_vault, self._delete_vault, self._update_vault, vault_replaces, ("BackupVaultTags", "map"))
        register("AWS::Backup::BackupPlan", self._create_plan, self._delete_plan, self._update_plan, (), ("BackupPlanTags", "map"))
        register("AWS::Backup::BackupSelection", self._create_selection, self._delete_selection, None, ("BackupPlanId", "BackupSelection"))

    def _call(self, name: str, **parameters: Any) -> dict[str, Any]:
        """An operation. CloudFormation's text for a refusal is the resource's reason."""
        try:
            return self._front.call(name, self._caller(), coerced(parameters, operation(name).input_shape))
        except Refused as refused:
            raise HandlerFailed(refused) from refused

    def _gone(self, name: str, **parameters: Any) -> None:
        """A deletion, which is done as well if there is nothing to delete."""
        try:
            self._call(name, **parameters)
        except HandlerFailed as failed:
            if failed.refused.code != NOT_FOUND:
                raise

    def _create_vault(self, logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        name = properties["BackupVaultName"]
        chosen = {key: properties[key] for key in ("EncryptionKeyArn",) if properties.get(key)}
        made = self._call("CreateBackupVault", BackupVaultName=name, BackupVaultTags=own_tags(properties.get("BackupVaultTags")), **chosen)
        try:
            self._set_up_vault(name, {}, properties)
        except HandlerFailed:
            self._gone("DeleteBackupVault", BackupVaultName=name)
            raise
        return name, {"BackupVaultArn": made["BackupVaultArn"], "BackupVaultName": name}

    def _update_vault(self, name: str, old: dict[str, Any], new: dict[str, Any], stack: str, logical_id: str) -> Created:
        arn = self._call("DescribeBackupVault", BackupVaultName=name)["BackupVaultArn"]
        if removed(old, new, "LockConfiguration"):
            self._call("DeleteBackupVaultLockConfiguration", BackupVaultName=name)
        if removed(old, new, "AccessPolicy"):
            self._call("DeleteBackupVaultAccessPolicy", BackupVaultName=name)
        if removed(old, new, "Notifications"):
            self._call("DeleteBackupVaultNotifications", BackupVaultName=name)
        self._set_up_vault(name, old, new)
        self._retag(arn, old.get("BackupVaultTags"), new.get("BackupVaultTags"))
        return name, {"BackupVaultArn": arn, "BackupVaultName": name}

    def _set_up_vault(self, name: str, old: Properties, new: Properties) -> None:
        """What has calls of its own, if it has changed."""
        changed = {key: new[key] for key in ("LockConfiguration", "AccessPolicy", "Notifications") if new.get(key) and new[key] != old.get(key)}
        if "AccessPolicy" in changed:
            self._call("PutBackupVaultAccessPolicy", BackupVaultName=name, Policy=json.dumps(changed["AccessPolicy"]))
        if "Notifications" in changed:
            self._call("PutBackupVaultNotifications", BackupVaultName=name, **changed["Notifications"])
        if "LockConfiguration" in changed:
            self._call("PutBackupVaultLockConfiguration", BackupVaultName=name, **changed["LockConfiguration"])

    def _delete_vault(self, name: str, properties: Properties) -> None:
        self._gone("DeleteBackupVault", BackupVaultName=name)

    def _create_plan(self, logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        tags = own_tags(properties.get("BackupPlanTags"))
        made = self._call("CreateBackupPlan", BackupPlan=plan_of(properties["BackupPlan"]), BackupPlanTags=tags)
        return made["BackupPlanId"], _plan_attributes(made)

    def _update_plan(self, plan_id: str, old: dict[str, Any], new: dict[str, Any], stack: str, logical_id: str) -> Created:
        if old["BackupPlan"] == new["BackupPlan"]:
            made = self._call("GetBackupPlan", BackupPlanId=plan_id)
        else:
            made = self._call("UpdateBackupPlan", BackupPlanId=plan_id, BackupPlan=plan_of(new["BackupPlan"]))
        self._retag(made["BackupPlanArn"], old.get("BackupPlanTags"), new.get("BackupPlanTags"))
        return plan_id, _plan_attributes(made)

    def _delete_plan(self, plan_id: str, properties: Properties) -> None:
        self._gone("DeleteBackupPlan", BackupPlanId=plan_id)

    def _create_selection(self, logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        plan_id = properties["BackupPlanId"]
        made = self._call("CreateBackupSelection", BackupPlanId=plan_id, BackupSelection=properties["BackupSelection"])
        physical_id = f"{made['SelectionId']}_{plan_id}"
        return physical_id, {"Id": physical_id, "SelectionId": made["SelectionId"], "BackupPlanId": plan_id}

    def _delete_selection(self, physical_id: str, properties: Properties) -> None:
        selection_id, plan_id = physical_id.split("_")
        self._gone("DeleteBackupSelection", BackupPlanId=plan_id, SelectionId=selection_id)

    def _retag(self, arn: str, old: Any, new: Any) -> None:
        before, after = own_tags(old), own_tags(new)
        dropped = sorted(before.keys() - after.keys())
        if dropped:
            self._call("UntagResource", ResourceArn=arn, TagKeyList=dropped)
        if after != before and after:
            self._call("TagResource", ResourceArn=arn, Tags=after)


class HandlerFailed(ValueError):
    """The text of CloudFormation for a call that AWS Backup refuses."""

    def __init__(self, refused: Refused) -> None:
        code = "AlreadyExists" if refused.code == ALREADY_EXISTS else "NotFound" if refused.code == NOT_FOUND else "InvalidRequest"
        super().__init__(
            f'Resource handler returned message: "{refused.message} (Service: Backup, Status Code: 400, {refused.code})" '
            f"(HandlerErrorCode: {code}) [{refused.statement}]"
        )
        self.refused = refused


def own_tags(tags: Any) -> dict[str, str]:
    """Tags without those that only AWS sets: the types do not take CloudFormation's own (cloudFormationSystemTags)."""
    return {key: value for key, value in tag_map(tags).items() if not key.startswith("aws:")}


def plan_of(plan: Mapping[str, Any]) -> dict[str, Any]:
    """A plan as the API takes it: CloudFormation names two members otherwise."""
    rules = [{"TargetBackupVaultName" if key == "TargetBackupVault" else key: value for key, value in rule.items()} for rule in plan["BackupPlanRule"]]
    return {**{key: value for key, value in plan.items() if key != "BackupPlanRule"}, "Rules": rules}


def coerced(value: Any, shape: Any) -> Any:
    """Numbers and booleans that a template writes as strings, as CloudFormation reads them."""
    kind = shape.type_name
    if kind == "structure" and isinstance(value, Mapping):
        return {key: coerced(item, shape.members[key]) if key in shape.members else item for key, item in value.items()}
    if kind == "list" and isinstance(value, list):
        return [coerced(item, shape.member) for item in value]
    if kind == "map" and isinstance(value, Mapping):
        return {key: coerced(item, shape.value) for key, item in value.items()}
    if kind in ("integer", "long"):
        return int(value) if isinstance(value, str) and value.lstrip("-").isdecimal() else int(value) if isinstance(value, float) else value
    if kind == "boolean" and isinstance(value, str):
        return value.lower() == "true"
    return str(value) if kind == "string" and isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _plan_attributes(made: Mapping[str, Any]) -> dict[str, Any]:
    return {key: made[key] for key in ("BackupPlanId", "BackupPlanArn", "VersionId")}
