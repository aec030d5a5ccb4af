"""Values in arrays of bytes: Serialize and Deserialize, READ and WRITE with either byte order.

POS counts bytes from the first element and moves behind the bytes read or written. Serialised data have the layout of
standard access. The numbers of the errors are those of the pages of TIA Portal's help (SCL); their order is unverified.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

from simatic_xml.program.types.types import ELEMENTARY, Array, Elementary, Kind
from virtual_plc.instructions.data.byte_image import decode, encode, image, put_image, size_of
from virtual_plc.instructions.data.overlaps import overlap
from virtual_plc.instructions.data.runs import Run, run_of
from virtual_plc.instructions.jobs import as_int
from virtual_plc.instructions.registry import KEEP, Reference, Site, plain, register_maker

OVERLAPPING: Final = 0x80B0
SOURCE_NULL, TARGET_NULL = 0x8150, 0x8250
POSITION_OUTSIDE, END_OUTSIDE = 0x8382, 0x8383
TOO_SHORT, WRONG_ARRAY = 0x53, 0x54
SOURCE, TARGET = 0x8100, 0x8200
Order = Literal["little", "big"]
_STREAMS: Final = (ELEMENTARY["BYTE"], ELEMENTARY["CHAR"])
"""Elements of an array that takes serialised data."""


def _bytes_of(run: Run, first: int, count: int) -> bytes:
    return bytes(each if isinstance(each, int) else ord(each) for each in run.values(first, count))


def _put_bytes(run: Run, first: int, content: bytes) -> None:
    character = isinstance(run.element, Elementary) and run.element.kind is Kind.CHARACTER
    for index, byte in enumerate(content):
        run.set(first + index, chr(byte) if character else byte)


@plain("Serialize", "&SRC_VARIABLE &DEST_ARRAY &POS", "RET ENO")
def serialize(SRC_VARIABLE: Reference | None, DEST_ARRAY: Reference | None, POS: Reference) -> tuple[int, bool]:
    """Write the bytes of a variable into an array."""
    if SRC_VARIABLE is None or DEST_ARRAY is None:
        return as_int(SOURCE_NULL if SRC_VARIABLE is None else TARGET_NULL), False
    content = image(SRC_VARIABLE)
    error = _find_error(DEST_ARRAY, SRC_VARIABLE, TARGET, POS.get(), len(content))
    return (as_int(error), False) if error else _write_bytes(content, DEST_ARRAY, POS)


@plain("Deserialize", "&SRC_ARRAY &DEST_VARIABLE &POS", "RET ENO")
def deserialize(SRC_ARRAY: Reference | None, DEST_VARIABLE: Reference | None, POS: Reference) -> tuple[int, bool]:
    """Read the bytes of a variable from an array."""
    if SRC_ARRAY is None or DEST_VARIABLE is None:
        return as_int(SOURCE_NULL if SRC_ARRAY is None else TARGET_NULL), False
    first, count = POS.get(), size_of(DEST_VARIABLE.type)
    error = _find_error(SRC_ARRAY, DEST_VARIABLE, SOURCE, first, count)
    if error:
        return as_int(error), False
    put_image(DEST_VARIABLE, _bytes_of(run_of(SRC_ARRAY), first, count))
    POS.set(first + count)
    return 0, True


def _find_error(array: Reference, variable: Reference, parameter: int, first: int, count: int) -> int:
    """Return the number of what is wrong with an array of serialised data, 0 for nothing.

    Args:
        array: the array.
        variable: what is serialised or comes back.
        parameter: SOURCE or TARGET, the array's.
        first: POS.
        count: bytes of the variable.
    """
    if not isinstance(array.type, Array) or array.type.element not in _STREAMS:
        return parameter | WRONG_ARRAY
    if overlap(variable, array):
        return OVERLAPPING
    found = _find_position_error(array, first, count)
    return parameter | TOO_SHORT if found == END_OUTSIDE else found


def _find_position_error(array: Reference, first: int, count: int) -> int:
    """Return the number of the error when bytes at a position are not in an array, else 0."""
    length = len(run_of(array))
    if not 0 <= first < length:
        return POSITION_OUTSIDE
    return END_OUTSIDE if first + count > length else 0


def _write_bytes(content: bytes, array: Reference, POS: Reference) -> tuple[int, bool]:
    first = POS.get()
    _put_bytes(run_of(array), first, content)
    POS.set(first + len(content))
    return 0, True


def _order(content: bytes, order: Order) -> bytes:
    return content if order == "big" else content[::-1]


def _read(order: Order) -> Callable[[Site], Callable[..., tuple[Any, int, bool]]]:
    def make(site: Site) -> Callable[..., tuple[Any, int, bool]]:
        data_type = site.type_of("DEST_VARIABLE", "DEST_VARIABLE")
        count = size_of(data_type)

        def read(SRC_ARRAY: Reference, POS: Reference) -> tuple[Any, int, bool]:
            first = POS.get()
            error = _find_position_error(SRC_ARRAY, first, count)
            if error:
                return KEEP, as_int(error), False
            POS.set(first + count)
            return decode(_order(_bytes_of(run_of(SRC_ARRAY), first, count), order), data_type), 0, True

        return read

    return make


def _write(order: Order) -> Callable[[Site], Callable[..., tuple[int, bool]]]:
    def make(site: Site) -> Callable[..., tuple[int, bool]]:
        data_type = site.type_of("SRC_VARIABLE", "SRC_VARIABLE")

        def write(SRC_VARIABLE: Any, DEST_ARRAY: Reference, POS: Reference) -> tuple[int, bool]:
            content = _order(encode(SRC_VARIABLE, data_type), order)
            error = _find_position_error(DEST_ARRAY, POS.get(), len(content))
            return (as_int(error), False) if error else _write_bytes(content, DEST_ARRAY, POS)

        return write

    return make


register_maker("READ_LITTLE", "&SRC_ARRAY &POS", "DEST_VARIABLE RET ENO")(_read("little"))
register_maker("READ_BIG", "&SRC_ARRAY &POS", "DEST_VARIABLE RET ENO")(_read("big"))
register_maker("WRITE_LITTLE", "SRC_VARIABLE &DEST_ARRAY &POS", "RET ENO")(_write("little"))
register_maker("WRITE_BIG", "SRC_VARIABLE &DEST_ARRAY &POS", "RET ENO")(_write("big"))
