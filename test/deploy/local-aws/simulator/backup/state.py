"""Everything that the simulator remembers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from .clock import Entry
from .world import Snapshot

Members = dict[str, Any]


@dataclass
class Lock:
    """A vault's lock. `date` is the time from which nobody can change it, None in governance mode."""

    minimum: int | None
    maximum: int | None
    date: float | None


@dataclass
class Vault:
    """A backup vault. `points` are its recovery points by ARN."""

    name: str
    account: str
    region: str
    arn: str
    key_arn: str
    created: float
    creator_request_id: str | None
    lock: Lock | None = None
    policy: str | None = None
    topic: str | None = None
    events: list[str] = field(default_factory=list)
    points: dict[str, "Point"] = field(default_factory=dict)


@dataclass
class Point:
    """A recovery point. `created` is the date that its lifecycle counts from: of a copy, that of its source."""

    arn: str
    vault: Vault
    resource_arn: str
    resource_type: str
    role_arn: str
    created: float
    started: float
    lifecycle: Members
    created_by: Members | None
    key_arn: str | None
    managed: bool
    cold_allowed: bool
    status: str = "CREATING"
    message: str | None = None
    completed: float | None = None
    size: int = 0
    snapshot: Snapshot | None = None
    storage_class: str = "WARM"
    resource_key_arn: str | None = None
    source_vault_arn: str | None = None
    last_restore: float | None = None
    uses: int = 0
    timers: list[Entry] = field(default_factory=list)


@dataclass
class Version:
    """A version of a plan."""

    id: str
    created: float
    document: Members


@dataclass
class Plan:
    """A backup plan. `timers` are the next runs of its rules."""

    id: str
    account: str
    region: str
    arn: str
    created: float
    creator_request_id: str | None
    versions: list[Version] = field(default_factory=list)
    deleted: float | None = None
    last_run: float | None = None
    selections: dict[str, "Selection"] = field(default_factory=dict)
    timers: list[Entry] = field(default_factory=list)

    @property
    def current(self) -> Version:
        return self.versions[-1]


@dataclass
class Selection:
    """An assignment of resources to a plan."""

    id: str
    plan: Plan
    created: float
    creator_request_id: str | None
    document: Members

    @property
    def role_arn(self) -> str:
        return str(self.document["IamRoleArn"])


@dataclass
class Job:
    """What backup, copy and restore jobs have in common."""

    id: str
    account: str
    region: str
    created: float
    role_arn: str
    resource_arn: str
    resource_type: str
    state: str
    number: int = 0
    started: float | None = None
    completed: float | None = None
    message: str | None = None
    statement: str | None = None
    created_by: Members | None = None
    size: int = 0
    timers: list[Entry] = field(default_factory=list)


@dataclass
class BackupJob(Job):
    """A backup job. `copies` are the copy actions of its rule."""

    vault_name: str = ""
    lifecycle: Members = field(default_factory=dict)
    start_by: float = 0
    minutes_to_complete: int = 0
    completes_from_start: bool = True
    tags: dict[str, str] = field(default_factory=dict)
    copies: list[Members] = field(default_factory=list)
    point: Point | None = None
    key_arn: str | None = None


@dataclass
class CopyJob(Job):
    """A copy job. `lifecycle` is what was asked for; the copy's own follows from its source."""

    source: Point = None  # type: ignore[assignment]
    destination_arn: str = ""
    lifecycle: Members | None = None
    copy_lifecycle: Members | None = None
    copy_arn: str | None = None
    copy_key_arn: str | None = None
    backup_job_id: str | None = None


@dataclass
class RestoreJob(Job):
    """A restore job."""

    point: Point = None  # type: ignore[assignment]
    metadata: dict[str, str] = field(default_factory=dict)
    restored_arn: str | None = None


@dataclass
class Site:
    """One account in one region."""

    vaults: dict[str, Vault] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    backups: dict[str, BackupJob] = field(default_factory=dict)
    copies: dict[str, CopyJob] = field(default_factory=dict)
    restores: dict[str, RestoreJob] = field(default_factory=dict)
    protected: dict[str, Members] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[tuple[str, str], tuple[str, Members]] = field(default_factory=dict)
    settings: Members | None = None


@dataclass
class State:
    """All accounts and regions."""

    sites: dict[tuple[str, str], Site] = field(default_factory=lambda: defaultdict(Site))
    global_settings: dict[str, Members] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    job_count: int = 0
