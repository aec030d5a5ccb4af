"""The command line: what it prints, which files it writes, and its exit codes."""

import io
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree

from engineering_api.cli.commands import main as tia
from simatic_xml import dump, from_json, load, to_json, to_text
from simatic_xml.command_line.main import main
from tests.simatic_xml.corpus import fixture

FINE, FOUND, USAGE, UNREADABLE = range(4)
SOURCE = 'FUNCTION "F" : Void\nBEGIN\n#a:=1;\nEND_FUNCTION\n'


@pytest.fixture
def motor(tmp_path: Path) -> Path:
    path = tmp_path / "motor.xml"
    path.write_bytes(fixture("motor_v18.xml"))
    return path


@pytest.fixture
def other(tmp_path: Path) -> Path:
    path = tmp_path / "other.xml"
    path.write_bytes(fixture("motor_v18.xml").replace(b"<Number>7<", b"<Number>8<"))
    return path


def standard_input(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_check(motor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(motor)]) == FINE
    assert capsys.readouterr().out == ""
    bad = tmp_path / "bad.xml"
    bad.write_bytes(motor.read_bytes().replace(b'<Member Name="speed"', b'<Member Name="START"'))
    assert main(["check", str(tmp_path)]) == FOUND
    assert capsys.readouterr().out.startswith(f"{bad}: Motor: error duplicate-member: 'START' is already declared")
    assert main(["check", "--json", str(bad), str(motor)]) == FOUND
    results = json.loads(capsys.readouterr().out)["files"]
    assert [(each["file"], [problem["code"] for problem in each["problems"]]) for each in results] == [
        (str(bad), ["duplicate-member", "undefined-symbol"]),
        (str(motor), []),
    ]


def test_warnings_count_when_strict(tmp_path: Path) -> None:
    path = tmp_path / "odd.xml"
    path.write_bytes(fixture("motor_v18.xml").replace(b"<MemoryLayout>", b"<NeverSeen /><MemoryLayout>"))
    assert main(["check", str(path)]) == FINE
    assert main(["check", "--strict", str(path)]) == FOUND


def test_check_of_sources(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "f.scl"
    path.write_text(SOURCE.replace("1;", ";"), encoding="utf-8")
    assert main(["check", str(path)]) == FOUND
    assert "line 3, column 5: error operand-missing" in capsys.readouterr().out


def test_check_by_schemas(motor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "schemas"
    folder.mkdir()
    assert main(["check", "--schemas", str(folder), str(motor)]) == UNREADABLE
    assert "has no schema" in capsys.readouterr().err
    schema = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="Sections" type="xs:int"/></xs:schema>'
    )
    (folder / "S_v5.xsd").write_text(schema, encoding="utf-8")
    assert main(["check", "--schemas", str(folder), str(motor)]) == FOUND
    assert "error schema" in capsys.readouterr().out


def test_unreadable_files_do_not_stop_the_others(
    motor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_bytes(b"<Document>")
    assert main(["check", "--json", str(tmp_path / "none.xml"), str(broken), str(motor)]) == UNREADABLE
    output = capsys.readouterr()
    assert [line.partition(": ")[0] for line in output.err.splitlines()] == [str(tmp_path / "none.xml"), str(broken)]
    assert "[not-xml]" in output.err
    assert [each["file"] for each in json.loads(output.out)["files"]] == [str(motor)]


def test_format(motor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    regular = motor.read_bytes()
    motor.write_bytes(regular.replace(b"\n  ", b"\n\t\t"))
    assert main(["format", "--check", str(motor)]) == FOUND
    assert capsys.readouterr().out == f"{motor}\n"
    assert main(["format", str(motor)]) == FINE
    assert motor.read_bytes() == regular
    assert main(["format", "--check", str(motor)]) == FINE
    assert [path.name for path in motor.parent.iterdir()] == ["motor.xml"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes.")
def test_modes_of_files(motor: Path, tmp_path: Path) -> None:
    plain, target = tmp_path / "plain", tmp_path / "motor.json"
    plain.touch()
    assert main(["to-json", str(motor), "-o", str(target)]) == FINE
    assert target.stat().st_mode == plain.stat().st_mode
    motor.chmod(0o600)
    assert main(["upgrade", "--to", "V20", str(motor)]) == FINE
    assert motor.stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written(motor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["to-json", str(motor), "-o", str(tmp_path / "none" / "motor.json")]) == UNREADABLE
    folder = tmp_path / "folder"
    folder.mkdir()
    assert main(["to-json", str(motor), "-o", str(folder)]) == UNREADABLE
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "motor.xml"]


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_format_of_sources(tmp_path: Path, eol: str) -> None:
    path = tmp_path / "f.scl"
    path.write_bytes(b"\xef\xbb\xbf" + SOURCE.replace("\n", eol).encode())
    assert main(["format", str(path)]) == FINE
    text = path.read_bytes().decode("utf-8-sig")
    assert "#a := 1;" in text
    assert text.count(eol) == text.count("\n") > 3
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_json_and_back(motor: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    target = tmp_path / "motor.json"
    assert main(["to-json", str(motor), "-o", str(target)]) == FINE
    assert json.loads(target.read_bytes()) == to_json(load(motor))
    assert main(["from-json", str(target)]) == FINE
    assert capsysbinary.readouterr().out == motor.read_bytes()
    assert main(["from-json", str(target), "--to", "V20"]) == FINE
    assert b'<Engineering version="V20" />' in capsysbinary.readouterr().out


@pytest.mark.parametrize("content", [b"{", b'{"kind": "Nothing"}', b"[" * 100_000, b"\xff"])
def test_json_that_is_none(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    assert main(["from-json", str(path)]) == UNREADABLE
    assert capsys.readouterr().err.startswith(str(path))


def test_standard_input_and_output(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    content = fixture("motor_v18.xml")
    standard_input(monkeypatch, content)
    assert main(["format", "-"]) == FINE
    assert capsysbinary.readouterr().out == content
    standard_input(monkeypatch, content)
    assert main(["to-text", "-"]) == FINE
    assert capsysbinary.readouterr().out.decode("utf-8") == to_text(load(content))


def test_text(motor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["to-text", str(motor)]) == FINE
    text = capsys.readouterr().out
    assert 'FB "Motor"' in text
    assert "    rung\n      contact #start\n      coil " in text
    assert '    start : Bool // Start "button"\n' in text
    motor.write_bytes(b"plain")
    assert main(["to-text", str(motor)]) == UNREADABLE
    capsys.readouterr()
    assert main(["to-text", "--fallback", str(motor)]) == FINE
    assert capsys.readouterr().out == "plain"


def test_diff(motor: Path, other: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(motor), str(motor)]) == FINE
    assert capsys.readouterr().out == ""
    assert main(["diff", str(motor), str(other)]) == FOUND
    assert capsys.readouterr().out == "Motor: attribute changed (number): 7 -> 8\n"
    assert main(["diff", "--json", str(motor), str(other)]) == FOUND
    [change] = json.loads(capsys.readouterr().out)["changes"]
    assert (change["kind"], change["detail"]) == ("attribute-changed", "number")
    assert main(["diff", str(motor), "none.xml"]) == UNREADABLE
    assert main(["diff", "-", "-"]) == USAGE


def test_draw(motor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draw", str(motor), "--network", "1"]) == FINE
    assert capsys.readouterr().out.startswith("<svg")
    assert main(["draw", str(motor)]) == USAGE
    assert main(["draw", str(motor), "-n", "2"]) == UNREADABLE
    assert main(["draw", str(motor), "-n", "9"]) == UNREADABLE
    capsys.readouterr()
    folder = tmp_path / "drawings"
    assert main(["draw", str(motor), "-o", str(folder)]) == FINE
    output = capsys.readouterr()
    assert [path.name for path in folder.iterdir()] == ["Motor-network-1.svg"]
    assert "network 2: A network in SCL cannot be drawn" in output.err


RUNG = """FUNCTION "Lamp" : Void
    VAR_INPUT
        a : Bool;
    END_VAR

    { S7_Language := "LAD" }
    NETWORK
        RUNG wire#powerrail
            Contact( #a )
            Coil( "Q" )
        END_RUNG
    END_NETWORK
END_FUNCTION
"""


def test_draw_takes_simatic_sd(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "Lamp.s7dcl"
    path.write_text(RUNG, encoding="utf-8")
    assert main(["draw", str(path)]) == FINE
    assert capsys.readouterr().out.startswith("<svg")
    path.write_text(RUNG.replace("( #a )", " #a"), encoding="utf-8")
    assert main(["draw", str(path)]) == UNREADABLE
    assert "Lamp.s7dcl:9:21: " in capsys.readouterr().err


def test_draw_to_a_width(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = {"rungs": [[*({"contact": f"#contact_number_{index}"} for index in range(12)), {"coil": "#run"}]]}
    path = tmp_path / "wide.xml"
    path.write_bytes(dump(from_json({"kind": "FC", "name": "Wide", "networks": [{"source": source}]})))
    widths = []
    for arguments in ([], ["--width", "600"], ["-w", "0"]):
        assert main(["draw", str(path), "-n", "1", *arguments]) == FINE
        widths.append(float(etree.fromstring(capsys.readouterr().out).get("width", "0")))
    assert main(["draw", str(path), "-w", "-5"]) == USAGE
    assert widths[1] <= 600 < widths[0] <= 1600 < widths[2]


def test_upgrade_and_downgrade(motor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "new.xml"
    assert main(["upgrade", "--to", "V20", "-o", str(target), str(motor)]) == FINE
    assert target.read_bytes() == dump(load(motor), "V20")
    assert main(["downgrade", "--to", "V17", str(target)]) == FINE
    assert load(target).engineering == "V17"
    assert main(["upgrade", "--to", "V16", str(target)]) == FOUND
    assert "use downgrade" in capsys.readouterr().err
    assert main(["downgrade", "--to", "V15", str(target)]) == FOUND
    assert "[version]" in capsys.readouterr().err
    assert load(target).engineering == "V17"
    assert main(["upgrade", "--to", "V20", "-o", "x", str(target), str(motor)]) == USAGE


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["check"], ["upgrade", "--to", "V99", "x"]])
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == USAGE
    assert "usage:" in capsys.readouterr().err


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-h"], "tia xml") == FINE
    assert capsys.readouterr().out.startswith("usage: tia xml")


def test_tia_xml(motor: Path, other: Path) -> None:
    result = CliRunner().invoke(tia, ["xml", "diff", "--json", str(motor), str(other)])
    assert result.exit_code == FOUND
    assert json.loads(result.output)["changes"]
    assert CliRunner().invoke(tia, ["xml"]).exit_code == FINE


def run(*command: str, cwd: Path) -> str:
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, encoding="utf-8").stdout


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_git(motor: Path) -> None:
    """The settings that the documentation shows work."""
    folder = motor.parent
    python = f'"{Path(sys.executable).as_posix()}" -m simatic_xml'
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false"]
    run(*git, "init", "-q", cwd=folder)
    (folder / ".gitattributes").write_text("*.xml diff=simaticml\n", encoding="utf-8")
    run(*git, "add", ".", cwd=folder)
    run(*git, "commit", "-q", "-m", "x", cwd=folder)
    motor.write_bytes(motor.read_bytes().replace(b'Name="Coil" UId="24"', b'Name="SCoil" UId="24"'))
    (folder / "added.xml").write_bytes(fixture("limit_v17.xml"))
    run(*git, "add", "-N", ".", cwd=folder)
    text = run(*git, "-c", f"diff.simaticml.textconv={python} to-text --fallback", "diff", cwd=folder)
    assert '-      coil "Plant"' in text
    assert '+      set "Plant"' in text
    changes = run(*git, "-c", f"diff.simaticml.command={python} git-diff", "diff", cwd=folder)
    assert "--- motor.xml\nMotor/network 1/set coil" in changes
    assert "Limit: object added: UDT" in changes
    motor.write_bytes(b"damaged")
    changes = run(*git, "-c", f"diff.simaticml.command={python} git-diff", "diff", "motor.xml", cwd=folder)
    assert "not comparable: " in changes


def test_a_closed_output(motor: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def write(self, _: Any) -> int:
            raise BrokenPipeError

        def fileno(self) -> int:
            raise io.UnsupportedOperation

    monkeypatch.setattr(sys, "stdout", Closed())
    assert main(["to-text", str(motor)]) == UNREADABLE


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
@pytest.mark.parametrize("arguments", [["to-json", "FILE"], ["upgrade", "FILE", "--to", "V20"]])
def test_output_to_a_pipe_leaves_the_pipe(arguments: list[str], motor: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    code = main([str(motor) if each == "FILE" else each for each in arguments] + ["-o", str(pipe)])
    reader.join(30)
    assert (code, pipe.is_fifo()) == (FINE, True)
    assert got[0]
