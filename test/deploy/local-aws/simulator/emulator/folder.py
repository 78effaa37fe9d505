"""The folder that holds every temporary file of a local AWS."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import Iterator


@contextlib.contextmanager
def own_folder(given: Path | None) -> Iterator[Path]:
    """The folder that the caller gives, or one of our own that is removed at the end."""
    folder = given or Path(tempfile.mkdtemp(prefix="local-aws-"))
    before = tempfile.tempdir
    tempfile.tempdir = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before
        if given is None:
            shutil.rmtree(folder, ignore_errors=True)
