"""A plan that AWS Backup would fail at night: synthesis says what is wrong with it, all at once."""

from aws_cdk import App, Duration, Environment, Stack
from cdk_backup_dr import BackupTier, ReplicatedBackupVault, TieredBackupPlan, VaultLock, WeekDay

stack = Stack(App(), "Backups", env=Environment(account="222222222222", region="eu-west-2"))
vault = ReplicatedBackupVault(
    stack,
    "Vault",
    backup_vault_name="orders",
    replica_region="eu-west-1",
    vault_lock=VaultLock.governance(min_retention=Duration.days(7), max_retention=Duration.days(180)),
)

try:
    TieredBackupPlan(
        stack,
        "Plan",
        vault=vault,
        tiers=[
            BackupTier.daily(hour=5, delete_after=Duration.days(6), recovery_point_tags={"kind": "daily"}),
            BackupTier.weekly(week_day=WeekDay.SUNDAY, hour=5, delete_after=Duration.days(360)),
        ],
    )
except RuntimeError as error:
    print(error)
else:
    raise SystemExit("the plan was not refused")
