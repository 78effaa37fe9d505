"""Images and roles as a task definition names them."""

from __future__ import annotations

from typing import Any

from ministack.core.responses import request_scope
from ministack.services import ecr, iam
from signals.ports import Scope


def find_image(image: str) -> Any:
    """The record of an image in Amazon ECR, by its digest or its tag. None for images elsewhere, too."""
    registry, _, name = image.partition("/")
    parts = registry.split(".")
    if not is_in_ecr(image):
        return None
    repository, _, digest = name.partition("@")
    repository, _, tag = repository.partition(":")
    with request_scope(parts[0], parts[3]):
        return ecr._find_image(repository, {"imageDigest": digest} if digest else {"imageTag": tag or "latest"})


def is_in_ecr(image: str) -> bool:
    """Whether an image is in a private registry of Amazon ECR."""
    parts = image.partition("/")[0].split(".")
    return len(parts) >= 6 and parts[1:3] == ["dkr", "ecr"]


def role_arn(scope: Scope, name: str) -> str:
    """The ARN of a role that may be given by its name."""
    if name.startswith("arn:"):
        return name
    record = iam._roles.get_scoped(scope.account, None, name)
    return str(record["Arn"]) if record else f"arn:aws:iam::{scope.account}:role/{name}"
