"""The statements about what AWS checks beside the called action (B-300 to B-312), and the permissions of copies."""

from __future__ import annotations

from typing import Any

import pytest
from rules_aws import (
    ARCHIVE,
    DAY,
    DENIED,
    HOUR,
    IRELAND,
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


@pytest.mark.parametrize(
    ("condition", "enough"),
    [
        ({"StringEquals": {"kms:ViaService": "backup.eu-west-2.amazonaws.com"}}, True),
        ({"StringEquals": {"kms:ViaService": "backup.eu-west-1.amazonaws.com"}}, False),
        ({"StringEquals": {"kms:ViaService": "dynamodb.eu-west-2.amazonaws.com"}}, False),
        ({"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": "aws:backup:backup-vault"}}, True),
        ({"StringLike": {"kms:EncryptionContextKeys": "aws:dynamodb:*"}}, False),
        ({"StringEquals": {"kms:CallerAccount": ARCHIVE}}, False),
        ({"StringEquals": {"kms:CallerAccount": WORKLOAD}}, True),
    ],
)
def test_b303_conditions_of_the_key_see_aws_backup(aws: Aws, condition: dict, enough: bool) -> None:
    keyed(aws, allow(*VAULT_KEY_ACTIONS, principal={"AWS": LINKED}, Condition=condition))
    if enough:
        assert aws.back_up(ORDERS, "keyed")
    else:
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
