"""What a target of a rule gets: the event, a part of it, a constant, or a template filled in (S-88)."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from typing import Any, Mapping

from .rejected import NotSimulated, Rejected

_PART = re.compile(r"\.(?P<name>[\w/-]+)|\[(?P<index>\d+)\]")
_PLACEHOLDER = re.compile(r"<([^<>\s]+)>")
_STRING_OR_PLACEHOLDER = re.compile(r'"(?:\\.|[^"\\])*"|<[^<>\s]+>')
_MISSING = object()


class InvalidJson(ValueError):
    """A template for JSON that is none once it is filled in."""


def payload(target: Mapping[str, Any], event: Mapping[str, Any], rule_name: str, rule_arn: str, ingested: float) -> str:
    """The text that goes to a target."""
    if (transformer := target.get("InputTransformer")) is not None:
        return _transformed(transformer, event, rule_name, rule_arn, ingested)
    if target.get("Input"):
        return str(target["Input"])
    if target.get("InputPath"):
        found = _find(target["InputPath"], event)
        return json.dumps(event if found is _MISSING else found)
    return json.dumps(event)


def _transformed(transformer: Mapping[str, Any], event: Mapping[str, Any], rule_name: str, rule_arn: str, ingested: float) -> str:
    values = {name: _find(path, event) for name, path in (transformer.get("InputPathsMap") or {}).items()}
    values.update(
        {
            "aws.events.rule-name": rule_name,
            "aws.events.rule-arn": rule_arn,
            "aws.events.event.ingestion-time": datetime.fromtimestamp(ingested, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "aws.events.event": {name: value for name, value in event.items() if name != "detail"},
            "aws.events.event.json": event,
        }
    )
    template = str(transformer["InputTemplate"])
    filled = _STRING_OR_PLACEHOLDER.sub(lambda match: _fill(match.group(), values), template)
    if template.lstrip()[:1] in ("{", "["):
        try:
            json.loads(filled)
        except ValueError as problem:
            raise InvalidJson(f"The input template is no JSON once it is filled in: {problem}") from problem
    return filled


def _fill(token: str, values: Mapping[str, Any]) -> str:
    if token.startswith('"'):
        return _PLACEHOLDER.sub(lambda match: _in_text(values.get(match.group(1), _MISSING)), token)
    value = values.get(token[1:-1], _MISSING)
    return "" if value is _MISSING else json.dumps(value)


def _in_text(value: Any) -> str:
    if value is _MISSING:
        return ""
    return value if isinstance(value, str) else json.dumps(value).replace('"', "")


def _find(path: str, event: Any) -> Any:
    if "*" in path:
        raise NotSimulated(f"The simulator does not know wildcards in the path {path}.")
    if not path.startswith("$"):
        raise Rejected(f"The path {path} does not begin with $.", "S-88")
    position, found = 1, event
    while position < len(path):
        match = _PART.match(path, position)
        if match is None:
            raise Rejected(f"The path {path} can't be read.", "S-88")
        name, index = match.group("name"), match.group("index")
        if name is not None:
            found = found.get(name, _MISSING) if isinstance(found, Mapping) else _MISSING
        else:
            found = found[int(index)] if isinstance(found, list) and int(index) < len(found) else _MISSING
        position = match.end()
    return found
