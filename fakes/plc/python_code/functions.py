"""A block as the text of a Python function."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fakes.plc.python_code import (
    block_calls,
    dynamic,
    elements,
    expressions,
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
from fakes.plc.shapes import is_plain
from fakes.plc.storage import class_of
from fakes.plc.views import new_view
from simatic_xml.program import nodes as n
from simatic_xml.program import walking
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types import VOID, Structure, Variable

_INDENT = "    "
_ASKING = ("GET_ERROR", "GET_ERR_ID")


@dataclass(frozen=True, slots=True)
class Function:
    """A generated function.

    Attributes:
        name: its name.
        source: its text.
        places: for each line, from 1, where the program says it.
    """

    name: str
    source: str
    places: tuple[Place | None, ...]


def function_of(context: Context, block: n.Block) -> Function:
    """Return the function of a block.

    Raises:
        NotExecutable: the block has something that this tier cannot execute.
    """
    context.readers, context.body = READERS, statements.body
    code = BlockCode(context, block)
    code.targets = jumps.targets_of(block)
    code.handles_faults = any(each.name in _ASKING for each in _instructions(block))
    framed = code.frame_members = _framed(code)
    for variable in framed:
        code.put_in_frame(variable)
    code.returning = _returning(code)
    statements.body(code, [each for network in block.networks for each in network.body])
    code.writer.line(code.returning)
    head = Line(0, f"def {code.signature.function}({', '.join(code.signature.parameters)}):", None)
    lines = [head, *_prologue(code, framed), *stl.prologue(block), *_guarded(code)]
    source = "\n".join(_INDENT * each.depth + each.text for each in lines) + "\n"
    return Function(code.signature.function, source, tuple(each.place for each in lines))


def _instructions(block: n.Block) -> Iterator[n.InstructionCall]:
    return (each for each in _expressions(block) if isinstance(each, n.InstructionCall))


def _expressions(block: n.Block) -> Iterator[n.Expression]:
    for statement in walking.block_statements(block):
        for operand in walking.operands(statement):
            yield from walking.expressions(operand)


def _returning(code: BlockCode) -> str:
    names = [code.path(each) for each in code.signature.given]
    names += ["eno"] if code.signature.gives_eno else []
    leaving = "cpu.depth -= 1; " if code.context.counts_depth else ""
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
    if any(isinstance(each, n.Absolute | n.Indirect) and each.area in ("L", None) for each in _expressions(code.block)):
        code.frame_bytes = "frame._buffer"
        return own
    names = {v.overlays.casefold() for v in own if v.overlays}
    return [v for v in own if v.overlays or v.name.casefold() in names]


def _prologue(code: BlockCode, framed: list[Variable]) -> Iterator[Line]:
    """Yield the lines before the body."""
    if _mentions(code, "eno"):
        yield Line(1, "eno = True", None)
    if code.counts_turns:
        yield Line(1, f"left = {runtime.TURNS}", None)
    if code.crosses:
        yield Line(1, "go = 0", None)
    yield from _counting(code)
    yield from _variables(code, framed)
    yield from (Line(1, f"{name} = {text}", None) for text, name in code.hoisted.items())
    yield from (Line(1, f"w{number} = {value}", None) for number, value in code.wires.items())


def _mentions(code: BlockCode, word: str) -> bool:
    return code.signature.gives_eno or any(word in each.text for each in code.writer.lines)


def _counting(code: BlockCode) -> Iterator[Line]:
    """Count the call itself where it leads to other calls, and how deep calls are nested where that is not certain."""
    if any(isinstance(each, n.BlockCall) for each in _expressions(code.block)):
        yield Line(1, "cpu.budget -= 1", None)
        yield Line(1, "if cpu.budget < 0: cpu.overrun()", None)
    if code.context.counts_depth:
        yield Line(1, "cpu.depth += 1", None)
        yield Line(1, "if cpu.depth > cpu.most_depth: cpu.nested()", None)


def _variables(code: BlockCode, framed: list[Variable]) -> Iterator[Line]:
    if framed or code.frame_bytes:
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
