"""STL as Python lines: accumulators, address registers and the status word are local variables.

Only what a block reads is kept: OR where there is an `O` without operand, CC, OV and OS where something reads them.
FC is mostly known while the lines are written. Facts and marks: docs/conformance-plc/stl.md.
"""

from __future__ import annotations

from collections.abc import Callable

from simatic_xml.program import nodes as n
from virtual_plc.code.naming import Name
from virtual_plc.code.python_text import Line, Text, expression, literal, statement
from virtual_plc.python_tier.block_code import BlockCode

Operation = Callable[[BlockCode, n.StlOperation], None]

REGISTERS = {"AR1": expression("ar1"), "AR2": expression("ar2")}
"""The address registers."""
RLO = expression("rlo")
_TRUE = literal(True)
_START = [
    statement("rlo = sta = either = fc = ov = stored = False"),
    statement("a1 = a2 = a3 = a4 = ar1 = ar2 = cc = 0"),
    statement("db = di = None"),
    statement("brackets, masters, mastered = [], [True], False"),
]


def prologue(code: BlockCode) -> list[Line]:
    """Return the lines that prepare the registers; none for a block without STL."""
    if not code.facts.operations:
        return []
    return [Line(1, each) for each in _START]


# The status word -----------------------------------------------------------------------------------------------------


def begin(code: BlockCode, *, state: Text = _TRUE) -> None:
    """End a chain of logic: the next operation begins another."""
    set_first(code, False)
    if code.status.either:
        code.writer.line("either = False")
    if code.status.state:
        code.writer.line("sta = {}", state)


def conclude(code: BlockCode, *, state: Text = RLO) -> None:
    """Begin a chain of logic, with RLO as its result."""
    set_first(code, True)
    if code.status.either:
        code.writer.line("either = False")
    if code.status.state:
        code.writer.line("sta = {}", state)


def set_first(code: BlockCode, first: bool) -> None:
    """Set FC."""
    if code.facts.targets or code.status.state:
        code.writer.line("fc = {}", first)
    code.status.first = first


def judge(code: BlockCode, call: Text) -> None:
    """Write ACCU 1, CC and OV from a call that returns them, as far as they are needed."""
    needed = code.status
    if not (needed.conditions or needed.overflow or needed.stored):
        code.writer.line("a1 = {}[0]", call)
        return
    code.writer.line("a1, cc, ov = {}", call)
    keep_overflow(code)


def keep_overflow(code: BlockCode) -> None:
    """Let OS keep an overflow."""
    if code.status.stored:
        code.writer.line("stored = stored or ov")


STATUS_WORD = expression("fc | rlo << 1 | sta << 2 | either << 3 | stored << 4 | ov << 5 | cc << 6 | eno << 8")
_CONDITIONS = {
    "==0": expression("cc == 0"),
    "<>0": expression("cc in (1, 2)"),
    ">0": expression("cc == 2"),
    "<0": expression("cc == 1"),
    ">=0": expression("cc in (0, 2)"),
    "<=0": expression("cc in (0, 1)"),
    "UO": expression("cc == 3"),
    "OV": expression("ov"),
    "OS": expression("stored"),
    "BR": expression("eno"),
}
_BITS = [Name(each) for each in ("fc", "rlo", "sta", "either", "stored", "ov")]


def condition(name: str) -> Text:
    """Return a bit of the status word."""
    return _CONDITIONS[name]


def set_status_word(code: BlockCode) -> None:
    """Write the status word from ACCU 1."""
    code.status.first = None
    for number, name in enumerate(_BITS):
        code.writer.line("{} = a1 & {} != 0", name, 1 << number)
    code.writer.line("cc, eno = a1 >> 6 & 3, a1 & 256 != 0")
