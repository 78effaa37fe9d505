"""Which images are replicated, and to where."""

from __future__ import annotations

from typing import Any

import pytest
from backup.errors import Refused
from containers.replication import Registry, check, destinations_of

OWN, THERE = Registry("222222222222", "eu-west-2"), Registry("222222222222", "eu-west-1")


def rule(*prefixes: str, to: Registry = THERE) -> dict[str, Any]:
    filters = [{"filter": prefix, "filterType": "PREFIX_MATCH"} for prefix in prefixes]
    return {"destinations": [{"registryId": to.account, "region": to.region}], **({"repositoryFilters": filters} if filters else {})}


@pytest.mark.parametrize("rules", [
    [rule() for _ in range(11)], [{"destinations": []}], [rule(*[f"p{number}" for number in range(101)])],
    [{"destinations": [{"registryId": f"{number:012}", "region": "eu-west-1"} for number in range(26)]}],
])  # fmt: skip
def test_e140_a_configuration_that_is_too_large(rules: list[Any]) -> None:
    with pytest.raises(Refused, match=r"\[E-140\]"):
        check({"rules": rules}, OWN)


def test_e141_a_registry_does_not_replicate_to_itself() -> None:
    with pytest.raises(Refused, match=r"\[E-141\]"):
        check({"rules": [rule(to=OWN)]}, OWN)


def test_e142_filters_are_prefixes() -> None:
    configuration = {"rules": [rule("acme/", "shared")]}
    assert [destinations_of(configuration, name) for name in ("acme/app", "shared-app", "other")] == [[THERE], [THERE], []]
    assert destinations_of({"rules": [rule()]}, "other") == [THERE]
    assert destinations_of({}, "other") == []
