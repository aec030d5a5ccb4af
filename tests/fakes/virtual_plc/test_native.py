"""Native code: what it takes and refuses, its instructions, what is handed to it from outside, faults, batches."""

from __future__ import annotations

import gc
import weakref
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simatic_xml import limits
from simatic_xml.flgnet import from_json
from simatic_xml.model import Block, Network
from simatic_xml.program import nodes as n
from simatic_xml.program import walking
from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc import agreement
from tests.fakes.virtual_plc.agreement import MILLISECOND, TIERS, Run, agree, program
from tests.fakes.virtual_plc.native_kit import VALUES, faulty, scans
from tests.oracle.tree_walker import interpret_program
from virtual_plc.cpu.cpu import Settings, State, VirtualCpu
from virtual_plc.cpu.services import PlainServices
from virtual_plc.faults import Fault, IndexWriteFault
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program, ProgramError, program_of
from virtual_plc.memory.storage import new
from virtual_plc.native_tier import CompilerError, NativeExecutable, compile_native, compiler
from virtual_plc.native_tier.compiling import library
from virtual_plc.native_tier.instructions import NATIVE

pytestmark = pytest.mark.skipif(compiler() is None, reason="there is no C compiler here")


@pytest.fixture(autouse=True)
def _tiers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "TIERS", {"reference": interpret_program, "native": compile_native})


def of_body(body: str, static: str, *, more: str = "", temp: str = "unused : Bool;") -> Program:
    """Return a program whose OB calls a function block `Fb` with the instance `D`."""
    return program(f"""{more}
FUNCTION_BLOCK "Fb" VAR {static} END_VAR VAR_TEMP {temp} END_VAR BEGIN {body} END_FUNCTION_BLOCK
DATA_BLOCK "D" "Fb" BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main" BEGIN "D"(); END_ORGANIZATION_BLOCK""")


NUMBERS = """r : Real; l : LReal; i : Int; d : DInt; w : Word; u : USInt; b : Bool; ri : Int; rd : DInt; rr : Real; rl : LReal;
 e1 : Bool; list : Array[-2..3, 1..4] of DInt; low : DInt; high : DInt;"""
CALLED = """
#r1 := SIN(#r) + COS(#r) * TAN(#r); #r2 := ASIN(#r) + ACOS(#r); #r3 := ATAN(#r) + EXP(#r); #r4 := LN(#r) ;
#r5 := SQR(#r) + SQRT(#r); #r6 := FRAC(#r); #l1 := SQRT(#l) + EXP(#l) + SQR(#l); #r7 := ABS(#r) + #r ** 3;
#ri := ROUND(#r); #rd := TRUNC(#r) + CEIL(#r) - FLOOR(#r) + DINT_TO_INT(ABS(#d)); #ri := #ri + ABS(#i);
#w1 := ROL(IN := #w, N := #u); #w2 := ROR(IN := #w, N := #u); #w3 := SHL(IN := #w, N := #u); #i1 := SHR(IN := #i, N := #u);
#i2 := LIMIT(MN := -5, IN := #i, MX := DINT_TO_INT(#d)); #i3 := MIN(IN1 := #i, IN2 := 7, IN3 := -3);
#r8 := MAX(IN1 := #r, IN2 := #rr); #r9 := LIMIT(MN := #rr, IN := #r, MX := 100.0); #i4 := SEL(G := #b, IN0 := #i, IN1 := 9);
#i5 := SCALE_X(MIN := #i, VALUE := #r, MAX := 27648); #rr := NORM_X(MIN := -10, VALUE := #i, MAX := #ri);
#rl := NORM_X(MIN := #l, VALUE := #r, MAX := 5.5); #rr := SCALE_X(MIN := #rr, VALUE := #r, MAX := 2.0);
#w4 := REAL_TO_DWORD(#r); #r10 := DWORD_TO_REAL(#w4); #t1 := DINT_TO_TIME(#d) + T#3s - #t1; #t2 := #t1 * #i / 3;
#lt := TIME_TO_LTIME(#t2); #t3 := LTIME_TO_TIME(#lt); #c := WORD_TO_BYTE(#w); #x := BYTE_TO_CHAR(#c); #u := CHAR_TO_USINT(#x);
"Bounds"(list := #list, low => #low, high => #high);
"""
CALLED_STATIC = (
    NUMBERS
    + " ".join(f"r{i} : Real;" for i in range(1, 11))
    + " ".join(f"i{i} : Int;" for i in range(1, 6))
    + " w1 : Word; w2 : Word; w3 : Word; w4 : DWord; l1 : LReal; t1 : Time; t2 : Time; t3 : Time; lt : LTime; c : Byte; x : Char;"
)
BOUNDS = """
FUNCTION "Bounds" : Void
VAR_IN_OUT list : Array[*, *] of DInt; END_VAR VAR_OUTPUT low : DInt; high : DInt; END_VAR
BEGIN
  #low := LOWER_BOUND(ARR := #list, DIM := 1) * 100 + LOWER_BOUND(ARR := #list, DIM := 2);
  #high := UPPER_BOUND(ARR := #list, DIM := 1) * 100 + UPPER_BOUND(ARR := #list, DIM := 2);
  #list[#low / 100, 4] := #list[3, 1] + 1;
  #list[3, 1] := #high;
END_FUNCTION
"""
TIMED = """
#on(IN := #b, PT := #t, Q => #q1); #off(IN := #b, PT := T#25ms); #pulse(IN := #b, PT := #t); #sum(IN := #b, R := #k, PT := T#45ms);
#long(IN := #b, PT := LT#30ms); #q2 := #off.Q XOR #pulse.Q; #e := #pulse.ET + #sum.ET; #q3 := #sum.Q; #q4 := #long.Q;
IF #k THEN RESET_TIMER(#on); END_IF;
IF #i > 3 THEN PRESET_TIMER(PT := T#70ms, TIMER := #off); END_IF;
#up(CU := #b, R := #k, PV := 2, Q => #q5); #down(CD := #b, LD := #k, PV := #i, CV => #n);
#both(CU := #b, CD := #k, R := #i > 20, LD := #i > 10, PV := 3, QD => #q6);
#rise(CLK := #b); #fall(CLK := #b, Q => #q7); #n := #n + BOOL_TO_INT(#rise.Q);
"""
TIMED_STATIC = """b : Bool; k : Bool; t : Time := T#30ms; i : Int; n : Int; e : Time; q1 : Bool; q2 : Bool; q3 : Bool; q4 : Bool;
 q5 : Bool; q6 : Bool; q7 : Bool; on : TON_TIME; off : TOF_TIME; pulse : TP_TIME; sum : TONR_TIME; long : TON_LTIME; up : CTU_INT;
 down : CTD_INT; both : CTUD_USINT; rise : R_TRIG; fall : F_TRIG;"""


@cache
def called() -> Program:
    return of_body(CALLED, CALLED_STATIC, more=BOUNDS)


@cache
def timed() -> Program:
    return of_body(TIMED, TIMED_STATIC)


def box(name: str, inputs: dict[str, str], outputs: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"box": name, "in": inputs, "out": outputs, **more}


BOXES = [
    *(box(name, {"in1": "#i", "in2": "#n"}, {"out": "#n"}, type="Int") for name in ("Add", "Sub", "Mul", "Div", "Mod")),
    *(box(name, {"in1": "#rr", "in2": "#r"}, {"out": "#rr"}, type="Real") for name in ("Add", "Sub", "Mul", "Div")),
    box("Mul", {"in1": "#big", "in2": "#big", "in3": "#d"}, {"out": "#big"}, type="LInt"),
    box("Neg", {"in": "#i"}, {"out": "#n"}, type="Int"),
    box("Abs", {"in": "#d"}, {"out": "#d"}, type="DInt"),
    box("Inc", {"operand": "#n"}, {}, type="Int"),
    box("Dec", {"operand": "#u"}, {}, type="USInt"),
    box("Calc", {"in1": "#i", "in2": "#n"}, {"out": "#n"}, type="Int", equation="(IN1 + IN2) / IN2 * IN1"),
    box("Convert", {"in": "#d"}, {"out": "#n"}, types={"SrcType": "DInt", "DestType": "Int"}),
    box("Round", {"in": "#r"}, {"out": "#d"}, types={"SrcType": "Real", "DestType": "DInt"}),
    box("Trunc", {"in": "#r"}, {"out": "#d"}, types={"SrcType": "Real", "DestType": "DInt"}),
    box("Ceil", {"in": "#r"}, {"out": "#d"}, types={"SrcType": "Real", "DestType": "DInt"}),
    box("Floor", {"in": "#r"}, {"out": "#d"}, types={"SrcType": "Real", "DestType": "DInt"}),
    box("Inv", {"in": "#w"}, {"out": "#w"}, type="Word"),
    box("Sqrt", {"in": "#r"}, {"out": "#rr"}, type="Real"),
]
CONTACT, COIL = {"contact": "#go"}, {"coil": "#ok"}


def of_networks(networks: list[tuple[str, dict[str, Any]]], static: str) -> Program:
    """Return a program whose OB calls a function block `Fb` of LAD and FBD networks with the instance `D`."""
    workspace = Workspace()
    assert (
        workspace.put_source(f"""
FUNCTION_BLOCK "Fb" VAR {static} END_VAR BEGIN END_FUNCTION_BLOCK
DATA_BLOCK "D" "Fb" BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main" BEGIN "D"(); END_ORGANIZATION_BLOCK""")
        == []
    )
    block = workspace.find("Fb")
    assert isinstance(block, Block)
    block.language = "LAD"
    block.networks = [Network(language, source=from_json(data)) for language, data in networks]
    workspace.put(block)
    return program_of(workspace)


@cache
def ladder() -> Program:
    """Return a program of LAD: each box under a condition, with its ENO at a coil."""
    rungs = [[CONTACT, each, {"coil": f"#k{number}"}] for number, each in enumerate(BOXES)]
    static = "go : Bool; i : Int; n : Int; d : DInt; u : USInt; r : Real; rr : Real; w : Word; big : LInt;"
    static += " ".join(f"k{number} : Bool;" for number in range(len(BOXES)))
    return of_networks([("LAD", {"rungs": [each]}) for each in rungs], static)


@cache
def rungs() -> Program:
    """Return a program of LAD and FBD: edges, flip-flops, branches, gates, a timer, jumps forward and back, a return."""
    lad: list[list[Any]] = [
        [CONTACT, {"contactP": "#b", "bit": "#m1"}, {"coil": "#q1"}],
        [CONTACT, {"contactN": "#b", "bit": "#m2"}, {"set": "#q2"}],
        [{"contact": "#k"}, {"box": "PBox", "in": {"bit": "#m3"}}, {"coil": "#q3"}],
        [CONTACT, {"coilP": "#q4", "bit": "#m4"}, {"coil": "#q5"}],
        [CONTACT, {"box": "Sr", "in": {"r1": {"contact": "#b"}, "operand": "#m5"}}, {"coil": "#q6"}],
        [CONTACT, {"box": "Rs", "in": {"s1": {"contact": "#k"}, "operand": "#m6"}}, {"coil": "#q7"}],
        [CONTACT, {"branch": [[{"contact": "#b"}, {"coil": "#q8"}], [{"contact": "#k"}, {"reset": "#q2"}]]}],
        [CONTACT, {"box": "TON", "in": {"PT": "#t"}, "out": {"ET": "#e"}, "instance": "#timer"}, {"coil": "#q9"}],
    ]
    networks = [("LAD", {"rungs": [each]}) for each in lad]
    networks += [
        (
            "FBD",
            {
                "fbd": [
                    [{"and": ["#b", {"or": ["#k", {"compare": ["#i", ">", "5"], "type": "Int"}]}]}, {"coil": "#q10"}]
                ]
            },
        ),
        ("LAD", {"rungs": [[CONTACT, {"jump": "END"}]]}),
        ("LAD", {"rungs": [[box("Inc", {"operand": "#n"}, {}, type="Int")]], "labels": ["AGAIN"]}),
        ("LAD", {"rungs": [[{"compare": ["#n", "<", "#i"], "type": "Int"}, {"jump": "AGAIN"}]]}),
        ("LAD", {"rungs": [[{"contact": "#k"}, {"box": "Return", "in": {"operand": "#b"}}]], "labels": ["END"]}),
        ("LAD", {"rungs": [[box("Sub", {"in1": "#n", "in2": "7"}, {"out": "#n"}, type="Int")]]}),
    ]
    static = "go : Bool; b : Bool; k : Bool; i : Int; n : Int; t : Time; e : Time; timer : TON_TIME;"
    static += " ".join(f"q{number} : Bool;" for number in range(1, 11))
    return of_networks(networks, static + " ".join(f"m{number} : Bool;" for number in range(1, 7)))


@settings(max_examples=25)
@given(scans("r", "rr", "l", "i", "d", "w", "u", "b"))
def test_instructions_agree(values: list[dict[str, Any]]) -> None:
    assert set(agree(called(), values)) == {""}


@settings(max_examples=25)
@given(scans("b", "k", "t", "i"))
def test_timers_and_counters_agree(values: list[dict[str, Any]]) -> None:
    assert set(agree(timed(), values)) == {""}


@settings(max_examples=25)
@given(scans("go", "i", "n", "d", "u", "r", "rr", "w", "big"))
def test_boxes_of_ladder_logic_agree(values: list[dict[str, Any]]) -> None:
    assert set(agree(ladder(), values)) == {""}


@settings(max_examples=25)
@given(
    st.lists(
        st.fixed_dictionaries(
            {f'"D".{name}': VALUES[name] for name in ("go", "b", "k", "t")} | {'"D".i': st.integers(-5, 40)}
        ),
        min_size=4,
        max_size=12,
    )
)
def test_ladder_and_function_block_diagrams_agree(values: list[dict[str, Any]]) -> None:
    assert set(agree(rungs(), values)) == {""}


def test_every_instruction_that_native_code_has_is_compared() -> None:
    found = {
        each.name
        for made in (called(), timed(), ladder())
        for block in made.blocks.values()
        for statement in walking.block_statements(block)
        for operand in walking.operands(statement)
        for each in walking.expressions(operand)
        if isinstance(each, n.InstructionCall)
    }
    assert found == NATIVE


def refused(made: Program) -> list[tuple[str, str]]:
    """Return block and message of everything that is refused."""
    with pytest.raises(ProgramError) as error:
        compile_native(made, Memory(made), PlainServices())
    assert {each.code for each in error.value.problems} == {"program.not_native"}
    return [(each.place.block, each.message) for each in error.value.problems]


@pytest.mark.parametrize(
    ("body", "static", "what"),
    [
        ("#s := CONCAT(IN1 := #s, IN2 := 'x');", "s : String[8];", "CONCAT"),
        ("#s := #t;", "s : String[8]; t : String[8];", "'t' of the type String[8]"),
        ("#t := #t + #d;", "d : Time; t : Time_Of_Day;", "Time_Of_Day"),
        ("#f := #d + #t;", "d : DTL; f : DTL; t : Time;", "DTL"),
        ("#b := #s > #t;", "b : Bool; t : S5Time; s : S5Time;", "S5Time"),
        ("#x := RUNTIME(#m);", "x : LReal; m : LReal;", "RUNTIME"),
        ("#i := #w.%X3; #i := #i AND #v[1];", "w : Word; i : Bool; x : Word; v AT x : Array[0..15] of Bool;", "'v'"),
        (
            "#p := #q;",
            "p : STRUCT a : Int; s : String[4]; END_STRUCT; q : STRUCT a : Int; s : String[4]; END_STRUCT;",
            "copy",
        ),
    ],
)
def test_what_native_code_does_not_have_is_refused_with_its_place(body: str, static: str, what: str) -> None:
    found = refused(of_body(body, static))
    assert [block for block, _ in found] == ["Fb"]
    assert what.casefold() in found[0][1].casefold() and "tier 'python'" in found[0][1]


def test_each_block_is_named_that_is_refused() -> None:
    source = "".join(
        f"FUNCTION \"{name}\" : Int VAR_TEMP s : String[3]; END_VAR BEGIN #s := 'a'; #{name} := 1; END_FUNCTION "
        for name in "AB"
    )
    stl = 'FUNCTION "C" : Void\nBEGIN\nNETWORK\nSET ;\nEND_FUNCTION\n'
    made = program(source, statements=stl)
    assert [block for block, _ in refused(made)] == ["A", "B", "C"]
    assert "STL" in refused(made)[2][1]


def test_data_that_no_block_uses_stay_in_python() -> None:
    made = of_body("#i := #i + 1;", "i : Int; s : String[8] := 'kept'; d : DTL; list : Array[0..2] of String[4];")
    run = Run(made, compile_native)
    run.scan()
    run.scan()
    assert run.memory.read('"D".i') == 2 and run.memory.read('"D".s') == "kept"


def test_temporary_data_that_the_stack_might_not_hold_are_refused() -> None:
    with limits.override(temporary_bytes=1 << 20):
        made = of_body("#t[1] := 1;", "i : Int;", temp="t : Array[0..99999] of DInt;")
    found = refused(made)
    assert "400000 bytes" in found[0][1]


def test_a_system_without_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("CC", raising=False)
    compiler.cache_clear()
    try:
        assert compiler() is None
        with pytest.raises(CompilerError, match="tier 'python'"):
            Run(of_body("#only_here := 815;", "only_here : Int;"), compile_native)
    finally:
        monkeypatch.undo()
        compiler.cache_clear()


def test_a_compiler_that_fails_says_why() -> None:
    with pytest.raises(CompilerError, match="nonsense"):
        library("nonsense")


BLOCKS = """
TYPE "Motor" STRUCT speed : Int := 3; load : Array[0..3] of Real; END_STRUCT; END_TYPE
FUNCTION "Turn" : Real
VAR_INPUT step : Int; given : "Motor"; END_VAR VAR_OUTPUT twice : Int; END_VAR VAR_IN_OUT motor : "Motor"; count : DInt; END_VAR
BEGIN
  #motor.speed := #motor.speed + #step; #motor.load[1] := INT_TO_REAL(#given.speed); #count := #count + 1;
  #twice := 2 * #motor.speed; #Turn := #motor.load[1] / 2.0;
END_FUNCTION
FUNCTION_BLOCK "Drive"
VAR_INPUT step : Int := 4; END_VAR VAR_OUTPUT speed : Int; END_VAR VAR_IN_OUT motor : "Motor"; END_VAR VAR total : DInt; END_VAR
BEGIN
  #motor.speed := #motor.speed + #step; #speed := #motor.speed; #total := #total + #speed;
END_FUNCTION_BLOCK
FUNCTION "Pair" : "Motor"
VAR_INPUT a : Int; END_VAR
BEGIN
  #Pair.speed := #Pair.speed + #a;
END_FUNCTION
FUNCTION "Sum" : DInt
VAR_IN_OUT list : Array[*] of Int; END_VAR
BEGIN #Sum := #list[LOWER_BOUND(ARR := #list, DIM := 1)]; END_FUNCTION
DATA_BLOCK "Motors" VAR all : Array[1..3] of "Motor"; one : "Motor"; result : "Motor"; list : Array[5..7] of Int; s : DInt; END_VAR
BEGIN END_DATA_BLOCK
DATA_BLOCK "Drives" VAR first : "Drive"; second : "Drive"; END_VAR BEGIN END_DATA_BLOCK
DATA_BLOCK "Single" "Drive" BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
VAR_TEMP i : Int; r : Real; own : "Motor"; n : DInt; END_VAR
BEGIN
  #i := "Motors".one.speed MOD 3 + 1;
  "Drives".first(step := 1, motor := "Motors".all[#i]);
  "Drives".second(motor := "Motors".one);
  "Single"(step := "Drives".first.motor.speed, motor := "Motors".all[2]);
  "Motors".list[5] := #i;
  #r := "Turn"(step := 5, given := "Motors".all[1], twice => "Motors".list[6], motor := #own, count := #n);
  "Motors".result := "Pair"(#own.speed);
  "Motors".s := "Sum"("Motors".list) + #n;
END_ORGANIZATION_BLOCK
"""


def test_data_with_parts_are_handed_over_as_themselves() -> None:
    assert agree(program(BLOCKS), [{}] * 8) == [""] * 8


def test_an_in_out_refers_to_the_data_of_the_caller_afterwards() -> None:
    run = Run(program(BLOCKS), compile_native)
    run.scan()
    data = run.memory.data_blocks
    assert data["drives"].second.motor is data["motors"].one
    assert data["single"].motor is data["motors"].all[1]


def both(call: Any) -> list[Any]:
    """Return what a function gives for the program on both tiers."""
    return [call(Run(program(BLOCKS), tier)) for tier in (interpret_program, compile_native)]


def results(run: Run, *given: Any) -> dict[str, Any]:
    """Return what a block gives, its ENO aside, which native code does not tell."""
    return {name: value for name, value in run.executable.call(*given).items() if name != "ENO"}


def test_a_function_is_called_from_outside() -> None:
    def call(run: Run) -> Any:
        motor = new(run.memory.program.data_blocks["motors"].type.by_name["one"].type)
        given = {"step": 2, "given": {"speed": 9}, "motor": motor, "count": 5}
        return results(run, "Turn", given), motor.speed, results(run, "Pair", {"a": 1})

    expected, found = both(call)
    assert found == expected
    assert found[1] == 5 and found[0]["Ret_Val"] == 4.5


def test_a_function_block_is_called_from_outside() -> None:
    def call(run: Run) -> Any:
        instance = new(run.memory.program.instances["drive"])
        motors = run.memory.data_blocks["motors"]
        first = results(run, "Drive", {"motor": {"speed": 1}}, instance)
        again = results(run, "Drive", {"step": 10}, instance)
        block = results(run, "Drive", {"step": 7, "motor": motors.one}, run.memory.data_blocks["single"])
        return first, again, block, instance._plain(), run.memory.snapshot()

    expected, found = both(call)
    assert found == expected
    assert found[1]["speed"] == 15


def test_a_function_with_an_open_array_is_for_the_program_only() -> None:
    with pytest.raises(ValueError, match="open length"):
        Run(program(BLOCKS), compile_native).executable.call("Sum", {"list": [1]})


def test_an_in_out_that_refers_to_nothing_is_a_fault() -> None:
    run = Run(program(BLOCKS), compile_native)
    instance = new(run.memory.program.instances["drive"])
    instance.motor = None
    with pytest.raises(Fault, match="refers to nothing"):
        run.executable._execute(run.memory.program.blocks["drive"], lambda: bytes_of(run, instance))


def bytes_of(run: Run, instance: Any) -> Any:
    """Return an instance in native memory whose in/outs point to nothing."""
    from virtual_plc.native_tier.lending import Lent

    executable = run.executable
    return Lent(executable._text, run.memory, executable._data).instance(
        instance, run.memory.program.instances["drive"]
    )


@pytest.mark.parametrize("handled", [False, True])
def test_faults_find_their_ob_and_the_program_goes_on_behind_them(handled: bool) -> None:
    found = []
    for tier in ("reference", "native"):
        cpu = VirtualCpu(faulty(handled=handled), tier=TIERS.get(tier, tier))
        cpu.power_on()
        cpu.run()
        for index in (0, 3, 9):
            if cpu.state is State.RUN:
                cpu.write('"G".i', index)
                cpu.run_cycles(1)
        found.append((cpu.state, cpu.memory.snapshot()))
    assert found[0] == found[1]
    assert found[1][0] is (State.RUN if handled else State.STOP)
    assert found[1][1]["data_blocks"]["g"]["faults"] == (3 if handled else 0)


def test_memory_is_as_the_fault_left_it() -> None:
    run = Run(faulty(handled=False), compile_native)
    run.memory.write('"G".i', 8)
    with pytest.raises(IndexWriteFault) as error:
        run.executable.run("Main")
    assert error.value.place is not None and error.value.place.line == 5
    assert run.memory.read('"G".scans') == 1 and run.services.depth == 0


def test_a_program_that_never_ends_stops_the_cpu() -> None:
    cpu = VirtualCpu(faulty(handled=False), tier="native", settings=Settings(patience=60))
    cpu.power_on()
    cpu.run()
    cpu.write('"G".endless', True)
    cpu.run_cycles(1)
    assert cpu.state is State.STOP and cpu.read('"G".turns') > 1000


def test_a_missing_instance_is_a_new_one() -> None:
    made = program("""
FUNCTION_BLOCK "Part" VAR_OUTPUT o : Int; END_VAR VAR n : Int := 3; END_VAR BEGIN #n := #n + 1; #o := #n; END_FUNCTION_BLOCK
DATA_BLOCK "G" VAR parts : Array[0..2] of "Part"; i : Int; o : Int; after : Int; END_VAR BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main" BEGIN "G".parts["G".i](o => "G".o); "G".after := "G".after + 1; END_ORGANIZATION_BLOCK
ORGANIZATION_BLOCK "Error" BEGIN END_ORGANIZATION_BLOCK""")
    handler = made.blocks["error"]
    handler.number, handler.secondary_type = 121, "ProgrammingError"
    cpu = VirtualCpu(made, tier="native")
    cpu.power_on()
    cpu.run()
    outputs = []
    for index in (2, 3, 2):
        cpu.write('"G".i', index)
        cpu.run_cycles(1)
        outputs.append(cpu.read('"G".o'))
    assert outputs == [4, 4, 5] and cpu.read('"G".after') == 3
    assert [cpu.read(f'"G".parts[{index}].n') for index in range(3)] == [3, 3, 5]


def test_a_batch_does_what_single_scans_do() -> None:
    once, many = (Run(timed(), compile_native) for _ in "ab")
    for run in (once, many):
        run.memory.write('"D".b', True)
    for _ in range(20):
        once.scan()
    assert isinstance(many.executable, NativeExecutable)
    many.executable.run_scans("Main", 20, period=10 * MILLISECOND)
    assert many.memory.snapshot() == once.memory.snapshot()
    assert many.services.now == 19 * 10 * MILLISECOND


def test_each_scan_of_a_batch_may_use_what_the_first_may() -> None:
    run = Run(of_body("FOR #i := 1 TO 50 DO #n := #n + 1; END_FOR;", "n : DInt;", temp="i : Int;"), compile_native)
    run.services.budget = 60
    run.executable.run_scans("Main", 100)
    assert run.memory.read('"D".n') == 5000


def test_cpus_with_the_same_program_share_a_library_and_no_data() -> None:
    made = of_body("#i := #i + 1;", "i : Int;")
    runs = [Run(made, compile_native) for _ in range(3)]
    assert len({id(run.executable._library) for run in runs}) == 1
    runs[0].scan()
    runs[0].scan()
    runs[1].scan()
    assert [run.memory.read('"D".i') for run in runs] == [2, 1, 0]


def test_a_program_that_is_not_used_any_more_is_forgotten() -> None:
    run = Run(of_body("#i := #i + 1;", "i : Int;"), compile_native)
    run.scan()
    gone = weakref.ref(run.executable)
    del run
    gc.collect()
    assert gone() is None


def test_native_code_counts_no_coverage() -> None:
    assert Run(of_body("#i := #i + 1;", "i : Int;"), compile_native).executable.coverage is None
