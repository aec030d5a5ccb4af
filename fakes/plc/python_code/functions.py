"""A block as the text of a Python function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from fakes.plc.python_code import (
    block_calls,
    dynamic,
    elements,
    expressions,
    graph,
    instruction_calls,
    jumps,
    operands,
    runtime,
    statements,
    stl,
)
from fakes.plc.python_code.block_code import IN_INSTANCE, BlockCode, Context, local_name
from fakes.plc.python_code.elements import default
from fakes.plc.python_code.text import Line
from fakes.plc.services import Services
from fakes.plc.shapes import is_plain
from fakes.plc.storage import class_of
from fakes.plc.views import new_view
from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types import VOID, Structure, Variable

_INDENT = "    "


@dataclass(frozen=True, slots=True)
class Function:
    """A generated function.

    Attributes:
        name: its name.
        source: its text.
        places: for each line, from 1, where the program says it.
        bind: what is to be done once the text was executed; takes the global names and the CPU.
    """

    name: str
    source: str
    places: tuple[Place | None, ...]
    bind: Callable[[dict[str, Any], Services], None] | None = None


def function_of(context: Context, block: n.Block) -> Function:
    """Return the function of a block.

    Raises:
        NotExecutable: the block has something that this tier cannot execute.
    """
    code = _begin(context, block)
    bind = None
    lines: list[Line] = []
    if block.graph is not None:
        graph.check(code)
        name = code.signature.function
        made = graph.graph_text(block, graph.Writing(lambda: _begin(context, block), _finish_part, name), name)
        lines, bind = made.lines, made.bind
        code.writer.line(f"{graph.sequencer(name)}(self, frame)")
    statements.body(code, [each for network in block.networks for each in network.body])
    code.writer.line(code.returning)
    lines = [*lines, *_finish(code)]
    source = "\n".join(_INDENT * each.depth + each.text for each in lines) + "\n"
    return Function(code.signature.function, source, tuple(each.place for each in lines), bind)


def _begin(context: Context, block: n.Block) -> BlockCode:
    """Return the code of a function of a block, with nothing written."""
    code = BlockCode(context, block)
    code.entries = jumps.entries_of(block) if code.targets else {}
    code.frame_members = _framed(code)
    for variable in code.frame_members:
        code.put_in_frame(variable)
    code.returning = _returning(code)
    return code


def _finish(code: BlockCode) -> list[Line]:
    """Return all lines of the function of a block."""
    head = Line(0, f"def {code.signature.function}({', '.join(code.signature.parameters)}):", None)
    return [head, *_prologue(code), *stl.prologue(code), *_guarded(code)]


def _finish_part(code: BlockCode, head: str) -> list[Line]:
    """Return all lines of a condition or action; its temporary variables are those of the block."""
    return [Line(0, head, None), *_registers(code), *code.writer.lines]


def _returning(code: BlockCode) -> str:
    names = [code.path(each) for each in code.signature.given]
    names += ["eno"] if code.signature.gives_eno else []
    leaving = "cpu.depth -= 1; " if code.context.counts_depth else ""
    leaving += "".join(f"copy_into({local_name(each)}, {code.path(each)}); " for each in _copied(code))
    return f"{leaving}return {', '.join(names)}".rstrip()


# Variables -----------------------------------------------------------------------------------------------------------


def _own(block: n.Block) -> list[Variable]:
    """Return the variables of the function itself: all but those in the instance."""
    outside = IN_INSTANCE if block.kind == "FB" else ()
    return [v for v in block.variables if v.section not in (*outside, "Constant") and v.type != VOID]


def _framed(code: BlockCode) -> list[Variable]:
    """Return the variables that lie at addresses, which are members of an object `frame`.

    They lie over each other (AT), or absolute addresses of L count in them.
    """
    own = _own(code.block)
    if code.block.graph is not None:
        return own
    if code.facts.local_addresses:
        code.frame_bytes = "frame._buffer"
        return own
    names = {v.overlays.casefold() for v in own if v.overlays}
    return [v for v in own if v.overlays or v.name.casefold() in names]


def _prologue(code: BlockCode) -> Iterator[Line]:
    """Yield the lines before the body."""
    yield from _counting(code)
    yield from _registers(code)
    yield from _variables(code, code.frame_members)
    yield from (Line(1, f"{name} = {text}", None) for text, name in code.hoisted.items())


def _registers(code: BlockCode) -> Iterator[Line]:
    """Yield the lines that prepare what the body works with besides variables."""
    if _mentions(code, "eno"):
        yield Line(1, "eno = True", None)
    if code.counts_turns:
        yield Line(1, f"left = {runtime.TURNS}", None)
    if code.crosses:
        yield Line(1, "go = 0", None)
    if code.entries:
        yield Line(1, "into = 0", None)
    yield from (Line(1, f"w{number} = {value}", None) for number, value in code.wires.items())


def _mentions(code: BlockCode, word: str) -> bool:
    return code.signature.gives_eno or any(word in each.text for each in code.writer.lines)


def _counting(code: BlockCode) -> Iterator[Line]:
    """Count the call itself where it leads to other calls, and how deep calls are nested where that is not certain."""
    if code.facts.calls:
        yield Line(1, "cpu.budget -= 1", None)
        yield Line(1, "if cpu.budget < 0: cpu.overrun()", None)
    if code.context.counts_depth:
        yield Line(1, "cpu.depth += 1", None)
        yield Line(1, "if cpu.depth > cpu.most_depth: cpu.nested()", None)


def _variables(code: BlockCode, framed: list[Variable]) -> Iterator[Line]:
    if framed or code.frame_bytes or code.block.graph is not None:
        structure = Structure("", "fb", tuple(_member(each, overlaid=_is_overlaid(code, each)) for each in framed))
        make = code.bind("new_view", new_view) if code.frame_bytes else code.bind("Frame", class_of(structure))
        yield Line(1, f"frame = {make}({code.bind('frame_type', structure) if code.frame_bytes else ''})", None)
    taken = {id(each) for each in code.signature.taken}
    inside = {id(each) for each in framed}
    for variable in _own(code.block):
        if id(variable) in inside and id(variable) in taken:
            yield Line(1, _into_frame(code, variable), None)
        elif id(variable) not in inside and id(variable) not in taken:
            yield Line(1, f"{local_name(variable)} = {default(code, variable.type)}", None)


def _member(variable: Variable, *, overlaid: bool) -> Variable:
    """Return a variable as a member of the frame: a parameter with parts stays what the caller handed over."""
    passed = variable.section in ("Input", "Output", "InOut") and not (variable.overlays or overlaid)
    return replace(variable, section="InOut" if passed else "Temp")


def _is_overlaid(code: BlockCode, variable: Variable) -> bool:
    return any(each.overlays.casefold() == variable.name.casefold() for each in code.block.variables)


def _copied(code: BlockCode) -> list[Variable]:
    """Return the in/outs and outputs with parts that lie under an overlay: copies, which go back at the end."""
    return [
        each
        for each in code.signature.taken
        if each in code.frame_members
        and each.section != "Input"
        and not is_plain(each.type)
        and _is_overlaid(code, each)
    ]


def _into_frame(code: BlockCode, variable: Variable) -> str:
    if is_plain(variable.type) or not _is_overlaid(code, variable):
        return f"{code.path(variable)} = {local_name(variable)}"
    return f"copy_into({code.path(variable)}, {local_name(variable)})"


def _guarded(code: BlockCode) -> Iterator[Line]:
    """Yield the body; where the block handles its faults itself, the CPU knows that while it runs."""
    if not code.handles_faults:
        yield from code.writer.lines
        return
    yield Line(1, "outer = cpu.local, cpu.error", None)
    yield Line(1, "cpu.local, cpu.error = True, None", None)
    yield Line(1, "try:", None)
    yield from (Line(each.depth + 1, each.text, each.place) for each in code.writer.lines)
    yield Line(1, "finally:", None)
    yield Line(2, "cpu.local, cpu.error = outer", None)


READERS = (
    expressions.READERS
    | operands.READERS
    | elements.READERS
    | dynamic.READERS
    | block_calls.READERS
    | instruction_calls.READERS
)
"""What turns each expression into Python."""
