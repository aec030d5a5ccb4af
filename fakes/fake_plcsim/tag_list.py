"""The tag list of an instance: an entry for every tag, structure, array and element, as UpdateTagList reads them.

Facts: docs/facts/plcsim-advanced.md#tags and the API's function manual (names with dots and indices, entries of
structures and arrays themselves, offsets only outside of data blocks, at most 500,000 entries, no texts). Unverified:
names have no quotes, numbers start at 1, an array's entry has the type of its elements.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from fake_plcsim.enums import EArea, EDataType, EPrimitiveDataType, ETagListDetails
from fake_plcsim.errors import refuse
from fake_plcsim.primitives import SIZES
from fake_plcsim.structs import NetArray, SDimension, STagInfo, make_struct
from simatic_xml.program.types.layout import element_offset, places, size_bits
from simatic_xml.program.types.types import ELEMENTARY, Array, DataType, Elementary, Structure, Text, Unknown
from virtual_plc.memory.leaves import AREAS, Leaf, quote
from virtual_plc.memory.operand_text import parse_operand
from virtual_plc.memory.program import Program
from virtual_plc.memory.shapes import by_reference, is_opaque

LIMIT = 500_000
_FILTERS = {
    EArea.Input: ETagListDetails.IO,
    EArea.Output: ETagListDetails.IO,
    EArea.Marker: ETagListDetails.M,
    EArea.Counter: ETagListDetails.CT,
    EArea.Timer: ETagListDetails.CT,
    EArea.DataBlock: ETagListDetails.DB,
}
_SYSTEM_TYPES = {
    name.upper(): EDataType[name]
    for name in (
        "DTL",
        "IEC_Timer",
        "IEC_LTimer",
        "IEC_Counter",
        "IEC_SCounter",
        "IEC_DCounter",
        "IEC_LCounter",
        "IEC_UCounter",
        "IEC_USCounter",
        "IEC_UDCounter",
        "IEC_ULCounter",
    )
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the list.

    Attributes:
        name: As the API has it.
        path: The same as the memory of the CPU takes it.
        type: Its type.
        area: Its area.
        byte: Byte in its area, 0 in a data block.
        bit: Bit in that byte.
        index: Number of the entry, from 1.
        parent: Number of the structure or array that it belongs to, 0 without one.
    """

    name: str
    path: str
    type: DataType
    area: EArea
    byte: int
    bit: int
    index: int
    parent: int

    @property
    def primitive(self) -> EPrimitiveDataType:
        """Which field of an SDataValue has its value."""
        element = self.type.element if isinstance(self.type, Array) else self.type
        if isinstance(element, Elementary):
            return EPrimitiveDataType[Leaf(self.path, element, self.area.name, self.byte).primitive]
        return EPrimitiveDataType.Struct if isinstance(element, Structure) else EPrimitiveDataType.Unspecific

    @property
    def is_readable(self) -> bool:
        """Whether it is a single value of a type that the API can read."""
        return isinstance(self.type, Elementary)

    def info(self) -> STagInfo:
        """Return the API's entry for it."""
        size = SIZES.get(self.primitive.name, 0) if self.is_readable else (size_bits(self.type) + 7) // 8
        return make_struct(
            STagInfo,
            Name=self.name,
            Area=self.area,
            DataType=_data_type(self.type),
            PrimitiveDataType=self.primitive,
            Size=min(size, 0xFFFF),
            Offset=self.byte,
            Bit=self.bit,
            Index=self.index,
            ParentIndex=self.parent,
            Dimension=_dimensions(self.type),
        )


def entries(program: Program, details: ETagListDetails) -> dict[str, Entry]:
    """Return the entries of a program by name, in its order.

    Raises:
        SimulationRuntimeException: NotEnoughMemory, when there are more than the list can hold.
    """
    listed: dict[str, Entry] = {}
    for name, path, data_type, area, byte, bit in _roots(program):
        if not details.HasFlag(_FILTERS[area]):
            continue
        for entry in _walk(Entry(name, path, data_type, area, byte, bit, len(listed) + 1, 0)):
            listed[entry.name] = entry
            if len(listed) > LIMIT:
                raise refuse("NotEnoughMemory", f"The tag list holds {LIMIT} entries: choose fewer areas.")
    return listed


Root = tuple[str, str, DataType, EArea, int, int]


def _roots(program: Program) -> Iterator[Root]:
    """Yield the tags and the members of data blocks: name, path, type, area, byte, bit."""
    for tag in program.tags.values():
        operand = parse_operand(tag.address)
        if operand is not None:
            yield tag.name, quote(tag.name), tag.type, EArea[AREAS[operand.area]], operand.byte, operand.bit
    for block in program.data_blocks.values():
        root, data_type = quote(block.name), block.type
        if isinstance(data_type, Structure):
            for member in data_type.members:
                if not by_reference(data_type, member):
                    path = f"{root}.{quote(member.name)}"
                    yield f"{block.name}.{member.name}", path, member.type, EArea.DataBlock, 0, 0
        else:
            yield block.name, root, data_type, EArea.DataBlock, 0, 0


def _walk(entry: Entry) -> Iterator[Entry]:
    """Yield an entry and those within it; the numbers continue from its own."""
    if is_opaque(entry.type) or isinstance(entry.type, Unknown):
        return
    yield entry
    index = entry.index
    for name, path, data_type, byte, bit in _parts(entry):
        for inner in _walk(Entry(name, path, data_type, entry.area, byte, bit, index + 1, entry.index)):
            index = inner.index
            yield inner


def _parts(entry: Entry) -> Iterator[tuple[str, str, DataType, int, int]]:
    data_type = entry.type
    in_block = entry.area is EArea.DataBlock
    if isinstance(data_type, Structure):
        for member, (byte, bit) in places(data_type.members):
            if not by_reference(data_type, member):
                at = (0, 0) if in_block else (entry.byte + byte, bit)
                yield f"{entry.name}.{member.name}", f"{entry.path}.{quote(member.name)}", member.type, *at
    if isinstance(data_type, Array):
        ranges = [range(0) if each is None else range(each[0], each[1] + 1) for each in data_type.bounds]
        for indices in product(*ranges):
            byte, bit = element_offset(data_type, indices)
            at, text = (0, 0) if in_block else (entry.byte + byte, bit), f"[{','.join(map(str, indices))}]"
            yield entry.name + text, entry.path + text, data_type.element, *at


def _data_type(data_type: DataType) -> EDataType:
    match data_type:
        case Array():
            return _data_type(data_type.element)
        case Structure():
            return _SYSTEM_TYPES.get(data_type.name.upper(), EDataType.Struct)
        case Text():
            return EDataType[data_type.name]
        case Elementary():
            name = data_type.base or data_type.name
            return EDataType.__members__.get(ELEMENTARY[name.upper()].name.replace("_", ""), EDataType.Unknown)
    return EDataType.Unknown


def _dimensions(data_type: DataType) -> NetArray[SDimension]:
    bounds = data_type.bounds if isinstance(data_type, Array) else ()
    return NetArray[SDimension](
        [
            make_struct(SDimension, StartIndex=low, Count=high - low + 1)
            for low, high in (each or (0, -1) for each in bounds)
        ]
    )
