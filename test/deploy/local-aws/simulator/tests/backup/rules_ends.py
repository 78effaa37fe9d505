"""The ways in which a backup job of the table orders ends."""

from __future__ import annotations

from rules_aws import HOUR, ROLE, Aws, table_arn

ORDERS = table_arn("orders")


def fail(aws: Aws) -> None:
    aws.world.delete_role(ROLE)
    aws.start_backup(ORDERS)
    aws.forward(HOUR)


def expire(aws: Aws) -> None:
    aws.backup.assumptions.seconds_until_backup_starts = 2 * HOUR
    aws.start_backup(ORDERS, StartWindowMinutes=60)
    aws.forward(3 * HOUR)


def abort(aws: Aws) -> None:
    aws.call("StopBackupJob", BackupJobId=aws.start_backup(ORDERS))


def complete(aws: Aws) -> None:
    aws.back_up(ORDERS)
