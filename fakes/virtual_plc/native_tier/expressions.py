"""Expressions as C lines: every value is kept in a separate name, so that all is evaluated once and in order."""

from __future__ import annotations

from simatic_xml.program import nodes as n
from simatic_xml.program.types.types import DataType, Elementary, type_name
from virtual_plc.code.c_text import C, c
from virtual_plc.memory.shapes import is_plain
from virtual_plc.memory.starting_values import convert_constant
from virtual_plc.native_tier import arithmetic, calls, conversions, instructions, places
from virtual_plc.native_tier.block_text import BlockText, NotNative, number_text

_CALCULATED = n.Constant | n.Unary | n.Binary | n.Convert | n.InstructionCall


def value(code: BlockText, node: n.Expression) -> C:
    """Write what evaluates an expression without parts; return a C name or constant.

    Raises:
        NotNative: native code does not have it.
    """
    if not is_plain(node.type) and not isinstance(node, n.BlockCall):
        raise NotNative(f"Data of the type {type_name(node.type)} as a value", node.place)
    match node:
        case n.Constant():
            return _constant(code, node)
        case n.Unary():
            return arithmetic.unary(code, node, value(code, node.operand))
        case n.Binary():
            left = value(code, node.left)
            return arithmetic.binary(code, node, left, value(code, node.right))
        case n.Convert():
            return _convert(code, node)
        case n.Returned():
            return code.returned
        case n.BlockCall():
            return calls.block_call(code, node)
        case n.InstructionCall():
            return instructions.instruction_call(code, node)
    found = places.locate(code, node, value)
    places.fresh(code, node, found)
    return found.read(code)


def value_for(code: BlockText, node: n.Expression, target: DataType) -> C:
    """Write what evaluates an expression for a place of a type: a data block can be its number."""
    if isinstance(node, n.DataBlock) and isinstance(target, Elementary):
        declaration = code.context.program.data_blocks[node.name.casefold()]
        return number_text(declaration.number, code.form(target, node.place))
    return value(code, node)


def address(code: BlockText, node: n.Expression) -> C:
    """Write what finds data with parts; return their address."""
    if isinstance(node, n.BlockCall):
        return calls.block_call(code, node)
    if isinstance(node, n.Returned):
        return code.returned
    if isinstance(node, _CALCULATED):
        raise NotNative(f"Calculating data of the type {type_name(node.type)}", node.place)
    return places.locate_in_memory(code, node, value).address(code)


def store(code: BlockText, target: n.Expression, given: C) -> None:
    """Write what puts a value, or data with parts at an address, into an operand."""
    if isinstance(target, n.Broken):
        return
    if is_plain(target.type):
        places.locate(code, target, value, writing=True).write(code, given)
        return
    found = places.locate_in_memory(code, target, value, writing=True)
    require_complete(code, target)
    found.copy(code, given)


def require_complete(code: BlockText, node: n.Expression) -> None:
    """Refuse copying data of which native code has a part only.

    Raises:
        NotNative: native code leaves a part of it out.
    """
    form = code.form(node.type, node.place)
    record = form.record
    if form.open:
        raise NotNative("Copying an array of open length", node.place)
    if record is not None and not record.complete:
        left_out = ", ".join(record.missing) or "something inside"
        raise NotNative(f"Copying data that contain what stays in Python ({left_out})", node.place)


def assign(code: BlockText, node: n.Assign) -> None:
    """Write an assignment: the value first, then where it goes."""
    if is_plain(node.target.type):
        store(code, node.target, value_for(code, node.value, node.target.type))
        return
    if not calls.alike(node.value.type, node.target.type):
        raise NotNative("Copying between data whose members have different names", node.place)
    source = address(code, node.value)
    store(code, node.target, code.keep_value(c("const void *"), "{}", source))


def _constant(code: BlockText, node: n.Constant) -> C:
    return number_text(convert_constant(node.value, node.type), code.form(node.type, node.place))


def _convert(code: BlockText, node: n.Convert) -> C:
    inner = value(code, node.operand)
    found, right = conversions.write_conversion(code, inner, node.operand.type, node.type, node.function, node.place)
    code.report(right)
    return found
