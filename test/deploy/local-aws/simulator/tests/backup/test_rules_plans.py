"""The statements about backup plans (B-50 to B-52, B-66 to B-73)."""

from __future__ import annotations

import pytest
from rules_aws import EXISTS, INVALID, INVALID_REQUEST, IRELAND, LIMIT, NOT_FOUND, Aws, refused, rule, table_arn, utc
from rules_plans import got, refused_rule, update

ORDERS = table_arn("orders")
NAMES = ["", "a" * 51, "with space", "with/slash"]


@pytest.mark.parametrize("name", NAMES)
def test_b50_a_name_of_a_plan_that_is_not_possible_is_refused(aws: Aws, name: str) -> None:
    with refused(INVALID, "B-50"):
        aws.plan(rule(), name=name)


@pytest.mark.parametrize("name", NAMES)
def test_b50_a_name_of_a_rule_that_is_not_possible_is_refused(aws: Aws, name: str) -> None:
    refused_rule(aws, INVALID, "B-50", name=name)


@pytest.mark.parametrize("name", ["a", "a" * 50, "With-all_of.1"])
def test_b50_names_at_the_bounds_are_possible(aws: Aws, name: str) -> None:
    assert got(aws, aws.plan(rule(name), name=name))["BackupPlan"]["BackupPlanName"] == name


def test_b51_rules_with_the_same_name_are_refused(aws: Aws) -> None:
    with refused(INVALID, "B-51"):
        aws.plan(rule("daily"), rule("daily", schedule="cron(0 12 ? * * *)"))


def test_b51_names_of_rules_are_case_sensitive(aws: Aws) -> None:
    assert aws.plan(rule("daily"), rule("Daily", schedule="cron(0 12 ? * * *)"))


def test_b52_a_plan_without_a_rule_is_refused(aws: Aws) -> None:
    with refused(INVALID, "B-52"):
        aws.plan()


def hourly(count: int) -> list[dict]:
    return [rule(f"rule-{number}", schedule=f"cron(0 {number} ? * * *)") for number in range(count)]


def test_b52_a_plan_has_at_most_10_rules(aws: Aws) -> None:
    assert aws.plan(*hourly(10))
    with refused(LIMIT, "B-52"):
        aws.plan(*hourly(11), name="more")


def test_b66_the_same_document_again_is_refused(aws: Aws) -> None:
    aws.plan(rule())
    with refused(EXISTS, "B-66"):
        aws.plan(rule())


def test_b66_a_retry_returns_the_plan_that_is_there(aws: Aws) -> None:
    first = aws.plan(rule(), CreatorRequestId="r-1")
    assert aws.plan(rule(), CreatorRequestId="r-1") == first
    assert len(aws.call("ListBackupPlans")["BackupPlansList"]) == 1


def test_b66_the_same_document_is_possible_in_another_region(aws: Aws) -> None:
    aws.plan(rule())
    assert aws.call("CreateBackupPlan", region=IRELAND, BackupPlan={"BackupPlanName": "plan", "Rules": [rule()]})


def test_b67_an_update_replaces_the_document(aws: Aws) -> None:
    plan = aws.plan(rule("first"), rule("second", schedule="cron(0 12 ? * * *)"))
    update(aws, plan, rule("third"), name="renamed")
    document = got(aws, plan)["BackupPlan"]
    assert document["BackupPlanName"] == "renamed"
    assert [entry["RuleName"] for entry in document["Rules"]] == ["third"]


def test_b67_earlier_versions_can_be_read(aws: Aws) -> None:
    plan = aws.plan(rule("first"))
    first = got(aws, plan)["VersionId"]
    second = update(aws, plan, rule("second"))["VersionId"]
    assert first != second == got(aws, plan)["VersionId"]
    assert got(aws, plan, VersionId=first)["BackupPlan"]["Rules"][0]["RuleName"] == "first"
    versions = aws.call("ListBackupPlanVersions", BackupPlanId=plan)["BackupPlanVersionsList"]
    assert {version["VersionId"] for version in versions} == {first, second}


def test_b67_an_unknown_version_is_not_found(aws: Aws) -> None:
    with refused(NOT_FOUND, "B-2", "B-67"):
        got(aws, aws.plan(rule()), VersionId="nothing")


def test_b68_a_rule_keeps_its_id_in_an_update(aws: Aws) -> None:
    plan = aws.plan(rule("kept"), rule("dropped", schedule="cron(0 12 ? * * *)"))
    before = {entry["RuleName"]: entry["RuleId"] for entry in got(aws, plan)["BackupPlan"]["Rules"]}
    update(aws, plan, rule("new", schedule="cron(0 18 ? * * *)"), rule("kept", StartWindowMinutes=120))
    after = {entry["RuleName"]: entry["RuleId"] for entry in got(aws, plan)["BackupPlan"]["Rules"]}
    assert after["kept"] == before["kept"]
    assert after["new"] not in before.values()


def test_b69_an_update_changes_future_jobs_only(aws: Aws) -> None:
    plan = aws.plan(rule())
    aws.select(plan, ORDERS)
    aws.until("2026-03-02T07:00")
    update(aws, plan, rule(Lifecycle={"DeleteAfterDays": 7}))
    aws.until("2026-03-03T07:00")
    ends = {aws.point("local", arn)["Lifecycle"]["DeleteAfterDays"] for arn in aws.points("local")}
    assert ends == {35, 7}


def test_b69_a_job_that_was_created_before_an_update_keeps_its_lifecycle(aws: Aws) -> None:
    plan = aws.plan(rule())
    aws.select(plan, ORDERS)
    aws.until("2026-03-02T05:00")
    update(aws, plan, rule(Lifecycle={"DeleteAfterDays": 7}))
    aws.until("2026-03-02T07:00")
    (point,) = aws.points("local")
    assert aws.point("local", point)["Lifecycle"]["DeleteAfterDays"] == 35


def test_b70_a_plan_with_selections_can_not_be_deleted(aws: Aws) -> None:
    plan = aws.plan(rule())
    aws.select(plan, ORDERS)
    with pytest.raises(Exception, match="Related backup plan selections must be deleted prior to backup plan deletion"):
        aws.call("DeleteBackupPlan", BackupPlanId=plan)
    with refused(INVALID_REQUEST, "B-70"):
        aws.call("DeleteBackupPlan", BackupPlanId=plan)


def deleted(aws: Aws) -> str:
    plan = aws.plan(rule())
    aws.call("DeleteBackupPlan", BackupPlanId=plan)
    return plan


def test_b71_a_deleted_plan_is_listed_only_if_it_is_asked_for(aws: Aws) -> None:
    plan = deleted(aws)
    assert aws.call("ListBackupPlans")["BackupPlansList"] == []
    listed = aws.call("ListBackupPlans", IncludeDeleted=True)["BackupPlansList"]
    assert [entry["BackupPlanId"] for entry in listed] == [plan]


def test_b71_a_deleted_plan_can_be_read(aws: Aws) -> None:
    assert got(aws, deleted(aws))["DeletionDate"] == utc("2026-03-02T00:00")


def test_b71_a_deleted_plan_can_not_be_changed(aws: Aws) -> None:
    plan = deleted(aws)
    with refused(NOT_FOUND, "B-71", "B-2"):
        update(aws, plan, rule())
    with refused(NOT_FOUND, "B-71", "B-2"):
        aws.select(plan, ORDERS)


def test_b71_a_deleted_plan_runs_no_more(aws: Aws) -> None:
    plan = aws.plan(rule())
    selection = aws.select(plan, ORDERS)
    aws.until("2026-03-02T07:00")
    aws.call("DeleteBackupSelection", BackupPlanId=plan, SelectionId=selection)
    aws.call("DeleteBackupPlan", BackupPlanId=plan)
    aws.until("2026-03-05T00:00")
    assert len(aws.backup_jobs()) == 1


def test_b72_the_next_runs_of_all_rules_are_returned_in_order(aws: Aws) -> None:
    plan = aws.plan(rule("five"), rule("noon", schedule="cron(0 12 ? * * *)"))
    answer = got(aws, plan, MaxScheduledRunsPreview=3)
    ids = {entry["RuleName"]: entry["RuleId"] for entry in answer["BackupPlan"]["Rules"]}
    runs = [(run["ExecutionTime"], run["RuleId"], run["RuleExecutionType"]) for run in answer["ScheduledRunsPreview"]]
    assert runs == [
        (utc("2026-03-02T05:00"), ids["five"], "SNAPSHOTS"),
        (utc("2026-03-02T12:00"), ids["noon"], "SNAPSHOTS"),
        (utc("2026-03-03T05:00"), ids["five"], "SNAPSHOTS"),
    ]


def test_b72_more_than_10_runs_are_refused(aws: Aws) -> None:
    plan = aws.plan(rule())
    assert len(got(aws, plan, MaxScheduledRunsPreview=10)["ScheduledRunsPreview"]) == 10
    with refused(INVALID, "B-72"):
        got(aws, plan, MaxScheduledRunsPreview=11)


def test_b73_an_account_has_300_plans_in_a_region(aws: Aws) -> None:
    for number in range(300):
        aws.plan(rule(), name=f"plan-{number}")
    with refused(LIMIT, "B-73"):
        aws.plan(rule(), name="one-more")
