"""Reads expressions of CloudWatch metric math (S-20): what it can't read is rejected when the alarm is created."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Sequence

from .rejected import Rejected


@dataclass(frozen=True)
class Node:
    """A part of an expression: a number, an id, a text, a call of a function, a list, an operator, or a minus sign.

    `word` is the id, the text, the function or the operator, and `parts` are what it applies to.
    """

    kind: Literal["number", "name", "text", "call", "list", "binary", "minus"]
    word: str = ""
    number: float = 0.0
    parts: Sequence["Node"] = ()


_TOKEN = re.compile(
    r"""\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<word>[A-Za-z_][A-Za-z0-9_]*)|(?P<text>"[^"]*"|'[^']*')"""
    r"""|(?P<sign>==|!=|<=|>=|&&|\|\||[-+*/^<>(),\[\]]))"""
)
_SAME = {"AND": "&&", "OR": "||"}
_LEVELS = (("||",), ("&&",), ("==", "!=", "<", "<=", ">", ">="), ("+", "-"), ("*", "/"), ("^",))
"""Operators, the weakest first. AWS does not document the order; this is the usual one."""


def parse(text: str) -> Node:
    """The tree of an expression."""
    return _Parser(text).whole()


def names_in(node: Node) -> set[str]:
    """The ids that an expression names."""
    own = {node.word} if node.kind == "name" else set()
    return own.union(*(names_in(part) for part in node.parts))


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[tuple[str, str]] = []
        position = 0
        while position < len(text.rstrip()):
            match = _TOKEN.match(text, position)
            if match is None:
                raise self._unreadable(text[position:].strip()[:20])
            kind = match.lastgroup or ""
            token = match.group(kind)
            self._tokens.append(("sign", _SAME[token]) if token in _SAME else (kind, token))
            position = match.end()
        self._position = 0

    def whole(self) -> Node:
        node = self._binary(0)
        if self._position < len(self._tokens):
            raise self._unreadable(self._tokens[self._position][1])
        return node

    def _binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        node = self._binary(level + 1)
        while (sign := self._peek_sign()) in _LEVELS[level]:
            self._position += 1
            node = Node("binary", sign, parts=(node, self._binary(level + 1)))
        return node

    def _unary(self) -> Node:
        if self._take("-"):
            return Node("minus", parts=(self._unary(),))
        return self._operand()

    def _operand(self) -> Node:
        kind, token = self._next()
        if kind == "number":
            return Node("number", number=float(token))
        if kind == "text":
            return Node("text", token[1:-1])
        if token == "(":
            node = self._binary(0)
            self._expect(")")
            return node
        if token == "[":
            return Node("list", parts=self._arguments("]"))
        if kind == "word":
            if self._take("("):
                return Node("call", token, parts=self._arguments(")"))
            return Node("name", token)
        raise self._unreadable(token)

    def _arguments(self, end: str) -> list[Node]:
        arguments: list[Node] = []
        if self._take(end):
            return arguments
        while True:
            arguments.append(self._binary(0))
            if self._take(end):
                return arguments
            self._expect(",")

    def _peek_sign(self) -> str:
        if self._position < len(self._tokens) and self._tokens[self._position][0] == "sign":
            return self._tokens[self._position][1]
        return ""

    def _take(self, sign: str) -> bool:
        taken = self._peek_sign() == sign
        self._position += taken
        return taken

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise self._unreadable(self._tokens[self._position][1] if self._position < len(self._tokens) else "its end")

    def _next(self) -> tuple[str, str]:
        if self._position == len(self._tokens):
            raise self._unreadable("its end")
        self._position += 1
        return self._tokens[self._position - 1]

    def _unreadable(self, token: str) -> Rejected:
        return Rejected(f"The expression {self._text!r} can't be read at {token!r}.", "S-20")
