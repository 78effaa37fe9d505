"""The statements about settings (B-230 to B-237) and tags (B-240 to B-243)."""

from __future__ import annotations

import pytest
from rules_aws import (
    ARCHIVE,
    INVALID,
    INVALID_REQUEST,
    IRELAND,
    LIMIT,
    MANAGEMENT,
    MISSING,
    NOT_FOUND,
    STRANGER,
    WORKLOAD,
    Aws,
    refused,
    rule,
    table_arn,
    vault_arn,
)

ORDERS = table_arn("orders")


def region_settings(aws: Aws, account: str = WORKLOAD, region: str = "eu-west-2") -> dict:
    return aws.call("DescribeRegionSettings", account, region)


def global_settings(aws: Aws, account: str = MANAGEMENT) -> dict:
    return aws.call("DescribeGlobalSettings", account)["GlobalSettings"]


@pytest.mark.parametrize(("account", "region"), [(WORKLOAD, IRELAND), (ARCHIVE, "eu-west-2")])
def test_b230_region_settings_of_another_account_or_region_stay(bare: Aws, account: str, region: str) -> None:
    bare.advanced(WORKLOAD, "eu-west-2")
    assert region_settings(bare)["ResourceTypeManagementPreference"]["DynamoDB"] is True
    assert region_settings(bare, account, region)["ResourceTypeManagementPreference"]["DynamoDB"] is False


def test_b231_types_that_a_call_leaves_out_stay(bare: Aws) -> None:
    bare.call("UpdateRegionSettings", ResourceTypeOptInPreference={"DynamoDB": True, "EFS": True})
    bare.call("UpdateRegionSettings", ResourceTypeOptInPreference={"EFS": False})
    preference = region_settings(bare)["ResourceTypeOptInPreference"]
    assert (preference["DynamoDB"], preference["EFS"]) == (True, False)


def test_b231_maps_that_a_call_leaves_out_stay(bare: Aws) -> None:
    bare.call("UpdateRegionSettings", ResourceTypeManagementPreference={"DynamoDB": True})
    bare.call("UpdateRegionSettings", ResourceTypeOptInPreference={"EFS": True})
    assert region_settings(bare)["ResourceTypeManagementPreference"]["DynamoDB"] is True


@pytest.mark.parametrize("name", ["ResourceTypeOptInPreference", "ResourceTypeManagementPreference"])
def test_b232_an_unknown_type_is_refused(bare: Aws, name: str) -> None:
    with refused(INVALID, "B-232"):
        bare.call("UpdateRegionSettings", **{name: {"Tape": True}})


def test_b232_a_call_without_any_map_is_refused(bare: Aws) -> None:
    with refused(MISSING, "B-232"):
        bare.call("UpdateRegionSettings")


def test_b233_old_accounts_start_without_advanced_features(bare: Aws) -> None:
    assert region_settings(bare)["ResourceTypeManagementPreference"]["DynamoDB"] is False


def test_b233_new_accounts_start_with_advanced_features() -> None:
    aws = Aws(old_accounts=False)
    assert region_settings(aws)["ResourceTypeManagementPreference"]["DynamoDB"] is True


def test_b233_all_opt_in_preferences_begin_as_false(bare: Aws) -> None:
    assert set(region_settings(bare)["ResourceTypeOptInPreference"].values()) == {False}


def test_b234_the_preference_of_incremental_backups_is_stored(bare: Aws) -> None:
    bare.call("UpdateRegionSettings", ResourceTypeOptInIncremental={"DynamoDB": True})
    assert region_settings(bare)["ResourceTypeOptInIncremental"] == {"DynamoDB": True}


@pytest.mark.parametrize("account", [WORKLOAD, STRANGER])
def test_b235_only_the_management_account_updates_global_settings(bare: Aws, account: str) -> None:
    with refused(INVALID_REQUEST, "B-235"):
        bare.call("UpdateGlobalSettings", account, GlobalSettings={"isCrossAccountBackupEnabled": "true"})
    assert global_settings(bare)["isCrossAccountBackupEnabled"] == "false"


def test_b236_an_account_without_an_organization_has_no_global_settings(bare: Aws) -> None:
    with refused(INVALID_REQUEST, "B-236"):
        global_settings(bare, STRANGER)


def test_b236_a_member_sees_the_settings_of_its_organization(bare: Aws) -> None:
    bare.across_accounts()
    assert global_settings(bare, ARCHIVE)["isCrossAccountBackupEnabled"] == "true"


@pytest.mark.parametrize(
    "settings",
    [{"isCrossAccountBackupEnabled": "yes"}, {"isCrossAccountBackupEnabled": "TRUE"}, {"isAnything": "true"}],
)
def test_b237_unknown_settings_and_values_are_refused(bare: Aws, settings: dict) -> None:
    with refused(INVALID, "B-237"):
        bare.call("UpdateGlobalSettings", MANAGEMENT, GlobalSettings=settings)


def test_b237_all_settings_begin_as_false(bare: Aws) -> None:
    assert global_settings(bare) == {
        "isCrossAccountBackupEnabled": "false",
        "isMpaEnabled": "false",
        "isDelegatedAdministratorEnabled": "false",
    }


def test_b237_settings_that_a_call_leaves_out_stay(bare: Aws) -> None:
    bare.across_accounts()
    bare.call("UpdateGlobalSettings", MANAGEMENT, GlobalSettings={"isMpaEnabled": "true"})
    assert global_settings(bare)["isCrossAccountBackupEnabled"] == "true"
    assert global_settings(bare)["isMpaEnabled"] == "true"


def tags_of(aws: Aws, arn: str) -> dict:
    return aws.call("ListTags", ResourceArn=arn)["Tags"]


def test_b240_vaults_plans_and_points_have_tags(aws: Aws) -> None:
    plan = aws.call("GetBackupPlan", BackupPlanId=aws.plan(rule()))["BackupPlanArn"]
    for arn in (vault_arn("local"), plan, aws.back_up(ORDERS)):
        aws.call("TagResource", ResourceArn=arn, Tags={"a": "1", "b": "2"})
        aws.call("UntagResource", ResourceArn=arn, TagKeyList=["a"])
        assert tags_of(aws, arn) == {"b": "2"}


@pytest.mark.parametrize(
    "arn",
    [ORDERS, vault_arn("nothing"), "arn:aws:backup:eu-west-2:222222222222:recovery-point:00000000-0000-0000-0000-000000000000"],
)
def test_b240_tags_of_anything_else_are_not_found(aws: Aws, arn: str) -> None:
    with refused(NOT_FOUND, "B-240", "B-2"):
        aws.call("TagResource", ResourceArn=arn, Tags={"a": "1"})
    with refused(NOT_FOUND, "B-240", "B-2"):
        aws.call("UntagResource", ResourceArn=arn, TagKeyList=["a"])
    with refused(NOT_FOUND, "B-240", "B-2"):
        tags_of(aws, arn)


def test_b240_a_plain_backup_of_a_table_has_no_tags_to_be_listed(bare: Aws) -> None:
    bare.vault("local")
    bare.table("orders")
    point = bare.back_up(ORDERS)
    with refused(NOT_FOUND, "B-240", "B-2"):
        tags_of(bare, point)


def test_b241_50_tags_are_possible(aws: Aws) -> None:
    aws.call("TagResource", ResourceArn=vault_arn("local"), Tags={f"tag-{number}": "x" for number in range(50)})
    assert len(tags_of(aws, vault_arn("local"))) == 50


def test_b241_51_tags_are_refused(aws: Aws) -> None:
    aws.call("TagResource", ResourceArn=vault_arn("local"), Tags={f"tag-{number}": "x" for number in range(50)})
    with refused(LIMIT, "B-241"):
        aws.call("TagResource", ResourceArn=vault_arn("local"), Tags={"one-more": "x"})
    aws.call("TagResource", ResourceArn=vault_arn("local"), Tags={"tag-1": "y"})
    assert tags_of(aws, vault_arn("local"))["tag-1"] == "y"


def test_b242_a_tag_of_aws_is_refused(aws: Aws) -> None:
    with refused(INVALID, "B-242"):
        aws.call("TagResource", ResourceArn=vault_arn("local"), Tags={"aws:owner": "me"})
    with refused(INVALID, "B-242"):
        aws.vault("other", BackupVaultTags={"aws:owner": "me"})


def test_b243_a_vault_has_the_tags_that_it_was_created_with(aws: Aws) -> None:
    assert tags_of(aws, aws.vault("other", BackupVaultTags={"team": "sales"})) == {"team": "sales"}


def test_b243_a_plan_has_the_tags_that_it_was_created_with(aws: Aws) -> None:
    plan = aws.call("GetBackupPlan", BackupPlanId=aws.plan(rule(), BackupPlanTags={"team": "sales"}))["BackupPlanArn"]
    assert tags_of(aws, plan) == {"team": "sales"}
