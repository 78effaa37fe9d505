"""What becomes of recovery points with time: cold storage and deletion."""

from __future__ import annotations

from . import arns, events, lifecycle, metrics, notifications, permissions
from .engine import Engine
from .ids import fraction
from .state import Point

RETRY = 600.0


def follow(engine: Engine, point: Point) -> None:
    """Puts what the lifecycle of a point asks for into the queue, in place of what was there.

    It is the point's own: plans that change or go do not matter (B-69, B-206), nor does the lock of the vault (B-33).
    """
    forget(point)
    dates = lifecycle.calculated(point.lifecycle, point.created, point.cold_allowed)
    if "MoveToColdStorageAt" in dates and point.storage_class == "WARM":
        point.timers.append(engine.clock.at(dates["MoveToColdStorageAt"], lambda: to_cold(engine, point)))
    if "DeleteAt" in dates:
        spread = engine.assumptions.seconds_within_which_expired_points_are_deleted
        end = dates["DeleteAt"] + fraction(point.arn) * spread  # B-192
        point.timers.append(engine.clock.at(max(end, engine.now()), lambda: expire(engine, point)))


def forget(point: Point) -> None:
    for timer in point.timers:
        timer.cancel()
    point.timers.clear()


def to_cold(engine: Engine, point: Point) -> None:
    """B-191."""
    if point.status != "COMPLETED":
        return
    point.storage_class = "COLD"
    where = point.vault
    metrics.count(engine, where.account, where.region, "NumberOfRecoveryPointsCold", where.name, point.resource_type)


def expire(engine: Engine, point: Point) -> None:
    """The end of the lifecycle, with the role that made the point (B-193)."""
    if point.status != "COMPLETED":
        return
    if point.uses:
        point.timers.append(engine.clock.at(engine.now() + RETRY, lambda: expire(engine, point)))
    elif role_can_delete(engine, point) or not engine.assumptions.points_outlive_their_role:
        start_deletion(engine, point)
    else:
        stay(engine, point)


def role_can_delete(engine: Engine, point: Point) -> bool:
    """Whether the role of the point is there and may delete the backup (B-311)."""
    if not permissions.assumable(engine, point.role_arn, point.vault.account):
        return False
    if point.arn.startswith("arn:aws:dynamodb:"):
        return permissions.allowed(engine, point.role_arn, "dynamodb:DeleteBackup", point.arn)
    return True


def start_deletion(engine: Engine, point: Point) -> None:
    """B-196."""
    forget(point)
    point.status = "DELETING"
    _changed(engine, point, "NumberOfRecoveryPointsDeleting")
    engine.clock.at(engine.now() + engine.assumptions.seconds_to_delete, lambda: remove(engine, point))


def stay(engine: Engine, point: Point) -> None:
    """It could not be deleted and remains, until a call deletes it (B-194, B-195)."""
    forget(point)
    point.status = "EXPIRED"
    point.message = f"AWS Backup could not delete the recovery point with the role {point.role_arn}."
    _changed(engine, point, "NumberOfRecoveryPointsExpired")
    modified(engine, point)


def modified(engine: Engine, point: Point) -> None:
    """B-277."""
    what = {"Recovery point ARN": point.arn, "Resource ARN": point.resource_arn, "Id": arns.resource_name(point.arn)}
    events_wanted = ("RECOVERY_POINT_MODIFIED",)
    notifications.notify(engine, point.vault, events_wanted, "RECOVERY_POINT", point.status, what, point.created)


def remove(engine: Engine, point: Point) -> None:
    """The point is gone."""
    forget(point)
    point.status = "DELETED"
    point.snapshot = None
    point.vault.points.pop(point.arn, None)
    engine.site(point.vault.account, point.vault.region).tags.pop(point.arn, None)


def _changed(engine: Engine, point: Point, metric: str) -> None:
    where = point.vault
    events.point(engine, point)
    metrics.count(engine, where.account, where.region, metric, where.name, point.resource_type)
