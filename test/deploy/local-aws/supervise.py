"""Run a server, and end it with all of its children when standard input closes.

Whoever started this program holds the other end of standard input, so that nothing stays behind even where that process was
killed: no server, no local Lambda function, and no temporary folder.

    python supervise.py <folder to remove> <log file> <program> [<argument> ...]
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time

GRACE_SECONDS = 5.0


def main(folder: str, log: str, command: list[str]) -> int:
    """Start the command in a process group of its own, and wait for its end or for the end of standard input."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with open(log, "ab") as output:
        server = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, preexec_fn=default_signals,
        )
    threading.Thread(target=end_with_standard_input, args=(server,), daemon=True).start()
    code = server.wait()
    kill(server, signal.SIGKILL)  # local Lambda functions that outlived it
    remove(folder)
    return code if code >= 0 else 128 - code


def default_signals() -> None:
    """A process inherits which signals are ignored."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def end_with_standard_input(server: "subprocess.Popen[bytes]") -> None:
    """Ask the server to end once nobody holds standard input any more, and insist after five seconds."""
    while os.read(0, 1024):
        pass
    kill(server, signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    kill(server, signal.SIGKILL)


def kill(server: "subprocess.Popen[bytes]", number: int) -> None:
    """Signal the process group, which has the local Lambda functions too."""
    try:
        os.killpg(server.pid, number)
    except ProcessLookupError:
        pass


def remove(folder: str) -> None:
    """Remove the temporary folder; a process that is just being killed may still write into it."""
    for _ in range(20):
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.exists(folder):
            return
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
