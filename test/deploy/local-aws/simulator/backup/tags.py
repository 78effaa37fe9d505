"""Tags of vaults, plans and recovery points."""

from __future__ import annotations

from typing import Mapping

from . import checks
from .caller import Caller
from .engine import Engine, Operation, Params
from .errors import INVALID_PARAMETER, LIMIT_EXCEEDED, NOT_FOUND, Refused
from .paging import page

MOST_TAGS = 50


def check(tags: Mapping[str, str] | None) -> None:
    """Refuses tags that AWS keeps for itself, and too many."""
    for key in tags or {}:
        if key.lower().startswith("aws:"):
            raise Refused(INVALID_PARAMETER, f"Tags that begin with aws: can't be set: {key}", "B-242")
    if len(tags or {}) > MOST_TAGS:
        raise Refused(LIMIT_EXCEEDED, f"A resource has at most {MOST_TAGS} tags.", "B-241")


def tag(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "ResourceArn", "Tags")
    check(params["Tags"])
    tags = _tags(engine, caller, params["ResourceArn"])
    if len({**tags, **params["Tags"]}) > MOST_TAGS:
        raise Refused(LIMIT_EXCEEDED, f"A resource has at most {MOST_TAGS} tags.", "B-241")
    tags.update(params["Tags"])
    return {}


def untag(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "ResourceArn", "TagKeyList")
    tags = _tags(engine, caller, params["ResourceArn"])
    for key in params["TagKeyList"]:
        tags.pop(key, None)
    return {}


def list_tags(engine: Engine, caller: Caller, params: Params) -> Params:
    checks.required(params, "ResourceArn")
    items = sorted(_tags(engine, caller, params["ResourceArn"]).items())
    answer = page("Tags", items, params)
    return {**answer, "Tags": dict(answer["Tags"])}


def _tags(engine: Engine, caller: Caller, arn: str) -> dict[str, str]:
    """The tags of something that can have them (B-240)."""
    tags = engine.site_of(caller).tags.get(arn)
    if tags is None:
        raise Refused(NOT_FOUND, f"Resource {arn} does not exist.", "B-240")
    return tags


OPERATIONS: dict[str, Operation] = {"TagResource": tag, "UntagResource": untag, "ListTags": list_tags}
