"""Small things that the rules are made of."""

from __future__ import annotations

import pytest
from backup.arns import parse_vault_arn, role_account
from backup.assumptions import EXPLANATIONS, Assumptions, explain
from backup.errors import Refused
from backup.ids import Ids, fraction
from backup.lifecycle import calculated, of_copy
from backup.paging import page
from backup.select import like
from backup.times import iso


def test_times_are_written_with_milliseconds_in_utc() -> None:
    assert iso(1595364031.152) == "2020-07-21T20:40:31.152Z"
    assert iso(1595364031.9999) == "2020-07-21T20:40:32.000Z"
    assert iso(0.0) == "1970-01-01T00:00:00.000Z"


def test_ids_are_the_same_in_each_run_and_different_from_each_other() -> None:
    one, two = Ids(), Ids()
    first = [one.new() for _ in range(100)]
    assert first == [two.new() for _ in range(100)]
    assert len(set(first)) == 100


def test_a_fraction_is_fixed_by_its_text_and_lies_between_0_and_1() -> None:
    values = [fraction(f"point-{number}") for number in range(1000)]
    assert all(0 <= value < 1 for value in values)
    assert 0.4 < sum(values) / 1000 < 0.6
    assert fraction("point-1") == values[1]


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("*", "arn:aws:s3:::logs", True),
        ("arn:aws:s3:::*-logs", "arn:aws:s3:::my-logs", True),
        ("arn:aws:s3:::*-logs", "arn:aws:s3:::my-logs-2", False),
        ("arn:aws:dynamodb:*:*:table/*", "arn:aws:dynamodb:eu-west-2:222222222222:table/orders", True),
        ("arn:aws:dynamodb:*:*:table/*", "arn:aws:rds:eu-west-2:222222222222:table/orders", False),
        ("a.c", "abc", False),
        ("prod*", "production", True),
        ("*rod*", "production", True),
    ],
)
def test_a_star_stands_for_any_characters(pattern: str, text: str, fits: bool) -> None:
    assert like(pattern, text) is fits


def test_the_parts_of_a_vaults_arn() -> None:
    parts = parse_vault_arn("arn:aws:backup:eu-west-2:333333333333:backup-vault:acme-central")
    assert parts is not None and (parts.region, parts.account, parts.name) == ("eu-west-2", "333333333333", "acme-central")
    assert parse_vault_arn("arn:aws:backup:eu-west-2:333333333333:vault:acme-central") is None
    assert role_account("arn:aws:iam::222222222222:role/path/backup") == "222222222222"
    assert role_account("arn:aws:iam::222222222222:user/ann") is None


def test_a_copy_without_an_end_of_its_own_ends_with_its_source() -> None:
    source = {"DeleteAfterDays": 35, "MoveToColdStorageAfterDays": 5}
    assert of_copy(None, source) == source
    assert of_copy({"DeleteAfterDays": 7}, source) == {"DeleteAfterDays": 7}
    assert of_copy({"DeleteAfterDays": -1}, source) == {"DeleteAfterDays": 35}
    assert of_copy({"MoveToColdStorageAfterDays": 1}, {"DeleteAfterDays": 100}) == {
        "MoveToColdStorageAfterDays": 1,
        "DeleteAfterDays": 100,
    }
    assert of_copy({"DeleteAfterDays": -1}, {}) == {}


def test_dates_count_from_the_creation() -> None:
    lifecycle = {"DeleteAfterDays": 100, "MoveToColdStorageAfterDays": 10}
    assert calculated(lifecycle, 1000.0, True) == {"MoveToColdStorageAt": 865_000.0, "DeleteAt": 8_641_000.0}
    assert calculated(lifecycle, 1000.0, False) == {"DeleteAt": 8_641_000.0}
    assert calculated({"DeleteAfterDays": -1}, 1000.0, True) == {}


@pytest.mark.parametrize("count", [0, 1, 5, 20, 23])
def test_the_pages_of_a_list_are_the_list(count: int) -> None:
    items, found, token = list(range(count)), [], None
    while True:
        answer = page("Items", items, {"MaxResults": 5, **({"NextToken": token} if token else {})})
        found += answer["Items"]
        token = answer.get("NextToken")
        if token is None:
            break
    assert found == items
    with pytest.raises(Refused):
        page("Items", items, {"NextToken": "elsewhere"})


def test_every_assumption_says_what_it_is_its_range_and_where_it_comes_from() -> None:
    rows = explain(Assumptions(seconds_to_copy=5))
    assert {row["name"] for row in rows} == set(EXPLANATIONS)
    assert all(row["what"] and row["range"] and (row["source"] == "none" or row["source"].count("https://")) for row in rows)
    assert [row["value"] for row in rows if row["name"] == "seconds_to_copy"] == [5]
