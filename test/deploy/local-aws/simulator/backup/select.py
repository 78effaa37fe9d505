"""Which resources a selection contains, with the resources and tags of the moment (B-89)."""

from __future__ import annotations

import functools
import re
from typing import Any, Mapping

from .resource_types import TYPES
from .world import Resource

TAG_KEY = "aws:ResourceTag/"


def selects(document: Mapping[str, Any], resource: Resource, opted_in: bool) -> bool:
    """Whether the selection contains the resource (B-84). `opted_in` is the region's preference of its type."""
    if resource.type not in TYPES or _name(resource.arn).startswith("awsbackup-restore-test-"):  # B-95
        return False
    named = [entry for entry in document.get("Resources") or [] if like(entry, resource.arn)]
    tagged = any(
        resource.tags.get(condition["ConditionKey"]) == condition["ConditionValue"]  # B-86
        for condition in document.get("ListOfTags") or []
    )
    if not named and not tagged:
        return False
    if not opted_in and not any(names_type(entry, resource) for entry in named):
        return False
    if any(like(entry, resource.arn) for entry in document.get("NotResources") or []):
        return False
    return _satisfies(document.get("Conditions") or {}, resource.tags)


def names_type(entry: str, resource: Resource) -> bool:
    """Whether an entry names the type of resource, so that the region's preference does not matter (B-90)."""
    if TYPES[resource.type].shares_arns:
        return False
    if resource.type == "S3":
        return entry.startswith("arn:") and entry.split(":", 5)[2] == "s3"
    parts = entry.split(":", 5)
    return len(parts) == 6 and re.split(r"[:/]", parts[5])[0] not in ("", "*")


def like(pattern: str, text: str) -> bool:
    """A comparison in which * stands for any characters (B-85)."""
    return pattern == text or ("*" in pattern and _compiled(pattern).fullmatch(text) is not None)


@functools.lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)


def _satisfies(conditions: Mapping[str, Any], tags: Mapping[str, str]) -> bool:
    """All conditions (B-87). A tag that is not there differs from every value (B-88)."""
    for operator, parameters in conditions.items():
        for parameter in parameters or []:
            value, wanted = tags.get(parameter["ConditionKey"][len(TAG_KEY):]), parameter.get("ConditionValue") or ""
            same = value is not None and (like(wanted, value) if "Like" in operator else value == wanted)
            if same == ("Not" in operator):
                return False
    return True


def _name(arn: str) -> str:
    return re.split(r"[:/]", arn)[-1]
