"""A source is checked with the files beside it, which declare names and are not reported on."""

from __future__ import annotations

from pathlib import Path

import pytest

from simatic_xml.folders import Objects
from simatic_xml.scl_cli import main

USER = 'FUNCTION "User" : Void\nVAR_IN_OUT\n  motor : "typeMotor";\nEND_VAR\nBEGIN\n  #motor.on := "Start";\nEND_FUNCTION\n'
TYPE = 'TYPE "typeMotor"\nSTRUCT\n  on : Bool;\nEND_STRUCT;\nEND_TYPE\n'
TABLE = """<?xml version="1.0" encoding="utf-8"?>
<Document><Engineering version="V20" /><SW.Tags.PlcTagTable ID="0"><AttributeList><Name>Tags</Name></AttributeList><ObjectList>
<SW.Tags.PlcTag ID="1" CompositionName="Tags"><AttributeList><DataTypeName>Bool</DataTypeName>
<LogicalAddress>%I0.0</LogicalAddress><Name>Start</Name></AttributeList></SW.Tags.PlcTag>
</ObjectList></SW.Tags.PlcTagTable></Document>"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "types.udt").write_text(TYPE)
    (tmp_path / "tags.xml").write_text(TABLE)
    (tmp_path / "user.scl").write_text(USER)
    return tmp_path / "user.scl"


def test_types_and_tags_beside_a_source_are_known(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(source)]) == 0
    assert main(["check", str(source), "--alone"]) == 1
    assert "typeMotor" in capsys.readouterr().out


def test_files_that_are_named_take_the_place_of_those_beside(source: Path) -> None:
    other = source.parent / "elsewhere"
    other.mkdir()
    (other / "types.udt").write_text(TYPE.replace("on :", "off :"))
    assert main(["check", str(source), "--with", str(other / "types.udt")]) == 1


def test_neighbours_are_not_reported_on(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (source.parent / "broken.scl").write_text("FUNCTION broken")
    (source.parent / "report.xml").write_text("<testsuites/>")
    (source.parent / "wrong.xml").write_text("<Document>")
    assert main(["check", str(source)]) == 0
    assert "broken" not in capsys.readouterr().out


def test_a_file_in_a_folder_below_is_no_neighbour(source: Path) -> None:
    below = source.parent / "below"
    below.mkdir()
    source.with_name("types.udt").rename(below / "types.udt")
    assert main(["check", str(source)]) == 1


def test_further_forms_are_read_beside_a_file_and_within_a_folder(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = source.with_name("tags.xml").rename(source.with_name("tags.csv"))
    source.with_name("trend.csv").write_text("time;value\n")
    asked: list[Path] = []

    def read_more(path: Path) -> Objects:
        asked.append(path)
        return Objects((path.read_bytes(),)) if path == tables else Objects(why_not="It is a trend.")

    assert main(["check", str(source)]) == 1
    assert main(["check", str(source)], read_more=read_more) == 0
    assert main(["check", str(source.parent)], read_more=read_more) == 0
    assert set(asked) == {tables, source.with_name("trend.csv")}
    assert f"not read: {source.parent.as_posix()}/trend.csv: It is a trend." in capsys.readouterr().err
