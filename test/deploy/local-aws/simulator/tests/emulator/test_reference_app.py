"""The reference app in the local AWS: what its templates use that the local AWS lacks, and what a second deployment does.

The lists can only get shorter.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Iterator

import pytest
from assembly import STAGES, deploy, place_of, stacks
from running import RunningLocalAws

TYPES_THAT_ARE_MISSING: set[str] = set()
"""Types of the templates that the local AWS does not know. A stack with one of them is refused before anything is made."""

PROPERTIES_THAT_ARE_DROPPED: dict[str, set[str]] = {}
"""Properties of the templates that no code looks at."""

KEPT_WITHOUT_EFFECT = {
    "AWS::ApplicationAutoScaling::ScalableTarget": "nothing scales",
    "AWS::ApplicationAutoScaling::ScalingPolicy": "nothing scales",
    "AWS::Budgets::Budget": "no costs arise",
    "AWS::CloudWatch::Dashboard": "nobody draws it",
    "AWS::EC2::FlowLog": "no packets flow",
    "AWS::EC2::NatGateway": "no packets flow",
    "AWS::ECR::Repository": "no images are scanned",
    "AWS::ECS::Service": "its tasks do not run",
    "AWS::Oam::Sink": "no account links to it",
}
"""Types that are kept as they are written, and do nothing."""


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningLocalAws, dict[str, str], Path]]:
    """Both stages side by side, and the properties that nobody looked at."""
    unread = tmp_path_factory.mktemp("unread") / "unread.json"
    with RunningLocalAws.start(Path(__file__).with_name("tracked_launch.py"), UNREAD_FILE=str(unread)) as running:
        yield running, {stack: state for stage in STAGES for stack, state in deploy(running, stage).items()}, unread


def ids(running: RunningLocalAws) -> dict[str, dict[str, str]]:
    found = {}
    for stage in STAGES:
        for name, artifact in stacks(stage):
            stack = artifact["properties"].get("stackName", name)
            account, region = place_of(artifact)
            cloudformation = running.client("cloudformation", account, region)
            pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
            found[stack] = {one["LogicalResourceId"]: one["PhysicalResourceId"] for page in pages for one in page["StackResourceSummaries"]}
    return found


def test_every_stack_of_both_stages_is_created(deployed: tuple[RunningLocalAws, dict[str, str], Path]) -> None:
    _, states, _ = deployed
    assert states == {stack: "CREATE_COMPLETE" for stack in states}
    assert len(states) == sum(len(stacks(stage)) for stage in STAGES)


def test_every_property_is_looked_at_but_those_of_the_list(deployed: tuple[RunningLocalAws, dict[str, str], Path]) -> None:
    unread = {kind: set(names) for kind, names in json.loads(deployed[2].read_text()).items()}
    assert unread == PROPERTIES_THAT_ARE_DROPPED


def test_no_type_is_missing_but_those_of_the_list() -> None:
    assert TYPES_THAT_ARE_MISSING == set()


def test_types_without_effect_are_types_of_the_templates() -> None:
    from assembly import templates

    used = {one["Type"] for stage in STAGES for template in templates(stage) for one in template["Resources"].values()}
    assert set(KEPT_WITHOUT_EFFECT) <= used


def test_a_second_deployment_changes_nothing(deployed: tuple[RunningLocalAws, dict[str, Any], Path]) -> None:
    running, _, _ = deployed
    before = ids(running)
    again = {stack: state for stage in STAGES for stack, state in deploy(running, stage).items()}
    assert [state for state in again.values() if "No updates are to be performed" not in state] == []
    assert ids(running) == before
