"""Cross references over HTTP, in the contract's shape; structure of a program; before V18 without TIA Portal's list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from tests.simatic_xml.program.plant import CONSTANTS, SOURCE, TAGS
from tests.support.service import CPU, FIRMWARE, Client, settings

DEVICE = "/api/devices/PLC_1"
DEFAULT = "Default tag table"
BLOCK_SHAPE = {"blockName", "sourceCount", "totalReferenceCount", "sources"}
OBJECT_SHAPE = {"name", "typeName", "address", "device", "path"}
LOCATION_SHAPE = {"referenceLocation", "referenceType", "access", "name"}


def fill(client: Client) -> Client:
    """Give the PLC the sample program, compiled."""
    client.ok("POST", f"{DEVICE}/tag-tables", {"name": "Signals"})
    for name, text in TAGS.items():
        data_type, _, address = text.partition(" ")
        body = {"name": name, "dataType": data_type, "logicalAddress": address}
        client.ok("POST", f"{DEVICE}/tag-tables/Signals/tags", body)
    for name, text in CONSTANTS.items():
        data_type, _, value = text.partition(" ")
        body = {"name": name, "dataType": data_type, "value": value}
        client.ok("POST", f"{DEVICE}/tag-tables/Signals/constants", body)
    text = SOURCE.replace('ORGANIZATION_BLOCK "Main"', 'ORGANIZATION_BLOCK "Cycle"')
    client.ok("POST", f"{DEVICE}/external-sources/import-and-generate", {"sclContent": text, "sourceName": "Plant"})
    made = client.ok("GET", f"{DEVICE}/tag-tables/{DEFAULT}/tags")  # of absolute operands; the sample has its own tags
    for each in made:
        client.ok("DELETE", f"{DEVICE}/tag-tables/{DEFAULT}/tags/{each['name']}")
    client.ok("POST", f"{DEVICE}/actions/compile-sync")
    return client


@pytest.fixture
def program(plc: Client) -> Client:
    return fill(plc)


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Client]:
    """The same program in TIA Portal V17, which lists no cross references."""
    with TestClient(create_app(settings(tmp_path / "old", tia_version="17"))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
        body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
        client.ok("POST", "/api/projects/devices/actions/add-sync", body)
        yield fill(client)


def entries(sources: list[Any], name: str) -> list[tuple[str, str, str]]:
    """Name at the other end, kind of reference and access, of the source of a name."""
    source = next(each for each in sources if each["name"] == name)
    return [
        (each["name"], at["referenceType"], at["access"])
        for each in source["referenceObjects"]
        for at in each["locations"]
    ]


def block(client: Client, name: str, **query: str) -> Any:
    return client.ok("GET", f"{DEVICE}/blocks/{name}/cross-references", **query)


def test_a_block_has_the_shape_of_the_contract(program: Client) -> None:
    answer = block(program, "Motor")
    assert set(answer) == BLOCK_SHAPE
    assert (answer["blockName"], answer["sourceCount"]) == ("Motor", 1)
    (source,) = answer["sources"]
    assert set(source) == OBJECT_SHAPE | {"referenceObjects"}
    assert (source["name"], source["typeName"], source["device"], source["path"]) == (
        "Motor",
        "SCL-Function block",
        "PLC_1",
        "PLC_1\\Program blocks",
    )
    assert source["address"].startswith("%FB")
    for reference in source["referenceObjects"]:
        assert set(reference) == OBJECT_SHAPE | {"locations"}
        assert all(set(each) == LOCATION_SHAPE for each in reference["locations"])
    assert answer["totalReferenceCount"] == sum(len(each["locations"]) for each in source["referenceObjects"])
    found = entries(answer["sources"], "Motor")
    for expected in [
        ("#delay", "Uses", "MultiInstance"),
        ("TON", "Uses", "Call"),
        ("#start", "Uses", "Read"),
        ("#running", "Uses", "Write"),
        ("Cycle", "UsedBy", "Call"),
    ]:
        assert expected in found
    texts = {at["referenceLocation"] for each in source["referenceObjects"] for at in each["locations"]}
    assert "@Cycle ▶ Program code" in texts


def test_what_nothing_uses_has_empty_lists(program: Client) -> None:
    answer = program.ok("GET", f"{DEVICE}/tags/NOBODY/cross-references")
    assert (answer["sourceCount"], answer["totalReferenceCount"]) == (1, 0)
    assert answer["sources"][0]["referenceObjects"] == []
    assert program.ok("GET", f"{DEVICE}/tags/NOBODY/cross-references", filter="objectswithreferences")["sources"] == []


def test_members_of_a_data_block_are_sources_behind_it(program: Client) -> None:
    answer = block(program, "Store")
    assert answer["sources"][0]["name"] == "Store"
    assert entries(answer["sources"], '"Store".count') == [("Line", "UsedBy", "Read"), ("Line", "UsedBy", "Write")]
    assert answer["sourceCount"] == len(answer["sources"]) > 3


def test_tags_constants_types_and_tables(program: Client) -> None:
    tag = program.ok("GET", f"{DEVICE}/tags/{quote('Start')}/cross-references")
    assert sorted(entries(tag["sources"], "Start")) == [("Cycle", "UsedBy", "Read")] + [("Line", "UsedBy", "Read")] * 2
    udt = program.ok("GET", f"{DEVICE}/udts/Motor_Data/cross-references")
    assert ("Store", "TypeInstance", "Declaration") in entries(udt["sources"], "Motor_Data")
    table = program.ok("GET", f"{DEVICE}/tag-tables/Signals/cross-references", filter="UnusedObjects")
    assert [each["name"] for each in table["sources"]] == ["NOBODY"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("blocks/X", "block.not_found"),
        ("udts/X", "udt.not_found"),
        ("tags/X", "tag.not_found"),
        ("tag-tables/X", "tag_table.not_found"),
    ],
)
def test_unknown_objects_and_filters(program: Client, path: str, code: str) -> None:
    program.refused(404, code, "GET", f"{DEVICE}/{path}/cross-references")
    error = program.refused(
        400, "request.unknown_value", "GET", f"{DEVICE}/blocks/Motor/cross-references", filter="some"
    )
    assert "UnusedObjects" in error["message"]


def test_before_v18_the_list_is_made_from_the_exported_program(old: Client) -> None:
    answer = block(old, "Motor")
    assert set(answer) == BLOCK_SHAPE
    assert ("Cycle", "UsedBy", "Call") in entries(answer["sources"], "Motor")
    assert ("#delay", "Uses", "MultiInstance") in entries(answer["sources"], "Motor")
    (source,) = answer["sources"]
    assert (source["device"], source["path"]) == ("PLC_1", "PLC_1\\Program blocks")
    tag = old.ok("GET", f"{DEVICE}/tags/Start/cross-references")
    assert ("Line", "UsedBy", "Read") in entries(tag["sources"], "Start")
    assert entries(block(old, "Store")["sources"], '"Store".count') != []
    table = old.ok("GET", f"{DEVICE}/tag-tables/Signals/cross-references", filter="UnusedObjects")
    assert [each["name"] for each in table["sources"]] == ["NOBODY"]


def test_both_ways_give_the_same_list(program: Client, old: Client) -> None:
    for name in ("Motor", "Store", "Line_DB", "Cycle"):
        new, made = block(program, name), block(old, name)
        assert [each["name"] for each in new["sources"]] == [each["name"] for each in made["sources"]]
        assert new["totalReferenceCount"] == made["totalReferenceCount"]


# -- the whole program --------------------------------------------------------------------------------------------------


def names(client: Client, which: str) -> set[str]:
    answer = client.ok("GET", f"{DEVICE}/cross-references", filter=which)
    assert answer["count"] == len(answer["objects"])
    return {each["name"] for each in answer["objects"]}


def test_unused_and_unreachable_objects(program: Client) -> None:
    assert names(program, "unused") == {"Never", "NOBODY", "Half"}
    assert names(program, "Unreachable") == {"Never", "NOBODY", "Old", "Older", "Forgotten", "Lost"}
    assert names(program, "used") | names(program, "unused") | {"Cycle", "Main"} == names(program, "all")
    (scale,) = [each for each in program.ok("GET", f"{DEVICE}/cross-references")["objects"] if each["name"] == "Scale"]
    assert (scale["kind"], scale["useCount"], scale["users"]) == ("FC", 1, [{"name": "Motor", "count": 1}])
    program.refused(400, "request.unknown_value", "GET", f"{DEVICE}/cross-references", filter="some")


def test_call_structure(program: Client) -> None:
    answer = program.ok("GET", f"{DEVICE}/call-structure")
    cycle = next(each for each in answer["calls"] if each["name"] == "Cycle")
    assert [(each["name"], each["instance"]) for each in cycle["calls"]] == [
        ("Line", '"Line_DB"'),
        ("Motor", '"Motor_DB"'),
    ]
    second = cycle["calls"][0]["calls"][1]
    assert (second["instance"], second["count"], second["repeated"]) == ("#second", 2, True)
    circle = next(each for each in answer["calls"] if each["name"] in ("Old", "Older"))
    assert circle["calls"][0]["calls"][0]["recursive"] is True
    assert answer["unread"] == []


def test_dependency_order(program: Client) -> None:
    answer = program.ok("GET", f"{DEVICE}/dependency-order")
    assert answer["names"].index("Motor_Data") < answer["names"].index("Motor") < answer["names"].index("Line")
    assert [set(circle) for circle in answer["circles"]] == [{"Old", "Older"}]


def test_assignment_list(program: Client) -> None:
    answer = program.ok("GET", f"{DEVICE}/assignment-list", area="m")
    assert {each["area"] for each in answer["bytes"]} == {"M"}
    word = next(each for each in answer["bytes"] if each["byte"] == 21)
    assert {each["name"] for each in word["operands"]} == {"%MW20", "Half"} == set(word["overlapping"])
    assert {each["area"] for each in program.ok("GET", f"{DEVICE}/assignment-list")["bytes"]} == {"I", "Q", "M"}
    program.refused(400, "request.unknown_value", "GET", f"{DEVICE}/assignment-list", area="X")


def test_what_cannot_be_read_is_said_and_read_again_later(program: Client) -> None:
    assert program.ok("GET", f"{DEVICE}/call-structure")["unread"] == []
    text = 'FUNCTION "Old" : Void\nBEGIN\n    "Ok" := TRUE;\nEND_FUNCTION'
    program.ok("POST", f"{DEVICE}/external-sources/import-and-generate", {"sclContent": text, "sourceName": "Again"})
    unread = {each["name"] for each in program.ok("GET", f"{DEVICE}/call-structure")["unread"]}
    assert "Old" in unread
    program.ok("POST", f"{DEVICE}/actions/compile-sync")
    answer = program.ok("GET", f"{DEVICE}/dependency-order")
    assert (answer["circles"], answer["unread"]) == ([], [])


def test_deleted_objects_and_changed_tags_are_noticed(program: Client) -> None:
    assert "Lost" in names(program, "used")
    program.ok("DELETE", f"{DEVICE}/blocks/Old")
    assert "Lost" in names(program, "unused")
    program.ok("DELETE", f"{DEVICE}/tag-tables/Signals/tags/Lost")
    assert "Lost" not in names(program, "all")


def test_the_list_of_uses_as_a_job(program: Client) -> None:
    job = program.job("POST", f"{DEVICE}/actions/list-uses", {"filter": "unused"})
    assert job["status"] == "Completed"
    assert {each["name"] for each in job["result"]["objects"]} == {"Never", "NOBODY", "Half"}


def test_an_unknown_device(program: Client) -> None:
    program.refused(404, "device.not_found", "GET", "/api/devices/Nowhere/call-structure")


def test_the_search_index_knows_members_comments_and_networks(program: Client) -> None:
    comment = {"comment": "Emergency stop of the left side"}
    program.ok("PUT", f"{DEVICE}/tag-tables/Signals/tags/Start", comment)
    summary = program.ok("POST", "/api/projects/actions/index")
    kinds = summary["byKind"]
    assert (kinds["udt"], kinds["tag"], kinds["constant"], kinds["device"]) == (2, len(TAGS), len(CONSTANTS), 1)
    assert summary["entries"] == sum(kinds.values())
    assert (summary["unread"], summary["milliseconds"] >= 0) == ([], True)

    def found(query: str, kind: str | None = None) -> list[tuple[str, str]]:
        hits = program.ok("GET", "/api/projects/search", query=query, **({} if kind is None else {"kind": kind}))
        return [(hit["name"], hit["container"]) for hit in hits]

    assert found("emergency") == [("Start", "Signals")]
    assert ("delay", "Motor") in found("ton_time", "member")
    assert ("motors", "Store") in found("motors")
    assert found("%M1.0") == [("Lost", "Signals")]
    assert found("mot", "block")[0][0] == "Motor"
