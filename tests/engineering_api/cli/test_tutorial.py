"""The tutorial, as a reader does it: every command in its order prints what the page shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT
from tests.support.service import KEY

PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
PICTURE = ROOT / "docs" / "pictures" / "lamp.svg"
_COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
LEFT_OUT = "…"


def commands() -> Iterator[tuple[str, str]]:
    """Each command of the page, and what it prints."""
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL):
        yield from _COMMAND.findall(block)


@pytest.fixture
def shell(tmp_path: Path, empty_url: str) -> dict[str, str]:
    """The environment of a shell in which `tia` is this checkout's, and speaks to a server of the test."""
    program = tmp_path / "bin" / "tia"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m engineering_api "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    path = os.pathsep.join((str(program.parent), os.environ["PATH"]))
    source = os.pathsep.join((str(ROOT), str(ROOT / "fakes")))
    return os.environ | {"PATH": path, "PYTHONPATH": source, "TIA_URL": empty_url, "TIA_API_KEY": KEY, "COLUMNS": "200"}


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the page's sed is a program of Linux and macOS")
def test_every_command_prints_what_the_page_shows(shell: dict[str, str], tmp_path: Path) -> None:
    ran = 0
    for line, shown in commands():
        if line.startswith("tia serve"):
            continue  # the server of the test runs already
        done = subprocess.run(line, shell=True, cwd=tmp_path, env=shell, capture_output=True, text=True, check=False)  # noqa: S602 - the page's own commands
        assert done.returncode == int(": error " in shown), f"{line}\n{done.stdout}{done.stderr}"
        assert fits(shown, done.stdout + done.stderr), f"{line}\n{done.stdout}{done.stderr}"
        ran += 1
    assert ran > 10
    (drawn,) = (tmp_path / "report").glob("002-*.svg")
    assert drawn.read_text(encoding="utf-8") == PICTURE.read_text(encoding="utf-8")


def fits(shown: str, printed: str) -> bool:
    """Whether a text is what a page shows, where `…` leaves something out."""
    pattern = ".*".join(re.escape(part.strip()) for part in shown.split(LEFT_OUT))
    return re.fullmatch(rf"\s*{pattern}\s*", printed, re.DOTALL) is not None


def test_what_is_left_out_may_be_anything() -> None:
    assert fits("a\n…\nb\n", "a\nmore\nb\n") and fits("in … s", "in 3.1 s") and fits("", "")
    assert not fits("a\n…\nb\n", "a\nmore\nc\n") and not fits("", "something")
