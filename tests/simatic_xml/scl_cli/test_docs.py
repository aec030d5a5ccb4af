"""The page about the command line tells the truth: its examples print what they show, its commands exist."""

import re
import shlex
from pathlib import Path

import pytest

from simatic_xml.scl_cli import main
from tests import ROOT

PAGE = (ROOT / "docs" / "scl-cli.md").read_text(encoding="utf-8")
FILES = {
    "belt.scl": """FUNCTION_BLOCK "Belt"
VAR_INPUT
    speed : Real;
END_VAR
VAR_OUTPUT
    on : Bool;
END_VAR

BEGIN
        #on := #speed > #limt;
END_FUNCTION_BLOCK
""",
    "plant.scl": """FUNCTION "Plant" : Void
BEGIN
    "Belts".first := TRUE;
END_FUNCTION
""",
    "tags.scl": """DATA_BLOCK "Belts"
STRUCT
    first : Bool;
END_STRUCT;
BEGIN
END_DATA_BLOCK
""",
    "motor.scl": """TYPE "typeMotor"
STRUCT
    speed : Real;
END_STRUCT;
END_TYPE

FUNCTION_BLOCK "Motor"
VAR_IN_OUT
    data : "typeMotor";
END_VAR
BEGIN
\t#data.speed := 0.0;
END_FUNCTION_BLOCK
""",
    "call.scl": """FUNCTION "Stop" : Void
BEGIN
    "Motor_1"(run := FALSE);
END_FUNCTION
""",
}
CONSOLES = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("example", CONSOLES, ids=[each.split("\n", 1)[0] for each in CONSOLES])
def test_examples_print_what_they_show(
    example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8", newline="\n")
    for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", example, re.MULTILINE):
        arguments = shlex.split(command)
        assert arguments[:2] == ["tia", "scl"]
        main(arguments[2:], "tia scl")
        out, err = capsys.readouterr()
        counts = err if re.search(r" in \d+ files?\n\Z", shown) else ""
        assert out + counts == shown, command


def test_every_command_is_there() -> None:
    listed = set(re.findall(r"^\| `([a-z-]+) FILE", PAGE, re.MULTILINE))
    assert listed == {"check", "lint", "format", "to-xml", "from-xml", "symbols"}
    for command in listed:
        assert main([command, "-h"]) == 0
    assert main(["-h"]) == 0
