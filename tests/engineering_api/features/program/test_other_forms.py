"""Workbooks with tags and blocks in JSON are part of a program; other workbooks and JSON files are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from engineering_api.features.plc_tests.files import reading
from engineering_api.features.program import other_forms
from engineering_api.features.program_check.check import Options, check_folder
from engineering_api.features.tags.files import ConstantRow, TagRow, write_xlsx
from openness_bridge.errors import Problem
from simatic_xml import SimaticMLError, TagTable, limits

BLOCK = {
    "kind": "FC",
    "name": "Lamp",
    "language": "LAD",
    "networks": [{"source": {"rungs": [[{"contact": '"Start"'}, {"coil": '"Lamp_On"'}]]}}],
}
TAGS = [TagRow(0, "Plant\\Inputs", "Start", "Bool", "%I0.0", "Button"), TagRow(0, "", "Lamp_On", "Bool", "%Q0.0")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lamp.json").write_text(json.dumps(BLOCK))
    write_xlsx(tmp_path / "tags.xlsx", TAGS, [ConstantRow(0, "Plant\\Inputs", "LIMIT", "Int", "5")])
    return tmp_path


def test_a_folder_is_checked_with_them(folder: Path) -> None:
    (report,) = check_folder(folder, Options())
    assert (report.findings, report.missing, report.unchecked, report.objects) == ([], [], [], 1)
    (folder / "tags.xlsx").unlink()
    (report,) = check_folder(folder, Options())
    assert sorted(each.name for each in report.missing) == ["Lamp_On", "Start"]


def test_a_workbook_becomes_tag_tables(folder: Path) -> None:
    documents = other_forms.read_documents("tags.xlsx", (folder / "tags.xlsx").read_bytes())
    tables = {table.name: table for each in documents for table in each.objects if isinstance(table, TagTable)}
    assert sorted(tables) == ["Default tag table", "Inputs"]
    (tag,), (constant,) = tables["Inputs"].tags, tables["Inputs"].constants
    assert (tag.name, tag.address, tag.comment) == ("Start", "%I0.0", {"en-US": "Button"})
    assert (constant.name, constant.value) == ("LIMIT", "5")


def test_other_workbooks_and_json_files_are_left_out(folder: Path) -> None:
    book = Workbook()
    book.active.append(["Motor", "Price"])
    book.save(folder / "prices.xlsx")
    (folder / "package.json").write_text('{"kind": "package"}')
    (folder / "~$tags.xlsx").write_bytes(b"lock")
    (folder / "trend.csv").write_text("time;value\n0;1\n")
    reasons = {each.path.name: each.reason for each in other_forms.look_in(folder).left_out}
    assert set(reasons) == {"prices.xlsx", "package.json", "~$tags.xlsx", "trend.csv"} and all(reasons.values())
    (report,) = check_folder(folder, Options())
    assert (report.findings, report.missing, report.unchecked) == ([], [], [])


def test_errors_of_a_workbook_have_their_rows(folder: Path) -> None:
    write_xlsx(folder / "tags.xlsx", [*TAGS, TagRow(0, "", "Wrong", "Bool", "%X9")])
    (report,) = check_folder(folder, Options())
    (finding,) = report.findings
    assert (finding.file, finding.line, finding.level) == (f"{folder.name}/tags.xlsx".partition("/")[2], 4, "error")
    with pytest.raises(Problem) as caught:
        other_forms.read_documents("tags.xlsx", (folder / "tags.xlsx").read_bytes())
    assert caught.value.code == "tag_import.rows"
    assert [each.line for each in other_forms.read_objects(folder / "tags.xlsx").mistakes] == [4]


@pytest.mark.parametrize("text", ['{"kind": "FC", ', '["kind", {"kind": "FC"}]', '{"kind": "FC", "name": 5}'])
def test_json_that_is_no_block_is_an_error(tmp_path: Path, text: str) -> None:
    file = tmp_path / "block.json"
    file.write_text(text)
    with pytest.raises(SimaticMLError):
        other_forms.read_documents(str(file), file.read_bytes())
    (report,) = check_folder(tmp_path, Options())
    assert [(each.file, each.level) for each in report.findings] == [("block.json", "error")]


@pytest.mark.parametrize(
    ("program", "found"), [("", "tests"), ("program: ..\n", ""), ("program: ../plc/src\n", "plc/src")]
)
def test_a_test_file_names_its_program(tmp_path: Path, program: str, found: str) -> None:
    file = tmp_path / "tests" / "x.plctest.yaml"
    file.parent.mkdir()
    file.write_text(f"{program}tests:\n- name: x\n  steps: [{{run: 1}}]\n")
    (case,) = reading.read(file)
    assert case.sources == tmp_path / found


def test_a_json_file_has_a_limit(tmp_path: Path) -> None:
    (tmp_path / "lamp.json").write_text(json.dumps(BLOCK))
    content = (tmp_path / "lamp.json").read_bytes()
    with limits.override(source_bytes=len(content)):
        assert len(other_forms.read_documents("lamp.json", content)) == 1
        with pytest.raises(limits.LimitError):
            other_forms.read_documents("lamp.json", content + b" ")
        (tmp_path / "lamp.json").write_bytes(content + b" ")
        (report,) = check_folder(tmp_path, Options())
    assert [each.code for each in report.findings] == ["file.limit.source_bytes"]
