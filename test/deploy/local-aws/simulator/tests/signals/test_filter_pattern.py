"""Filter patterns, with the examples of AWS's page."""

from __future__ import annotations

import json

import pytest

from signals.filter_pattern import parse
from signals.rejected import NotSimulated, Rejected

TRAIL = json.dumps(
    {
        "eventType": "UpdateTrail", "sourceIPAddress": "111.111.111.111", "arrayKey": ["value", "another value"],
        "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}], "SomeObject": None, "cluster.name": "c",
        "is": True, "detail-type": "Copy Job State Change", "number": 5, "text": "5",
    }
)  # fmt: skip
USERS = json.dumps(
    {
        "user": {"id": 1, "email": "John.Stiles@example.com"},
        "users": [{"id": 2, "email": "John.Doe@example.com"}, {"id": 3, "email": "Jane.Doe@example.com"}],
        "actions": ["GET", "PUT", "DELETE"], "coordinates": [[0, 1, 2], [4, 5, 6], [7, 8, 9]],
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ('{ $.eventType = "UpdateTrail" }', True),
        ("{ $.eventType = UpdateTrail }", True),
        ("{ $.eventType = \"Update*\" && $.sourceIPAddress != 123.123.* }", True),
        ("{ $.sourceIPAddress != 123.123.* }", True),
        ("{ $.sourceIPAddress = 111.111.* }", True),
        ("{ $.sourceIPAddress != 111.111.* }", False),
        ('{ $.arrayKey[0] = "value" }', True),
        ('{ $.arrayKey[1] = "value" }', False),
        ('{ $.arrayKey[*] = "another value" }', True),
        ('{ $.objectList[*].name = "b" }', True),
        ('{ $.objectList[1].id = 2 }', True),
        ("{ $.['cluster.name'] = \"c\" }", True),
        ("{ $.SomeObject IS NULL }", True),
        ("{ $.eventType IS NULL }", False),
        ("{ $.is IS TRUE }", True),
        ("{ $.is IS FALSE }", False),
        ("{ $.SomeOtherObject NOT EXISTS }", True),
        ("{ $.eventType NOT EXISTS }", False),
        ('{ $.detail-type = "Copy Job State Change" }', True),
        ('{ $.arrayKey = "*" }', False),
        ('{ $.objectList = "*" }', False),
        ('{ $.SomeObject = "*" }', False),
        ('{ $.gone = "*" }', False),
        ('{ $.eventType = "*" }', True),
        ("{ $.number = 5 }", True),
        ("{ $.number = 5.0 }", True),
        ("{ $.number > 4 && $.number >= 5 && $.number < 6 && $.number <= 5 }", True),
        ("{ $.number != 5 }", False),
        ("{ $.number = 5e+0 }", True),
        ("{ $.text > 4 }", False),
        ('{ $.text = "5" }', True),
    ],
)
def test_a_pattern_for_json(pattern: str, matches: bool) -> None:
    assert parse(pattern).matches(TRAIL) is matches


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ('{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', True),
        ('{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch" && $.actions[2] = "nonmatch" }', True),
        ('{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch") && $.actions[2] = "nonmatch" }', False),
        ('{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', False),
    ],
)
def test_a_compound_expression(pattern: str, matches: bool) -> None:
    assert parse(pattern).matches(USERS) is matches


def test_what_is_not_json_matches_no_pattern_for_json() -> None:
    assert not parse('{ $.a NOT EXISTS }').matches("plain text")


MESSAGES = ("[ERROR 400] BAD REQUEST", "[ERROR 401] UNAUTHORIZED REQUEST", "[ERROR 419] MISSING ARGUMENTS", "[ERROR 420] INVALID ARGUMENTS",
            "[ERROR 500] INTERNAL SERVER ERROR", "[INFO] REQUEST FAILED")  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "matching"),
    [
        ("ERROR", [0, 1, 2, 3, 4]),
        ("ERROR ARGUMENTS", [2, 3]),
        ("?ERROR ?ARGUMENTS", [0, 1, 2, 3, 4]),
        ('"INTERNAL SERVER ERROR"', [4]),
        ("ERROR -ARGUMENTS", [0, 1, 4]),
        ("?ERROR ?ARGUMENTS REQUEST", [0, 1, 5]),
        ('" "', [0, 1, 2, 3, 4, 5]),
        ("", [0, 1, 2, 3, 4, 5]),
        ("error", []),
    ],
)
def test_terms(pattern: str, matching: list[int]) -> None:
    assert [index for index, message in enumerate(MESSAGES) if parse(pattern).matches(message)] == matching


@pytest.mark.parametrize(
    "pattern",
    [
        "{ $.a }", "{ $.a = }", "{ $.a = \"x\" ", "{ a = 1 }", "{ $.a = 1 } x", "{ ($.a = 1 }", "{ $.a IS NOT NULL }", "{ $.a EXISTS }",
        "{ $.a > abc }", "{ $.a == 1 }", "{ $.a = 1 & $.b = 2 }", "{ $.*.b[*] = 1 }", "{ $.a[*] = 1 || $.b[*] = 1 || $.c[*] = 1 || $.d[*] = 1 }",
        "{}", "a-b", 'x "y', "{ $.a = 1 && }", "{ $.a = \"" + "x" * 1024 + "\" }",
    ],
)  # fmt: skip
def test_what_cloudwatch_logs_rejects(pattern: str) -> None:
    with pytest.raises(Rejected):
        parse(pattern)


@pytest.mark.parametrize("pattern", ["[ip, user, ...]", "%AUTH%", "{ $.a = %x% }"])
def test_what_the_simulator_does_not_know_is_refused(pattern: str) -> None:
    with pytest.raises(NotSimulated):
        parse(pattern)
