"""Who uses what in a program, and that an edit is noticed."""

from __future__ import annotations

from simatic_xml import Tag
from simatic_xml.program.analysis.use_index import UseIndex
from tests.simatic_xml.program.plant import index, workspace
from tests.simatic_xml.program.program_of import objects_of


def users(found: UseIndex, name: str) -> list[tuple[str, str]]:
    return [(used.owner, used.use.access) for used in found.users(name)]


def test_both_ends() -> None:
    found = index()
    assert users(found, "start") == [("Line", "Read"), ("Line", "Read"), ("Main", "Read")]
    assert users(found, "Motor_Data")[0] == ("Motor", "Declaration")
    assert ("TON", "Call") in [(use.name, use.access) for use in found.of("MOTOR")]
    assert users(found, "Nothing") == []
    assert found.of("Nothing") == ()


def test_a_name_of_a_local_variable_is_no_use_of_a_tag() -> None:
    made = workspace()
    made.put(Tag("data", "Bool", "%M9.0"))
    assert users(UseIndex(made), "data") == []


def test_absolute_operands_by_area() -> None:
    found = index()
    assert [(used.owner, used.use.path) for used in found.absolute("M")] == [("Main", "%M10.1"), ("Main", "%MW20")]
    assert list(found.absolute("Q")) == []


def test_a_data_block_is_used_by_its_number_too() -> None:
    made = workspace()
    source = 'FUNCTION "Raw" : Void\nBEGIN\n    %DB1.DBW2 := 1;\nEND_FUNCTION'
    made.put(objects_of(source).objects["raw"])
    assert ("Raw", "Write") in users(UseIndex(made), "Store")


def test_an_edit_renews_only_what_it_changed() -> None:
    made = workspace()
    found = UseIndex(made)
    before = found.of("Motor")
    body = 'FUNCTION "Old" : Void\nBEGIN\n    "Ok" := FALSE;\nEND_FUNCTION'
    made.put(objects_of(body).objects["old"])
    found.refresh()
    assert ("Old", "Write") in users(found, "Ok")
    assert users(found, "Lost") == []
    assert found.of("Motor") is before


def test_what_is_removed_uses_nothing_any_more() -> None:
    made = workspace()
    found = UseIndex(made)
    made.remove("Old")
    found.refresh()
    assert users(found, "Forgotten") == []
    assert found.of("Old") == ()


def test_what_has_errors_is_a_use_all_the_same() -> None:
    made = workspace()
    source = 'FUNCTION "Wrong" : Void\nBEGIN\n    "Store".missing := "Start";\n    "Ok" := "Nowhere".x;\nEND_FUNCTION'
    made.put(objects_of(source).objects["wrong"])
    found = UseIndex(made)
    assert ("Wrong", "Unknown") in users(found, "Store")
    assert ("Wrong", "Unknown") in users(found, "Nowhere")
    assert ("Wrong", "Read") in users(found, "Start")
    assert ("Wrong", "Write") in users(found, "Ok")
