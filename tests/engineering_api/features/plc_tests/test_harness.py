"""The harness of single blocks: what it calls, how variables are named, and which blocks it refuses."""

from __future__ import annotations

import pytest

from engineering_api.features.plc_tests.benches.harness import harness, is_harness
from openness_bridge.errors import Problem
from simatic_xml.model import Block, Member, Section
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.workspace import Workspace
from tests.engineering_api.features.plc_tests.programs import ANY, MAIN, MOTOR, SCALE, STATE


def workspace(*more: str) -> Workspace:
    made = Workspace()
    for text in (STATE, MOTOR, SCALE, ANY, MAIN, *more):
        assert made.put_source(text, text) == []
    return made


def test_a_harness_compiles_beside_the_program() -> None:
    program = workspace()
    made = harness(program, ["Motor", "scale", "motor"])
    assert program.put_source(made.source, "harness") == []
    assert [each for each in program.check() if each.severity is Severity.ERROR] == []
    assert {name: each.number for name, each in made.tested.items()} == {"motor": 1, "scale": 2}


def test_variables_of_a_block_are_tags() -> None:
    tested = harness(workspace(), ["Motor", "Scale"]).tested
    assert tested["motor"].names == {
        "start": "PlcTest_Motor.start",
        "speed": "PlcTest_Motor.speed",
        "run": "PlcTest_Motor.run",
        "state": "PlcTests.Motor.state",
        "total": "PlcTests.Motor.total",
        "delay": "PlcTest_Motor.delay",
        "starts": "PlcTest_Motor.starts",
    }
    assert tested["scale"].names == {
        "raw": "PlcTests.Scale.raw",
        "high": "PlcTests.Scale.high",
        "calls": "PlcTests.Scale.calls",
        "ret_val": "PlcTests.Scale.Ret_Val",
    }


@pytest.mark.parametrize(
    ("block", "code", "part"),
    [
        ("Nothing", "plc_test.block", "There is: Anything, Motor, Scale"),
        ("Main", "plc_test.block", "no FB or FC 'Main'"),
        ("Anything", "plc_test.parameter", "#what"),
    ],
)
def test_what_cannot_be_tested_alone(block: str, code: str, part: str) -> None:
    with pytest.raises(Problem) as caught:
        harness(workspace(), [block])
    assert caught.value.code == code and part in caught.value.message


@pytest.mark.parametrize("kind", ["Array[*] of Int", "Struct a : Int; END_STRUCT", "Variant"])
def test_in_out_parameters_without_a_type_of_their_own_are_refused(kind: str) -> None:
    text = f'FUNCTION "Open" : Void\nVAR_IN_OUT\n x : {kind};\nEND_VAR\nBEGIN\n ;\nEND_FUNCTION\n'
    with pytest.raises(Problem, match="cannot be tested alone"):
        harness(workspace(text), ["Open"])


def test_blocks_of_the_harness_are_told_apart() -> None:
    assert [is_harness(each) for each in ("PlcTests", "PlcTest_Motor", "PlcTests_Main", "Motor", "PlcTestsOther")] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ('F"()', Member("x", "Int")),
        ("F\n", Member("x", "Int")),
        ("F", Member('x" : Int; "y', "Int")),
        ("F", Member("x", "Int; END_STRUCT; END_VAR BEGIN")),
        ("F", Member("x", "Int", start_value="0; y : Int")),
        ("F", Member("x", "Int", start_value="0 (* ")),
        ("F", Member("x", "Int", start_value="0 // ")),
        ("F", Member("x", "String", start_value="'a';'b'")),
    ],
)
def test_a_block_that_no_source_can_hold_is_refused(name: str, member: Member) -> None:
    """Such a block comes from a file that was changed by hand; it becomes no other SCL."""
    sections = [Section("Input", [member]), *map(Section, ("Output", "InOut", "Temp", "Constant", "Return"))]
    program = Workspace()
    program.put(Block("FC", name, auto_number=True, language="SCL", interface=sections))
    with pytest.raises(Problem, match="cannot be written in a source"):
        harness(program, [name])
