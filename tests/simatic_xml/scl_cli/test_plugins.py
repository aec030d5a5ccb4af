"""Report formats and exporters of plugins are chosen by name, as ours are."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from simatic_xml.lazy.plugins import Table
from simatic_xml.scl_cli import main, report_formats
from tests.support.plugins import Declare, Install, Tia

SOURCE = """FUNCTION "Half" : Void
VAR_INPUT
    value : Int;
END_VAR
BEGIN
    #other := 1;
END_FUNCTION
"""


@pytest.fixture(autouse=True)
def source(tmp_path: Path) -> None:
    (tmp_path / "half.scl").write_text(SOURCE, encoding="utf-8")


def test_the_report_format_is_installed_and_used(install: Install, tia: Tia) -> None:
    install("report_format")
    done = tia("scl", "check", "half.scl", "--format", "markdown")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith(
        "# tia scl check\n\n| place | level | message |\n|---|---|---|\n| half.scl:3 | warning | "
    )


def test_the_exporter_is_installed_and_used(install: Install, tia: Tia, tmp_path: Path) -> None:
    install("exporter")
    sound = SOURCE.replace("#other := 1", "")
    (tmp_path / "sound.scl").write_text(sound, encoding="utf-8")
    assert main(["to-xml", str(tmp_path / "sound.scl"), "-o", str(tmp_path / "xml")]) == 0
    done = tia("scl", "from-xml", "xml", "--form", "members", "-o", "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        (tmp_path / "out" / "Half.members.csv")
        .read_text(encoding="utf-8")
        .startswith("section,name,type\nInput,value,Int\n")
    )


@pytest.mark.parametrize(
    ("code", "exit_code", "reason"),
    [
        ("PLUGIN = 1", 2, "is not used: TypeError: 1 is not a function. [plugin.not_used]"),
        ("def PLUGIN(report): return 1 / 0", 3, "failed: ZeroDivisionError: division by zero. [plugin.failed]"),
    ],
)
def test_a_format_that_cannot_be_used_is_named(
    declare: Declare,
    plugins: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    code: str,
    exit_code: int,
    reason: str,
) -> None:
    declare("broken", "report_formats", "mine", code)
    monkeypatch.syspath_prepend(str(plugins))
    monkeypatch.delitem(sys.modules, "broken", raising=False)
    again = Table("report_formats", report_formats.OWN, report_formats._accept, reserved=("text",))
    monkeypatch.setattr(report_formats, "FORMS", again)
    assert main(["check", str(tmp_path / "half.scl"), "--format", "mine"]) == exit_code
    assert "The plugin 'mine' (broken:PLUGIN) of the package broken " + reason in capsys.readouterr().err
