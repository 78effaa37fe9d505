"""What the local AWS is started with, and what of the caller's environment reaches it."""

from __future__ import annotations

from pathlib import Path

import pytest
from emulator.settings import InvalidSetting, environment_for_ministack, read_settings


def environment(**caller: str) -> dict[str, str]:
    return environment_for_ministack(read_settings(caller), caller, Path("/tmp/folder"), 4711)


def test_nothing_of_aws_in_the_callers_environment_reaches_it() -> None:
    made = environment(PATH="/bin", AWS_PROFILE="production", AWS_ACCESS_KEY_ID="AKIA", AWS_ENDPOINT_URL="", HTTPS_PROXY="http://proxy")
    assert [name for name in made if name.startswith("AWS_") or "PROXY" in name] == []
    assert made["PATH"] == "/bin"


def test_a_variable_that_switches_something_of_ministack_on_does_not_reach_it() -> None:
    made = environment(PERSIST_STATE="1", SERVICES="s3", DOCKER_HOST="unix:///var/run/docker.sock", BIND_HOST="0.0.0.0")
    assert "PERSIST_STATE" not in made and "SERVICES" not in made
    assert made["BIND_HOST"] == "127.0.0.1"
    assert made["DOCKER_HOST"] == "unix:///tmp/folder/no-docker.sock"


def test_it_listens_on_one_port_alone() -> None:
    made = environment()
    assert (made["IOT_MTLS_ENABLED"], made["SFTP_ENABLED"], made["GATEWAY_PORT"]) == ("0", "0", "4711")


def test_authorization_and_tls_are_off_unless_asked_for() -> None:
    assert environment()["AUTH"] == "false" and "USE_SSL" not in environment()
    made = environment(LOCAL_AWS_AUTH="1", LOCAL_AWS_TLS="1")
    assert made["AUTH"] == "true" and made["USE_SSL"] == "1"


def test_the_file_of_the_clock_is_told_to_local_functions() -> None:
    assert environment()["LOCAL_AWS_CLOCK_FILE"] == "/tmp/folder/clock.json"


@pytest.mark.parametrize("port", ["-1", "http", "65536", ""])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(InvalidSetting, match="LOCAL_AWS_PORT is .*: it is a number from 0 to 65535"):
        read_settings({"LOCAL_AWS_PORT": port})


def test_a_folder_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidSetting, match="LOCAL_AWS_FOLDER is '/nowhere/at/all': there is no such folder"):
        read_settings({"LOCAL_AWS_FOLDER": "/nowhere/at/all"})


def test_an_organization_can_be_given() -> None:
    settings = read_settings({"LOCAL_AWS_ORGANIZATION": "o-abcdefghij 123456789012 210987654321"})
    assert (settings.organization_id, settings.management_account, settings.member_accounts) == ("o-abcdefghij", "123456789012", ("210987654321",))
