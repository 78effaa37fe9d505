"""The statements about what a selection selects (B-84 to B-91, B-95)."""

from __future__ import annotations

from typing import Any

import pytest
from backup.world import Resource
from rules_aws import INVALID, ROLE, WORKLOAD, Aws, refused, rule, table_arn

ORDERS = table_arn("orders")
ALL_TABLES = "arn:aws:dynamodb:*:*:table/*"


def tag(key: str, value: str) -> dict[str, str]:
    return {"ConditionType": "STRINGEQUALS", "ConditionKey": key, "ConditionValue": value}


@pytest.fixture
def shop(aws: Aws) -> Aws:
    """Four tables, three with tags, and the account opted in to DynamoDB."""
    aws.table("orders", tags={"backup": "yes", "stage": "prod"})
    aws.table("users", tags={"backup": "yes", "stage": "test"})
    aws.table("logs", tags={"backup": "no"})
    aws.table("plain")
    aws.call("UpdateRegionSettings", ResourceTypeOptInPreference={"DynamoDB": True})
    return aws


def selected(aws: Aws, *resources: str, **more: Any) -> list[str]:
    """Names of what a selection backs up at the first run."""
    aws.select(aws.plan(rule()), *resources, **more)
    aws.until("2026-03-02T07:00")
    return sorted(job["ResourceArn"].split("/")[-1] for job in aws.backup_jobs())


def test_b84_any_entry_of_resources_selects(shop: Aws) -> None:
    assert selected(shop, ORDERS, table_arn("plain")) == ["orders", "plain"]


def test_b84_any_tag_selects(shop: Aws) -> None:
    assert selected(shop, ListOfTags=[tag("stage", "prod"), tag("backup", "no")]) == ["logs", "orders"]


def test_b84_resources_or_tags_select(shop: Aws) -> None:
    assert selected(shop, table_arn("plain"), ListOfTags=[tag("stage", "prod")]) == ["orders", "plain"]


def test_b84_all_conditions_have_to_be_met(shop: Aws) -> None:
    conditions = {
        "StringEquals": [
            {"ConditionKey": "aws:ResourceTag/backup", "ConditionValue": "yes"},
            {"ConditionKey": "aws:ResourceTag/stage", "ConditionValue": "prod"},
        ]
    }
    assert selected(shop, ALL_TABLES, Conditions=conditions) == ["orders"]


def test_b84_conditions_hold_for_what_tags_select(shop: Aws) -> None:
    conditions = {"StringEquals": [{"ConditionKey": "aws:ResourceTag/stage", "ConditionValue": "prod"}]}
    assert selected(shop, ListOfTags=[tag("backup", "yes")], Conditions=conditions) == ["orders"]


def test_b84_not_resources_exclude(shop: Aws) -> None:
    assert selected(shop, ALL_TABLES, NotResources=[ORDERS, table_arn("logs")]) == ["plain", "users"]


def test_b84_not_resources_exclude_what_tags_select(shop: Aws) -> None:
    assert selected(shop, ListOfTags=[tag("backup", "yes")], NotResources=[ORDERS]) == ["users"]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*", ["logs", "orders", "plain", "users"]),
        ("arn:aws:dynamodb:*:*:table/o*", ["orders"]),
        ("arn:aws:dynamodb:*:*:table/*s", ["logs", "orders", "users"]),
        ("arn:aws:*:eu-west-2:*:table/pl*n", ["plain"]),
        ("arn:aws:dynamodb:eu-west-1:*:table/*", []),
        ("arn:aws:s3:::*", []),
        ("arn:aws:dynamodb:eu-west-2:222222222222:table/ORDERS", []),
    ],
)
def test_b85_a_star_stands_for_any_characters(shop: Aws, pattern: str, names: list[str]) -> None:
    assert selected(shop, pattern) == names


def test_b86_values_of_tags_are_compared_as_a_whole(shop: Aws) -> None:
    assert selected(shop, ListOfTags=[tag("backup", "y*"), tag("backup", "YES"), tag("stage", "tes")]) == []


def test_b86_another_condition_type_is_refused(shop: Aws) -> None:
    plan = shop.plan(rule())
    with refused(INVALID, "B-86", "B-6"):
        shop.select(plan, ListOfTags=[{**tag("backup", "yes"), "ConditionType": "STRINGLIKE"}])


@pytest.mark.parametrize("key", ["backup", "aws:RequestTag/backup", "aws:PrincipalTag/backup", "ec2:ResourceTag/backup"])
def test_b87_another_condition_key_is_refused(shop: Aws, key: str) -> None:
    plan = shop.plan(rule())
    with refused(INVALID, "B-87"):
        shop.select(plan, ALL_TABLES, Conditions={"StringEquals": [{"ConditionKey": key, "ConditionValue": "yes"}]})


@pytest.mark.parametrize(
    ("operator", "value", "names"),
    [
        ("StringEquals", "yes", ["orders", "users"]),
        ("StringEquals", "YES", []),
        ("StringEquals", "y*", []),
        ("StringLike", "y*", ["orders", "users"]),
        ("StringLike", "*", ["logs", "orders", "users"]),
        ("StringLike", "Y*", []),
        ("StringNotEquals", "yes", ["logs", "plain"]),
        ("StringNotLike", "y*", ["logs", "plain"]),
        ("StringNotLike", "*", ["plain"]),
    ],
)
def test_b87_b88_conditions_select_by_a_tag(shop: Aws, operator: str, value: str, names: list[str]) -> None:
    condition = {operator: [{"ConditionKey": "aws:ResourceTag/backup", "ConditionValue": value}]}
    assert selected(shop, ALL_TABLES, Conditions=condition) == names


def test_b89_a_resource_that_came_after_the_selection_is_backed_up(shop: Aws) -> None:
    shop.select(shop.plan(rule()), ListOfTags=[tag("stage", "prod")])
    shop.table("late", tags={"stage": "prod"})
    shop.until("2026-03-02T07:00")
    assert sorted(job["ResourceArn"] for job in shop.backup_jobs()) == [table_arn("late"), ORDERS]


def test_b89_a_resource_that_lost_its_tag_is_not_backed_up(shop: Aws) -> None:
    shop.select(shop.plan(rule()), ListOfTags=[tag("stage", "prod")])
    shop.table("orders")
    shop.until("2026-03-02T07:00")
    assert shop.backup_jobs() == []


@pytest.mark.parametrize(
    ("selection", "names"),
    [
        ({"ListOfTags": [tag("stage", "prod")]}, []),
        ({"Resources": ["*"]}, []),
        ({"Resources": ["arn:aws:dynamodb:*"]}, []),
        ({"Resources": [ALL_TABLES]}, ["logs", "orders", "plain", "users"]),
        ({"Resources": [ORDERS]}, ["orders"]),
    ],
    ids=["tags", "everything", "service", "type", "table"],
)
def test_b90_without_the_preference_only_arns_that_name_the_type_select(shop: Aws, selection: dict, names: list[str]) -> None:
    shop.call("UpdateRegionSettings", ResourceTypeOptInPreference={"DynamoDB": False})
    assert selected(shop, **selection) == names


@pytest.mark.parametrize(("preference", "names"), [(True, ["arn:aws:rds:eu-west-2:222222222222:cluster:main"]), (False, [])])
def test_b90_for_aurora_the_preference_counts_also_with_the_type_in_the_arn(aws: Aws, preference: bool, names: list[str]) -> None:
    arn = "arn:aws:rds:eu-west-2:222222222222:cluster:main"
    aws.world.tables[arn] = Resource(arn, "Aurora")
    aws.call("UpdateRegionSettings", ResourceTypeOptInPreference={"Aurora": preference})
    assert selected(aws, "arn:aws:rds:*:*:cluster:*") == names


def test_b91_two_selections_of_a_resource_give_one_job_with_the_role_of_the_first(aws: Aws) -> None:
    other = f"arn:aws:iam::{WORKLOAD}:role/other"
    aws.world.trusts[other] = aws.world.trusts[ROLE]
    plan = aws.plan(rule())
    aws.select(plan, ORDERS, SelectionName="zzz", IamRoleArn=other)
    aws.select(plan, ALL_TABLES, SelectionName="aaa")
    aws.until("2026-03-02T07:00")
    (job,) = aws.backup_jobs()
    assert job["IamRoleArn"] == other


def test_b91_each_rule_that_is_due_gives_a_job(aws: Aws) -> None:
    aws.select(aws.plan(rule("five"), rule("noon", schedule="cron(0 12 ? * * *)")), ORDERS)
    aws.until("2026-03-03T00:00")
    assert len(aws.backup_jobs()) == 2


def conditions(count: int) -> dict:
    return {"StringEquals": [{"ConditionKey": f"aws:ResourceTag/k{number}", "ConditionValue": "x"} for number in range(count)]}


def test_b95_what_a_restore_test_made_is_never_selected(shop: Aws) -> None:
    shop.table("awsbackup-restore-test-1", tags={"backup": "yes"})
    assert selected(shop, ALL_TABLES, ListOfTags=[tag("backup", "yes")]) == ["logs", "orders", "plain", "users"]


def test_a_deleted_selection_selects_no_more(aws: Aws) -> None:
    plan = aws.plan(rule())
    selection = aws.select(plan, ORDERS)
    aws.until("2026-03-02T07:00")
    aws.call("DeleteBackupSelection", BackupPlanId=plan, SelectionId=selection)
    aws.until("2026-03-04T07:00")
    assert len(aws.backup_jobs()) == 1
