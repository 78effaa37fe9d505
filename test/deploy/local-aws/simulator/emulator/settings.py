"""What the local AWS is started with: environment variables, and the environment that ministack gets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

MANAGEMENT_ACCOUNT = "111111111111"
MEMBER_ACCOUNTS = ("222222222222", "333333333333")
ORGANIZATION_ID = "o-exampleorg12"
"""What a local AWS has if nothing else is said."""


class InvalidSetting(Exception):
    """An environment variable whose value can't be used."""


@dataclass(frozen=True)
class Settings:
    """The variables, each named in `read_settings`."""

    port: int
    authorization: bool
    tls: bool
    folder: Path | None
    node_path: str
    node_options: str
    warm_workers: int
    function_errors: str
    end_with_stdin: bool
    log_level: str
    organization_id: str
    management_account: str
    member_accounts: tuple[str, ...]

    @property
    def scheme(self) -> str:
        """How the endpoint's URL begins."""
        return "https" if self.tls else "http"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings that the environment says.

    * `LOCAL_AWS_PORT`: the port on 127.0.0.1. 0, the default, takes a free one.
    * `LOCAL_AWS_AUTH`: 1 checks signatures and enforces the policies of users and roles.
    * `LOCAL_AWS_TLS`: 1 serves https with a certificate made for this run.
    * `LOCAL_AWS_FOLDER`: an existing folder for temporary files, which the caller removes. Without it, one is made and removed.
    * `LOCAL_AWS_NODE_PATH`: node_modules that hold the AWS SDK, for local Lambda functions that do not bundle it.
    * `LOCAL_AWS_NODE_OPTIONS`: NODE_OPTIONS of local Lambda functions, for example to preload the clock.
    * `LOCAL_AWS_WARM_WORKERS`: how many idle processes of Lambda functions are kept (about 70 MB each). The default is 4.
    * `LOCAL_AWS_FUNCTION_ERRORS`: what an error of a function is in an automation: `FAIL_THE_STEP`, the default, or `ARE_OUTPUTS` (E-207).
    * `LOCAL_AWS_END_WITH_STDIN`: 1 ends the local AWS when its standard input is closed, as it is when its parent dies.
    * `LOCAL_AWS_LOG_LEVEL`: of what is written to stderr. The default is WARNING.
    * `LOCAL_AWS_ORGANIZATION`: `o-exampleorg12 111111111111 222222222222 333333333333`: id, management account, members.
    """
    organization = environment.get("LOCAL_AWS_ORGANIZATION", "").split() or [ORGANIZATION_ID, MANAGEMENT_ACCOUNT, *MEMBER_ACCOUNTS]
    if len(organization) < 2:
        raise InvalidSetting(
            f"LOCAL_AWS_ORGANIZATION is {environment['LOCAL_AWS_ORGANIZATION']!r}: it names an organization and its management account."
        )
    folder = environment.get("LOCAL_AWS_FOLDER", "")
    if folder and not Path(folder).is_dir():
        raise InvalidSetting(f"LOCAL_AWS_FOLDER is {folder!r}: there is no such folder.")
    return Settings(
        port=_number(environment, "LOCAL_AWS_PORT", 0, 65535),
        authorization=environment.get("LOCAL_AWS_AUTH") == "1",
        tls=environment.get("LOCAL_AWS_TLS") == "1",
        folder=Path(folder) if folder else None,
        node_path=environment.get("LOCAL_AWS_NODE_PATH", ""),
        node_options=environment.get("LOCAL_AWS_NODE_OPTIONS", ""),
        warm_workers=_number(environment, "LOCAL_AWS_WARM_WORKERS", 4, 1000),
        function_errors=_one_of(environment, "LOCAL_AWS_FUNCTION_ERRORS", ("FAIL_THE_STEP", "ARE_OUTPUTS")),
        end_with_stdin=environment.get("LOCAL_AWS_END_WITH_STDIN") == "1",
        log_level=environment.get("LOCAL_AWS_LOG_LEVEL", "WARNING"),
        organization_id=organization[0],
        management_account=organization[1],
        member_accounts=tuple(organization[2:]),
    )


def _number(environment: Mapping[str, str], name: str, default: int, highest: int) -> int:
    """A whole number between 0 and a highest value."""
    text = environment.get(name, str(default))
    if not text.isdecimal() or int(text) > highest:
        raise InvalidSetting(f"{name} is {text!r}: it is a number from 0 to {highest}.")
    return int(text)


def _one_of(environment: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    """One of several values. The first is the default."""
    text = environment.get(name) or known[0]
    if text not in known:
        raise InvalidSetting(f"{name} is {text!r}: it is one of {', '.join(known)}.")
    return text


KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "OPENSSL_CONF")
"""What ministack and local Lambda functions see of the caller's environment. Nothing else reaches them: no AWS_*, no
proxy, no variable that turns something of ministack on."""


def environment_for_ministack(settings: Settings, caller: Mapping[str, str], folder: Path, port: int) -> dict[str, str]:
    """The whole environment that ministack and the processes of local Lambda functions run in."""
    environment = {name: caller[name] for name in KEPT if name in caller}
    environment.update(
        {
            "TMPDIR": str(folder),
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "localhost",
            "GATEWAY_PORT": str(port),
            "MINISTACK_ACCOUNT_ID": settings.management_account,
            "AUTH": "true" if settings.authorization else "false",
            "LOG_LEVEL": settings.log_level,
            "LAMBDA_EXECUTOR": "local",
            "S3_DATA_DIR": str(folder / "s3"),
            # No listener beside the one port, and no Docker, whatever the machine has.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "DOCKER_HOST": f"unix://{folder / 'no-docker.sock'}",
            # Step Functions waits take no time: a runbook's minutes are not ours.
            "SFN_WAIT_SCALE": "0",
            CLOCK_FILE: str(clock_file(folder)),
        }
    )
    if settings.tls:
        environment["USE_SSL"] = "1"
    if settings.node_path:
        environment["NODE_PATH"] = settings.node_path
    if settings.node_options:
        environment["NODE_OPTIONS"] = settings.node_options
    return environment


CLOCK_FILE = "LOCAL_AWS_CLOCK_FILE"
"""The variable by which local Lambda functions find the file that says how far the clock is ahead."""


def clock_file(folder: Path) -> Path:
    """The file that says how far simulated time is ahead of real time."""
    return folder / "clock.json"
