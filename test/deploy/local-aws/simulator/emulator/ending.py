"""Ends the local AWS at once, whatever it is doing, with nothing left."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from emulator.children import end_children
from emulator.folder import remove_own_folder


def end_at_once() -> None:
    """Ends its processes, removes its folder and exits. Unlike an exception, this can't be swallowed by what is interrupted."""
    end_children(0.2)
    if tempfile.tempdir:
        remove_own_folder(Path(tempfile.tempdir))
    os._exit(0)
