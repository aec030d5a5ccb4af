from __future__ import annotations

import csv
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from simatic_xml import Block, load
from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.lad_fbd.network import condition, network
from simatic_xml.program.listing import listing
from simatic_xml.program.scope import Scope
from simatic_xml.program.symbols import Cpu, Symbols
from tests.simatic_xml.corpus import MANIFEST, corpus_files
from tests.simatic_xml.program.network_of import codes, fbd, lad, typed_network
from tests.simatic_xml.program.program_of import Objects, program_of, typed_body


def text(*lines: str) -> str:
    return "\n".join(lines)


# Bit logic -----------------------------------------------------------------------------------------------------------


def test_series_and_parallel_become_one_expression() -> None:
    rung = [{"any": [[{"contact": "#a"}], [{"contact": "#o"}]]}, {"contact": "#b", "negated": True}, {"coil": "#o"}]
    assert lad(rung) == "#o := (#a OR #o) AND NOT #b"


def test_a_wire_that_forks_is_read_once() -> None:
    fork = [{"coil": "#o"}], [{"contact": "#b"}, {"coil": "#p", "negated": True}]
    assert lad([{"contact": "#a"}, {"branch": list(fork)}]) == text(
        "w1 := #a",
        "#o := w1",
        "#p := NOT (w1 AND #b)",
    )


def test_what_was_read_before_a_coil_keeps_its_value() -> None:
    rung = [
        {"contact": "#a"},
        {"any": [[{"contact": "#m1"}, {"branch": [[{"set": "#m2"}]]}, {"contact": "#b"}], [{"contact": "#m2"}]]},
        {"coil": "#o"},
    ]
    lines = lad(rung).splitlines()
    assert lines[-1].startswith("#o := ")
    assert lines.index("w2 := w1 AND #m1") < lines.index("  #m2 := TRUE")


def test_set_and_reset_write_only_with_power() -> None:
    assert lad([{"contact": "#a"}, {"set": "#o"}], [{"contact": "#b"}, {"reset": "#o"}]) == text(
        "IF #a THEN",
        "  #o := TRUE",
        "IF #b THEN",
        "  #o := FALSE",
    )


@pytest.mark.parametrize(
    ("step", "written"),
    [
        (
            {"contactP": "#b", "bit": "#m1"},
            ["w1 := #b", "w2 := w1 AND NOT #m1", "w3 := #a", "#m1 := w1", "#o := w3 AND w2"],
        ),
        (
            {"contactN": "#b", "bit": "#m1"},
            ["w1 := #b", "w2 := NOT w1 AND #m1", "w3 := #a", "#m1 := w1", "#o := w3 AND w2"],
        ),
        ({"box": "PBox", "in": {"bit": "#m1"}}, ["w1 := #a", "w2 := w1 AND NOT #m1", "#m1 := w1", "#o := w2"]),
        ({"box": "NBox", "in": {"bit": "#m1"}}, ["w1 := #a", "w2 := NOT w1 AND #m1", "#m1 := w1", "#o := w2"]),
    ],
)
def test_an_edge_compares_before_it_remembers(step: dict[str, Any], written: list[str]) -> None:
    assert lad([{"contact": "#a"}, step, {"coil": "#o"}]) == text(*written)


def test_edge_coils_pass_the_power_on() -> None:
    assert lad([{"contact": "#a"}, {"coilP": "#o", "bit": "#m1"}, {"coil": "#p"}]) == text(
        "w1 := #a",
        "w2 := w1 AND NOT #m1",
        "#m1 := w1",
        "#o := w2",
        "#p := w1",
    )


@pytest.mark.parametrize(("box", "pin", "first"), [("Sr", "r1", "TRUE"), ("Rs", "s1", "FALSE")])
def test_of_a_flip_flop_the_second_input_wins(box: str, pin: str, first: str) -> None:
    second = {"TRUE": "FALSE", "FALSE": "TRUE"}[first]
    step = {"box": box, "in": {pin: {"contact": "#b"}, "operand": "#m1"}}
    assert lad([{"contact": "#a"}, step, {"coil": "#o"}]) == text(
        "w1 := #a",
        "w2 := #b",
        "IF w1 THEN",
        f"  #m1 := {first}",
        "IF w2 THEN",
        f"  #m1 := {second}",
        "#o := #m1",
    )


def test_gates_of_fbd() -> None:
    series = [{"and": ["#a", {"not": "#b"}, {"or": ["#c", {"compare": ["#n", ">", "5"], "type": "Int"}]}]}]
    assert fbd([*series, {"coil": "#o"}]) == "#o := (#a AND NOT #b) AND (#c OR (#n > 5))"
    assert fbd([{"xor": ["#a", "#b"]}, {"set": "#o", "negated": ["in"]}]) == text(
        "IF NOT (#a XOR #b) THEN",
        "  #o := TRUE",
    )


def test_jumps_labels_and_returns() -> None:
    rungs = [{"contact": "#a"}, {"jump": "END"}], [{"contact": "#b"}, {"jumpNot": "END"}]
    assert lad(*rungs, labels=("END",)) == text(
        "END:",
        "IF #a THEN",
        "  GOTO END",
        "IF NOT #b THEN",
        "  GOTO END",
    )
    assert lad([{"contact": "#a"}, {"box": "Return", "in": {"operand": "#b"}}], [{"box": "ReturnFalse"}]) == text(
        "IF #a THEN",
        "  ENO := #b",
        "  RETURN",
        "ENO := FALSE",
        "RETURN",
    )


def test_timers_and_counters_of_s7_300_are_operands() -> None:
    rung = [{"contact": "#a"}, {"box": "Sd", "in": {"tv": "S5T#2s", "r": {"contact": "#b"}, "timer": '"Delay"'}}]
    assert lad([*rung, {"coil": "#o"}]) == text(
        'S_ODT{TV=S5Time}(T_NO := "Delay", S := #a, TV := S5Time#512, R := #b, Q => w1)',
        "#o := w1",
    )
    reset = [{"contact": '"Delay"'}, {"reset": '"Pieces"'}]
    assert lad(reset) == text('IF Bool("Delay") THEN', '  "Pieces" := Counter#0')


def test_a_condition_of_graph_writes_its_outcome() -> None:
    _, scope = typed_body("", "VAR_INPUT a : Bool; END_VAR")
    element = etree.fromstring(
        '<FlgNet><Parts><Access Scope="LocalVariable" UId="21"><Symbol><Component Name="a"/></Symbol></Access>'
        '<Part Name="Contact" UId="22"><Negated Name="operand"/></Part><Part Name="TrCoil" UId="23"/></Parts><Wires>'
        '<Wire UId="24"><Powerrail/><NameCon UId="22" Name="in"/></Wire>'
        '<Wire UId="25"><IdentCon UId="21"/><NameCon UId="22" Name="operand"/></Wire>'
        '<Wire UId="26"><NameCon UId="22" Name="out"/><NameCon UId="23" Name="in"/></Wire></Wires></FlgNet>'
    )
    assert listing(condition(scope, element, Place("Test", step="T1"))) == "OUTCOME := NOT #a"


# Order ---------------------------------------------------------------------------------------------------------------

_BITS = ("a", "b", "m1", "m2")
_BIT = st.sampled_from([f"#{name}" for name in _BITS])
_WRITTEN = st.sampled_from(("#m1", "#m2"))
_CONTACT = st.one_of(
    st.builds(lambda name, no: {"contact": name, "negated": no}, _BIT, st.booleans()),
    st.builds(
        lambda kind, name, bit: {kind: name, "bit": bit}, st.sampled_from(("contactP", "contactN")), _BIT, _WRITTEN
    ),
)


def _parallel(inner: st.SearchStrategy[list[dict[str, Any]]]) -> st.SearchStrategy[list[dict[str, Any]]]:
    branches = st.builds(lambda arms: {"any": arms}, st.lists(inner, min_size=2, max_size=3))
    return st.lists(st.one_of(_CONTACT, branches), min_size=1, max_size=3)


_SERIES = st.recursive(st.lists(_CONTACT, min_size=1, max_size=3), _parallel, max_leaves=8)
_COIL = st.builds(lambda kind, name: {kind: name}, st.sampled_from(("coil", "set", "reset")), _WRITTEN)
_ARMS = st.lists(st.builds(lambda series, coil: [*series, coil], _SERIES, _COIL), min_size=2, max_size=3)
_END = st.one_of(st.builds(lambda coil: [coil], _COIL), st.builds(lambda arms: [{"branch": arms}], _ARMS))
_RUNGS = st.lists(st.builds(lambda series, end: [*series, *end], _SERIES, _END), min_size=1, max_size=3)


def _power(series: list[dict[str, Any]], power: bool, memory: dict[str, bool]) -> bool:
    """What a rung does, read off its text: from left to right, from the top down."""
    for step in series:
        if "contact" in step:
            power &= memory[step["contact"][1:]] != step["negated"]
        elif "bit" in step:
            now, before = memory[next(iter(step.values()))[1:]], memory[step["bit"][1:]]
            memory[step["bit"][1:]] = now
            power &= (now and not before) if "contactP" in step else (before and not now)
        elif "any" in step:
            arms = [_power(arm, power, memory) for arm in step["any"]]
            power = True in arms
        elif "branch" in step:
            for arm in step["branch"]:
                _power(arm, power, memory)
        else:
            ((kind, name),) = step.items()
            if kind == "coil" or power:
                memory[name[1:]] = {"coil": power, "set": True, "reset": False}[kind]
    return power


def _value(expression: n.Expression, memory: dict[Any, bool]) -> bool:
    match expression:
        case n.Constant(value=bool() as value):
            return value
        case n.Local(variable):
            return memory[variable.name]
        case n.Wire(number):
            return memory[number]
        case n.Unary("NOT", operand):
            return not _value(operand, memory)
        case n.Binary("AND", left, right):
            return _value(left, memory) and _value(right, memory)
        case n.Binary("OR", left, right):
            return _value(left, memory) or _value(right, memory)
    raise AssertionError(expression)


def _execute(body: list[n.Statement], memory: dict[Any, bool]) -> None:
    for statement in body:
        match statement:
            case n.Assign(n.Local(variable), value):
                memory[variable.name] = _value(value, memory)
            case n.Assign(n.Wire(number), value):
                assert number not in memory, "a wire is written once"
                memory[number] = _value(value, memory)
            case n.If([branch], None):
                if _value(branch.condition, memory):
                    _execute(branch.body, memory)
            case _:
                raise AssertionError(statement)


@given(_RUNGS, st.tuples(*[st.booleans()] * 4))
def test_statements_do_what_the_rungs_say(rungs: list[list[dict[str, Any]]], values: tuple[bool, ...]) -> None:
    memory = dict(zip(_BITS, values, strict=True))
    body, scope = typed_network({"rungs": rungs})
    assert not scope.diagnostics
    expected, found = dict(memory), dict[Any, bool](memory)
    for rung in rungs:
        _power(rung, True, expected)
    _execute(body, found)
    assert {name: found[name] for name in _BITS} == expected


# Findings ------------------------------------------------------------------------------------------------------------


def test_a_pin_refuses_another_type() -> None:
    assert codes([{"contact": "#n"}, {"coil": "#r"}]) == ["type.pin", "type.pin"]
    _, scope = typed_network({"rungs": [[{"contact": "#a"}, {"set": "#n"}]]})
    (finding,) = scope.diagnostics
    assert (finding.code, finding.place.network) == ("type.pin", 1)
    assert finding.place.uid is not None
    assert "#n is Int" in finding.message


def test_an_open_pin_that_needs_an_operand() -> None:
    add = {"box": "Add", "type": "Int", "in": {"in1": "#n", "in2": None}, "out": {"out": "#n"}}
    assert codes([{"contact": "#a"}, add]) == ["network.operand_missing"]
    assert codes([{"box": "Move", "in": {"in": "#n"}}]) == ["network.operand_missing"]


def test_an_unknown_name_is_reported_once() -> None:
    assert codes([{"contact": "#nobody"}, {"coil": "#o"}]) == ["name.undefined"]


def test_a_loop_of_wires() -> None:
    _, scope = typed_body("", "VAR a : Bool; END_VAR")
    element = etree.fromstring(
        '<FlgNet><Parts><Part Name="Not" UId="21"/><Part Name="Not" UId="22"/></Parts><Wires>'
        '<Wire UId="23"><NameCon UId="21" Name="out"/><NameCon UId="22" Name="in"/></Wire>'
        '<Wire UId="24"><NameCon UId="22" Name="out"/><NameCon UId="21" Name="in"/></Wire></Wires></FlgNet>'
    )
    assert network(scope, element, "FBD", 1) == []
    assert [each.code for each in scope.diagnostics] == ["network.loop"]


def test_files_that_cannot_be_read() -> None:
    _, scope = typed_body("", "VAR a : Bool; END_VAR")
    network(scope, etree.fromstring('<FlgNet><Parts><Part Name="Not"/></Parts></FlgNet>'), "LAD", 1)
    strange = (
        '<FlgNet><Parts><Access Scope="Mystery" UId="21"><Riddle/></Access><Part Name="Not" UId="22"/></Parts>'
        '<Wires><Wire UId="23"><IdentCon UId="21"/><NameCon UId="22" Name="in"/></Wire></Wires></FlgNet>'
    )
    network(scope, etree.fromstring(strange), "FBD", 2)
    assert [each.code for each in scope.diagnostics] == ["network.unreadable", "network.operand_unreadable"]


# Real networks -------------------------------------------------------------------------------------------------------

_EXPECTED = (
    "name.undefined",
    "name.member_undefined",
    "type.narrowing",
    "type.precision",
    "call.parameter_unknown",
    "call.parameter_missing",
    "call.instance_other",
    "call.instance_missing",
    "call.not_available",
    "network.instruction_unknown",
)
"""What single files without the rest of their program, of an unknown CPU, may be told."""


@pytest.mark.slow
@pytest.mark.skipif(not MANIFEST.exists(), reason="the collection of exports is not there")
def test_every_network_of_the_exports_becomes_statements() -> None:
    with MANIFEST.open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))
    count, strange = 0, set()
    for path in corpus_files():
        document = load(path)
        for block in (each for each in document.objects if isinstance(each, Block)):
            source = Objects([each for each in document.objects if isinstance(each, Block)], Cpu())
            scope = Scope(block, Symbols(source)) if block.kind in ("OB", "FB", "FC") else None
            for number, each in enumerate(block.networks, 1):
                if scope is not None and each.source is not None and each.source.tag.endswith("FlgNet"):
                    network(scope, each.source, each.language, number)
                    count += 1
            found = scope.diagnostics if scope else ()
            strange |= {(path.name, str(each)) for each in found if each.code not in _EXPECTED}
    assert count > 500
    assert not strange


def test_symbols_of_the_program_are_used() -> None:
    symbols = program_of('FUNCTION "F" : Void\nBEGIN\nEND_FUNCTION', tags={"Start": "Bool %I0.0"})
    block = Block("FC", "G", None)
    scope = Scope(block, symbols)
    element = etree.fromstring(
        '<FlgNet><Parts><Access Scope="GlobalVariable" UId="21"><Symbol><Component Name="Start"/></Symbol></Access>'
        '<Part Name="RCoil" UId="22"/></Parts><Wires>'
        '<Wire UId="23"><Powerrail/><NameCon UId="22" Name="in"/></Wire>'
        '<Wire UId="24"><IdentCon UId="21"/><NameCon UId="22" Name="operand"/></Wire></Wires></FlgNet>'
    )
    assert listing(network(scope, element, "LAD", 1)) == '"Start" := FALSE'
    assert scope.uses >= {"start"}
