"""DescribeSecurityGroups by the filter `group-id`, which ministack does not look at.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html
"""

from __future__ import annotations

from typing import Any, Mapping

from ministack.services import ec2


def install() -> None:
    """Looks at the filter where ministack looks at those of tags."""
    original = ec2._resource_matches_tag_filters

    def matches(resource_id: str, filters: Mapping[str, Any]) -> bool:
        is_asked_for = not resource_id.startswith("sg-") or resource_id in (filters.get("group-id") or [resource_id])
        return is_asked_for and bool(original(resource_id, filters))

    ec2._resource_matches_tag_filters = matches
