"""AWS::SSM::Document.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-document.html
"""

from __future__ import annotations

import json
from typing import Any

from backup.errors import Refused

from emulator.answers import ServiceRefused
from emulator.automation import LocalAutomation
from emulator.cloudformation.registry import Created, Properties, physical_name, register


class DocumentType:
    """The type, over the simulated SSM Automation."""

    def __init__(self, automation: LocalAutomation) -> None:
        self._automation = automation

    def install(self) -> None:
        """Makes the type known."""
        register("AWS::SSM::Document", self._create, self._delete, self._update, ("DocumentType", "Name"), ("Tags", "list"))

    def _create(self, logical_id: str, properties: Properties, stack: str) -> Created:
        name = properties.get("Name") or physical_name(stack, logical_id, 128)
        if properties.get("UpdateMethod", "Replace") not in ("NewVersion", "Replace"):
            raise ServiceRefused("UpdateMethod is NewVersion or Replace.")
        self._call(
            "CreateDocument", Name=name, Content=_content(properties), DocumentType=properties.get("DocumentType", "Command"),
            DocumentFormat=properties.get("DocumentFormat", "JSON"), Tags=properties.get("Tags") or [],
        )
        return name, {}

    def _update(self, name: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
        """A new version. With `Replace`, the default, CloudFormation would make another document (E-203)."""
        if _content(old) != _content(new):
            if new.get("UpdateMethod") != "NewVersion":
                raise ServiceRefused("The local AWS does not replace documents: set UpdateMethod to NewVersion. [E-203]")
            self._call("UpdateDocument", Name=name, Content=_content(new), DocumentVersion="$LATEST")
        return name, {}

    def _delete(self, name: str, properties: Properties) -> None:
        try:
            self._call("DeleteDocument", Name=name)
        except ServiceRefused as refused:
            if "InvalidDocument:" not in str(refused):
                raise

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        try:
            return self._automation.call(operation, parameters)
        except Refused as refused:
            raise ServiceRefused(f"{refused.code}: {refused.message} [{refused.statement}]") from refused


def _content(properties: Properties) -> str:
    """The content is an object or a text in a template."""
    content = properties["Content"]
    return content if isinstance(content, str) else json.dumps(content)
