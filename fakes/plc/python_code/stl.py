"""STL as Python lines: accumulators, address registers and the status word are local variables.

Only what a block asks for is kept: OR where there is an `O` without operand, CC, OV and OS where something reads them. FC
is mostly known while the lines are written. Facts and marks: docs/conformance-plc/stl.md.
"""

from __future__ import annotations

from collections.abc import Callable

from fakes.plc.python_code.block_code import BlockCode
from fakes.plc.python_code.text import Line
from simatic_xml.program import nodes as n

Operation = Callable[[BlockCode, n.StlOperation], None]


def prologue(code: BlockCode) -> list[Line]:
    """Return the lines that prepare the registers; none for a block without STL."""
    if not code.facts.operations:
        return []
    start = [
        "rlo = sta = either = fc = ov = stored = False",
        "a1 = a2 = a3 = a4 = ar1 = ar2 = cc = 0",
        "db = di = None",
        "brackets, masters, mastered = [], [True], False",
    ]
    return [Line(1, text, None) for text in start]


# The status word -----------------------------------------------------------------------------------------------------


def begin(code: BlockCode, *, state: str = "True") -> None:
    """End a chain of logic: the next operation begins another."""
    set_first(code, False)
    if code.status.either:
        code.writer.line("either = False")
    if code.status.state:
        code.writer.line(f"sta = {state}")


def conclude(code: BlockCode, *, state: str = "rlo") -> None:
    """A chain of logic has begun, with RLO as its result."""
    set_first(code, True)
    if code.status.either:
        code.writer.line("either = False")
    if code.status.state:
        code.writer.line(f"sta = {state}")


def set_first(code: BlockCode, first: bool) -> None:
    """Set FC."""
    if code.targets or code.status.state:
        code.writer.line(f"fc = {first}")
    code.status.first = first


def judge(code: BlockCode, call: str) -> None:
    """Write ACCU 1, CC and OV from a call that returns them, as far as they are needed."""
    needed = code.status
    if not (needed.conditions or needed.overflow or needed.stored):
        code.writer.line(f"a1 = {call}[0]")
        return
    code.writer.line(f"a1, cc, ov = {call}")
    keep_overflow(code)


def keep_overflow(code: BlockCode) -> None:
    """Let OS keep an overflow."""
    if code.status.stored:
        code.writer.line("stored = stored or ov")


STATUS_WORD = "fc | rlo << 1 | sta << 2 | either << 3 | stored << 4 | ov << 5 | cc << 6 | eno << 8"
_CONDITIONS = {"==0": "cc == 0", "<>0": "cc in (1, 2)", ">0": "cc == 2", "<0": "cc == 1", ">=0": "cc in (0, 2)",
               "<=0": "cc in (0, 1)", "UO": "cc == 3", "OV": "ov", "OS": "stored", "BR": "eno"}  # fmt: skip


def condition(name: str) -> str:
    """Return the text of a bit of the status word."""
    return _CONDITIONS[name]


def set_status_word(code: BlockCode) -> None:
    """Write the status word from ACCU 1."""
    code.status.first = None
    for number, name in enumerate(("fc", "rlo", "sta", "either", "stored", "ov")):
        code.writer.line(f"{name} = a1 & {1 << number} != 0")
    code.writer.line("cc, eno = a1 >> 6 & 3, a1 & 256 != 0")
