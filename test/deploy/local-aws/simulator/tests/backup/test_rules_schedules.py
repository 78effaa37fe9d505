"""The statements about schedules and start windows (B-100 to B-112), as a plan shows them."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from rules_aws import INVALID, IRELAND, Aws, refused, rule, table_arn, utc, vault_arn

ORDERS = table_arn("orders")


def runs(aws: Aws, schedule: str, count: int, zone: str | None = None) -> list[str]:
    """The next runs of a schedule as AWS Backup previews them, in UTC."""
    more = {"ScheduleExpressionTimezone": zone} if zone else {}
    plan = aws.plan(rule(schedule=f"cron({schedule})", **more), name=f"plan-{aws.clock.now()}")
    preview = aws.call("GetBackupPlan", BackupPlanId=plan, MaxScheduledRunsPreview=count)["ScheduledRunsPreview"]
    return [datetime.fromtimestamp(run["ExecutionTime"], timezone.utc).strftime("%Y-%m-%dT%H:%M") for run in preview]


def job_times(aws: Aws) -> list[float]:
    return [job["CreationDate"] for job in aws.backup_jobs()]


def starts(aws: Aws, name: str, plan: str) -> list[str]:
    """The times of the jobs of a rule, as text."""
    rules = aws.call("GetBackupPlan", BackupPlanId=plan)["BackupPlan"]["Rules"]
    (rule_id,) = [entry["RuleId"] for entry in rules if entry["RuleName"] == name]
    times = [job["CreationDate"] for job in aws.backup_jobs() if job["CreatedBy"]["BackupRuleId"] == rule_id]
    return [datetime.fromtimestamp(moment, timezone.utc).strftime("%dT%H:%M") for moment in times]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("0 5 ? * * *", ["2026-03-02T05:00", "2026-03-03T05:00"]),
        ("30 8-10 ? * * *", ["2026-03-02T08:30", "2026-03-02T09:30", "2026-03-02T10:30", "2026-03-03T08:30"]),
        ("0 0/6 ? * * *", ["2026-03-02T06:00", "2026-03-02T12:00", "2026-03-02T18:00", "2026-03-03T00:00"]),
        ("0 20/1 ? * * *", ["2026-03-02T20:00", "2026-03-02T21:00", "2026-03-02T22:00", "2026-03-02T23:00", "2026-03-03T20:00"]),
        ("0 5,17 ? * * *", ["2026-03-02T05:00", "2026-03-02T17:00", "2026-03-03T05:00"]),
        ("0 5 ? * 1 *", ["2026-03-08T05:00", "2026-03-15T05:00"]),
        ("0 5 ? * SUN *", ["2026-03-08T05:00", "2026-03-15T05:00"]),
        ("0 5 ? * 7 *", ["2026-03-07T05:00", "2026-03-14T05:00"]),
        ("0 5 ? * MON-FRI *", [f"2026-03-{day:02}T05:00" for day in (2, 3, 4, 5, 6, 9)]),
        ("0 5 1 * ? *", ["2026-04-01T05:00", "2026-05-01T05:00"]),
        ("0 5 1 JAN,JUL ? *", ["2026-07-01T05:00", "2027-01-01T05:00"]),
        ("0 5 1 1/3 ? *", ["2026-04-01T05:00", "2026-07-01T05:00", "2026-10-01T05:00"]),
        ("0 5 31 * ? *", ["2026-03-31T05:00", "2026-05-31T05:00"]),
        ("0 5 29 2 ? *", ["2028-02-29T05:00", "2032-02-29T05:00"]),
        ("0 5 1 1 ? 2030-2031", ["2030-01-01T05:00", "2031-01-01T05:00"]),
    ],
)
def test_b100_values_lists_ranges_and_steps(aws: Aws, schedule: str, expected: list[str]) -> None:
    assert runs(aws, schedule, len(expected)) == expected


@pytest.mark.parametrize(
    "schedule",
    [
        "60 5 ? * * *",
        "0 24 ? * * *",
        "0 10-8 ? * * *",
        "0 8- ? * * *",
        "0 0/0 ? * * *",
        "0 5 0 * ? *",
        "0 5 32 * ? *",
        "0 5 1 0 ? *",
        "0 5 1 13 ? *",
        "0 5 ? * 0 *",
        "0 5 ? * 8 *",
        "0 5 ? * MONDAY *",
        "0 5 1 1 ? 1969",
        "0 5 1 1 ? 2200",
    ],
)
def test_b100_values_outside_of_their_range_are_refused(aws: Aws, schedule: str) -> None:
    with refused(INVALID, "B-100", "B-61"):
        aws.plan(rule(schedule=f"cron({schedule})"))


@pytest.mark.parametrize("schedule", ["0 5 * * * *", "0 5 ? * ? *", "0 5 1 * MON *", "0 5 1 * * *"])
def test_b101_one_of_day_of_month_and_day_of_week_is_a_question_mark(aws: Aws, schedule: str) -> None:
    with refused(INVALID, "B-101"):
        aws.plan(rule(schedule=f"cron({schedule})"))


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("0 5 L * ? *", ["2026-03-31T05:00", "2026-04-30T05:00", "2026-05-31T05:00"]),
        ("0 5 L 2 ? *", ["2027-02-28T05:00", "2028-02-29T05:00"]),
        ("0 5 ? * 6L *", ["2026-03-27T05:00", "2026-04-24T05:00"]),
        ("0 5 ? * FRIL *", ["2026-03-27T05:00", "2026-04-24T05:00"]),
        ("0 5 ? * 3L *", ["2026-03-31T05:00", "2026-04-28T05:00", "2026-05-26T05:00"]),
        ("0 5 ? * L *", ["2026-03-07T05:00", "2026-03-14T05:00"]),
    ],
)
def test_b102_l_is_the_last_day(aws: Aws, schedule: str, expected: list[str]) -> None:
    assert runs(aws, schedule, len(expected)) == expected


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("0 5 15W * ? *", ["2026-03-16T05:00", "2026-04-15T05:00", "2026-05-15T05:00"]),
        ("0 5 1W 8 ? *", ["2026-08-03T05:00", "2027-08-02T05:00"]),
        ("0 5 14W * ? *", ["2026-03-13T05:00", "2026-04-14T05:00"]),
        ("0 5 31W 5 ? *", ["2026-05-29T05:00"]),
    ],
)
def test_b103_w_is_the_nearest_weekday_within_the_month(aws: Aws, schedule: str, expected: list[str]) -> None:
    assert runs(aws, schedule, len(expected)) == expected


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("0 5 ? * 3#2 *", ["2026-03-10T05:00", "2026-04-14T05:00"]),
        ("0 5 ? * SUN#1 *", ["2026-04-05T05:00", "2026-05-03T05:00"]),
        ("0 5 ? * 2#5 *", ["2026-03-30T05:00", "2026-06-29T05:00"]),
    ],
)
def test_b104_a_number_sign_is_the_nth_occurrence(aws: Aws, schedule: str, expected: list[str]) -> None:
    aws.until("2026-03-02T06:00")
    assert runs(aws, schedule, len(expected)) == expected


def test_b105_the_fields_are_local_time_in_summer_and_winter(aws: Aws) -> None:
    aws.until("2026-03-28T00:00")
    expected = ["2026-03-28T05:00", "2026-03-29T04:00", "2026-03-30T04:00"]
    assert runs(aws, "0 5 ? * * *", 3, "Europe/London") == expected


def test_b105_a_time_that_is_skipped_does_not_run_on_that_day(aws: Aws) -> None:
    aws.until("2026-03-28T00:00")
    expected = ["2026-03-28T01:30", "2026-03-30T00:30"]
    assert runs(aws, "30 1 ? * * *", 2, "Europe/London") == expected


def test_b105_a_time_that_comes_twice_runs_once(aws: Aws) -> None:
    aws.until("2026-10-24T12:00")
    first, second = runs(aws, "30 1 ? * * *", 2, "Europe/London")
    assert first in ("2026-10-25T00:30", "2026-10-25T01:30")
    assert second == "2026-10-26T01:30"


def test_b106_a_run_creates_a_job_for_each_resource_at_its_time(aws: Aws) -> None:
    users = aws.table("users")
    aws.select(aws.plan(rule(StartWindowMinutes=90)), ORDERS, users)
    aws.until("2026-03-02T05:00")
    jobs = aws.backup_jobs()
    assert {job["ResourceArn"] for job in jobs} == {ORDERS, users}
    assert {(job["State"], job["CreationDate"], job["StartBy"]) for job in jobs} == {
        ("CREATED", utc("2026-03-02T05:00"), utc("2026-03-02T06:30"))
    }


def two_rules(aws: Aws, first: dict[str, Any], second: dict[str, Any], until: str = "2026-03-03T00:00") -> tuple[list[str], list[str]]:
    """The times at which two rules of a plan ran."""
    plan = aws.plan(first, second)
    aws.select(plan, ORDERS)
    aws.until(until)
    return starts(aws, first["RuleName"], plan), starts(aws, second["RuleName"], plan)


def kept(days: int | None) -> dict[str, Any]:
    return {"Lifecycle": {} if days is None else {"DeleteAfterDays": days}}


def test_b107_of_rules_that_are_due_together_the_one_with_the_longer_retention_runs(aws: Aws) -> None:
    assert two_rules(aws, rule("short", **kept(7)), rule("long", **kept(35))) == ([], ["02T05:00"])


def test_b107_a_retention_without_an_end_is_the_longest(aws: Aws) -> None:
    assert two_rules(aws, rule("long", **kept(36500)), rule("endless", **kept(None))) == ([], ["02T05:00"])


def test_b107_a_run_that_begins_in_the_window_of_a_longer_one_is_suppressed(aws: Aws) -> None:
    long = rule("long", schedule="cron(0 5 ? * * *)", StartWindowMinutes=120, **kept(35))
    short = rule("short", schedule="cron(30 6 ? * * *)", **kept(7))
    assert two_rules(aws, long, short) == (["02T05:00"], [])


def test_b107_a_run_whose_window_reaches_into_a_later_longer_one_is_suppressed(aws: Aws) -> None:
    short = rule("short", schedule="cron(0 5 ? * * *)", StartWindowMinutes=120, **kept(7))
    long = rule("long", schedule="cron(30 6 ? * * *)", **kept(35))
    assert two_rules(aws, short, long) == ([], ["02T06:30"])


def test_b107_a_run_that_is_suppressed_itself_suppresses_nothing(aws: Aws) -> None:
    plan = aws.plan(
        rule("short", schedule="cron(0 4 ? * * *)", StartWindowMinutes=90, **kept(7)),
        rule("middle", schedule="cron(0 5 ? * * *)", StartWindowMinutes=90, **kept(35)),
        rule("long", schedule="cron(0 6 ? * * *)", StartWindowMinutes=90, **kept(365)),
    )
    aws.select(plan, ORDERS)
    aws.until("2026-03-03T00:00")
    assert [starts(aws, name, plan) for name in ("short", "middle", "long")] == [["02T04:00"], [], ["02T06:00"]]


def test_b107_runs_are_suppressed_only_on_days_on_which_both_are_due(aws: Aws) -> None:
    daily = rule("daily", **kept(35))
    weekly = rule("weekly", schedule="cron(0 5 ? * WED *)", **kept(365))
    ran, weekly_ran = two_rules(aws, daily, weekly, "2026-03-06T00:00")
    assert ran == ["02T05:00", "03T05:00", "05T05:00"]
    assert weekly_ran == ["04T05:00"]


def test_b108_a_window_does_not_include_its_end(aws: Aws) -> None:
    long = rule("long", schedule="cron(0 5 ? * * *)", StartWindowMinutes=60, **kept(35))
    short = rule("short", schedule="cron(0 6 ? * * *)", **kept(7))
    assert two_rules(aws, long, short) == (["02T05:00"], ["02T06:00"])


def test_b108_awss_example_of_an_hourly_and_a_12_hourly_rule_has_2_and_8_backups_in_24_hours(aws: Aws) -> None:
    hourly = rule("hourly", schedule="cron(0 * ? * * *)", StartWindowMinutes=60, **kept(1))
    twice = rule("twice", schedule="cron(0 0/12 ? * * *)", StartWindowMinutes=480, **kept(7))
    hourly_ran, twice_ran = two_rules(aws, hourly, twice, "2026-03-04T00:00")
    assert [moment for moment in twice_ran if moment.startswith("03")] == ["03T00:00", "03T12:00"]
    assert [moment for moment in hourly_ran if moment.startswith("03")] == [f"03T{hour:02}:00" for hour in (8, 9, 10, 11, 20, 21, 22, 23)]


@pytest.mark.parametrize(("minutes", "hours"), [(480, 16), (60, 23)])
def test_b108_an_hourly_rule_beside_a_daily_one_runs_outside_of_its_window(aws: Aws, minutes: int, hours: int) -> None:
    daily = rule("daily", schedule="cron(0 0 ? * * *)", StartWindowMinutes=minutes, **kept(365))
    hourly = rule("hourly", schedule="cron(0 * ? * * *)", StartWindowMinutes=60, **kept(7))
    daily_ran, hourly_ran = two_rules(aws, daily, hourly, "2026-03-04T00:00")
    second_day = [moment for moment in hourly_ran if moment.startswith("03")]
    assert "03T00:00" in daily_ran
    assert len(second_day) == hours
    assert second_day[0] == f"03T{minutes // 60:02}:00"


def test_b109_of_rules_with_equal_retention_that_are_due_together_the_first_runs(aws: Aws) -> None:
    assert two_rules(aws, rule("zzz", **kept(35)), rule("aaa", **kept(35))) == (["02T05:00"], [])


def test_b109_rules_with_equal_retention_that_are_due_at_different_times_both_run(aws: Aws) -> None:
    first = rule("first", StartWindowMinutes=120, **kept(35))
    second = rule("second", schedule="cron(0 6 ? * * *)", **kept(35))
    assert two_rules(aws, first, second) == (["02T05:00"], ["02T06:00"])


def test_b110_a_suppressed_run_makes_no_copies(aws: Aws) -> None:
    copy = [{"DestinationBackupVaultArn": vault_arn("remote", region=IRELAND)}]
    two_rules(aws, rule("short", CopyActions=copy, **kept(7)), rule("long", **kept(35)))
    assert len(aws.backup_jobs()) == 1
    assert aws.copy_jobs() == []


def test_b111_rules_of_different_plans_do_not_suppress_each_other(aws: Aws) -> None:
    for name, days in (("one", 7), ("two", 35)):
        aws.select(aws.plan(rule(**kept(days)), name=name), ORDERS)
    aws.until("2026-03-03T00:00")
    assert job_times(aws) == [utc("2026-03-02T05:00"), utc("2026-03-02T05:00")]


def test_b112_missed_times_are_not_made_up(aws: Aws) -> None:
    aws.until("2026-03-02T05:01")
    aws.select(aws.plan(rule()), ORDERS)
    aws.until("2026-03-03T07:00")
    assert job_times(aws) == [utc("2026-03-03T05:00")]


def test_b112_a_changed_schedule_counts_from_the_update(aws: Aws) -> None:
    plan = aws.plan(rule())
    aws.select(plan, ORDERS)
    aws.until("2026-03-02T04:00")
    changed = {"BackupPlanName": "plan", "Rules": [rule(schedule="cron(0 3 ? * * *)")]}
    aws.call("UpdateBackupPlan", BackupPlanId=plan, BackupPlan=changed)
    aws.until("2026-03-03T07:00")
    assert job_times(aws) == [utc("2026-03-03T03:00")]


def test_b112_a_plan_runs_every_day_of_a_long_time(aws: Aws) -> None:
    aws.select(aws.plan(rule()), ORDERS)
    aws.until("2026-05-01T00:00")
    assert len(aws.backup_jobs()) == 60
