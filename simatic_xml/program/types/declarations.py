"""Compiler findings in declarations with known types: start values, sections, duplicates, overlays, size.

Facts: docs/facts/tia-rules.md#data-types and the help of TIA Portal, "Data types"; types that a CPU family
lacks are documented with each data type.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from simatic_xml.limits import LIMITS, LimitError, most
from simatic_xml.program.nodes import Value
from simatic_xml.program.typed_blocks import DataBlockDeclaration
from simatic_xml.program.types.layout import data_bytes, extent, size_bits
from simatic_xml.program.types.ranges import fits, limits
from simatic_xml.program.types.start_paths import follow
from simatic_xml.program.types.start_values import StartListError, single_values
from simatic_xml.program.types.types import (
    Array,
    DataType,
    Elementary,
    Kind,
    Reference,
    Structure,
    Text,
    Unknown,
    Variable,
    type_name,
)
from simatic_xml.program.types.values import adapt, is_typed, literal

Problem = tuple[str, str, str]
"""Path of the member, code and message."""
Constants = Callable[[str], tuple[Value, DataType] | None]
"""Gives value and type of a constant by its name as written; None: there is none."""

_KB = 1024
_MISSING = {
    "S7-1200": frozenset(
        ("LWORD", "LINT", "ULINT", "LTIME", "LTIME_OF_DAY", "LDT", "S5TIME", "DATE_AND_TIME", "TIMER", "COUNTER")
    ),
    "S7-300": (
        classic := frozenset(
            (
                "LWORD",
                "LINT",
                "ULINT",
                "LTIME",
                "LTIME_OF_DAY",
                "LDT",
                "SINT",
                "USINT",
                "UINT",
                "UDINT",
                "LREAL",
                "WCHAR",
                "WSTRING",
                "DTL",
            )
        )
    ),
    "S7-400": classic,
}
_ONLY_IN = {
    "VARIANT": frozenset(("Input", "Output", "InOut", "Temp", "Return")),
    "ANY": frozenset(("Input", "Output", "InOut", "Temp", "Return")),
    "POINTER": frozenset(("Input", "Output", "InOut", "Temp", "Return")),
    "VOID": frozenset(("Return",)),
    "TIMER": frozenset(("Input",)),
    "COUNTER": frozenset(("Input",)),
}
_OPEN_ARRAY = {"FC": frozenset(("Input", "Output", "InOut")), "FB": frozenset(("InOut",))}
_REFERENCE = {
    "FC": frozenset(("Input", "Output", "Temp", "Return")),
    "FB": frozenset(("Temp",)),
    "OB": frozenset(("Temp",)),
}
_NONE: frozenset[str] = frozenset()
_INSTANCES = frozenset(("Static", "InOut", "Input", "Output"))


@dataclass(frozen=True, slots=True)
class Around:
    """The facts that the members of an object are checked against.

    Attributes:
        kind: `OB`, `FB`, `FC`, or empty for data.
        family: CPU family that the program is for.
        constants: gives the constants that a start value may name.
    """

    kind: str
    family: str
    constants: Constants


def members(variables: tuple[Variable, ...], around: Around) -> Iterator[Problem]:
    """Yield the errors of the members of an object, or of everything that a block declares."""
    yield from _duplicates(variables, "")
    yield from extents(variables, around)
    by_name = {each.name.casefold(): each for each in variables}
    for variable in variables:
        yield from _member(variable, "", variable.section, around)
        if variable.overlays:
            yield from _overlay(variable, by_name)


def data_block(block: DataBlockDeclaration, constants: Constants, data_kb: int = 0) -> Iterator[Problem]:
    """Yield the errors of the start values that a data block sets, and of its size."""
    for path, text in block.starts:
        yield from _inner_start(block.type, path, text, path.removeprefix("."), constants)
    yield from size(block.type, block.optimized, data_kb)


def size(data_type: DataType, optimized: bool, data_kb: int = 0) -> Iterator[Problem]:
    """Yield an error if data are larger than a block may be, or than the work memory of the CPU.

    Args:
        data_type: What a data block, or an instance, holds.
        optimized: Whether with optimized access.
        data_kb: Work memory for data in KB; 0 where it is not known, then that of the largest CPU.
    """
    if not optimized and (found := data_bytes(data_type, optimized=False)) > most("standard_block_bytes"):
        yield _above("standard_block_bytes", found)
    allowed = min(most("largest_data_kb"), data_kb or most("largest_data_kb"))
    used = -(-data_bytes(data_type, optimized=True) // _KB)
    if used > allowed:
        message = (
            f"The data take {used:,} KB; the work memory of the CPU for data has {allowed:,} KB. Make them smaller."
        )
        yield "", "block.size", message


def extents(variables: tuple[Variable, ...], around: Around) -> Iterator[Problem]:
    """Yield an error if a block or type declares more than TIA Portal takes: members, structures, temporary data."""
    yield from _check_member_count(variables, "")
    for each in variables:
        # The help has one level more for InOut ("Structure of a STRUCT tag").
        yield from _check_nesting(each, each.name, most("structure_nesting") + (each.section == "InOut"), 1)
    structures = sum(_structures(each.type) for each in variables)
    if structures > most("block_structures"):
        yield _above("block_structures", structures)
    temporary = Structure("", "struct", tuple(each for each in variables if each.section == "Temp"))
    used = extent(temporary).bits // 8
    if around.kind and around.family in ("S7-1200", "S7-1500") and used > most("temporary_bytes"):
        yield _above("temporary_bytes", used)


def _check_member_count(variables: tuple[Variable, ...], path: str) -> Iterator[Problem]:
    if len(variables) > most("structure_members"):
        _, code, message = _above("structure_members", len(variables))
        yield path, code, message
    for each in variables:
        inner = _element(each.type)
        if isinstance(inner, Structure) and inner.origin == "struct":
            yield from _check_member_count(inner.members, f"{path}.{each.name}".removeprefix("."))


def _check_nesting(variable: Variable, path: str, allowed: int, level: int) -> Iterator[Problem]:
    """Yield an error for the outermost structures without a name that are below the allowed levels of such structures."""
    inner = _element(variable.type)
    if not isinstance(inner, Structure) or inner.origin != "struct":
        return
    if level > allowed:
        error = LimitError(LIMITS["structure_nesting"], allowed, level)
        yield path, error.code, error.message
        return
    for each in inner.members:
        yield from _check_nesting(each, f"{path}.{each.name}", allowed, level + 1)


def _structures(data_type: DataType) -> int:
    """Return how many structures without a name a type declares; those of a PLC data type count there."""
    inner = _element(data_type)
    if not isinstance(inner, Structure) or inner.origin != "struct":
        return 0
    return 1 + sum(_structures(each.type) for each in inner.members)


def _element(data_type: DataType) -> DataType:
    return data_type.element if isinstance(data_type, Array) else data_type


def _above(name: str, found: int) -> Problem:
    error = LimitError(LIMITS[name], most(name), found)
    return "", error.code, error.message


def _duplicates(variables: tuple[Variable, ...], path: str) -> Iterator[Problem]:
    counted = Counter(each.name.casefold() for each in variables)
    seen: set[str] = set()
    for variable in variables:
        key = variable.name.casefold()
        if counted[key] > 1 and key in seen:
            message = f"'{variable.name}' is declared twice; give one of them another name."
            yield f"{path}{variable.name}", "declaration.duplicate", message
        seen.add(key)


def _member(variable: Variable, path: str, section: str, around: Around) -> Iterator[Problem]:
    here = f"{path}{variable.name}"
    yield from _check_allowed(variable.type, here, section, around)
    if variable.start and isinstance(variable.type, Reference):
        yield (
            here,
            "value.invalid",
            "A reference begins as NULL and has no start value; assign REF(...) in the program.",
        )
    elif variable.start:
        yield from _start(variable.start, variable.type, here, around.constants)
    element = variable.type.element if isinstance(variable.type, Array) else variable.type
    if isinstance(element, Structure) and element.origin == "struct":
        yield from _duplicates(element.members, f"{here}.")
        for member in element.members:
            yield from _member(member, f"{here}.", section, around)
    for inner, text in variable.starts:
        yield from _inner_start(variable.type, inner, text, f"{here}{inner}", around.constants)


def _check_allowed(data_type: DataType, here: str, section: str, around: Around) -> Iterator[Problem]:
    """Yield an error if the CPU does not have a type, or a section may not contain it."""
    if isinstance(data_type, Array):
        yield from _array(data_type, here, section, around)
        data_type = data_type.element
    elif isinstance(data_type, Reference):
        inside = "." in here
        if inside or section not in _REFERENCE.get(around.kind, _NONE):
            where = "a structure" if inside else _section_text(section)
            yield here, "type.section", f"A reference is not possible in {where}; declare it as a temporary variable."
        if around.family != "S7-1500":
            yield here, "type.not_available", f"References do not exist on an {around.family}; use VARIANT."
    key = "" if isinstance(data_type, Reference | Unknown) else type_name(data_type).partition("[")[0].upper()
    if key in _MISSING.get(around.family, _NONE):
        message = f"{type_name(data_type)} does not exist on an {around.family}; use another type."
        yield here, "type.not_available", message
    if section not in _ONLY_IN.get(key, (section,)):
        places = ", ".join(sorted(_ONLY_IN[key]))
        message = f"{type_name(data_type)} is possible only in {places}, not in {_section_text(section)}."
        yield here, "type.section", message
    if isinstance(data_type, Structure) and data_type.origin == "fb" and section not in _INSTANCES:
        message = (
            f"An instance of {type_name(data_type)} is not possible in {_section_text(section)}; declare it as static."
        )
        yield here, "type.section", message


def _array(array: Array, here: str, section: str, around: Around) -> Iterator[Problem]:
    if None in array.bounds and section not in _OPEN_ARRAY.get(around.kind, _NONE):
        message = (
            "An array with open limits is possible only as a parameter (of an FB: only as InOut); write limits here."
        )
        yield here, "type.section", message
    if isinstance(array.element, Reference):
        yield here, "type.array_element", "The elements of an array cannot be references."


def _section_text(section: str) -> str:
    return "a PLC data type" if section == "None" else section


def _overlay(variable: Variable, by_name: dict[str, Variable]) -> Iterator[Problem]:
    below = by_name.get(variable.overlays.casefold())
    if below is None:
        message = f"'{variable.overlays}', which this variable overlays, is not declared in the block."
        yield variable.name, "declaration.overlay", message
    elif isinstance(below.type, Unknown) or isinstance(variable.type, Unknown):
        return
    elif size_bits(variable.type) > size_bits(below.type) > 0:
        message = f"'{variable.name}' is larger than '{below.name}', which it overlays; use a smaller type."
        yield variable.name, "declaration.overlay", message


def _inner_start(root: DataType, path: str, text: str, here: str, constants: Constants) -> Iterator[Problem]:
    """Yield the errors of a start value for the target of a path."""
    way = follow(root, path)
    if way is not None:
        yield from _start(text, way.type, here, constants)
    elif not isinstance(root, Unknown):
        message = f"The start value {text} belongs to no member or element; correct the name or index, or delete it."
        yield here, "value.target", message


def _start(text: str, data_type: DataType, here: str, constants: Constants) -> Iterator[Problem]:
    """Yield the errors of a start value; one with several values was split before, where possible."""
    if isinstance(data_type, Array | Structure):
        yield from _compound(text, data_type, here)
        return
    if not isinstance(data_type, Elementary | Text):
        return
    found = literal(text, data_type) or constants(text)
    if found is None:
        message = f"{text} is neither a value of {type_name(data_type)} nor a constant; write a literal of this type."
        yield here, "value.invalid", message
        return
    value, written = found
    held = value if written == data_type else _convert(value, written, data_type, is_typed(text))
    if held is None:
        message = f"{text} is not a value of {type_name(data_type)}{_between(data_type)}; write another one."
        yield here, "value.range" if _comparable(written, data_type) else "value.invalid", message
    elif not fits(held, data_type):
        message = f"{text} is outside of the values of {type_name(data_type)}{_between(data_type)}; write another one."
        yield here, "value.range", message


def _compound(text: str, data_type: Array | Structure, here: str) -> Iterator[Problem]:
    """Yield why the start value of an array or structure could not be split; that of a DTL is one literal."""
    found = literal(text)
    if isinstance(data_type, Structure) and (data_type.open or (found is not None and found[1] == data_type)):
        return
    why = f"Write {'a list of values' if isinstance(data_type, Array) else 'the values of its members in brackets'}."
    try:
        list(single_values(text, data_type))
    except StartListError as error:
        why = str(error)
    yield here, "value.invalid", f"{text} is not a start value of {type_name(data_type)}. {why}"


def _convert(value: Value, written: DataType, wanted: DataType, typed: bool) -> Value | None:
    """Return a start value as the type of its member, None where it is none of its values.

    A literal without a type adapts; one with a type of the same kind keeps its value.
    """
    if isinstance(written, Text) and isinstance(wanted, Text):
        return value
    plain = adapt(value, written, wanted)
    if plain is not None:
        return plain
    if not isinstance(written, Elementary) or not isinstance(wanted, Elementary) or isinstance(value, str):
        return None
    return value if typed and written.kind is wanted.kind and written.unit == wanted.unit else None


def _comparable(written: DataType, wanted: DataType) -> bool:
    numbers = (Kind.BITS, Kind.INTEGER)
    return all(isinstance(each, Elementary) and each.kind in numbers for each in (written, wanted))


def _between(data_type: DataType) -> str:
    allowed = limits(data_type) if isinstance(data_type, Elementary) else None
    counted = isinstance(data_type, Elementary) and not data_type.unit
    return f" ({allowed[0]} to {allowed[1]})" if allowed and counted else ""
