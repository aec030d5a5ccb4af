"""README as a reader follows it: each line in its order, from an empty folder, against a server without any project.

Two kinds of lines are not run here. Those that install are run by tests/supply_chain/test_wheel.py. Those for developers run
this test itself, or the whole demonstration; they are compared with the commands of dev.py.
"""

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

PAGE = (ROOT / "README.md").read_text(encoding="utf-8")
_FENCED = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SNIPPETS = _FENCED.findall(PAGE)
COMMANDS = [line.split("  #")[0].strip() for line in re.findall(r"^ {4}(\S.*)$", _FENCED.sub("", PAGE), re.MULTILINE)]
INSTALLS = ('pipx install "$(echo dist/*.whl)[service]"',)
FOR_DEVELOPERS = re.compile(r"python3 dev\.py (\w+)")


def run_here() -> list[str]:
    return [line for line in COMMANDS if line not in INSTALLS and not FOR_DEVELOPERS.fullmatch(line)]


@pytest.fixture
def shell(tmp_path: Path, empty_url: str) -> dict[str, str]:
    """The environment of a shell in which `tia` is this checkout's, and speaks to a server without a project."""
    program = tmp_path / "bin" / "tia"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m engineering_api "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    path = os.pathsep.join((str(program.parent), os.environ["PATH"]))
    source = os.pathsep.join((str(ROOT), str(ROOT / "fakes")))
    return os.environ | {"PATH": path, "PYTHONPATH": source, "TIA_URL": empty_url, "TIA_API_KEY": KEY}


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the lines are for a shell of Linux and macOS")
def test_every_line_works_in_its_order(shell: dict[str, str], tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()

    def run(*arguments: str | Path) -> str:
        done = subprocess.run(arguments, cwd=here, env=shell, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{arguments}\n{done.stdout}{done.stderr}"
        return done.stdout

    for line in run_here():
        run("bash", "-c", line)
    (snippet,) = SNIPPETS
    assert run(sys.executable, "-c", snippet) == "0\n"
    assert "testsuites" in (here / "junit.xml").read_text(encoding="utf-8")


def words_of(line: str) -> Iterator[str]:
    """Yield the commands and options of a line of `tia`."""
    yield from re.findall(r"(?<=\s)--[\w-]+", line)


def test_the_lines_are_commands_with_these_options() -> None:
    """The cheap sibling: each line names a command, and options that its help has."""
    from click.testing import CliRunner

    from engineering_api.cli.commands import main

    lines = run_here()
    assert len(lines) >= 7 and len(SNIPPETS) == 1
    for line in lines:
        program, command, *rest = line.split()
        assert program == "tia"
        group = [command, rest[0]] if command in ("projects", "devices") else [command]
        done = CliRunner().invoke(main, [*group, "--help"])
        assert done.exit_code == 0 and all(option in done.output for option in words_of(line)), line


def test_the_lines_for_developers_are_commands_of_dev() -> None:
    named = {found[1] for line in COMMANDS if (found := FOR_DEVELOPERS.fullmatch(line))}
    text = (ROOT / "dev.py").read_text(encoding="utf-8")
    assert named >= {"wheel", "demo", "test"} and all(f"def {name}(" in text for name in named)
    assert set(INSTALLS) <= set(COMMANDS)
