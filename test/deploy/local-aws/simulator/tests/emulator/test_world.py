"""The world over ministack: identities, keys, tables and the organization, as the core asks for them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from backup.clock import Clock
from backup.errors import Failed
from emulator import conditions
from emulator.adapter import MinistackWorld
from emulator.organization import LocalOrganization
from emulator.settings import read_settings
from emulator.undelivered import Undelivered
from ministack.core.responses import request_scope
from ministack.services import cloudwatch, dynamodb, eventbridge, iam, kms, sns

ACCOUNT, OTHER, STRANGER, REGION = "222222222222", "333333333333", "999999999999", "eu-west-2"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service/backup-role"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders"


@pytest.fixture(scope="module")
def organization() -> LocalOrganization:
    made = LocalOrganization(read_settings({}))
    made.install()
    conditions.install(made)
    return made


@pytest.fixture
def world(organization: LocalOrganization) -> MinistackWorld:
    for module in (cloudwatch, dynamodb, eventbridge, iam, kms, sns):
        module.reset()
    return MinistackWorld(Clock(lambda: 1_800_000_000.0), organization, Undelivered(lambda: 1_800_000_000.0))


def make_role(*statements: dict[str, Any], trust: dict[str, Any] | None = None) -> None:
    with request_scope(ACCOUNT, REGION):
        iam._roles["backup-role"] = {
            "RoleName": "backup-role",
            "Arn": ROLE,
            "AssumeRolePolicyDocument": json.dumps(trust or {"Statement": []}),
            "InlinePolicies": {"p": json.dumps({"Version": "2012-10-17", "Statement": list(statements)})},
            "AttachedPolicies": [],
        }


def allow(action: str, resource: str = "*", **condition: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **({"Condition": condition} if condition else {})}


def make_table(**more: Any) -> None:
    request = {
        "TableName": "orders",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "city")],
        "GlobalSecondaryIndexes": [
            {"IndexName": "by-city", "KeySchema": [{"AttributeName": "city", "KeyType": "HASH"}], "Projection": {"ProjectionType": "KEYS_ONLY"}}
        ],
        "LocalSecondaryIndexes": [
            {
                "IndexName": "by-sk",
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "city", "KeyType": "RANGE"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        "BillingMode": "PAY_PER_REQUEST",
        "Tags": [{"Key": "backup", "Value": "daily"}],
        **more,
    }
    with request_scope(ACCOUNT, REGION):
        status, _, body = dynamodb._create_table(request)
        assert status == 200, body


def put(name: str, city: str, account: str = ACCOUNT, region: str = REGION, table: str = "orders") -> None:
    with request_scope(account, region):
        dynamodb._put_item({"TableName": table, "Item": {"pk": {"S": name}, "sk": {"S": "x"}, "city": {"S": city}}})


def items(table: str, account: str, region: str, index: str | None = None) -> list[str]:
    with request_scope(account, region):
        request = {"TableName": table, **({"IndexName": index} if index else {})}
        return sorted(item["pk"]["S"] for item in json.loads(dynamodb._scan(request)[2])["Items"])


def test_a_role_that_does_not_exist_has_no_trust_policy(world: MinistackWorld) -> None:
    assert world.role(ROLE) is None


def test_a_role_with_another_path_is_another_role(world: MinistackWorld) -> None:
    make_role(trust={"Statement": [{"Effect": "Allow"}]})
    assert world.role(ROLE) == {"Statement": [{"Effect": "Allow"}]}
    assert world.role(f"arn:aws:iam::{ACCOUNT}:role/backup-role") is None


def test_a_role_may_do_what_its_policies_allow_and_nothing_else(world: MinistackWorld) -> None:
    make_role(allow("dynamodb:StartAwsBackupJob", TABLE))
    assert world.decide(ROLE, "dynamodb:StartAwsBackupJob", TABLE, {})
    assert not world.decide(ROLE, "dynamodb:StartAwsBackupJob", TABLE + "2", {})
    assert not world.decide(ROLE, "dynamodb:DescribeTable", TABLE, {})


def test_a_change_of_the_policy_counts_at_once(world: MinistackWorld) -> None:
    make_role(allow("dynamodb:*"))
    assert world.decide(ROLE, "dynamodb:StartAwsBackupJob", TABLE, {})
    make_role()
    assert not world.decide(ROLE, "dynamodb:StartAwsBackupJob", TABLE, {})


def test_a_condition_is_decided_by_the_context(world: MinistackWorld) -> None:
    vault = f"arn:aws:backup:{REGION}:{OTHER}:backup-vault:central"
    make_role(allow("backup:CopyFromBackupVault", **{"ForAllValues:ArnLike": {"backup:CopyTargets": [vault]}}))
    assert world.decide(ROLE, "backup:CopyFromBackupVault", "*", {"backup:CopyTargets": [vault]})
    assert not world.decide(ROLE, "backup:CopyFromBackupVault", "*", {"backup:CopyTargets": [vault + "2"]})


def test_a_variable_in_a_policy_has_its_value(world: MinistackWorld) -> None:
    equal = {"StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}}
    make_role(allow("backup:TagResource", **equal))
    point = "arn:aws:backup:eu-west-2:{}:recovery-point:1"
    assert world.decide(ROLE, "backup:TagResource", point.format(ACCOUNT), {})
    assert not world.decide(ROLE, "backup:TagResource", point.format(OTHER), {})


def test_a_statement_whose_variable_has_no_value_does_not_count(world: MinistackWorld) -> None:
    make_role(allow("backup:*", "arn:aws:backup:*:*:${aws:PrincipalTag/team}"))
    assert not world.decide(ROLE, "backup:StartBackupJob", "arn:aws:backup:eu-west-2:222222222222:${aws:PrincipalTag/team}", {})


def test_the_root_of_an_account_may_do_everything(world: MinistackWorld) -> None:
    assert world.decide(f"arn:aws:iam::{ACCOUNT}:root", "backup:DeleteBackupVault", "*", {})


@pytest.mark.parametrize(
    ("principal", "verdict"),
    [
        (f"arn:aws:iam::{OTHER}:role/copy", "Allow"),
        (f"arn:aws:iam::{STRANGER}:role/copy", "NoMatch"),
        (f"arn:aws:iam::{OTHER}:role/forbidden", "Deny"),
    ],
)
def test_a_vaults_policy_knows_the_organization_of_the_principal(world: MinistackWorld, principal: str, verdict: str) -> None:
    vault = f"arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:central"
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
    inside = {**everybody, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorg12"}}}
    not_this = {**everybody, "Effect": "Deny", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/forbidden"}}}
    assert world.decide_policy({"Statement": [inside, not_this]}, principal, "backup:CopyIntoBackupVault", vault, {}) == verdict


def test_a_policy_can_compare_the_organization_of_the_principal_and_of_the_resource(world: MinistackWorld) -> None:
    vault = f"arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:central"
    condition = {"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}, "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-exampleorg12/*"}}
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "backup:CopyIntoBackupVault", "Resource": "*", "Condition": condition}
    verdicts = [
        world.decide_policy({"Statement": statement}, f"arn:aws:iam::{account}:root", "backup:CopyIntoBackupVault", vault, {})
        for account in (OTHER, STRANGER)
    ]
    assert verdicts == ["Allow", "NoMatch"]


def test_a_keys_policy_can_ask_for_the_account_of_the_caller(world: MinistackWorld) -> None:
    condition = {"StringEquals": {"kms:CallerAccount": ACCOUNT}}
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": condition}
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1a2b3c4d"
    verdicts = [
        world.decide_policy({"Statement": [statement]}, f"arn:aws:iam::{account}:role/backup", "kms:Decrypt", key, {})
        for account in (ACCOUNT, OTHER)
    ]
    assert verdicts == ["Allow", "NoMatch"]


def test_a_trust_policy_lets_the_service_in_that_it_names(world: MinistackWorld) -> None:
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    assert world.decide_policy(trust, "backup.amazonaws.com", "sts:AssumeRole", ROLE, {}) == "Allow"
    assert world.decide_policy(trust, "ec2.amazonaws.com", "sts:AssumeRole", ROLE, {}) == "NoMatch"
    assert world.decide_policy(trust, f"arn:aws:iam::{ACCOUNT}:root", "sts:AssumeRole", ROLE, {}) == "NoMatch"


def test_a_trust_policy_can_ask_for_the_account(world: MinistackWorld) -> None:
    condition = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    statement = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole", "Condition": condition}
    ask = lambda account: world.decide_policy(  # noqa: E731
        {"Statement": [statement]}, "backup.amazonaws.com", "sts:AssumeRole", ROLE, {"aws:SourceAccount": account}
    )
    assert (ask(ACCOUNT), ask(OTHER)) == ("Allow", "NoMatch")


def test_a_key_is_found_by_arn_by_id_and_by_alias(world: MinistackWorld) -> None:
    with request_scope(ACCOUNT, REGION):
        made = json.loads(kms._create_key({"Policy": '{"Statement": []}'})[2])["KeyMetadata"]
        kms._create_alias({"AliasName": "alias/vault", "TargetKeyId": made["KeyId"]})
    found = [world.key(name, ACCOUNT, REGION) for name in (made["Arn"], made["KeyId"], "alias/vault")]
    assert [key and (key.arn, key.state, key.policy, key.manager) for key in found] == [(made["Arn"], "Enabled", {"Statement": []}, "CUSTOMER")] * 3
    assert world.key(made["Arn"], OTHER, "eu-west-1") == found[0]
    assert world.key("alias/vault", ACCOUNT, "eu-west-1") is None


def test_a_disabled_key_says_so(world: MinistackWorld) -> None:
    with request_scope(ACCOUNT, REGION):
        made = json.loads(kms._create_key({})[2])["KeyMetadata"]
        kms._disable_key({"KeyId": made["KeyId"]})
    key = world.key(made["Arn"], ACCOUNT, REGION)
    assert key and key.state == "Disabled"


def test_every_account_has_the_keys_that_aws_manages(world: MinistackWorld) -> None:
    key = world.key("alias/aws/backup", ACCOUNT, REGION)
    assert key and (key.state, key.manager) == ("Enabled", "AWS")
    assert world.key(key.arn, OTHER, "eu-west-1") == key
    elsewhere = world.key("alias/aws/backup", ACCOUNT, "eu-west-1")
    assert elsewhere and elsewhere.arn != key.arn


def test_accounts_of_the_organization_and_no_others_are_in_it(world: MinistackWorld) -> None:
    found = [world.organization(account) for account in ("111111111111", ACCOUNT, STRANGER)]
    assert [one and (one.id, one.management_account, one.path) for one in found] == [
        ("o-exampleorg12", "111111111111", "o-exampleorg12/r-ab12/"),
        ("o-exampleorg12", "111111111111", "o-exampleorg12/r-ab12/"),
        None,
    ]


def test_tables_are_found_with_their_tags_and_their_key(world: MinistackWorld) -> None:
    key = "arn:aws:kms:eu-west-2:222222222222:key/1"
    make_table(SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key})
    (found,) = world.resources(ACCOUNT, REGION)
    assert (found.arn, found.type, dict(found.tags), found.key_arn) == (TABLE, "DynamoDB", {"backup": "daily"}, key)
    assert world.resources(ACCOUNT, "eu-west-1") == [] and world.resources(OTHER, REGION) == []


def test_a_restored_table_has_the_items_and_the_indexes_of_the_moment_of_the_snapshot(world: MinistackWorld) -> None:
    make_table()
    put("ann", "Bath")
    put("bob", "York")
    snapshot = world.snapshot(TABLE)
    put("cyd", "Hull")
    assert snapshot and snapshot.name == "orders" and snapshot.size_in_bytes > 0
    made = world.restore(snapshot, {"targetTableName": "orders-back"}, OTHER, "eu-west-1")
    assert made == f"arn:aws:dynamodb:eu-west-1:{OTHER}:table/orders-back"
    assert items("orders-back", OTHER, "eu-west-1") == ["ann", "bob"]
    assert items("orders-back", OTHER, "eu-west-1", "by-city") == ["ann", "bob"]
    with request_scope(OTHER, "eu-west-1"):
        description = json.loads(dynamodb._describe_table({"TableName": "orders-back"})[2])["Table"]
    assert [(index["IndexName"], index["Projection"]["ProjectionType"]) for index in description["GlobalSecondaryIndexes"]] == [("by-city", "KEYS_ONLY")]
    assert [index["IndexName"] for index in description["LocalSecondaryIndexes"]] == ["by-sk"]
    assert description["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"


def test_a_snapshot_can_be_restored_again_and_again_and_is_not_changed_by_it(world: MinistackWorld) -> None:
    make_table()
    put("ann", "Bath")
    snapshot = world.snapshot(TABLE)
    assert snapshot
    world.restore(snapshot, {"targetTableName": "one"}, ACCOUNT, REGION)
    put("bob", "York", table="one")
    world.restore(snapshot, {"targetTableName": "two"}, ACCOUNT, REGION)
    assert (items("one", ACCOUNT, REGION), items("two", ACCOUNT, REGION)) == (["ann", "bob"], ["ann"])


def test_snapshots_share_the_items_until_something_is_written(world: MinistackWorld) -> None:
    make_table()
    put("ann", "Bath")
    first, second = world.snapshot(TABLE), world.snapshot(TABLE)
    put("ann", "Hull")
    third = world.snapshot(TABLE)
    assert first and second and third
    assert second.payload["_items_snapshot"] is first.payload["_items_snapshot"]
    assert third.payload["_items_snapshot"] != first.payload["_items_snapshot"]
    assert items("orders", ACCOUNT, REGION) == ["ann"]


def test_snapshots_are_not_in_the_list_of_dynamodbs_own_backups(world: MinistackWorld) -> None:
    make_table()
    world.snapshot(TABLE)
    with request_scope(ACCOUNT, REGION):
        assert json.loads(dynamodb._list_backups({})[2])["BackupSummaries"] == []


def test_a_table_that_is_gone_has_no_snapshot(world: MinistackWorld) -> None:
    assert world.snapshot(TABLE) is None


def test_a_restore_over_a_table_that_exists_fails(world: MinistackWorld) -> None:
    make_table()
    snapshot = world.snapshot(TABLE)
    assert snapshot
    with pytest.raises(Failed, match="already exists") as failure:
        world.restore(snapshot, {"targetTableName": "orders"}, ACCOUNT, REGION)
    assert failure.value.statement == "B-215"


def test_a_restored_table_is_encrypted_as_the_metadata_say(world: MinistackWorld) -> None:
    make_table()
    snapshot = world.snapshot(TABLE)
    key = "arn:aws:kms:eu-west-2:222222222222:key/1"
    assert snapshot
    world.restore(snapshot, {"targetTableName": "one", "encryptionType": "KMS", "kmsMasterKeyArn": key}, ACCOUNT, REGION)
    world.restore(snapshot, {"targetTableName": "two"}, ACCOUNT, REGION)
    with request_scope(ACCOUNT, REGION):
        described = [json.loads(dynamodb._describe_table({"TableName": name})[2])["Table"].get("SSEDescription") for name in ("one", "two")]
    assert described == [{"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key}, None]


def test_an_event_has_the_simulated_time_and_comes_from_aws_backup(world: MinistackWorld) -> None:
    world.emit(ACCOUNT, REGION, "Backup Job State Change", {"state": "COMPLETED"}, [TABLE])
    with request_scope(ACCOUNT, REGION):
        (event,) = eventbridge._events_log_list()
    assert (event["Source"], event["Time"], event["Resources"], event["Account"]) == ("aws.backup", 1_800_000_000, [TABLE], ACCOUNT)


def test_a_metric_is_stored_at_the_simulated_time(world: MinistackWorld) -> None:
    world.measure(ACCOUNT, REGION, "NumberOfBackupJobsFailed", {"BackupVaultName": "local"}, 2)
    with request_scope(ACCOUNT, REGION):
        ((key, points),) = cloudwatch._metrics.items()
    assert key[:2] == ("AWS/Backup", "NumberOfBackupJobsFailed")
    assert [(point["Timestamp"], point["Value"], point["Dimensions"]) for point in points] == [(1_800_000_000.0, 2.0, {"BackupVaultName": "local"})]


@pytest.mark.parametrize(("service", "arrives"), [("backup.amazonaws.com", True), ("events.amazonaws.com", False)])
def test_a_message_arrives_if_the_topics_policy_lets_aws_backup_publish(world: MinistackWorld, service: str, arrives: bool, monkeypatch: Any) -> None:
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:vault"
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sns:Publish", "Resource": topic}
    with request_scope(ACCOUNT, REGION):
        sns._create_topic({"Name": ["vault"]})
        sns._topics[topic]["attributes"]["Policy"] = json.dumps({"Statement": [statement]})
    sent: list[Any] = []
    monkeypatch.setattr(sns, "publish_internal", lambda *arguments, **more: sent.append(arguments))
    world.publish(topic, "subject", "message", {"EventType": "BACKUP_JOB"}, ACCOUNT, REGION)
    assert sent == ([(topic, "message", "subject")] if arrives else [])
    assert [entry["target"] for entry in world._undelivered.entries()] == ([] if arrives else [topic])
