"""Puts everything together in ministack's process."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from backup import Assumptions, Backup, Clock, explain
from containers.assumptions import explain as explain_containers
from service.front import Front

from emulator import conditions, functions, lambda_workers, reporting, requests, routes, s3_replication, security_groups, service_linked_roles
from emulator.adapter import MinistackWorld
from emulator.automation import LocalAutomation
from emulator.calls import CallLog
from emulator.clock_file import ClockFile
from emulator.cloudformation import handlers
from emulator.ecs import LocalEcs
from emulator.image_replication import ImageReplication
from emulator.local_aws import LocalAws
from emulator.organization import LocalOrganization
from emulator.s3_objects import S3Objects
from emulator.settings import CLOCK_FILE, Settings
from emulator.undelivered import Undelivered


def install(settings: Settings) -> LocalAws:
    """The local AWS, ready to be served."""
    clock = Clock()
    undelivered = Undelivered(clock.now)
    organization = LocalOrganization(settings)
    organization.install()
    conditions.install(organization)
    requests.install(clock)
    lambda_workers.install(settings.warm_workers)
    s3_replication.install()
    S3Objects(clock).install()
    service_linked_roles.install()
    security_groups.install()
    world = MinistackWorld(clock, organization, undelivered)
    assumptions = Assumptions()
    backup = Backup(world, clock, assumptions)
    front = Front(backup)
    routes.install(front)
    reports = reporting.install(clock, world, undelivered, settings.management_account)
    event_sources = functions.install(clock, reports, undelivered)
    ecs = LocalEcs(clock)
    ecs.install()
    ImageReplication(clock).install()
    calls = CallLog(clock.now)
    calls.install()
    automation = LocalAutomation(clock, calls, reports.destinations, settings.function_errors)
    automation.install()
    handlers.install(front, event_sources, ecs, automation)
    clock_file = ClockFile(clock, Path(os.environ[CLOCK_FILE]))
    clock_file.install()

    def explained() -> list[dict[str, Any]]:
        return explain(assumptions) + explain_containers()

    return LocalAws(clock, backup, front, calls, undelivered, explained, clock_file, lambda: event_sources.is_busy or automation.is_busy, ecs.endpoints())
