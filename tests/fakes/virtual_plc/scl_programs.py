"""Random SCL programs without errors: expressions of all types, control statements, arrays, calls, timers, counters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

SIGNED, UNSIGNED = ("SInt", "Int", "DInt", "LInt"), ("USInt", "UInt", "UDInt", "ULInt")
INTEGERS = SIGNED + UNSIGNED
BITS = ("Byte", "Word", "DWord", "LWord")
REALS = ("Real", "LReal")
TIMES = ("Time", "LTime")
TEXTS = ("String[8]", "Char")
PLAIN = ("Bool", *INTEGERS, *BITS, *REALS, *TIMES, *TEXTS)
_WIDTH = {name: 8 << at % 4 for at, name in enumerate((*SIGNED, *UNSIGNED, *BITS))}

SECTIONS = "".join(f"  {name.partition('[')[0].lower()}{number} : {name};\n" for name in PLAIN for number in (1, 2))

HEAD = """
TYPE "Pair"
VERSION : 0.1
STRUCT
  first : Int;
  second : Real;
  list : Array[0..2] of DInt;
END_STRUCT;
END_TYPE
FUNCTION "Mix" : DInt
VERSION : 0.1
VAR_INPUT
  a : DInt;
  r : Real;
END_VAR
VAR_OUTPUT
  twice : Int;
END_VAR
VAR_IN_OUT
  sum : Int;
  pair : "Pair";
  all : Array[*] of Int;
END_VAR
VAR_TEMP
  i : DInt;
END_VAR
BEGIN
  #Mix := #a * 3;
  #twice := DINT_TO_INT(#a) * 2;
  IF #r > 0.0 THEN
    #sum += 1;
    #pair.second := #pair.second + #r;
  ELSE
    #pair.first := #sum;
    RETURN;
  END_IF;
  FOR #i := LOWER_BOUND(ARR := #all, DIM := 1) TO UPPER_BOUND(ARR := #all, DIM := 1) DO
    #all[#i] := #all[#i] + #pair.first;
  END_FOR;
END_FUNCTION
FUNCTION_BLOCK "Count"
VERSION : 0.1
VAR_INPUT
  go : Bool;
  step : Int := 2;
END_VAR
VAR_OUTPUT
  total : Int;
END_VAR
VAR_IN_OUT
  seen : DInt;
END_VAR
VAR
  edge {InstructionName := 'R_TRIG'; LibVersion := '1.0'} : R_TRIG;
END_VAR
BEGIN
  #edge(CLK := #go);
  IF #edge.Q THEN
    #total := #total + #step;
    #seen := #seen + 1;
  END_IF;
  ENO := #total < 100;
END_FUNCTION_BLOCK
"""


@dataclass
class Writer:
    """Writes random text.

    Attributes:
        draw: makes the choices.
        loops: how many loops and labels there are so far; each has a variable of its own.
        handles: whether the block asks for its faults; the arguments of its calls then exist, since generated code does
            not keep their faults (docs/conformance-plc/execution.md).
        cases: how many CASE are around, in whose branches a label would be a constant.
    """

    draw: Callable[[st.SearchStrategy[Any]], Any]
    loops: int = 0
    handles: bool = False
    cases: int = 0

    def pick(self, *choices: Any) -> Any:
        """Return one of some things."""
        return self.draw(st.sampled_from(choices))

    def number(self, low: int, high: int) -> int:
        """Return a whole number."""
        return int(self.draw(st.integers(low, high)))

    # Expressions -----------------------------------------------------------------------------------------------------

    def value(self, name: str, depth: int) -> str:
        """Return an expression of a type."""
        if depth <= 0 or self.number(0, 4) == 0:
            return self.leaf(name)
        if name == "Bool":
            return self.truth(depth)
        if name in INTEGERS:
            return self.whole(name, depth)
        if name in BITS:
            return self.pattern(name, depth)
        if name in REALS:
            return self.real(name, depth)
        if name in TIMES:
            return self.time(name, depth)
        return self.text(name)

    def variable(self, name: str) -> str:
        """Return a variable of a type."""
        found = f"#{name.partition('[')[0].lower()}{self.number(1, 2)}"
        if name == "Int" and self.number(0, 2) == 0:
            element = f"#ints[{self.number(0, 9)}]"
            return str(self.pick("#ints[#dint1]", element, "#pair.first", "#count.total", '"Data".level'))
        if name == "DInt" and self.number(0, 3) == 0:
            return str(self.pick("#pair.list[#int1]", f"#table[{self.number(0, 2)},#int2]", "#up.CV"))
        if name == "Real" and self.number(0, 3) == 0:
            return str(self.pick("#pair.second", '"Data".pairs[1].second'))
        if name == "Bool" and self.number(0, 3) == 0:
            return str(self.pick(f"#dword1.%X{self.number(0, 31)}", "#delay.Q", "#up.QU", '"Data".flags[#usint1]'))
        if name == "Byte" and self.number(0, 3) == 0:
            return f"#lword{self.number(1, 2)}.%B{self.number(0, 7)}"
        return found

    def leaf(self, name: str) -> str:
        """Return a variable or literal of a type."""
        return self.variable(name) if self.number(0, 2) else self.literal(name)

    def literal(self, name: str) -> str:
        """Return a literal of a type."""
        if name == "Bool":
            return str(self.pick("TRUE", "FALSE"))
        if name in _WIDTH:
            bits = _WIDTH[name]
            low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if name in SIGNED else (0, (1 << bits) - 1)
            value = self.pick(low, high, 0, 1, 2, 3, 7) if self.number(0, 1) else self.number(low, high)
            return f"{name.upper()}#{value}"
        if name in REALS:
            return f"{name.upper()}#{self.pick('0.0', '1.0', '-0.5', '3.25', '1.0E10', '-7.0E-3', '100.0', '1.0E38')}"
        if name in TIMES:
            return f"{'T' if name == 'Time' else 'LT'}#{self.pick('0ms', '1s', '250ms', '1h2m3s', '20d')}"
        return f"'{self.draw(st.text('abcXYZ 019', min_size=1, max_size=1 if name == 'Char' else 6))}'"

    def truth(self, depth: int) -> str:
        """Return a Bool."""
        form = self.number(0, 4)
        if form == 0:
            return f"NOT ({self.value('Bool', depth - 1)})"
        if form == 1:
            name = self.pick(*INTEGERS, *BITS, *REALS, *TIMES, *TEXTS)
            relation = self.pick("=", "<>", "<", "<=", ">", ">=")
            return f"({self.value(name, depth - 1)} {relation} {self.value(name, depth - 1)})"
        operator = self.pick("AND", "OR", "XOR", "&")
        return f"({self.value('Bool', depth - 1)} {operator} {self.value('Bool', depth - 1)})"

    def whole(self, name: str, depth: int) -> str:
        """Return a whole number."""
        form = self.number(0, 7)
        other = self.pick(*INTEGERS, *REALS, *BITS) if form == 0 else name
        if form == 0 and other != name:
            return f"{other.upper()}_TO_{name.upper()}({self.value(other, depth - 1)})"
        if form == 1:
            return f"{self.pick('ABS', '-') if name in SIGNED else 'ABS'}({self.value(name, depth - 1)})"
        if form == 2:
            a, b, c = (self.value(name, depth - 1) for _ in "abc")
            return str(
                self.pick(
                    f"LIMIT(MN := {a}, IN := {b}, MX := {c})",
                    f"MAX(IN1 := {a}, IN2 := {b})",
                    f"SEL(G := {self.value('Bool', depth - 1)}, IN0 := {a}, IN1 := {b})",
                )
            )
        if form == 3 and name in ("Int", "DInt"):
            return f"{self.pick('ROUND', 'TRUNC', 'CEIL', 'FLOOR')}_{name.upper()}({self.value('Real', depth - 1)})"
        operator = self.pick("+", "-", "*", "/", "MOD")
        return f"({self.value(name, depth - 1)} {operator} {self.value(name, depth - 1)})"

    def pattern(self, name: str, depth: int) -> str:
        """Return a bit string."""
        form = self.number(0, 5)
        other = self.pick(*INTEGERS, *BITS)
        if form == 0 and other != name:
            return f"{other.upper()}_TO_{name.upper()}({self.value(other, depth - 1)})"
        if form == 1:
            return f"NOT ({self.value(name, depth - 1)})"
        if form == 2:
            return f"{self.pick('SHL', 'SHR', 'ROL', 'ROR')}(IN := {self.value(name, depth - 1)}, N := #usint1)"
        operator = self.pick("AND", "OR", "XOR")
        return f"({self.value(name, depth - 1)} {operator} {self.value(name, depth - 1)})"

    def real(self, name: str, depth: int) -> str:
        """Return a floating-point number."""
        form = self.number(0, 7)
        other = self.pick(*INTEGERS, *REALS)
        if form == 0 and other != name:
            return f"{other.upper()}_TO_{name.upper()}({self.value(other, depth - 1)})"
        if form == 1:
            return f"{self.pick('SQRT', 'SIN', 'ABS', 'SQR', 'FRAC', '-')}({self.value(name, depth - 1)})"
        if form == 2:
            return f"({self.value(name, depth - 1)} {self.pick('+', '*', '/')} {self.value('Int', depth - 1)})"
        operator = self.pick("+", "-", "*", "/", "+", "-", "**")
        return f"({self.value(name, depth - 1)} {operator} {self.value(name, depth - 1)})"

    def time(self, name: str, depth: int) -> str:
        """Return a duration."""
        if self.number(0, 3) == 0:
            return f"({self.value(name, depth - 1)} {self.pick('*', '/')} {self.literal('Int')})"
        return f"({self.value(name, depth - 1)} {self.pick('+', '-')} {self.value(name, depth - 1)})"

    def text(self, name: str) -> str:
        """Return a string or character."""
        if name == "Char":
            return str(self.pick("#string1[2]", self.leaf(name)))
        inner = self.leaf("String[8]")
        return str(
            self.pick(
                f"CONCAT(IN1 := {inner}, IN2 := {self.leaf('String[8]')})",
                f"LEFT(IN := {inner}, L := 3)",
                f"MID(IN := {inner}, L := 2, P := 2)",
                inner,
            )
        )

    # Statements ------------------------------------------------------------------------------------------------------

    def body(self, depth: int, count: int = 4) -> str:
        """Return some statements."""
        return "".join(self.statement(depth) for _ in range(self.number(1, count)))

    def statement(self, depth: int) -> str:
        """Return a statement."""
        choices: list[Callable[[int], str]] = [self.assignment, self.assignment, self.assignment, self.call]
        if depth > 0:
            choices += [self.condition, self.choice, self.counted, self.repeated, self.jump]
        return str(self.pick(*choices)(depth))

    def assignment(self, _: int) -> str:
        """Return an assignment."""
        name = self.pick(*PLAIN)
        target = self.variable(name)
        if self.number(0, 9) == 0:
            return str(
                self.pick(
                    '#pair := "Data".pairs[0];\n',
                    '"Data".pairs[1] := #pair;\n',
                    "#ints := #more;\n",
                    f"#int1 += {self.value('Int', 1)};\n",
                    "ENO := #bool1;\n",
                )
            )
        return f"{target} := {self.value(name, 3)};\n"

    def call(self, _: int) -> str:
        """Return a call of a block or an instruction with memory."""
        a, b, d = ("#bool1", "#int2", "#dint1") if self.handles else (self.value(n, 1) for n in ("Bool", "Int", "DInt"))
        element, pair = ("#ints[3]", "#pair") if self.handles else ("#ints[#int1]", '"Data".pairs[#int2]')
        return str(
            self.pick(
                f'#dint2 := "Mix"(a := {d}, r := #real1, twice => #int2, sum := #int1, pair := #pair, all := #ints);\n',
                f'"Mix"(a := 1, r := -1.0, twice => #ints[1], sum := {element}, pair := {pair}, all := #more);\n',
                f"#count(go := {a}, step := {b}, total => #int2, seen := #dint1, ENO => #bool2);\n",
                f"#delay(IN := {a}, PT := {self.pick('T#20ms', '#time1')}, Q => #bool1, ET => #time2);\n",
                f"#pulse(IN := {a}, PT := T#15ms);\n#bool2 := #pulse.Q;\n",
                f"#off(IN := {a}, PT := T#15ms);\n",
                f"#up(CU := {a}, R := #bool2, PV := 3);\n",
                f"#edge(CLK := {a}, Q => #bool1);\n",
            )
        )

    def condition(self, depth: int) -> str:
        """Return an IF."""
        middle = f"ELSIF {self.value('Bool', 1)} THEN\n{self.body(depth - 1, 2)}" if self.number(0, 1) else ""
        end = f"ELSE\n{self.body(depth - 1, 2)}" if self.number(0, 1) else ""
        return f"IF {self.value('Bool', 2)} THEN\n{self.body(depth - 1, 2)}{middle}{end}END_IF;\n"

    def choice(self, depth: int) -> str:
        """Return a CASE."""
        self.cases += 1
        first, second, last = (self.body(depth - 1, count) for count in (2, 1, 2))
        self.cases -= 1
        return f"CASE {self.value('Int', 2)} OF\n  0, 3: {first}  5..40, -9..-1: {second}ELSE\n{last}END_CASE;\n"

    def counted(self, depth: int) -> str:
        """Return a FOR with a variable of its own."""
        self.loops += 1
        name = f"#i{self.loops}"
        inner = self.body(depth - 1, 2)
        use = self.pick(f"#ints[{name}] := #ints[{name}] + #int1;\n", f"#dint1 += {name};\n", "")
        leave = (
            f"IF {self.value('Bool', 1)} THEN {self.pick('EXIT', 'CONTINUE')}; END_IF;\n" if self.number(0, 1) else ""
        )
        bounds = self.pick(
            "0 TO 9", "9 TO 0 BY -3", f"#int2 MOD 5 TO {self.literal('Int')} MOD 12", "3 TO 1", "1 TO 10"
        )
        return f"FOR {name} := {bounds} DO\n{use}{leave}{inner}END_FOR;\n"

    def repeated(self, depth: int) -> str:
        """Return a WHILE or REPEAT that ends."""
        self.loops += 1
        turn = f"#i{self.loops}"
        guard = f"{turn} := {turn} + 1;\nIF {turn} > {self.number(1, 5)} THEN EXIT; END_IF;\n"
        inner = guard + self.body(depth - 1, 2)
        condition = self.value("Bool", 1)
        if self.number(0, 1):
            return f"WHILE {condition} DO\n{inner}END_WHILE;\n{turn} := 0;\n"
        return f"REPEAT\n{inner}UNTIL {condition} END_REPEAT;\n{turn} := 0;\n"

    def jump(self, depth: int) -> str:
        """Return a jump forward or a RETURN under a condition, or nothing."""
        condition = f"IF {self.value('Bool', 1)} AND #bool1 THEN"
        if not self.cases and self.number(0, 2) == 0:
            self.loops += 1
            label = f"l{self.loops}"
            return f"{condition} GOTO {label}; END_IF;\n{self.body(depth - 1, 2)}{label}: ;\n"
        return f"{condition} RETURN; END_IF;\n" if self.number(0, 2) == 0 else ";\n"


def source(body: str, loops: int = 0, *, optimized: bool = True) -> str:
    """Return a program whose function block has all the variables, one for each of its loops, and a body."""
    access = f"{{ S7_Optimized_Access := '{'TRUE' if optimized else 'FALSE'}' }}"
    temporary = "".join(f"  i{number} : Int;\n" for number in range(1, loops + 2))
    return f"""{HEAD}
DATA_BLOCK "Data"
{access}
VERSION : 0.1
VAR
  level : Int := 5;
  flags : Array[0..7] of Bool;
  pairs : Array[0..2] of "Pair";
END_VAR
BEGIN
END_DATA_BLOCK
FUNCTION_BLOCK "Under_Test"
{access}
VERSION : 0.1
VAR
{SECTIONS}  ints : Array[0..9] of Int := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  more : Array[0..9] of Int;
  table : Array[0..2, 0..3] of DInt;
  pair : "Pair";
  count : "Count";
  delay {{InstructionName := 'TON_TIME'; LibVersion := '1.0'}} : TON_TIME;
  pulse {{InstructionName := 'TP_TIME'; LibVersion := '1.0'}} : TP_TIME;
  off {{InstructionName := 'TOF_TIME'; LibVersion := '1.0'}} : TOF_TIME;
  up {{InstructionName := 'CTU_DINT'; LibVersion := '1.0'}} : CTU_DINT;
  edge {{InstructionName := 'F_TRIG'; LibVersion := '1.0'}} : F_TRIG;
END_VAR
VAR_TEMP
{temporary}END_VAR
BEGIN
{body}END_FUNCTION_BLOCK
DATA_BLOCK "Inst"
{access}
VERSION : 0.1
"Under_Test"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
VERSION : 0.1
VAR_TEMP
  good : Bool;
END_VAR
BEGIN
  "Inst"(ENO => #good);
  "Data".flags[7] := #good;
END_ORGANIZATION_BLOCK
"""


@st.composite
def sources(draw: Callable[[st.SearchStrategy[Any]], Any]) -> str:
    """Return random programs."""
    writer = Writer(draw, handles=draw(st.booleans()))
    body = writer.body(2, 6) + ("#word2 := GET_ERR_ID();\n" if writer.handles else "")
    return source(body, writer.loops, optimized=draw(st.booleans()))


INPUTS: dict[str, st.SearchStrategy[Any]] = {
    '"Inst".bool1': st.booleans(),
    '"Inst".bool2': st.booleans(),
    '"Inst".int1': st.integers(-3, 12) | st.integers(-32768, 32767),
    '"Inst".int2': st.integers(0, 3) | st.integers(-32768, 32767),
    '"Inst".dint1': st.integers(0, 9) | st.integers(-(1 << 31), (1 << 31) - 1),
    '"Inst".usint1': st.integers(0, 40) | st.integers(0, 255),
    '"Inst".lint1': st.integers(-(1 << 63), (1 << 63) - 1),
    '"Inst".word1': st.integers(0, 0xFFFF),
    '"Inst".lword1': st.integers(0, (1 << 64) - 1),
    '"Inst".real1': st.floats(width=32, allow_nan=False, allow_infinity=False) | st.just(0.0),
    '"Inst".lreal1': st.floats(allow_nan=False, allow_infinity=False),
    '"Inst".time1': st.integers(-20, 50),
    '"Inst".string1': st.text("abcdefgh 123", max_size=8),
}
"""What a test writes before a scan."""

SCANS = st.lists(st.fixed_dictionaries({}, optional=INPUTS), min_size=1, max_size=4)
