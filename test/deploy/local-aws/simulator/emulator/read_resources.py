"""What a request that looks at things is about, where ministack says something else than AWS's service reference (E-182).

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import json
from typing import Any, Mapping

from ministack.services import iam

OF_A_RULE = ("PutTargets", "RemoveTargets", "ListTargetsByRule")
"""Operations that name their rule by `Rule`. Others have `Name`."""


def resource(service: str, operation: str, body: bytes | None, parameters: Mapping[str, Any], region: str, account: str) -> str | None:
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
    if service == "logs" and operation == "DescribeLogGroups":
        return f"arn:aws:logs:{region}:{account}:log-group:{_content(body).get('logGroupNamePrefix', '')}:log-stream:"
    return None


def _rule(operation: str, content: Mapping[str, Any], region: str, account: str) -> str | None:
    """A rule of the default bus has no bus in its ARN."""
    name = content.get("Rule") if operation in OF_A_RULE else content.get("Name") if operation.endswith("Rule") else None
    if not isinstance(name, str) or not name:
        return None
    bus = str(content.get("EventBusName") or "default").rsplit("/", 1)[-1]
    return f"arn:aws:events:{region}:{account}:rule/{name if bus == 'default' else f'{bus}/{name}'}"


def _content(body: bytes | None) -> Mapping[str, Any]:
    content = json.loads(body or b"{}")
    return content if isinstance(content, dict) else {}


def _value(parameters: Mapping[str, Any], name: str) -> str:
    value = (parameters or {}).get(name) or ""
    return str(value[0] if isinstance(value, list) else value)
