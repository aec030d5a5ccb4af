"""`tia completion`: scripts of four shells, and the answers that they ask for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from engineering_api.cli.commands import main
from engineering_api.cli.completion import SHELLS

CODE = "import sys; sys.argv = ['tia']; from engineering_api.cli.commands import run; run()"


def completed(shell: str, words: str, last: str) -> list[str]:
    """The answers for a line of which the last word is being written."""
    separator = "\n" if shell == "powershell" else " "
    line = separator.join(["tia", *words.split(), *([last] if last and shell != "powershell" else [])])
    count = len(words.split()) + 1
    variables = {"_TIA_COMPLETE": f"{shell}_complete", "COMP_WORDS": line, "COMP_CWORD": str(count)}
    variables |= {"COMP_INCOMPLETE": last} if shell == "powershell" else {}
    command = [sys.executable, "-W", "ignore", "-c", CODE]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | variables, check=False)
    return done.stdout.splitlines()


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_names_the_program(shell: str) -> None:
    done = CliRunner().invoke(main, ["completion", shell])
    assert done.exit_code == 0
    assert "_TIA_COMPLETE" in done.output
    assert "tia" in done.output


def test_an_unknown_shell_is_refused() -> None:
    done = CliRunner().invoke(main, ["completion", "csh"])
    assert done.exit_code == 2
    assert "'powershell'" in done.output


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_reads_its_script() -> None:
    script = CliRunner().invoke(main, ["completion", "bash"]).output
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)


@pytest.mark.parametrize(
    ("words", "last", "wanted"),
    [
        ("", "comp", ["compile", "completion"]),
        ("", "tag-t", ["tag-tables", "tag-transfer"]),
        ("blocks", "ren", ["rename"]),
        ("compile", "--sc", ["--scope"]),
        ("compile --scope", "ha", ["hardware"]),
        ("completion", "", ["bash", "zsh", "fish", "powershell"]),
    ],
)
def test_commands_options_and_values_are_completed(words: str, last: str, wanted: list[str]) -> None:
    assert completed("bash", words, last) == [f"plain,{name}" for name in wanted]
    assert [line.split("\t")[:2] for line in completed("powershell", words, last)] == [
        ["plain", name] for name in wanted
    ]


def test_powershell_gets_the_summary() -> None:
    (line,) = completed("powershell", "blocks", "ren")
    assert line == "plain\trename\tGive a block another name."
