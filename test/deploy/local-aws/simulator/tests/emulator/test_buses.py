"""Most rules are left out before their pattern is asked: never one that might match."""

from __future__ import annotations

import json

import pytest

from emulator.buses import _values_wanted


@pytest.mark.parametrize(
    ("pattern", "sources", "detail_types"),
    [
        ({"source": ["a", "b"], "detail-type": ["x"]}, {"a", "b"}, {"x"}),
        ({"source": ["a"], "$or": [{"detail-type": ["x"]}, {"detail-type": ["y"], "detail": {"z": ["w"]}}]}, {"a"}, {"x", "y"}),
        ({"source": ["a"], "$or": [{"detail-type": ["x"]}, {"detail": {"z": ["w"]}}]}, {"a"}, None),
        ({"source": [{"prefix": "a"}], "detail-type": ["x", {"suffix": "y"}]}, None, None),
        ({"detail": {"source": ["a"]}}, None, None),
        ({"$or": [{"$or": [{"source": ["a"]}, {"source": ["b"]}]}, {"source": ["c"]}]}, {"a", "b", "c"}, None),
    ],
)
def test_what_a_pattern_can_match_at_all(pattern: dict, sources: set | None, detail_types: set | None) -> None:
    assert _values_wanted(json.dumps(pattern)) == (sources, detail_types)
