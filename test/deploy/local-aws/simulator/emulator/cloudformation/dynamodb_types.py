"""Properties of AWS::DynamoDB::Table that ministack drops: recovery to a point in time, time to live and encryption."""

from __future__ import annotations

from typing import Any

from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

from emulator.answers import ServiceRefused, succeeded
from emulator.cloudformation.registry import Create, Created, Properties, wrap

TYPE = "AWS::DynamoDB::Table"


def install() -> None:
    """Puts the settings around the type."""
    wrap(TYPE, create=_create_with_settings, update=_update_with_settings)
    # Without a name of its own a table whose keys change gets a new generated name, and the old one is deleted or kept at the end.
    replacing = provisioners._REPLACING_PROPERTIES.get(TYPE, ())
    provisioners._REPLACING_PROPERTIES[TYPE] = tuple(dict.fromkeys((*replacing, "TableName", "KeySchema", "LocalSecondaryIndexes")))
    handler = provisioners._RESOURCE_HANDLERS[TYPE]
    delete = handler["delete"]

    def delete_unprotected(physical_id: str, properties: dict[str, Any]) -> None:
        if (dynamodb._tables.get(physical_id) or {}).get("DeletionProtectionEnabled"):
            raise ServiceRefused("Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.")
        delete(physical_id, properties)

    handler["delete"] = delete_unprotected


def _create_with_settings(create: Create) -> Create:
    def made(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        created = create(logical_id, properties, stack)
        _set_up(created[0], {}, properties)
        return created

    return made


def _update_with_settings(update: Any) -> Any:
    def updated(physical_id: str, old: dict[str, Any], new: dict[str, Any], stack: str, logical_id: str) -> Created:
        result: Created = update(physical_id, _without_encryption(old), _without_encryption(new), stack, logical_id)
        _set_up(result[0], old if result[0] == physical_id else {}, new)
        return result

    return updated


def _without_encryption(properties: Properties) -> dict[str, Any]:
    """CloudFormation writes SSEEnabled where the API writes Enabled, and ministack hands it over as it stands."""
    return {key: value for key, value in properties.items() if key != "SSESpecification"}


def _set_up(name: str, old: Properties, new: Properties) -> None:
    recovery, live, encryption = "PointInTimeRecoverySpecification", "TimeToLiveSpecification", "SSESpecification"
    if old.get(recovery) != new.get(recovery):
        specification = new.get(recovery) or {"PointInTimeRecoveryEnabled": False}
        succeeded(dynamodb._update_continuous_backups({"TableName": name, recovery: specification}))
    if old.get(live) != new.get(live) and (new.get(live) or old.get(live)):
        specification = new.get(live) or {**old[live], "Enabled": False}
        succeeded(dynamodb._update_ttl({"TableName": name, live: specification}))
    if old.get(encryption) != new.get(encryption):
        dynamodb._tables[name]["SSEDescription"] = dynamodb._sse_description_from_spec(_encryption(new.get(encryption)))


def _encryption(specification: Properties | None) -> dict[str, Any] | None:
    if not specification or not specification.get("SSEEnabled"):
        return None
    key = specification.get("KMSMasterKeyId")
    return {"Enabled": True, "SSEType": specification.get("SSEType", "KMS"), **({"KMSMasterKeyId": key} if key else {})}
