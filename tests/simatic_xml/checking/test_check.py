"""What TIA Portal would refuse is found, with its place; what it writes itself is not complained about."""

from typing import Any

import pytest

from simatic_xml import Problem, check, from_json, load, to_json, to_text
from simatic_xml.model import Document, PlcType
from tests.simatic_xml.corpus import OWN, corpus_files, fixture


def found(data: Any) -> list[tuple[str, str]]:
    return [(problem.code, problem.pointer) for problem in check(from_json(data))]


def fb(*members: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "FB", "name": "Motor", "interface": {"Input": list(members)}, **more}


def member(name: str = "a", data_type: str = "Int", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": data_type, **more}


def network(*rungs: list[Any], **more: Any) -> dict[str, Any]:
    return {"source": {"rungs": list(rungs), **more}}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (fb(member("a"), member("A")), ("duplicate-member", "/interface/Input/1")),
        (fb(member(), interface={"Input": [member()], "Temp": [member()]}), ("duplicate-member", "/interface/Temp/0")),
        (
            fb(member("s", "Struct", members=[member(), member()])),
            ("duplicate-member", "/interface/Input/0/members/1"),
        ),
        (fb(member("")), ("name", "/interface/Input/0")),
        (fb(member('a"b')), ("name", "/interface/Input/0")),
        (fb(member(" a")), ("name", "/interface/Input/0")),
        (fb(member("a" * 129)), ("name", "/interface/Input/0")),
        (fb(member(data_type=" ")), ("missing-type", "/interface/Input/0")),
        (fb(member(data_type="Array[0..5, 3..1] of Int")), ("bounds", "/interface/Input/0")),
        (fb(member(members=[member("b")])), ("members", "/interface/Input/0")),
        ({"kind": "FC", "name": "F", "interface": {"Static": [member()]}}, ("unknown-section", "/interface/Static")),
        ({"kind": "FC", "name": "F", "interface": {"Return": []}}, ("return", "")),
        (fb(number=70000), ("number", "/number")),
        (fb(name=""), ("name", "")),
        ({"kind": "InstanceDB", "name": "D"}, ("instance-of", "")),
        ({"kind": "GlobalDB", "name": "D", "members": [member(), member()]}, ("duplicate-member", "/members/1")),
        ({"kind": "GlobalDB", "name": "D", "networks": [{}]}, ("networks", "/networks")),
        ({"kind": "UDT", "name": "T", "members": [member(), member("A")]}, ("duplicate-member", "/members/1")),
        (
            {"kind": "TagTable", "name": "T", "tags": [member(address="")], "constants": [member("A", value="1")]},
            ("duplicate-tag", "/constants/0"),
        ),
        ({"kind": "TagTable", "name": "T", "tags": [member(data_type="")]}, ("missing-type", "/tags/0")),
        ({"kind": "WatchTable", "name": "W", "entries": [{}]}, ("empty-row", "/entries/0")),
        (
            {"objects": [{"kind": "UDT", "name": "T"}, {"kind": "FC", "name": "t"}]},
            ("duplicate-object", "/objects/1"),
        ),
        (
            fb(networks=[network([{"contact": "#b"}, {"coil": '"Q"'}])]),
            ("undefined-symbol", "/networks/0"),
        ),
        (
            fb(networks=[network([{"contact": '"x"'}, {"jump": "away"}], labels=["here"])]),
            ("undefined-label", "/networks/0"),
        ),
        (
            fb(networks=[network(labels=["here"]), network(labels=["here"])]),
            ("duplicate-label", ""),
        ),
    ],
)
def test_findings(data: Any, expected: tuple[str, str]) -> None:
    assert found(data) == [expected]


def test_findings_in_networks_have_a_node() -> None:
    document = load(
        fixture("motor_v18.xml").replace(b'<NameCon UId="24" Name="in" />', b'<NameCon UId="99" Name="in" />')
    )
    problems = check(document)
    unknown = next(problem for problem in problems if problem.code == "unknown-part")
    assert (unknown.network, unknown.node, unknown.severity) == (1, "/Wires/29", "error")
    assert str(unknown).startswith("Motor, network 1, Wires 29: error unknown-part: The part 99 does not exist")


def test_findings_in_scl_have_a_line() -> None:
    scl = fixture("motor_v18.xml").replace(b'<Token Text=":=" ', b'<Token Text=")" ')
    problems = [problem for problem in check(load(scl)) if problem.network == 2]
    assert problems
    assert problems[0].line == 1
    assert problems[0].column is not None


def test_undeclared_names_in_scl() -> None:
    block = fb(language="SCL", networks=[{"source": {"scl": ["", "#b := 1;"]}}])
    problems = check(from_json(block))
    assert [(each.code, each.line) for each in problems] == [("undefined-symbol", 2)]


def test_damaged_scl_text() -> None:
    damaged = fixture("motor_v18.xml").replace(b'<Token Text=":=" ', b'<Unknown Text=":=" ')
    assert {"scl", "unknown-element"} <= {problem.code for problem in check(load(damaged))}


def test_a_network_without_name_space_has_no_text() -> None:
    name = b' xmlns="http://www.siemens.com/automation/Openness/SW/NetworkSource/StructuredText/v3"'
    document = load(fixture("motor_v18.xml").replace(name, b""))
    assert "scl" in {problem.code for problem in check(document)}
    assert "<StructuredText>" in to_text(document)


def test_a_language_that_is_not_in_the_network() -> None:
    data = fixture("motor_v18.xml").replace(
        b"<ProgrammingLanguage>SCL</ProgrammingLanguage>", b"<ProgrammingLanguage>STL</ProgrammingLanguage>"
    )
    assert "language" in {problem.code for problem in check(load(data))}


def test_problems_as_json() -> None:
    problem = Problem("error", "name", "Wrong.", "Motor", "/name", line=3)
    expected = {
        "severity": "error",
        "code": "name",
        "message": "Wrong.",
        "owner": "Motor",
        "pointer": "/name",
        "line": 3,
    }
    assert problem.to_json() == expected
    assert str(Problem("warning", "x", "Odd.")) == "warning x: Odd."


def resolve(data: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        data = data[int(key)] if isinstance(data, list) else data[key]
    return data


def test_pointers_lead_to_the_place() -> None:
    data = {"objects": [{"kind": "UDT", "name": "T"}, fb(member("s/t", "Struct", members=[member("b"), member("B")]))]}
    document = from_json(data)
    [problem] = check(document)
    assert resolve(to_json(document), problem.pointer)["name"] == "B"


def test_pointers_into_sections_that_say_more_than_members() -> None:
    data = fixture("motor_v18.xml").replace(b'<Section Name="Static">', b'<Section Name="Static" New="1">')
    document = load(data.replace(b'<Member Name="data"', b'<Member Name="COUNT"'))
    [problem] = [each for each in check(document) if each.code == "duplicate-member"]
    assert resolve(to_json(document), problem.pointer)["name"] == "COUNT"


def test_many_objects_cost_in_proportion() -> None:
    assert check(Document(objects=[PlcType(f"T{number}") for number in range(5_000)])) == []


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_own_files_are_fine(path: Any) -> None:
    assert check(load(path)) == []


@pytest.mark.slow
def test_what_tia_portal_writes_is_fine() -> None:
    files = corpus_files(genuine=True)
    if not files:
        pytest.skip("The collection of exports is not beside the repository.")
    for file in files:
        assert [str(problem) for problem in check(load(file)) if problem.severity == "error"] == [], file.name
