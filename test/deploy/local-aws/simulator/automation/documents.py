"""Automation documents with their versions."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping

from backup.errors import Refused
from signals.ports import Scope

LARGEST = 64 * 1024
LATEST, DEFAULT = "$LATEST", "$DEFAULT"

Check = Callable[[Mapping[str, Any]], list[str]]
"""What AWS refuses of a content."""


@dataclass
class Document:
    """A document. The version n is the n-th of `contents`."""

    name: str
    created: float
    contents: list[str]
    tags: dict[str, str] = field(default_factory=dict)
    default_version: int = 1

    def version(self, wanted: str | None) -> int:
        """The number that a version is meant by. Raises KeyError."""
        number = len(self.contents) if wanted == LATEST else self.default_version if wanted in (None, DEFAULT) else int(wanted or 0)
        if not 1 <= number <= len(self.contents):
            raise KeyError(wanted)
        return number

    def content(self, number: int) -> dict[str, Any]:
        """A version, read."""
        parsed: dict[str, Any] = json.loads(self.contents[number - 1])
        return parsed


class Documents:
    """The documents of all accounts."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self._documents: dict[tuple[Scope, str], Document] = {}

    def reset(self) -> None:
        """Forgets all."""
        self._documents.clear()

    def find(self, scope: Scope, name: str) -> Document | None:
        """A document by its name or its ARN."""
        return self._documents.get((scope, name.rsplit("document/", 1)[-1]))

    def get(self, scope: Scope, name: str) -> Document:
        """A document that has to be there."""
        found = self.find(scope, name)
        if found is None:
            raise Refused("InvalidDocument", f"Document with name {name} does not exist.", "E-212")
        return found

    def read(self, content: str) -> dict[str, Any]:
        """A content that AWS takes."""
        if len(content.encode()) > LARGEST:
            raise Refused("MaxDocumentSizeExceeded", f"The document has {len(content.encode())} bytes, more than {LARGEST}.", "E-200")
        try:
            parsed: dict[str, Any] = json.loads(content)
        except ValueError as problem:
            raise Refused("InvalidDocumentContent", f"The local AWS reads documents in JSON: {problem}", "E-200") from problem
        problems = self._check(parsed)
        if problems:
            raise Refused("InvalidDocumentContent", "; ".join(problems), "E-200")
        return parsed

    def create(self, scope: Scope, name: str, content: str, tags: Mapping[str, str], now: float) -> Document:
        """The first version."""
        if self.find(scope, name):
            raise Refused("DocumentAlreadyExists", f"Document with same name {name} already exists", "E-200")
        document = self._documents[(scope, name)] = Document(name, now, [content], dict(tags))
        return document

    def update(self, scope: Scope, name: str, content: str) -> Document:
        """Another version, which does not become the default one (E-202)."""
        document = self.get(scope, name)
        if json.loads(document.contents[-1]) == json.loads(content):
            raise Refused("DuplicateDocumentContent", "The content of the document duplicates that of another version.", "E-202")
        document.contents.append(content)
        return document

    def delete(self, scope: Scope, name: str) -> None:
        """Removes all versions."""
        self.get(scope, name)
        del self._documents[(scope, name)]


def described(document: Document, number: int, scope: Scope) -> dict[str, Any]:
    """What DescribeDocument has of a version."""
    content = document.content(number)
    kinds = {"StringList": "StringList"}
    return {
        "Name": document.name,
        "Owner": scope.account,
        "CreatedDate": document.created,
        "Status": "Active",
        "DocumentVersion": str(number),
        "LatestVersion": str(len(document.contents)),
        "DefaultVersion": str(document.default_version),
        "Description": content.get("description", ""),
        "Parameters": [
            {
                "Name": name,
                "Type": kinds.get(parameter["type"], "String"),
                "Description": parameter.get("description", ""),
                **({"DefaultValue": str(parameter["default"])} if "default" in parameter else {}),
            }
            for name, parameter in (content.get("parameters") or {}).items()
        ],
        "DocumentType": "Automation",
        "DocumentFormat": "JSON",
        "SchemaVersion": content["schemaVersion"],
        "Hash": hashlib.sha256(document.contents[number - 1].encode()).hexdigest(),
        "HashType": "Sha256",
        "PlatformTypes": ["Windows", "Linux", "MacOS"],
        "Tags": [{"Key": key, "Value": value} for key, value in document.tags.items()],
    }
