"""Short ways to read, change and refuse plans."""

from __future__ import annotations

from typing import Any

from rules_aws import Aws, refused, rule


def got(aws: Aws, plan: str, **more: Any) -> Any:
    return aws.call("GetBackupPlan", BackupPlanId=plan, **more)


def update(aws: Aws, plan: str, *rules: dict, name: str = "plan") -> Any:
    return aws.call("UpdateBackupPlan", BackupPlanId=plan, BackupPlan={"BackupPlanName": name, "Rules": list(rules)})


def refused_rule(aws: Aws, code: str, statement: str, **members: Any) -> None:
    """A plan with the rule is refused, and so is an update to it."""
    with refused(code, statement):
        aws.plan(rule(**members))
    plan = aws.plan(rule("other"), name="another")
    with refused(code, statement):
        update(aws, plan, rule(**members), name="another")
