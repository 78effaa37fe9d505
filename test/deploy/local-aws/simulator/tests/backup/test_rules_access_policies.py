"""The statements about access policies of vaults (B-40 to B-47)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rules_aws import (
    DAY,
    DENIED,
    HOUR,
    INVALID,
    INVALID_REQUEST,
    NOT_FOUND,
    RESTORE_ROLE,
    ROLE,
    WORKLOAD,
    Aws,
    deny,
    refused,
    table_arn,
    vault_arn,
)

ORDERS = table_arn("orders")
OPERATOR = f"arn:aws:iam::{WORKLOAD}:user/operator"
TOPIC = f"arn:aws:sns:eu-west-2:{WORKLOAD}:topic"
VAULT_CALLS: list[tuple[str, dict[str, Any]]] = [
    ("DeleteBackupVault", {}),
    ("DescribeBackupVault", {}),
    ("PutBackupVaultAccessPolicy", {"Policy": json.dumps(deny("backup:DeleteRecoveryPoint"))}),
    ("GetBackupVaultAccessPolicy", {}),
    ("DeleteBackupVaultAccessPolicy", {}),
    ("PutBackupVaultLockConfiguration", {"MinRetentionDays": 7}),
    ("DeleteBackupVaultLockConfiguration", {}),
    ("PutBackupVaultNotifications", {"SNSTopicArn": TOPIC, "BackupVaultEvents": ["BACKUP_JOB_COMPLETED"]}),
    ("GetBackupVaultNotifications", {}),
    ("DeleteBackupVaultNotifications", {}),
    ("ListRecoveryPointsByBackupVault", {}),
    ("ListProtectedResourcesByBackupVault", {}),
    ("StartBackupJob", {"ResourceArn": ORDERS, "IamRoleArn": ROLE}),
]
POINT_CALLS: list[tuple[str, dict[str, Any]]] = [
    ("DescribeRecoveryPoint", {}),
    ("DisassociateRecoveryPoint", {}),
    ("GetRecoveryPointRestoreMetadata", {}),
    ("DeleteRecoveryPoint", {}),
    ("UpdateRecoveryPointLifecycle", {"Lifecycle": {"DeleteAfterDays": 1}}),
]


def get_policy(aws: Aws) -> Any:
    return json.loads(aws.call("GetBackupVaultAccessPolicy", BackupVaultName="local")["Policy"])


@pytest.mark.parametrize("action", ["*", "backup:*", "backup:Delete*", "backup:DeleteRecoveryPoin?", "backup:*RecoveryPoint"])
def test_b40_an_action_with_a_wildcard_is_refused(aws: Aws, action: str) -> None:
    with refused(INVALID, "B-40"):
        aws.policy("local", deny(action))


def test_b40_a_wildcard_in_one_of_several_actions_is_refused(aws: Aws) -> None:
    with refused(INVALID, "B-40"):
        aws.policy("local", deny("backup:DeleteRecoveryPoint", "backup:Put*"))


def test_b40_an_action_with_a_wildcard_that_is_not_in_a_list_is_refused(aws: Aws) -> None:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "backup:*", "Resource": "*"}
    with refused(INVALID, "B-40"):
        aws.policy("local", {"Version": "2012-10-17", "Statement": statement})


def test_b40_wildcards_in_principal_and_resource_are_accepted(aws: Aws) -> None:
    aws.policy("local", deny("backup:DeleteRecoveryPoint"))
    assert get_policy(aws)["Statement"][0]["Action"] == ["backup:DeleteRecoveryPoint"]


@pytest.mark.parametrize(
    "policy",
    [
        "",
        "no policy",
        "[]",
        "7",
        '{"Version": "2012-10-17"}',
        '{"Version": "2012-10-17", "Statement": []}',
        '{"Statement": [{"Effect": "Deny", "Principal": "*", "Resource": "*"}]}',
        '{"Statement": [{"Effect": "Perhaps", "Principal": "*", "Action": "backup:StartBackupJob", "Resource": "*"}]}',
    ],
)
def test_b41_what_is_no_policy_document_is_refused(aws: Aws, policy: str) -> None:
    with refused(INVALID, "B-41"):
        aws.call("PutBackupVaultAccessPolicy", BackupVaultName="local", Policy=policy)


def test_b42_a_policy_that_is_not_there_is_not_found(aws: Aws) -> None:
    with refused(NOT_FOUND, "B-42"):
        aws.call("GetBackupVaultAccessPolicy", BackupVaultName="local")


def test_b42_the_deletion_of_a_policy_that_is_not_there_succeeds(aws: Aws) -> None:
    aws.call("DeleteBackupVaultAccessPolicy", BackupVaultName="local")


def test_b42_a_deleted_policy_is_gone(aws: Aws) -> None:
    aws.policy("local", deny("backup:DeleteRecoveryPoint"))
    aws.call("DeleteBackupVaultAccessPolicy", BackupVaultName="local")
    with refused(NOT_FOUND, "B-42"):
        get_policy(aws)


@pytest.mark.parametrize(("operation", "params"), VAULT_CALLS, ids=[name for name, _ in VAULT_CALLS])
def test_b43_a_denied_call_on_a_vault_is_refused(aws: Aws, operation: str, params: dict) -> None:
    aws.policy("local", deny(f"backup:{operation}"))
    with refused(DENIED, "B-43"):
        aws.call(operation, BackupVaultName="local", **params)


@pytest.mark.parametrize(("operation", "params"), VAULT_CALLS, ids=[name for name, _ in VAULT_CALLS])
def test_b43_a_denial_for_somebody_else_does_not_concern_the_caller(aws: Aws, operation: str, params: dict) -> None:
    aws.call("PutBackupVaultNotifications", BackupVaultName="local", SNSTopicArn=TOPIC, BackupVaultEvents=["BACKUP_JOB_COMPLETED"])
    aws.policy("local", deny(f"backup:{operation}", principal={"AWS": f"arn:aws:iam::{WORKLOAD}:user/other"}))
    aws.call(operation, BackupVaultName="local", **params)


@pytest.mark.parametrize(("operation", "params"), POINT_CALLS, ids=[name for name, _ in POINT_CALLS])
def test_b43_a_denied_call_on_a_recovery_point_is_refused(aws: Aws, operation: str, params: dict) -> None:
    point = aws.back_up(ORDERS)
    aws.policy("local", deny(f"backup:{operation}"))
    with refused(DENIED, "B-43"):
        aws.call(operation, BackupVaultName="local", RecoveryPointArn=point, **params)


def test_b43_a_denied_copy_is_refused(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.policy("local", deny("backup:StartCopyJob"))
    with refused(DENIED, "B-43"):
        aws.start_copy(point, "local", vault_arn("remote", region="eu-west-1"))


def test_b43_a_denied_restore_is_refused(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.policy("local", deny("backup:StartRestoreJob"))
    with refused(DENIED, "B-43"):
        aws.start_restore(point, role=RESTORE_ROLE, targetTableName="restored")


def test_b43_whom_a_condition_excludes_may_still_call(aws: Aws) -> None:
    document = deny("backup:DescribeBackupVault")
    document["Statement"][0]["Condition"] = {"ArnNotLike": {"aws:PrincipalArn": OPERATOR}}
    aws.policy("local", document)
    aws.call("DescribeBackupVault", BackupVaultName="local")
    with refused(DENIED, "B-43"):
        aws.call("DescribeBackupVault", principal=f"arn:aws:iam::{WORKLOAD}:user/other", BackupVaultName="local")


@pytest.mark.parametrize(("operation", "params"), POINT_CALLS, ids=[name for name, _ in POINT_CALLS])
def test_b44_a_call_that_names_a_point_is_asked_about_the_point(aws: Aws, operation: str, params: dict) -> None:
    point = aws.back_up(ORDERS)
    aws.policy("local", deny(f"backup:{operation}", resource=point))
    with refused(DENIED, "B-43", "B-44"):
        aws.call(operation, BackupVaultName="local", RecoveryPointArn=point, **params)


def test_b44_a_call_that_names_a_point_is_not_asked_about_the_vault(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.policy("local", deny("backup:DeleteRecoveryPoint", resource=vault_arn("local")))
    aws.delete_point("local", point)


@pytest.mark.parametrize(("operation", "params"), VAULT_CALLS, ids=[name for name, _ in VAULT_CALLS])
def test_b44_other_calls_are_asked_about_the_vault(aws: Aws, operation: str, params: dict) -> None:
    aws.policy("local", deny(f"backup:{operation}", resource=vault_arn("local")))
    with refused(DENIED, "B-43", "B-44"):
        aws.call(operation, BackupVaultName="local", **params)


def test_b45_a_policy_that_says_nothing_of_a_call_changes_nothing(aws: Aws) -> None:
    aws.policy("local", deny("backup:StartBackupJob"))
    aws.call("DescribeBackupVault", BackupVaultName="local")
    aws.call("DeleteBackupVault", BackupVaultName="local")


def test_b46_a_point_expires_although_the_policy_denies_its_deletion_to_everybody(aws: Aws) -> None:
    aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    aws.policy("local", deny("backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"))
    aws.forward(6 * DAY)
    assert len(aws.points("local")) == 1
    aws.forward(2 * DAY)
    assert aws.points("local") == []


def test_b47_the_policy_is_asked_before_the_lock(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 35})
    aws.lock("local", MinRetentionDays=7)
    aws.policy("local", deny("backup:DeleteRecoveryPoint"))
    with refused(DENIED, "B-43", "B-47"):
        aws.delete_point("local", point)
    aws.forward(HOUR)
    assert aws.points("local") == [point]


def test_b47_without_a_policy_the_lock_refuses(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 35})
    aws.lock("local", MinRetentionDays=7)
    with refused(INVALID_REQUEST, "B-28"):
        aws.delete_point("local", point)
