"""Every use of a name is found, with its place."""

import pytest

from simatic_xml import Reference, from_json, load, references
from tests.simatic_xml.corpus import fixture


@pytest.fixture(params=["motor_v16.xml", "motor_v21.xml"])
def motor(request: pytest.FixtureRequest) -> list[Reference]:
    return references(load(fixture(request.param)))


def test_uses_in_a_lad_network(motor: list[Reference]) -> None:
    found = [(each.kind, each.path, each.uid, each.scope) for each in motor if each.network == 1]
    assert found == [
        ("local", "#start", 21, ""),
        ("global", '"Plant".valves["FIRST"]."on line"', 22, ""),
        ("constant", '"FIRST"', None, "global"),
        ("call", '"Counter"', None, ""),
        ("instance", "#count", 26, "local"),
    ]
    plant = next(each for each in motor if each.name == "Plant")
    assert plant.names == ("Plant", "valves", "on line")
    assert next(each for each in motor if each.kind == "call").detail == "FB"


def test_lines_of_scl(motor: list[Reference]) -> None:
    assert [(each.path, each.line) for each in motor if each.network == 2] == [("#speed", 1), ('"Setpoint"', 3)]


def test_types_of_members(motor: list[Reference]) -> None:
    types = [(each.name, each.detail, each.network) for each in motor if each.kind == "type"]
    assert types == [("Counter", "Static.count", None), ("Limit", "Static.data.limits", None)]


def test_types_and_bounds_of_a_data_type() -> None:
    found = [(each.kind, each.path, each.scope, each.owner) for each in references(load(fixture("limit_v17.xml")))]
    assert found == [
        ("type", '"Other"', "", "Limit"),
        ("constant", "#n", "local", "Limit"),
        ("constant", '"LAST"', "global", "Limit"),
        ("type", '"Third"', "", "Limit"),
    ]


def test_types_of_tags_and_instances() -> None:
    assert [each.path for each in references(load(fixture("tags_v19.xml")))] == ['"Limit"']
    instance = from_json({"kind": "InstanceDB", "name": "Motor_DB", "instanceOf": "Motor"})
    assert [(each.kind, each.name, each.detail) for each in references(instance)] == [("type", "Motor", "FB")]


@pytest.mark.parametrize(
    ("xml", "path"),
    [
        ('<Address Area="Memory" Type="Bool" BitOffset="11"/>', "%M1.3"),
        ('<Address Area="Input" Type="Word" BitOffset="80"/>', "%IW10"),
        ('<Address Area="DB" Type="Bool" BitOffset="9" BlockNumber="5"/>', "%DB5.DBX1.1"),
        ('<Address Area="Timer" Type="Timer" BitOffset="3"/>', "%T3"),
    ],
)
def test_addresses(xml: str, path: str) -> None:
    tree = ["FlgNet", ["Parts", ["Access", {"Scope": "Address", "UId": "21"}, ["?xml", xml]]]]
    document = from_json({"kind": "FC", "name": "F", "networks": [{"source": {"tree": tree}}]})
    assert [(each.kind, each.path) for each in references(document)] == [("address", path)]


@pytest.mark.parametrize(
    ("component", "path"),
    [
        ({"Name": "word", "SliceAccessModifier": "x3"}, "#word.%X3"),
        ({"Name": "odd name"}, '#"odd name"'),
        ({"Name": "ref", "AccessModifier": "Reference"}, "#ref^"),
        ({"Name": "in", "SimpleAccessModifier": "Periphery"}, "#in:P"),
    ],
)
def test_spelling_of_operands(component: dict[str, str], path: str) -> None:
    tree = ["FlgNet", ["Access", {"Scope": "LocalVariable"}, ["Symbol", ["Component", component]]]]
    document = from_json({"kind": "FC", "name": "F", "networks": [{"source": {"tree": tree}}]})
    assert [each.path for each in references(document)] == [path]


def test_lines_of_comments_and_statements() -> None:
    def access(name: str) -> list[object]:
        return ["Access", {"Scope": "LocalVariable"}, ["Symbol", ["Component", {"Name": name}]]]

    comment = ["LineComment", ["Text", "two\nlines"]]
    scl = ["StructuredText", access("a"), comment, ["NewLine"], access("b")]
    stl = ["StatementList", ["StlStatement", access("c")], ["StlStatement"], ["StlStatement", access("d")]]
    networks = [{"language": language, "source": {"tree": tree}} for language, tree in (("SCL", scl), ("STL", stl))]
    document = from_json({"kind": "FC", "name": "F", "networks": networks})
    assert [(each.path, each.line) for each in references(document)] == [("#a", 1), ("#b", 3), ("#c", 1), ("#d", 3)]
