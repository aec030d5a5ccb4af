"""Values in arrays of bytes: Serialize and Deserialize, READ and WRITE with either byte order.

POS counts bytes from the first element and moves behind the bytes read or written. Serialised data have the layout of
standard access. The numbers of the errors are unverified, except for 0, which is none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

from simatic_xml.program.types.types import Elementary, Kind
from virtual_plc.instructions.data.byte_image import decode, encode, image, put_image, size_of
from virtual_plc.instructions.data.runs import Run, run_of
from virtual_plc.instructions.registry import KEEP, Reference, Site, plain, register_maker

NULL: Final = 0x8150 - 0x10000
TOO_SHORT: Final = 0x80B5 - 0x10000
Order = Literal["little", "big"]


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
        return NULL, False
    return _write_bytes(image(SRC_VARIABLE), DEST_ARRAY, POS)


def _write_bytes(content: bytes, array: Reference, POS: Reference) -> tuple[int, bool]:
    run, first = run_of(array), POS.get()
    if first < 0 or first + len(content) > len(run):
        return TOO_SHORT, False
    _put_bytes(run, first, content)
    POS.set(first + len(content))
    return 0, True


@plain("Deserialize", "&SRC_ARRAY &DEST_VARIABLE &POS", "RET ENO")
def deserialize(SRC_ARRAY: Reference | None, DEST_VARIABLE: Reference | None, POS: Reference) -> tuple[int, bool]:
    """Read the bytes of a variable from an array."""
    if SRC_ARRAY is None or DEST_VARIABLE is None:
        return NULL, False
    run, first, count = run_of(SRC_ARRAY), POS.get(), size_of(DEST_VARIABLE.type)
    if first < 0 or first + count > len(run):
        return TOO_SHORT, False
    put_image(DEST_VARIABLE, _bytes_of(run, first, count))
    POS.set(first + count)
    return 0, True


def _order(content: bytes, order: Order) -> bytes:
    return content if order == "big" else content[::-1]


def _read(order: Order) -> Callable[[Site], Callable[..., tuple[Any, int, bool]]]:
    def make(site: Site) -> Callable[..., tuple[Any, int, bool]]:
        data_type = site.type_of("DEST_VARIABLE", "DEST_VARIABLE")
        count = size_of(data_type)

        def read(SRC_ARRAY: Reference, POS: Reference) -> tuple[Any, int, bool]:
            run, first = run_of(SRC_ARRAY), POS.get()
            if first < 0 or first + count > len(run):
                return KEEP, TOO_SHORT, False
            POS.set(first + count)
            return decode(_order(_bytes_of(run, first, count), order), data_type), 0, True

        return read

    return make


def _write(order: Order) -> Callable[[Site], Callable[..., tuple[int, bool]]]:
    def make(site: Site) -> Callable[..., tuple[int, bool]]:
        data_type = site.type_of("SRC_VARIABLE", "SRC_VARIABLE")

        def write(SRC_VARIABLE: Any, DEST_ARRAY: Reference, POS: Reference) -> tuple[int, bool]:
            return _write_bytes(_order(encode(SRC_VARIABLE, data_type), order), DEST_ARRAY, POS)

        return write

    return make


register_maker("READ_LITTLE", "&SRC_ARRAY &POS", "DEST_VARIABLE RET ENO")(_read("little"))
register_maker("READ_BIG", "&SRC_ARRAY &POS", "DEST_VARIABLE RET ENO")(_read("big"))
register_maker("WRITE_LITTLE", "SRC_VARIABLE &DEST_ARRAY &POS", "RET ENO")(_write("little"))
register_maker("WRITE_BIG", "SRC_VARIABLE &DEST_ARRAY &POS", "RET ENO")(_write("big"))
