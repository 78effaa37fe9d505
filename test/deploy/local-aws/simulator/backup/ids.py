"""Ids that are the same in each run."""

from __future__ import annotations

import base64
import hashlib
import uuid


class Ids:
    """Makes ids from a seed and a counter: the same calls give the same ids."""

    def __init__(self, seed: str = "backup") -> None:
        self._seed = seed
        self._count = 0

    def new(self) -> str:
        """A UUID."""
        return str(uuid.UUID(bytes=self._next()[:16], version=4))

    def version(self) -> str:
        """The id of a version of a plan, which looks like a UUID in base64."""
        return base64.b64encode(self.new().encode()).decode()

    def _next(self) -> bytes:
        self._count += 1
        return hashlib.sha256(f"{self._seed}/{self._count}".encode()).digest()


def fraction(text: str) -> float:
    """A number from 0 up to 1 that is fixed by a text and looks random."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / float(1 << 48)
