"""The declared list of ministack's names is what the code uses, and what is missing is named."""

from __future__ import annotations

import types

from emulator.used_names import USED, VERSION, installed_version, missing_names, wrong_version
from used_names_scan import used_names


def test_the_list_holds_every_name_that_the_code_uses_and_no_other() -> None:
    assert {module: sorted(names) for module, names in USED.items()} == {module: sorted(names) for module, names in used_names().items()}


def test_the_installed_ministack_has_every_name() -> None:
    assert missing_names(installed_version()) == []


def test_the_installed_ministack_is_the_one_that_the_code_is_written_for() -> None:
    assert installed_version() == VERSION


def test_a_name_that_is_gone_is_named() -> None:
    def load(name: str) -> object:
        return types.SimpleNamespace(_put_bucket_tagging=None)

    used = {"services.s3": ("_put_bucket_logging", "_put_bucket_tagging")}
    assert missing_names("1.5.34", used, load) == ["ministack 1.5.34 has no services.s3._put_bucket_logging."]


def test_a_module_that_is_gone_is_named() -> None:
    def load(name: str) -> object:
        raise ModuleNotFoundError(name)

    assert missing_names("1.5.34", {"services.oam": ("x", "y")}, load) == ["ministack 1.5.34 has no module services.oam."]


def test_another_version_is_refused_in_a_sentence() -> None:
    assert wrong_version("1.5.34", {}) == (
        "ministack 1.5.34 is installed, and the local AWS is written for 1.5.33: install requirements.txt again, "
        "or set LOCAL_AWS_ANY_MINISTACK=1 to try this version."
    )


def test_another_version_passes_if_the_environment_says_so() -> None:
    assert wrong_version("1.5.34", {"LOCAL_AWS_ANY_MINISTACK": "1"}) is None
