"""What AWS does not say, in one place.

Each assumption has the value that the simulator uses, the range that is plausible on AWS and where the
value comes from, or "none". They are plain numbers, so that a test or a demo can set them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

SAMPLES = "the times in the sample events of https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html"


@dataclass
class Assumptions:
    """Values for what AWS's documentation leaves open. Times are in seconds."""

    seconds_until_backup_starts: float = 40
    seconds_to_back_up: float = 35
    seconds_until_copy_starts: float = 10
    seconds_to_copy: float = 90
    seconds_until_restore_starts: float = 6
    seconds_to_restore: float = 1200
    seconds_to_delete: float = 60
    seconds_within_which_expired_points_are_deleted: float = 8 * 3600
    points_outlive_their_role: bool = True
    old_accounts: bool = True


#: name: (what it is, plausible range, source or "none")
EXPLANATIONS: dict[str, tuple[str, str, str]] = {
    "seconds_until_backup_starts": (
        "from the creation of a backup job to its start, if the resource is free", "0 to the start window", SAMPLES
    ),
    "seconds_to_back_up": ("from the start of a backup job to its completion", "30 to hours, with the size", SAMPLES),
    "seconds_until_copy_starts": ("from the creation of a copy job to its start, if the resource is free", "0 to hours", SAMPLES),
    "seconds_to_copy": ("from the start of a copy job to its completion", "60 to many hours; AWS has no service level", SAMPLES),
    "seconds_until_restore_starts": ("from the creation of a restore job to its start", "0 to minutes", SAMPLES),
    "seconds_to_restore": (
        "from the start of a restore job to its completion",
        "minutes to hours; \"usually under an hour\" for a table",
        "https://repost.aws/questions (dynamodb-restore-taking-long)",
    ),
    "seconds_to_delete": ("how long a recovery point is DELETING", "seconds to days", "none"),
    "seconds_within_which_expired_points_are_deleted": (
        "the longest time between the end of a point's lifecycle and its deletion; each point has its own, fixed by its id",
        "8 hours",
        "https://docs.aws.amazon.com/aws-backup/latest/devguide/deleting-backups.html",
    ),
    "points_outlive_their_role": (
        "whether points become EXPIRED, and stay, if the role that made them is gone (B-194)",
        "true in \"a small percentage of cases\"",
        "https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-iam.html",
    ),
    "old_accounts": (
        "whether accounts made a vault before 21 November 2021, so that advanced DynamoDB features are off (B-233)",
        "true or false",
        "https://docs.aws.amazon.com/aws-backup/latest/devguide/advanced-ddb-backup.html",
    ),
}


def explain(assumptions: Assumptions) -> list[dict[str, Any]]:
    """The assumptions with their values, for people."""
    values = asdict(assumptions)
    rows = []
    for field in fields(Assumptions):
        what, plausible, source = EXPLANATIONS[field.name]
        rows.append({"name": field.name, "value": values[field.name], "what": what, "range": plausible, "source": source})
    return rows
