"""Events that a service of AWS puts on the default bus of an account."""

from __future__ import annotations

import json
from typing import Any, Mapping

from ministack.core.responses import new_uuid, request_scope
from ministack.services import eventbridge


def emit(
    time: float, account: str, region: str, source: str, detail_type: str, detail: Mapping[str, Any], resources: list[str]
) -> None:
    """An event at a simulated time. Over the API nobody may send one whose source begins with aws."""
    with request_scope(account, region):
        eventbridge._ensure_default_bus()
        event = {
            "EventId": new_uuid(),
            "Source": source,
            "DetailType": detail_type,
            "Detail": json.dumps(detail),
            "EventBusName": "default",
            "Time": int(time),
            "Resources": list(resources),
            "Account": account,
            "Region": region,
        }
        eventbridge._events_log_list().append(event)
        eventbridge._dispatch_event(event)
