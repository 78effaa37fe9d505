"""Short ways to say what a test of a rule is about: calls, vaults, tables, backups, copies and restores."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any, Iterator

import pytest
from backup import Backup, Caller, Clock
from backup.assumptions import Assumptions
from backup.errors import Refused
from backup.world import Key, Organization, Resource
from rules_world import BACKUP_MAY_ASSUME, RulesWorld

MANAGEMENT, WORKLOAD, ARCHIVE, STRANGER = "111111111111", "222222222222", "333333333333", "999999999999"
LONDON, IRELAND = "eu-west-2", "eu-west-1"
HOUR, DAY = 3600.0, 86400.0
ROLE = f"arn:aws:iam::{WORKLOAD}:role/backup"
RESTORE_ROLE = f"arn:aws:iam::{WORKLOAD}:role/restore"
ARCHIVE_ROLE = f"arn:aws:iam::{ARCHIVE}:role/backup"
INVALID = "InvalidParameterValueException"
INVALID_REQUEST = "InvalidRequestException"
NOT_FOUND = "ResourceNotFoundException"
DENIED = "AccessDeniedException"
LIMIT = "LimitExceededException"
MISSING = "MissingParameterValueException"
EXISTS = "AlreadyExistsException"
LET_COPIES_IN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*"}],
}


def utc(text: str) -> float:
    """Epoch seconds of a time such as 2026-03-02T05:00."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp()


START = utc("2026-03-02T00:00")


def vault_arn(name: str, account: str = WORKLOAD, region: str = LONDON) -> str:
    return f"arn:aws:backup:{region}:{account}:backup-vault:{name}"


def table_arn(name: str, account: str = WORKLOAD, region: str = LONDON) -> str:
    return f"arn:aws:dynamodb:{region}:{account}:table/{name}"


def deny(*actions: str, principal: Any = "*", resource: str = "*") -> dict[str, Any]:
    statement = {"Effect": "Deny", "Principal": principal, "Action": list(actions), "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


@contextmanager
def refused(code: str, *statements: str) -> Iterator[None]:
    """The call is refused with the code, and by one of the statements."""
    with pytest.raises(Refused) as raised:
        yield
    assert raised.value.code == code, str(raised.value)
    assert raised.value.statement in statements, str(raised.value)


class Aws:
    """AWS Backup in a world of its own. `now` stands still unless a test moves it."""

    def __init__(self, start: float = START, **assumptions: Any) -> None:
        self.world = RulesWorld()
        self.clock = Clock(lambda: start)
        self.backup = Backup(self.world, self.clock, Assumptions(**assumptions))
        for role in (ROLE, RESTORE_ROLE, ARCHIVE_ROLE):
            self.world.trusts[role] = BACKUP_MAY_ASSUME
        for account in (MANAGEMENT, WORKLOAD, ARCHIVE):
            self.world.organizations[account] = Organization("o-a1b2c3d4e5", MANAGEMENT, f"o-a1b2c3d4e5/r-a1b2/ou-{account}/")

    def call(self, operation: str, account: str = WORKLOAD, region: str = LONDON, principal: str | None = None, **params: Any) -> Any:
        caller = Caller(account, region, principal or f"arn:aws:iam::{account}:user/operator")
        return self.backup.call(operation, caller, params)

    def forward(self, seconds: float) -> None:
        self.backup.forward(seconds)

    def until(self, text: str) -> None:
        self.backup.forward(utc(text) - self.clock.now())

    def advanced(self, account: str = WORKLOAD, region: str = LONDON) -> None:
        """Turns on the advanced features of DynamoDB."""
        self.call("UpdateRegionSettings", account, region, ResourceTypeManagementPreference={"DynamoDB": True})

    def across_accounts(self) -> None:
        self.call("UpdateGlobalSettings", MANAGEMENT, GlobalSettings={"isCrossAccountBackupEnabled": "true"})

    def key(self, name: str, account: str = WORKLOAD, region: str = LONDON, policy: Any = None, state: str = "Enabled") -> str:
        """A customer managed key; without a policy of its own, all in its account may use it."""
        arn = f"arn:aws:kms:{region}:{account}:key/{name}"
        usual = {
            "Statement": [
                {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "kms:*", "Resource": "*"}
            ]
        }
        self.world.keys[arn] = Key(arn, state, policy or usual, "CUSTOMER")
        return arn

    def vault(self, name: str, account: str = WORKLOAD, region: str = LONDON, **params: Any) -> str:
        return self.call("CreateBackupVault", account, region, BackupVaultName=name, **params)["BackupVaultArn"]

    def policy(self, name: str, document: Any, account: str = WORKLOAD, region: str = LONDON) -> None:
        self.call("PutBackupVaultAccessPolicy", account, region, BackupVaultName=name, Policy=json.dumps(document))

    def lock(self, name: str, account: str = WORKLOAD, region: str = LONDON, **lock: int) -> None:
        self.call("PutBackupVaultLockConfiguration", account, region, BackupVaultName=name, **lock)

    def table(self, name: str, account: str = WORKLOAD, region: str = LONDON, **more: Any) -> str:
        arn = table_arn(name, account, region)
        self.world.tables[arn] = Resource(arn, "DynamoDB", **more)
        return arn

    def start_backup(self, resource: str, vault: str = "local", role: str = ROLE, **params: Any) -> str:
        account, region = resource.split(":")[4] or WORKLOAD, resource.split(":")[3] or LONDON
        given = {"BackupVaultName": vault, "ResourceArn": resource, "IamRoleArn": role, **params}
        return self.call("StartBackupJob", account, region, **given)["BackupJobId"]

    def backup_job(self, job: str, account: str = WORKLOAD, region: str = LONDON) -> Any:
        return self.call("DescribeBackupJob", account, region, BackupJobId=job)

    def back_up(self, resource: str, vault: str = "local", role: str = ROLE, **params: Any) -> str:
        """Makes a recovery point and returns its ARN."""
        account, region = resource.split(":")[4] or WORKLOAD, resource.split(":")[3] or LONDON
        job = self.start_backup(resource, vault, role, **params)
        self.forward(HOUR)
        described = self.backup_job(job, account, region)
        assert described["State"] == "COMPLETED", described
        return described["RecoveryPointArn"]

    def start_copy(
        self, point: str, source: str, destination: str, account: str = WORKLOAD, region: str = LONDON, role: str = ROLE, **more: Any
    ) -> str:
        given = {"RecoveryPointArn": point, "SourceBackupVaultName": source, "DestinationBackupVaultArn": destination}
        return self.call("StartCopyJob", account, region, IamRoleArn=role, **given, **more)["CopyJobId"]

    def copy_job(self, job: str, account: str = WORKLOAD, region: str = LONDON) -> Any:
        return self.call("DescribeCopyJob", account, region, CopyJobId=job)["CopyJob"]

    def ended_copy(self, point: str, source: str, destination: str, account: str = WORKLOAD, region: str = LONDON, **more: Any) -> Any:
        """Starts a copy, waits, and returns what DescribeCopyJob says."""
        job = self.start_copy(point, source, destination, account, region, **more)
        self.forward(HOUR)
        return self.copy_job(job, account, region)

    def copy(self, point: str, source: str, destination: str, account: str = WORKLOAD, region: str = LONDON, **more: Any) -> str:
        """Makes a copy and returns its ARN."""
        described = self.ended_copy(point, source, destination, account, region, **more)
        assert described["State"] == "COMPLETED", described
        return described["DestinationRecoveryPointArn"]

    def start_restore(self, point: str, account: str = WORKLOAD, region: str = LONDON, role: str = RESTORE_ROLE, **metadata: str) -> str:
        given = {"RecoveryPointArn": point, "Metadata": metadata, "IamRoleArn": role}
        return self.call("StartRestoreJob", account, region, **given)["RestoreJobId"]

    def restore_job(self, job: str, account: str = WORKLOAD, region: str = LONDON) -> Any:
        return self.call("DescribeRestoreJob", account, region, RestoreJobId=job)

    def ended_restore(self, point: str, account: str = WORKLOAD, region: str = LONDON, **more: str) -> Any:
        job = self.start_restore(point, account, region, **{"targetTableName": "restored", **more})
        self.forward(HOUR)
        return self.restore_job(job, account, region)

    def point(self, vault: str, arn: str, account: str = WORKLOAD, region: str = LONDON) -> Any:
        return self.call("DescribeRecoveryPoint", account, region, BackupVaultName=vault, RecoveryPointArn=arn)

    def points(self, vault: str, account: str = WORKLOAD, region: str = LONDON) -> list[str]:
        answer = self.call("ListRecoveryPointsByBackupVault", account, region, BackupVaultName=vault)
        return [point["RecoveryPointArn"] for point in answer["RecoveryPoints"]]

    def delete_point(self, vault: str, arn: str, account: str = WORKLOAD, region: str = LONDON, principal: str | None = None) -> None:
        self.call("DeleteRecoveryPoint", account, region, principal, BackupVaultName=vault, RecoveryPointArn=arn)

    def failed(self, job: Any, statement: str) -> None:
        """The described job failed, by the statement."""
        job_id = job.get("BackupJobId") or job.get("CopyJobId") or job.get("RestoreJobId")
        state = job.get("State") or job.get("Status")
        assert (state, self.backup.statement_of(job_id)) == ("FAILED", statement), job

    def failed_backup(self, resource: str, statement: str, vault: str = "local", **params: Any) -> Any:
        """Starts a backup that fails by the statement, and returns its description."""
        account, region = resource.split(":")[4] or WORKLOAD, resource.split(":")[3] or LONDON
        job = self.start_backup(resource, vault, **params)
        self.forward(HOUR)
        described = self.backup_job(job, account, region)
        self.failed(described, statement)
        return described

    def plan(self, *rules: dict[str, Any], name: str = "plan", **more: Any) -> str:
        return self.call("CreateBackupPlan", BackupPlan={"BackupPlanName": name, "Rules": list(rules)}, **more)["BackupPlanId"]

    def select(self, plan: str, *resources: str, **more: Any) -> str:
        selection: dict[str, Any] = {"SelectionName": "tables", "IamRoleArn": ROLE, **more}
        if resources:
            selection["Resources"] = list(resources)
        return self.call("CreateBackupSelection", BackupPlanId=plan, BackupSelection=selection)["SelectionId"]

    def backup_jobs(self, account: str = WORKLOAD, region: str = LONDON, **more: Any) -> list[Any]:
        jobs = self.call("ListBackupJobs", account, region, MaxResults=1000, **more)["BackupJobs"]
        return sorted(jobs, key=lambda job: job["CreationDate"])

    def copy_jobs(self, account: str = WORKLOAD, region: str = LONDON, **more: Any) -> list[Any]:
        jobs = self.call("ListCopyJobs", account, region, MaxResults=1000, **more)["CopyJobs"]
        return sorted(jobs, key=lambda job: job["CreationDate"])

    def events(self, detail_type: str, account: str = WORKLOAD, region: str = LONDON) -> list[Any]:
        return [detail for at, where, kind, detail, _ in self.world.events if (at, where, kind) == (account, region, detail_type)]


def rule(name: str = "daily", vault: str = "local", schedule: str = "cron(0 5 ? * * *)", **more: Any) -> dict[str, Any]:
    """A rule that runs daily at 5:00 UTC with a start window of an hour and keeps what it makes for 35 days."""
    usual = {"RuleName": name, "TargetBackupVaultName": vault, "ScheduleExpression": schedule, "StartWindowMinutes": 60}
    return {**usual, "Lifecycle": {"DeleteAfterDays": 35}, **more}
