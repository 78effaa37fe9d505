"""Lists of executions and steps: filters and pages."""

from __future__ import annotations

import datetime
from typing import Any, Callable, Mapping, Sequence

from backup.errors import Refused

MOST = 50
"""The most that a page has. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeAutomationExecutions.html"""

Matches = Callable[[Mapping[str, Any], str], bool]


def _time(text: str) -> float:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


EXECUTIONS: dict[str, Matches] = {
    "DocumentNamePrefix": lambda execution, value: execution["DocumentName"].startswith(value),
    "ExecutionStatus": lambda execution, value: execution["AutomationExecutionStatus"] == value,
    "ExecutionId": lambda execution, value: execution["AutomationExecutionId"] == value,
    "CurrentAction": lambda execution, value: execution.get("CurrentAction") == value,
    "StartTimeBefore": lambda execution, value: execution["ExecutionStartTime"] <= _time(value),
    "StartTimeAfter": lambda execution, value: execution["ExecutionStartTime"] >= _time(value),
    "AutomationType": lambda execution, value: value == "Local",
    "TagKey": lambda execution, value: value in execution["Tags"],
}
STEPS: dict[str, Matches] = {
    "StepExecutionStatus": lambda step, value: step["StepStatus"] == value,
    "StepExecutionId": lambda step, value: step["StepExecutionId"] == value,
    "StepName": lambda step, value: step["StepName"] == value,
    "Action": lambda step, value: step["Action"] == value,
    "StartTimeBefore": lambda step, value: step.get("ExecutionStartTime", float("inf")) <= _time(value),
    "StartTimeAfter": lambda step, value: step.get("ExecutionStartTime", 0) >= _time(value),
    "ParentStepExecutionId": lambda step, value: (step.get("ParentStepDetails") or {}).get("StepExecutionId") == value,
    "ParentStepIteration": lambda step, value: str((step.get("ParentStepDetails") or {}).get("Iteration")) == value,
}


def page(items: Sequence[dict[str, Any]], known: Mapping[str, Matches], parameters: Mapping[str, Any]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The items of a page that the filters let through, and the token of the next page. One of the values of each filter has to match."""
    for wanted in parameters.get("Filters") or []:
        matches = known.get(wanted["Key"])
        if matches is None:
            raise Refused("InvalidFilterKey", f"The local AWS does not filter by {wanted['Key']}.", "E-208")
        items = [item for item in items if any(matches(item, value) for value in wanted["Values"])]
    most, token = int(parameters.get("MaxResults") or MOST), str(parameters.get("NextToken") or 0)
    if not token.isdecimal():
        raise Refused("InvalidNextToken", "The specified token isn't valid.", "E-208")
    start = int(token)
    more = {"NextToken": str(start + most)} if len(items) > start + most else {}
    return list(items[start : start + most]), more
