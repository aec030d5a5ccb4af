"""How `tia run` starts and ends a program: arguments, exit codes, tracebacks, projects, and what stays behind: nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from engineering_api.cli.commands import main as tia
from fake_dotnet import missing
from fake_openness import activate
from fake_openness.hosting import main
from fake_openness.hosting.command import MISSING, USAGE
from tests.fakes.fake_openness.hosting.kit import PLC, START, Run

CODES = {"pass": 0, "import sys; sys.exit(7)": 7, "raise SystemExit('no')": 1, "1 / 0": 1}


def test_exit_codes(run: Run) -> None:
    assert {text: run(text).code for text in CODES} == CODES


def test_arguments_and_modules_of_the_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "neighbour.py").write_text("VALUE = 5\n", encoding="utf-8")
    text = "import sys, neighbour\nprint(__name__, sys.argv[1:], neighbour.VALUE)\n"
    assert run(text, "--version", "x").lines == ["__main__ ['--version', 'x'] 5"]
    del sys.modules["neighbour"]


def test_a_traceback_has_the_lines_of_the_program_only(run: Run) -> None:
    text = START + "def start():\n    portal.Projects.Open(FileInfo('C:\\\\none.ap17'))\nstart()\n"
    lines = run(text).errors.splitlines()
    assert [line for line in lines if line.startswith("  File") and "program.py" not in line] == []
    assert sum(line.startswith("  File") for line in lines) == 2
    assert lines[-1].startswith("Siemens.Engineering.EngineeringTargetInvocationException: ")


def test_nothing_stays(run: Run) -> None:
    def state() -> tuple[object, ...]:
        names = sorted(name for name in sys.modules if name.partition(".")[0] in {"clr", "System", "Siemens"})
        return names, os.stat, open, os.path.join, list(sys.meta_path), sys.argv, list(sys.path), dict(os.environ)

    before = state()
    assert run(START + "raise ValueError\n").code == 1
    assert state() == before
    assert missing.OBSERVERS == []
    assert not os.path.exists(r"C:\Program Files")  # noqa: PTH110 - the function that was replaced meanwhile


def test_wrong_usage(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main([str(tmp_path / "none.py")]) == MISSING
    with pytest.raises(SystemExit) as ended:
        main(["--version", "V13", "x.py"])
    assert ended.value.code == USAGE
    assert "'V13' is not a version" in capsys.readouterr().err


def test_a_program_attaches_to_a_project_and_keeps_it(run: Run) -> None:
    made = run(START + PLC, options=("--keep",))
    file = made.drives / "C" / "Projects" / "Line" / "Line.ap17"
    assert f'Kept: tia open "{file}"' in made.errors
    text = START.replace("portal = tia.TiaPortal(tia.TiaPortalMode.WithUserInterface)", "")
    text += "portal = tia.TiaPortal.GetProcesses()[0].Attach()\nproject = portal.Projects[0]\n"
    ended = run(
        text + "print([each.Name for each in project.Devices], project.Path)\n", options=("--project", str(file))
    )
    assert (ended.lines, ended.code) == (
        [f"['Station_1'] {os.sep}".replace(os.sep, "C:\\Projects\\Line\\Line.ap17")],
        0,
    )


def test_a_project_that_another_one_holds_is_refused_or_copied(run: Run, tmp_path: Path) -> None:
    made = run(START + PLC, options=("--keep",))
    folder = (made.drives / "C" / "Projects" / "Line").rename(tmp_path / "Line")
    file = folder / "Line.ap17"
    with activate("17", project=file):
        ended = run("pass", options=("--project", str(file)))
        change = START + "project = tia.TiaPortal.GetProcesses()[0].Attach().Projects[0]\nproject.Devices[0].Delete()\n"
        before = file.read_bytes()
        copied = run(change + "project.Save()\nprint(project.Path)", options=("--project", str(file), "--copy"))
    assert (copied.lines, copied.code, file.read_bytes()) == (["C:\\Projects\\Line\\Line.ap17"], 0, before)
    assert ended.code == MISSING
    assert "it is open already by user engineer" in ended.errors


def test_the_command_of_tia(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text("import sys\nsys.exit(9)\n", encoding="utf-8")
    assert CliRunner().invoke(tia, ["run", "--version", "V16", str(script)]).exit_code == 9
    assert "SCRIPT" in CliRunner().invoke(tia, ["run"]).output


@pytest.mark.slow
def test_the_module(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(START + PLC + "print(software.Name)\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "fake_openness", str(script)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "PLC_1\n", "")


@pytest.mark.parametrize(
    ("options", "suffix", "said"),
    [
        ((), "ap17", ""),
        (("--version", "V20"), "ap20", "is of V17, and V20 is simulated: choose it with --version V17."),
    ],
)
def test_the_version_is_that_of_the_assemblies_unless_it_is_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], suffix: str, said: str
) -> None:
    script = tmp_path / "program.py"
    path = r"C:\Program Files\Siemens\Automation\Portal V17\PublicAPI\V17\Siemens.Engineering.dll"
    start = START.replace('"Siemens.Engineering"', f"r'{path}'")
    script.write_text(f"{start}{PLC}print(project.Path.FullName)\n", encoding="utf-8")
    assert main([*options, str(script)]) == 0
    printed = capsys.readouterr()
    assert printed.out.strip().endswith(suffix)
    assert said in printed.err and bool(said) == bool(printed.err)
