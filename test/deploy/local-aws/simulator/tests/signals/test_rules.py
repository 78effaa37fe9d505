"""Where events go, and where they do not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Mapping

import pytest
from backup.clock import Clock
from signals_world import SmallWorld, allow, service

from signals.delivery import Destination, Key
from signals.metrics import Metrics, metric
from signals.ports import Scope
from signals.rules import Rule, Rules, Undelivered

WORKLOAD = Scope("222222222222", "eu-west-2")
CENTRAL_BUS = "arn:aws:events:eu-west-2:333333333333:event-bus/central"
TOPIC = "arn:aws:sns:eu-west-2:222222222222:alarms"
QUEUE = "arn:aws:sqs:eu-west-2:222222222222:undelivered"
FUNCTION = "arn:aws:lambda:eu-west-2:222222222222:function:handler"
GROUP = "arn:aws:logs:eu-west-2:222222222222:log-group:/aws/events/all"
ROLE = "arn:aws:iam::222222222222:role/forwarder"
KEY = "arn:aws:kms:eu-west-2:222222222222:key/1"
RULE_ARN = "arn:aws:events:eu-west-2:222222222222:rule/jobs"
EVENTS = service("events.amazonaws.com")
EVENT = {"id": "1", "source": "aws.backup", "account": "222222222222", "region": "eu-west-2", "detail": {"state": "FAILED", "n": [1, 2]}}


class Office:
    """A rule with one target, and what comes of it."""

    def __init__(self) -> None:
        self.world = SmallWorld()
        self.metrics = Metrics()
        self.clock = Clock(lambda: 1_800_000_000.0)
        self.sent: list[tuple[str, str]] = []
        self.dead: list[tuple[str, str, Mapping[str, str]]] = []
        self.lost: list[Undelivered] = []
        self.rules = Rules(self.clock, self.world, self.metrics, self._send, lambda *letter: self.dead.append(letter), self.lost.append)
        self.world.trust[ROLE] = allow("sts:AssumeRole", EVENTS, {"ArnLike": {"aws:SourceArn": RULE_ARN}})
        self.world.permissions[ROLE] = [("*", "*")]
        self.world.keys[KEY] = Key(KEY, "Enabled", allow("kms:*", EVENTS), "CUSTOMER")

    def _send(self, rule: Rule, target: Mapping[str, Any], text: str, event: Mapping[str, Any], hops: int) -> None:
        self.sent.append((target["Arn"], text))

    def put(self, arn: str, policy: dict | None = None, key: str | None = None) -> None:
        self.world.destinations[arn] = Destination(arn, policy, key)

    def match(self, arn: str, event: Mapping[str, Any] = EVENT, bus: str = "default", hops: int = 0, scope: Scope = WORKLOAD, **target: Any) -> None:
        self.rules.matched(Rule(scope, bus, "jobs", RULE_ARN, [{"Arn": arn, **target}]), event, hops)

    @property
    def codes(self) -> list[str]:
        return [undelivered.reason.code for undelivered in self.lost]

    def count(self, name: str, **dimensions: str) -> float:
        of = metric(WORKLOAD, "AWS/Events", name, dimensions or {"RuleName": "jobs"})
        return self.metrics.read(of, 0, 2_000_000_000, "Sum") or 0


@pytest.fixture
def office() -> Office:
    return Office()


ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-one", "aws:PrincipalAccount": ["222222222222", "333333333333"]}}


def test_a_bus_of_another_account_gets_it_with_a_role_and_by_its_policy(office: Office) -> None:
    office.put(CENTRAL_BUS, allow("events:PutEvents", "*", ORGANIZATION))
    office.match(CENTRAL_BUS, RoleArn=ROLE)
    assert office.sent == [(CENTRAL_BUS, json.dumps(EVENT))]
    assert [office.count("TriggeredRules"), office.count("Invocations"), office.count("FailedInvocations")] == [1, 1, 0]


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        (None, "NO_PERMISSIONS"),
        (allow("events:PutEvents", "*", {"StringEquals": {"aws:PrincipalOrgID": "o-other"}}), "NO_PERMISSIONS"),
        (allow("events:PutEvents", "*", {"StringEquals": {"aws:PrincipalAccount": "444444444444"}}), "NO_PERMISSIONS"),
    ],
)
def test_a_closed_bus_gets_nothing(office: Office, policy: dict | None, code: str) -> None:
    office.put(CENTRAL_BUS, policy)
    office.match(CENTRAL_BUS, RoleArn=ROLE)
    assert office.sent == []
    assert office.codes == [code]
    assert [office.count("TriggeredRules"), office.count("Invocations"), office.count("FailedInvocations")] == [1, 1, 1]


def test_a_bus_that_does_not_exist_gets_nothing(office: Office) -> None:
    office.match(CENTRAL_BUS, RoleArn=ROLE)
    assert office.codes == ["NO_RESOURCE"]


def test_a_bus_of_another_account_needs_a_role(office: Office) -> None:
    office.put(CENTRAL_BUS, allow("events:PutEvents", "*"))
    office.match(CENTRAL_BUS)
    assert office.codes == ["NO_PERMISSIONS"]


def test_the_role_must_be_one_that_eventbridge_can_assume_for_this_rule(office: Office) -> None:
    office.put(CENTRAL_BUS, allow("events:PutEvents", "*"))
    office.match(CENTRAL_BUS, RoleArn="arn:aws:iam::222222222222:role/gone")
    office.world.trust[ROLE] = allow("sts:AssumeRole", EVENTS, {"ArnLike": {"aws:SourceArn": "arn:aws:events:*:*:rule/other"}})
    office.match(CENTRAL_BUS, RoleArn=ROLE)
    assert office.codes == ["FAILED_TO_ASSUME_ROLE", "FAILED_TO_ASSUME_ROLE"]


def test_the_role_must_have_the_permission(office: Office) -> None:
    office.put(CENTRAL_BUS, allow("events:PutEvents", "*"))
    office.world.permissions[ROLE] = [("events:PutEvents", CENTRAL_BUS + "-other")]
    office.match(CENTRAL_BUS, RoleArn=ROLE)
    assert office.codes == ["NO_PERMISSIONS"]


def test_an_event_is_sent_on_to_a_bus_once(office: Office) -> None:
    third = "arn:aws:events:eu-west-2:111111111111:event-bus/third"
    office.put(third, allow("events:PutEvents", "*"))
    office.match(third, event={**EVENT, "account": "333333333333"}, hops=1, RoleArn=ROLE)
    office.match(third, event={**EVENT, "region": "eu-west-1"}, hops=1, RoleArn=ROLE)
    office.match("arn:aws:events:us-east-1:222222222222:event-bus/x", event={**EVENT, "region": "eu-west-1"}, hops=1, RoleArn=ROLE)
    assert office.codes == ["THIRD_ACCOUNT_HOP_DETECTED", "THIRD_ACCOUNT_HOP_DETECTED", "THIRD_REGION_HOP_DETECTED"]


def test_a_topic_gets_it_by_a_policy_without_conditions(office: Office) -> None:
    office.put(TOPIC, allow("sns:Publish", EVENTS))
    office.match(TOPIC)
    assert len(office.sent) == 1
    office.put(TOPIC, allow("sns:Publish", EVENTS, {"ArnLike": {"aws:SourceArn": RULE_ARN}}))
    office.match(TOPIC)
    assert [office.codes, len(office.sent)] == [["NO_PERMISSIONS"], 1]


def test_a_role_does_instead_of_the_policy_of_a_topic(office: Office) -> None:
    office.put(TOPIC)
    office.match(TOPIC, RoleArn=ROLE)
    assert len(office.sent) == 1


@pytest.mark.parametrize(
    "key",
    [
        Key(KEY, "Disabled", allow("kms:*", EVENTS), "CUSTOMER"),
        Key(KEY, "PendingDeletion", allow("kms:*", EVENTS), "CUSTOMER"),
        Key(KEY, "Enabled", allow("kms:*", service("cloudwatch.amazonaws.com")), "CUSTOMER"),
        Key(KEY, "Enabled", allow("kms:Decrypt", EVENTS), "CUSTOMER"),
        Key(KEY, "Enabled", allow("kms:*", EVENTS, {"ArnLike": {"aws:SourceArn": RULE_ARN}}), "CUSTOMER"),
        Key(KEY, "Enabled", None, "AWS"),
    ],
)
def test_a_key_that_eventbridge_can_not_use_closes_the_topic(office: Office, key: Key) -> None:
    office.world.keys[KEY] = key
    office.put(TOPIC, allow("sns:Publish", EVENTS), KEY)
    office.match(TOPIC)
    assert office.codes == ["NO_PERMISSIONS"]


def test_a_role_needs_the_key_by_the_keys_policy_and_by_its_own(office: Office) -> None:
    office.put(TOPIC, None, KEY)
    office.match(TOPIC, RoleArn=ROLE)
    office.world.keys[KEY] = Key(KEY, "Enabled", allow("kms:*", {"AWS": "arn:aws:iam::222222222222:root"}), "CUSTOMER")
    office.match(TOPIC, RoleArn=ROLE)
    office.world.permissions[ROLE] = [("sns:Publish", TOPIC)]
    office.match(TOPIC, RoleArn=ROLE)
    assert [office.codes, len(office.sent)] == [["NO_PERMISSIONS", "NO_PERMISSIONS"], 1]


def test_queues_and_functions_get_it_by_their_policy(office: Office) -> None:
    source = {"ArnLike": {"aws:SourceArn": RULE_ARN}}
    office.put(QUEUE, allow("sqs:SendMessage", EVENTS, source))
    office.put(FUNCTION, allow("lambda:InvokeFunction", EVENTS, source))
    office.match(QUEUE)
    office.match(FUNCTION)
    office.put(QUEUE)
    office.put(FUNCTION, allow("lambda:InvokeFunction", EVENTS, {"ArnLike": {"aws:SourceArn": "arn:aws:events:*:*:rule/other"}}))
    office.match(QUEUE)
    office.match(FUNCTION)
    assert [len(office.sent), office.codes] == [2, ["NO_PERMISSIONS", "NO_PERMISSIONS"]]


def test_a_target_in_another_region_gets_nothing(office: Office) -> None:
    elsewhere = TOPIC.replace("eu-west-2", "eu-west-1")
    office.put(elsewhere, allow("sns:Publish", EVENTS))
    office.match(elsewhere)
    assert office.codes == ["NO_RESOURCE"]


def test_a_log_group_gets_it_by_a_resource_policy_for_both_actions(office: Office) -> None:
    office.put(GROUP, allow("logs:*", EVENTS, {"ArnLike": {"aws:SourceArn": RULE_ARN}}))
    office.match(GROUP)
    office.put(GROUP, allow("logs:PutLogEvents", EVENTS))
    office.match(GROUP)
    office.put(GROUP)
    office.match(GROUP)
    assert [len(office.sent), office.codes] == [1, ["NO_PERMISSIONS", "NO_PERMISSIONS"]]


def test_cloudwatch_logs_needs_the_key_of_an_encrypted_log_group(office: Office) -> None:
    office.put(GROUP, allow("logs:*", EVENTS), KEY)
    office.match(GROUP)
    context = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": GROUP}}
    office.world.keys[KEY] = Key(KEY, "Enabled", allow("kms:*", service("logs.eu-west-2.amazonaws.com"), context), "CUSTOMER")
    office.match(GROUP)
    assert [office.codes, len(office.sent)] == [["NO_PERMISSIONS"], 1]


def test_what_is_not_delivered_goes_to_the_dead_letter_queue_with_the_reason(office: Office) -> None:
    office.put(QUEUE, allow("sqs:SendMessage", EVENTS, {"ArnLike": {"aws:SourceArn": RULE_ARN}}), KEY)
    office.match(TOPIC, DeadLetterConfig={"Arn": QUEUE})
    (queue, text, attributes), = office.dead
    assert [queue, json.loads(text)] == [QUEUE, EVENT]
    assert attributes["ERROR_CODE"] == "NO_RESOURCE"
    assert [attributes["RULE_ARN"], attributes["TARGET_ARN"]] == [RULE_ARN, TOPIC]
    assert [office.count("InvocationsSentToDlq"), office.count("InvocationsFailedToBeSentToDlq")] == [1, 0]


@pytest.mark.parametrize("fault", ["policy", "key", "gone", "fifo"])
def test_a_dead_letter_queue_that_is_closed_loses_the_event(office: Office, fault: str) -> None:
    office.put(QUEUE, None if fault == "policy" else allow("sqs:SendMessage", EVENTS), KEY)
    if fault == "key":
        office.world.keys[KEY] = Key(KEY, "Enabled", {}, "CUSTOMER")
    if fault == "gone":
        del office.world.destinations[QUEUE]
    if fault == "fifo":
        office.world.destinations[QUEUE] = replace(office.world.destinations[QUEUE], is_fifo=True)
    office.match(TOPIC, DeadLetterConfig={"Arn": QUEUE})
    assert office.dead == []
    assert [office.count("InvocationsSentToDlq"), office.count("InvocationsFailedToBeSentToDlq")] == [0, 1]
    assert office.lost[0].dead_letter_reason is not None


def test_rules_of_a_custom_bus_are_counted_by_the_name_of_the_bus_as_well(office: Office) -> None:
    office.match(TOPIC, bus="central")
    assert office.count("TriggeredRules", EventBusName="central", RuleName="jobs") == 1
    assert office.count("TriggeredRules") == 0


TEMPLATE = '{"title": "Job <job> is <state>", "n": <first>, "all": <detail>, "gone": "<gone>", "rule": "<aws.events.rule-name>"}'
PATHS = {"job": "$.id", "state": "$.detail.state", "first": "$.detail.n[0]", "detail": "$.detail", "gone": "$.detail.gone"}


def test_an_input_transformer_fills_in_its_template(office: Office) -> None:
    office.put(TOPIC, allow("sns:Publish", EVENTS))
    office.match(TOPIC, InputTransformer={"InputPathsMap": PATHS, "InputTemplate": TEMPLATE})
    expected = {"title": "Job 1 is FAILED", "n": 1, "all": {"state": "FAILED", "n": [1, 2]}, "gone": "", "rule": "jobs"}
    assert json.loads(office.sent[0][1]) == expected


@pytest.mark.parametrize(
    ("target", "text"),
    [({"Input": '{"a": 1}'}, '{"a": 1}'), ({"InputPath": "$.detail.state"}, '"FAILED"'), ({"InputPath": "$.gone"}, json.dumps(EVENT)),
     ({"InputTransformer": {"InputPathsMap": {"s": "$.detail.state"}, "InputTemplate": '"instance <s> is"'}}, '"instance FAILED is"')],
)  # fmt: skip
def test_other_inputs(office: Office, target: dict, text: str) -> None:
    office.put(TOPIC, allow("sns:Publish", EVENTS))
    office.match(TOPIC, **target)
    assert office.sent == [(TOPIC, text)]


def test_a_template_that_is_no_json_once_it_is_filled_in_is_not_delivered(office: Office) -> None:
    office.put(TOPIC, allow("sns:Publish", EVENTS))
    event = {**EVENT, "id": 'a "quoted" word'}
    office.match(TOPIC, event=event, InputTransformer={"InputPathsMap": PATHS, "InputTemplate": TEMPLATE})
    assert office.codes == ["INVALID_JSON"]
