from __future__ import annotations

from typing import Any

import pytest

from tests.simatic_xml.program.network_of import codes, fbd, lad, typed_network

CONTACT = {"contact": "#a"}
COIL = {"coil": "#o"}


def text(*lines: str) -> str:
    return "\n".join(lines)


def box(name: str, inputs: dict[str, Any], outputs: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"box": name, "in": inputs, **({"out": outputs} if outputs else {}), **more}


# Operations ----------------------------------------------------------------------------------------------------------


def test_a_box_without_condition_always_runs() -> None:
    assert lad([box("Add", {"in1": "#n", "in2": "1"}, {"out": "#n"}, type="Int")]) == "#n := #n + 1"


def test_en_makes_it_conditional_and_operands_convert() -> None:
    assert lad([CONTACT, box("Add", {"in1": "#n", "in2": "1"}, {"out": "#d"}, type="auto")]) == text(
        "IF #a THEN",
        "  #d := DInt(#n + 1)",
    )


def test_the_widest_operand_gives_an_automatic_type() -> None:
    assert lad([box("Mul", {"in1": "#n", "in2": "#r", "in3": "2"}, {"out": "#r"}, type="auto")]) == (
        "#r := (Real(#n) * #r) * 2.0"
    )


def test_a_sum_whose_eno_is_used_reports_its_overflow() -> None:
    add = box("Add", {"in1": "#n", "in2": "1"}, {"out": "#n"}, type="Int")
    assert lad([CONTACT, add, COIL]) == text(
        "w1 := #a",
        "IF w1 THEN",
        "  #n := ADD{T=Int}(IN1 := #n, IN2 := 1, ENO => w2)",
        "ELSE",
        "  w2 := FALSE",
        "#o := w2",
    )
    assert lad([CONTACT, {**add, "disabledENO": True}, COIL]) == text(
        "w1 := #a",
        "IF w1 THEN",
        "  #n := #n + 1",
        "#o := w1",
    )


def test_the_value_of_a_skipped_box_is_zero_behind_it() -> None:
    half = {"call": "Half", "types": {"x": "Int"}, "in": {"x": "#n"}, "out": {"Ret_Val": "#d", "odd": [{"coil": "#p"}]}}
    assert lad([CONTACT, half]) == text(
        "IF #a THEN",
        '  #d := DInt("Half"(x := #n, odd => w1))',
        "ELSE",
        "  w1 := FALSE",
        "#p := w1",
    )


@pytest.mark.parametrize(
    ("step", "written"),
    [
        (box("Neg", {"in": "#n"}, {"out": "#n"}, type="Int"), "#n := -#n"),
        (box("Mod", {"in1": "#n", "in2": "7"}, {"out": "#n"}, type="Int"), "#n := #n MOD 7"),
        (box("And", {"in1": "#w", "in2": "16#FF"}, {"out": "#w"}, type="Word"), "#w := #w AND Word#255"),
        (box("Inc", {"operand": "#n"}, type="Int"), "#n := #n + 1"),
        (box("Dec", {"operand": "#u"}, type="UInt"), "#u := #u - UInt#1"),
        (
            box("Convert", {"in": "#n"}, {"out": "#r"}, types={"SrcType": "Int", "DestType": "Real"}),
            "#r := CONVERT<Real>(#n)",
        ),
        (
            box("Round", {"in": "#r"}, {"out": "#d"}, types={"SrcType": "Real", "DestType": "DInt"}),
            "#d := ROUND<DInt>(#r)",
        ),
        (
            box("Shl", {"in": "#w", "n": "2"}, {"out": "#w"}, type="Word"),
            "#w := SHL{T=Word, N=UInt}(IN := #w, N := UInt#2)",
        ),
        (box("S_Move", {"in": "'x'"}, {"out": "#st"}), "#st := 'x'"),
    ],
)
def test_operations(step: dict[str, Any], written: str) -> None:
    assert lad([step]) == written


def test_scaling_keeps_both_types() -> None:
    types = {"SrcType": "Real", "DestType": "Int"}
    step = box("Scale_X", {"min": "0", "value": "#r", "max": "100"}, {"out": "#n"}, types=types)
    assert lad([step]) == "#n := SCALE_X{S=Real, D=Int}(MIN := 0, VALUE := #r, MAX := 100)"


def test_move_gives_a_literal_the_type_of_each_target() -> None:
    assert lad([CONTACT, {"move": "0", "to": ["#n", "#d", "#r", "#w"]}]) == text(
        "IF #a THEN",
        "  #n := 0",
        "  #d := DInt#0",
        "  #r := 0.0",
        "  #w := Word#0",
    )
    assert fbd([{"move": "5", "to": "#n"}]) == "#n := 5"


def test_ranges_read_the_value_once() -> None:
    inside = box("InRange", {"min": "0", "in": "#n", "max": "100"}, type="Int")
    assert lad([inside, COIL]) == text("w1 := #n", "#o := (0 <= w1) AND (w1 <= 100)")
    outside = box("OutRange", {"min": "0", "in": "#n", "max": "100"}, type="Int")
    assert lad([CONTACT, outside, COIL]) == text("w1 := #n", "#o := #a AND NOT ((0 <= w1) AND (w1 <= 100))")


def test_comparisons_work_in_their_type() -> None:
    assert lad([CONTACT, {"compare": ["#n", ">=", "#r"], "type": "Real"}, COIL]) == "#o := #a AND (Real(#n) >= #r)"


# CALCULATE -----------------------------------------------------------------------------------------------------------


def test_a_formula_is_scl_over_the_inputs() -> None:
    step = box("Calc", {"in1": "#r", "in2": "#n", "in3": "2"}, {"out": "#s"}, type="Real", equation="(IN1 + IN2) / IN3")
    assert lad([step]) == text(
        "w1 := #r",
        "w2 := Real(#n)",
        "w4 := CALCULATE{T=Real}(OUT := (w1 + w2) / 2.0, ENO => w3)",
        "IF w3 THEN",
        "  #s := w4",
    )


def test_a_formula_that_reports() -> None:
    step = box("Calc", {"in1": "#r", "in2": "#s"}, {"out": "#s"}, type="Real", equation="SQRT(IN1) * IN2")
    assert lad([step, COIL]) == text(
        "w2 := #r",
        "w3 := #s",
        "w4 := CALCULATE{T=Real}(OUT := SQRT{T=Real}(IN := w2) * w3, ENO => w1)",
        "IF w1 THEN",
        "  #s := w4",
        "#o := w1",
    )


def test_a_formula_knows_only_its_inputs() -> None:
    step = box("Calc", {"in1": "#r", "in2": "#s"}, {"out": "#s"}, type="Real", equation="IN1 + #n")
    assert codes([step]) == ["name.undefined"]
    assert codes([{**step, "equation": " "}]) == ["network.formula_missing"]


# Calls ---------------------------------------------------------------------------------------------------------------


def test_timers_and_counters() -> None:
    assert lad([CONTACT, box("TON", {"PT": "T#5s"}, {"ET": "#e"}, instance="#timer"), COIL]) == text(
        "#timer.TON{T=Time}(IN := #a, PT := Time#5000, Q => w1, ET => #e)",
        "#o := w1",
    )
    assert lad([CONTACT, box("CTU", {"R": {"contact": "#b"}, "PV": "10"}, {"CV": "#n"}, instance="#counter")]) == (
        "#counter.CTU{T=Int}(CU := #a, R := #b, PV := 10, CV => #n)"
    )


def test_timer_coils() -> None:
    assert lad([CONTACT, box("CoilTON", {"operand": "#timer", "value": "T#2s"})]) == text(
        "w1 := #a",
        "#timer.TON{T=Time}(IN := w1, PT := Time#2000)",
    )
    assert lad([CONTACT, box("CoilTP", {"operand": "#pulse", "value": "T#1s"}), COIL]).splitlines()[-1] == "#o := w1"
    assert lad([CONTACT, box("ResetIECTimerCoil", {"operand": "#timer"})]) == text(
        "IF #a THEN",
        "  RESET_TIMER{TIMER=TON_TIME}(TIMER := #timer)",
    )


def test_a_function_block_and_what_reads_its_output() -> None:
    call = {
        "call": "Sub",
        "instance": "#sub",
        "types": {"on": "Bool", "speed": "Real"},
        "in": {"on": [{"contact": "#b"}, {"contact": "#c"}], "speed": "50"},
        "out": {"count": "#n"},
        "via": "run",
    }
    assert lad([CONTACT, call, COIL]) == text(
        "w1 := #b AND #c",
        "IF #a THEN",
        '  #sub."Sub"(on := w1, speed := 50.0, count => #n)',
        "#o := #sub.run",
    )


def test_eno_of_a_call_is_false_while_it_is_skipped() -> None:
    call = {"call": "Sub", "instance": "#sub", "types": {"on": "Bool"}, "in": {"on": "#b"}}
    assert lad([CONTACT, call, COIL]) == text(
        "w1 := #a",
        "IF w1 THEN",
        '  #sub."Sub"(on := #b, ENO => w2)',
        "ELSE",
        "  w2 := FALSE",
        "#o := w2",
    )


def test_calls_are_judged_as_in_scl() -> None:
    assert codes([{"call": "Nobody", "in": {"x": "1"}}]) == ["name.undefined"]
    assert codes([{"call": "Half", "types": {"x": "Int"}, "in": {"x": "#n"}}]) == ["call.parameter_missing"]
    wrong = {"call": "Half", "types": {"x": "Int"}, "in": {"x": "#st"}, "out": {"odd": "#o", "Ret_Val": "#n"}}
    assert codes([wrong]) == ["type.implicit"]


def test_an_instruction_outside_of_the_catalogue_stays_a_call() -> None:
    data = {"rungs": [[CONTACT, box("Frobnicate", {"X": "#n"}, {"Y": "#d"})]]}
    _, scope = typed_network(data)
    assert [(str(each.severity), each.code) for each in scope.diagnostics] == [
        ("warning", "network.instruction_unknown")
    ]


def test_an_operation_refuses_a_type_that_it_does_not_have() -> None:
    assert codes([box("Mul", {"in1": "#a", "in2": "#b"}, {"out": "#o"}, type="Bool")]) == ["type.pin"]
    assert codes([box("Add", {"in1": "#st", "in2": "#n"}, {"out": "#n"}, type="auto")]) == ["type.pin"]
