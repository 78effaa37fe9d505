"""What an alarm does when its state changes."""

from __future__ import annotations

import json

import pytest
from backup.clock import Clock
from signals_world import SmallWorld, allow, service

from signals.alarms import Alarms, Change
from signals.delivery import Destination, Key
from signals.metrics import Metrics
from signals.notification import actions_of, message_of, reason_against_action, subject_of
from signals.ports import Scope

SCOPE = Scope("222222222222", "eu-west-2")
TOPIC = "arn:aws:sns:eu-west-2:222222222222:alarms"
KEY = "arn:aws:kms:eu-west-2:222222222222:key/1"
CLOUDWATCH = service("cloudwatch.amazonaws.com")
OF_ALARMS = {"StringEquals": {"aws:SourceAccount": "222222222222"}, "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:eu-west-2:222222222222:alarm:*"}}


def changed(**members) -> Change:
    changes: list[Change] = []
    clock = Clock(lambda: 1_800_000_000.0)
    alarms = Alarms(clock, Metrics(), changes.append)
    request = {
        "AlarmName": "silent", "Namespace": "N", "MetricName": "M", "Statistic": "Sum", "Period": 300, "EvaluationPeriods": 1, "Threshold": 1,
        "ComparisonOperator": "LessThanThreshold", "TreatMissingData": "breaching", "AlarmActions": [TOPIC], "OKActions": [], **members,
    }  # fmt: skip
    alarms.put(SCOPE, request)
    clock.run_due()
    return changes[0]


def world(policy: dict | None, key: Key | None = None) -> SmallWorld:
    made = SmallWorld()
    made.destinations[TOPIC] = Destination(TOPIC, policy, key.arn if key else None)
    if key:
        made.keys[KEY] = key
    return made


def test_the_actions_of_the_new_state_are_taken() -> None:
    assert actions_of(changed()) == [TOPIC]
    assert actions_of(changed(TreatMissingData="notBreaching")) == []
    assert actions_of(changed(ActionsEnabled=False)) == []


@pytest.mark.parametrize(
    ("policy", "delivered"),
    [(allow("sns:Publish", CLOUDWATCH, OF_ALARMS), True), (None, False), (allow("sns:Publish", service("events.amazonaws.com")), False),
     (allow("sns:Publish", CLOUDWATCH, {"StringEquals": {"aws:SourceAccount": "333333333333"}}), False)],
)  # fmt: skip
def test_the_policy_of_the_topic_decides(policy: dict | None, delivered: bool) -> None:
    assert (reason_against_action(world(policy), changed(), TOPIC) is None) is delivered


@pytest.mark.parametrize(
    ("key", "delivered"),
    [
        (Key(KEY, "Enabled", allow("kms:*", CLOUDWATCH, OF_ALARMS), "CUSTOMER"), True),
        (Key(KEY, "Enabled", allow("kms:*", service("events.amazonaws.com")), "CUSTOMER"), False),
        (Key(KEY, "Disabled", allow("kms:*", CLOUDWATCH), "CUSTOMER"), False),
        (Key(KEY, "Enabled", None, "AWS"), False),
    ],
)
def test_a_closed_key_keeps_the_message_back(key: Key, delivered: bool) -> None:
    found = world(allow("sns:Publish", CLOUDWATCH), key)
    assert (reason_against_action(found, changed(), TOPIC) is None) is delivered


def test_a_topic_that_does_not_exist_gets_nothing() -> None:
    reason = reason_against_action(SmallWorld(), changed(), TOPIC)
    assert reason is not None and reason.code == "NO_RESOURCE"


def test_the_message_has_the_schema_of_aws() -> None:
    change = changed(Dimensions=[{"Name": "BackupVaultName", "Value": "local"}])
    message = json.loads(message_of(change))
    assert subject_of(change) == 'ALARM: "silent" in eu-west-2'
    assert [message["AlarmName"], message["NewStateValue"], message["OldStateValue"]] == ["silent", "ALARM", "INSUFFICIENT_DATA"]
    assert message["Trigger"]["Dimensions"] == [{"value": "local", "name": "BackupVaultName"}]
    assert [message["AlarmDescription"], json.loads(message_of(changed(AlarmDescription="Why")))["AlarmDescription"]] == [None, "Why"]
    assert message["AlarmArn"] == "arn:aws:cloudwatch:eu-west-2:222222222222:alarm:silent"
