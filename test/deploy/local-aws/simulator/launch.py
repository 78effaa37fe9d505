#!/usr/bin/env python3
"""Starts the local AWS: ministack, with what it lacks and with the simulator of AWS Backup in its process.

`python launch.py` is configured by the environment (emulator/settings.py lists the variables). As soon as it answers,
it prints one line of JSON on stdout: `{"endpoint": "http://127.0.0.1:41234", "port": 41234, "pid": 4711, ...}`.
Everything else goes to stderr. It listens on the loopback interface alone and ends on SIGTERM or SIGINT,
with the processes of its local Lambda functions.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from emulator.children import track_children  # noqa: E402
from emulator.ending import end_at_once  # noqa: E402
from emulator.folder import own_folder  # noqa: E402
from emulator.loopback import CannotListen, listen  # noqa: E402
from emulator.settings import InvalidSetting, environment_for_ministack, read_settings  # noqa: E402
from emulator.used_names import installed_version, missing_names, wrong_version  # noqa: E402


def main() -> int:
    """Starts, serves until it is told to end, and gives the exit code."""
    # Until the server listens to signals itself: an end while it starts cleans up as well.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end_at_once())
    try:
        settings = read_settings(os.environ)
        listener = listen(settings.port)
    except (InvalidSetting, CannotListen) as problem:
        return refuse(str(problem))
    version = installed_version()
    wrong = wrong_version(version, os.environ)
    if wrong:
        return refuse(wrong)
    with own_folder(settings.folder) as folder, track_children():
        environment = environment_for_ministack(settings, os.environ, folder, listener.getsockname()[1])
        os.environ.clear()
        os.environ.update(environment)
        missing = missing_names(version)
        if missing:
            return refuse(*missing, "The emulator package has to be changed for this version.")
        # ministack reads the environment when it is imported: not before here.
        from emulator.install import install
        from emulator.server import serve

        return serve(install(settings), settings, listener)


def refuse(*sentences: str) -> int:
    """Says why the local AWS does not start."""
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # At once: threads of ministack may still wait for something, and everything is cleaned up by now.
    os._exit(code)
