"""Filter patterns of CloudWatch Logs: which log events a metric filter counts (S-70, S-71, S-73, S-74).

Patterns for space-delimited log events and regular expressions are not simulated, and are refused.
"""

from __future__ import annotations

import json
import operator
import re
from typing import Any, Callable, Protocol

from .json_selector import MISSING, Selector, content_of
from .rejected import NotSimulated, Rejected
from .tokens import Tokens

MOST_WILDCARDS = 3
MOST_CHARACTERS = 1024


class Pattern(Protocol):
    """A pattern that can be asked. `selectors` are those it names; only patterns for JSON have some."""

    selectors: list[Selector]

    def matches(self, message: str) -> bool:
        """Whether it matches the message of a log event."""


def parse(text: str) -> Pattern:
    """The pattern of a text, or Rejected."""
    pattern = text.strip()
    if len(text) > MOST_CHARACTERS:
        raise Rejected(f"A filter pattern has at most {MOST_CHARACTERS} characters, not {len(text)}.", "S-70")
    if pattern.startswith("{"):
        return _JsonPattern(pattern)
    if pattern.startswith("["):
        raise NotSimulated(f"The simulator does not know filter patterns for space-delimited log events: {text}")
    return _Terms(pattern)


class _JsonPattern:
    """`{ ($.a = "x") && ($.b > 5 || $.c NOT EXISTS) }`. Parentheses bind more than `&&`, and that more than `||`."""

    def __init__(self, text: str) -> None:
        parser = _Parser(text)
        self._condition = parser.whole()
        self.selectors = parser.selectors
        if sum(selector.has_wildcard for selector in self.selectors) > MOST_WILDCARDS:
            raise Rejected(f"A filter pattern has at most {MOST_WILDCARDS} wildcard selectors: {text}", "S-71")

    def matches(self, message: str) -> bool:
        content = content_of(message)
        return isinstance(content, dict) and self._condition(content)


_Condition = Callable[[dict[str, Any]], bool]
_TOKEN = re.compile(
    r"""\s*(&&|\|\||!=|<=|>=|[()=<>{}]|%[^%]*%|"(?:[^"\\]|\\.)*\""""
    r"""|\$(?:\.[\w*-]+|\.?\['[^']*'\]|\[(?:\d+|\*)\])+|[\w.*+-]+)"""
)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_COMPARISONS = {">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le}
_CONSTANTS = {"NULL": None, "TRUE": True, "FALSE": False}


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = Tokens(text, _TOKEN, self._unreadable)
        self.selectors: list[Selector] = []

    def whole(self) -> _Condition:
        self._tokens.expect("{")
        condition = self._any()
        self._tokens.expect("}")
        self._tokens.expect_end()
        return condition

    def _any(self) -> _Condition:
        parts = [self._all()]
        while self._tokens.take("||"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else lambda event: any(part(event) for part in parts)

    def _all(self) -> _Condition:
        parts = [self._one()]
        while self._tokens.take("&&"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else lambda event: all(part(event) for part in parts)

    def _one(self) -> _Condition:
        if self._tokens.take("("):
            condition = self._any()
            self._tokens.expect(")")
            return condition
        token = self._tokens.next()
        if not token.startswith("$"):
            raise self._unreadable(token)
        selector = Selector(token)
        self.selectors.append(selector)
        return self._comparison(selector)

    def _comparison(self, selector: Selector) -> _Condition:
        sign = self._tokens.next()
        if sign == "IS":
            word = self._tokens.next()
            if word not in _CONSTANTS:
                raise self._unreadable(word)
            constant = _CONSTANTS[word]
            return lambda event: any(value is constant for value in selector.values(event))
        if sign == "NOT":
            self._tokens.expect("EXISTS")
            return lambda event: selector.values(event) == [MISSING]
        operand = self._tokens.next()
        if operand.startswith("%"):
            raise NotSimulated(f"The simulator does not know regular expressions in filter patterns: {self._text}")
        if operand in ("&&", "||", "(", ")", "{", "}", "=", "!=", "<", ">", "<=", ">=") or operand.startswith("$"):
            raise self._unreadable(operand)
        if sign in _COMPARISONS:
            if not _NUMBER.fullmatch(operand):
                raise self._unreadable(operand)
            compare, number = _COMPARISONS[sign], float(operand)
            return lambda event: any(_is_number(value) and compare(value, number) for value in selector.values(event))
        equals = _equality(operand)
        if sign == "=":
            return lambda event: any(_is_text_or_number(value) and equals(value) for value in selector.values(event))
        if sign == "!=":
            return lambda event: any(_is_text_or_number(value) and not equals(value) for value in selector.values(event))
        raise self._unreadable(sign)

    def _unreadable(self, token: str) -> Rejected:
        return Rejected(f"Invalid metric filter pattern {self._text} at {token!r}.", "S-71")


def _equality(operand: str) -> Callable[[Any], bool]:
    is_quoted = operand.startswith('"')
    text = re.sub(r"\\(.)", r"\1", operand[1:-1]) if is_quoted else operand
    if not is_quoted and _NUMBER.fullmatch(text):
        number = float(text)
        return lambda value: value == number if _is_number(value) else value == text
    if "*" not in text:
        return lambda value: _as_text(value) == text
    if text == "*":
        return lambda value: True
    pattern = re.compile(".*".join(re.escape(part) for part in text.split("*")), re.DOTALL)
    return lambda value: pattern.fullmatch(_as_text(value)) is not None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_text_or_number(value: Any) -> bool:
    return isinstance(value, str) or _is_number(value)


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


class _Terms:
    """`ERROR "exact phrase" -DEBUG ?one ?other`: words in a message of any form."""

    selectors: list[Selector] = []
    _TERM = re.compile(r'\s*(?P<sign>[?-]?)(?:"(?P<phrase>(?:[^"\\]|\\.)*)"|(?P<word>[^\s"]+))')

    def __init__(self, text: str) -> None:
        self._wanted: list[str] = []
        self._unwanted: list[str] = []
        self._optional: list[str] = []
        position = 0
        while position < len(text):
            match = self._TERM.match(text, position)
            if match is None:
                raise Rejected(f"Invalid metric filter pattern {text} at {text[position:][:20]!r}.", "S-74")
            self._add(match.group("sign"), match.group("phrase"), match.group("word"), text)
            position = match.end()

    def _add(self, sign: str, phrase: str | None, word: str | None, text: str) -> None:
        if word is not None and word.startswith("%"):
            raise NotSimulated(f"The simulator does not know regular expressions in filter patterns: {text}")
        if word is not None and not re.fullmatch(r"\w+", word):
            raise Rejected(f"The term {word} of the filter pattern {text} has to be quoted.", "S-74")
        term = word if word is not None else re.sub(r"\\(.)", r"\1", phrase or "").strip()
        {"": self._wanted, "-": self._unwanted, "?": self._optional}[sign].append(term)

    def matches(self, message: str) -> bool:
        if any(term in message for term in self._unwanted):
            return False
        if self._wanted or self._unwanted or not self._optional:
            return all(term in message for term in self._wanted)
        return any(term in message for term in self._optional)
