"""The statements about keys of backups and copies (B-13 to B-15, B-130, B-169 to B-171)."""

from __future__ import annotations

import pytest
from backup.world import Key, Resource
from rules_aws import ARCHIVE, EXISTS, INVALID, IRELAND, LET_COPIES_IN, WORKLOAD, Aws, refused, table_arn, vault_arn

ORDERS = table_arn("orders")
REMOTE, ARCHIVED = vault_arn("remote", region=IRELAND), vault_arn("archive", ARCHIVE)
VOLUME = f"arn:aws:ec2:eu-west-2:{WORKLOAD}:volume/vol-1"
UNUSABLE = ["Disabled", "PendingDeletion", "gone"]


def make_unusable(aws: Aws, key: str, state: str) -> None:
    if state == "gone":
        del aws.world.keys[key]
    else:
        aws.world.keys[key] = Key(key, state, aws.world.keys[key].policy, "CUSTOMER")


def volume(aws: Aws, key: str | None = None) -> str:
    aws.world.tables[VOLUME] = Resource(VOLUME, "EBS", key_arn=key)
    return VOLUME


def keyed_archive(aws: Aws, key: str | None = None) -> str:
    """A vault of the archive account with a customer managed key that lets copies in."""
    aws.vault("keyed", ARCHIVE, EncryptionKeyArn=key or aws.key("archive", ARCHIVE))
    aws.policy("keyed", LET_COPIES_IN, ARCHIVE)
    return vault_arn("keyed", ARCHIVE)


def test_b13_a_vault_without_a_key_has_the_aws_managed_key_of_its_account_and_region(aws: Aws) -> None:
    described = aws.call("DescribeBackupVault", BackupVaultName="local")
    assert described["EncryptionKeyArn"] == f"arn:aws:kms:eu-west-2:{WORKLOAD}:key/aws/backup"


def test_b13_a_vault_keeps_the_key_that_it_was_created_with(aws: Aws) -> None:
    key = aws.key("vault")
    aws.vault("keyed", EncryptionKeyArn=key)
    assert aws.call("DescribeBackupVault", BackupVaultName="keyed")["EncryptionKeyArn"] == key


@pytest.mark.parametrize("state", ["Disabled", "PendingDeletion", "PendingImport"])
def test_b14_a_vault_with_a_key_that_is_not_enabled_is_refused(aws: Aws, state: str) -> None:
    with refused(INVALID, "B-14"):
        aws.vault("keyed", EncryptionKeyArn=aws.key("vault", state=state))


def test_b14_a_vault_with_a_key_that_does_not_exist_is_refused(aws: Aws) -> None:
    with refused(INVALID, "B-14"):
        aws.vault("keyed", EncryptionKeyArn=f"arn:aws:kms:eu-west-2:{WORKLOAD}:key/nothing")


def test_b14_a_vault_with_a_key_of_another_region_is_refused(aws: Aws) -> None:
    with refused(INVALID, "B-14"):
        aws.vault("keyed", EncryptionKeyArn=aws.key("vault", region=IRELAND))


def test_b15_a_retry_with_another_key_does_not_change_the_key(aws: Aws) -> None:
    first, second = aws.key("first"), aws.key("second")
    aws.vault("keyed", EncryptionKeyArn=first, CreatorRequestId="r-1")
    aws.vault("keyed", EncryptionKeyArn=second, CreatorRequestId="r-1")
    assert aws.call("DescribeBackupVault", BackupVaultName="keyed")["EncryptionKeyArn"] == first


def test_b15_a_vault_with_another_key_can_not_take_the_place_of_one(aws: Aws) -> None:
    with refused(EXISTS, "B-11"):
        aws.vault("local", EncryptionKeyArn=aws.key("other"))


@pytest.mark.parametrize("state", UNUSABLE)
def test_b130_a_backup_into_a_vault_whose_key_can_not_be_used_fails(aws: Aws, state: str) -> None:
    key = aws.key("vault")
    aws.vault("keyed", EncryptionKeyArn=key)
    make_unusable(aws, key, state)
    aws.failed_backup(ORDERS, "B-130", "keyed")


def test_b130_a_key_that_is_enabled_again_works(aws: Aws) -> None:
    key = aws.key("vault")
    aws.vault("keyed", EncryptionKeyArn=key)
    make_unusable(aws, key, "Disabled")
    aws.key("vault")
    assert aws.back_up(ORDERS, "keyed")


@pytest.mark.parametrize("key_of_the_destination", ["customer managed", "aws/backup"])
def test_b169_a_copy_has_the_key_of_the_destination_vault(aws: Aws, key_of_the_destination: str) -> None:
    aws.vault("source", EncryptionKeyArn=aws.key("source"))
    point = aws.back_up(ORDERS, "source")
    destination = ARCHIVED if key_of_the_destination == "aws/backup" else keyed_archive(aws)
    copied = aws.copy(point, "source", destination)
    name = destination.split(":")[-1]
    key = aws.call("DescribeBackupVault", ARCHIVE, BackupVaultName=name)["EncryptionKeyArn"]
    assert aws.point(name, copied, ARCHIVE)["EncryptionKeyArn"] == key


@pytest.mark.parametrize("state", UNUSABLE)
def test_b170_a_copy_fails_if_the_key_of_the_source_can_not_be_used(aws: Aws, state: str) -> None:
    key = aws.key("source")
    aws.vault("source", EncryptionKeyArn=key)
    point = aws.back_up(ORDERS, "source")
    make_unusable(aws, key, state)
    aws.failed(aws.ended_copy(point, "source", ARCHIVED), "B-170")


@pytest.mark.parametrize("state", UNUSABLE)
def test_b170_a_copy_fails_if_the_key_of_the_destination_can_not_be_used(aws: Aws, state: str) -> None:
    point = aws.back_up(ORDERS)
    destination = keyed_archive(aws)
    make_unusable(aws, f"arn:aws:kms:eu-west-2:{ARCHIVE}:key/archive", state)
    aws.failed(aws.ended_copy(point, "local", destination), "B-170")


def test_b170_the_key_of_the_source_need_not_be_shared_with_the_destination_account(aws: Aws) -> None:
    aws.vault("source", EncryptionKeyArn=aws.key("source"))
    assert aws.copy(aws.back_up(ORDERS, "source"), "source", keyed_archive(aws))


@pytest.mark.parametrize("destination", [REMOTE, ARCHIVED])
def test_b171_a_volume_can_not_be_copied_into_a_vault_with_the_aws_managed_key(aws: Aws, destination: str) -> None:
    point = aws.back_up(volume(aws))
    aws.failed(aws.ended_copy(point, "local", destination), "B-171")


def shared_with(account: str, *actions: str) -> dict:
    linked = f"arn:aws:iam::{account}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
    own = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{WORKLOAD}:root"}, "Action": "kms:*", "Resource": "*"}
    other = {"Effect": "Allow", "Principal": {"AWS": linked}, "Action": list(actions), "Resource": "*"}
    return {"Statement": [own, other]}


def test_b171_a_volume_with_a_key_that_is_shared_can_be_copied_to_another_account(aws: Aws) -> None:
    key = aws.key("volume", policy=shared_with(ARCHIVE, "kms:Decrypt", "kms:CreateGrant"))
    assert aws.copy(aws.back_up(volume(aws, key)), "local", keyed_archive(aws))


@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:CreateGrant"])
def test_b171_a_volume_with_a_key_that_is_not_fully_shared_can_not_be_copied_to_another_account(aws: Aws, action: str) -> None:
    key = aws.key("volume", policy=shared_with(ARCHIVE, action))
    point = aws.back_up(volume(aws, key))
    aws.failed(aws.ended_copy(point, "local", keyed_archive(aws)), "B-171")


def test_b171_a_volume_with_an_aws_managed_key_can_not_be_copied_to_another_account(aws: Aws) -> None:
    point = aws.back_up(volume(aws, f"arn:aws:kms:eu-west-2:{WORKLOAD}:key/aws/ebs"))
    aws.failed(aws.ended_copy(point, "local", keyed_archive(aws)), "B-171")


def test_b171_a_volume_with_an_aws_managed_key_can_be_copied_within_the_account(aws: Aws) -> None:
    point = aws.back_up(volume(aws, f"arn:aws:kms:eu-west-2:{WORKLOAD}:key/aws/ebs"))
    aws.vault("keyed", region=IRELAND, EncryptionKeyArn=aws.key("vault", region=IRELAND))
    assert aws.copy(point, "local", vault_arn("keyed", region=IRELAND))
