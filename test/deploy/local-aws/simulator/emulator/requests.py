"""How requests arrive: signed at a time, and over TLS."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from backup.clock import Clock
from ministack import app
from ministack.core import sigv4


def install(clock: Clock) -> None:
    """A local function signs at the simulated time, a test at the real one: both are now.

    A request counts as one over TLS, whether the endpoint has it or not: it does not leave the machine, and policies of buckets
    and queues that want TLS would shut out everybody.
    """
    skewed, pin = sigv4.request_time_failure, app.pin_request_origin

    def skewed_by_both(signature: Any, *, now: Any = None) -> Any:
        return skewed(signature, now=now) and skewed(signature, now=datetime.fromtimestamp(clock.now(), timezone.utc))

    sigv4.request_time_failure = skewed_by_both
    app.pin_request_origin = lambda address, is_secure: pin(address, True)
