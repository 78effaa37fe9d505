"""The statements about permissions of the role of a copy (B-156 to B-159)."""

from __future__ import annotations

from typing import Any

import pytest
from rules_aws import ARCHIVE, IRELAND, ROLE, Aws, deny, table_arn, vault_arn

ORDERS = table_arn("orders")
REMOTE, ARCHIVED = vault_arn("remote", region=IRELAND), vault_arn("archive", ARCHIVE)


def asked(aws: Aws, principal: str, action: str) -> list[tuple[str, Any]]:
    """Resources and contexts that the world was asked about."""
    return [(resource, context) for who, what, resource, context in aws.world.asked if (who, what) == (principal, action)]


def test_b156_a_role_that_is_gone_fails_the_copy(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.world.delete_role(ROLE)
    aws.failed(aws.ended_copy(point, "local", REMOTE), "B-156")


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}},
        {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Condition": {"StringEquals": {"aws:SourceAccount": ARCHIVE}}},
    ],
    ids=["another service", "another account"],
)
def test_b156_a_role_that_aws_backup_can_not_assume_fails_the_copy(aws: Aws, statement: dict) -> None:
    point = aws.back_up(ORDERS)
    aws.world.trusts[ROLE] = {"Statement": [{"Action": "sts:AssumeRole", **statement}]}
    aws.failed(aws.ended_copy(point, "local", ARCHIVED), "B-156")


def test_b157_a_copy_needs_copy_from_backup_vault_on_the_point(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.world.without(ROLE, "backup:CopyFromBackupVault", resource=point)
    aws.failed(aws.ended_copy(point, "local", REMOTE), "B-157")


@pytest.mark.parametrize(("wanted", "enough"), [(ARCHIVED, True), (REMOTE, False), (f"arn:aws:backup:*:{ARCHIVE}:backup-vault:*", True)])
def test_b157_the_destination_is_in_the_condition_key_copy_targets(aws: Aws, wanted: str, enough: bool) -> None:
    point = aws.back_up(ORDERS)
    aws.world.identities[ROLE] = [
        {"Effect": "Allow", "Action": "backup:CopyIntoBackupVault", "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": "backup:CopyFromBackupVault",
            "Resource": "*",
            "Condition": {"ForAllValues:ArnLike": {"backup:CopyTargets": wanted}},
        },
    ]
    job = aws.ended_copy(point, "local", ARCHIVED)
    if enough:
        assert job["State"] == "COMPLETED"
    else:
        aws.failed(job, "B-157")


def test_b157_the_path_of_the_destination_account_is_in_a_condition_key(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.copy(point, "local", ARCHIVED)
    (context,) = {repr(sorted(context.items())): context for _, context in asked(aws, ROLE, "backup:CopyFromBackupVault")}.values()
    assert context["backup:CopyTargets"] == [ARCHIVED]
    assert context["backup:CopyTargetOrgPaths"] == [f"o-a1b2c3d4e5/r-a1b2/ou-{ARCHIVE}/"]


@pytest.mark.parametrize("destination", [REMOTE, ARCHIVED])
def test_b158_a_copy_needs_copy_into_backup_vault_on_the_destination(aws: Aws, destination: str) -> None:
    point = aws.back_up(ORDERS)
    aws.world.without(ROLE, "backup:CopyIntoBackupVault", resource=destination)
    aws.failed(aws.ended_copy(point, "local", destination), "B-158")


@pytest.mark.parametrize("resource", ["*", "arn:aws:backup:eu-west-2:222222222222:recovery-point:*"])
def test_b159_a_source_vault_that_denies_copies_fails_them(aws: Aws, resource: str) -> None:
    point = aws.back_up(ORDERS)
    aws.policy("local", deny("backup:CopyFromBackupVault", resource=resource))
    aws.failed(aws.ended_copy(point, "local", ARCHIVED), "B-159")


def test_b159_a_source_vault_is_asked_about_the_point_and_not_about_itself(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.policy("local", deny("backup:CopyFromBackupVault", resource=vault_arn("local")))
    assert aws.copy(point, "local", ARCHIVED)


def test_b159_a_source_vault_may_let_copies_out_to_some_accounts_only(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    document = deny("backup:CopyFromBackupVault")
    inside = f"arn:aws:backup:*:{ARCHIVE}:backup-vault:*"
    document["Statement"][0]["Condition"] = {"ForAnyValue:ArnNotLike": {"backup:CopyTargets": inside}}
    aws.policy("local", document)
    assert aws.copy(point, "local", ARCHIVED)
    aws.failed(aws.ended_copy(point, "local", REMOTE), "B-159")
