"""Where a type can be declared: one table for sections, kinds of block, access, CPU families and firmware.

`placement.csv` has the rows: `types` with names and classes of types, `cpus` with the lowest firmware where there is one
(empty for all), `access` (empty for both), then the sections of each kind of block (`*` for all, `-` before those that are
excluded, empty for none); `data` is for data blocks and PLC data types. A type without a row can be declared anywhere.
Source: TIA Portal's help, "Declaring the block interface", heading "Valid data types in the block interface", and "Data
types", heading "Overview of the valid data types"; docs/conformance-types.md#rules-outside-of-the-tables has the decisions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from simatic_xml.instructions import covers
from simatic_xml.program.types.conversions import read_rows
from simatic_xml.program.types.types import Array, DataType, Elementary, Reference, Special, Structure, Text, type_name

SECTIONS = {
    "OB": ("Input", "Temp", "Constant"),
    "FB": ("Input", "Output", "InOut", "Static", "Temp", "Constant"),
    "FC": ("Input", "Output", "InOut", "Temp", "Constant", "Return"),
    "": ("Static", "None"),
}
"""The sections of each kind of block; of data without a kind."""
_ORIGINS = {"struct": "STRUCT", "udt": "UDT", "fb": "FB"}
_UNWRITTEN = 254
_LONGEST_RESULT = 1022


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a member is declared.

    Attributes:
        kind: `OB`, `FB`, `FC`, or empty for data.
        family: CPU family that the program is for.
        firmware: of the CPU; empty where it is not known.
        access: `optimized` or `standard`; empty where the file does not have it.
        language: of the block, empty for data.
    """

    kind: str
    family: str
    firmware: str = ""
    access: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    cpus: dict[str, str]
    access: str
    sections: dict[str, frozenset[str]]

    def has_cpu(self, around: Surroundings) -> bool:
        return not self.cpus or covers(self.cpus, around.family, around.firmware)

    def has_section(self, section: str, around: Surroundings) -> bool:
        return section in self.sections[around.kind]


def refusal(data_type: DataType, section: str, around: Surroundings, *, inside: bool = False) -> tuple[str, str] | None:
    """Return code and message for a type that cannot be declared in a section, None where it can be.

    Args:
        data_type: the type; the caller asks for the element of an array separately.
        section: where it is declared, or the member or array around it.
        around: the block and the CPU.
        inside: whether it is a member of a structure or the element of an array.
    """
    return next(
        (found for key in _keys(data_type, inside=inside) if (found := _refusal(key, data_type, section, around))), None
    )


def _refusal(key: str, data_type: DataType, section: str, around: Surroundings) -> tuple[str, str] | None:
    rows = _table().get(key)
    if rows is None:
        return None
    name = type_name(data_type)
    on_cpu = [row for row in rows if row.has_cpu(around)]
    if not on_cpu:
        return "type.not_available", _lacking(key, name, rows, around)
    here = [row for row in on_cpu if row.has_section(section, around)]
    if not here:
        places = [each for each in SECTIONS[around.kind] if any(row.has_section(each, around) for row in on_cpu)]
        where = f"in {', '.join(places)}" if places else "in other objects"
        return "type.section", f"{name} is possible only {where}, not in {section_text(section)}."
    if not any(row.access in ("", around.access) or not around.access for row in here):
        return "type.section", f"{name} is possible in {section_text(section)} only with {here[0].access} block access."
    if key == "ANY" and section == "Return" and around.language == "SCL":
        return "type.section", "A function in SCL cannot return Any; return the result with an output parameter."
    return None


def _lacking(key: str, name: str, rows: list[_Row], around: Surroundings) -> str:
    """Return the message about a type that the CPU does not have, with the firmware that would have it."""
    least = next((row.cpus[around.family] for row in rows if row.cpus.get(around.family)), "")
    if least:
        return f"{name} does not exist on an {around.family} {around.firmware}; it needs firmware {least}."
    instead = "VARIANT" if key == "REF_TO" and around.family == "S7-1200" else "another type"
    return f"{name} does not exist on an {around.family}; use {instead}."


def section_text(section: str) -> str:
    """Return how a message names a section."""
    return "a PLC data type" if section == "None" else section


def _keys(data_type: DataType, *, inside: bool) -> Iterator[str]:
    """Yield the classes of the table that a type belongs to.

    A text or structure inside of another one follows the type around it: its length and kind are free.
    """
    match data_type:
        case Reference():
            yield "REF_TO"
        case Array():
            yield "ARRAY[*]" if None in data_type.bounds else "ARRAY"
        case Text():
            yield from () if inside else _list_text_keys(data_type)
        case Structure():
            yield _ORIGINS.get(data_type.origin, data_type.name.upper())
            if data_type.instruction:
                yield "INSTRUCTION"
        case Elementary() | Special():
            yield data_type.name.upper()


def _list_text_keys(text: Text) -> Iterator[str]:
    name = text.name.upper()
    yield name
    if text.length not in (None, _UNWRITTEN):
        yield f"{name}[n]"
    if text.length is not None and text.length > _LONGEST_RESULT:
        yield f"{name}[>{_LONGEST_RESULT}]"


@cache
def _table() -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for row in read_rows("placement.csv"):
        cpus = {family: least for family, _, least in (each.partition(":") for each in row["cpus"].split())}
        columns = {kind: row[kind.lower() or "data"] for kind in SECTIONS}
        read = _Row(cpus, row["access"], {kind: _read_sections(text, kind) for kind, text in columns.items()})
        for key in row["types"].split():
            found.setdefault(key, []).append(read)
    return found


def _read_sections(text: str, kind: str) -> frozenset[str]:
    if text == "*":
        return frozenset(SECTIONS[kind])
    named = frozenset(text.removeprefix("-").split())
    return frozenset(SECTIONS[kind]) - named if text.startswith("-") else named
