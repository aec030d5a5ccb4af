"""Blocks from JSON, templates and files: generated, imported in order, all or each; and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

import simatic_xml
from engineering_api.features.blocks import block_templates, import_order, template_text
from openness_bridge.errors import Kind, Problem
from simatic_xml import Block, Document, Member, PlcType, Section, Tag, TagTable
from tests import ROOT
from tests.support.service import Client

DEVICE = "/api/devices/PLC_1"
GENERATE = "/api/blockgeneration"
RUNG = {"rungs": [[{"contact": "#start"}, {"coil": "#run"}]]}
MOTOR: dict[str, Any] = {
    "kind": "FB",
    "name": "Motor",
    "language": "LAD",
    "interface": {"Input": [{"name": "start", "type": "Bool"}], "Output": [{"name": "run", "type": "Bool"}]},
    "networks": [{"title": "Run", "source": RUNG}],
}
GRAPH: dict[str, Any] = {
    "sequences": [
        {
            "steps": [
                {"name": "Idle", "init": True},
                {"name": "Mix", "actions": [{"qualifier": "N", "operand": "#mixer"}]},
            ],
            "transitions": [{"name": "Start", "condition": {"rungs": [[{"contact": "#go"}]]}}, {"name": "Done"}],
            "flow": ["Idle", "Start", "Mix", "Done", {"jump": "Idle"}],
        }
    ]
}
UDT = {"kind": "UDT", "name": "UDT_Motor", "members": [{"name": "limits", "type": '"UDT_Limits"'}]}
LIMITS = {"kind": "UDT", "name": "UDT_Limits", "members": [{"name": "high", "type": "Int"}]}
DESIGN: list[dict[str, Any]] = [
    {"kind": "InstanceDB", "name": "Drive_1", "instanceOf": "Drive", "folder": "Data"},
    {"kind": "DB", "name": "Motors", "members": [{"name": "motor", "type": '"UDT_Motor"'}], "folder": "Data"},
    {"kind": "FC", "name": "Call", "language": "LAD"},
    MOTOR | {"name": "Drive", "interface": MOTOR["interface"] | {"Static": [{"name": "motor", "type": '"UDT_Motor"'}]}},
    {"kind": "TagTable", "name": "Inputs", "tags": [{"name": "bStart", "type": "Bool", "address": "%I0.0"}]},
    UDT,
    LIMITS,
]


def names(client: Client) -> set[str]:
    blocks = {block["name"] for block in client.ok("GET", f"{DEVICE}/blocks")} - {"Main"}
    types = {udt["name"] for udt in client.ok("GET", f"{DEVICE}/udts")}
    return (
        blocks | types | {table["name"] for table in client.ok("GET", f"{DEVICE}/tag-tables") if not table["isDefault"]}
    )


def on(**given: Any) -> dict[str, Any]:
    return {"deviceName": "PLC_1"} | given


def file(path: Path, *objects: Any) -> str:
    path.write_bytes(simatic_xml.dump(Document("V20", list(objects))))
    return path.name


def fb(name: str, static: str = "Bool") -> Block:
    made = simatic_xml.from_json({"engineering": "V20", "kind": "FB", "name": name}).objects[0]
    assert isinstance(made, Block)
    made.section("Static").members.append(Member("m", static))
    return made


# -- without a portal ---------------------------------------------------------------------


def test_generate_only_gives_simatic_ml_findings_and_drawings(client: Client) -> None:
    open_pin = {"rungs": [[{"box": "Move"}]]}
    networks = [*MOTOR["networks"], {"source": open_pin}, {"language": "SCL", "source": {"scl": ["#run := #start;"]}}]
    made = client.ok("POST", f"{GENERATE}/generate-only", MOTOR | {"networks": networks, "svg": True})
    (block,) = simatic_xml.load(made["xml"]).objects
    assert isinstance(block, Block)
    assert (block.name, block.kind, len(block.networks)) == ("Motor", "FB", 3)
    assert [(drawing["title"], drawing["svg"] is None) for drawing in made["drawings"]] == [
        ("Run", False),
        ("", False),
        ("", True),
    ]
    assert ET.fromstring(made["drawings"][0]["svg"]).tag.endswith("svg")  # noqa: S314 - our own drawing
    assert {finding["network"] for finding in made["findings"]} == {2}
    assert client.ok("GET", "/api/projects") == []


def test_generate_only_writes_for_another_version_and_to_a_file(client: Client, workspace: Path) -> None:
    body = {"document": UDT, "tiaVersion": "18", "exportPath": "out/UDT.xml"}
    made = client.ok("POST", f"{GENERATE}/generate-only", body)
    assert (made["kind"], made["findings"], made["drawings"]) == ("UDT", [], [])
    assert simatic_xml.load(workspace / "out" / "UDT.xml").engineering == "V18"
    client.refused(409, "file.exists", "POST", f"{GENERATE}/generate-only", body)
    client.ok("POST", f"{GENERATE}/generate-only", body | {"overwrite": True})
    client.refused(400, "file.wrong_kind", "POST", f"{GENERATE}/generate-only", body | {"exportPath": "U.txt"})
    client.refused(403, "path.outside_roots", "POST", f"{GENERATE}/generate-only", body | {"exportPath": "../U.xml"})


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({"name": "X"}, 400, "request.missing_field", "/kind"),
        ({"kind": "FB"}, 400, "request.missing_field", "/name"),
        (MOTOR | {"document": UDT}, 400, "request.contradiction", ""),
        (MOTOR | {"netwroks": []}, 400, "request.unknown_field", "/netwroks"),
        (MOTOR | {"kind": "Screen"}, 422, "simatic_ml.kind", "/kind"),
        (MOTOR | {"language": "Array[0..1] of Int"}, 422, "block.language", "/language"),
        ({"document": MOTOR | {"language": "ladder"}}, 422, "block.language", "/document/language"),
        (
            MOTOR | {"networks": [{"source": {"rungs": [[{"contct": "#a"}]]}}]},
            422,
            None,
            "/networks/0/source/rungs/0/0",
        ),
        ({"document": {"kind": "UDT"}}, 422, "simatic_ml.json", "/document"),
        (MOTOR | {"tiaVersion": "9"}, 422, "simatic_ml.version", None),
        (MOTOR | {"number": -1}, 400, "request.wrong_type", "/number"),
    ],
)
def test_bad_specification_is_refused(client: Client, body: Any, status: int, code: str | None, pointer: str) -> None:
    answer = client.http.post(f"{GENERATE}/generate-only", json=body)
    error = answer.json()["error"]
    assert (answer.status_code, error["place"].get("pointer")) == (status, pointer), error
    assert code is None or error["code"] == code


def test_graph_only_has_what_a_graph_block_needs(client: Client, workspace: Path) -> None:
    body = {
        "name": "Mixer",
        "graph": GRAPH,
        "title": "Mixing",
        "number": 7,
        "interface": {"Input": [{"name": "go", "type": "Bool"}]},
        "exportPath": "g.xml",
    }
    made = client.ok("POST", f"{GENERATE}/generate-graph-only", body)
    assert (made["kind"], made["language"]) == ("FB", "GRAPH")
    (block,) = simatic_xml.load(workspace / "g.xml").objects
    assert isinstance(block, Block)
    assert (block.number, block.title) == (7, {"en-US": "Mixing"})
    members = {member.name: member.data_type for _, member in block.members()}
    assert members["go"] == "Bool"
    assert members["Mix"].startswith("G7_StepPlus")
    error = client.refused(
        422, "simatic_ml.json", "POST", f"{GENERATE}/generate-graph-only", {"name": "M", "graph": {"sequence": []}}
    )
    assert error["place"]["pointer"] == "/graph/sequence"


# -- into a project -----------------------------------------------------------------------


def test_generate_and_import(plc: Client) -> None:
    made = plc.ok("POST", f"{GENERATE}/generate-and-import", on(**MOTOR, folder="Drives", compile=True))
    assert made["results"][0]["objects"] == [{"name": "Motor", "kind": "FB", "folder": "Drives"}]
    assert made["compilation"]["result"]["errorCount"] == 0
    again = on(**MOTOR, folder="Drives")
    error = plc.refused(422, "import.refused", "POST", f"{GENERATE}/generate-and-import", again)
    assert error["details"][0]["code"] == "block.import_refused"
    plc.ok("POST", f"{GENERATE}/generate-and-import", again | {"override": True})
    plc.refused(404, "device.not_found", "POST", f"{GENERATE}/generate-and-import", again | {"deviceName": "X"})
    assert names(plc) == {"Motor"}


def test_refused_import_leaves_no_folder(plc: Client) -> None:
    body = on(kind="FB", name="", folder="New")
    plc.refused(400, "request.missing_field", "POST", f"{GENERATE}/generate-and-import", body)
    body = on(document={"kind": "FB", "name": "x" * 126}, folder="New")
    plc.refused(422, "import.refused", "POST", f"{GENERATE}/generate-and-import", body)
    assert [node["name"] for node in plc.ok("GET", f"{DEVICE}/blocks/tree")["children"]] == ["Main"]


def test_generate_graph_imports_a_block_that_compiles(plc: Client) -> None:
    interface = {"Input": [{"name": "go", "type": "Bool"}], "Output": [{"name": "mixer", "type": "Bool"}]}
    body = on(name="Mixer", graph={"graph": GRAPH}, interface=interface, folder="Sequences", compile=True)
    made = plc.ok("POST", f"{GENERATE}/generate-graph", body)
    assert made["compilation"]["result"]["errorCount"] == 0, made["compilation"]
    (block,) = [block for block in plc.ok("GET", f"{DEVICE}/blocks") if block["name"] == "Mixer"]
    assert (block["language"], block["folder"]) == ("GRAPH", "Sequences")


def test_import_only_takes_a_file_or_a_text_of_any_kind(plc: Client, workspace: Path) -> None:
    path = file(workspace / "t.xml", TagTable("T", [Tag("a", "Bool", "%I0.0")]))
    made = plc.ok("POST", f"{GENERATE}/import-only", on(importFilePath=path))
    assert made["results"][0]["objects"][0]["kind"] == "TagTable"
    xml = plc.ok("POST", f"{GENERATE}/generate-only", MOTOR)["xml"]
    plc.ok("POST", f"{GENERATE}/import-only", on(xml=xml, folder="Program blocks/Drives"))
    assert names(plc) == {"T", "Motor"}
    for body in (on(), on(xml=xml, importFilePath=path)):
        plc.refused(400, "request.contradiction", "POST", f"{GENERATE}/import-only", body)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"xml": "<html/>"}, 422, "simatic_ml.not-simaticml"),
        ({"xml": "no xml"}, 422, "simatic_ml.not-xml"),
        ({"xml": '<?xml version="1.0"?><Document><Engineering version="V20" /></Document>'}, 422, "import.empty"),
        ({"xml": '<Document><Engineering version="V20" /><Hmi.Screen.Screen ID="0" /></Document>'}, 422, "import.kind"),
        ({"importFilePath": "x.xml"}, 404, "file.not_found"),
        ({"importFilePath": "x.scl"}, 400, "file.wrong_kind"),
    ],
)
def test_what_is_no_program_is_refused(plc: Client, body: Any, status: int, code: str) -> None:
    error = plc.refused(422, "import.refused", "POST", f"{GENERATE}/import-only", on(**body))
    assert error["details"][0]["code"] == code
    assert names(plc) == set()


def test_a_path_that_leads_elsewhere_is_refused_before_anything_is_read(plc: Client) -> None:
    plc.refused(403, "path.outside_roots", "POST", f"{GENERATE}/import-only", on(importFilePath="../x.xml"))


# -- designs ------------------------------------------------------------------------------


def test_design_is_imported_in_the_order_of_its_needs(plc: Client) -> None:
    made = plc.ok("POST", f"{GENERATE}/generate-from-design", on(objects=DESIGN, compile=True, folder="Line"))
    assert made["order"] == ["UDT_Limits", "UDT_Motor", "Inputs", "Drive", "Call", "Motors", "Drive_1"]
    assert made["compilation"]["result"]["errorCount"] == 0, made["compilation"]
    assert (made["imported"], made["failed"]) == (7, 0)
    folders = {block["name"]: block["folder"] for block in plc.ok("GET", f"{DEVICE}/blocks")}
    assert (folders["Motors"], folders["Drive"]) == ("Data", "Line")
    assert all(udt["isConsistent"] for udt in plc.ok("GET", f"{DEVICE}/udts"))


def test_design_is_all_or_nothing(plc: Client) -> None:
    broken = [*DESIGN[:-1], MOTOR | {"networks": [{"source": {"rungs": 5}}]}, {"kind": "FB"}, {"kind": "FB", "name": 1}]
    error = plc.refused(422, "import.refused", "POST", f"{GENERATE}/generate-from-design", on(objects=broken))
    assert [detail["place"]["pointer"].split("/")[2] for detail in error["details"][:3]] == ["6", "7", "8"]
    assert {detail["code"] for detail in error["details"][3:]} == {"import.left_out"}
    without_limits = DESIGN[:-1]
    error = plc.refused(422, "import.refused", "POST", f"{GENERATE}/generate-from-design", on(objects=without_limits))
    refused, *left_out = error["details"]
    assert (refused["code"], refused["place"]["pointer"]) == ("udt.import_refused", "/objects/5")
    assert {detail["place"]["object"] for detail in left_out} == {each["name"] for each in without_limits} - {
        "UDT_Motor"
    }
    assert names(plc) == set()
    assert plc.ok("GET", f"{DEVICE}/udts/tree")["children"] == []


def test_object_given_twice_is_refused(plc: Client) -> None:
    body = on(objects=[LIMITS, LIMITS | {"name": "udt_limits"}], override=True)
    error = plc.refused(422, "import.refused", "POST", f"{GENERATE}/generate-from-design", body)
    refused, left_out = error["details"]
    assert (refused["code"], refused["place"]["pointer"]) == ("import.twice", "/objects/1")
    assert (left_out["code"], left_out["place"]["object"]) == ("import.left_out", "UDT_Limits")
    body = on(objects=[LIMITS | {"folder": 5}])
    plc.refused(400, "request.wrong_type", "POST", f"{GENERATE}/generate-from-design", body)
    plc.refused(400, "request.wrong_type", "POST", f"{GENERATE}/generate-from-design", on(objects=[]))
    assert names(plc) == set()


# -- many files ---------------------------------------------------------------------------


def test_bulk_import_each_keeps_what_is_good(plc: Client, workspace: Path) -> None:
    files = [
        file(workspace / "fb.xml", fb("Drive", '"UDT_Motor"')),
        file(workspace / "bad.xml", fb("Bad", '"Missing"')),
        "none.xml",
        file(workspace / "udt.xml", PlcType("UDT_Motor", [Member("a", "Bool")])),
    ]
    items = [{"document": {"kind": "DB", "name": "Data"}, "folder": "Data"}, {"path": "a.xml", "xml": "<a/>"}]
    made = plc.ok("POST", f"{GENERATE}/bulk-import", on(files=files, items=items, mode="each", folder="F"))
    assert [result["status"] for result in made["results"]] == [
        "Imported",
        "Failed",
        "Imported",
        "Failed",
        "Failed",
        "Imported",
    ]
    assert [made["results"][index]["error"]["code"] for index in (1, 3, 4)] == [
        "request.contradiction",
        "block.import_refused",
        "file.not_found",
    ]
    assert made["results"][3]["error"]["place"]["pointer"] == "/files/1"
    assert made["order"] == ["UDT_Motor", "Drive", "Data"]
    assert (made["imported"], made["failed"], names(plc)) == (3, 3, {"Drive", "UDT_Motor", "Data"})


def test_bulk_import_all_keeps_nothing_when_one_is_refused(plc: Client, workspace: Path) -> None:
    files = [
        file(workspace / "udt.xml", PlcType("UDT_Motor", [Member("a", "Bool")])),
        file(workspace / "bad.xml", fb("Bad", '"Missing"')),
    ]
    job = plc.job("POST", f"{GENERATE}/bulk-import-async", on(files=files, folder="New"))
    assert (job["status"], job["problem"]["code"]) == ("Failed", "import.refused")
    assert job["problem"]["details"][0]["place"]["pointer"] == "/files/1"
    assert names(plc) == set()
    assert plc.ok("GET", f"{DEVICE}/udts/tree")["children"] == []
    job = plc.job("POST", f"{GENERATE}/bulk-import-async", on(files=files[:1]))
    assert (job["status"], job["result"]["imported"]) == ("Completed", 1)


def test_file_with_several_kinds_is_taken_apart(plc: Client, workspace: Path) -> None:
    mixed = file(workspace / "mixed.xml", fb("Drive", '"UDT_Motor"'), PlcType("UDT_Motor", [Member("a", "Bool")]))
    made = plc.ok("POST", f"{GENERATE}/bulk-import", on(files=[mixed]))
    assert [each["kind"] for each in made["results"][0]["objects"]] == ["UDT", "FB"]
    other = file(workspace / "other.xml", fb("Other"), PlcType("", [Member("a", "Bool")]))
    made = plc.ok("POST", f"{GENERATE}/bulk-import", on(files=[other], mode="each"))
    assert (made["failed"], made["order"], made["results"][0]["error"]["code"]) == (1, ["Other"], "udt.import_refused")
    assert names(plc) == {"Drive", "UDT_Motor", "Other"}
    plc.refused(400, "request.missing_field", "POST", f"{GENERATE}/bulk-import", on())
    plc.refused(400, "request.wrong_type", "POST", f"{GENERATE}/bulk-import", on(files=[mixed], mode="some"))


@given(st.lists(st.sampled_from(["UDT", "FB"]), min_size=1, max_size=12), st.data())
def test_what_is_used_comes_before_what_uses_it(kinds: list[str], data: st.DataObject) -> None:
    given_units = []
    needs = [data.draw(st.sets(st.integers(0, index - 1))) if index else set() for index in range(len(kinds))]
    for index, kind in enumerate(kinds):
        members = [Member(f"m{need}", f'"T{need}"') for need in sorted(needs[index])]
        made = (
            PlcType(f"T{index}", members)
            if kind == "UDT"
            else Block("FB", f"T{index}", language="LAD", interface=[Section("Static", members)])
        )
        given_units += import_order.units(index, b"", Document("V20", [made]), "", override=False)
    order = [unit.item for unit in import_order.sort_units(data.draw(st.permutations(given_units)))]
    assert sorted(order) == list(range(len(kinds)))
    assert all(order.index(need) < order.index(index) for index, each in enumerate(needs) for need in each)


def test_types_that_contain_each_other_are_ordered_all_the_same() -> None:
    types = [PlcType("A", [Member("b", '"B"')]), PlcType("B", [Member("a", '"A"')])]
    each = [import_order.units(i, b"", Document("V20", [one]), "", override=False)[0] for i, one in enumerate(types)]
    assert sorted(unit.item for unit in import_order.sort_units(each)) == [0, 1]


# -- templates ----------------------------------------------------------------------------

TEMPLATES = {info.name: info for info in block_templates.templates()}


def test_templates_are_listed_with_their_parameters(client: Client) -> None:
    listed = client.ok("GET", f"{GENERATE}/templates")
    assert {"motor", "valve", "analog_scaling", "sequence", "state_machine", "alarm"} <= {one["name"] for one in listed}
    assert all(parameter["description"].endswith(".") for one in listed for parameter in one["parameters"])
    assert client.ok("GET", f"{GENERATE}/templates/Motor")["language"] == "LAD"
    client.refused(404, "template.not_found", "GET", f"{GENERATE}/templates/none")


PARAMETERS: dict[str, dict[str, Any]] = {
    "motor": {"blockName": "Förder-Band 1", "instanceName": "a/b", "feedbackTime": "T#1m_30s"},
    "valve": {"blockName": "V-2", "instanceName": "V", "travelTime": "t#100ms"},
    "analog_scaling": {"blockName": "Scale", "rawLow": -27648, "rawHigh": 0, "tolerance": 5000},
    "sequence": {"blockName": "Seq", "instanceName": "S1", "steps": ["a", "b", "c", "d"], "cyclic": True},
    "state_machine": {"blockName": "SM", "states": ["On", "Off"], "transitions": ["on > OFF", "Off>On"]},
    "alarm": {"blockName": "A", "instanceName": "A_DB", "alarms": ["if", "end_if", "x"], "delay": "T#0ms"},
}


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_every_template_compiles_with_its_defaults_and_with_other_parameters(plc: Client, name: str) -> None:
    path = f"{GENERATE}/templates/{name}/actions/instantiate"
    has_instance = any(parameter.name == "instanceName" for parameter in TEMPLATES[name].parameters)
    usual = {"instanceName": "One"} if has_instance else {}
    for parameters in (usual, PARAMETERS[name]):
        made = plc.ok("POST", path, on(parameters=parameters, folder="Made", compile=True))
        result = made["compilation"]["result"]
        assert (result["errorCount"], result["warningCount"]) == (0, 0), made["compilation"]["diagnostics"]
        assert len(made["results"]) == 1 + ("instanceName" in parameters)
    assert PARAMETERS[name]["blockName"] in names(plc)
    plc.refused(422, "import.refused", "POST", path, on(folder="Made"))


@pytest.mark.parametrize("name", sorted(TEMPLATES))
@pytest.mark.parametrize("version", ["16", "21"])
def test_template_is_filled_for_every_version(name: str, version: str) -> None:
    made = block_templates.generate(name, PARAMETERS[name], version, "de-DE")
    first = simatic_xml.load(made.files[0].xml)
    assert first.engineering == f"V{version}"
    assert (made.source is None) == (name == "motor")
    assert "{{" not in (made.source or made.files[0].xml)
    assert made.parameters.keys() == {parameter.name for parameter in TEMPLATES[name].parameters}


def test_template_is_filled_without_a_portal(client: Client) -> None:
    made = client.ok("POST", f"{GENERATE}/templates/valve/actions/generate", {"parameters": {"blockName": "V 1"}})
    assert made["source"].startswith('FUNCTION_BLOCK "V 1"')
    assert [each["kind"] for each in made["files"]] == ["FB"]
    assert client.ok("GET", "/api/projects") == []


@pytest.mark.parametrize(
    ("name", "parameters", "pointer"),
    [
        ("motor", {"blokName": "M"}, "blokName"),
        ("motor", {"blockName": ""}, "blockName"),
        ("motor", {"blockName": 'a"b'}, "blockName"),
        ("motor", {"blockName": "{{x}}"}, "blockName"),
        ("motor", {"blockName": 5}, "blockName"),
        ("motor", {"feedbackTime": "3s"}, "feedbackTime"),
        ("motor", {"feedbackTime": "T#3s); #run := TRUE; ("}, "feedbackTime"),
        ("sequence", {"steps": ["a"]}, "steps"),
        ("sequence", {"steps": "abc"}, "steps"),
        ("sequence", {"steps": ["a", "A"]}, "steps/1"),
        ("sequence", {"steps": ["a", "b c"]}, "steps/1"),
        ("sequence", {"cyclic": "yes"}, "cyclic"),
        ("state_machine", {"transitions": ["Idle>Nowhere"]}, "transitions/0"),
        ("state_machine", {"transitions": ["Idle"]}, "transitions/0"),
        ("analog_scaling", {"rawLow": 100, "rawHigh": 100}, "rawHigh"),
        ("analog_scaling", {"tolerance": 5001}, "tolerance"),
        ("analog_scaling", {"rawLow": "x", "rawHigh": 1}, "rawLow"),
    ],
)
def test_bad_parameter_is_refused(name: str, parameters: Any, pointer: str) -> None:
    with pytest.raises(Problem) as refusal:
        block_templates.generate(name, parameters, "20", "en-US")
    assert (refusal.value.code, refusal.value.kind) == ("template.parameter", Kind.INVALID)
    assert refusal.value.place is not None
    assert refusal.value.place.pointer == f"/parameters/{pointer}"


def test_names_that_would_clash_are_refused(plc: Client) -> None:
    parameters = {"states": ["A", "B", "A_to_B", "B_to_A"], "transitions": ["A>B_to_A", "A_to_B>A"]}
    path = f"{GENERATE}/templates/state_machine/actions/instantiate"
    error = plc.refused(400, "template.parameter", "POST", path, on(parameters={"transitions": ["Idle"]}))
    assert error["place"]["pointer"] == "/parameters/transitions/0"
    plc.refused(422, "template.member_twice", "POST", path, on(parameters=parameters))
    plc.refused(404, "template.not_found", "POST", f"{GENERATE}/templates/none/actions/instantiate", on())
    plc.refused(404, "device.not_found", "POST", path, {"deviceName": "X"})
    assert names(plc) == set()


def test_template_text() -> None:
    text = "a {{x}}\n{{#list}}\n  {{name}}={{x}}\n{{/list}}\n{{^flag}}\nno\n{{/flag}}\n{{#flag}}\nyes\n{{/flag}}\nend"
    values: dict[str, Any] = {"x": 1, "list": [{"name": "p"}, {"name": "q"}], "flag": False}
    assert template_text.fill(text, values) == "a 1\n  p=1\n  q=1\nno\nend"
    assert template_text.fill(text, values | {"list": [], "flag": True}) == "a 1\nyes\nend"
    assert template_text.fill_all({"k": ["{{x}}", 5]}, values) == {"k": ["1", 5]}
    with pytest.raises(KeyError):
        template_text.fill("{{missing}}", values)


def test_no_project_is_said(client: Client) -> None:
    client.refused(409, "project.none", "POST", f"{GENERATE}/generate-and-import", on(**MOTOR))


def test_the_page_about_templates_names_all_of_them() -> None:
    page = (ROOT / "docs" / "block-templates.md").read_text(encoding="utf-8")
    for info in block_templates.templates():
        assert f"| `{info.name}` |" in page
        assert [each.name for each in info.parameters if f"`{each.name}`" not in page] == []
