"""Times as AWS Backup's events write them."""

from __future__ import annotations

import functools
from datetime import datetime, timezone

DAY = 86400.0
MINUTE = 60.0


@functools.lru_cache(maxsize=1024)
def iso(moment: float) -> str:
    """A time in epoch seconds as ISO 8601 with milliseconds."""
    whole = datetime.fromtimestamp(round(moment * 1000) / 1000, timezone.utc)
    return whole.isoformat(timespec="milliseconds").replace("+00:00", "Z")
