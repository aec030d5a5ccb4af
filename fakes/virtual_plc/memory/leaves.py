"""Every value of a program that has a name: the tag list of a CPU."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from simatic_xml.program.symbols import TagSymbol
from simatic_xml.program.typed_blocks import DataBlockDeclaration
from simatic_xml.program.types.layout import element_offset, places
from simatic_xml.program.types.types import Array, DataType, Elementary, Kind, Structure, Text
from virtual_plc.memory.operand_text import parse_operand
from virtual_plc.memory.program import Program
from virtual_plc.memory.shapes import by_reference

_PLAIN = re.compile(r"[^\W\d]\w*")
AREAS = {"I": "Input", "Q": "Output", "M": "Marker", "T": "Timer", "C": "Counter", "DB": "DataBlock"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value without parts, or a string.

    Attributes:
        path: as `Memory.read` takes it; names in quotes only where they need them.
        type: its type.
        area: `Input`, `Output`, `Marker`, `Timer`, `Counter` or `DataBlock`.
        byte: byte in its area or data block; None with optimized access.
        bit: bit in that byte.
        block: number of its data block, None outside of one.
    """

    path: str
    type: Elementary | Text
    area: str
    byte: int | None
    bit: int = 0
    block: int | None = None

    @property
    def primitive(self) -> str:
        """The name of its type in the tag list of PLCSIM Advanced (EPrimitiveDataType); a string has none."""
        if isinstance(self.type, Text):
            return "Unspecific"
        match self.type.kind:
            case Kind.BOOL:
                return "Bool"
            case Kind.REAL:
                return "Float" if self.type.bits == 32 else "Double"
            case Kind.CHARACTER:
                return "Char" if self.type.bits == 8 else "WChar"
        return f"{'Int' if self.type.signed else 'UInt'}{self.type.bits}"

    @property
    def address(self) -> str:
        """Its absolute address, empty with optimized access."""
        if self.byte is None:
            return ""
        letter = next(letter for letter, area in AREAS.items() if area == self.area)
        if letter in ("T", "C"):
            return f"%{letter}{self.byte}"
        bits = self.type.bits if isinstance(self.type, Elementary) else 0
        width = {1: "X", 16: "W", 32: "D", 64: "L"}.get(bits, "B")
        bit = f".{self.bit}" if bits == 1 else ""
        if letter == "DB":
            return f"%DB{self.block}.DB{width}{self.byte}{bit}"
        return f"%{letter}{'' if bits == 1 else width}{self.byte}{bit}"


def leaves(program: Program) -> Iterator[Leaf]:
    """Yield all values of a program: those of its tags, then of its data blocks."""
    for tag in program.tags.values():
        yield from _of_tag(tag)
    for declaration in program.data_blocks.values():
        yield from _of_data_block(declaration)


def _of_tag(tag: TagSymbol) -> Iterator[Leaf]:
    operand = parse_operand(tag.address)
    if operand is not None:
        root, area = quote(tag.name), AREAS[operand.area]
        for path, data_type, byte, bit in _inner(tag.type):
            yield Leaf(root + path, data_type, area, operand.byte + byte, operand.bit + bit)


def _of_data_block(declaration: DataBlockDeclaration) -> Iterator[Leaf]:
    root, number = quote(declaration.name), declaration.number
    for path, data_type, byte, bit in _inner(declaration.type):
        if declaration.optimized:
            yield Leaf(root + path, data_type, "DataBlock", None, 0, number)
        else:
            yield Leaf(root + path, data_type, "DataBlock", byte, bit, number)


Inner = tuple[str, Elementary | Text, int, int]
"""Path within something, type, and where it is with standard access."""


@lru_cache(maxsize=4096)
def _inner(data_type: DataType) -> tuple[Inner, ...]:
    """Return the values in a type."""
    return tuple(_values(data_type))


def _values(data_type: DataType) -> Iterator[Inner]:
    match data_type:
        case Elementary() | Text():
            yield "", data_type, 0, 0
        case Structure():
            for member, (byte, bit) in places(data_type.members):
                if not by_reference(data_type, member):
                    yield from _shift(f".{quote(member.name)}", byte, bit, _inner(member.type))
        case Array():
            inner = _inner(data_type.element)
            ranges = [range(0) if each is None else range(each[0], each[1] + 1) for each in data_type.bounds]
            for indices in product(*ranges):
                byte, bit = element_offset(data_type, indices)
                yield from _shift(f"[{','.join(map(str, indices))}]", byte, bit, inner)


def _shift(prefix: str, byte: int, bit: int, inner: tuple[Inner, ...]) -> Iterator[Inner]:
    for path, data_type, inner_byte, inner_bit in inner:
        yield prefix + path, data_type, byte + inner_byte, bit + inner_bit


def quote(name: str) -> str:
    """Return a name as a path needs it: in quotes where it is no plain word."""
    return name if _PLAIN.fullmatch(name) else f'"{name}"'
