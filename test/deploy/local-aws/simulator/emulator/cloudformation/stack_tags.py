"""Types whose resources take the tags of their stack on AWS, and whose tags ministack keeps without the stack's."""

from __future__ import annotations

from ministack.services.cloudformation import provisioners

TYPES: dict[str, tuple[str, str]] = {
    "AWS::Events::Rule": ("Tags", "list"),
}
"""The property of each, with its shape. Types that are registered here say it themselves."""


def install() -> None:
    """Adds them to ministack's table."""
    provisioners._STACK_TAG_PROPERTY.update(TYPES)
