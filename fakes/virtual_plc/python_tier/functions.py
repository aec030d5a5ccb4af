"""A block as the text of a Python function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from simatic_xml.program import typed_blocks
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types.types import VOID, Structure, Variable
from virtual_plc.code.naming import Name
from virtual_plc.code.packed_lines import pack
from virtual_plc.code.python_text import Line, Statement, Text, Writer, expression, source_of, statement
from virtual_plc.cpu.services import Services
from virtual_plc.memory.local_data import arrange
from virtual_plc.memory.shapes import is_plain, starts_emptied
from virtual_plc.memory.storage import class_of, new_temporary
from virtual_plc.memory.views import new_view
from virtual_plc.python_tier import block_calls, expressions, graph, instruction_calls, runtime, statements
from virtual_plc.python_tier.access import elements, operands
from virtual_plc.python_tier.access.elements import default
from virtual_plc.python_tier.block_code import IN_INSTANCE, BlockCode, Context, local_name
from virtual_plc.python_tier.control import jumps
from virtual_plc.python_tier.stl import dynamic
from virtual_plc.python_tier.stl import network as stl


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


def function_of(context: Context, block: typed_blocks.Block) -> Function:
    """Return the function of a block.

    Raises:
        NotExecutable: this tier cannot execute a part of the block.
    """
    code = _begin(context, block)
    bind = None
    lines: list[Line] = []
    if block.graph is not None:
        graph.check(code)
        name = code.signature.function
        made = graph.graph_text(block, graph.Writing(lambda: _begin(context, block), _finish_part, name), name)
        lines, bind = made.lines, made.bind
        code.writer.line("{}(self, frame)", graph.sequencer(name))
    statements.body(code, [each for network in block.networks for each in network.body])
    code.leave()
    return Function(code.signature.function, (*lines, *_finish(code)), bind)


def _begin(context: Context, block: typed_blocks.Block) -> BlockCode:
    """Return the code of a function of a block, with nothing written."""
    code = BlockCode(context, block)
    code.entries = jumps.entries_of(block) if code.targets else {}
    code.frame_members = _find_frame_members(code)
    for variable in code.frame_members:
        code.put_in_frame(variable)
    code.returning = _returning(code)
    return code


def _finish(code: BlockCode) -> list[Line]:
    """Return all lines of the function of a block."""
    head = statement("def {}({}):", code.signature.function, code.signature.parameters)
    return [Line(0, head), *_prologue(code), *stl.prologue(code), *_guard_body(code)]


def _finish_part(code: BlockCode, head: Statement) -> list[Line]:
    """Return all lines of a condition or action; its temporary variables are those of the block."""
    before = Writer()
    _registers(code, before)
    return [Line(0, head), *before.lines, *code.writer.lines]


def _returning(code: BlockCode) -> list[Statement]:
    names: list[Text | Name] = [code.path(each) for each in code.signature.given]
    names += [Name("eno")] if code.signature.gives_eno else []
    leaving = [statement("cpu.depth -= 1")] if code.context.counts_depth else []
    leaving += [statement("copy_into({}, {})", local_name(each), code.path(each)) for each in _find_copies(code)]
    return [*leaving, statement("return {}", names) if names else statement("return")]


# Variables -----------------------------------------------------------------------------------------------------------


def _own(block: typed_blocks.Block) -> list[Variable]:
    """Return the variables of the function itself: all but those in the instance."""
    outside = IN_INSTANCE if block.kind == "FB" else ()
    return [v for v in block.variables if v.section not in (*outside, "Constant") and v.type != VOID]


def _find_frame_members(code: BlockCode) -> list[Variable]:
    """Return the variables at addresses, which are members of an object `frame`.

    They overlay each other (AT), or absolute addresses of L count in them.
    """
    own = _own(code.block)
    if code.block.graph is not None:
        return own
    if code.facts.local_addresses:
        code.frame_bytes = expression("frame._buffer")
        return arrange(code.block, own)
    names = {v.overlays.casefold() for v in own if v.overlays}
    return [v for v in own if v.overlays or v.name.casefold() in names]


def _prologue(code: BlockCode) -> list[Line]:
    """Return the lines before the body."""
    writer = Writer()
    _counting(code, writer)
    _registers(code, writer)
    _variables(code, code.frame_members, writer)
    for text, name in code.hoisted.items():
        writer.line("{} = {}", name, text)
    return writer.lines


def _registers(code: BlockCode, writer: Writer) -> None:
    """Write the lines that prepare what the body works with besides variables."""
    if code.signature.gives_eno or code.writer.mentions("eno"):
        writer.line("eno = True")
    if code.counts_turns:
        writer.line("left = {}", runtime.TURNS)
    if code.crosses:
        writer.line("go = 0")
    if code.entries:
        writer.line("into = 0")
    for number, value in code.wires.items():
        writer.line("{} = {}", Name("w", number), value)


def _counting(code: BlockCode, writer: Writer) -> None:
    """Count the call itself where it leads to other calls, and how deep calls are nested where that is not certain."""
    if code.facts.calls:
        writer.line("cpu.budget -= 1")
        writer.line("if cpu.budget < 0: cpu.overrun()")
    if code.context.counts_depth:
        writer.line("cpu.depth += 1")
        writer.line("if cpu.depth > cpu.most_depth: cpu.raise_stack_fault()")


def _variables(code: BlockCode, framed: list[Variable], writer: Writer) -> None:
    if code.block.graph is not None and not framed:
        writer.line("frame = None")
    elif framed or code.frame_bytes:
        structure = Structure("", "fb", tuple(_member(each, overlaid=_is_overlaid(code, each)) for each in framed))
        if code.frame_bytes:
            writer.line("frame = {}({})", code.bind("new_view", new_view), code.bind("frame_type", structure))
        else:
            writer.line("frame = {}()", code.bind("Frame", class_of(structure)))
    taken = {id(each) for each in code.signature.taken}
    inside = {id(each) for each in framed}
    for variable in _own(code.block):
        if id(variable) in inside and id(variable) in taken:
            _put_into_frame(code, variable, writer)
        elif id(variable) not in inside and id(variable) not in taken:
            writer.line("{} = {}", local_name(variable), _start(code, variable))


def _start(code: BlockCode, variable: Variable) -> Text:
    """Return what a variable of the function holds before its body runs."""
    if not starts_emptied(variable.type):
        return default(code, variable.type)
    return expression("{}({})", code.bind("new_temporary", new_temporary), code.bind("type", variable.type))


def _member(variable: Variable, *, overlaid: bool) -> Variable:
    """Return a variable as a member of the frame: a parameter with parts stays what the caller passed."""
    passed = variable.section in ("Input", "Output", "InOut") and not (variable.overlays or overlaid)
    return replace(variable, section="InOut" if passed else "Temp")


def _is_overlaid(code: BlockCode, variable: Variable) -> bool:
    return any(each.overlays.casefold() == variable.name.casefold() for each in code.block.variables)


def _find_copies(code: BlockCode) -> list[Variable]:
    """Return the in/outs and outputs with parts under an overlay: copies, which go back at the end."""
    return [
        each
        for each in code.signature.taken
        if each in code.frame_members
        and each.section != "Input"
        and not is_plain(each.type)
        and _is_overlaid(code, each)
    ]


def _put_into_frame(code: BlockCode, variable: Variable, writer: Writer) -> None:
    if is_plain(variable.type) or not _is_overlaid(code, variable):
        writer.line("{} = {}", code.path(variable), local_name(variable))
    else:
        writer.line("copy_into({}, {})", code.path(variable), local_name(variable))


def _guard_body(code: BlockCode) -> list[Line]:
    """Return the body; where the block handles its faults itself, the CPU knows that while it runs."""
    if not code.handles_faults:
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


READERS = (
    expressions.READERS
    | operands.READERS
    | elements.READERS
    | dynamic.READERS
    | block_calls.READERS
    | instruction_calls.READERS
)
"""What turns each expression into Python."""
