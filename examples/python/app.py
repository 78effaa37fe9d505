"""The first example of the README, in Python."""

from aws_cdk import App, Duration, Environment, Stack
from cdk_backup_dr import (
    BackupRegionSettings,
    BackupTarget,
    BackupTier,
    FailureScope,
    RecoveryObjective,
    ReplicatedBackupVault,
    ResourceType,
    TieredBackupPlan,
)

app = App()
stack = Stack(app, "Backups", env=Environment(account="222222222222", region="eu-west-2"))
vault = ReplicatedBackupVault(stack, "Vault", replica_region="eu-west-1")
for side in [stack, Stack.of(vault.replica)]:
    BackupRegionSettings(side, "Settings", resource_types=[ResourceType.DYNAMODB])
plan = TieredBackupPlan(
    stack,
    "Plan",
    vault=vault,
    tiers=[
        BackupTier.daily(hour=5, delete_after=Duration.days(35)),
        BackupTier.daily(name="evening", hour=17, delete_after=Duration.days(7)),
    ],
    objectives=[
        RecoveryObjective(name="Orders", rto=Duration.hours(4), rpo=Duration.hours(24), survives=FailureScope.REGION),
    ],
)
plan.add_selection("Tables", resources=[BackupTarget.all_of(ResourceType.DYNAMODB)], tags={"Environment": "prod"})
app.synth()
