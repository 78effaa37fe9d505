"""Which images of a registry are replicated, and to where (E-140 to E-145)."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

from backup.errors import Refused

MOST_RULES, MOST_DESTINATIONS, MOST_FILTERS = 10, 25, 100
SECONDS_TO_REPLICATE = 600.0
"""AWS says that most images are there within 30 minutes (E-143)."""


class Registry(NamedTuple):
    """The registry of an account and Region."""

    account: str
    region: str


def check(configuration: Mapping[str, Any], own: Registry) -> None:
    """Refuses a configuration that Amazon ECR does not take."""
    rules = configuration.get("rules") or []
    destinations = {_registry(destination) for rule in rules for destination in rule.get("destinations") or []}
    if len(rules) > MOST_RULES or len(destinations) > MOST_DESTINATIONS:
        raise _invalid(f"A replication configuration has at most {MOST_RULES} rules and {MOST_DESTINATIONS} destinations.", "E-140")
    if any(len(rule.get("repositoryFilters") or []) > MOST_FILTERS for rule in rules):
        raise _invalid(f"A rule has at most {MOST_FILTERS} filters.", "E-140")
    if any(not rule.get("destinations") for rule in rules):
        raise _invalid("A rule has at least one destination.", "E-140")
    if own in destinations:
        raise _invalid("A registry does not replicate to itself.", "E-141")


def destinations_of(configuration: Mapping[str, Any], repository: str) -> list[Registry]:
    """Where an image that is pushed to a repository goes: filters are prefixes, and no filter means every repository (E-142)."""
    found: list[Registry] = []
    for rule in configuration.get("rules") or []:
        filters = [one["filter"] for one in rule.get("repositoryFilters") or []]
        if not filters or any(repository.startswith(prefix) for prefix in filters):
            found += [_registry(destination) for destination in rule["destinations"]]
    return list(dict.fromkeys(found))


def _registry(destination: Mapping[str, Any]) -> Registry:
    return Registry(destination["registryId"], destination["region"])


def _invalid(message: str, statement: str) -> Refused:
    return Refused("InvalidParameterException", message, statement)
