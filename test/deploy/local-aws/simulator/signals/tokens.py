"""The words of a rule or a pattern, one after the other."""

from __future__ import annotations

import re
from typing import Callable

from .rejected import Rejected


class Tokens:
    """Tokens of a text, by a pattern whose first group is the token. What can't be read is rejected as `unreadable` says."""

    def __init__(self, text: str, token: re.Pattern[str], unreadable: Callable[[str], Rejected]) -> None:
        self._unreadable = unreadable
        self._tokens: list[str] = []
        self._position = 0
        position, end = 0, len(text.rstrip())
        while position < end:
            match = token.match(text, position)
            if match is None:
                raise unreadable(text[position:].strip()[:20])
            self._tokens.append(match.group(1))
            position = match.end()

    def take(self, token: str) -> bool:
        """Whether the token is next; if so, it is taken."""
        taken = self._peek() == token
        self._position += taken
        return taken

    def next(self) -> str:
        """The next token, whatever it is."""
        token = self._peek()
        if not token:
            raise self._unreadable("its end")
        self._position += 1
        return token

    def expect(self, token: str) -> None:
        """Takes the token, which has to be next."""
        if not self.take(token):
            raise self._unreadable(self._peek() or "its end")

    def expect_end(self) -> None:
        """Nothing may be left."""
        if self._position < len(self._tokens):
            raise self._unreadable(self._peek())

    def _peek(self) -> str:
        return self._tokens[self._position] if self._position < len(self._tokens) else ""
