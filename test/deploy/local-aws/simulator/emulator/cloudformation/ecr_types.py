"""AWS::ECR::ReplicationConfiguration, and properties of AWS::ECR::Repository that ministack drops."""

from __future__ import annotations

from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import ecr

from emulator.answers import succeeded
from emulator.cloudformation.api_members import members_of
from emulator.cloudformation.registry import Created, Properties, register, set_up
from emulator.image_replication import ImageReplication

KEPT = ("imageTagMutabilityExclusionFilters",)


def install() -> None:
    """Makes the type known, and keeps the properties."""
    register("AWS::ECR::ReplicationConfiguration", _create, _delete, _update)
    set_up("AWS::ECR::Repository", _complete)
    shape = ecr._repo_shape
    ecr._repo_shape = lambda repository: {**shape(repository), **{name: repository[name] for name in KEPT if name in repository}}


def _create(logical_id: str, properties: Properties, stack: str) -> Created:
    configuration = members_of(properties["ReplicationConfiguration"], None)
    succeeded(ImageReplication.put({"replicationConfiguration": configuration}))
    return get_account_id(), {"RegistryId": get_account_id()}


def _update(physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
    return _create(logical_id, new, stack)


def _delete(physical_id: str, properties: Properties) -> None:
    succeeded(ImageReplication.put({"replicationConfiguration": {"rules": []}}))


def _complete(name: str, properties: Properties) -> None:
    record: Any = ecr._repositories[name]
    filters = properties.get("ImageTagMutabilityExclusionFilters")
    record.pop(KEPT[0], None)
    if filters:
        record[KEPT[0]] = [
            {"filterType": one["ImageTagMutabilityExclusionFilterType"], "filter": one["ImageTagMutabilityExclusionFilterValue"]} for one in filters
        ]
