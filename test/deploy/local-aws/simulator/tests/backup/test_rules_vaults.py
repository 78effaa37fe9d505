"""The statements about calls in general (B-1 to B-6) and about vaults (B-10 to B-19)."""

from __future__ import annotations

from typing import Any

import pytest
from rules_aws import (
    ARCHIVE,
    DENIED,
    EXISTS,
    HOUR,
    INVALID,
    INVALID_REQUEST,
    IRELAND,
    LIMIT,
    MISSING,
    NOT_FOUND,
    ROLE,
    Aws,
    refused,
    rule,
    table_arn,
    vault_arn,
)

ORDERS = table_arn("orders")
POINT = "arn:aws:backup:eu-west-2:222222222222:recovery-point:00000000-0000-0000-0000-000000000000"


def names(aws: Aws, account: str = "222222222222", region: str = "eu-west-2") -> list[str]:
    return [vault["BackupVaultName"] for vault in aws.call("ListBackupVaults", account, region)["BackupVaultList"]]


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("CreateBackupVault", {}),
        ("DescribeBackupVault", {}),
        ("DeleteBackupVault", {}),
        ("PutBackupVaultNotifications", {"BackupVaultName": "local", "BackupVaultEvents": ["BACKUP_JOB_COMPLETED"]}),
        ("PutBackupVaultNotifications", {"BackupVaultName": "local", "SNSTopicArn": "arn:aws:sns:eu-west-2:222222222222:t"}),
        ("StartBackupJob", {"BackupVaultName": "local", "IamRoleArn": ROLE}),
        ("StartBackupJob", {"BackupVaultName": "local", "ResourceArn": ORDERS}),
        ("StartCopyJob", {"SourceBackupVaultName": "local", "RecoveryPointArn": POINT, "IamRoleArn": ROLE}),
        ("StartRestoreJob", {"Metadata": {}}),
        ("CreateBackupPlan", {}),
        ("CreateBackupSelection", {"BackupPlanId": "plan"}),
        ("TagResource", {"ResourceArn": vault_arn("local")}),
        ("UpdateRecoveryPointLifecycle", {"BackupVaultName": "local"}),
    ],
)
def test_b1_a_call_without_a_required_member_is_refused(aws: Aws, operation: str, params: dict[str, Any]) -> None:
    with refused(MISSING, "B-1"):
        aws.call(operation, **params)


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("DescribeBackupVault", {"BackupVaultName": "nothing"}),
        ("DeleteBackupVault", {"BackupVaultName": "nothing"}),
        ("PutBackupVaultLockConfiguration", {"BackupVaultName": "nothing", "MinRetentionDays": 7}),
        ("DeleteBackupVaultLockConfiguration", {"BackupVaultName": "nothing"}),
        ("GetBackupVaultAccessPolicy", {"BackupVaultName": "nothing"}),
        ("DeleteBackupVaultAccessPolicy", {"BackupVaultName": "nothing"}),
        ("GetBackupVaultNotifications", {"BackupVaultName": "nothing"}),
        ("ListRecoveryPointsByBackupVault", {"BackupVaultName": "nothing"}),
        ("GetBackupPlan", {"BackupPlanId": "nothing"}),
        ("DeleteBackupPlan", {"BackupPlanId": "nothing"}),
        ("ListBackupPlanVersions", {"BackupPlanId": "nothing"}),
        ("GetBackupSelection", {"BackupPlanId": "nothing", "SelectionId": "nothing"}),
        ("DescribeBackupJob", {"BackupJobId": "nothing"}),
        ("StopBackupJob", {"BackupJobId": "nothing"}),
        ("DescribeCopyJob", {"CopyJobId": "nothing"}),
        ("DescribeRestoreJob", {"RestoreJobId": "nothing"}),
        ("DescribeRecoveryPoint", {"BackupVaultName": "local", "RecoveryPointArn": POINT}),
        ("DeleteRecoveryPoint", {"BackupVaultName": "local", "RecoveryPointArn": POINT}),
        ("UpdateRecoveryPointLifecycle", {"BackupVaultName": "local", "RecoveryPointArn": POINT, "Lifecycle": {}}),
    ],
)
def test_b2_what_does_not_exist_is_not_found(aws: Aws, operation: str, params: dict[str, Any]) -> None:
    with refused(NOT_FOUND, "B-2"):
        aws.call(operation, **params)


def test_b3_a_list_is_returned_in_parts(aws: Aws) -> None:
    for number in range(4):
        aws.vault(f"more-{number}")
    seen: list[str] = []
    token: dict[str, str] = {}
    sizes = []
    while True:
        answer = aws.call("ListBackupVaults", MaxResults=2, **token)
        seen += [vault["BackupVaultName"] for vault in answer["BackupVaultList"]]
        sizes.append(len(answer["BackupVaultList"]))
        if "NextToken" not in answer:
            break
        token = {"NextToken": answer["NextToken"]}
    assert sizes == [2, 2, 1]
    assert sorted(seen) == ["local", "more-0", "more-1", "more-2", "more-3"]


@pytest.mark.parametrize("given", [{"MaxResults": 0}, {"MaxResults": -1}, {"MaxResults": 1001}, {"NextToken": "unknown"}])
@pytest.mark.parametrize("operation", ["ListBackupVaults", "ListBackupPlans", "ListBackupJobs", "ListCopyJobs", "ListRestoreJobs"])
def test_b3_a_size_or_token_that_is_not_possible_is_refused(aws: Aws, operation: str, given: dict) -> None:
    with refused(INVALID, "B-3"):
        aws.call(operation, **given)


def test_b3_a_list_that_fits_exactly_has_no_token(aws: Aws) -> None:
    aws.vault("second")
    assert "NextToken" not in aws.call("ListBackupVaults", MaxResults=2)


@pytest.mark.parametrize("size", [1, 1000])
def test_b3_the_bounds_of_the_size_are_possible(aws: Aws, size: int) -> None:
    assert len(aws.call("ListBackupVaults", MaxResults=size)["BackupVaultList"]) == 1


@pytest.mark.parametrize(("account", "region"), [("222222222222", IRELAND), (ARCHIVE, "eu-west-2")])
def test_b4_a_vault_of_another_account_or_region_is_not_there(aws: Aws, account: str, region: str) -> None:
    assert "local" not in names(aws, account, region)
    with refused(NOT_FOUND, "B-2", "B-4"):
        aws.call("DescribeBackupVault", account, region, BackupVaultName="local")


@pytest.mark.parametrize(("account", "region"), [("222222222222", IRELAND), (ARCHIVE, "eu-west-2")])
def test_b4_jobs_and_plans_of_another_account_or_region_are_not_there(aws: Aws, account: str, region: str) -> None:
    aws.back_up(ORDERS)
    plan = aws.plan(rule())
    assert aws.backup_jobs(account, region) == []
    assert aws.call("ListBackupPlans", account, region)["BackupPlansList"] == []
    with refused(NOT_FOUND, "B-2", "B-4"):
        aws.call("GetBackupPlan", account, region, BackupPlanId=plan)


def test_b5_a_vault_of_another_account_can_not_be_named(aws: Aws) -> None:
    with refused(DENIED, "B-5"):
        aws.call("DescribeBackupVault", BackupVaultName="archive", BackupVaultAccountId=ARCHIVE)


def test_b5_the_account_of_the_caller_can_be_named(aws: Aws) -> None:
    answer = aws.call("DescribeBackupVault", BackupVaultName="local", BackupVaultAccountId="222222222222")
    assert answer["BackupVaultArn"] == vault_arn("local")


@pytest.mark.parametrize("name", ["a", "a" * 51, "with space", "with.dot", "with/slash", "ümlaut"])
def test_b10_a_name_that_is_not_possible_is_refused(aws: Aws, name: str) -> None:
    with refused(INVALID, "B-10"):
        aws.vault(name)


@pytest.mark.parametrize("name", ["ab", "a" * 50, "With-Hyphen_and_1"])
def test_b10_names_at_the_bounds_are_possible(aws: Aws, name: str) -> None:
    assert aws.vault(name) == vault_arn(name)


def test_b11_a_name_that_is_taken_is_refused(aws: Aws) -> None:
    with refused(EXISTS, "B-11"):
        aws.vault("local")


def test_b11_a_name_of_a_deleted_vault_is_free(aws: Aws) -> None:
    aws.call("DeleteBackupVault", BackupVaultName="local")
    assert aws.vault("local") == vault_arn("local")


def test_b11_the_same_name_is_free_in_another_region_and_account(aws: Aws) -> None:
    aws.vault("local", region=IRELAND)
    aws.vault("local", ARCHIVE)


def test_b12_a_retry_returns_the_vault_that_is_there(aws: Aws) -> None:
    first = aws.call("CreateBackupVault", BackupVaultName="once", CreatorRequestId="r-1")
    aws.forward(HOUR)
    assert aws.call("CreateBackupVault", BackupVaultName="once", CreatorRequestId="r-1") == first


def test_b12_another_request_with_the_name_is_refused(aws: Aws) -> None:
    aws.vault("once", CreatorRequestId="r-1")
    with refused(EXISTS, "B-11", "B-12"):
        aws.vault("once", CreatorRequestId="r-2")


def test_b16_a_vault_with_a_point_can_not_be_deleted(aws: Aws) -> None:
    aws.back_up(ORDERS)
    with refused(INVALID_REQUEST, "B-16"):
        aws.call("DeleteBackupVault", BackupVaultName="local")
    assert len(aws.points("local")) == 1


def test_b16_the_refusal_says_why(aws: Aws) -> None:
    aws.back_up(ORDERS)
    with pytest.raises(Exception, match="Backup vault cannot be deleted because it contains recovery points."):
        aws.call("DeleteBackupVault", BackupVaultName="local")


def test_b16_a_vault_with_a_point_that_is_being_made_can_not_be_deleted(aws: Aws) -> None:
    aws.start_backup(ORDERS)
    aws.forward(60)
    with refused(INVALID_REQUEST, "B-16"):
        aws.call("DeleteBackupVault", BackupVaultName="local")


def test_b16_an_emptied_vault_can_be_deleted(aws: Aws) -> None:
    aws.delete_point("local", aws.back_up(ORDERS))
    aws.forward(HOUR)
    aws.call("DeleteBackupVault", BackupVaultName="local")
    assert "local" not in names(aws)


def both(aws: Aws) -> list[dict[str, Any]]:
    """The vault as it is described and as it is listed."""
    (listed,) = aws.call("ListBackupVaults")["BackupVaultList"]
    return [aws.call("DescribeBackupVault", BackupVaultName="local"), listed]


def test_b17_the_number_of_points_is_returned(aws: Aws) -> None:
    assert [vault["NumberOfRecoveryPoints"] for vault in both(aws)] == [0, 0]
    aws.back_up(ORDERS)
    assert [vault["NumberOfRecoveryPoints"] for vault in both(aws)] == [1, 1]


def test_b17_an_unlocked_vault_has_no_bounds(aws: Aws) -> None:
    for vault in both(aws):
        assert vault["Locked"] is False
        assert not {"MinRetentionDays", "MaxRetentionDays", "LockDate"} & set(vault)


def test_b17_a_vault_in_governance_mode_has_bounds_and_no_date(aws: Aws) -> None:
    aws.lock("local", MinRetentionDays=7, MaxRetentionDays=35)
    for vault in both(aws):
        assert (vault["Locked"], vault["MinRetentionDays"], vault["MaxRetentionDays"]) == (True, 7, 35)
        assert "LockDate" not in vault


def test_b17_a_vault_in_compliance_mode_has_a_date_and_no_days(aws: Aws) -> None:
    aws.lock("local", MinRetentionDays=7, ChangeableForDays=3)
    for vault in both(aws):
        assert "LockDate" in vault
        assert not {"ChangeableForDays", "MaxRetentionDays"} & set(vault)


def test_b18_an_account_has_300_vaults_in_a_region(bare: Aws) -> None:
    for number in range(300):
        bare.vault(f"vault-{number}")
    with refused(LIMIT, "B-18"):
        bare.vault("one-more")
    bare.vault("elsewhere", region=IRELAND)


def test_b19_a_vault_is_available_at_once(bare: Aws) -> None:
    bare.vault("local")
    described = bare.call("DescribeBackupVault", BackupVaultName="local")
    assert (described["VaultState"], described["VaultType"]) == ("AVAILABLE", "BACKUP_VAULT")


def test_b19_an_account_starts_without_a_vault(bare: Aws) -> None:
    assert names(bare) == []
