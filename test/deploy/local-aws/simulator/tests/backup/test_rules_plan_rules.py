"""The statements about the rules of a plan (B-53 to B-65, B-74)."""

from __future__ import annotations

import pytest
from backup.errors import NotSimulated
from rules_aws import INVALID, IRELAND, LIMIT, Aws, refused, rule, table_arn, utc, vault_arn
from rules_plans import got, refused_rule

ORDERS = table_arn("orders")
COPY = {"DestinationBackupVaultArn": vault_arn("remote", region=IRELAND)}


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


def test_b401_a_rule_for_an_air_gapped_vault_is_not_simulated(aws: Aws) -> None:
    arn = "arn:aws:backup:eu-west-2:222222222222:backup-vault:gapped"
    with pytest.raises(NotSimulated):
        aws.plan(rule(TargetLogicallyAirGappedBackupVaultArn=arn))
