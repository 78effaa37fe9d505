"""Makes ministack's CloudFormation know what the reference app's templates use."""

from __future__ import annotations

from service.front import Front

from emulator.automation import LocalAutomation
from emulator.cloudformation import (
    budgets_types,
    cloudwatch_types,
    dynamodb_types,
    ec2_types,
    ecr_types,
    events_types,
    messaging_types,
    oam_types,
    s3_types,
    sns_types,
    stack_roles,
    stack_tags,
)
from emulator.cloudformation.backup_types import BackupTypes
from emulator.cloudformation.ecs_types import EcsTypes
from emulator.cloudformation.scaling_types import ScalingTypes
from emulator.cloudformation.ssm_types import DocumentType
from emulator.ecs import LocalEcs
from emulator.event_sources import LocalEventSources
from emulator.routes import caller_in_process

TYPES = (
    budgets_types,
    cloudwatch_types,
    dynamodb_types,
    ec2_types,
    ecr_types,
    events_types,
    oam_types,
    s3_types,
    sns_types,
    stack_roles,
    stack_tags,
)


def install(front: Front, event_sources: LocalEventSources, ecs: LocalEcs, automation: LocalAutomation) -> None:
    """Installs every type and property."""
    BackupTypes(front, caller_in_process).install()
    messaging_types.install(event_sources)
    EcsTypes(ecs).install()
    ScalingTypes(ecs).install()
    DocumentType(automation).install()
    for types in TYPES:
        types.install()
