"""Two states of a block: differences in words, sources, and drawings whose changed elements are marked."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from tests.support.service import Client

DIFF = "/api/diff"
BLOCKS = "/api/devices/PLC_1/blocks"
HISTORY = "/api/history/blocks/PLC_1"
CONTROL = "/api/source-control"
INTERFACE = {"Input": [{"name": name, "type": "Bool"} for name in ("start", "stop", "jog")]} | {
    "Output": [{"name": "run", "type": "Bool"}, {"name": "lamp", "type": "Bool"}]
}
RUN = {"title": "Run", "source": {"rungs": [[{"contact": "#start"}, {"contact": "#stop"}, {"coil": "#run"}]]}}
LAMP = {"title": "Lamp", "source": {"rungs": [[{"contact": "#run"}, {"coil": "#lamp"}]]}}
INVERTED = {
    "title": "Run",
    "source": {
        "rungs": [[{"contact": "#start"}, {"contact": "#stop", "negated": True}, {"contact": "#jog"}, {"coil": "#run"}]]
    },
}
SCL = """FUNCTION "Sum" : Int
VAR_INPUT
    a : Int;
    b : Int;
END_VAR
BEGIN
    #Sum := #a + #b;
END_FUNCTION
"""


def compile_(client: Client) -> None:
    assert client.ok("POST", "/api/devices/PLC_1/actions/compile-sync")["result"]["errorCount"] == 0


def write(client: Client, text: str) -> None:
    client.ok("POST", "/api/devices/PLC_1/external-sources/import-and-generate", {"sclContent": text})
    compile_(client)


def snapshot(client: Client, name: str) -> str:
    return f"snapshot:{client.ok('POST', f'{HISTORY}/{name}/actions/snapshot')['snapshotId']}"


def compare(client: Client, name: str, left: str, right: str = "project") -> dict[str, Any]:
    found = client.ok("GET", DIFF, deviceName="PLC_1", blockName=name, left=left, right=right)
    assert isinstance(found, dict)
    return found


@pytest.fixture
def ladder(plc: Client) -> Client:
    """A client with a compiled LAD block of two networks."""
    document = {"kind": "FB", "name": "Motor", "language": "LAD", "interface": INTERFACE, "networks": [RUN, LAMP]}
    plc.ok("POST", BLOCKS, {"deviceName": "PLC_1", "document": document})
    compile_(plc)
    return plc


def put(client: Client, *networks: Any) -> None:
    client.ok("PUT", f"{BLOCKS}/Motor/content", {"networks": list(networks)})
    compile_(client)


def xml_of(client: Client) -> etree._Element:
    """The first network of the export."""
    return etree.fromstring(client.ok("GET", f"{BLOCKS}/Motor/content")["rawXml"].encode()).find(".//{*}FlgNet")


def operand_of(xml: etree._Element, uid: int) -> str:
    """The operand of a contact or coil, read without the project's own reader."""
    assert xml.find(f"{{*}}Parts/{{*}}Part[@UId='{uid}']") is not None
    (wire,) = (
        each
        for each in xml.iterfind("{*}Wires/{*}Wire")
        if any(end.get("UId") == str(uid) and end.get("Name") == "operand" for end in each)
    )
    access = next(end.get("UId") for end in wire if end.tag.endswith("IdentCon"))
    return "".join(f"#{each.get('Name')}" for each in xml.iterfind(f".//{{*}}Access[@UId='{access}']//{{*}}Component"))


def marks(drawing: str) -> dict[str, set[int]]:
    """The parts of a drawing by the mark that they have."""
    found: dict[str, set[int]] = {}
    for each in etree.fromstring(drawing).iterfind(".//*[@data-change]"):
        found.setdefault(each.get("data-change", ""), set()).add(int(each.get("data-part", "0")))
    return found


def test_both_drawings_mark_what_changed(ladder: Client) -> None:
    before, old = snapshot(ladder, "Motor"), xml_of(ladder)
    put(ladder, INVERTED, LAMP)
    found, new = compare(ladder, "Motor", before), xml_of(ladder)
    assert (found["equal"], found["left"]["exists"], found["right"]["exists"]) == (False, True, True)
    assert [(each["kind"], each["text"]) for each in found["changes"]] == [
        (
            "contact-inverted",
            "Motor/network 1/contact #stop: contact inverted: normally open -> normally closed",
        ),
        ("part-added", "Motor/network 1/contact #jog: part added"),
    ]
    run, lamp = found["networks"]
    assert (run["change"], run["title"], lamp["change"]) == ("changed", "Run", "equal")
    assert lamp["leftDrawing"] is lamp["rightDrawing"] is None
    inverted, added = found["changes"]
    left, right = marks(run["leftDrawing"]), marks(run["rightDrawing"])
    assert left == {"changed": {inverted["leftPart"]}}
    assert right == {"changed": {inverted["rightPart"]}, "added": {added["rightPart"]}}
    assert operand_of(old, inverted["leftPart"]) == operand_of(new, inverted["rightPart"]) == "#stop"
    assert operand_of(new, added["rightPart"]) == "#jog"


def test_networks_that_come_and_go_are_paired_in_order(ladder: Client) -> None:
    before = snapshot(ladder, "Motor")
    new = {"title": "Jog", "source": {"rungs": [[{"contact": "#jog"}, {"coil": "#lamp"}]]}}
    put(ladder, LAMP, new)
    found = compare(ladder, "Motor", before)
    rows = [(each["left"], each["right"], each["change"], each["title"]) for each in found["networks"]]
    assert rows == [(1, None, "removed", "Run"), (2, 1, "equal", "Lamp"), (None, 2, "added", "Jog")]
    removed, _, added = found["networks"]
    assert (removed["rightDrawing"], added["leftDrawing"]) == (None, None)
    assert etree.fromstring(removed["leftDrawing"]).get("data-change") == "removed"
    assert etree.fromstring(added["rightDrawing"]).get("data-change") == "added"
    back = compare(ladder, "Motor", "project", before)
    assert sorted(each["kind"] for each in back["changes"]) == ["network-added", "network-removed"]


def test_equal_states_have_no_differences(ladder: Client) -> None:
    found = compare(ladder, "Motor", snapshot(ladder, "Motor"))
    assert (found["equal"], found["changes"]) == (True, [])
    assert [each["change"] for each in found["networks"]] == ["equal", "equal"]
    assert (
        found["left"]["listing"] == found["right"]["listing"] == ladder.ok("GET", f"{BLOCKS}/Motor/content")["listing"]
    )
    assert "#stop" in found["left"]["listing"]


def test_a_text_is_compared_with_the_block(plc: Client) -> None:
    write(plc, SCL)
    body = {"deviceName": "PLC_1", "blockName": "Sum", "left": "project", "right": "text"}
    source = plc.ok("GET", f"{BLOCKS}/Sum/content")["sourceText"]
    assert plc.ok("POST", DIFF, body | {"text": source})["equal"] is True
    found = plc.ok("POST", DIFF, body | {"text": SCL.replace("#a + #b", "#a - #b")})
    assert [each["text"] for each in found["changes"]] == [
        "Sum/network 1: line changed (line 2): #Sum := #a + #b; -> #Sum := #a - #b;"
    ]
    assert found["left"]["sourceText"] == source
    assert "#a - #b" in found["right"]["sourceText"]
    error = plc.refused(422, "diff.text", "POST", DIFF, body | {"text": SCL.replace("#a + #b", "#a + ")})
    assert error["details"][0]["place"]["line"] == 7
    plc.refused(422, "diff.text", "POST", DIFF, body)


def test_an_inconsistent_block_is_compared_as_it_was_imported(plc: Client) -> None:
    write(plc, SCL)
    before = snapshot(plc, "Sum")
    wrong = SCL.replace("#a + #b", "#a + #c")
    plc.ok("POST", "/api/devices/PLC_1/external-sources/import-and-generate", {"sclContent": wrong})
    found = compare(plc, "Sum", before)
    assert "#c" in found["right"]["sourceText"]
    assert "line-changed" in [each["kind"] for each in found["changes"]]


def test_commits_are_states_and_a_deleted_block_is_compared_with_nothing(plc: Client) -> None:
    write(plc, SCL)
    plc.ok("POST", f"{CONTROL}/init")
    plc.ok("POST", f"{CONTROL}/commit-sync", {"message": "As delivered"})
    assert compare(plc, "Sum", "commit:HEAD")["equal"] is True
    write(plc, SCL.replace("b : Int;", "b : Int;\n    c : Int;"))
    plc.ok("POST", f"{CONTROL}/commit-sync", {"message": "A third summand"})
    found = compare(plc, "Sum", "commit:HEAD~1", "commit:HEAD")
    assert [(each["kind"], each["path"]) for each in found["changes"]] == [("member-added", "Sum/Input/c")]
    plc.ok("DELETE", f"{BLOCKS}/Sum")
    gone = compare(plc, "Sum", "commit:HEAD")
    assert (gone["left"]["exists"], gone["right"]["exists"]) == (True, False)
    assert [each["kind"] for each in gone["changes"]] == ["object-removed"]
    assert [each["change"] for each in gone["networks"]] == ["removed"]


def test_states_that_are_not_there_are_refused(ladder: Client) -> None:
    query = {"deviceName": "PLC_1", "blockName": "Motor"}
    ladder.refused(400, "request.wrong_type", "GET", DIFF, **query, left="yesterday")
    ladder.refused(404, "snapshot.not_found", "GET", DIFF, **query, left="snapshot:none")
    ladder.refused(409, "source_control.not_initialized", "GET", DIFF, **query, left="commit:HEAD")
    ladder.refused(404, "diff.nothing", "GET", DIFF, **query | {"blockName": "Other"}, left="project")
    body = query | {"left": "project", "right": "text", "text": SCL.replace('"Sum"', '"Motor"')}
    ladder.refused(422, "diff.no_source", "POST", DIFF, body)
