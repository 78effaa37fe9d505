"""The first example of the README, in Python."""

from aws_cdk import App, Environment, Stack
from cdk_backup_dr import Notify, WorkloadBackup

app = App()
stack = Stack(app, "Backups", env=Environment(account="222222222222", region="eu-west-2"))

WorkloadBackup(
    stack,
    "Backup",
    tags={"backup": "true"},
    replica_region="eu-west-1",
    notify=[Notify.email("operations@example.com")],
)
app.synth()
