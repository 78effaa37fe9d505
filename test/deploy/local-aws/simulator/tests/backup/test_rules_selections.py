"""The statements about what a selection is (B-80 to B-83, B-92 to B-94)."""

from __future__ import annotations

import pytest
from rules_aws import ARCHIVE_ROLE, INVALID, LIMIT, ROLE, WORKLOAD, Aws, refused, rule, table_arn

ORDERS = table_arn("orders")


def tag(key: str, value: str) -> dict[str, str]:
    return {"ConditionType": "STRINGEQUALS", "ConditionKey": key, "ConditionValue": value}


@pytest.mark.parametrize("name", ["", "a" * 51, "with space", "with/slash"])
def test_b80_a_name_that_is_not_possible_is_refused(aws: Aws, name: str) -> None:
    plan = aws.plan(rule())
    with refused(INVALID, "B-80"):
        aws.select(plan, ORDERS, SelectionName=name)


def test_b81_a_role_that_does_not_exist_is_refused(aws: Aws) -> None:
    plan = aws.plan(rule())
    with refused(INVALID, "B-81"):
        aws.select(plan, ORDERS, IamRoleArn=f"arn:aws:iam::{WORKLOAD}:role/nothing")


def test_b81_a_role_that_aws_backup_can_not_assume_is_refused(aws: Aws) -> None:
    plan = aws.plan(rule())
    aws.world.trusts[ROLE] = {
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]
    }
    with pytest.raises(Exception, match=f"IAM Role {ROLE} cannot be assumed by AWS Backup"):
        aws.select(plan, ORDERS)
    with refused(INVALID, "B-81"):
        aws.select(plan, ORDERS)


def test_b129_a_role_of_another_account_is_refused(aws: Aws) -> None:
    plan = aws.plan(rule())
    with refused(INVALID, "B-129"):
        aws.select(plan, ORDERS, IamRoleArn=ARCHIVE_ROLE)


@pytest.mark.parametrize(
    "selection",
    [
        {"ListOfTags": [tag("backup", "yes")]},
        {"Resources": ["*"], "Conditions": {"StringEquals": [{"ConditionKey": "aws:ResourceTag/backup", "ConditionValue": "yes"}]}},
    ],
)
def test_b82_a_selection_by_tags_needs_tag_get_resources(aws: Aws, selection: dict) -> None:
    plan = aws.plan(rule())
    aws.world.without(ROLE, "tag:GetResources")
    with pytest.raises(Exception, match=f"IAM Role {ROLE} is not authorized to call tag:GetResources"):
        aws.select(plan, **selection)
    with refused(INVALID, "B-82"):
        aws.select(plan, **selection)


def test_b82_a_selection_by_arn_needs_no_permission(aws: Aws) -> None:
    plan = aws.plan(rule())
    aws.world.without(ROLE, "tag:GetResources")
    assert aws.select(plan, ORDERS)


@pytest.mark.parametrize(
    "selection",
    [
        {},
        {"Resources": [], "ListOfTags": []},
        {"NotResources": [ORDERS]},
        {"Conditions": {"StringEquals": [{"ConditionKey": "aws:ResourceTag/backup", "ConditionValue": "yes"}]}},
    ],
)
def test_b83_a_selection_without_resources_and_tags_is_refused(aws: Aws, selection: dict) -> None:
    plan = aws.plan(rule())
    with refused(INVALID, "B-83"):
        aws.select(plan, **selection)


def test_b92_a_plan_has_at_most_100_selections(aws: Aws) -> None:
    plan = aws.plan(rule())
    for number in range(100):
        aws.select(plan, ORDERS, SelectionName=f"selection-{number}")
    with refused(LIMIT, "B-92"):
        aws.select(plan, ORDERS, SelectionName="one-more")


def conditions(count: int) -> dict:
    return {"StringEquals": [{"ConditionKey": f"aws:ResourceTag/k{number}", "ConditionValue": "x"} for number in range(count)]}


@pytest.mark.parametrize(
    ("most", "too_many"),
    [
        ({"Resources": [table_arn(f"t{n}") for n in range(500)]}, {"Resources": [table_arn(f"t{n}") for n in range(501)]}),
        ({"Resources": [table_arn(f"t{n}*") for n in range(30)]}, {"Resources": [table_arn(f"t{n}*") for n in range(31)]}),
        ({"Resources": ["*"], "Conditions": conditions(30)}, {"Resources": ["*"], "Conditions": conditions(31)}),
    ],
    ids=["ARNs", "ARNs with wildcards", "conditions"],
)
def test_b93_a_selection_has_bounds(aws: Aws, most: dict, too_many: dict) -> None:
    plan = aws.plan(rule())
    assert aws.select(plan, **most)
    with refused(INVALID, "B-93"):
        aws.select(plan, **too_many)


def test_b94_two_selections_may_have_the_same_name(aws: Aws) -> None:
    plan = aws.plan(rule())
    assert aws.select(plan, ORDERS) != aws.select(plan, ORDERS)


def test_b94_a_retry_returns_the_selection_that_is_there(aws: Aws) -> None:
    plan = aws.plan(rule())
    selection = {"SelectionName": "tables", "IamRoleArn": ROLE, "Resources": [ORDERS]}
    given = {"BackupPlanId": plan, "BackupSelection": selection, "CreatorRequestId": "r-1"}
    first = aws.call("CreateBackupSelection", **given)
    assert aws.call("CreateBackupSelection", **given)["SelectionId"] == first["SelectionId"]
    assert len(aws.call("ListBackupSelections", BackupPlanId=plan)["BackupSelectionsList"]) == 1
