"""Operands of STL as expressions: those of SCL, and status bits, indirect addresses and pointers.

Facts: Openness manual on STL exports (names of widths and areas); coding of pointers from the STL reference.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Literal

from lxml import etree

from simatic_xml.flgnet.raw import child, children, local_name
from simatic_xml.program import nodes
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.operands import drop_marks, operand
from simatic_xml.program.scope import Scope
from simatic_xml.program.symbols import BlockSymbol, Symbol
from simatic_xml.program.types.types import (
    BOOL,
    BYTE,
    DWORD,
    ELEMENTARY,
    LWORD,
    UNKNOWN,
    VOID,
    WORD,
    DataType,
    Elementary,
    Special,
    type_name,
)
from simatic_xml.program.types.values import AREA_CODES
from simatic_xml.stl import StlError
from simatic_xml.stl.operands import text_of
from simatic_xml.xml.numbers import whole_number

_WIDTHS: dict[str, tuple[int, DataType]] = {
    "Bit": (1, BOOL),
    "Byte": (8, BYTE),
    "Word": (16, WORD),
    "Double": (32, DWORD),
    "Long": (64, LWORD),
    "Block": (0, VOID),
    "None": (0, VOID),
}
_AREAS: dict[str, nodes.Area] = {
    "Input": "I",
    "Output": "Q",
    "PeripheryInput": "I",
    "PeripheryOutput": "Q",
    "Memory": "M",
    "Local": "L",
    "DB": "DB",
    "DI": "DI",
    "Timer": "T",
    "Counter": "C",
    "FC": "FC",
    "FB": "FB",
}
_NUMBERED = {"T": ELEMENTARY["TIMER"], "C": ELEMENTARY["COUNTER"]}
_NUMBER_BITS, _POINTER_BITS = 16, 32
_POINTER = re.compile(r"P#(?P<area>DBX|DIX|[IEQAMLVP]?)\s*(?P<byte>\d{1,5})\.(?P<bit>[0-7])\Z", re.IGNORECASE)
_LOCAL_POINTER = re.compile(r"P##(?P<name>.+)\Z", re.IGNORECASE | re.DOTALL)
_TYPED_ADDRESS = re.compile(r"(?P<address>%.*?)(?::(?!P\b)\w+)?(?P<periphery>:P)?\Z")
CODE_BLOCKS: dict[str, nodes.Area] = {"Block_FC": "FC", "Block_FB": "FB"}
"""The types of parameters that pass a code block, with what they pass."""
_OFFSETS = {1: "X", 8: "B", 16: "W", 32: "D"}


def operand_of(
    scope: Scope, access: etree._Element, place: Place, expected: DataType | None = None
) -> nodes.Expression:
    """Return the typed operand of an ``Access`` element of STL.

    Args:
        scope: the block that contains it; receives the findings.
        access: the element.
        place: its place.
        expected: type that a plain literal takes.
    """
    content = next((each for each in access if local_name(each) not in ("LineComment", "Comment")), None)
    if content is not None and local_name(content) == "Indirect":
        return _indirect(scope, content, place)
    try:
        text = _text(access, content)
    except StlError as error:
        scope.error("stl.operand", error.message, place)
        return nodes.Broken(UNKNOWN, place)
    if content is not None and local_name(content) == "Statusword":
        return nodes.StatusBit(text, WORD if text == "STW" else BOOL, place)
    if content is not None and local_name(content) == "Address":
        return _address(scope, text, content, place, expected)
    return operand_of_text(scope, text, place, expected)


def operand_of_text(scope: Scope, text: str, place: Place, expected: DataType | None = None) -> nodes.Expression:
    """Return the typed form of an operand that consists only of a symbol or a constant."""
    if found := _POINTER.match(text):
        bits = int(found["byte"]) * 8 + int(found["bit"])
        return nodes.Constant(AREA_CODES[found["area"].upper()] << 24 | bits, DWORD, place)
    if found := _LOCAL_POINTER.match(text):
        return _local_pointer(scope, found["name"].strip('"'), place)
    if isinstance(expected, Special) and expected.name in CODE_BLOCKS and text[:1] == '"':
        named = scope.symbols.lookup(text.strip('"'))
        if named is not None:
            return _passed_block(scope, named, expected, place)
    return operand(scope, drop_marks(text), place, expected)


def _text(access: etree._Element, content: etree._Element | None) -> str:
    """Return the operand as text; an absolute offset into a variable is written after its name."""
    offset = None if content is None else child(content, "AbsoluteOffset")
    if offset is None:
        return text_of(access)
    bits = whole_number(offset.get("BitOffset")) or 0
    of_type = ELEMENTARY.get(offset.get("Type", "").upper())
    letter = _OFFSETS.get(of_type.bits, "X") if of_type else "X"
    rest = deepcopy(access)
    for symbol in children(rest, "Symbol"):
        symbol[:] = [each for each in symbol if local_name(each) != "AbsoluteOffset"]
    return f"{text_of(rest)}.%DB{letter}{bits // 8}" + (f".{bits % 8}" if letter == "X" else "")


def _address(
    scope: Scope, text: str, address: etree._Element, place: Place, expected: DataType | None
) -> nodes.Expression:
    """Return an absolute operand; without a tag it takes the expected type of the same width."""
    if address.get("Type") in ("Block_DB", "Block_DI") and address.get("BlockNumber") == "0":
        return nodes.Indirect("DB", 0, VOID, place, "", 0, nodes.Constant(0, WORD, place))
    if address.get("Type") == "Block_DI":
        return operand(scope, f"%DB{address.get('BlockNumber', '')}", place)
    if address.get("Area") in ("FC", "FB") and isinstance(expected, Special):
        kind = address.get("Area", "")
        return _numbered_block(scope, kind, int(address.get("BlockNumber", "0")), expected, place)
    of_type = ELEMENTARY.get(address.get("Type", "").upper())
    if of_type is not None and isinstance(expected, Elementary) and expected.bits == of_type.bits:
        of_type = expected
    found = _TYPED_ADDRESS.match(text)
    bare = f"{found['address']}{found['periphery'] or ''}" if found else text
    if scope.optimized and address.get("Area") == "Local":
        message = "A block with optimized access has no absolute local data; use the names of its variables."
        scope.error("address.optimized", message, place)
    return operand(scope, bare, place, of_type)


def _numbered_block(scope: Scope, kind: str, number: int, expected: Special, place: Place) -> nodes.Expression:
    """Return the block `FC 2` or `FB 2` as the operand of a parameter."""
    found = scope.symbols.find_by_number(kind, number)
    if isinstance(found, BlockSymbol):
        return _passed_block(scope, found, expected, place)
    scope.error("name.undefined", f"There is no block '{kind}{number}'; create it, or correct the name.", place)
    return nodes.Broken(UNKNOWN, place)


def _passed_block(scope: Scope, block: Symbol, expected: Special, place: Place) -> nodes.Expression:
    """Return a block for a parameter of the type BLOCK_FC or BLOCK_FB: its number, by which UC and CC call it."""
    scope.uses.add(block.name.casefold())
    if isinstance(block, BlockSymbol) and block.number is not None and expected.name == f"Block_{block.kind}":
        return nodes.Constant(block.number, expected, place)
    kind = expected.name.removeprefix("Block_")
    message = (
        f"'{block.name}' is not a numbered {kind}, which a parameter of the type {type_name(expected)} takes; give one."
    )
    scope.error("type.implicit", message, place)
    return nodes.Broken(UNKNOWN, place)


def _local_pointer(scope: Scope, name: str, place: Place) -> nodes.Expression:
    """Return the pointer to a variable of the block, as its text; only standard access gives it an address."""
    if scope.variable(name.partition(".")[0].strip('"')) is None:
        scope.error("name.undefined", f"'#{name}' is not declared; declare it, or correct the name.", place)
        return nodes.Broken(UNKNOWN, place)
    if scope.optimized:
        message = f"'#{name}' has no address in a block with optimized access; use standard access, or its name."
        scope.error("address.optimized", message, place)
    return nodes.Constant(f"P##{name}", Special("Pointer"), place)


def _indirect(scope: Scope, content: etree._Element, place: Place) -> nodes.Expression:
    width, data_type = _WIDTHS.get(content.get("Width", ""), (0, UNKNOWN))
    area = _AREAS.get(content.get("Area", ""))
    misplaced = area in ("FC", "FB") and content.get("Width") != "Block"
    if data_type is UNKNOWN or misplaced or (area is None and content.get("Area", "None") != "None"):
        which = f"{content.get('Width', '')} {content.get('Area', '')}".strip()
        scope.error("stl.operand", f"The width and area '{which}' of the indirect address are not known.", place)
        return nodes.Broken(UNKNOWN, place)
    data_type = _NUMBERED.get(area or "", data_type)
    register = content.get("Register", "None")
    inner = child(content, "Access")
    if register in ("AR1", "AR2"):
        offset = whole_number(content.get("BitOffset", "0")) or 0
        way: Literal["AR1", "AR2"] = "AR1" if register == "AR1" else "AR2"
        return nodes.Indirect(area, width, data_type, place, way, offset)
    if inner is None:
        scope.error("stl.operand", "An indirect address needs a register or an operand with the address.", place)
        return nodes.Broken(UNKNOWN, place)
    pointer = operand_of(scope, inner, place)
    _check_pointer(scope, pointer, _NUMBER_BITS if width == 0 else _POINTER_BITS, place)
    return nodes.Indirect(area, width, data_type, place, "", 0, pointer)


def _check_pointer(scope: Scope, pointer: nodes.Expression, bits: int, place: Place) -> None:
    """Report a pointer whose width does not fit its use: a number has 16 bits, an address 32."""
    found = pointer.type
    if found is UNKNOWN or (isinstance(found, Elementary) and found.bits == bits):
        return
    what = "the number of a timer, counter or block" if bits == _NUMBER_BITS else "an address"
    message = f"{type_name(found)} cannot hold {what}; use a variable of {bits} bits."
    scope.error("stl.pointer", message, place)
