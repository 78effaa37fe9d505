"""Tags of resources of Amazon ECS (E-117, E-169, E-170)."""

from __future__ import annotations

from typing import Any

from .refusals import invalid
from .state import Context, Params, Record, Region

MOST_TAGS = 50


def tag(context: Context, region: Region, params: Params, caller: str) -> Record:
    _check_resource(region, params["resourceArn"])
    check(params["tags"])
    if len({*region.tags.get(params["resourceArn"], {}), *(entry["key"] for entry in params["tags"])}) > MOST_TAGS:
        raise invalid("Tags can not be more than 50.", "E-169")
    region.tag(params["resourceArn"], params["tags"])
    return {}


def untag(context: Context, region: Region, params: Params, caller: str) -> Record:
    _check_resource(region, params["resourceArn"])
    for key in params["tagKeys"]:
        region.tags.get(params["resourceArn"], {}).pop(key, None)
    return {}


def list_tags(context: Context, region: Region, params: Params, caller: str) -> Record:
    _check_resource(region, params["resourceArn"])
    return {"tags": region.tags_of(params["resourceArn"])}


def check(tags: Any) -> None:
    """Refuses more tags than there may be, and a key that comes twice."""
    keys = [entry["key"] for entry in tags or []]
    if len(keys) > MOST_TAGS:
        raise invalid("Tags can not be more than 50.", "E-169")
    if len(set(keys)) < len(keys):
        raise invalid("Tag keys must be unique.", "E-169")


def check_reserved(tags: Any) -> None:
    """Refuses tags that nobody but AWS may set. AWS CloudFormation does."""
    for entry in tags or []:
        if any(text.lower().startswith("aws:") for text in (entry["key"], entry.get("value", ""))):
            raise invalid("Tag keys and values can not begin with aws:, which is reserved for AWS use.", "E-169")


def _check_resource(region: Region, arn: str) -> None:
    holders = {cluster["clusterArn"]: ("cluster", cluster) for cluster in region.clusters.values()}
    holders |= {service["serviceArn"]: ("service", service) for service in region.services.values()}
    known = set(holders)
    known |= {provider["capacityProviderArn"] for provider in region.providers.values()}
    known |= {record["taskDefinitionArn"] for revisions in region.families.values() for record in revisions}
    if arn not in known:
        raise invalid("The specified resource could not be found.", "E-117")
    kind, holder = holders.get(arn, ("", {}))
    if holder.get("status") == "INACTIVE":
        raise invalid(f"The specified {kind} is inactive. Specify an active {kind} and try again.", "E-170")
