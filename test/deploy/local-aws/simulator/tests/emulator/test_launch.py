"""Starting and ending: one line when it is ready, the loopback interface alone, nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running import LAUNCH, PRIMARY, WORKLOAD, RunningLocalAws

HANDLER = "exports.handler = async () => ({ variables: Object.keys(process.env).filter((name) => name.startsWith('AWS_PROFILE')) });"


def run_launch(**variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, str(LAUNCH)], env={**os.environ, **variables}, capture_output=True, text=True, timeout=30)


def test_it_says_where_it_answers_as_soon_as_it_does() -> None:
    with RunningLocalAws.start() as running:
        assert running.endpoint == f"http://127.0.0.1:{running.said['port']}"
        assert running.local("health")["status"] == "ok"


def test_it_cannot_be_reached_from_another_machine() -> None:
    with RunningLocalAws.start() as running:
        # What every address of the machine would reach: the listening sockets of the process.
        listening = subprocess.run(["ss", "-Hltnp"], capture_output=True, text=True).stdout if Path("/usr/bin/ss").exists() else ""
        of_process = [line.split()[3] for line in listening.splitlines() if f"pid={running.said['pid']}," in line]
        assert of_process in ([], [f"127.0.0.1:{running.said['port']}"])
        with socket.socket() as other:
            other.bind(("127.0.0.2", running.said["port"]))


def test_two_take_different_ports() -> None:
    with RunningLocalAws.start() as one, RunningLocalAws.start() as other:
        assert one.endpoint != other.endpoint


def test_a_port_that_is_taken_is_said_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run_launch(LOCAL_AWS_PORT=str(port))
    assert result.returncode == 1
    assert result.stderr == f"Port {port} of 127.0.0.1 can't be used: Address already in use. Set LOCAL_AWS_PORT=0 for a free one.\n"


def test_nothing_is_left_when_it_has_ended() -> None:
    with RunningLocalAws.start() as running:
        folder = Path(running.said["folder"])
        assert (folder / "clock.json").exists()
    assert not folder.exists()
    assert running.process.returncode == 0


def test_a_given_folder_is_used_and_left_to_the_caller(tmp_path: Path) -> None:
    with RunningLocalAws.start(LOCAL_AWS_FOLDER=str(tmp_path)) as running:
        assert running.said["folder"] == str(tmp_path)
    assert tmp_path.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("milliseconds", [50, 150, 300, 500, 700, 900, 1200, 1600])
def test_nothing_is_left_when_it_is_interrupted_while_it_starts(tmp_path: Path, milliseconds: int, number: int) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    process = subprocess.Popen([sys.executable, str(LAUNCH)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(milliseconds / 1000)
    process.send_signal(number)
    process.communicate(timeout=10)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_one_has_left_is_removed_by_the_next(tmp_path: Path) -> None:
    with RunningLocalAws.start(TMPDIR=str(tmp_path)) as killed:
        killed.process.kill()
        killed.process.wait()
    assert [folder.name for folder in tmp_path.iterdir()] == [Path(killed.said["folder"]).name]
    (tmp_path / "local-aws-notes").mkdir()
    with RunningLocalAws.start(TMPDIR=str(tmp_path)) as running:
        left = sorted(folder.name for folder in tmp_path.iterdir())
        assert left == sorted(["local-aws-notes", Path(running.said["folder"]).name])


def test_it_ends_when_its_standard_input_does() -> None:
    with RunningLocalAws.start(LOCAL_AWS_END_WITH_STDIN="1") as running:
        assert running.process.stdin
        running.process.stdin.close()
        assert running.process.wait(10) == 0


def test_it_ends_within_seconds_although_a_custom_resource_waits_for_its_answer() -> None:
    with RunningLocalAws.start() as running:
        make_function(running, "silent")
        arn = f"arn:aws:lambda:{PRIMARY}:{WORKLOAD}:function:silent"
        template = {"Resources": {"Waits": {"Type": "Custom::Waits", "Properties": {"ServiceToken": arn}}}}
        running.client("cloudformation").create_stack(StackName="waits", TemplateBody=json.dumps(template))
        time.sleep(1)
        assert running.client("cloudformation").describe_stacks(StackName="waits")["Stacks"][0]["StackStatus"] == "CREATE_IN_PROGRESS"
        begun = time.monotonic()
        running.process.terminate()
        assert running.process.wait(10) == 0
        assert time.monotonic() - begun < 6


def test_processes_of_functions_end_with_it() -> None:
    with RunningLocalAws.start() as running:
        make_function(running, "one")
        running.client("lambda").invoke(FunctionName="one")
        children = children_of(running.said["pid"])
        assert len(children) == 1
    time.sleep(0.2)
    assert [child for child in children if Path(f"/proc/{child}").exists()] == []


def test_no_more_idle_processes_of_functions_are_kept_than_the_setting_says() -> None:
    with RunningLocalAws.start(LOCAL_AWS_WARM_WORKERS="2") as running:
        for name in ("one", "two", "three", "four"):
            make_function(running, name)
            running.client("lambda").invoke(FunctionName=name)
        time.sleep(0.7)
        assert len(children_of(running.said["pid"])) == 2


def test_functions_see_nothing_of_the_callers_aws_profile() -> None:
    with RunningLocalAws.start(AWS_PROFILE="production", AWS_PROFILE_OTHER="x") as running:
        make_function(running, "one")
        answer = running.client("lambda").invoke(FunctionName="one")["Payload"].read()
    assert answer == b'{"variables": []}' or answer == b'{"variables":[]}'


def make_function(running: RunningLocalAws, name: str) -> None:
    import io
    import zipfile

    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.js", HANDLER)
    role = f"arn:aws:iam::{WORKLOAD}:role/none"
    running.client("lambda", WORKLOAD, PRIMARY).create_function(
        FunctionName=name, Runtime="nodejs20.x", Role=role, Handler="index.handler", Code={"ZipFile": code.getvalue()}
    )


def children_of(pid: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(status.parent.name))
    return found
