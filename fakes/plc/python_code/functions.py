"""A block as the text of a Python function."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fakes.plc.python_code import calls, expressions, jumps, operands, runtime, statements
from fakes.plc.python_code.block_code import IN_INSTANCE, BlockCode, Context, local_name
from fakes.plc.python_code.text import Line
from fakes.plc.shapes import is_plain
from fakes.plc.storage import class_of
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
    framed = _framed(block)
    for variable in framed:
        code.put_in_frame(variable)
    code.returning = _returning(code)
    _body(code)
    code.writer.line(code.returning)
    head = [f"def {code.signature.function}({', '.join(code.signature.parameters)}):"]
    lines = [Line(0, head[0], None), *_prologue(code, framed), *code.writer.lines]
    source = "\n".join(_INDENT * each.depth + each.text for each in lines) + "\n"
    return Function(code.signature.function, source, tuple(each.place for each in lines))


def _body(code: BlockCode) -> None:
    """Write all networks as one body, because jumps lead from one to the other."""
    statements.body(code, [each for network in code.block.networks for each in network.body])


def _returning(code: BlockCode) -> str:
    names = [code.path(each) for each in code.signature.given]
    names += ["eno"] if code.signature.gives_eno else []
    return f"return {', '.join(names)}".rstrip()


def _own(block: n.Block) -> list[Variable]:
    """Return the variables of the function itself: all but those in the instance."""
    outside = IN_INSTANCE if block.kind == "FB" else ()
    return [v for v in block.variables if v.section not in (*outside, "Constant") and v.type != VOID]


def _framed(block: n.Block) -> list[Variable]:
    """Return the variables that lie over each other, which are members of an object `frame`."""
    own = _own(block)
    names = {v.overlays.casefold() for v in own if v.overlays}
    return [v for v in own if v.overlays or v.name.casefold() in names]


def _prologue(code: BlockCode, framed: list[Variable]) -> Iterator[Line]:
    if code.signature.gives_eno or "eno" in {word for line in code.writer.lines for word in _words(line)}:
        yield Line(1, "eno = True", None)
    if code.counts_turns:
        yield Line(1, f"left = {runtime.TURNS}", None)
    if code.crosses:
        yield Line(1, "go = 0", None)
    if code.charges:
        yield Line(1, "cpu.budget -= 1", None)
        yield Line(1, "if cpu.budget < 0:", None)
        yield Line(2, "cpu.overrun()", None)
    if framed:
        made = class_of(Structure("", "struct", tuple(framed)))
        yield Line(1, f"frame = {code.bind('Frame', made)}()", None)
    taken = {id(each) for each in code.signature.taken}
    for variable in _own(code.block):
        in_frame = variable in framed
        if id(variable) in taken and in_frame:
            yield Line(1, f"{code.path(variable)} = {local_name(variable)}", None)
        elif id(variable) not in taken and not in_frame:
            yield Line(1, f"{local_name(variable)} = {_default(code, variable)}", None)


def _words(line: Line) -> list[str]:
    return line.text.replace("(", " ").replace(")", " ").split()


def _default(code: BlockCode, variable: Variable) -> str:
    """Return the text of what a variable holds when the function begins."""
    from fakes.plc.storage import new  # noqa: PLC0415

    if is_plain(variable.type):
        return _literal(code, new(variable.type))
    maker = code.bind("new", new)
    return f"{maker}({code.bind('type_of_' + variable.name, variable.type)})"


def _literal(code: BlockCode, value: object) -> str:
    if value is None or isinstance(value, bool | int | float | str):
        return repr(value)
    return code.bind("default", value)


READERS = expressions.READERS | operands.READERS | calls.READERS
"""What turns each expression into Python."""
