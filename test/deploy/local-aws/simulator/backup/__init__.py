"""AWS Backup, simulated: state, clock and rules. Standard library only; no network and no emulator.

Every rule is a numbered statement of docs/aws-behaviour.md.
"""

from .assumptions import Assumptions, explain
from .caller import Caller
from .clock import Clock
from .backup import OPERATIONS, Backup
from .errors import Failed, NotSimulated, Refused

__all__ = ["OPERATIONS", "Assumptions", "Backup", "Caller", "Clock", "Failed", "NotSimulated", "Refused", "explain"]
