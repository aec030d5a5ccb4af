"""Each limit of the table: what is just below it is accepted, what is above it is refused with code, limit and value.

A limit is made small for its test, so that the sample is small, too; the number in the table is tested on its own.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import simatic_xml
from engineering_api import settings
from engineering_api.features.plc_tests.files import reading
from engineering_api.features.plc_tests.files.yaml_data import read as read_yaml
from engineering_api.features.plc_tests.surroundings.io_model import Replay
from engineering_api.features.plc_tests.surroundings.replaying import read_trace
from engineering_api.features.tags.files import TableFileError, read_csv
from engineering_api.files import archives
from engineering_api.files.tables.workbook_guard import check_workbook
from fake_openness.core import names
from fake_openness.core.errors import EngineeringTargetInvocationException
from openness_bridge import groups
from openness_bridge.bounded import text_tables
from openness_bridge.errors import Problem
from openness_bridge.plcsim import trace_file
from simatic_xml import graph, limits, limits_page, scl
from simatic_xml.limits import LIMITS, LimitError
from simatic_xml.program.workspace import Workspace
from tests import ROOT
from tests.reliability.limits.programs import DATA, FINDINGS, FUNCTION
from virtual_plc.cpu.loading import check_executable
from virtual_plc.memory.program import ProgramError, program_of

PAGE = ROOT / "docs" / "limits.md"
DOCUMENT = '<?xml version="1.0" encoding="utf-8"?>\n<Document>{}</Document>'
Attempt = Callable[[int], object]


def test_the_page_has_the_table() -> None:
    assert limits_page.table() in PAGE.read_text(encoding="utf-8"), "python -m simatic_xml.limits_page prints it"


@pytest.mark.parametrize("name", LIMITS)
def test_each_limit_has_a_setting(name: str) -> None:
    row = LIMITS[name]
    given = settings.from_environment({row.variable: "7"}, Path("/nowhere"))
    assert given.limits == {name: 7}


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("TIA_LIMIT_NOTHING", "7"),
        ("TIA_LIMIT_SOURCE_BYTES", "0"),
        ("TIA_LIMIT_SOURCE_BYTES", "-1"),
        ("TIA_LIMIT_SOURCE_BYTES", "many"),
        ("TIA_LIMIT_SOURCE_NESTING", "101"),
    ],
)
def test_a_setting_that_is_no_limit_is_refused(variable: str, text: str) -> None:
    with pytest.raises(Problem) as caught:
        settings.from_environment({variable: text}, Path("/nowhere"))
    assert caught.value.code == "settings.invalid"
    assert variable in caught.value.message


# Those that raise: a sample of a size, with the value that it is refused with ----------------------------------------


def _source(count: int) -> object:
    return scl.parse(" " * count)


def _tokens(count: int) -> object:
    return scl.parse(";" * count)


def _objects(count: int) -> object:
    return scl.parse('FUNCTION "F" : Void BEGIN END_FUNCTION\n' * count)


def _block_tokens(count: int) -> object:
    return scl.parse('FUNCTION "F" : Void BEGIN ' + ";" * (count - 6) + "END_FUNCTION")


def _chain(count: int) -> object:
    return scl.generate(FUNCTION.format("#a := 1" + " + 1" * count + ";"))


def _values(count: int) -> object:
    return scl.generate(DATA.format(f"a : Array[0..9999] of Int := [{count}(1)];"))


def _values_of_a_block(count: int) -> object:
    return scl.generate(DATA.format("".join(f"a{i} : Array[0..9] of Int := [1];" for i in range(count))))


def _elements(count: int) -> object:
    return simatic_xml.load(DOCUMENT.format('<Engineering version="V20" />' + "<a/>" * (count - 2)).encode())


def _attributes(count: int) -> object:
    return simatic_xml.load(DOCUMENT.format('<Engineering version="V20" />' + "<a b='c'/>" * (count - 3)).encode())


def _xml_bytes(count: int) -> object:
    return simatic_xml.load(DOCUMENT.format("").encode().ljust(count))


def _tag(count: int) -> object:
    return simatic_xml.load(DOCUMENT.format(f"<{'a' * (count - 3)} />").encode())


def _nested(count: int) -> dict[str, Any]:
    data: dict[str, Any] = {"name": "x", "type": "Int"}
    for _ in range(count - 1):
        data = {"name": "x", "type": "Struct", "members": [data]}
    return {"kind": "UDT", "name": "T", "members": [data]}


def _json_nesting(count: int) -> object:
    return simatic_xml.from_json(_nested(count))


def _json_values(count: int) -> object:
    return simatic_xml.from_json({"kind": "UDT", "name": "T", "cultures": ["x"] * (count - 7)})


def _yaml(count: int) -> object:
    return read_yaml("[" + ", ".join("1" * (count - 1)) + "]")


def _yaml_levels(count: int) -> object:
    return read_yaml("[" * count + "1" + "]" * count)


def _yaml_bytes(count: int) -> object:
    return read_yaml("x".ljust(count))


def _test_cycles(count: int) -> object:
    return reading.parse(f"tests:\n- name: T\n  steps:\n  - run: {count}\n")


def _test_days(count: int) -> object:
    return reading.parse(f"tests:\n- name: T\n  cycle: {count}d\n  steps:\n  - run: 1\n")


def _rows(count: int) -> object:
    rows = "".join(f"T{i};Bool;%M{i}.0\n" for i in range(count - 1))
    return read_csv(f"Name;Data Type;Logical Address\n{rows}".encode(), file="t.csv")


def _table_bytes(count: int) -> object:
    return read_csv(b"Name;Data Type;Logical Address\n".ljust(count, b"\n"), file="t.csv")


def _cells(count: int) -> object:
    return list(text_tables.records("\n".join("a" * count)))


def _record(count: int) -> object:
    return list(text_tables.records("x" * count))


def _trace(columns: int) -> object:
    names = "".join(f",t{i}:Bool" for i in range(columns - 1))
    return trace_file.parse(f"time_ms{names}\n0{',true' * (columns - 1)}\n")


def _trace_bytes(count: int, folder: Path) -> object:
    (folder / "t.csv").write_text("time_ms,a:Bool\n0,true\n".ljust(count, "\n"))
    return read_trace(Replay(file="t.csv"), folder, allows_relative=False)


def _folders(count: int) -> object:
    return groups.require_path("/".join(["x"] * count))


def _networks(count: int) -> object:
    from fake_openness.blocks import block_rules

    block = simatic_xml.model.Block("FC", "F", networks=[simatic_xml.model.Network("LAD")] * count)
    return block_rules._check_networks(block)


def _parts(count: int) -> object:
    from lxml import etree

    from simatic_xml import flgnet

    accesses = "".join(
        f'<Access Scope="LiteralConstant" UId="{i}"><Constant><ConstantValue>1</ConstantValue></Constant></Access>'
        for i in range(count)
    )
    return flgnet.graph(etree.fromstring(f"<FlgNet><Parts>{accesses}</Parts></FlgNet>"))


def _archive(*files: bytes) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(files):
            archive.writestr(f"{number}.txt", content)
    return file


def _deep_archive(levels: int) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("/".join("d" * levels), b"x")
    return file


def _judged(file: io.BytesIO) -> object:
    return archives.require_harmless(file, "a.zip")


def _workbook(cell: str, extra: int = 0, text: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>".ljust(11 + extra))
        if cell:
            sheet = f'<worksheet><sheetData><row r="1"><c r="{cell}"><v>1</v></c></row></sheetData></worksheet>'
            archive.writestr("xl/worksheets/sheet1.xml", sheet)
        if text:
            archive.writestr("xl/sharedStrings.xml", f"<sst><si><t>{text}</t></si></sst>")
    return file.getvalue()


RAISES: dict[str, tuple[int, Attempt]] = {
    "source_bytes": (100, _source),
    "source_tokens": (5_000, _tokens),
    "source_objects": (10, _objects),
    "block_tokens": (50, _block_tokens),
    "operator_chain": (20, _chain),
    "start_values": (10, _values),
    "block_start_values": (10, _values_of_a_block),
    "xml_bytes": (200, _xml_bytes),
    "xml_elements": (20, _elements),
    "xml_attributes": (20, _attributes),
    "xml_tag": (50, _tag),
    "json_nesting": (10, _json_nesting),
    "json_values": (20, _json_values),
    "yaml_bytes": (50, _yaml_bytes),
    "yaml_nesting": (10, _yaml_levels),
    "yaml_values": (20, _yaml),
    "test_cycles": (10, _test_cycles),
    "test_days": (10, _test_days),
    "table_bytes": (100, _table_bytes),
    "table_rows": (10, _rows),
    "table_cells": (10, _cells),
    "table_record": (100, _record),
    "trace_columns": (5, _trace),
    "table_columns": (30, lambda count: check_workbook(_workbook(f"A{chr(ord('A') + count - 27)}1"), "a.xlsx")),
    "workbook_bytes": (50, lambda count: check_workbook(_workbook("", count - 11), "a.xlsx")),
    "archive_entries": (3, lambda count: _judged(_archive(*[b"x"] * count))),
    "archive_levels": (5, lambda count: _judged(_deep_archive(count))),
    "archive_bytes": (100, lambda count: _judged(_archive(b"x" * count))),
    "archive_file_bytes": (100, lambda count: _judged(_archive(b"x" * count))),
    "folder_levels": (5, _folders),
    "block_networks": (5, _networks),
    "network_parts": (5, _parts),
}


@pytest.mark.parametrize("name", RAISES)
def test_what_is_above_the_limit_is_refused_before_any_work(name: str) -> None:
    most, attempt = RAISES[name]
    with limits.override(**{name: most}):
        attempt(most)
        with pytest.raises((LimitError, Problem, TableFileError)) as caught:
            attempt(most + 1)
    assert caught.value.code == LIMITS[name].code
    assert (caught.value.limit, caught.value.value) == (most, most + 1)


# Those that are findings: each mistake of a program is reported, the others go on -------------------------------------


def _codes(source: str) -> set[str]:
    workspace = Workspace()
    found = workspace.put_source(source)
    return {each.code.removeprefix("syntax.") for each in [*found, *workspace.check()]}


@pytest.mark.parametrize("name", FINDINGS)
def test_what_is_above_the_limit_is_reported(name: str) -> None:
    most, sample = FINDINGS[name]
    code = LIMITS[name].code
    with limits.override(**{name: most}):
        assert code not in _codes(sample(most))
        assert code in _codes(sample(most + 1))


def test_a_report_says_how_many_findings_it_leaves_out() -> None:
    with limits.override(findings=5):
        found = scl.parse(FUNCTION.format("#a := ;\n" * 25)).diagnostics
    assert len(found) == 6
    assert re.search(r"\b20 more\b", found[-1].message)


def test_a_virtual_cpu_has_room_for_so_many_values() -> None:
    workspace = Workspace()
    workspace.put_source(DATA.format("a : Array[1..10] of Int;"))
    program = program_of(workspace)
    with limits.override(cpu_values=10):
        check_executable(program)
    with limits.override(cpu_values=9), pytest.raises(ProgramError) as caught:
        check_executable(program)
    assert "limit.cpu_values" in {each.code for each in caught.value.problems}


def test_a_workbook_has_so_many_cells() -> None:
    with limits.override(workbook_cells=26 * 100_000):
        check_workbook(_workbook("A100000"), "a.xlsx")
        with pytest.raises(TableFileError) as caught:
            check_workbook(_workbook("A100001"), "a.xlsx")
    assert (caught.value.limit, caught.value.value) == (2_600_000, 2_600_026)


def test_texts_of_a_workbook_take_so_much() -> None:
    content = _workbook("A1", text="x" * 100)
    with limits.override(workbook_text=10_000):
        check_workbook(content, "a.xlsx")
    with limits.override(workbook_text=100), pytest.raises(TableFileError) as caught:
        check_workbook(content, "a.xlsx")
    assert (caught.value.code, caught.value.limit) == ("tag_file.too_large", 100)


def test_a_trace_has_so_many_bytes(tmp_path: Path) -> None:
    with limits.override(trace_bytes=100):
        _trace_bytes(100, tmp_path)
        with pytest.raises(LimitError) as caught:
            _trace_bytes(101, tmp_path)
    assert (caught.value.code, caught.value.value) == ("limit.trace_bytes", 101)


def test_an_archive_unpacks_to_so_much() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("0.txt", "w") as entry:
        for _ in range(257):
            entry.write(bytes(1 << 20))
    with limits.override(archive_ratio=2_000):
        _judged(file)
    with pytest.raises(Problem) as caught:
        _judged(file)
    assert (caught.value.code, caught.value.limit) == ("archive.too_large", 250)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("block_name", names.BLOCK_LENGTH),
        ("tag_name", names.TAG_LENGTH),
        ("folder_name", names.GROUP_LENGTH),
    ],
)
def test_a_name_has_so_many_characters(name: str, rule: str) -> None:
    with limits.override(**{name: 5}):
        names.require_length("x" * 5, "thing", rule)
        with pytest.raises(EngineeringTargetInvocationException) as caught:
            names.require_length("x" * 6, "thing", rule)
    assert caught.value.FakeCode == LIMITS[name].code
    assert "1 to 5 characters" in str(caught.value)


def test_a_graph_sequence_has_so_many_steps() -> None:
    workspace = Workspace()
    workspace.put(_graph(3))
    assert "graph.steps" not in {each.code for each in workspace.check()}
    with limits.override(graph_steps=2):
        workspace = Workspace()
        workspace.put(_graph(3))
        assert "graph.steps" in {each.code for each in workspace.check()}


def _graph(count: int) -> simatic_xml.Block:
    steps = [{"name": f"S{n}", "init": n == 1} for n in range(1, count + 1)]
    return graph.block({"graph": {"sequences": [{"steps": steps, "transitions": [{} for _ in steps]}]}}, "G", "V20")


ALONE = {
    "trace_bytes",
    "cpu_values",
    "graph_steps",
    "workbook_cells",
    "workbook_text",
    "archive_ratio",
    "block_name",
    "tag_name",
    "folder_name",
}
"""Limits whose tests are functions of their own."""


def test_every_limit_has_a_sample() -> None:
    assert set(LIMITS) == set(RAISES) | set(FINDINGS) | ALONE
