"""The statements about what AWS checks beside the called action (B-300 to B-312, without keys)."""

from __future__ import annotations

from typing import Any

import pytest
from rules_aws import ARCHIVE, DAY, DENIED, HOUR, IRELAND, RESTORE_ROLE, ROLE, WORKLOAD, Aws, refused, table_arn, vault_arn

ORDERS = table_arn("orders")
OPERATOR = f"arn:aws:iam::{WORKLOAD}:user/operator"
REMOTE, ARCHIVED = vault_arn("remote", region=IRELAND), vault_arn("archive", ARCHIVE)
LINKED = f"arn:aws:iam::{WORKLOAD}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
VAULT_KEY_ACTIONS = ["kms:CreateGrant", "kms:GenerateDataKey", "kms:Decrypt"]


def asked(aws: Aws, principal: str, action: str) -> list[tuple[str, Any]]:
    """Resources and contexts that the world was asked about."""
    return [(resource, context) for who, what, resource, context in aws.world.asked if (who, what) == (principal, action)]


def allow(*actions: str, principal: Any, **condition: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": list(actions), "Resource": "*", **condition}


def test_b300_a_backup_needs_permission_to_pass_its_role(aws: Aws) -> None:
    aws.world.without(OPERATOR, "iam:PassRole", resource=ROLE)
    with refused(DENIED, "B-300"):
        aws.start_backup(ORDERS)


def test_b300_a_copy_needs_permission_to_pass_its_role(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.world.without(OPERATOR, "iam:PassRole", resource=ROLE)
    with refused(DENIED, "B-300"):
        aws.start_copy(point, "local", REMOTE)


def test_b300_a_restore_needs_permission_to_pass_its_role(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.world.without(OPERATOR, "iam:PassRole", resource=RESTORE_ROLE)
    with refused(DENIED, "B-300"):
        aws.start_restore(point, targetTableName="restored")


def test_b300_a_selection_needs_permission_to_pass_its_role(aws: Aws) -> None:
    plan = aws.call(
        "CreateBackupPlan",
        BackupPlan={"BackupPlanName": "plan", "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "local"}]},
    )["BackupPlanId"]
    aws.world.without(OPERATOR, "iam:PassRole", resource=ROLE)
    with refused(DENIED, "B-300"):
        aws.select(plan, ORDERS)


def test_b300_the_role_is_passed_to_aws_backup(aws: Aws) -> None:
    aws.world.identities[OPERATOR] = [
        {"Effect": "Allow", "Action": "backup:*", "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": ROLE,
            "Condition": {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}},
        },
    ]
    assert aws.start_backup(ORDERS)


def test_b301_a_vault_needs_backup_storage_mount_capsule(aws: Aws) -> None:
    aws.world.without(OPERATOR, "backup-storage:MountCapsule")
    with refused(DENIED, "B-301"):
        aws.vault("other")


def test_b301_mount_capsule_is_asked_for_all_resources(aws: Aws) -> None:
    aws.world.asked.clear()
    aws.vault("other")
    assert [resource for resource, _ in asked(aws, OPERATOR, "backup-storage:MountCapsule")] == ["*"]


@pytest.mark.parametrize("action", [*VAULT_KEY_ACTIONS, "kms:RetireGrant", "kms:DescribeKey"])
def test_b301_a_vault_with_a_key_needs_permissions_on_the_key(aws: Aws, action: str) -> None:
    key = aws.key("vault")
    aws.world.without(OPERATOR, action, resource=key)
    with refused(DENIED, "B-301"):
        aws.vault("other", EncryptionKeyArn=key)


def test_b301_a_vault_without_a_key_needs_no_permissions_on_keys(aws: Aws) -> None:
    aws.world.without(OPERATOR, "kms:*")
    assert aws.vault("other")


def test_b302_region_settings_can_be_updated_by_whom_may_read_them(aws: Aws) -> None:
    aws.world.without(OPERATOR, "backup:DescribeRegionSettings")
    with refused(DENIED, "B-302"):
        aws.advanced()


def keyed(aws: Aws, *statements: Any) -> str:
    """A vault whose key has a policy of these statements."""
    usual = [allow("kms:*", principal={"AWS": f"arn:aws:iam::{WORKLOAD}:root"})]
    key = aws.key("vault")
    aws.vault("keyed", EncryptionKeyArn=key)
    return aws.key("vault", policy={"Statement": list(statements) or usual})


@pytest.mark.parametrize("action", ["dynamodb:DescribeTable", "dynamodb:StartAwsBackupJob", "dynamodb:ListTagsOfResource"])
def test_b304_a_backup_of_a_table_needs_its_actions(aws: Aws, action: str) -> None:
    aws.world.without(ROLE, action, resource=ORDERS)
    aws.failed_backup(ORDERS, "B-304")


def test_b304_with_advanced_features_create_backup_is_not_needed(aws: Aws) -> None:
    aws.world.without(ROLE, "dynamodb:CreateBackup")
    assert aws.back_up(ORDERS)


@pytest.mark.parametrize("action", ["dynamodb:DescribeTable", "dynamodb:CreateBackup", "dynamodb:ListTagsOfResource"])
def test_b304_a_plain_backup_of_a_table_needs_its_actions(bare: Aws, action: str) -> None:
    bare.vault("local")
    bare.table("orders")
    bare.world.without(ROLE, action, resource=ORDERS)
    bare.failed_backup(ORDERS, "B-304")


def test_b304_without_advanced_features_start_aws_backup_job_is_not_needed(bare: Aws) -> None:
    bare.vault("local")
    bare.table("orders")
    bare.world.without(ROLE, "dynamodb:StartAwsBackupJob")
    assert bare.back_up(ORDERS)


def test_b306_a_backup_with_tags_needs_permission_to_tag(aws: Aws) -> None:
    aws.world.without(ROLE, "backup:TagResource")
    aws.failed_backup(ORDERS, "B-306", RecoveryPointTags={"reason": "release"})


def test_b306_a_backup_of_a_tagged_table_needs_permission_to_tag(aws: Aws) -> None:
    aws.table("tagged", tags={"team": "sales"})
    aws.world.without(ROLE, "backup:TagResource")
    aws.failed_backup(table_arn("tagged"), "B-306")


def test_b306_a_backup_without_tags_needs_no_permission_to_tag(aws: Aws) -> None:
    aws.world.without(ROLE, "backup:TagResource")
    assert aws.back_up(ORDERS)


def test_b306_a_copy_of_a_tagged_point_within_the_account_needs_permission_to_tag(aws: Aws) -> None:
    point = aws.back_up(ORDERS, RecoveryPointTags={"reason": "release"})
    aws.world.without(ROLE, "backup:TagResource")
    aws.failed(aws.ended_copy(point, "local", REMOTE), "B-306")


def test_b306_a_copy_of_a_tagged_point_to_another_account_needs_none(aws: Aws) -> None:
    point = aws.back_up(ORDERS, RecoveryPointTags={"reason": "release"})
    aws.world.without(ROLE, "backup:TagResource")
    assert aws.copy(point, "local", ARCHIVED)


def test_b307_a_restore_needs_restore_table_from_aws_backup(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.world.without(RESTORE_ROLE, "dynamodb:RestoreTableFromAwsBackup", resource=table_arn("restored"))
    aws.failed(aws.ended_restore(point), "B-307")


def test_b307_a_restore_of_a_plain_backup_needs_restore_table_from_backup(bare: Aws) -> None:
    bare.vault("local")
    bare.table("orders")
    point = bare.back_up(ORDERS)
    bare.world.without(RESTORE_ROLE, "dynamodb:RestoreTableFromBackup", resource=point)
    bare.failed(bare.ended_restore(point), "B-307")


@pytest.mark.parametrize(
    "action",
    ["Scan", "Query", "UpdateItem", "PutItem", "GetItem", "DeleteItem", "BatchWriteItem", "DescribeTable"],
)
def test_b308_a_restore_needs_to_read_and_write_the_target_table(aws: Aws, action: str) -> None:
    point = aws.back_up(ORDERS)
    aws.world.without(RESTORE_ROLE, f"dynamodb:{action}", resource=table_arn("restored"))
    aws.failed(aws.ended_restore(point), "B-308")
    assert table_arn("restored") not in aws.world.tables


def test_b308_a_restore_needs_nothing_on_the_original_table(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.world.without(RESTORE_ROLE, "dynamodb:*", resource=ORDERS)
    assert aws.ended_restore(point)["Status"] == "COMPLETED"


def test_b311_a_plain_backup_expires_if_its_role_may_not_delete_it(bare: Aws) -> None:
    bare.vault("local")
    bare.table("orders")
    point = bare.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    bare.world.without(ROLE, "dynamodb:DeleteBackup", resource=point)
    bare.forward(8 * DAY)
    assert bare.point("local", point)["Status"] == "EXPIRED"


def test_b311_a_plain_backup_is_deleted_if_its_role_may(bare: Aws) -> None:
    bare.vault("local")
    bare.table("orders")
    bare.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    bare.forward(8 * DAY)
    assert bare.points("local") == []


def test_b197_the_deletion_of_a_plain_backup_by_a_call_needs_the_role_to_be_allowed(bare: Aws) -> None:
    bare.vault("local")
    bare.table("orders")
    point = bare.back_up(ORDERS)
    bare.world.without(ROLE, "dynamodb:DeleteBackup")
    bare.delete_point("local", point)
    bare.forward(HOUR)
    assert bare.point("local", point)["Status"] == "EXPIRED"


def test_b311_a_managed_point_is_deleted_by_a_role_that_may_nothing(aws: Aws) -> None:
    aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    aws.world.identities[ROLE] = []
    aws.forward(8 * DAY)
    assert aws.points("local") == []


def test_b312_the_service_linked_role_need_not_be_made(aws: Aws) -> None:
    keyed(aws)
    assert aws.world.role(LINKED) is None
    assert aws.back_up(ORDERS, "keyed")
