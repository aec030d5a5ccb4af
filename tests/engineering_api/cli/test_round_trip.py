"""`tia export` then `tia import` into a new project is the identity."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from engineering_api.client import Client
from simatic_xml import Document, ForceTable, WatchEntry, diff, dump
from simatic_xml.lazy.plugins import Table
from simatic_xml.scl_cli import exporters
from tests import ROOT
from tests.engineering_api.cli.kit import Tia
from tests.support.plugins import Declare
from tests.support.service import CPU, FIRMWARE

SHOUT = """
from simatic_xml.errors import SimaticMLError
from simatic_xml.model import Block
def PLUGIN(document):
    block = document.objects[0]
    if not isinstance(block, Block):
        raise SimaticMLError("shout", "Only blocks shout.")
    return {".shout.txt": block.name.upper().encode()}
"""
numbers = itertools.count(1)


def new_project(plant: Client) -> None:
    plant.projects.close(discard=True)
    plant.projects.create(name=f"Copy {next(numbers)}")
    plant.devices.add(order_number=CPU, version=FIRMWARE, name="PLC_1")


def files_of(folder: Path) -> dict[str, bytes]:
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def require_round_trip(tia: Tia, plant: Client, *options: str) -> dict[str, bytes]:
    """Export, import into a new project, export again; the two exports have the same objects."""
    tia("export", "-o", "first", *options)
    new_project(plant)
    done = json.loads(tia("import", "first", "--json").stdout)
    assert {each["status"] for each in done} <= {"created", "replaced", "unchanged", "skipped"}, done
    tia("compile")
    tia("export", "-o", "second", *options)
    first, second = files_of(Path("first")), files_of(Path("second"))
    assert first.keys() == second.keys()
    for name in first:
        if name.endswith(".xml"):
            assert not diff(first[name], second[name]), name
        else:
            assert first[name].replace(b"\r\n", b"\n") == second[name].replace(b"\r\n", b"\n"), name
    return first


@pytest.mark.parametrize(
    "example", ["conveyor", *(pytest.param(each, marks=pytest.mark.slow) for each in ("packaging-cell", "tank-farm"))]
)
def test_an_export_is_imported_into_a_new_project(tia: Tia, plant: Client, example: str) -> None:
    tia("import", str(ROOT / "examples" / example))
    tia("compile")
    forced = WatchEntry(address="%IB0", attributes={"ForceValue": "16#07", "ForceIntention": "true"})
    Path("Forces.xml").write_bytes(dump(Document("V20", [ForceTable("Force table", [forced])])))
    tia("import", "Forces.xml")
    plant.tag_tables.create(device_name="PLC_1", name="Main")
    first = require_round_trip(tia, plant)
    assert {"Main.xml", "Main (table).xml"} < first.keys()
    assert b"16#07" in first["Force table.xml"]
    again = json.loads(tia("import", "first", "--json").stdout)
    assert {each["status"] for each in again} <= {"unchanged", "skipped"}, again


@pytest.mark.parametrize("form", ["source", "sd"])
def test_what_has_no_such_form_is_exported_in_another_one(tia: Tia, plant: Client, form: str) -> None:
    tia("import", str(ROOT / "examples" / "conveyor"))
    tia("compile")
    done = json.loads(tia("export", "--format", form, "-o", "out", "--json").stdout)
    on = "PLC_1"
    names = {each.name for each in plant.blocks.list_(device_name=on)}
    names |= {each.name for each in plant.udts.list_(device_name=on)}
    names |= {each.name for each in plant.tag_tables.list_(device_name=on)}
    names |= {each.name for each in plant.watch_tables.list_force(device_name=on)}
    assert {each["object"] for each in done} == names
    assert all(Path(each["file"]).is_file() and each["status"] == "exported" for each in done)
    others = {each["object"] for each in done if Path(each["file"]).suffix == ".xml"}
    assert others == {each["object"] for each in done if "SimaticML" in each["reason"]} != set()


def test_an_exporter_of_a_plugin_writes_what_it_can(
    tia: Tia, plant: Client, declare: Declare, plugins: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare("shouting", "exporters", "shout", SHOUT)
    monkeypatch.syspath_prepend(str(plugins))
    again = Table("exporters", exporters.OWN, exporters._accept, exporters.RESERVED)
    monkeypatch.setattr(exporters, "EXPORTERS", again)
    tia("import", str(ROOT / "examples" / "conveyor"))
    tia("compile")
    done = json.loads(tia("export", "--format", "shout", "-o", "out", "--json").stdout)
    shouted = {each["object"]: each for each in done if each["file"].endswith(".shout.txt")}
    assert shouted.keys() == {each.name for each in plant.blocks.list_(device_name="PLC_1")}
    assert all(Path(each["file"]).read_text(encoding="utf-8") == name.upper() for name, each in shouted.items())
    others = [each for each in done if each["object"] not in shouted]
    assert others and all(each["file"].endswith(".xml") for each in others)
    assert {each["reason"] for each in others} == {"It was exported as SimaticML: Only blocks shout."}


def test_what_cannot_be_exported_is_named(tia: Tia, plant: Client) -> None:
    tia("import", str(ROOT / "examples" / "conveyor"))
    done = json.loads(tia("export", "-o", "out", "--json", code=1).stdout)
    left = [each for each in done if each["status"] == "left out"]
    assert left and all(each["reason"] and not each["file"] for each in left)
