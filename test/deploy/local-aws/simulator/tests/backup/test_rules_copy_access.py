"""The statements about what another account lets in (B-160 to B-164)."""

from __future__ import annotations

import pytest
from backup.world import Organization
from rules_aws import ARCHIVE, IRELAND, LET_COPIES_IN, MANAGEMENT, ROLE, STRANGER, WORKLOAD, Aws, table_arn, vault_arn

ORDERS = table_arn("orders")
REMOTE, ARCHIVED = vault_arn("remote", region=IRELAND), vault_arn("archive", ARCHIVE)


def test_b160_into_another_account_a_vault_without_a_policy_lets_nothing_in(aws: Aws) -> None:
    aws.vault("closed", ARCHIVE)
    job = aws.ended_copy(aws.back_up(ORDERS), "local", vault_arn("closed", ARCHIVE))
    aws.failed(job, "B-160")
    assert "Access Denied trying to call AWS Backup service" in job["StatusMessage"]


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444444444444:root"}, "Action": "backup:CopyIntoBackupVault"},
        {"Effect": "Allow", "Principal": "*", "Action": "backup:StartBackupJob"},
        {"Effect": "Deny", "Principal": "*", "Action": "backup:CopyIntoBackupVault"},
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "backup:CopyIntoBackupVault",
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-other"}},
        },
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "backup:CopyIntoBackupVault",
            "Resource": "arn:aws:backup:eu-west-2:333333333333:backup-vault:other",
        },
    ],
    ids=["another account", "another action", "denied", "another organization", "another vault"],
)
def test_b160_a_policy_that_does_not_let_the_role_in_fails_the_copy(aws: Aws, statement: dict) -> None:
    aws.policy("archive", {"Version": "2012-10-17", "Statement": [{"Resource": "*", **statement}]}, ARCHIVE)
    aws.failed(aws.ended_copy(aws.back_up(ORDERS), "local", ARCHIVED), "B-160")
    assert aws.points("archive", ARCHIVE) == []


def test_b160_a_deny_prevails_over_an_allow(aws: Aws) -> None:
    allow = {"Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
    denied = {**allow, "Effect": "Deny", "Principal": {"AWS": ROLE}}
    aws.policy("archive", {"Version": "2012-10-17", "Statement": [allow, denied]}, ARCHIVE)
    aws.failed(aws.ended_copy(aws.back_up(ORDERS), "local", ARCHIVED), "B-160")


@pytest.mark.parametrize(
    "statement",
    [
        {"Principal": {"AWS": f"arn:aws:iam::{WORKLOAD}:root"}, "Resource": "*"},
        {"Principal": {"AWS": ROLE}, "Resource": "*"},
        {"Principal": "*", "Resource": ARCHIVED},
        {"Principal": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}},
    ],
    ids=["account", "role", "vault", "organization"],
)
def test_b160_a_policy_that_lets_the_role_in_is_enough(aws: Aws, statement: dict) -> None:
    allow = {"Effect": "Allow", "Action": "backup:CopyIntoBackupVault", **statement}
    aws.policy("archive", {"Version": "2012-10-17", "Statement": [allow]}, ARCHIVE)
    assert aws.copy(aws.back_up(ORDERS), "local", ARCHIVED)


def test_b161_within_the_account_no_policy_is_needed(aws: Aws) -> None:
    assert aws.copy(aws.back_up(ORDERS), "local", REMOTE)


def test_b161_within_the_account_a_deny_fails_the_copy(aws: Aws) -> None:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
    aws.policy("remote", {"Version": "2012-10-17", "Statement": [statement]}, region=IRELAND)
    aws.failed(aws.ended_copy(aws.back_up(ORDERS), "local", REMOTE), "B-161")


@pytest.mark.parametrize("organization", [None, Organization("o-other", STRANGER, "o-other/r-x/")])
def test_b162_accounts_of_different_organizations_can_not_copy(aws: Aws, organization: Organization | None) -> None:
    if organization:
        aws.world.organizations[ARCHIVE] = organization
    else:
        del aws.world.organizations[ARCHIVE]
    job = aws.ended_copy(aws.back_up(ORDERS), "local", ARCHIVED)
    aws.failed(job, "B-162")
    assert "Both source and destination account must be a member of the same organization" in job["StatusMessage"]


def test_b163_copies_across_accounts_have_to_be_turned_on(aws: Aws) -> None:
    aws.call("UpdateGlobalSettings", MANAGEMENT, GlobalSettings={"isCrossAccountBackupEnabled": "false"})
    job = aws.ended_copy(aws.back_up(ORDERS), "local", ARCHIVED)
    aws.failed(job, "B-163")
    assert "Cross-account copy feature is not enabled for the current organization" in job["StatusMessage"]


def test_b163_copies_within_the_account_need_no_setting(aws: Aws) -> None:
    aws.call("UpdateGlobalSettings", MANAGEMENT, GlobalSettings={"isCrossAccountBackupEnabled": "false"})
    assert aws.copy(aws.back_up(ORDERS), "local", REMOTE)


def test_b164_the_default_vault_of_another_account_can_not_be_the_destination(aws: Aws) -> None:
    aws.vault("Default", ARCHIVE)
    aws.policy("Default", LET_COPIES_IN, ARCHIVE)
    aws.failed(aws.ended_copy(aws.back_up(ORDERS), "local", vault_arn("Default", ARCHIVE)), "B-164")


def test_b164_the_default_vault_of_the_account_can_be_the_destination(aws: Aws) -> None:
    aws.vault("Default", region=IRELAND)
    assert aws.copy(aws.back_up(ORDERS), "local", vault_arn("Default", region=IRELAND))
