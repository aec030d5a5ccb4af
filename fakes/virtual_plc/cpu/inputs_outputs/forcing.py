"""Which operand a name forces, and the bits of its value."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from simatic_xml.program.types.types import BOOL, BYTE, DWORD, LWORD, WORD, DataType, Elementary, type_name
from virtual_plc.memory.codecs import Bytes, codec
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.operand_text import Operand, parse_operand
from virtual_plc.memory.path_values import PathError, check_value
from virtual_plc.surroundings.forces import Force
from virtual_plc.surroundings.overlay import Patch

_TYPES = {each.bits: each for each in (BOOL, BYTE, WORD, DWORD, LWORD)}
_WIDTHS = {1: "", 8: "B", 16: "W", 32: "D", 64: "L"}


def force_of(memory: Memory, name: str, value: Any) -> Force:
    """Return how a tag or address is forced.

    Args:
        memory: memory of the CPU.
        name: a tag of an input or output, or an address (`%I0.0`, `%QW4`), each with or without `:P`.
        value: a value of its type, or the text of a literal.

    Raises:
        PathError: there is no such input or output, or the value does not fit its type.
    """
    operand, data_type = _find(memory, name)
    stored = check_value(value, data_type, name)
    size = (operand.bits + 7) // 8
    content, mask = Bytes(size), 1 << operand.bit if operand.bits == 1 else 0xFF
    codec(data_type).write(content, 0, operand.bit, stored)
    patches = tuple(Patch(operand.byte + at, mask, each) for at, each in enumerate(content))
    return Force(name, _format_address(operand), type_name(data_type), stored, operand.area == "Q", patches)


def address_of(memory: Memory, name: str) -> str:
    """Return the address that a name forces; raise as `force_of`."""
    return _format_address(_find(memory, name)[0])


def find_candidates(memory: Memory, name: str) -> list[str]:
    """Return the tags of inputs and outputs whose names are like a text, the likeliest first."""
    known = {}
    for tag in memory.program.tags.values():
        operand = parse_operand(tag.address)
        if operand is not None and operand.area in ("I", "Q"):
            known[tag.name.casefold()] = tag.name
    near = get_close_matches(name[:200].casefold(), known, 3)
    return [known[each] for each in near]


def _find(memory: Memory, name: str) -> tuple[Operand, DataType]:
    bare = name.strip()
    bare = bare[:-2] if bare.upper().endswith(":P") else bare
    tag = memory.program.tags.get(bare.strip('"').casefold())
    operand = parse_operand(tag.address if tag is not None else bare)
    if operand is None and tag is None:
        near = " or ".join(map(repr, find_candidates(memory, name)))
        hint = f"Did you mean {near}?" if near else "Name a tag of an input or output, or an address such as %I0.0."
        raise PathError("path.unknown", name, f"There is no tag or address '{name}'. {hint}")
    data_type = tag.type if tag is not None else _TYPES[operand.bits] if operand is not None else None
    if operand is None or operand.area not in ("I", "Q") or not isinstance(data_type, Elementary):
        raise PathError("force.operand", name, f"'{name}' cannot be forced: only single inputs and outputs can.")
    if operand.byte + (operand.bits + 7) // 8 > len(memory.inputs):
        raise PathError("path.range", name, f"The area ends after byte {len(memory.inputs) - 1}.")
    return operand, data_type


def _format_address(operand: Operand) -> str:
    bit = f".{operand.bit}" if operand.bits == 1 else ""
    return f"%{operand.area}{_WIDTHS[operand.bits]}{operand.byte}{bit}:P"
