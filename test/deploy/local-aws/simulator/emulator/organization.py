"""One organization of the accounts. In ministack every account is an organization of its own, without service access."""

from __future__ import annotations

import json
import time
from typing import Any, Callable, Mapping

from backup.world import Organization
from ministack.core.responses import error_response_json, get_account_id, get_region, request_scope
from ministack.services import organizations

from emulator.settings import Settings

ROOT_ID = "r-ab12"

READ_BY_DELEGATED_ADMINISTRATORS = ("Describe", "List")
"""Names of operations that begin so may be called by a delegated administrator as well."""

Operation = Callable[[dict[str, Any]], Any]


class LocalOrganization:
    """The organization: its accounts, the services that have access to it, and their delegated administrators."""

    def __init__(self, settings: Settings) -> None:
        self.id = settings.organization_id
        self.management_account = settings.management_account
        self.member_accounts = settings.member_accounts
        self._service_access: dict[str, float] = {}
        self._delegated: dict[tuple[str, str], float] = {}

    def of(self, account: str) -> Organization | None:
        """The organization that an account is in."""
        if account != self.management_account and account not in self.member_accounts:
            return None
        return Organization(self.id, self.management_account, f"{self.id}/{ROOT_ID}/")

    def install(self) -> None:
        """Makes ministack answer for this organization."""
        with request_scope(self.management_account, get_region()):
            organizations._ensure_org()
            self._rename()
            for account in self.member_accounts:
                organizations._accounts[account] = self._account(account)
        own: dict[str, Operation] = {
            "EnableAWSServiceAccess": self._enable_service_access,
            "DisableAWSServiceAccess": self._disable_service_access,
            "ListAWSServiceAccessForOrganization": self._list_service_access,
            "RegisterDelegatedAdministrator": self._register_delegated,
            "DeregisterDelegatedAdministrator": self._deregister_delegated,
            "ListDelegatedAdministrators": self._list_delegated,
            "ListDelegatedServicesForAccount": self._list_delegated_services,
        }
        for name, operation in {**organizations._DISPATCH, **own}.items():
            organizations._DISPATCH[name] = self._for_caller(name, operation)

    def _for_caller(self, name: str, operation: Operation) -> Operation:
        """The operation in the management account, for those who may call it."""

        def answer(parameters: dict[str, Any]) -> Any:
            account = get_account_id()
            if self.of(account) is None:
                return error_response_json(
                    "AWSOrganizationsNotInUseException", "Your account is not a member of an organization.", 400
                )
            delegated = name.startswith(READ_BY_DELEGATED_ADMINISTRATORS) and any(a == account for a, _ in self._delegated)
            if account != self.management_account and name != "DescribeOrganization" and not delegated:
                return error_response_json("AccessDeniedException", "You don't have permissions to access this resource.", 400)
            with request_scope(self.management_account, get_region()):
                return operation(parameters)

        return answer

    def _rename(self) -> None:
        """Gives what ministack has made at random the names of this organization."""
        master = self.management_account
        organizations._orgs["self"].update(
            Id=self.id,
            Arn=f"arn:aws:organizations::{master}:organization/{self.id}",
            MasterAccountArn=f"arn:aws:organizations::{master}:account/{self.id}/{master}",
        )
        (old,) = list(organizations._roots.keys())
        root = organizations._roots.pop(old)
        organizations._roots[ROOT_ID] = {**root, "Id": ROOT_ID, "Arn": f"arn:aws:organizations::{master}:root/{self.id}/{ROOT_ID}"}
        full_access = organizations.FULL_ACCESS_POLICY_ID
        organizations._attachments[full_access] = [ROOT_ID, master, *self.member_accounts]
        organizations._accounts[master] = {**self._account(master), "JoinedMethod": "CREATED"}

    def _account(self, account: str) -> dict[str, Any]:
        return {
            "Id": account,
            "Arn": f"arn:aws:organizations::{self.management_account}:account/{self.id}/{account}",
            "Email": f"root+{account}@example.com",
            "Name": account,
            "Status": "ACTIVE",
            "JoinedMethod": "CREATED",
            "JoinedTimestamp": int(time.time()),
            "Path": f"{self.id}/{ROOT_ID}/{account}/",
            "_ParentId": ROOT_ID,
        }

    def _enable_service_access(self, parameters: Mapping[str, Any]) -> Any:
        self._service_access.setdefault(parameters["ServicePrincipal"], time.time())
        return _ok({})

    def _disable_service_access(self, parameters: Mapping[str, Any]) -> Any:
        self._service_access.pop(parameters["ServicePrincipal"], None)
        return _ok({})

    def _list_service_access(self, _: Mapping[str, Any]) -> Any:
        enabled = [{"ServicePrincipal": name, "DateEnabled": since} for name, since in self._service_access.items()]
        return _ok({"EnabledServicePrincipals": enabled})

    def _register_delegated(self, parameters: Mapping[str, Any]) -> Any:
        account, service = parameters["AccountId"], parameters["ServicePrincipal"]
        if account not in self.member_accounts:
            return error_response_json("AccountNotFoundException", "You specified an account that doesn't exist.", 400)
        if (account, service) in self._delegated:
            message = "The specified account is already a delegated administrator for this AWS service."
            return error_response_json("AccountAlreadyRegisteredException", message, 400)
        self._delegated[(account, service)] = time.time()
        return _ok({})

    def _deregister_delegated(self, parameters: Mapping[str, Any]) -> Any:
        if self._delegated.pop((parameters["AccountId"], parameters["ServicePrincipal"]), None) is None:
            message = "The specified account is not a delegated administrator for this AWS service."
            return error_response_json("AccountNotRegisteredException", message, 400)
        return _ok({})

    def _list_delegated(self, parameters: Mapping[str, Any]) -> Any:
        service = parameters.get("ServicePrincipal")
        accounts = sorted({account for account, name in self._delegated if service in (None, name)})
        public = [{k: v for k, v in self._account(account).items() if not k.startswith("_")} for account in accounts]
        return _ok({"DelegatedAdministrators": public})

    def _list_delegated_services(self, parameters: Mapping[str, Any]) -> Any:
        services = [(name, since) for (account, name), since in self._delegated.items() if account == parameters["AccountId"]]
        return _ok({"DelegatedServices": [{"ServicePrincipal": name, "DelegationEnabledDate": since} for name, since in services]})


def _ok(body: Mapping[str, Any]) -> Any:
    return 200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(body).encode()
