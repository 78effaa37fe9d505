"""A function that is started while the clock is being moved knows the time at which it is started."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from backup.clock import Clock
from emulator.clock_file import ClockFile
from ministack.services import lambda_svc

DAY = 86_400


def test_a_function_begins_when_the_file_has_the_time_at_which_it_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, seen = tmp_path / "clock.json", []

    def execute(*_: Any) -> None:
        seen.append(json.loads(file.read_text())["offsetSeconds"])

    monkeypatch.setattr(lambda_svc, "_execute_function_with_config_scope", execute)
    clock = Clock(lambda: 1_800_000_000.0)
    ClockFile(clock, file).install()
    begun = threading.Thread(target=lambda: lambda_svc._execute_function_with_config_scope({}, {}))

    def start() -> None:
        begun.start()
        begun.join(0.2)  # it would begin here, with the time from before

    clock.at(clock.now() + DAY, start)
    clock.advance_to(clock.now() + DAY)
    begun.join()
    assert seen == [DAY]
