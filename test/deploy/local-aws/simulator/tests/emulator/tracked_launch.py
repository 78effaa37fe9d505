"""Starts the local AWS like launch.py, and writes down which properties of each resource its type never looks at."""

from __future__ import annotations

import collections
import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import launch  # noqa: E402

UNREAD_FILE = os.environ["UNREAD_FILE"]


class Watched(dict):  # type: ignore[type-arg]
    """Properties that know which of them have been looked at."""

    def __init__(self, properties: dict[str, Any]) -> None:
        super().__init__(properties)
        self.seen: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.seen.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.seen.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self.seen.add(str(name))
        return super().__contains__(name)

    def items(self) -> Any:
        self.seen.update(self)
        return super().items()

    def keys(self) -> Any:
        self.seen.update(super().keys())
        return super().keys()

    def __iter__(self) -> Any:
        # With this, dict(properties) and {**properties} ask for the keys.
        self.seen.update(super().keys())
        return super().__iter__()


def track() -> None:
    from ministack.services.cloudformation import provisioners, stacks

    original, unread = provisioners._provision_resource, collections.defaultdict(set)

    def provision(resource_type: str, logical_id: str, properties: dict[str, Any], stack: str) -> Any:
        watched = Watched(properties)
        made = original(resource_type, logical_id, watched, stack)
        unread[resource_type] |= set(properties) - watched.seen
        text = json.dumps({name: sorted(names) for name, names in unread.items() if names})
        Path(UNREAD_FILE).write_text(text)
        return made

    provisioners._provision_resource = provision
    stacks._provision_resource = provision


def then_track(version: str) -> list[str]:
    """The last thing that launch does before ministack is changed: the environment is ministack's by now."""
    missing = original_missing_names(version)
    track()
    return missing


original_missing_names = launch.missing_names
launch.missing_names = then_track  # type: ignore[assignment]

if __name__ == "__main__":
    os._exit(launch.main())
