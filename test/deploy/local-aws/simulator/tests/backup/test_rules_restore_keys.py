"""The statements about encryption of restored tables (B-214, B-216, B-217, B-221)."""

from __future__ import annotations

import pytest
from backup.world import Key
from rules_aws import INVALID, IRELAND, WORKLOAD, Aws, refused, table_arn, vault_arn

ORDERS = table_arn("orders")


@pytest.mark.parametrize("kind", ["AES256", "None", ""])
def test_b214_an_unknown_kind_of_encryption_is_refused(aws: Aws, kind: str) -> None:
    point = aws.back_up(ORDERS)
    with refused(INVALID, "B-214"):
        aws.start_restore(point, targetTableName="restored", encryptionType=kind)


@pytest.mark.parametrize("kind", [{"encryptionType": "Default"}, {}])
def test_b214_a_key_needs_the_encryption_type_kms(aws: Aws, kind: dict) -> None:
    point = aws.back_up(ORDERS)
    with refused(INVALID, "B-214"):
        aws.start_restore(point, targetTableName="restored", kmsMasterKeyArn=aws.key("target"), **kind)


@pytest.mark.parametrize("kind", ["Default", "KMS"])
def test_b214_default_and_kms_without_a_key_are_possible(aws: Aws, kind: str) -> None:
    assert aws.ended_restore(aws.back_up(ORDERS), encryptionType=kind)["Status"] == "COMPLETED"


def test_b216_in_its_region_a_restore_without_encryption_needs_the_key_of_the_original_table(aws: Aws) -> None:
    key = aws.key("table")
    aws.table("secret", key_arn=key)
    point = aws.back_up(table_arn("secret"))
    aws.world.keys[key] = Key(key, "Disabled", aws.world.keys[key].policy, "CUSTOMER")
    assert aws.ended_restore(point)["Status"] == "FAILED"
    assert aws.ended_restore(point, targetTableName="again", encryptionType="Default")["Status"] == "COMPLETED"


def test_b216_in_another_region_a_restore_without_encryption_fails(aws: Aws) -> None:
    copied = aws.copy(aws.back_up(ORDERS), "local", vault_arn("remote", region=IRELAND))
    aws.failed(aws.ended_restore(copied, region=IRELAND), "B-216")


def test_b216_in_another_region_a_restore_with_a_key_completes(aws: Aws) -> None:
    copied = aws.copy(aws.back_up(ORDERS), "local", vault_arn("remote", region=IRELAND))
    key = aws.key("target", region=IRELAND)
    assert aws.ended_restore(copied, region=IRELAND, encryptionType="KMS", kmsMasterKeyArn=key)["Status"] == "COMPLETED"


@pytest.mark.parametrize("state", ["Disabled", "PendingDeletion"])
def test_b217_a_key_that_is_not_enabled_fails_the_restore(aws: Aws, state: str) -> None:
    point = aws.back_up(ORDERS)
    job = aws.ended_restore(point, encryptionType="KMS", kmsMasterKeyArn=aws.key("target", state=state))
    aws.failed(job, "B-217")


def test_b217_a_key_of_another_region_fails_the_restore(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    job = aws.ended_restore(point, encryptionType="KMS", kmsMasterKeyArn=aws.key("target", region=IRELAND))
    aws.failed(job, "B-217")


def test_b217_a_key_that_does_not_exist_fails_the_restore(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    nothing = f"arn:aws:kms:eu-west-2:{WORKLOAD}:key/nothing"
    aws.failed(aws.ended_restore(point, encryptionType="KMS", kmsMasterKeyArn=nothing), "B-217")


@pytest.mark.parametrize("state", ["Disabled", "PendingDeletion"])
def test_b221_a_key_of_the_point_that_can_not_be_used_fails_the_restore(aws: Aws, state: str) -> None:
    aws.vault("keyed", EncryptionKeyArn=aws.key("vault"))
    point = aws.back_up(ORDERS, "keyed")
    aws.key("vault", state=state)
    aws.failed(aws.ended_restore(point), "B-221")


def test_b221_a_key_of_the_point_that_is_gone_fails_the_restore(aws: Aws) -> None:
    key = aws.key("vault")
    aws.vault("keyed", EncryptionKeyArn=key)
    point = aws.back_up(ORDERS, "keyed")
    del aws.world.keys[key]
    aws.failed(aws.ended_restore(point), "B-221")
