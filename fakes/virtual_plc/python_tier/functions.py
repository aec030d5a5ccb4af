"""Pass 5: the whole function of a block, with the lines before its body."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from simatic_xml.program.diagnostics import Place
from virtual_plc.code.naming import Name
from virtual_plc.code.packed_lines import pack
from virtual_plc.code.python_text import Line, Writer, source_of, statement
from virtual_plc.cpu.services import Services
from virtual_plc.python_tier import runtime
from virtual_plc.python_tier.block_code import BlockCode
from virtual_plc.python_tier.body import Body


@dataclass(frozen=True, slots=True)
class Function:
    """A generated function.

    Attributes:
        name: its name.
        lines: its lines.
        bind: what is to be done once the text was executed; takes the global names and the CPU.
    """

    name: Name
    lines: Sequence[Line]
    bind: Callable[[dict[str, Any], Services], None] | None = None

    @property
    def source(self) -> str:
        """Its text."""
        return source_of(self.lines)

    def place_of(self, line: int) -> Place | None:
        """Return the place in the program of a line of the text, counted from 1."""
        return self.lines[line - 1].place

    def __reduce__(self) -> tuple[Any, ...]:
        """Write it with lines that are read when one of them is asked for, which is rare."""
        return Function, (self.name, pack(self.lines), self.bind)


def function_of(body: Body) -> Function:
    """Return the function of a block, behind the other functions that it has (GRAPH)."""
    code = body.code
    lines: list[Line] = []
    for first, part in code.draft.parts:
        lines += [Line(0, first), *_registers(part), *part.writer.lines]
    lines.append(Line(0, statement("def {}({}):", code.signature.function, code.layout.parameters)))
    lines += [*_counting(code), *_registers(code), *body.start, *_guard_body(code)]
    return Function(code.signature.function, lines, body.bind)


def _counting(code: BlockCode) -> list[Line]:
    """Count the call itself where it leads to other calls, and how deep calls are nested where that is not certain."""
    writer = Writer()
    if code.facts.calls:
        writer.line("cpu.budget -= 1")
        writer.line("if cpu.budget < 0: cpu.overrun()")
    if code.context.counts_depth:
        writer.line("cpu.depth += 1")
        writer.line("if cpu.depth > cpu.most_depth: cpu.raise_stack_fault()")
    return writer.lines


def _registers(code: BlockCode) -> list[Line]:
    """Return the lines that prepare what the body works with besides variables."""
    writer = Writer()
    if code.signature.gives_eno or code.writer.mentions("eno"):
        writer.line("eno = True")
    if code.counts_turns:
        writer.line("left = {}", runtime.TURNS)
    if code.crosses:
        writer.line("go = 0")
    if code.facts.entries:
        writer.line("into = 0")
    for number, value in code.wires.items():
        writer.line("{} = {}", Name("w", number), value)
    return writer.lines


def _guard_body(code: BlockCode) -> list[Line]:
    """Return the body; where the block handles its faults itself, the CPU knows that while it runs."""
    if not code.facts.handles_faults:
        return code.writer.lines
    before, after = Writer(), Writer()
    before.line("outer = cpu.local, cpu.error")
    before.line("cpu.local, cpu.error = True, None")
    before.line("try:")
    after.line("finally:")
    with after.deeper():
        after.line("cpu.local, cpu.error = outer")
    body = [replace(each, depth=each.depth + 1) for each in code.writer.lines]
    return [*before.lines, *body, *after.lines]
