"""Long times in one go: quick, and the same each time."""

from __future__ import annotations

import time

from backup import Backup, Caller, Clock
from backup.world import Resource
from open_world import OpenWorld

WORKLOAD, ARCHIVE = "222222222222", "333333333333"
START = 1_796_000_000.0
TABLES = [Resource(f"arn:aws:dynamodb:eu-west-2:{WORKLOAD}:table/t{number}", "DynamoDB") for number in range(3)]
OPEN = '{"Statement":[{"Effect":"Allow","Action":"backup:CopyIntoBackupVault","Principal":"*","Resource":"*"}]}'


def days(count: int) -> tuple[Backup, OpenWorld]:
    """Four rules a day for three tables, each with two copies into the archive account."""
    world = OpenWorld(TABLES)
    backup = Backup(world, Clock(lambda: START))
    own, other = (Caller(account, "eu-west-2", f"arn:aws:iam::{account}:root") for account in (WORKLOAD, ARCHIVE))
    management = Caller("111111111111", "eu-west-2", "arn:aws:iam::111111111111:root")
    backup.call("UpdateGlobalSettings", management, {"GlobalSettings": {"isCrossAccountBackupEnabled": "true"}})
    backup.call("UpdateRegionSettings", own, {"ResourceTypeManagementPreference": {"DynamoDB": True}})
    backup.call("CreateBackupVault", own, {"BackupVaultName": "local"})
    for name in ("one", "two"):
        backup.call("CreateBackupVault", other, {"BackupVaultName": name})
        backup.call("PutBackupVaultAccessPolicy", other, {"BackupVaultName": name, "Policy": OPEN})
    copies = [
        {"DestinationBackupVaultArn": f"arn:aws:backup:eu-west-2:{ARCHIVE}:backup-vault:{name}", "Lifecycle": {"DeleteAfterDays": 60}}
        for name in ("one", "two")
    ]
    rules = [
        {
            "RuleName": f"at-{hour}",
            "TargetBackupVaultName": "local",
            "ScheduleExpression": f"cron(0 {hour} ? * * *)",
            "StartWindowMinutes": 60,
            "Lifecycle": {"DeleteAfterDays": 10},
            "CopyActions": copies,
        }
        for hour in (5, 9, 13, 17)
    ]
    plan = backup.call("CreateBackupPlan", own, {"BackupPlan": {"BackupPlanName": "plan", "Rules": rules}})
    selection = {
        "SelectionName": "tables",
        "IamRoleArn": f"arn:aws:iam::{WORKLOAD}:role/backup",
        "Resources": ["arn:aws:dynamodb:*:*:table/*"],
    }
    backup.call("CreateBackupSelection", own, {"BackupPlanId": plan["BackupPlanId"], "BackupSelection": selection})
    backup.forward(count * 86_400)
    return backup, world


def test_130_days_take_seconds_of_processor_time() -> None:
    started = time.process_time()
    backup, world = days(130)
    assert time.process_time() - started < 8
    completed = [event for event in world.events if event[2] == "Backup Job State Change" and event[3]["state"] == "COMPLETED"]
    assert len(completed) == 130 * 4 * 3
    archive = Caller(ARCHIVE, "eu-west-2", f"arn:aws:iam::{ARCHIVE}:root")
    kept = backup.call("DescribeBackupVault", archive, {"BackupVaultName": "one"})["NumberOfRecoveryPoints"]
    assert 60 * 4 * 3 <= kept <= 60 * 4 * 3 + 2 * 3  # up to 8 hours later, so up to two runs more


def test_the_same_calls_give_the_same_events() -> None:
    (_, one), (_, two) = days(5), days(5)
    assert one.events == two.events
    assert one.metrics == two.metrics
