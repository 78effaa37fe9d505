"""The key of AWS::SNS::Topic, which ministack drops."""

from __future__ import annotations

from ministack.services import sns

from emulator.cloudformation.registry import Properties, set_up


def install() -> None:
    """Keeps the key as the attribute that the API has for it."""
    set_up("AWS::SNS::Topic", _set_key)


def _set_key(arn: str, properties: Properties) -> None:
    attributes = sns._topics[arn]["attributes"]
    attributes.pop("KmsMasterKeyId", None)
    if properties.get("KmsMasterKeyId"):
        attributes["KmsMasterKeyId"] = properties["KmsMasterKeyId"]
