"""Condition keys, policy variables and resource ARNs that ministack's evaluation of policies lacks."""

from __future__ import annotations

import json
import re
import urllib.parse
from dataclasses import replace
from typing import Any, Mapping

from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id, get_region

from emulator import ecs_permissions, identities, read_resources
from emulator.organization import LocalOrganization

SERVICE_LINKED_ROLES = {"backup.amazonaws.com": "AWSServiceRoleForBackup", "reports.backup.amazonaws.com": "AWSServiceRoleForBackupReports"}
"""Names of service-linked roles, where a policy may name one by its ARN."""

REQUEST_KEYS = {
    "organizations": {"organizations:ServicePrincipal": "ServicePrincipal", "organizations:PolicyType": "PolicyType"},
}
"""Condition keys of a service's requests that come from a member of the JSON body."""

OF_BODY = ("ecs", "application-autoscaling", "events", "servicequotas")
"""Services with more condition keys that come from the JSON body."""

EVENT_KEYS = {"events:source": "Source", "events:detail-type": "DetailType"}
"""Condition keys of PutEvents, which come from its entries."""

_VARIABLE = re.compile(r"\$\{([^}]*)\}")


def install(organization: LocalOrganization) -> None:
    """Replaces ministack's functions by ones that know more."""
    iam_evaluator._principal_org_id = lambda account: found.id if (found := organization.of(account)) else None
    _resolve_more_keys(organization)
    _substitute_variables()
    _more_request_keys()
    _more_resources()
    _batches_of_queues()


def _resolve_more_keys(organization: LocalOrganization) -> None:
    original = iam_evaluator._resolve_condition_key

    def resolve(key: str, context: Any) -> Any:
        name = key.lower()
        if name in context.service_context:
            return context.service_context[name]
        if name == "aws:principalarn" and ":assumed-role/" in context.principal_arn:
            return identities.role_of(context.principal_arn)
        resource_account = iam_evaluator._account_from_arn(context.resource_arn) or context.principal_account
        principal, resource = organization.of(context.principal_account), organization.of(resource_account)
        if name == "aws:principalorgpaths":
            return [principal.path] if principal else None
        if name == "kms:calleraccount":
            return context.principal_account or None
        if name == "aws:resourceorgid":
            return resource.id if resource else None
        if name == "aws:resourceorgpaths":
            return [resource.path] if resource else None
        return original(key, context)

    iam_evaluator._resolve_condition_key = resolve


def _substitute_variables() -> None:
    """`${aws:PrincipalAccount}` and the like, in resources and in conditions."""
    original = iam_evaluator.evaluate

    def evaluate(context: Any, *layers: Any) -> Any:
        return original(context, *[[_substituted(statements, context) for statements in layer] for layer in layers])

    iam_evaluator.evaluate = evaluate


def _substituted(statements: list[Any], context: Any) -> list[Any]:
    """The statements with values for their variables. A statement whose variable has no value does not match."""
    results = []
    for statement in statements:
        if "${" not in repr((statement.resources, statement.not_resources, statement.conditions)):
            results.append(statement)
            continue
        try:
            results.append(
                replace(
                    statement,
                    resources=_values(statement.resources, context),
                    not_resources=_values(statement.not_resources, context),
                    conditions=_values(statement.conditions, context),
                )
            )
        except _NoValue:
            continue
    return results


class _NoValue(Exception):
    """A policy variable that has no value and no default."""


def _values(node: Any, context: Any) -> Any:
    if isinstance(node, str):
        return _VARIABLE.sub(lambda found: _value(found.group(1), context), node)
    if isinstance(node, list):
        return [_values(item, context) for item in node]
    if isinstance(node, Mapping):
        return {key: _values(value, context) for key, value in node.items()}
    return node


def _value(variable: str, context: Any) -> str:
    if variable in ("*", "?", "$"):
        return variable
    name, _, default = (part.strip() for part in variable.partition(","))
    value = iam_evaluator._resolve_condition_key(name, context)
    if value is None and not default:
        raise _NoValue(variable)
    return default.strip("'") if value is None else str(value)


def _more_request_keys() -> None:
    original = iam_actions.request_tag_context

    def keys(service: str, action: str, body: bytes, parameters: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(original(service, action, body, parameters))
        try:
            content = json.loads(body or b"{}") if service in (*REQUEST_KEYS, *OF_BODY) else {}
        except ValueError:
            content = {}
        found.update({key: content[member] for key, member in REQUEST_KEYS.get(service, {}).items() if member in content})
        operation = (action or "").partition(":")[2]
        if service == "ecs":
            found.update(ecs_permissions.checks(operation, content, get_region(), get_account_id())[0][1])
        if service == "application-autoscaling":
            found.update(ecs_permissions.scaling_keys(content, operation))
        if service == "servicequotas" and content.get("ServiceCode"):
            found["servicequotas:service"] = content["ServiceCode"]
        if action == "events:PutTargets":
            arns = sorted({str(target.get("Arn")) for target in content.get("Targets") or []})
            found["events:TargetArn"] = arns[0] if len(arns) == 1 else arns
        if action == "events:PutEvents":
            found.update(_keys_of_entries(content.get("Entries") or []))
        if action == "iam:CreateServiceLinkedRole":
            found["iam:AWSServiceName"] = _service_name(body, parameters)
        return found

    iam_actions.request_tag_context = keys


def _batches_of_queues() -> None:
    """A batch of Amazon SQS is allowed by the action of its entries: there is no sqs:SendMessageBatch in IAM."""
    original = iam_actions.extract_iam_action

    def action(service: str, *rest: Any) -> Any:
        found = original(service, *rest)
        return found.removesuffix("Batch") if found and service == "sqs" else found

    iam_actions.extract_iam_action = action


def _keys_of_entries(entries: list[Mapping[str, Any]]) -> dict[str, Any]:
    """The value that all entries have, or each of them."""
    found = {key: sorted({str(entry.get(member)) for entry in entries}) for key, member in EVENT_KEYS.items()}
    return {key: values[0] if len(values) == 1 else values for key, values in found.items() if values}


def _more_resources() -> None:
    original = iam_actions.extract_resource_arn

    def resource(service: str, method: str, path: str, headers: Any, body: bytes, parameters: Any, region: str, account: str) -> str:
        if service == "iam" and b"Action=CreateServiceLinkedRole" in (body or b""):
            name = _service_name(body, parameters)
            return f"arn:aws:iam::{account}:role/aws-service-role/{name}/{SERVICE_LINKED_ROLES.get(name, '*')}"
        operation = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
        if service == "ecs":
            return ecs_permissions.checks(operation, json.loads(body or b"{}"), region, account)[0][0]
        found = read_resources.resource(service, operation, path, body, parameters, region, account)
        if found is not None:
            return found
        names = json.loads(body or b"{}").get("repositoryNames") if service == "ecr" and operation == "DescribeRepositories" else None
        if names:
            return f"arn:aws:ecr:{region}:{account}:repository/{names[0]}"
        if service == "servicediscovery" and operation == "GetNamespace":
            return f"arn:aws:servicediscovery:{region}:{account}:namespace/{json.loads(body)['Id']}"
        if service == "scheduler" and "/schedules/" in path and (parameters or {}).get("groupName"):
            group = parameters["groupName"]
            return f"arn:aws:scheduler:{region}:{account}:schedule/{group[0] if isinstance(group, list) else group}/{path.rsplit('/', 1)[-1]}"
        return str(original(service, method, path, headers, body, parameters, region, account))

    iam_actions.extract_resource_arn = resource


def _service_name(body: bytes | None, parameters: Mapping[str, Any]) -> str:
    sent = urllib.parse.parse_qs((body or b"").decode("utf-8", "replace")).get("AWSServiceName") or parameters.get("AWSServiceName") or [""]
    return str(sent[0] if isinstance(sent, list) else sent)
