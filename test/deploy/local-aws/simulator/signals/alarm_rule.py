"""The rule of a composite alarm (S-50, S-52)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Callable, Literal, Sequence

from .rejected import NotSimulated, Rejected
from .tokens import Tokens

STATES = ("ALARM", "OK", "INSUFFICIENT_DATA")
MOST_ALARMS = 100
MOST_ELEMENTS = 500

_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[()]|[^\s()"]+)')


@dataclass(frozen=True)
class _Node:
    """A part of a rule. `word` is TRUE, FALSE or a state, and `alarm` the one that has to be in it."""

    kind: Literal["constant", "state", "and", "or", "not"]
    word: str = ""
    alarm: str = ""
    parts: Sequence["_Node"] = ()


class AlarmRule:
    """A rule that can be asked. Alarms stand in it by their name or their ARN."""

    def __init__(self, text: str) -> None:
        self.text = text
        parser = _Parser(text)
        self._tree = parser.whole()
        self.alarms = list(dict.fromkeys(parser.alarms))
        if len(self.alarms) > MOST_ALARMS or parser.elements > MOST_ELEMENTS:
            raise Rejected(f"A rule has at most {MOST_ALARMS} alarms and {MOST_ELEMENTS} elements.", "S-52")

    def is_met(self, state_of: Callable[[str], str | None]) -> bool:
        """Whether it is met, given the states of the alarms in it."""
        return _is_met(self._tree, state_of)


def _is_met(node: _Node, state_of: Callable[[str], str | None]) -> bool:
    if node.kind == "constant":
        return node.word == "TRUE"
    if node.kind == "state":
        return state_of(node.alarm) == node.word
    if node.kind == "not":
        return not _is_met(node.parts[0], state_of)
    combine = all if node.kind == "and" else any
    return combine(_is_met(part, state_of) for part in node.parts)


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = Tokens(text, _TOKEN, _unreadable)
        self.alarms: list[str] = []
        self.elements = 0

    def whole(self) -> _Node:
        node = self._any()
        self._tokens.expect_end()
        return node

    def _any(self) -> _Node:
        return self._several("or", "OR", self._all)

    def _all(self) -> _Node:
        return self._several("and", "AND", self._one)

    def _several(self, kind: Literal["and", "or"], word: str, part: Callable[[], _Node]) -> _Node:
        parts = [part()]
        while self._tokens.take(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else _Node(kind, parts=parts)

    def _one(self) -> _Node:
        self.elements += 1
        if self._tokens.take("NOT"):
            return _Node("not", parts=[self._one()])
        if self._tokens.take("("):
            node = self._any()
            self._tokens.expect(")")
            return node
        word = self._tokens.next()
        if word in ("TRUE", "FALSE"):
            return _Node("constant", word)
        if word == "AT_LEAST":
            raise NotSimulated("The simulator does not know AT_LEAST in the rule of a composite alarm.")
        if word not in STATES:
            raise _unreadable(word)
        self._tokens.expect("(")
        alarm = self._tokens.next()
        if alarm in ("(", ")"):
            raise _unreadable(alarm)
        self._tokens.expect(")")
        name = re.sub(r"\\(.)", r"\1", alarm[1:-1]) if alarm.startswith('"') else alarm
        self.alarms.append(name)
        return _Node("state", word, name)


def _unreadable(token: str) -> Rejected:
    return Rejected(f"Error in AlarmRule: unsupported token {token!r}.", "S-50")
