"""The file for Ignition's tag import: names, types and node ids, compared with a table by hand and with the program's tags."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from runtime_data.ignition.tag_export import export_tags
from runtime_data.values import TagInfo
from tests.support.service import Client

ITEMS = [
    ("PLC_1:Motor.speed", "Real", "Float4", 'ns=3;s="Motor"."speed"'),
    ("PLC_1:Motor.list[3]", "Int", "Int2", 'ns=3;s="Motor"."list"[3]'),
    ("PLC_1:Motor.on", "Bool", "Boolean", 'ns=3;s="Motor"."on"'),
    ("PLC_1:Count", "UDInt", "Int8", 'ns=3;s="Count"'),
    ("PLC_1:Name", "String[20]", "String", 'ns=3;s="Name"'),
    ("PLC_1:Delay", "Time", "Int4", 'ns=3;s="Delay"'),
]


def leaves(document: dict[str, Any], above: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    found = []
    for each in document["tags"]:
        here = (*above, each["name"])
        found += leaves(each, here) if each["tagType"] == "Folder" else [(here, each)]
    return found


def test_each_tag_has_its_type_and_node() -> None:
    infos = [TagInfo(tag, tag.rpartition(".")[2], kind) for tag, kind, _, _ in ITEMS]
    document = export_tags("PLC_1", [*infos, TagInfo("PLC_1:Whole", "Whole", "Struct")], "OPC")
    assert (document["name"], document["tagType"]) == ("PLC_1", "Folder")
    found = {each["opcItemPath"]: each["dataType"] for _, each in leaves(document)}
    assert found == {node: kind for _, _, kind, node in ITEMS}
    assert {path for path, _ in leaves(document)} >= {("Motor", "speed"), ("Motor", "list", "3"), ("Count",)}
    assert {each["opcServer"] for _, each in leaves(document)} == {"OPC"}


@given(st.lists(st.text(st.characters(exclude_characters='.[]":', exclude_categories=["Cs"]), min_size=1), max_size=20))
def test_names_are_those_that_ignition_takes_and_differ(names: list[str]) -> None:
    tags = [TagInfo(f"PLC_1:DB.{name}", name, "Int") for name in dict.fromkeys(names)]
    found = leaves(export_tags("PLC_1", tags, "OPC"))
    assert len({tuple(part.casefold() for part in path) for path, _ in found}) == len(tags)
    assert all(all(each.isalnum() or each in "_ '-:()" for each in path[-1]) for path, _ in found)


def test_the_route_exports_the_tags_that_the_caller_may_read(client: Client) -> None:
    for name, kind in (("Level", "Real"), ("Secret", "Int")):
        client.ok("PUT", f"/api/runtime/tags/memory:{name}", {"dataType": kind, "unit": "cm"})
    client.ok("PUT", "/api/runtime/rules", {"rules": [{"tag": "memory:Secret", "read": ["olga"]}]})
    answer = client.http.get("/api/runtime/export/ignition", params={"source": "memory", "opcServer": "My PLC"})
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    ((path, tag),) = leaves(answer.json())
    assert path == ("Level",)
    assert (tag["opcServer"], tag["dataType"], tag["engUnit"]) == ("My PLC", "Float4", "cm")


def test_a_source_that_is_not_there_is_refused(client: Client) -> None:
    client.refused(404, "source.not_found", "GET", "/api/runtime/export/ignition", source="None")
