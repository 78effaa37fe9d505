"""One organization of the accounts, as the API of AWS Organizations shows it."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from running import ARCHIVE, MANAGEMENT, WORKLOAD, RunningLocalAws


def test_every_account_sees_the_same_organization(local_aws: RunningLocalAws) -> None:
    seen = [local_aws.client("organizations", account).describe_organization()["Organization"] for account in (MANAGEMENT, WORKLOAD, ARCHIVE)]
    assert [(one["Id"], one["MasterAccountId"]) for one in seen] == [("o-exampleorg12", MANAGEMENT)] * 3


def test_the_management_account_lists_the_accounts(local_aws: RunningLocalAws) -> None:
    accounts = local_aws.client("organizations", MANAGEMENT).list_accounts()["Accounts"]
    assert sorted(account["Id"] for account in accounts) == [MANAGEMENT, WORKLOAD, ARCHIVE]


def test_a_member_account_may_not_list_them(local_aws: RunningLocalAws) -> None:
    with pytest.raises(ClientError, match="AccessDeniedException"):
        local_aws.client("organizations", WORKLOAD).list_accounts()


def test_an_account_outside_has_no_organization(local_aws: RunningLocalAws) -> None:
    with pytest.raises(ClientError, match="AWSOrganizationsNotInUseException"):
        local_aws.client("organizations", "999999999999").describe_organization()


def test_a_delegated_administrator_may_list_them_until_it_is_none(local_aws: RunningLocalAws) -> None:
    management, member = local_aws.client("organizations", MANAGEMENT), local_aws.client("organizations", ARCHIVE)
    management.register_delegated_administrator(AccountId=ARCHIVE, ServicePrincipal="backup.amazonaws.com")
    assert [one["Id"] for one in management.list_delegated_administrators()["DelegatedAdministrators"]] == [ARCHIVE]
    assert len(member.list_accounts()["Accounts"]) == 3
    with pytest.raises(ClientError, match="AccessDeniedException"):
        member.enable_aws_service_access(ServicePrincipal="backup.amazonaws.com")
    management.deregister_delegated_administrator(AccountId=ARCHIVE, ServicePrincipal="backup.amazonaws.com")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        member.list_accounts()


def test_service_access_is_on_until_it_is_off(local_aws: RunningLocalAws) -> None:
    organizations = local_aws.client("organizations", MANAGEMENT)
    organizations.enable_aws_service_access(ServicePrincipal="backup.amazonaws.com")
    enabled = organizations.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    assert [one["ServicePrincipal"] for one in enabled] == ["backup.amazonaws.com"]
    organizations.disable_aws_service_access(ServicePrincipal="backup.amazonaws.com")
    assert organizations.list_aws_service_access_for_organization()["EnabledServicePrincipals"] == []


def test_backup_policies_can_be_switched_on(local_aws: RunningLocalAws) -> None:
    organizations = local_aws.client("organizations", MANAGEMENT)
    (root,) = organizations.list_roots()["Roots"]
    organizations.enable_policy_type(RootId=root["Id"], PolicyType="BACKUP_POLICY")
    assert {"Type": "BACKUP_POLICY", "Status": "ENABLED"} in organizations.list_roots()["Roots"][0]["PolicyTypes"]


def test_cross_account_backup_is_a_setting_of_the_management_account(local_aws: RunningLocalAws) -> None:
    settings = {"isCrossAccountBackupEnabled": "true"}
    local_aws.client("backup", MANAGEMENT).update_global_settings(GlobalSettings=settings)
    seen = local_aws.client("backup", MANAGEMENT).describe_global_settings()["GlobalSettings"]
    assert seen["isCrossAccountBackupEnabled"] == "true"
    with pytest.raises(ClientError):
        local_aws.client("backup", WORKLOAD).update_global_settings(GlobalSettings=settings)
