"""What changed is said as an engineer sees it, one change for one change, and nothing where nothing changed."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from simatic_xml import Diff, diff, dump, from_json, load, to_text
from simatic_xml.diff import Kind
from simatic_xml.diff.common import attributes, beyond, format_flag
from simatic_xml.diff.drawings import draw_versions
from simatic_xml.diff.lines import compare_lines
from simatic_xml.diff.members import compare_sections
from simatic_xml.model import Block, Extra, Member, Section, Subelement
from tests.simatic_xml.corpus import corpus_files, fixture

START = {"any": [[{"contact": "#start"}], [{"contact": "#run"}]]}
BASE: dict[str, Any] = {
    "kind": "FB",
    "name": "Motor",
    "number": 7,
    "title": "Drive",
    "interface": {
        "Input": [
            {"name": "start", "type": "Bool", "comment": "Start button"},
            {"name": "stop", "type": "Bool"},
            {"name": "speed", "type": "Int", "default": "5"},
        ],
        "Static": [
            {"name": "run", "type": "Bool"},
            {"name": "data", "type": "Struct", "members": [{"name": "low", "type": "Int"}]},
            {"name": "limits", "type": "Array[0..1] of Int", "elements": {"0": 10}},
        ],
    },
    "networks": [
        {"title": "Run", "source": {"rungs": [[START, {"contact": "#stop", "negated": True}, {"coil": "#run"}]]}},
        {
            "title": "Pump",
            "source": {
                "rungs": [
                    [
                        {"contact": "#run"},
                        {"call": "Pump", "instance": '"Pump_1"', "types": {"level": "Int"}, "in": {"level": "#speed"}},
                    ],
                    [{"contact": "#a"}, {"box": "TON", "instance": '"T1"', "in": {"PT": "T#5s"}}, {"coil": "#late"}],
                ]
            },
        },
        {"title": "Speed", "language": "SCL", "source": {"scl": ["IF #run THEN", "  #x := 1;", "END_IF;"]}},
    ],
}
Edit = Callable[[dict[str, Any]], object]


def changes(edit: Edit, base: dict[str, Any] = BASE) -> list[str]:
    changed = deepcopy(base)
    edit(changed)
    return diff(from_json(base), from_json(changed)).text().splitlines()


def inputs(data: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data["interface"]["Input"]
    return found


def rung(data: dict[str, Any], network: int = 1, number: int = 1) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data["networks"][network - 1]["source"]["rungs"][number - 1]
    return found


def test_blocks_and_members() -> None:
    """Each change, and the change back."""
    cases: list[tuple[Edit, str, str]] = [
        (lambda d: d.update(number=8), "Motor: attribute changed (number): 7 -> 8", "8 -> 7"),
        (
            lambda d: d.update(name="Drive"),
            "Drive: object renamed: Motor -> Drive",
            "Motor: object renamed: Drive -> Motor",
        ),
        (lambda d: d.update(title="Fan\n2"), "Motor: title changed (en-US): Drive -> Fan\\n2", "Fan\\n2 -> Drive"),
        (lambda d: d.pop("title"), "Motor: title changed (en-US): Drive -> (none)", "(none) -> Drive"),
        (
            lambda d: d.update(title={"en-US": "Drive", "de-DE": "Antrieb"}),
            "Motor: title changed (de-DE): (none) -> Antrieb",
            "Antrieb -> (none)",
        ),
        (lambda d: d.update(title={"en-US": "Drive", "de-DE": ""}), "", ""),
        (
            lambda d: d.update(attributes={"HeaderAuthor": "me"}),
            "Motor: attribute changed (HeaderAuthor): (none) -> me",
            "me -> (none)",
        ),
        (lambda d: d.update(attributes={"HeaderVersion": "0.1", "IsOnlyStoredInLoadMemory": "false"}), "", ""),
        (
            lambda d: d.update(attributes={"HeaderVersion": "1.0"}),
            "Motor: attribute changed (HeaderVersion): (none) -> 1.0",
            "1.0 -> (none)",
        ),
        (
            lambda d: d.update(attributes={"DBAccessibleFromOPCUA": "false"}),
            "Motor: attribute changed (DBAccessibleFromOPCUA): (none) -> false",
            "false -> (none)",
        ),
        (
            lambda d: inputs(d).append({"name": "new one", "type": "Int", "default": "3"}),
            'Motor/Input/"new one": member added: Int := 3',
            'Motor/Input/"new one": member removed: Int',
        ),
        (
            lambda d: inputs(d).pop(1),
            "Motor/Input/stop: member removed: Bool",
            "Motor/Input/stop: member added: Bool",
        ),
        (
            lambda d: inputs(d).append(inputs(d).pop(0)),
            "Motor/Input/start: member moved: position 1 -> position 3",
            "position 3 -> position 1",
        ),
        (
            lambda d: d["interface"]["Static"].append(inputs(d).pop(2)),
            "Motor/Static/speed: member moved: Input -> Static",
            "Motor/Input/speed: member moved: Static -> Input",
        ),
        (
            lambda d: inputs(d)[1].update(type="Word"),
            "Motor/Input/stop: data type changed: Bool -> Word",
            "Word -> Bool",
        ),
        (lambda d: inputs(d)[2].update(default="6"), "Motor/Input/speed: start value changed: 5 -> 6", "6 -> 5"),
        (
            lambda d: inputs(d)[2].pop("default"),
            "Motor/Input/speed: start value changed: 5 -> (none)",
            "(none) -> 5",
        ),
        (
            lambda d: inputs(d)[0].update(comment="Go"),
            "Motor/Input/start: comment changed (en-US): Start button -> Go",
            "Go -> Start button",
        ),
        (lambda d: inputs(d)[2].update(remanence="NonRetain", accessibility="Public"), "", ""),
        (lambda d: inputs(d)[2].update(informative=False), "", ""),
        (
            lambda d: inputs(d)[2].update(informative=True),
            "Motor/Input/speed: attribute changed (informative): (none) -> true",
            "true -> (none)",
        ),
        (
            lambda d: inputs(d)[2].update(remanence="Retain"),
            "Motor/Input/speed: attribute changed (remanence): (none) -> Retain",
            "Retain -> (none)",
        ),
        (
            lambda d: d["interface"]["Static"][1]["members"][0].update(type="Real"),
            "Motor/Static/data.low: data type changed: Int -> Real",
            "Real -> Int",
        ),
        (
            lambda d: d["interface"]["Static"][2].update(elements={"0": 11}),
            "Motor/Static/limits[0]: start value changed: 10 -> 11",
            "11 -> 10",
        ),
        (
            lambda d: d["interface"]["Static"][2].pop("elements"),
            "Motor/Static/limits[0]: start value changed: 10 -> (none)",
            "(none) -> 10",
        ),
    ]
    for edit, there, back in cases:
        changed = deepcopy(BASE)
        edit(changed)
        assert diff(from_json(BASE), from_json(changed)).text().rstrip() == there
        whole = back if ": " in back or not back else f"{there.rpartition(': ')[0]}: {back}"
        assert diff(from_json(changed), from_json(BASE)).text().rstrip() == whole


def test_members_that_change_places_are_the_fewest_that_must_have_moved() -> None:
    assert changes(lambda d: inputs(d).reverse()) == [
        "Motor/Input/speed: member moved: position 3 -> position 1",
        "Motor/Input/stop: member moved: position 2 -> position 2",
    ]


def test_sections_of_instances_and_base_types_are_compared_inside() -> None:
    """Each change in one direction and back, also where only one side has the sections."""
    edit: Extra = [["text", "x", "1"]]
    base, speed = Section("Base", base_type="A"), Section("Static", [Member("speed", "Int")])
    faster = Section("Static", [Member("speed", "Real")])

    def instance(*sections: Section) -> Section:
        return Section("Static", [Member("pump", '"Pump"', sections=[*sections])])

    def array(**given: Any) -> Section:
        return Section("Static", [Member("a", "Array[0..1] of Int", subelements=[Subelement("0", **given)])])

    cases: list[tuple[Section, Section, str]] = [
        (base, replace(base, base_type="B"), "/Base attribute-changed A B"),
        (base, replace(base, base_version="1.0"), "/Base attribute-changed None 1.0"),
        (base, replace(base, extra=edit), '/Base other-changed None [["text", "x", "1"]]'),
        (base, replace(base, base=[speed]), "/Base/Static/speed member-added None Int"),
        (replace(base, base=[speed]), replace(base, base=[faster]), "/Base/Static/speed data-type-changed Int Real"),
        (instance(), instance(speed), "/Static/pump/Static/speed member-added None Int"),
        (instance(speed), instance(faster), "/Static/pump/Static/speed data-type-changed Int Real"),
        (array(), array(comment={"en-US": "x"}), "/Static/a[0] comment-changed None x"),
        (array(), array(extra=edit), '/Static/a[0] other-changed None [["text", "x", "1"]]'),
    ]
    for before, after, expected in cases:
        (there,), (back,) = compare_sections("", [before], [after]), compare_sections("", [after], [before])
        assert f"{there.path} {there.kind.value} {there.before} {there.after}" == expected
        assert back.path == there.path


def test_what_counts_as_another_value() -> None:
    """By both sides of entries, and of edits that the model has no name for."""
    entries: list[tuple[dict[str, str | None], dict[str, str | None], bool]] = [
        ({"a": "TRUE"}, {"a": "true"}, False),
        ({"a": "False"}, {}, False),
        ({"a": ""}, {"a": None}, False),
        ({"a": "true"}, {}, True),
        ({"a": "Text"}, {"a": "text"}, True),
        ({"a": "a false b"}, {"a": "a  b"}, True),
        ({"HeaderVersion": "0.1"}, {}, False),
        ({"HeaderVersion": ""}, {}, True),
    ]
    edits: list[tuple[Extra | None, Extra | None, bool]] = [
        ([["attributes", "x", {"order": ["b", "a"]}]], None, False),
        (
            [["attributes", "x", {"order": ["b", "a"], "set": {"a": "1"}}]],
            [["attributes", "x", {"set": {"a": "1"}}]],
            False,
        ),
        ([["attributes", "x", {"set": {"a": "b"}}]], [["attributes", "x", {"set": {"a": "c"}}]], True),
        ([["children", "x", [1, 0], 2]], None, False),
        ([["children", "x", [1, 0], 3]], None, True),
        ([["children", "x", [0, "<a/>"], 1]], None, True),
        ([["text", "x", [0], 1]], None, True),
    ]
    for before, after, differs in entries:
        assert (len([*attributes("p", before, after)]), len([*attributes("p", after, before)])) == (differs, differs)
    for one, other, differs in edits:
        assert (len([*beyond("p", one, other)]), len([*beyond("p", other, one)])) == (differs, differs)
    assert [each.after for each in beyond("p", None, [["text", "x", "\u00fc"]])] == ['[["text", "x", "\u00fc"]]']
    assert [format_flag(each) for each in (None, True, False)] == [None, "true", "false"]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            lambda d: rung(d)[1].pop("negated"),
            ["Motor/network 1/contact #stop: contact inverted: normally closed -> normally open"],
        ),
        (
            lambda d: rung(d)[1].update(contact="#halt"),
            ["Motor/network 1/contact #halt: operand changed: #stop -> #halt"],
        ),
        (
            lambda d: rung(d).__setitem__(2, {"set": "#run"}),
            ["Motor/network 1/set coil #run: part changed: coil #run -> set coil #run"],
        ),
        (lambda d: rung(d).insert(1, {"contact": "#ready"}), ["Motor/network 1/contact #ready: part added"]),
        (lambda d: rung(d).pop(1), ["Motor/network 1/contact #stop: part removed"]),
        (
            lambda d: rung(d, 2)[1]["in"].update(level="#start"),
            ['Motor/network 2/call "Pump" "Pump_1": parameter changed (level): #speed -> #start'],
        ),
        (
            lambda d: rung(d, 2)[1].update(instance='"Pump_2"'),
            ['Motor/network 2/call "Pump" "Pump_2": instance changed: "Pump_1" -> "Pump_2"'],
        ),
        (
            lambda d: rung(d, 2, 2)[1]["in"].update(PT="T#6s"),
            ['Motor/network 2/TON "T1": operand changed (PT): T#5s -> T#6s'],
        ),
        (
            lambda d: rung(d, 2, 2)[1].update(box="TOF"),
            ['Motor/network 2/TOF "T1": part changed: TON "T1" -> TOF "T1"'],
        ),
        (lambda d: d["networks"][1]["source"]["rungs"].reverse(), ["Motor/network 2: order changed"]),
        (
            lambda d: d["networks"][2]["source"]["scl"].__setitem__(1, "  #x := 2;"),
            ["Motor/network 3: line changed (line 2): #x := 1; -> #x := 2;"],
        ),
        (
            lambda d: d["networks"][2]["source"]["scl"].insert(2, "  #y := 2;"),
            ["Motor/network 3: line added (line 3): #y := 2;"],
        ),
        (
            lambda d: d["networks"][2]["source"]["scl"].pop(1),
            ["Motor/network 3: line removed (line 2): #x := 1;"],
        ),
        (lambda d: d["networks"][0].update(title="Go"), ["Motor/network 1: title changed (en-US): Run -> Go"]),
        (lambda d: d["networks"][0].update(comment="Go"), ["Motor/network 1: comment changed (en-US): (none) -> Go"]),
        (lambda d: d["networks"].pop(0), ["Motor/network 1: network removed: LAD Run"]),
        (lambda d: d["networks"].insert(0, {"title": "New"}), ["Motor/network 1: network added: LAD New"]),
        (
            lambda d: d["networks"].append(d["networks"].pop(0)),
            ["Motor/network 3: network moved: network 1 -> network 3"],
        ),
        (lambda d: d["networks"][0].pop("source"), None),
    ],
)
def test_networks(edit: Edit, expected: list[str] | None) -> None:
    found = changes(edit)
    if expected is None:
        assert len(found) == 5
        assert all("network 1" in line and "removed" in line for line in found)
    else:
        assert found == expected


def test_a_network_that_was_moved_and_edited_is_found_again() -> None:
    def edit(data: dict[str, Any]) -> None:
        rung(data)[1]["contact"] = "#halt"
        data["networks"].append(data["networks"].pop(0))

    assert changes(edit) == [
        "Motor/network 3: network moved: network 1 -> network 3",
        "Motor/network 3/contact #halt: operand changed: #stop -> #halt",
    ]


def test_contacts_that_change_places() -> None:
    base = {"kind": "FC", "name": "F", "networks": [{"source": {"rungs": [[{"contact": "#a"}, {"contact": "#b"}]]}}]}

    def edit(data: dict[str, Any]) -> None:
        rung(data).reverse()

    assert {line.partition(":")[0] for line in changes(edit, base)} == {
        "F/network 1/contact #a",
        "F/network 1/contact #b",
    }
    assert all("wiring changed (power)" in line for line in changes(edit, base))


def test_what_equal_scl_text_stands_for() -> None:
    base = {"kind": "FC", "name": "F", "language": "SCL", "networks": [{"source": {"scl": ["#x := #limit;"]}}]}

    def edit(data: dict[str, Any]) -> None:
        data["networks"][0]["source"]["constants"] = ["limit"]

    assert changes(edit, base) == ["F/network 1: other changed (constants): (none) -> ['limit']"]


def test_statement_lists_are_compared_as_text() -> None:
    base = {"kind": "FC", "name": "F", "language": "STL", "networks": [{"source": {"stl": ["A #a", "= #b"]}}]}

    def edit(data: dict[str, Any]) -> None:
        data["networks"][0]["source"]["stl"] = ["AN #a", "= #b"]

    [line] = changes(edit, base)
    assert line.startswith("F/network 1: line changed (line 1): ")


def test_what_the_outline_of_a_graph_leaves_out_is_compared_as_xml() -> None:
    def document(settings: str) -> Any:
        tree = ["Graph", {"xmlns": "g"}, ["Sequence", ["Steps", ["Step", {"Number": "1", "Extra": settings}]]]]
        return from_json({"kind": "FB", "name": "F", "language": "GRAPH", "networks": [{"source": {"tree": tree}}]})

    [change] = diff(document("a"), document("b"))
    assert change.kind == Kind.LINE_CHANGED
    assert 'Extra="b"' in str(change.after)


def test_tags() -> None:
    table = {
        "kind": "TagTable",
        "name": "Tags",
        "tags": [
            {"name": "a", "type": "Bool", "address": "%I0.0", "comment": "A"},
            {"name": "b", "type": "Bool", "address": "%I0.1"},
        ],
        "constants": [{"name": "MAX", "type": "Int", "value": "5"}],
    }

    def edit(data: dict[str, Any]) -> None:
        data["tags"] = [{"name": "c", "type": "Int", "address": "%MW2"}, data["tags"][0]]
        data["tags"][1].update(address="%I1.0", type="Byte", comment="B")
        data["constants"][0]["value"] = "6"

    assert changes(edit, table) == [
        "Tags/b: tag removed: Bool %I0.1",
        "Tags/c: tag added: Int %MW2",
        "Tags/a: data type changed: Bool -> Byte",
        "Tags/a: comment changed (en-US): A -> B",
        "Tags/a: attribute changed (address): %I0.0 -> %I1.0",
        "Tags/MAX: attribute changed (value): 5 -> 6",
    ]
    assert changes(lambda data: data["tags"].reverse(), table) == []


def test_watch_entries() -> None:
    table = {"kind": "WatchTable", "name": "W", "entries": [{"name": '"a"'}, {"address": "%I0.0"}, {"name": '"b"'}]}

    def edit(data: dict[str, Any]) -> None:
        data["entries"] = [data["entries"][2], data["entries"][0], {"name": '"c"'}]
        data["entries"][0]["displayFormat"] = "Hex"

    assert changes(edit, table) == [
        "W/%I0.0: entry removed",
        'W/"c": entry added',
        'W/"b": entry moved: row 3 -> row 1',
        'W/"b": attribute changed (display format): (none) -> Hex',
    ]


def test_data_types_and_several_objects() -> None:
    def udt(name: str, data_type: str) -> dict[str, Any]:
        return {"kind": "UDT", "name": name, "members": [{"name": "low", "type": data_type}]}

    before = from_json({"objects": [udt("A", "Int"), udt("B", "Int")]})
    after = from_json({"objects": [udt("C", "Int"), udt("B", "Real")]})
    assert [str(change) for change in diff(before, after)] == [
        "A: object removed: UDT",
        "C: object added: UDT",
        "B/low: data type changed: Int -> Real",
    ]


def test_unknown_objects_are_compared_as_xml() -> None:
    xml = b'<Document><Engineering version="V18" /><Hmi.X ID="0"><AttributeList><Name>S</Name><W>1</W></AttributeList></Hmi.X></Document>'
    assert [str(each) for each in diff(xml, xml.replace(b"<W>1", b"<W>2").replace(b'"0"', b'"7"'))] == [
        "S: line changed (line 4): <W>1</W> -> <W>2</W>"
    ]


def test_what_only_the_file_needs_does_not_count() -> None:
    before = fixture("motor_v18.xml")
    after = (
        before.replace(b'UId="2', b'UId="9')
        .replace(b' ID="1"', b' ID="A1"')
        .replace(b'<Member Name="start" Datatype="Bool">', b'<Member Datatype="Bool" Name="start">')
        .replace(b"  <SW.Blocks.FB", b"<DocumentInfo><Created>2020</Created></DocumentInfo>\n\n<SW.Blocks.FB")
    )
    assert after.count(b'UId="9') > 5
    assert not diff(before, after)
    assert diff(before, after).text() == ""


def test_content_beyond_the_model_counts() -> None:
    before = fixture("motor_v18.xml")
    after = before.replace(b'<Member Name="start" Datatype="Bool">', b'<Member Name="start" Datatype="Bool" New="1">')
    assert [change.kind for change in diff(before, after)] == [Kind.OTHER_CHANGED]


def test_a_hint_that_no_operand_shows_counts() -> None:
    before = fixture("motor_v18.xml")
    after = before.replace(b'<Component Name="start" />', b'<Component Name="start" Hint="1" />')
    [change] = diff(before, after)
    assert change.kind == Kind.OTHER_CHANGED
    assert change.after is not None
    assert 'Hint="1"' in change.after


def test_damaged_networks_are_compared_as_xml() -> None:
    before = fixture("motor_v18.xml").replace(b'<Part Name="Contact" UId="23" />', b'<Part Name="Contact" />')
    after = before.replace(b'<Part Name="Contact" />', b'<Part Name="PContact" />')
    assert [change.kind for change in diff(before, after)] == [Kind.LINE_CHANGED]


def test_paths_and_json(tmp_path: Path) -> None:
    path = tmp_path / "motor.xml"
    path.write_bytes(fixture("motor_v18.xml"))
    found = diff(path, load(fixture("motor_v21.xml")))
    assert found.to_json() == {
        "changes": [
            {
                "path": "Document",
                "kind": "attribute-changed",
                "before": "V18",
                "after": "V21",
                "detail": "TIA Portal",
            }
        ]
    }
    assert isinstance(found, Diff)
    assert len(found) == 1
    assert found


@pytest.mark.slow
def test_real_files_are_equal_to_themselves_in_any_version() -> None:
    files = corpus_files()
    if not files:
        pytest.skip("The collection of exports is not beside the repository.")
    for file in files:
        document = load(file)
        assert not diff(document, load(dump(document))), file.name


@pytest.mark.parametrize("name", ["out", "in", "inout", "any", "branch", "not", "call", "types", "negated", "instance"])
@pytest.mark.parametrize("network", [0, 1])
def test_a_called_block_may_have_parameters_of_any_name(name: str, network: int) -> None:
    call = {
        "call": "Pump",
        "instance": '"Pump_1"',
        "types": {"more": "Bool", name: "Int"},
        "in": {"more": "#run", name: "#speed"},
    }
    first = {"kind": "FC", "name": "F", "networks": [{"source": {"rungs": [[{"contact": "#run"}, call]]}}]}
    second = deepcopy(first)
    second["networks"][0]["source"]["rungs"][0][network] = (
        {"contact": "#stop"} if network == 0 else {**call, "in": {"more": "#run", name: "#other"}}
    )
    changes = diff(from_json(first), from_json(second)).changes
    assert len(changes) == 1
    assert name in to_text(from_json(first))


def test_the_drawings_of_a_sequence_mark_what_differs() -> None:
    text = Path("examples/conveyor/StopperSequence.xml").read_text(encoding="utf-8-sig")
    edits = {
        'Init="false" Name="Hold"': 'Init="false" Name="Held"',
        '<Component Name="Hold" />': '<Component Name="Ready" />',
    }
    for (old, new), place in zip(edits.items(), ("S2", "T2"), strict=True):
        assert old in text
        (before,), (after,) = (
            [each.networks[0] for each in load(source.encode()).objects if isinstance(each, Block)]
            for source in (text, text.replace(old, new))
        )
        for drawing in draw_versions(before, after, []):
            assert drawing is not None
            marked = list(etree.fromstring(drawing).iterfind(".//*[@data-change]"))
            assert {(each.get("data-place"), each.get("data-change")) for each in marked} == {(place, "changed")}


SCL_LINES = [
    "// control",
    "IF #on THEN",
    "    #y := #x * 2.0;",
    "    IF #y > 10.0 THEN",
    "        #y := 10.0;",
    "    END_IF;",
    "ELSE",
    "    #y := 0.0;",
    "END_IF;",
]


def shown(before: list[str], after: list[str]) -> list[str]:
    return [str(each) for each in compare_lines("B", before, after)]


@pytest.mark.parametrize("indent", ["", "    ", "\t", "\t    "])
@pytest.mark.parametrize("at", range(len(SCL_LINES)))
def test_one_typed_line_is_one_change_whatever_the_indentation(at: int, indent: str) -> None:
    """An export indents as TIA Portal does, an editor as its user: a line that is typed anywhere is one line."""
    exported = ["", *(f"{indent}{line}" for line in SCL_LINES), ""]
    added = [*SCL_LINES[:at], "#typed := TRUE;", *SCL_LINES[at:]]
    changed = [*SCL_LINES[:at], f"{SCL_LINES[at]} // typed", *SCL_LINES[at + 1 :]]
    removed = [*SCL_LINES[:at], *SCL_LINES[at + 1 :]]
    versions: list[list[str]] = [SCL_LINES, added, changed, removed]
    assert [len(shown(exported, each)) for each in versions] == [0, 1, 1, 1]


def test_a_line_that_alone_is_indented_otherwise_is_named() -> None:
    deeper = [*SCL_LINES[:7], f"    {SCL_LINES[7]}", *SCL_LINES[8:]]
    (change,) = shown(SCL_LINES, deeper)
    assert "line 8" in change


def test_another_width_of_indentation_is_one_change() -> None:
    narrow = [line.replace("    ", "  ") for line in SCL_LINES]
    (change,) = shown(SCL_LINES, narrow)
    assert "indentation of all lines" in change


def test_a_changed_line_is_told_from_the_added_ones_around_it() -> None:
    added = [*SCL_LINES[:4], "#first := 1;", "#y := 10.5;", "#second := 2;", *SCL_LINES[5:]]
    kinds = [each.kind for each in compare_lines("B", SCL_LINES, added)]
    assert kinds == [Kind.LINE_ADDED, Kind.LINE_CHANGED, Kind.LINE_ADDED]
