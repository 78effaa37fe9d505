"""The statements about backup plans (B-50 to B-74)."""

from __future__ import annotations

from typing import Any

import pytest
from rules_aws import (
    EXISTS,
    INVALID,
    INVALID_REQUEST,
    IRELAND,
    LIMIT,
    NOT_FOUND,
    Aws,
    refused,
    rule,
    table_arn,
    utc,
    vault_arn,
)

ORDERS = table_arn("orders")
COPY = {"DestinationBackupVaultArn": vault_arn("remote", region=IRELAND)}


def got(aws: Aws, plan: str, **more: Any) -> Any:
    return aws.call("GetBackupPlan", BackupPlanId=plan, **more)


def update(aws: Aws, plan: str, *rules: dict, name: str = "plan") -> Any:
    return aws.call("UpdateBackupPlan", BackupPlanId=plan, BackupPlan={"BackupPlanName": name, "Rules": list(rules)})


def refused_rule(aws: Aws, code: str, statement: str, **members: Any) -> None:
    """A plan with the rule is refused, and so is an update to it."""
    with refused(code, statement):
        aws.plan(rule(**members))
    plan = aws.plan(rule("other"), name="another")
    with refused(code, statement):
        update(aws, plan, rule(**members), name="another")


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


def test_b53_a_rule_has_at_most_5_copy_actions(aws: Aws) -> None:
    actions = [{"DestinationBackupVaultArn": vault_arn(f"vault-{number}")} for number in range(6)]
    assert aws.plan(rule(CopyActions=actions[:5]))
    refused_rule(aws, LIMIT, "B-53", CopyActions=actions)


def test_b54_the_target_of_a_rule_need_not_exist(aws: Aws) -> None:
    assert aws.plan(rule(vault="nothing"))


@pytest.mark.parametrize("vault", ["a", "with space", "a" * 51])
def test_b54_the_target_of_a_rule_is_a_name_of_a_vault(aws: Aws, vault: str) -> None:
    with refused(INVALID, "B-54", "B-10"):
        aws.plan(rule(vault=vault))


@pytest.mark.parametrize("arn", ["remote", "arn:aws:backup:eu-west-1:222222222222:backup-plan:remote", "arn:aws:backup:eu-west-1::backup-vault:ab"])
def test_b55_a_destination_that_is_no_vault_is_refused(aws: Aws, arn: str) -> None:
    refused_rule(aws, INVALID, "B-55", CopyActions=[{"DestinationBackupVaultArn": arn}])


@pytest.mark.parametrize("arn", [vault_arn("nothing"), "arn:aws-cn:backup:cn-north-1:222222222222:backup-vault:remote"])
def test_b55_a_destination_need_not_exist(aws: Aws, arn: str) -> None:
    assert aws.plan(rule(CopyActions=[{"DestinationBackupVaultArn": arn}]))


def test_b56_less_than_90_days_in_cold_storage_are_refused(aws: Aws) -> None:
    lifecycle = {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 119}
    refused_rule(aws, INVALID, "B-56", Lifecycle=lifecycle)
    refused_rule(Aws(), INVALID, "B-56", CopyActions=[{**COPY, "Lifecycle": lifecycle}])


def test_b56_90_days_in_cold_storage_are_possible(aws: Aws) -> None:
    assert aws.plan(rule(Lifecycle={"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 120}))


@pytest.mark.parametrize("member", ["DeleteAfterDays", "MoveToColdStorageAfterDays"])
@pytest.mark.parametrize("days", [0, -2, 36501])
def test_b57_days_outside_of_their_bounds_are_refused(aws: Aws, member: str, days: int) -> None:
    refused_rule(aws, INVALID, "B-57", Lifecycle={member: days})
    refused_rule(Aws(), INVALID, "B-57", CopyActions=[{**COPY, "Lifecycle": {member: days}}])


@pytest.mark.parametrize("lifecycle", [{"DeleteAfterDays": 1}, {"DeleteAfterDays": 36500}, {"DeleteAfterDays": -1}])
def test_b57_days_at_their_bounds_are_possible(aws: Aws, lifecycle: dict) -> None:
    assert aws.plan(rule(Lifecycle=lifecycle))


@pytest.mark.parametrize("lifecycle", [{"MoveToColdStorageAfterDays": 36500}, {"MoveToColdStorageAfterDays": 400, "DeleteAfterDays": -1}])
def test_b58_without_an_end_any_transition_is_possible(aws: Aws, lifecycle: dict) -> None:
    assert aws.plan(rule(Lifecycle=lifecycle))


@pytest.mark.parametrize("lifecycle", [{}, {"DeleteAfterDays": -1}])
def test_b58_without_an_end_a_point_is_kept(aws: Aws, lifecycle: dict) -> None:
    point = aws.back_up(ORDERS, Lifecycle=lifecycle)
    assert "DeleteAt" not in aws.point("local", point).get("CalculatedLifecycle", {})


@pytest.mark.parametrize("minutes", [0, 59, 52560001])
def test_b59_a_start_window_outside_of_its_bounds_is_refused(aws: Aws, minutes: int) -> None:
    refused_rule(aws, INVALID, "B-59", StartWindowMinutes=minutes)


@pytest.mark.parametrize("minutes", [60, 52560000])
def test_b59_a_start_window_at_its_bounds_is_possible(aws: Aws, minutes: int) -> None:
    assert aws.plan(rule(StartWindowMinutes=minutes))


def test_b59_the_start_window_is_8_hours_by_default(aws: Aws) -> None:
    members = rule()
    del members["StartWindowMinutes"]
    aws.select(aws.plan(members), ORDERS)
    aws.until("2026-03-02T05:00")
    (job,) = aws.backup_jobs()
    assert job["StartBy"] == utc("2026-03-02T13:00")


@pytest.mark.parametrize("minutes", [0, -1, 52560001])
def test_b60_a_completion_window_outside_of_its_bounds_is_refused(aws: Aws, minutes: int) -> None:
    refused_rule(aws, INVALID, "B-60", CompletionWindowMinutes=minutes)


@pytest.mark.parametrize("minutes", [1, 52560000])
def test_b60_a_completion_window_at_its_bounds_is_possible(aws: Aws, minutes: int) -> None:
    assert aws.plan(rule(CompletionWindowMinutes=minutes))


def test_b60_the_completion_window_is_7_days_by_default(aws: Aws) -> None:
    aws.backup.assumptions.seconds_to_back_up = 30 * 86400
    aws.backup.assumptions.seconds_until_backup_starts = 0
    aws.select(aws.plan(rule(schedule="cron(0 5 2 * ? *)")), ORDERS)
    aws.until("2026-03-20T00:00")
    (job,) = aws.backup_jobs()
    assert (job["State"], job["CompletionDate"]) == ("EXPIRED", utc("2026-03-09T05:00"))


@pytest.mark.parametrize(
    "schedule",
    ["rate(1 day)", "0 5 ? * * *", "cron(0 5 ? * *)", "cron(0 5 ? * * * *)", "at(2026-03-02T05:00:00)", "cron()", "daily"],
)
def test_b61_what_is_no_cron_expression_of_six_fields_is_refused(aws: Aws, schedule: str) -> None:
    refused_rule(aws, INVALID, "B-61", schedule=schedule)


def test_b61_a_rule_without_a_schedule_runs_at_five(aws: Aws) -> None:
    members = rule()
    del members["ScheduleExpression"]
    plan = aws.plan(members)
    assert got(aws, plan)["BackupPlan"]["Rules"][0]["ScheduleExpression"] == "cron(0 5 ? * * *)"
    aws.select(plan, ORDERS)
    aws.until("2026-03-04T00:00")
    assert [job["CreationDate"] for job in aws.backup_jobs()] == [utc("2026-03-02T05:00"), utc("2026-03-03T05:00")]


@pytest.mark.parametrize("minutes", ["*", "0,30", "0/15", "0-5", "*/10"])
def test_b62_a_schedule_with_more_than_one_minute_is_refused(aws: Aws, minutes: str) -> None:
    refused_rule(aws, INVALID, "B-62", schedule=f"cron({minutes} 5 ? * * *)")


def test_b62_an_hourly_schedule_is_possible(aws: Aws) -> None:
    assert aws.plan(rule(schedule="cron(30 * ? * * *)"))


@pytest.mark.parametrize("zone", ["Mars/Olympus", "Europe/Londonn", "GMT+25"])
def test_b63_an_unknown_time_zone_is_refused(aws: Aws, zone: str) -> None:
    refused_rule(aws, INVALID, "B-63", ScheduleExpressionTimezone=zone)


def test_b63_a_rule_runs_in_its_time_zone(aws: Aws) -> None:
    aws.select(aws.plan(rule(ScheduleExpressionTimezone="America/New_York")), ORDERS)
    aws.until("2026-03-03T00:00")
    assert [job["CreationDate"] for job in aws.backup_jobs()] == [utc("2026-03-02T10:00")]


def test_b63_a_rule_without_a_time_zone_runs_in_utc(aws: Aws) -> None:
    plan = aws.plan(rule())
    assert got(aws, plan)["BackupPlan"]["Rules"][0].get("ScheduleExpressionTimezone", "Etc/UTC") == "Etc/UTC"
    aws.select(plan, ORDERS)
    aws.until("2026-07-01T00:00")
    assert aws.backup_jobs()[-1]["CreationDate"] == utc("2026-06-30T05:00")


@pytest.mark.parametrize("lifecycle", [{}, {"DeleteAfterDays": 36}, {"DeleteAfterDays": -1}])
def test_b64_a_continuous_backup_is_kept_for_at_most_35_days(aws: Aws, lifecycle: dict) -> None:
    refused_rule(aws, INVALID, "B-64", EnableContinuousBackup=True, Lifecycle=lifecycle)


def test_b64_a_continuous_backup_does_not_move_to_cold_storage(aws: Aws) -> None:
    with refused(INVALID, "B-64", "B-56"):
        aws.plan(rule(EnableContinuousBackup=True, Lifecycle={"MoveToColdStorageAfterDays": 1, "DeleteAfterDays": 35}))


@pytest.mark.parametrize("days", [1, 35])
def test_b64_a_continuous_backup_with_1_to_35_days_is_possible(aws: Aws, days: int) -> None:
    assert aws.plan(rule(EnableContinuousBackup=True, Lifecycle={"DeleteAfterDays": days}))


def test_b65_a_rule_has_at_most_10_tags(aws: Aws) -> None:
    tags = {f"tag-{number}": "x" for number in range(11)}
    refused_rule(aws, LIMIT, "B-65", RecoveryPointTags=tags)
    del tags["tag-10"]
    assert aws.plan(rule(RecoveryPointTags=tags))


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


@pytest.mark.parametrize(
    "actions",
    [[{"ResourceTypes": ["S3"]}, {"ResourceTypes": ["EBS"]}], [{"ResourceTypes": ["DynamoDB"]}]],
    ids=["two entries", "a type that is not indexed"],
)
def test_b74_index_actions_that_are_not_possible_are_refused(aws: Aws, actions: list) -> None:
    refused_rule(aws, INVALID, "B-74", IndexActions=actions)


@pytest.mark.parametrize("kind", ["S3", "EBS"])
def test_b74_s3_and_ebs_are_indexed(aws: Aws, kind: str) -> None:
    assert aws.plan(rule(IndexActions=[{"ResourceTypes": [kind]}]))
