"""The folder that holds every temporary file of a local AWS."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import Iterator

_NAME = re.compile(r"local-aws-(\d+)-\w+")


@contextlib.contextmanager
def own_folder(given: Path | None) -> Iterator[Path]:
    """The folder that the caller gives, or one of our own that is removed at the end."""
    # Not tempfile.gettempdir(), which tries the folder out with a file that stays if it is interrupted.
    parent = Path(os.environ.get("TMPDIR") or "/tmp")
    folder = given or parent / f"local-aws-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        remove_folders_of_the_dead(parent)
        tempfile.tempdir = str(folder)
        folder.mkdir(mode=0o700, exist_ok=given is not None)
        yield folder
    finally:
        tempfile.tempdir = None
        if given is None:
            remove_own_folder(folder)


def remove_own_folder(folder: Path) -> None:
    """Removes a folder that `own_folder` has made for this process, and no other."""
    match = _NAME.fullmatch(folder.name)
    if match and int(match.group(1)) == os.getpid():
        shutil.rmtree(folder, ignore_errors=True)


def remove_folders_of_the_dead(parent: Path) -> None:
    """Removes what local AWSs have left that were killed: their folders say which process they are of."""
    for folder in parent.glob("local-aws-*"):
        match = _NAME.fullmatch(folder.name)
        if match and not _is_running(int(match.group(1))):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
