"""What a request is about, where ministack says something else than AWS's service reference (E-182).

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import json
from typing import Any, Mapping

from containers.scaling import target_arn
from ministack.services import iam
from signals.ports import Scope

OF_A_RULE = ("PutTargets", "RemoveTargets", "ListTargetsByRule")
"""Operations that name their rule by `Rule`. Others have `Name`."""


def resource(service: str, operation: str, path: str, body: bytes | None, parameters: Mapping[str, Any], region: str, account: str) -> str | None:
    """The resource, or None where ministack knows it."""
    if service == "elasticloadbalancing" and _value(parameters, "Action").startswith("Describe"):
        return "*"
    if service == "iam" and _value(parameters, "Action") == "GetRole":
        record = iam._roles.get(_value(parameters, "RoleName"))
        return str(record["Arn"]) if record else None
    if service == "events":
        return _rule(operation, _content(body), region, account)
    if service == "ssm" and operation == "GetParameters":
        names = _content(body).get("Names") or ["*"]
        return str(names[0]) if str(names[0]).startswith("arn:") else f"arn:aws:ssm:{region}:{account}:parameter/{str(names[0]).split(':')[0].lstrip('/')}"
    if service == "servicequotas" and operation == "GetServiceQuota":
        return f"arn:aws:servicequotas:{region}:{account}:{_content(body).get('ServiceCode')}/{_content(body).get('QuotaCode')}"
    if service == "scheduler" and "/schedules/" in path and _content(body).get("GroupName"):
        return f"arn:aws:scheduler:{region}:{account}:schedule/{_content(body)['GroupName']}/{path.rsplit('/', 1)[-1]}"
    if service == "application-autoscaling" and not operation.startswith("Describe"):
        return _scalable_target(_content(body), region, account)
    return None


def _scalable_target(content: Mapping[str, Any], region: str, account: str) -> str | None:
    """The scalable target that is there, or will be."""
    if content.get("ResourceARN"):
        return str(content["ResourceARN"])
    names = ("ServiceNamespace", "ResourceId", "ScalableDimension")
    if not all(isinstance(content.get(name), str) for name in names):
        return None
    return target_arn(Scope(account, region), (content["ServiceNamespace"], content["ResourceId"], content["ScalableDimension"]))


def _rule(operation: str, content: Mapping[str, Any], region: str, account: str) -> str | None:
    """A rule of the default bus has no bus in its ARN."""
    if isinstance(content.get("ResourceARN"), str):
        return str(content["ResourceARN"])
    name = content.get("Rule") if operation in OF_A_RULE else content.get("Name") if operation.endswith("Rule") else None
    if not isinstance(name, str) or not name:
        return None
    bus = str(content.get("EventBusName") or "default").rsplit("/", 1)[-1]
    return f"arn:aws:events:{region}:{account}:rule/{name if bus == 'default' else f'{bus}/{name}'}"


def _content(body: bytes | None) -> Mapping[str, Any]:
    try:
        content = json.loads(body or b"{}")
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _value(parameters: Mapping[str, Any], name: str) -> str:
    value = (parameters or {}).get(name) or ""
    return str(value[0] if isinstance(value, list) else value)
