"""The interpreter of documents, which is written in TypeScript: a process of Node.js that is asked in lines of JSON.

What it does is in test/automation, with AWS's pages. It is bundled and started when something is asked for the first time, so that a local AWS
without automations does not pay for it.
"""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[5]
SOURCE = REPOSITORY / "test" / "automation" / "server" / "automation-server.ts"
BUNDLER = REPOSITORY / "node_modules" / ".bin" / "esbuild"

FAIL_THE_STEP, ARE_OUTPUTS = "FAIL_THE_STEP", "ARE_OUTPUTS"
"""The readings of an error of a function (E-207)."""


class Interpreter:
    """One process for all accounts."""

    def __init__(self, folder: Path, path: str, function_errors: str = FAIL_THE_STEP) -> None:
        self._folder = folder
        # Nothing else of the environment: its NODE_OPTIONS are for local Lambda functions.
        self._environment = {"PATH": path}
        self._function_errors = function_errors
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    @property
    def is_running(self) -> bool:
        """Whether anything has been asked."""
        return self._process is not None

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Asks, and waits for the answer, which takes no longer than some milliseconds."""
        with self._lock:
            process = self._process = self._process or self._start()
            assert process.stdin and process.stdout
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"The interpreter of automations has ended with {process.wait()}.")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop(self) -> None:
        """Ends the process."""
        if self._process:
            self._process.terminate()
            self._process.wait(5)
            self._process = None

    def _start(self) -> "subprocess.Popen[str]":
        bundle = self._folder / "automation-server.cjs"
        command = [str(BUNDLER), str(SOURCE), "--bundle", "--platform=node", "--log-level=error", f"--outfile={bundle}"]
        subprocess.run(command, env=self._environment, cwd=REPOSITORY, check=True, stdout=subprocess.DEVNULL)
        return subprocess.Popen(
            ["node", str(bundle), self._function_errors], env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
