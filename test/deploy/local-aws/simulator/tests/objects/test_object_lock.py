"""What a request about a retention has to have, and what policies see of it."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from backup.errors import Refused
from objects.object_lock import MODE, UNTIL, check_put, condition_keys, default_until, retention_of

NOW = datetime(2026, 3, 1, tzinfo=timezone.utc).timestamp()
LOCK = {MODE: "COMPLIANCE", UNTIL: "2026-04-01T00:00:00Z"}
CHECKSUM = {"x-amz-checksum-crc32": "AAAAAA=="}


@pytest.mark.parametrize("headers", [LOCK, {**LOCK, "x-amz-sdk-checksum-algorithm": "CRC32"}, {**LOCK, "x-amz-checksum-mode": "ENABLED"}])
def test_e150_a_retention_without_a_checksum(headers: dict[str, str]) -> None:
    with pytest.raises(Refused, match=r"^InvalidRequest: Content-MD5 OR x-amz-checksum- HTTP header is required .*\[E-150\]"):
        check_put(headers, False, NOW)


@pytest.mark.parametrize("checksum", [CHECKSUM, {"content-md5": "x"}, {"x-amz-trailer": "x-amz-checksum-crc32"}])
def test_e150_a_retention_with_a_checksum(checksum: dict[str, str]) -> None:
    check_put({**LOCK, **checksum}, False, NOW)


def test_e150_a_default_retention_needs_one_as_well() -> None:
    with pytest.raises(Refused, match=r"\[E-150\]"):
        check_put({}, True, NOW)
    check_put({}, False, NOW)


@pytest.mark.parametrize("headers", [
    {MODE: "COMPLIANCE"}, {UNTIL: "2026-04-01T00:00:00Z"}, {**LOCK, MODE: "FOREVER"}, {**LOCK, UNTIL: "2026-02-28T00:00:00Z"}, {**LOCK, UNTIL: "tomorrow"},
])  # fmt: skip
def test_e151_a_retention_that_can_not_be(headers: dict[str, str]) -> None:
    with pytest.raises(Refused, match=r"^InvalidArgument: .*\[E-151\]"):
        check_put({**headers, **CHECKSUM}, False, NOW)


@pytest.mark.parametrize(("until", "days"), [
    ("2026-03-31T00:00:00Z", "30"), ("2026-03-31T00:00:01Z", "31"), ("2026-03-30T23:59:59.500Z", "30"), ("2026-03-01T00:00:01Z", "1"), ("2026-02-01T00:00:00Z", "0"),
])  # fmt: skip
def test_e153_the_remaining_days_are_rounded_up(until: str, days: str) -> None:
    assert condition_keys("GOVERNANCE", until, NOW) == {
        "s3:object-lock-mode": "GOVERNANCE", "s3:object-lock-retain-until-date": until, "s3:object-lock-remaining-retention-days": days,
    }  # fmt: skip
    assert condition_keys(None, None, NOW) == {}


def test_e153_the_body_of_a_retention_is_read() -> None:
    body = b'<Retention xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Mode>GOVERNANCE</Mode><RetainUntilDate>2026-04-01T00:00:00Z</RetainUntilDate></Retention>'
    assert retention_of(body) == ("GOVERNANCE", "2026-04-01T00:00:00Z")
    assert retention_of(b"no XML") == (None, None)


def test_e155_a_default_retention_counts_from_now() -> None:
    assert default_until({"Days": 30}, NOW) == "2026-03-31T00:00:00.000Z"
    assert default_until({"Years": 1}, NOW) == "2027-03-01T00:00:00.000Z"
