"""Who may do what: passing of roles, permissions of roles, keys."""

from __future__ import annotations

import json
from typing import Any, Iterable, Mapping

from . import arns
from .caller import Caller
from .engine import Engine
from .errors import ACCESS_DENIED, INVALID_PARAMETER, Failed, Refused
from .world import Document, Key

BACKUP = "backup.amazonaws.com"
#: What AWS Backup needs of the key of a vault (B-303).
VAULT_KEY_ACTIONS = ("kms:CreateGrant", "kms:GenerateDataKey", "kms:Decrypt")


def needs(engine: Engine, caller: Caller, action: str, resource: str, statement: str, context: Mapping[str, Any] | None = None) -> None:
    """Refuses a caller who lacks a permission beside the called action."""
    if not engine.world.decide(caller.principal_arn, action, resource, context or {}):
        raise Refused(ACCESS_DENIED, f"User: {caller.principal_arn} is not authorized to perform: {action} on resource: {resource}", statement)


def own_role(caller: Caller, role_arn: str) -> None:
    """Refuses a role that is not one of the caller's account (B-129)."""
    if arns.role_account(role_arn) != caller.account:
        raise Refused(INVALID_PARAMETER, f"{role_arn} is not a role of account {caller.account}.", "B-129")


def pass_role(engine: Engine, caller: Caller, role_arn: str) -> None:
    """The caller has to be allowed to hand the role to AWS Backup (B-300)."""
    needs(engine, caller, "iam:PassRole", role_arn, "B-300", {"iam:PassedToService": BACKUP})


def assumable(engine: Engine, role_arn: str, account: str) -> bool:
    """Whether the role exists and AWS Backup may assume it (B-128)."""
    if role_arn == arns.service_linked_role(account):
        return True
    trust = engine.world.role(role_arn)
    if trust is None:
        return False
    context = {"aws:SourceAccount": account}
    return engine.world.decide_policy(trust, BACKUP, "sts:AssumeRole", role_arn, context) == "Allow"


def assume(engine: Engine, role_arn: str, account: str, statement: str) -> None:
    """Fails a job whose role AWS Backup can't assume."""
    if not assumable(engine, role_arn, account):
        raise Failed(f"IAM Role {role_arn} cannot be assumed by AWS Backup", statement)


def allowed(engine: Engine, role_arn: str, action: str, resource: str, context: Mapping[str, Any] | None = None) -> bool:
    """Whether the role's own policies allow it. The service-linked role may do what AWS Backup needs (B-312)."""
    if "/aws-service-role/backup.amazonaws.com/" in role_arn:
        return True
    return engine.world.decide(role_arn, action, resource, context or {})


def role_needs(
    engine: Engine, role_arn: str, actions: Iterable[str], resource: str, statement: str, context: Mapping[str, Any] | None = None
) -> None:
    """Fails a job whose role lacks a permission."""
    for action in actions:
        if not allowed(engine, role_arn, action, resource, context):
            raise Failed(f"IAM Role {role_arn} is not authorized to perform: {action} on resource: {resource}", statement)


def key_context(service: str, region: str, grants: bool = True) -> dict[str, Any]:
    """The keys of a request to KMS that a service makes for somebody."""
    context: dict[str, Any] = {"kms:ViaService": f"{service}.{region}.amazonaws.com"}
    if grants:
        context["kms:GrantIsForAWSResource"] = "true"
    return context


def vault_key(engine: Engine, key_arn: str | None, account: str, region: str, statement: str) -> Key | None:
    """Fails a job if a vault's key can't be used by AWS Backup in the account of the vault (B-303)."""
    if not key_arn or (key_arn.endswith(":alias/aws/backup") and engine.world.key(key_arn, account, region) is None):
        return None
    key = usable_key(engine, key_arn, account, region, statement)
    if key.manager == "CUSTOMER" and key.policy is not None:
        for action in VAULT_KEY_ACTIONS:
            if not _vault_key_allows(engine, key, action, account, region):
                raise Failed(f"The policy of KMS key {key.arn} does not allow {action} to AWS Backup in account {account}", "B-303")
    return key


def _vault_key_allows(engine: Engine, key: Key, action: str, account: str, region: str) -> bool:
    """To the account, for requests via AWS Backup, or to its service-linked role, whose grants are not via a service (B-303)."""
    via_backup = {**key_context("backup", region), "kms:EncryptionContextKeys": ["aws:backup:backup-vault"]}
    direct = {name: value for name, value in via_backup.items() if name != "kms:ViaService"}

    def verdict(principal: str, context: Mapping[str, Any]) -> str:
        return engine.world.decide_policy(key.policy or {}, principal, action, key.arn, context)

    linked, root = arns.service_linked_role(account), f"arn:aws:iam::{account}:root"
    if verdict(linked, via_backup) == "Deny":
        return False
    own = direct if action == "kms:CreateGrant" else via_backup
    return "Allow" in (verdict(linked, own), verdict(root, via_backup))


def usable_key(engine: Engine, key_arn: str, account: str, region: str, statement: str) -> Key:
    """Fails a job if a key does not exist or is not enabled."""
    key = engine.world.key(key_arn, account, region)
    if key is None or key.state != "Enabled":
        state = "does not exist" if key is None else f"is {key.state}"
        raise Failed(f"KMS key {key_arn} {state}", statement)
    return key


def role_needs_key(
    engine: Engine, role_arn: str, key: Key, actions: Iterable[str], statement: str, context: Mapping[str, Any]
) -> None:
    """Fails a job whose role may not use a customer managed key."""
    if key.manager == "AWS":
        return
    for action in actions:
        if not role_may_use(engine, role_arn, key, action, context):
            raise Failed(f"IAM Role {role_arn} is not authorized to perform: {action} on resource: {key.arn}", statement)


def role_may_use(engine: Engine, role_arn: str, key: Key, action: str, context: Mapping[str, Any]) -> bool:
    """The key's policy allows the role itself, or its account and then also the role's own policies (B-310)."""
    if key.policy is None:
        return allowed(engine, role_arn, action, key.arn, context)
    if engine.world.decide_policy(key.policy, role_arn, action, key.arn, context) != "Allow":
        return False
    direct = _without_accounts(key.policy)
    if engine.world.decide_policy(direct, role_arn, action, key.arn, context) == "Allow":
        return True
    return allowed(engine, role_arn, action, key.arn, context)


def _without_accounts(policy: Document) -> Document:
    """A key's policy without the statements that allow whole accounts."""
    document = json.loads(policy) if isinstance(policy, str) else dict(policy)
    statements = document.get("Statement", [])
    statements = statements if isinstance(statements, list) else [statements]
    return {**document, "Statement": [statement for statement in statements if not _names_accounts_only(statement)]}


def _names_accounts_only(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    names = principal.get("AWS", []) if isinstance(principal, Mapping) else []
    names = [names] if isinstance(names, str) else names
    return bool(names) and all(name.isdigit() or name.endswith(":root") for name in names)
