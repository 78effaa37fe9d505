"""Alarms in simulated time."""

from __future__ import annotations

import pytest
from backup.clock import Clock

from signals.alarms import Alarms, Change
from signals.metrics import Metrics, metric, value
from signals.ports import Scope
from signals.rejected import NotSimulated, Rejected

START = 1_800_000_000.0  # A full hour, and a full day at 08:00.
SCOPE = Scope("222222222222", "eu-west-2")
FAILED = metric(SCOPE, "AWS/Backup", "NumberOfBackupJobsFailed", {"BackupVaultName": "local"})


class World:
    """Alarms, with a clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.clock = Clock(lambda: START)
        self.metrics = Metrics()
        self.changes: list[tuple[str, str, float]] = []
        self.alarms = Alarms(self.clock, self.metrics, self._changed)

    def _changed(self, change: Change) -> None:
        self.changes.append((change.alarm.name, change.alarm.state, change.moment - START))

    def measure(self, of=FAILED, number: float = 1) -> None:
        self.metrics.put(of, self.clock.now(), value(number))
        self.clock.run_due()

    def forward(self, seconds: float) -> None:
        self.clock.advance_to(self.clock.now() + seconds)

    def put(self, **members) -> None:
        request = {
            "AlarmName": "failed", "Namespace": "AWS/Backup", "MetricName": "NumberOfBackupJobsFailed", "Statistic": "Sum",
            "Dimensions": [{"Name": "BackupVaultName", "Value": "local"}], "Period": 300, "EvaluationPeriods": 1, "Threshold": 0,
            "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "notBreaching",
        }  # fmt: skip
        request.update(members)
        self.alarms.put(SCOPE, {name: member for name, member in request.items() if member is not None})
        self.clock.run_due()

    def state(self, name: str = "failed") -> str:
        alarm = self.alarms.find(SCOPE, name)
        assert alarm is not None
        return alarm.state


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize(
    ("treatment", "state"),
    [("notBreaching", "OK"), ("breaching", "ALARM"), ("ignore", "INSUFFICIENT_DATA"), ("missing", "INSUFFICIENT_DATA")],
)
def test_a_new_alarm_without_data(world: World, treatment: str, state: str) -> None:
    world.put(TreatMissingData=treatment)
    assert world.state() == state


def test_a_value_raises_the_alarm_and_time_alone_ends_it(world: World) -> None:
    world.put()
    world.measure()
    assert world.state() == "ALARM"
    world.forward(15 * 60 + 59)
    assert world.state() == "ALARM"
    world.forward(1)
    assert world.state() == "OK"
    assert world.changes == [("failed", "OK", 0.0), ("failed", "ALARM", 0.0), ("failed", "OK", 960.0)]


def test_only_exactly_the_same_dimensions_count(world: World) -> None:
    world.put()
    name = "NumberOfBackupJobsFailed"
    world.measure(metric(SCOPE, "AWS/Backup", name, {"BackupVaultName": "local", "ResourceType": "DynamoDB"}))
    world.measure(metric(SCOPE, "AWS/Backup", name, {"BackupVaultName": "other"}))
    world.measure(metric(SCOPE, "AWS/Backup", name))
    world.measure(metric(Scope("333333333333", "eu-west-2"), "AWS/Backup", name, {"BackupVaultName": "local"}))
    world.measure(metric(Scope("222222222222", "eu-west-1"), "AWS/Backup", name, {"BackupVaultName": "local"}))
    assert world.state() == "OK"


@pytest.mark.parametrize(
    ("statistic", "threshold", "state"),
    [("Sum", 11, "ALARM"), ("Sum", 12, "OK"), ("Maximum", 8, "ALARM"), ("Maximum", 9, "OK"), ("Minimum", 0, "ALARM"), ("Minimum", 1, "OK"),
     ("Average", 3.9, "ALARM"), ("Average", 4, "OK"), ("SampleCount", 2, "ALARM"), ("SampleCount", 3, "OK")],
)  # fmt: skip
def test_the_statistics_of_1_2_and_9(world: World, statistic: str, threshold: float, state: str) -> None:
    world.put(Statistic=statistic, Threshold=threshold)
    for number in (1, 2, 9):
        world.measure(number=number)
    assert world.state() == state


@pytest.mark.parametrize(
    ("comparison", "states"),
    [
        ("GreaterThanThreshold", ["OK", "OK", "ALARM"]),
        ("GreaterThanOrEqualToThreshold", ["OK", "ALARM", "ALARM"]),
        ("LessThanThreshold", ["ALARM", "OK", "OK"]),
        ("LessThanOrEqualToThreshold", ["ALARM", "ALARM", "OK"]),
    ],
)
def test_the_comparisons(comparison: str, states: list[str]) -> None:
    found = []
    for number in (4, 5, 6):
        world = World()
        world.put(ComparisonOperator=comparison, Threshold=5)
        world.measure(number=number)
        found.append(world.state())
    assert found == states


def test_two_of_three_datapoints(world: World) -> None:
    world.put(EvaluationPeriods=3, DatapointsToAlarm=2)
    world.measure()
    assert world.state() == "OK"
    world.forward(600)
    world.measure()
    assert world.state() == "ALARM"


def test_values_of_one_period_are_one_datapoint(world: World) -> None:
    world.put(EvaluationPeriods=3, DatapointsToAlarm=2)
    world.measure()
    world.measure()
    assert world.state() == "OK"


def silence(hours: int, **members) -> dict:
    metrics = [
        {"Id": "expr_1", "Expression": "FILL(completed, 0)", "ReturnData": True},
        {"Id": "completed", "ReturnData": False, "MetricStat": {
            "Metric": {"Namespace": "AWS/Backup", "MetricName": "Completed", "Dimensions": []}, "Period": 3600, "Stat": "Sum"}},
    ]  # fmt: skip
    none = dict.fromkeys(("Namespace", "MetricName", "Statistic", "Dimensions", "Period"))
    request = {"AlarmName": "silent", "Metrics": metrics, "EvaluationPeriods": hours, "Threshold": 1, "TreatMissingData": "breaching"}
    return {**none, **request, "ComparisonOperator": "LessThanThreshold", **members}


COMPLETED = metric(SCOPE, "AWS/Backup", "Completed")


def test_silence_for_eighteen_hours_raises_an_alarm(world: World) -> None:
    world.put(**silence(18))
    world.measure(COMPLETED)
    assert world.state("silent") == "OK"
    world.forward(18 * 3600)
    assert world.state("silent") == "OK"
    world.forward(60)
    assert world.state("silent") == "ALARM"


def test_a_value_every_seventeen_hours_keeps_it_quiet(world: World) -> None:
    world.put(**silence(18, WarmUpConfiguration={"WarmUpPeriodDurationInMinutes": 1080, "OnlyStartEvaluatingAfterWarmUpPeriodEnds": True}))
    for _ in range(40):
        world.measure(COMPLETED)
        world.forward(17 * 3600)
    assert [state for _, state, _ in world.changes] == ["OK"]


def test_an_alarm_of_several_days_considers_whole_hours_only(world: World) -> None:
    world.put(**silence(30))
    assert world.state("silent") == "ALARM"
    world.forward(120)
    world.measure(COMPLETED)
    assert world.state("silent") == "ALARM"
    world.forward(3600 - 121)
    assert world.state("silent") == "ALARM"
    world.forward(1)
    assert world.state("silent") == "OK"
    world.forward(30 * 3600 - 1)
    assert world.state("silent") == "OK"
    world.forward(1)
    assert world.state("silent") == "ALARM"


def test_an_alarm_that_warms_up_has_insufficient_data_until_then(world: World) -> None:
    world.put(**silence(18, WarmUpConfiguration={"WarmUpPeriodDurationInMinutes": 1080, "OnlyStartEvaluatingAfterWarmUpPeriodEnds": True}))
    world.measure(COMPLETED)
    world.forward(18 * 3600 - 1)
    assert world.state("silent") == "INSUFFICIENT_DATA"
    world.forward(61)
    assert world.state("silent") == "ALARM"


def test_a_warm_up_may_end_when_the_window_is_full(world: World) -> None:
    world.put(EvaluationPeriods=3, WarmUpConfiguration={"WarmUpPeriodDurationInMinutes": 60})
    for _ in range(5):
        world.forward(240)
        world.measure(number=0)
        if world.clock.now() < START + 4 * 60 + 14 * 60:
            assert world.state() == "INSUFFICIENT_DATA"
    assert world.state() == "OK"


def test_an_alarm_that_fires_only_when_the_run_before_failed_too(world: World) -> None:
    expression = "IF((DIFF_TIME(failed + expired) > 21600) AND (DIFF_TIME(failed + expired) <= 108000), 1, 0)"
    stat = {"Metric": {"Namespace": "AWS/Backup", "MetricName": "Completed"}, "Period": 3600, "Stat": "Sum"}
    other = {"Metric": {"Namespace": "AWS/Backup", "MetricName": "Expired"}, "Period": 3600, "Stat": "Sum"}
    metrics = [{"Id": "expr_1", "Expression": expression}, {"Id": "failed", "MetricStat": stat, "ReturnData": False},
               {"Id": "expired", "MetricStat": other, "ReturnData": False}]  # fmt: skip
    world.put(**silence(31, Metrics=metrics, Threshold=0, ComparisonOperator="GreaterThanThreshold", DatapointsToAlarm=1,
                        TreatMissingData="notBreaching"))  # fmt: skip
    world.measure(COMPLETED)
    world.forward(3600)
    assert world.state("silent") == "OK"
    world.forward(23 * 3600)
    world.measure(COMPLETED)
    world.forward(3600)
    assert world.state("silent") == "ALARM"
    world.forward(40 * 3600)
    assert world.state("silent") == "OK"


def test_a_year_without_data_costs_nothing(world: World) -> None:
    world.put()
    world.measure()
    world.forward(365 * 24 * 3600)
    assert world.state() == "OK"
    assert world.clock.next_due() is None


def test_an_update_keeps_the_state_and_is_evaluated(world: World) -> None:
    world.put()
    world.measure()
    world.put(Threshold=5)
    assert [state for _, state, _ in world.changes] == ["OK", "ALARM", "OK"]


def test_a_state_that_is_set_stays_until_the_next_evaluation(world: World) -> None:
    world.put()
    world.alarms.set_state(SCOPE, "failed", "ALARM", "a test")
    assert world.state() == "ALARM"
    world.forward(60)
    assert world.state() == "OK"


def test_the_reason_is_said_as_cloudwatch_says_it(world: World) -> None:
    world.put()
    world.measure()
    alarm = world.alarms.find(SCOPE, "failed")
    assert alarm is not None
    assert alarm.reason == (
        "Threshold Crossed: 1 datapoint [1.0 (15/01/27 07:56:00)] was greater than the threshold (0.0) "
        "(minimum 1 datapoint for OK -> ALARM transition)."
    )


def test_the_reason_counts_what_is_needed_and_what_is_missing(world: World) -> None:
    world.put(EvaluationPeriods=3, DatapointsToAlarm=2, TreatMissingData="breaching")
    alarm = world.alarms.find(SCOPE, "failed")
    assert alarm is not None
    assert alarm.reason == "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching]."
    world = World()
    world.put(EvaluationPeriods=3, DatapointsToAlarm=3)
    for number in (1, 1, 1, 0):
        world.measure(number=number)
        world.forward(300)
    alarm = world.alarms.find(SCOPE, "failed")
    assert alarm is not None
    assert alarm.reason.endswith("(minimum 1 datapoint for ALARM -> OK transition).")


def test_an_evaluation_in_between_does_not_lose_the_end_of_a_value(world: World) -> None:
    world.put()
    world.measure()
    world.forward(850)
    world.put()
    assert world.state() == "ALARM"
    world.forward(110)
    assert world.state() == "OK"


def test_the_same_calls_have_the_same_result() -> None:
    def run() -> list:
        world = World()
        world.put()
        world.put(**silence(18))
        for hours in (1, 5, 30, 2):
            world.measure()
            world.measure(COMPLETED)
            world.forward(hours * 3600)
        return world.changes

    assert run() == run()


@pytest.mark.parametrize(
    "members",
    [
        {"AlarmName": ""}, {"EvaluationPeriods": 0}, {"EvaluationPeriods": None}, {"Period": 90}, {"Period": 3600, "EvaluationPeriods": 169},
        {"Period": 300, "EvaluationPeriods": 289}, {"DatapointsToAlarm": 2}, {"ComparisonOperator": "MoreThan"}, {"Threshold": None},
        {"TreatMissingData": "zero"}, {"MetricName": None}, {"Metrics": [{"Id": "m1", "Expression": "1"}]},
        silence(18, Metrics=silence(18)["Metrics"][:1]), silence(18, Metrics=[silence(18)["Metrics"][1]]),
        {"WarmUpConfiguration": {"WarmUpPeriodDurationInMinutes": 2881}},
    ],
)  # fmt: skip
def test_what_cloudwatch_refuses(world: World, members: dict) -> None:
    with pytest.raises((Rejected, NotSimulated)):
        world.put(**members)


@pytest.mark.parametrize(
    "members",
    [{"Statistic": "p99"}, {"ExtendedStatistic": "p99"}, {"Period": 10}, {"Unit": "Count"}, {"EvaluationWindow": {"WallClockWindow": {}}}],
)
def test_what_the_simulator_does_not_know_is_refused_not_ignored(world: World, members: dict) -> None:
    with pytest.raises(NotSimulated):
        world.put(**members)


def composite(world: World, rule: str, name: str = "health") -> None:
    world.alarms.put_composite(SCOPE, {"AlarmName": name, "AlarmRule": rule})


def test_a_composite_alarm_follows_its_children(world: World) -> None:
    world.put()
    composite(world, 'ALARM("failed")')
    composite(world, "ALARM(arn:aws:cloudwatch:eu-west-2:222222222222:alarm:health)", "above")
    assert [world.state("health"), world.state("above")] == ["OK", "OK"]
    world.measure()
    assert [world.state("health"), world.state("above")] == ["ALARM", "ALARM"]
    world.forward(3600)
    assert [world.state("health"), world.state("above")] == ["OK", "OK"]


def test_a_composite_alarm_of_alarms_that_do_not_exist_is_rejected(world: World) -> None:
    with pytest.raises(Rejected):
        composite(world, "ALARM(failed)")


def test_an_alarm_that_a_composite_alarm_needs_is_not_deleted(world: World) -> None:
    world.put()
    composite(world, "NOT OK(failed)")
    with pytest.raises(Rejected):
        world.alarms.delete(SCOPE, "failed")
    world.alarms.delete(SCOPE, "health")
    world.alarms.delete(SCOPE, "failed")
    assert world.alarms.find(SCOPE, "failed") is None


def test_a_cycle_of_composite_alarms_ends(world: World) -> None:
    world.put()
    composite(world, "ALARM(failed)", "one")
    composite(world, "ALARM(one)", "two")
    composite(world, "ALARM(failed) OR ALARM(two)", "one")
    world.measure()
    assert [world.state("one"), world.state("two")] == ["ALARM", "ALARM"]
