"""What variables hold before the body of a function runs, as lines before it."""

from __future__ import annotations

from dataclasses import replace

from simatic_xml.program.types.types import Structure, Variable
from virtual_plc.code.python_text import Line, Text, Writer, expression
from virtual_plc.memory.shapes import is_plain, starts_emptied
from virtual_plc.memory.storage import class_of, new_temporary
from virtual_plc.memory.views import new_view
from virtual_plc.python_tier.access.elements import default
from virtual_plc.python_tier.block_code import BlockCode
from virtual_plc.python_tier.layout import Layout, local_name


def start(code: BlockCode) -> list[Line]:
    """Return the lines that give variables their start values, and objects that are looked up once their names."""
    writer, framed = Writer(), code.layout.framed
    if code.block.graph is not None and not framed:
        writer.line("frame = None")
    elif framed or code.layout.frame_bytes:
        structure = Structure("", "fb", tuple(_member(code.layout, each) for each in framed))
        if code.layout.frame_bytes:
            writer.line("frame = {}({})", code.bind("new_view", new_view), code.bind("frame_type", structure))
        else:
            writer.line("frame = {}()", code.bind("Frame", class_of(structure)))
    taken = {id(each) for each in code.signature.taken}
    inside = {id(each) for each in framed}
    for variable in code.layout.own:
        if id(variable) in inside and id(variable) in taken:
            _put_into_frame(code, variable, writer)
        elif id(variable) not in inside and id(variable) not in taken:
            writer.line("{} = {}", local_name(variable), _start_value(code, variable))
    for text, name in code.hoisted.items():
        writer.line("{} = {}", name, text)
    return writer.lines


def _start_value(code: BlockCode, variable: Variable) -> Text:
    """Return what a variable of the function holds before its body runs."""
    if not starts_emptied(variable.type):
        return default(code, variable.type)
    return expression("{}({})", code.bind("new_temporary", new_temporary), code.bind("type", variable.type))


def _member(layout: Layout, variable: Variable) -> Variable:
    """Return a variable as a member of the frame: a parameter with parts stays what the caller passed."""
    alone = not variable.overlays and variable.name.casefold() not in layout.overlaid
    passed = variable.section in ("Input", "Output", "InOut") and alone
    return replace(variable, section="InOut" if passed else "Temp")


def _put_into_frame(code: BlockCode, variable: Variable, writer: Writer) -> None:
    if is_plain(variable.type) or variable.name.casefold() not in code.layout.overlaid:
        writer.line("{} = {}", code.path(variable), local_name(variable))
    else:
        writer.line("copy_into({}, {})", code.path(variable), local_name(variable))
