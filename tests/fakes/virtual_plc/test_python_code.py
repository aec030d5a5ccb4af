"""What is particular to generated Python: its text, its places, its counts, and what it refuses."""

from __future__ import annotations

import ast
import re
import time
from typing import Any

import pytest

from simatic_xml.model import Tag
from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc.agreement import TIERS, Run, agree, program, put_stl
from tests.fakes.virtual_plc.lad_programs import ladder
from virtual_plc.cpu.execution import Coverage
from virtual_plc.cpu.services import PlainServices
from virtual_plc.faults import Fault, IndexReadFault, StackFault, TimeFault
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program, ProgramError, program_of
from virtual_plc.python_tier import PythonExecutable, compile_program

BLOCK = """FUNCTION_BLOCK "Fb"
VERSION : 0.1
VAR
{static}
END_VAR
VAR_TEMP
  i : Int;
  k : DInt;
END_VAR
BEGIN
{body}
END_FUNCTION_BLOCK
DATA_BLOCK "D"
VERSION : 0.1
"Fb"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
VERSION : 0.1
BEGIN
  "D"();
END_ORGANIZATION_BLOCK
"""


def made(body: str, static: str = "  x : Int;", *tags: Tag) -> Program:
    return program(BLOCK.format(static=static, body=body), *tags)


def compiled(of: Program, *, coverage: bool = False) -> tuple[PythonExecutable, Memory, PlainServices]:
    memory, services = Memory(of), PlainServices()
    return compile_program(of, memory, services, coverage=coverage), memory, services


def lines(body: str, static: str = "  x : Int;", *tags: Tag) -> list[str]:
    """Return the lines of the function of a body, without its first and last one."""
    executable, _, _ = compiled(made(body, static, *tags))
    return [each.strip() for each in executable.source("fb").splitlines()][1:-1]


# Text ----------------------------------------------------------------------------------------------------------------


def test_a_function_reads_like_its_block() -> None:
    executable, _, _ = compiled(made("IF #x > 3 THEN #x := 0; ELSIF #x = 1 THEN #x := 5; ELSE #x := -1; END_IF;"))
    assert executable.source("FB") == (
        "def FB_Fb(self):\n    v_i = 0\n    v_k = 0\n    if self.x > 3:\n        self.x = 0\n"
        "    elif self.x == 1:\n        self.x = 5\n    else:\n        self.x = -1\n    return\n"
    )


def test_an_unknown_block_has_no_text() -> None:
    executable, _, _ = compiled(made(";"))
    with pytest.raises(KeyError):
        executable.source("Other")


@pytest.mark.parametrize(
    ("body", "checked"),
    [
        ("FOR #i := 0 TO 9 DO #list[#i] := 1; END_FOR;", False),
        ("FOR #i := 1 TO 10 DO #list[#i - 1] := 1; END_FOR;", False),
        ("FOR #i := 9 TO 0 BY -1 DO #list[#i] := 1; END_FOR;", False),
        ("FOR #i := 0 TO 10 DO #list[#i] := 1; END_FOR;", True),
        ("#list[#x MOD 10] := 1;", True),
        ("#list[ABS(#x) MOD 10] := 1;", True),
        ("#list[#u MOD 10] := 1;", False),
        ("#list[3] := 1;", False),
    ],
)
def test_an_index_that_is_certain_is_not_checked(body: str, checked: bool) -> None:
    text = " ".join(lines(body, "  x : Int; u : USInt; list : Array[0..9] of Int;"))
    assert ("not_written" in text) is checked


@pytest.mark.parametrize(
    ("body", "wrapped"),
    [
        ("FOR #i := 0 TO 9 DO #x := #i * 3 + 1; END_FOR;", False),
        ("#x := #x + 1;", True),
        ("#u := #u + 1;", True),
        ("#x := USINT_TO_INT(#u) + 1;", False),
        ("#d := #x * #x;", True),
        ("#d := #u * #u;", True),
        ("#x := #x / 2;", False),
    ],
)
def test_a_result_that_fits_for_certain_is_not_wrapped(body: str, wrapped: bool) -> None:
    text = " ".join(lines(body, "  x : Int; u : USInt; d : DInt;"))
    assert bool(re.search(r" if (-32768 <= )?\(t\d+ := |& 255", text)) is wrapped


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("#x := #x + 1;", "t1 if (t1 := self.x + 1) <= 32767 else t1 - 65536"),
        ("#x := #x - 1;", "t1 if -32768 <= (t1 := self.x - 1) else t1 + 65536"),
        ("#x := -#x;", "t1 if (t1 := -self.x) <= 32767 else t1 - 65536"),
        (
            "#x := #x + #x;",
            "t1 if -32768 <= (t1 := self.x + self.x) <= 32767 else (t1 + 32768 & 65535) - 32768",
        ),
    ],
)
def test_only_the_limit_that_a_result_may_exceed_is_tested(body: str, kept: str) -> None:
    assert lines(body)[-1] == f"self.x = {kept}"


def test_a_sum_of_sums_is_wrapped_once() -> None:
    assert sum("32768" in each for each in lines("#x := #x + #y - #z * 3;", "  x : Int; y : Int; z : Int;")) == 1


def test_the_right_side_of_and_is_left_out_only_where_it_cannot_fault() -> None:
    static = "  a : Bool; b : Bool; x : Int; list : Array[0..9] of Bool;"
    assert "self.a = self.a and self.b" in lines("#a := #a AND #b;", static)
    assert "self.a = self.b & (" in " ".join(lines("#a := #b AND #list[#x];", static))


def test_equal_calls_of_an_instruction_share_one_function() -> None:
    static = "  x : Bool; t : TON_TIME; u : TON_TIME;"
    body = "#t(IN := #x, PT := T#1s); #u(IN := #x, PT := T#1s);"
    assert [each.partition("(")[0] for each in lines(body, static) if "1000" in each] == ["TON", "TON"]


def test_a_timer_is_brought_up_to_date_once() -> None:
    static = "  x : Bool; y : Bool; t : TON_TIME;"
    text = lines("#x := #t.Q; #y := #t.Q; #t(IN := #x, PT := T#1s); #x := #t.Q;", static)
    assert sum("refresh" in each for each in text) == 1


def test_a_timer_is_brought_up_to_date_in_each_branch_that_reads_it() -> None:
    static = "  x : Bool; y : Bool; t : TON_TIME;"
    text = lines("IF #x THEN #y := #t.Q; END_IF; #x := #t.Q;", static)
    assert sum("refresh" in each for each in text) == 2


def test_a_timer_is_brought_up_to_date_in_the_first_turn_of_a_loop() -> None:
    """The condition of REPEAT is before its body in the code, and runs from the second turn on."""
    static = "  y : Bool; t : TON_TIME; u : TON_TIME;"
    text = lines("REPEAT #y := #t.Q; UNTIL #t.Q END_REPEAT;", static)
    assert sum("refresh" in each for each in text) == 2


@pytest.mark.parametrize(
    ("body", "looked_up"),
    [
        ("FOR #i := 0 TO 9 DO #list[#i].a := #list[#i].b + #list[#i].a; END_FOR;", 1),
        ("FOR #i := 0 TO 8 DO #list[#i].a := #list[#i + 1].b + #list[#i + 1].a; END_FOR;", 2),
        ("FOR #i := 0 TO 9 DO IF #b THEN #list[#i].a := 1; END_IF; #list[#i].b := 2; END_FOR;", 2),
        ("FOR #i := 0 TO 9 DO #list[#i].a := 1; END_FOR; FOR #i := 0 TO 9 DO #list[#i].a := 1; END_FOR;", 2),
        ("FOR #i := 0 TO 10 DO #list[#i].a := #list[#i].b; END_FOR;", 0),
        ("WHILE #x < 9 DO #x := #x + 1; #list[#x].a := #list[#x].b; END_WHILE;", 0),
    ],
)
def test_an_element_with_parts_is_looked_up_once_in_a_turn(body: str, looked_up: int) -> None:
    text = lines(body, "  x : Int; b : Bool; list : Array[0..9] of Struct a : Int; b : Int; END_STRUCT;")
    assert sum(bool(re.match(r"e\d+ = ", each)) for each in text) == looked_up


@pytest.mark.parametrize(
    ("rungs", "text"),
    [
        (
            [{"contact": "#a"}, {"any": [[{"contact": "#b"}], [{"contact": "#c"}]]}, {"coil": "#q1"}],
            ["self.q1 = self.a and (self.b or self.c)"],
        ),
        (
            [{"contact": "#a"}, {"any": [[{"contact": "#b"}], [{"contact": "#c"}]]}, {"set": "#q1"}],
            ["if self.a and (self.b or self.c):", "self.q1 = True"],
        ),
        (
            [{"any": [[{"contact": "#a"}], [{"contact": "#b"}]]}, {"contact": "#c"}, {"coil": "#q1"}, {"coil": "#q2"}],
            ["w1 = (self.a or self.b) and self.c", "self.q1 = w1", "self.q2 = w1"],
        ),
    ],
)
def test_a_rung_is_one_expression(rungs: list[dict[str, Any]], text: list[str]) -> None:
    executable, _, _ = compiled(ladder({"rungs": [rungs]}))
    assert [each.strip() for each in executable.source("Plant").splitlines()][1:-1] == text


@pytest.mark.parametrize(("count", "deepest"), [(3, 3), (8, 8), (9, 6), (60, 11), (1000, 15)])
def test_many_choices_are_found_by_few_comparisons(count: int, deepest: int) -> None:
    """Each half is behind one comparison, and eight choices are tested one behind the other."""
    choices = "".join(f"{number}: #x := {number + 1}; " for number in range(count))
    executable, _, _ = compiled(made(f"CASE #x OF {choices} END_CASE;"))
    (function,) = ast.parse(executable.source("fb")).body
    assert isinstance(function, ast.FunctionDef)

    def depth(statements: list[ast.stmt]) -> int:
        tests = [each for each in statements if isinstance(each, ast.If)]
        return max((1 + max(depth(each.body), depth(each.orelse)) for each in tests), default=0)

    assert depth(function.body) <= deepest


def test_without_coverage_nothing_is_counted() -> None:
    executable, _, _ = compiled(made("#x := 1;"))
    assert executable.coverage is None
    assert "+= 1" not in executable.source("fb")


# Places and faults ---------------------------------------------------------------------------------------------------


def test_a_fault_names_the_line() -> None:
    executable, _, _ = compiled(made("#x := 1;\n\n#x := #list[#x + 20];", "  x : Int; list : Array[0..9] of Int;"))
    with pytest.raises(IndexReadFault) as raised:
        executable.run("Main")
    assert raised.value.place is not None
    assert (raised.value.place.block, raised.value.place.line) == ("Fb", 13)
    assert raised.value.message == "The index 21 is outside of 0..9."


def test_the_wrong_one_of_several_indices_is_named() -> None:
    static = "  x : Int := 7; list : Array[0..9, 1..3] of Int;"
    executable, _, _ = compiled(made("#x := #list[#x, #x];", static))
    with pytest.raises(IndexReadFault, match=r"The index 7 is outside of 1\.\.3"):
        executable.run("Main")


def test_a_fault_that_is_handled_has_its_place() -> None:
    class Handling(PlainServices):
        def fault(self, fault: Fault) -> None:
            seen.append(fault)

    seen: list[Fault] = []
    of = made("#x := #list[#x + 20] + 5;\n#list[#x + 9] := 1;", "  x : Int; list : Array[0..9] of Int;")
    memory = Memory(of)
    compile_program(of, memory, Handling()).run("Main")
    assert [(each.code, each.place.line if each.place else None) for each in seen] == [
        ("index.read", 11),
        ("index.write", 12),
    ]
    assert memory.read('"D".x') == 5


@pytest.mark.parametrize(
    "body",
    [
        "WHILE TRUE DO #x := 1; END_WHILE;",
        "REPEAT #x := 1; UNTIL FALSE END_REPEAT;",
        "again: #x := 1; GOTO again;",
        "FOR #k := 0 TO 2147483000 DO #x := 1; END_FOR;",
        "FOR #i := 0 TO 900 DO FOR #k := 0 TO 900 DO #x := 1; END_FOR; END_FOR;",
    ],
)
def test_a_program_that_does_not_end_is_ended(body: str) -> None:
    executable, _, services = compiled(made(body))
    services.budget = 50_000
    with pytest.raises(TimeFault):
        executable.run("Main")


def test_a_scan_may_ask_for_more_budget() -> None:
    class Patient(PlainServices):
        refills = 0

        def overrun(self) -> None:
            Patient.refills += 1
            self.budget = 1000

    of = made("FOR #k := 1 TO 20000 DO #x := #x + 1; END_FOR;")
    memory, services = Memory(of), Patient(budget=1000)
    compile_program(of, memory, services).run("Main")
    assert memory.read('"D".x') == 20000
    assert 8 <= Patient.refills <= 25


RECURSIVE = """FUNCTION "Down" : Int
VERSION : 0.1
VAR_INPUT
  n : Int;
END_VAR
BEGIN
  IF #n > 0 THEN #Down := "Down"(#n - 1) + 1; END_IF;
END_FUNCTION
DATA_BLOCK "D"
VERSION : 0.1
VAR
  n : Int;
  found : Int;
END_VAR
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
VERSION : 0.1
BEGIN
  "D".found := "Down"("D".n);
END_ORGANIZATION_BLOCK
"""


def test_calls_nest_as_deep_as_the_cpu_allows_and_the_depth_comes_back() -> None:
    executable, memory, services = compiled(program(RECURSIVE))
    for depth, deepest in ((22, 22), (100, None), (5, 5)):
        memory.write('"D".n', depth)
        if deepest is None:
            with pytest.raises(StackFault):
                executable.run("Main")
        else:
            executable.run("Main")
            assert memory.read('"D".found') == deepest
        assert services.depth == 0


def test_depth_is_counted_only_where_it_is_not_certain() -> None:
    assert "depth" not in compiled(made(";"))[0].source("fb")
    assert "depth" in compiled(program(RECURSIVE))[0].source("down")


# Coverage ------------------------------------------------------------------------------------------------------------


def test_coverage_counts_statements_and_ways() -> None:
    body = """IF #x > 2 THEN
  #y := #y + 1;
END_IF;
FOR #i := 1 TO 3 DO
  #z := #z + 1;
END_FOR;
CASE #x OF
  1: #y := 0;
  2..3: #z := 0;
END_CASE;
#x := #x + 1;"""
    executable, _, _ = compiled(made(body, "  x : Int; y : Int; z : Int;"), coverage=True)
    for _ in range(4):
        executable.run("Main")
    found = executable.coverage
    assert isinstance(found, Coverage)
    counts = {place.line: count for place, count in found.statements.items() if place.block == "Fb"}
    assert counts == {11: 4, 12: 1, 14: 4, 15: 12, 17: 4, 18: 1, 19: 2, 21: 4}
    ways = {(place.line, taken): count for (place, taken), count in found.branches.items() if place.block == "Fb"}
    assert ways[11, True] == 1
    assert ways[11, False] == 3
    assert ways[14, True] == 12
    assert ways[17, False] == 1


def test_a_branch_that_is_never_taken_counts_zero() -> None:
    executable, _, _ = compiled(made("IF #x > 2 THEN\n  #x := 0;\nEND_IF;"), coverage=True)
    executable.run("Main")
    found = executable.coverage
    assert found is not None
    assert [count for place, count in found.statements.items() if place.line == 12] == [0]


# Calls from outside --------------------------------------------------------------------------------------------------

PARTS = """TYPE "Pair"
VERSION : 0.1
STRUCT
  first : Int;
  second : Int;
END_STRUCT;
END_TYPE
FUNCTION "Sum" : DInt
VERSION : 0.1
VAR_INPUT
  pair : "Pair";
  list : Array[*] of Int;
END_VAR
VAR_OUTPUT
  count : Int;
END_VAR
VAR_IN_OUT
  total : DInt;
  other : "Pair";
END_VAR
VAR_TEMP
  i : DInt;
END_VAR
BEGIN
  #Sum := #pair.first + #pair.second;
  FOR #i := LOWER_BOUND(ARR := #list, DIM := 1) TO UPPER_BOUND(ARR := #list, DIM := 1) DO
    #Sum := #Sum + #list[#i];
    #count := #count + 1;
  END_FOR;
  #total := #total + #Sum;
  #other.first := #pair.second;
END_FUNCTION
"""


def test_a_function_is_called_with_plain_data() -> None:
    executable, _, _ = compiled(program(PARTS))
    given = {"pair": {"first": 1, "second": 2}, "list": [10, 20, 30], "TOTAL": 5, "other": {"first": 0, "second": 9}}
    assert executable.call("sum", given) == {
        "Ret_Val": 63,
        "count": 3,
        "total": 68,
        "other": {"first": 2, "second": 9},
    }


def test_what_is_not_given_has_the_default_of_its_type() -> None:
    executable, _, _ = compiled(program(PARTS))
    assert executable.call("Sum", {})["Ret_Val"] == 0


# What cannot be executed ---------------------------------------------------------------------------------------------


def test_what_cannot_be_executed_is_refused_with_name_and_place() -> None:
    of = made("#x := 1;\n#x := LED(LADDR := 50, LED := 2);", "  x : Int; a : Bool; b : Int;")
    with pytest.raises(ProgramError) as raised:
        compiled(of)
    (problem,) = raised.value.problems
    assert problem.code == "program.not_executable"
    assert "'LED'" in problem.message
    assert (problem.place.block, problem.place.line) == ("Fb", 12)


# Overlays ------------------------------------------------------------------------------------------------------------

OVERLAYS = """FUNCTION "Swap" : Word
{ S7_Optimized_Access := 'FALSE' }
VERSION : 0.1
VAR_INPUT
  given : Word;
END_VAR
VAR_IN_OUT
  list : Array[0..3] of Byte;
  halves AT list : Array[0..1] of Word;
END_VAR
VAR_TEMP
  turned : Word;
  bytes AT turned : Array[0..1] of Byte;
END_VAR
BEGIN
  #turned := #given;
  #bytes[0] := #given.%B0;
  #bytes[1] := #given.%B1;
  #halves[0] := 16#0102;
  #halves[1] := 16#0304;
  #list[3] := 16#FF;
  #Swap := #turned;
END_FUNCTION
"""


def test_variables_over_each_other_share_their_bytes_and_go_back_to_the_caller() -> None:
    given = {"given": 0x1234, "list": [9, 9, 9, 9]}
    of = program(OVERLAYS)
    found = [Run(of, tier).executable.call("Swap", given) for tier in TIERS.values()]
    assert [each["Ret_Val"] for each in found] == [0x3412] * len(found)
    assert [each["list"] for each in found] == [[1, 2, 3, 0xFF]] * len(found)


# Speed ---------------------------------------------------------------------------------------------------------------


def test_a_block_of_many_statements_compiles_in_milliseconds() -> None:
    """The goal is 5 ms for a usual block; here it is the growth that counts: ten times the text, at most twenty times."""

    def seconds(count: int) -> float:
        of = made("".join(f"#x := #x + {number % 7};\n" for number in range(count)))
        memory = Memory(of)
        best = float("inf")
        for _ in range(3):
            began = time.thread_time()
            compile_program(of, memory, PlainServices())
            best = min(best, time.thread_time() - began)
        return best

    assert seconds(2000) < 20 * max(seconds(200), 0.001)


# Names ---------------------------------------------------------------------------------------------------------------

LIKE_REGISTERS = """FUNCTION_BLOCK "Fb"
{ S7_Optimized_Access := 'FALSE' }
VERSION : 0.1
VAR
  list : Array[0..3] of Int := [10, 20, 30, 40];
  total : Int;
END_VAR
BEGIN
NETWORK
TITLE =
      L 3;
next: T #total;
      L #list[1];
      L #list[2];
      +I;
      T #list[0];
      L #total;
      LOOP next;

END_FUNCTION_BLOCK
"""
CALLER = """DATA_BLOCK "D"
VERSION : 0.1
"Fb"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
VERSION : 0.1
BEGIN
  "D"();
END_ORGANIZATION_BLOCK
"""


def test_names_of_our_own_never_meet() -> None:
    workspace = Workspace()
    put_stl(workspace, LIKE_REGISTERS)
    workspace.put_source(CALLER)
    of = program_of(workspace)
    assert agree(of, [{}]) == [""]
    _, memory, _ = found = compiled(of)
    found[0].run("Main")
    assert memory.read('"D".list') == [50, 20, 30, 40]


@pytest.mark.parametrize("name", ["self", "cpu", "class", "left", "None", "v_x", "t1", "x y", "äöü"])
def test_any_name_is_a_name(name: str) -> None:
    source = BLOCK.replace('"Fb"', f'"{name}"').replace('"D"', f'"DB {name}"')
    of = program(source.format(static=f'  "{name}" : Int;', body=f'#"{name}" := #"{name}" + 1; #i := #"{name}";'))
    memory = Memory(of)
    compile_program(of, memory, PlainServices()).run("Main")
    assert memory.read(f'"DB {name}"."{name}"') == 1


# Size ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "x"),
    [
        ("#x := " + " + ".join(["1"] + [f"#y * {number % 3}" for number in range(1500)]) + ";", 1501),
        ("IF " + " OR ".join(f"#y = {number}" for number in range(2, 1200)) + " OR #y = 1 THEN #x := 5; END_IF;", 5),
        (
            "IF #r > 2.0 THEN ; "
            + "".join(f"ELSIF #r + {n}.0 > 300.0 THEN #x := {n}; " for n in range(400))
            + "END_IF;",
            300,
        ),
        ("IF #y > 2 THEN ; " + "".join(f"ELSIF #y + {n} > 300 THEN #x := {n}; " for n in range(400)) + "END_IF;", 300),
    ],
    ids=["sum", "or", "elsif with lines", "elsif"],
)
def test_long_programs_are_executed(body: str, x: int) -> None:
    of = made(body, "  x : Int; y : Int := 1; r : Real := 1.0;")
    memory = Memory(of)
    compile_program(of, memory, PlainServices()).run("Main")
    assert memory.read('"D".x') == x


def test_what_is_nested_too_deep_is_refused() -> None:
    deep = "WHILE #x > 0 DO " * 25 + "#x := 1;" + "END_WHILE;" * 25
    with pytest.raises(ProgramError, match="nested too deep"):
        compiled(made(deep))
