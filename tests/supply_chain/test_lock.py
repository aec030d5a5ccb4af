"""The lock files name one version with checksums of each package, wherever the project runs, and no place to fetch it."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.supply_chain.installed import ROOT
from tests.supply_chain.lock import LockError, Pin, differences, main, misfits, pins

HASH = "--hash=sha256:" + "0" * 64
FILES = [ROOT / f"requirements{name}.lock" for name in ("-dev", "", "-check")]
OTHER = "--hash=sha256:" + "f" * 64


def locked(*lines: str) -> list[Pin]:
    return list(pins("".join(f"{line} \\\n    {HASH} \\\n    {OTHER}\n" for line in lines)))


def test_the_committed_lock_files_fit_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(*FILES) == 0, capsys.readouterr().err


def test_a_line_is_read_with_marker_and_checksums() -> None:
    (pin,) = locked("Py_Thing==3.1 ; sys_platform == 'win32'")
    assert (pin.name, pin.version, str(pin.marker), pin.hashes) == ("py-thing", "3.1", 'sys_platform == "win32"', 2)


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.org/simple",
        "--find-links /wheels",
        "a @ https://example.org/a.whl",
        "-e .",
        "a>=1",
        "a",
        "a==1 --hash=md5:00",
        f"a==1 {HASH}0 --hash=sha256:xyz",
    ],
)
def test_nothing_but_versions_is_accepted(line: str) -> None:
    with pytest.raises(LockError):
        list(pins(f"# a comment\n\n{line}\n"))


@pytest.mark.parametrize(
    ("need", "lines", "fits"),
    [
        ("a>=2,<3", ["a==2.5"], True),
        ("a>=2,<3", ["a==3.0"], False),
        ("a>=2,<3", ["b==2.5"], False),
        ("a[extra]>=2", ["a==2.5"], True),
        ("a>=2", ["a==2.5 ; sys_platform == 'win32'"], False),
        ("a>=2; sys_platform == 'win32'", ["a==2.5 ; sys_platform == 'win32'"], True),
        ("a>=2; python_version >= '3.14'", ["a==2.5 ; python_full_version < '3.14'"], False),
        ("a>=2", ["a==2.5 ; python_full_version < '3.13'", "a==3.0 ; python_full_version >= '3.13'"], True),
        ("a>=2", ["a==2.5", "a==3.0"], False),
    ],
)
def test_each_requirement_has_to_be_met_wherever_it_applies(need: str, lines: list[str], fits: bool) -> None:
    assert (misfits([Requirement(need)], locked(*lines)) == []) is fits


def test_a_package_without_checksum_is_reported() -> None:
    assert misfits([], list(pins("a==1"))) == ["a has no checksum."]


def test_the_service_is_tested_with_the_versions_that_it_is_delivered_with() -> None:
    assert differences(locked("a==1", "b==2"), locked("a==1", "b==3")) == ["b 2 is in no other lock file."]


def test_a_forgotten_lock_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = tmp_path / "requirements.lock"
    old.write_text((ROOT / "requirements.lock").read_text(encoding="utf-8").replace("litestar==2.", "litestar==1."))
    assert main(FILES[0], old, FILES[2]) == 1
    shown = capsys.readouterr()
    assert "requirements.lock: litestar<3,>=2.25 is locked as 1." in shown.err
    assert "dev.py lock" in shown.out
