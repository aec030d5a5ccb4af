"""Call structure, dependencies, unused objects: on a small program, and on generated ones against a plain walk."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from simatic_xml.program.analysis.call_structure import (
    Call,
    call_structure,
    dependency_order,
    dependency_structure,
    find_unused,
)
from simatic_xml.program.analysis.use_index import UseIndex
from simatic_xml.program.workspace import Workspace
from tests.simatic_xml.program.plant import index
from tests.simatic_xml.program.program_of import objects_of


def lines(calls: list[Call], depth: int = 0) -> Iterator[str]:
    for call in calls:
        marks = "".join(mark for mark, on in (("R", call.recursive), ("*", call.repeated)) if on)
        yield " ".join(filter(None, (">" * depth, call.name, call.instance, f"x{call.count}", marks)))
        yield from lines(call.calls, depth + 1)


def test_calls_below_each_block_that_nothing_calls() -> None:
    assert list(lines(call_structure(index()))) == [
        "Main x1",
        '> Line "Line_DB" x1',
        ">> Motor #first x1",
        ">>> Scale x1",
        ">> Motor #second x2 *",
        '> Motor "Motor_DB" x1 *',
        "Old x1",
        "> Older x1",
        ">> Old x1 R",
    ]


def test_kinds_and_numbers() -> None:
    (main, *_) = call_structure(index())
    assert (main.kind, main.number, main.calls[0].kind, main.calls[0].number) == ("OB", 1, "FB", 1)


def test_unused_is_what_no_organization_block_reaches() -> None:
    assert {item.name for item in find_unused(index())} == {"Never", "Old", "Older", "Forgotten", "Lost", "NOBODY"}


def test_a_tag_that_is_only_used_by_its_address_is_used() -> None:
    names = {item.name for item in find_unused(index())}
    assert "Half" not in names
    assert "Lost" in names


def test_dependencies_name_their_users() -> None:
    by_name = {each.name: each for each in dependency_structure(index())}
    assert dict(by_name["Scale"].users) == {"Motor": 1}
    assert dict(by_name["Motor"].users) == {"Line": 5, "Line_DB": 2, "Motor_DB": 1, "Main": 1}
    assert by_name["Main"].users == ()


def test_order_puts_what_is_used_first_and_reports_circles() -> None:
    order = dependency_order(index())
    for user, used in [("Motor", "Motor_Data"), ("Line", "Motor"), ("Main", "Line_DB"), ("Store", "Motor_Data")]:
        assert order.names.index(used) < order.names.index(user)
    assert [set(circle) for circle in order.circles] == [{"Old", "Older"}]


Graph = dict[int, set[int]]
GRAPHS = st.dictionaries(st.integers(0, 7), st.sets(st.integers(0, 7), max_size=3), min_size=1, max_size=8)


def program(graph: Graph) -> UseIndex:
    names = sorted(graph.keys() | {each for called in graph.values() for each in called})
    blocks = []
    for name in names:
        calls = "".join(f'    "B{each}"();\n' for each in sorted(graph.get(name, ())))
        blocks.append(f'FUNCTION "B{name}" : Void\nBEGIN\n{calls}END_FUNCTION\n')
    first = f'ORGANIZATION_BLOCK "Main"\nBEGIN\n    "B{names[0]}"();\nEND_ORGANIZATION_BLOCK\n'
    made = Workspace()
    for item in objects_of("".join([*blocks, first])).objects.values():
        made.put(item)
    return UseIndex(made)


def reached(graph: Graph, start: int) -> set[int]:
    found, pending = {start}, [start]
    while pending:
        fresh = graph.get(pending.pop(), set()) - found
        found |= fresh
        pending += fresh
    return found


@settings(max_examples=25)
@given(GRAPHS)
def test_generated_programs(graph: Graph) -> None:
    made = program(graph)
    names = graph.keys() | {each for called in graph.values() for each in called}
    expected = {f"B{each}" for each in names - reached(graph, min(names))}
    assert {item.name for item in find_unused(made)} == expected
    shown = [call for call in _all(call_structure(made)) if not call.recursive and not call.repeated]
    assert sorted(call.name for call in shown) == sorted(["Main", *(f"B{each}" for each in names)])
    for call in shown:
        if call.name != "Main":
            assert {each.name for each in call.calls} == {f"B{each}" for each in graph.get(int(call.name[1:]), ())}
    circular = {each for circle in dependency_order(made).circles for each in circle}
    assert circular == {f"B{each}" for each in names if any(each in reached(graph, n) for n in graph.get(each, ()))}


def _all(calls: list[Call]) -> Iterator[Call]:
    for call in calls:
        yield call
        yield from _all(call.calls)
