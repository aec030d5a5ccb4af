"""Live values of the rows of a watch table, and modifying them, in a virtual controller of PLCSIM Advanced.

Openness shows and modifies nothing; the bridge uses the tag list for rows with a symbol, and the areas of inputs,
outputs and bit memory for rows with an address. Facts: docs/facts/plcsim-advanced.md#values,
docs/facts/openness-program.md#watch-and-force-tables, docs/facts/openness.md#what-openness-cannot-do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from openness_bridge.enumerations import WatchFormat
from openness_bridge.errors import Detail, Kind, Place, Problem
from openness_bridge.plcsim import tags as plcsim_tags
from openness_bridge.plcsim.display_formats import Scalar, format_value, of_raw, raw
from openness_bridge.plcsim.runtime import Handle, Simulation
from openness_bridge.plcsim.values import elementary
from openness_bridge.program.watch import Row
from openness_bridge.program_identity import ProgramState, unknown_state
from simatic_xml.lazy import import_later
from simatic_xml.program.types.ranges import fits
from simatic_xml.program.types.types import ELEMENTARY, Elementary

if TYPE_CHECKING:
    from simatic_xml.program.types import values as literals
else:
    literals = import_later("simatic_xml.program.types.values")


_ADDRESS = re.compile(
    r"^%?(?P<area>[IEQAM])(?P<size>[XBWDL]?)(?P<byte>\d+)(?:\.(?P<bit>[0-7]))?(?::P)?$", re.IGNORECASE
)
_AREAS = {"I": "InputArea", "E": "InputArea", "Q": "OutputArea", "A": "OutputArea", "M": "MarkerArea"}
_SIZES = {"": "BOOL", "X": "BOOL", "B": "BYTE", "W": "WORD", "D": "DWORD", "L": "LWORD"}
_TYPES = {
    ("Float", 32): "REAL",
    ("Float", 64): "LREAL",
    ("DEC_signed", 8): "SINT",
    ("DEC_signed", 16): "INT",
    ("DEC_signed", 32): "DINT",
    ("DEC_signed", 64): "LINT",
    ("Time", 32): "TIME",
    ("Time", 64): "LTIME",
}
"""Types that follow from the display format of a row with an address."""


class RowValue(msgspec.Struct, rename="camel", frozen=True):
    """The value of a row.

    Attributes:
        number: 1-based place in the table.
        name: The operand's symbol.
        address: The operand's address.
        value: As its type has it; null when it cannot be read.
        text: In the display format of the row.
        data_type: Type of the operand.
        error: Why there is no value.
        online: Whether the CPU executes the program of the open project.
    """

    number: int
    name: str
    address: str
    display_format: WatchFormat
    value: bool | int | float | str | None
    text: str
    data_type: str
    error: Detail | None
    online: ProgramState = msgspec.field(default_factory=unknown_state)


@dataclass(frozen=True, slots=True)
class Operand:
    """An operand with an address.

    Attributes:
        area: Property of the instance that has it.
        byte: Its first byte.
        bit: Its bit; 0 for anything but a bit.
        type: Its type, by size and display format.
    """

    area: str
    byte: int
    bit: int
    type: Elementary


def values(simulation: Simulation, instance: str, rows: Sequence[Row]) -> list[RowValue]:
    """Return the values of all rows but comments; those with symbols are of the same moment.

    Raises:
        Problem: The instance is off, or not registered.
    """
    handle = simulation.handle(instance)
    operands = [row for row in rows if row.name or row.address]
    outcomes = iter(plcsim_tags.read_many(simulation, instance, [row.name for row in operands if row.name]))
    return [_of_tag(row, next(outcomes)) if row.name else _of_address(handle, row) for row in operands]


def modify(simulation: Simulation, instance: str, rows: Sequence[Row]) -> list[RowValue]:
    """Write the modify values of rows, once; all of them, or none when one cannot be written.

    Raises:
        Problem: With a detail for each row that has no value, or one that does not fit.
    """
    handle = simulation.handle(instance)
    tags = [(row.name, row.modify_value) for row in rows if row.name]
    prepared, details = [], []
    for row in rows:
        try:
            _require_value(row)
            if not row.name:
                prepared.append((found := operand(row), _parse(row, found.type)))
        except Problem as problem:
            details.append(Detail(problem.code, problem.message, Place(object=row.name or row.address, row=row.number)))
    if details:
        msg = f"{len(details)} of {len(rows)} rows cannot be modified, so none was: {details[0].message}"
        raise Problem(details[0].code, msg, kind=Kind.REFUSED, place=details[0].place, details=details)
    if tags:
        plcsim_tags.write_many(simulation, instance, tags)
    for target, value in prepared:
        _write(handle, target, value)
    return values(simulation, instance, rows)


def operand(row: Row) -> Operand:
    """Return the operand of a row without a symbol.

    Raises:
        Problem: PLCSIM Advanced reaches no such address.
    """
    found = _ADDRESS.match(row.address)
    if found is None or (found["bit"] is None) != (_SIZES[found["size"].upper()] != "BOOL"):
        msg = f"'{row.address}' is not an address of inputs, outputs or bit memory: name the operand by its symbol."
        raise Problem("watch.address", msg, kind=Kind.REFUSED)
    size = ELEMENTARY[_SIZES[found["size"].upper()]]
    data_type = ELEMENTARY[_TYPES.get((row.display_format, size.bits), size.name.upper())]
    return Operand(_AREAS[found["area"].upper()], int(found["byte"]), int(found["bit"] or 0), data_type)


# -- inside ---------------------------------------------------------------------------


def _of_tag(row: Row, outcome: plcsim_tags.Outcome) -> RowValue:
    kind = elementary(outcome.data_type)
    text = outcome.text
    if kind is not None and outcome.value is not None and row.display_format:
        text = format_value(outcome.value, kind, row.display_format)
    return RowValue(
        row.number, row.name, row.address, row.display_format, outcome.value, text, outcome.data_type, outcome.error
    )


def _of_address(handle: Handle, row: Row) -> RowValue:
    try:
        found = operand(row)
        value = _read(handle, found)
    except Problem as problem:
        error = Detail(problem.code, problem.message, Place(object=row.address, row=row.number))
        return RowValue(row.number, "", row.address, row.display_format, None, "", "", error)
    text = format_value(value, found.type, row.display_format)
    return RowValue(row.number, "", row.address, row.display_format, value, text, found.type.name, None)


def _read(handle: Handle, found: Operand) -> Scalar:
    with handle.use() as api:
        area: Any = getattr(api, found.area)
        if found.type.bits == 1:
            return bool(area.ReadBit(found.byte, found.bit))
        content = bytes(int(each) for each in area.ReadBytes(found.byte, found.type.bits // 8))
    return of_raw(int.from_bytes(content, "big"), found.type)


def _write(handle: Handle, found: Operand, value: Scalar) -> None:
    with handle.use() as api:
        area: Any = getattr(api, found.area)
        if found.type.bits == 1:
            area.WriteBit(found.byte, found.bit, bool(value))
            return
        content = (raw(value, found.type) or 0).to_bytes(found.type.bits // 8, "big")
        for offset, byte in enumerate(content):
            area.WriteByte(found.byte + offset, byte)


def _require_value(row: Row) -> None:
    if not row.modify_value:
        what = row.name or row.address or "a comment"
        raise Problem("watch.no_modify_value", f"Row {row.number} ({what}) has no modify value.", kind=Kind.REFUSED)


def _parse(row: Row, data_type: Elementary) -> Scalar:
    """Return the modify value of a row as its type has it.

    Raises:
        Problem: The value is not of that type.
    """
    found = literals.literal(row.modify_value.strip(), data_type)
    value = found[0] if found is not None else None
    if data_type.bits == 1 and value in (0, 1):
        value = bool(value)
    if value is None or not isinstance(value, bool | int | float | str) or not fits(value, data_type):
        msg = f"'{row.modify_value}' is not a value of {data_type.name} ({row.address})."
        raise Problem("watch.modify_value", msg, kind=Kind.REFUSED)
    return value
