"""`tia import`: one list for each object, the same as a plan and as the result; whole or not at all; overwrite on request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engineering_api.client import Client
from openness_bridge.errors import Problem
from tests.engineering_api.cli.kit import Tia

LAD = {
    "kind": "FB",
    "name": "Lamp",
    "language": "LAD",
    "interface": {"Input": [{"name": "on", "type": "Bool"}], "Output": [{"name": "q", "type": "Bool"}]},
    "networks": [{"source": {"rungs": [[{"contact": "#on"}, {"coil": "#q"}]]}}],
}
SCL = 'FUNCTION_BLOCK "{name}"\nVAR_INPUT\n  on : Bool;\nEND_VAR\nVAR_OUTPUT\n  q : Bool;\nEND_VAR\nBEGIN\n  #q := {body};\nEND_FUNCTION_BLOCK\n'
TYPE = 'TYPE "Pair"\nSTRUCT\n  a : {type};\nEND_STRUCT;\nEND_TYPE\n'
TAGS = "Name;Path;Data Type;Logical Address;Comment\nP1;{path};Bool;{address};\n"


def rows(tia: Tia, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(tia("import", *arguments, "--json", code=code).output)
    return found


def stati(found: list[dict[str, Any]]) -> dict[str, str]:
    return {each["object"]: each["status"] for each in found if each["status"] != "skipped"}


def state(plant: Client) -> dict[str, dict[Any, Any]]:
    """What a project has, without the service's own comparison: every block, data type and tag."""
    return {
        "blocks": {
            each.name: (each.language, each.number, each.modified_date)
            for each in plant.blocks.list_(device_name="PLC_1")
        },
        "types": {each.name: each.modified_date for each in plant.udts.list_(device_name="PLC_1")},
        "tags": {
            each.name: (each.data_type, each.logical_address) for each in plant.tags.list_all(device_name="PLC_1")
        },
    }


def test_a_block_in_another_language_is_replaced_only_on_request(tia: Tia, plant: Client, tmp_path: Path) -> None:
    (tmp_path / "Lamp.json").write_text(json.dumps(LAD))
    assert stati(rows(tia, "Lamp.json")) == {"Lamp": "created"}
    (tmp_path / "Lamp.scl").write_text(SCL.format(name="Lamp", body="#on"))
    before = state(plant)
    for extra in (["--dry-run"], [], ["--partial"]):
        (row,) = rows(tia, "Lamp.scl", *extra, code=1)
        assert (row["object"], row["status"], row["code"]) == ("Lamp", "refused", "import.exists")
        assert "LAD → SCL" in row["reason"]
        assert "--overwrite" in row["reason"]
        assert state(plant) == before
    plan = rows(tia, "Lamp.scl", "--overwrite", "--dry-run")
    assert state(plant) == before
    done = rows(tia, "Lamp.scl", "--overwrite")
    assert plan == done
    assert (done[0]["status"], done[0]["reason"]) == ("replaced", "LAD → SCL")


def test_the_same_files_again_are_unchanged(tia: Tia, plant: Client, tmp_path: Path) -> None:
    (tmp_path / "plc").mkdir()
    (tmp_path / "plc" / "Lamp.json").write_text(json.dumps(LAD))
    (tmp_path / "plc" / "Relay.scl").write_text(SCL.format(name="Relay", body="NOT #on"))
    (tmp_path / "plc" / "Pair.udt").write_text(TYPE.format(type="Int"))
    (tmp_path / "plc" / "tags.csv").write_text(TAGS.format(path="", address="%I0.0"))
    assert stati(rows(tia, "plc")) == dict.fromkeys(("Lamp", "Relay", "Pair", "P1"), "created")
    before = state(plant)
    assert stati(rows(tia, "plc")) == dict.fromkeys(("Lamp", "Relay", "Pair", "P1"), "unchanged")
    tia("compile")
    assert stati(rows(tia, "plc", "--overwrite")) == dict.fromkeys(("Lamp", "Relay", "Pair", "P1"), "unchanged")
    assert state(plant)["tags"] == before["tags"]


def test_a_tag_is_moved_only_on_request(tia: Tia, plant: Client, tmp_path: Path) -> None:
    (tmp_path / "tags.csv").write_text(TAGS.format(path="", address="%I0.0"))
    tia("import", "tags.csv")
    (tmp_path / "tags.csv").write_text(TAGS.format(path="", address="%I7.7"))
    before = state(plant)
    (row,) = rows(tia, "tags.csv", code=1)
    assert (row["status"], row["file"]) == ("refused", "tags.csv:2")
    assert "address %I0.0 → %I7.7" in row["reason"]
    assert state(plant) == before
    (row,) = rows(tia, "tags.csv", "--overwrite")
    assert (row["status"], row["reason"]) == ("replaced", "address %I0.0 → %I7.7")


def test_a_list_finds_its_tags_in_the_table_they_were_moved_to(tia: Tia, plant: Client, tmp_path: Path) -> None:
    (tmp_path / "first.csv").write_text(TAGS.format(path="Pumps", address="%I0.0"))
    tia("import", "first.csv")
    (tmp_path / "list.csv").write_text("Name;Data Type;Address\nP1;Bool;%I0.0\n")
    assert stati(rows(tia, "list.csv")) == {"P1": "unchanged"}


def test_a_folder_goes_in_whole_or_not_at_all(tia: Tia, plant: Client, tmp_path: Path) -> None:
    folder = tmp_path / "plc"
    folder.mkdir()
    (folder / "Good.scl").write_text(SCL.format(name="Good", body="#on"))
    (folder / "Lamp.json").write_text(json.dumps(LAD))
    (folder / "Bad.scl").write_text(SCL.format(name="Bad", body="#on +"))
    (folder / "tags.csv").write_text(TAGS.format(path="", address="%I0.0"))
    before = state(plant)
    wanted = {"Good": "left out", "Lamp": "left out", "Bad": "refused", "P1": "left out"}
    assert stati(plan := rows(tia, "plc", "--dry-run", code=1)) == wanted
    done = rows(tia, "plc", code=1)
    assert [(each["object"], each["status"], each["reason"]) for each in done] == [
        (each["object"], each["status"], each["reason"]) for each in plan
    ]
    assert state(plant) == before
    assert stati(rows(tia, "plc", "--partial", code=1)) == dict.fromkeys(("Good", "Lamp", "P1"), "created") | {
        "Bad": "refused"
    }
    assert state(plant)["blocks"].keys() - before["blocks"].keys() == {"Good", "Lamp"}


def test_each_row_of_a_bad_list_has_its_reason(tia: Tia, plant: Client, tmp_path: Path) -> None:
    text = "Name;Data Type;Address\nA;Bool;%I0.0\n;;\n# inputs;;\nB;Bool;%Q99999.9\nC;Boool;%M0.0\nA;Bool;%M1.0\n;Bool;%I1.0\n"
    (tmp_path / "bad.csv").write_text(text)
    before = state(plant)
    for extra in (["--dry-run"], []):
        found = rows(tia, "bad.csv", *extra, code=1)
        by_row = {each["file"]: (each["status"], bool(each["reason"])) for each in found}
        assert by_row == {
            "bad.csv:2": ("left out", True),
            "bad.csv:4": ("skipped", True),
            "bad.csv:5": ("refused", True),
            "bad.csv:6": ("refused", True),
            "bad.csv:7": ("refused", True),
            "bad.csv:8": ("refused", True),
        }
        assert state(plant) == before


@pytest.mark.parametrize("extra", [[], ["--dry-run"]], ids=["import", "plan"])
def test_a_file_that_cannot_be_read_is_in_the_list(tia: Tia, plant: Client, tmp_path: Path, extra: list[str]) -> None:
    (tmp_path / "Broken.xml").write_text("<Document><SW.Blocks.FB")
    (tmp_path / "Lamp.json").write_text(json.dumps(LAD))
    found = rows(tia, "Broken.xml", "Lamp.json", *extra, code=1)
    assert [(each["file"].partition(":")[0], each["status"]) for each in found] == [
        ("Broken.xml", "refused"),
        ("Lamp.json", "left out"),
    ]


def test_a_text_replaces_a_block_in_another_language_only_on_request(tia: Tia, plant: Client, tmp_path: Path) -> None:
    (tmp_path / "Lamp.json").write_text(json.dumps(LAD))
    tia("import", "Lamp.json")
    before, text = state(plant), SCL.format(name="Lamp", body="#on")
    with pytest.raises(Problem, match="LAD → SCL") as refused:
        plant.sources.write(device_name="PLC_1", scl=text)
    assert (refused.value.code, state(plant)) == ("source.other_language", before)
    done = plant.sources.write(device_name="PLC_1", scl=text, overwrite=True)
    assert [(each.name, each.replaced) for each in done.objects] == [("Lamp", "LAD")]
    again = plant.sources.write(device_name="PLC_1", scl=text)
    assert [(each.name, each.replaced) for each in again.objects] == [("Lamp", "")]


def test_a_message_names_options_in_place_of_fields(tia: Tia, plant: Client, tmp_path: Path) -> None:
    del plant
    (tmp_path / "tags.csv").write_text("Name;Data Type;Address\nP1;Bool;%I0.0\n")
    refused = tia("import", "tags.csv", "--table-name", "New", code=1).output
    assert "--create-table" in refused
    assert "createTable" not in refused
    assert stati(rows(tia, "tags.csv", "--table-name", "New", "--create-table")) == {"P1": "created"}
    wrong = tia("tag-transfer", "import-json", "--path", "tags.csv", "--table-name", "Other", code=4).output
    assert "--create-table" in wrong
    assert "createTable" not in wrong
