"""`P##name` of a parameter with parts in a function: the pointer that a call passes becomes a parameter itself.

A CPU hands such a parameter over as a POINTER (number of the data block, area and bit) in the local data of the caller,
and `P##name` is the address of this POINTER (STEP 7, "Format of the parameter type POINTER", D). A function that uses
`P##name` gets one more parameter of the type POINTER, named `P##name`, and each call gives it the operand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from simatic_xml.program import nodes as n
from simatic_xml.program import typed_blocks, walking
from simatic_xml.program.types.types import Array, DataType, Elementary, Kind, Special, Structure, Text, Variable

_MARK = "P##"
_POINTER = Special("Pointer")
_PARAMETERS = ("Input", "Output", "InOut")


def hand_over_pointers(blocks: dict[str, typed_blocks.Block]) -> None:
    """Give functions the pointers that they use, and calls the arguments for them; a second run changes nothing.

    Args:
        blocks: the code blocks of a program by casefolded name.
    """
    wanted = {key: found for key, block in blocks.items() if (found := _find_pointed(block))}
    if not wanted:
        return
    for key, names in wanted.items():
        own = blocks[key]
        hidden = tuple(Variable(f"{_MARK}{name}", _POINTER, "Input") for name in names)
        blocks[key] = replace(own, variables=(*own.variables, *hidden))
    for block in blocks.values():
        for call in walking.calls(block):
            names = wanted.get(call.callee.casefold(), [])
            call.arguments = (*_plain(call), *_find_arguments(call, names))


def is_in_caller(block: typed_blocks.Block, variable: Variable) -> bool:
    """Return whether a variable is a parameter of a function: it is in the local data of the caller (area 16#87)."""
    return block.kind == "FC" and (variable.section in _PARAMETERS or variable.name.startswith(_MARK))


def _find_pointed(block: typed_blocks.Block) -> list[str]:
    """Return the parameters with parts whose pointer a function uses."""
    if block.kind != "FC":
        return []
    own = {each.name.casefold(): each for each in block.variables if each.section in _PARAMETERS}
    names = dict.fromkeys(
        str(each.value).removeprefix(_MARK).strip('"').casefold()
        for statement in walking.block_statements(block)
        for operand in walking.operands(statement)
        for each in walking.expressions(operand)
        if isinstance(each, n.Constant) and str(each.value).startswith(_MARK)
    )
    return [own[name].name for name in names if name in own and _has_parts(own[name].type)]


def _has_parts(data_type: DataType) -> bool:
    long = isinstance(data_type, Elementary) and data_type.kind is Kind.DATE_AND_TIME
    return long or isinstance(data_type, Text | Array | Structure)


def _plain(call: n.BlockCall) -> Iterator[n.Argument]:
    return (each for each in call.arguments if not each.name.startswith(_MARK))


def _find_arguments(call: n.BlockCall, names: list[str]) -> Iterator[n.Argument]:
    given = {each.name.casefold(): each.value for each in call.arguments}
    for name in names:
        operand = given.get(name.casefold())
        if operand is not None:
            operand = operand.operand if isinstance(operand, n.Convert) else operand
            yield n.Argument(f"{_MARK}{name}", "Input", _POINTER, operand)
