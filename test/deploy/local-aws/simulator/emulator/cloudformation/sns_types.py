"""The key of AWS::SNS::Topic, which ministack drops."""

from __future__ import annotations

from typing import Any

from ministack.services import sns

from emulator.cloudformation.registry import Create, Created, Properties, wrap


def install() -> None:
    """Keeps the key as the attribute that the API has for it."""
    wrap("AWS::SNS::Topic", create=_with_key, update=_with_key_after_update)


def _with_key(create: Create) -> Create:
    def made(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        answer = create(logical_id, properties, stack)
        _set_key(answer[0], properties)
        return answer

    return made


def _with_key_after_update(update: Any) -> Any:
    def updated(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> Created:
        answer = update(physical_id, old, new, *rest)
        _set_key(answer[0], new)
        return answer

    return updated


def _set_key(arn: str, properties: Properties) -> None:
    attributes = sns._topics[arn]["attributes"]
    attributes.pop("KmsMasterKeyId", None)
    if properties.get("KmsMasterKeyId"):
        attributes["KmsMasterKeyId"] = properties["KmsMasterKeyId"]
