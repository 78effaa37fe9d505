"""The statements about permissions on keys (B-303, B-305, B-309, B-310)."""

from __future__ import annotations

from typing import Any

import pytest
from rules_aws import ARCHIVE, IRELAND, RESTORE_ROLE, ROLE, WORKLOAD, Aws, deny, table_arn, vault_arn

ORDERS = table_arn("orders")
REMOTE, ARCHIVED = vault_arn("remote", region=IRELAND), vault_arn("archive", ARCHIVE)
LINKED = f"arn:aws:iam::{WORKLOAD}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
VAULT_KEY_ACTIONS = ["kms:CreateGrant", "kms:GenerateDataKey", "kms:Decrypt"]


def allow(*actions: str, principal: Any, **condition: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": list(actions), "Resource": "*", **condition}


def keyed(aws: Aws, *statements: Any) -> str:
    """A vault whose key has a policy of these statements."""
    usual = [allow("kms:*", principal={"AWS": f"arn:aws:iam::{WORKLOAD}:root"})]
    key = aws.key("vault")
    aws.vault("keyed", EncryptionKeyArn=key)
    return aws.key("vault", policy={"Statement": list(statements) or usual})


@pytest.mark.parametrize("action", VAULT_KEY_ACTIONS)
def test_b303_a_key_that_denies_an_action_fails_the_backup(aws: Aws, action: str) -> None:
    root = {"AWS": f"arn:aws:iam::{WORKLOAD}:root"}
    keyed(aws, allow("kms:*", principal=root), deny(action)["Statement"][0])
    aws.failed_backup(ORDERS, "B-303", "keyed")


@pytest.mark.parametrize("action", VAULT_KEY_ACTIONS)
def test_b303_a_key_that_does_not_allow_an_action_fails_the_backup(aws: Aws, action: str) -> None:
    others = [other for other in VAULT_KEY_ACTIONS if other != action]
    keyed(aws, allow(*others, "kms:DescribeKey", principal={"AWS": f"arn:aws:iam::{WORKLOAD}:root"}))
    aws.failed_backup(ORDERS, "B-303", "keyed")


def test_b303_a_key_that_names_the_service_linked_role_is_enough(aws: Aws) -> None:
    keyed(aws, allow(*VAULT_KEY_ACTIONS, principal={"AWS": LINKED}))
    assert aws.back_up(ORDERS, "keyed")


def test_b303_a_key_that_names_the_root_of_another_account_fails_the_backup(aws: Aws) -> None:
    keyed(aws, allow("kms:*", principal={"AWS": f"arn:aws:iam::{ARCHIVE}:root"}))
    aws.failed_backup(ORDERS, "B-303", "keyed")


ROOT = f"arn:aws:iam::{WORKLOAD}:root"
VIA_BACKUP = {"StringEquals": {"kms:ViaService": "backup.eu-west-2.amazonaws.com"}}


@pytest.mark.parametrize(
    ("condition", "enough"),
    [
        (VIA_BACKUP, True),
        ({"StringLike": {"kms:ViaService": "backup.*.amazonaws.com"}}, True),
        ({"StringEquals": {"kms:ViaService": "backup.eu-west-1.amazonaws.com"}}, False),
        ({"StringEquals": {"kms:ViaService": "dynamodb.eu-west-2.amazonaws.com"}}, False),
        ({"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": "aws:backup:backup-vault"}}, True),
        ({"StringLike": {"kms:EncryptionContextKeys": "aws:dynamodb:*"}}, False),
        ({"StringEquals": {"kms:CallerAccount": ARCHIVE}}, False),
        ({"StringEquals": {"kms:CallerAccount": WORKLOAD}}, True),
    ],
)
def test_b303_conditions_for_the_account_see_aws_backup(aws: Aws, condition: dict, enough: bool) -> None:
    keyed(aws, allow(*VAULT_KEY_ACTIONS, principal={"AWS": ROOT}, Condition=condition))
    if enough:
        assert aws.back_up(ORDERS, "keyed")
    else:
        aws.failed_backup(ORDERS, "B-303", "keyed")


def test_b303_a_grant_of_the_service_linked_role_is_not_via_a_service(aws: Aws) -> None:
    keyed(
        aws,
        allow("kms:GenerateDataKey", "kms:Decrypt", principal={"AWS": LINKED}),
        allow("kms:CreateGrant", principal={"AWS": LINKED}, Condition=VIA_BACKUP),
    )
    aws.failed_backup(ORDERS, "B-303", "keyed")


def test_b303_other_requests_of_the_service_linked_role_are_via_aws_backup(aws: Aws) -> None:
    keyed(
        aws,
        allow("kms:GenerateDataKey", "kms:Decrypt", principal={"AWS": LINKED}, Condition=VIA_BACKUP),
        allow("kms:CreateGrant", principal={"AWS": LINKED}),
    )
    assert aws.back_up(ORDERS, "keyed")


@pytest.mark.parametrize("action", VAULT_KEY_ACTIONS)
def test_b303_a_key_that_denies_the_service_linked_role_prevails(aws: Aws, action: str) -> None:
    keyed(aws, allow("kms:*", principal={"AWS": ROOT}), deny(action, principal={"AWS": LINKED})["Statement"][0])
    aws.failed_backup(ORDERS, "B-303", "keyed")


def test_b303_grants_are_for_an_aws_resource(aws: Aws) -> None:
    keyed(
        aws,
        allow("kms:GenerateDataKey", "kms:Decrypt", principal={"AWS": LINKED}),
        allow("kms:CreateGrant", principal={"AWS": LINKED}, Condition={"Bool": {"kms:GrantIsForAWSResource": "true"}}),
    )
    assert aws.back_up(ORDERS, "keyed")


def test_b303_a_key_of_the_destination_that_denies_aws_backup_fails_the_copy(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    key = aws.key("archive", ARCHIVE)
    aws.vault("keyed", ARCHIVE, EncryptionKeyArn=key)
    aws.policy("keyed", {"Statement": [allow("backup:CopyIntoBackupVault", principal="*")]}, ARCHIVE)
    aws.key("archive", ARCHIVE, policy={"Statement": [allow("kms:DescribeKey", principal="*")]})
    aws.failed(aws.ended_copy(point, "local", vault_arn("keyed", ARCHIVE)), "B-303")


def test_b303_a_key_of_the_source_that_denies_aws_backup_fails_the_copy(aws: Aws) -> None:
    keyed(aws)
    point = aws.back_up(ORDERS, "keyed")
    aws.key("vault", policy={"Statement": [allow("kms:DescribeKey", principal="*")]})
    aws.failed(aws.ended_copy(point, "keyed", ARCHIVED), "B-303")


def test_b303_a_key_that_denies_aws_backup_fails_the_restore(aws: Aws) -> None:
    keyed(aws)
    point = aws.back_up(ORDERS, "keyed")
    aws.key("vault", policy={"Statement": [allow("kms:DescribeKey", principal="*")]})
    aws.failed(aws.ended_restore(point), "B-303")


@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:GenerateDataKey"])
def test_b305_a_backup_of_a_table_with_a_key_needs_the_key(aws: Aws, action: str) -> None:
    key = aws.key("table")
    aws.table("secret", key_arn=key)
    aws.world.without(ROLE, action, resource=key)
    aws.failed_backup(table_arn("secret"), "B-305")


@pytest.mark.parametrize(("service", "enough"), [("dynamodb.eu-west-2", True), ("dynamodb.eu-west-1", False), ("s3.eu-west-2", False)])
def test_b305_the_key_of_a_table_is_used_via_dynamodb(aws: Aws, service: str, enough: bool) -> None:
    via = {"Condition": {"StringEquals": {"kms:ViaService": f"{service}.amazonaws.com"}}}
    aws.table("secret", key_arn=aws.key("table", policy={"Statement": [allow("kms:*", principal={"AWS": ROLE}, **via)]}))
    if enough:
        assert aws.back_up(table_arn("secret"))
    else:
        aws.failed_backup(table_arn("secret"), "B-305")


RESTORE_KEY_ACTIONS = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:CreateGrant"]


@pytest.mark.parametrize("action", RESTORE_KEY_ACTIONS)
def test_b309_a_restore_onto_a_key_needs_the_key(aws: Aws, action: str) -> None:
    point = aws.back_up(ORDERS)
    key = aws.key("target")
    aws.world.without(RESTORE_ROLE, action, resource=key)
    aws.failed(aws.ended_restore(point, encryptionType="KMS", kmsMasterKeyArn=key), "B-309")


@pytest.mark.parametrize("action", RESTORE_KEY_ACTIONS)
def test_b309_a_restore_onto_the_key_of_the_original_table_needs_it(aws: Aws, action: str) -> None:
    key = aws.key("table")
    aws.table("secret", key_arn=key)
    point = aws.back_up(table_arn("secret"))
    aws.world.without(RESTORE_ROLE, action, resource=key)
    aws.failed(aws.ended_restore(point), "B-309")


def test_b309_a_restore_without_a_customer_managed_key_needs_none(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.world.without(RESTORE_ROLE, "kms:*")
    assert aws.ended_restore(point)["Status"] == "COMPLETED"


def table_with_key(aws: Aws, *statements: Any) -> str:
    return aws.table("secret", key_arn=aws.key("table", policy={"Statement": list(statements)}))


def test_b310_a_key_that_allows_the_account_and_a_role_that_may_is_enough(aws: Aws) -> None:
    assert aws.back_up(table_with_key(aws, allow("kms:*", principal={"AWS": f"arn:aws:iam::{WORKLOAD}:root"})))


def test_b310_a_key_that_allows_the_account_is_not_enough_without_a_role_that_may(aws: Aws) -> None:
    table = table_with_key(aws, allow("kms:*", principal={"AWS": f"arn:aws:iam::{WORKLOAD}:root"}))
    aws.world.identities[ROLE] = [{"Effect": "Allow", "Action": ["dynamodb:*", "backup:*"], "Resource": "*"}]
    aws.failed_backup(table, "B-305")


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ROLE}])
def test_b310_a_key_that_allows_the_role_itself_is_enough(aws: Aws, principal: Any) -> None:
    table = table_with_key(aws, allow("kms:*", principal=principal))
    aws.world.identities[ROLE] = [{"Effect": "Allow", "Action": ["dynamodb:*", "backup:*"], "Resource": "*"}]
    assert aws.back_up(table)


def test_b310_a_key_that_allows_neither_is_not_enough_for_a_role_that_may(aws: Aws) -> None:
    table = table_with_key(aws, allow("kms:*", principal={"AWS": RESTORE_ROLE}))
    aws.failed_backup(table, "B-305")


def test_b310_a_key_that_denies_prevails(aws: Aws) -> None:
    table = table_with_key(aws, allow("kms:*", principal={"AWS": ROLE}), deny("kms:Decrypt", principal={"AWS": ROLE})["Statement"][0])
    aws.failed_backup(table, "B-305")
