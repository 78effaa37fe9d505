"""The example two-accounts, in Python: a workload, and an archive in an account of its own."""

from aws_cdk import App, Duration, Environment, Stack
from aws_cdk.aws_dynamodb import Attribute, AttributeType, BillingMode, Table
from cdk_backup_dr import (
    BackupArchive,
    BackupTarget,
    FailureScope,
    Notify,
    OrganizationBackupSettings,
    RecoveryObjective,
    VaultLock,
    WorkloadBackup,
)

REGION = "eu-west-2"
MANAGEMENT = Environment(account="111111111111", region=REGION)
WORKLOAD = Environment(account="222222222222", region=REGION)
ARCHIVE = Environment(account="333333333333", region=REGION)

app = App()
notify = [Notify.email("operations@example.com")]

# Copies between accounts need a setting of the organization, which only its management account can turn on.
organization = Stack(app, "Organization", env=MANAGEMENT)
OrganizationBackupSettings(organization, "Settings", cross_account_backup=True)

# No workload runs in this account: nobody who gets into the account of the workload can delete these copies.
archive_stack = Stack(app, "Archive", env=ARCHIVE)
archive = BackupArchive(
    archive_stack,
    "Archive",
    accounts=[WORKLOAD.account],
    replica_region="eu-west-1",
    vault_lock=VaultLock.governance(min_retention=Duration.days(35), max_retention=Duration.days(365)),
    notify=notify,
)

orders = Stack(app, "Orders", env=WORKLOAD)
Table(
    orders,
    "Table",
    table_name="orders",  # a literal name: another stack selects the table without an export
    partition_key=Attribute(name="id", type=AttributeType.STRING),
    billing_mode=BillingMode.PAY_PER_REQUEST,
)

backups = Stack(app, "Backups", env=WORKLOAD)
WorkloadBackup(
    backups,
    "Backup",
    resources=[BackupTarget.from_construct(orders)],
    archive=archive,
    objectives=[
        RecoveryObjective(name=f"{lost} lost", rto=Duration.hours(8), rpo=Duration.hours(36), survives=survives)
        for lost, survives in [("Account", FailureScope.ACCOUNT), ("Region", FailureScope.REGION)]
    ],
    notify=notify,
)
app.synth()
