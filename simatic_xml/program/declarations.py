"""What a compiler finds in declarations once their types are known: start values, sections, duplicates, overlays, size.

Facts: tia-rules 4 and the help of TIA Portal, "Data types"; what a CPU family lacks is documented with each data type.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from simatic_xml.program.layout import size_bits, work_memory
from simatic_xml.program.nodes import DataBlockDeclaration, Value
from simatic_xml.program.ranges import fits, limits
from simatic_xml.program.types import (
    Array,
    DataType,
    Elementary,
    Kind,
    Reference,
    Special,
    Structure,
    Text,
    Unknown,
    Variable,
    type_name,
)
from simatic_xml.program.values import adapted, is_typed, literal

Problem = tuple[str, str, str]
"""Path of the member, code and message."""
Constants = Callable[[str], tuple[Value, DataType] | None]
"""Gives value and type of a constant by its name as written; None: there is none."""

_LARGEST_STANDARD = 65_536
_MISSING = {
    "S7-1200": frozenset(("LWORD", "LINT", "ULINT", "LTIME", "LTIME_OF_DAY", "LDT", "S5TIME", "DATE_AND_TIME", "TIMER",
                          "COUNTER")),
    "S7-300": (classic := frozenset(("LWORD", "LINT", "ULINT", "LTIME", "LTIME_OF_DAY", "LDT", "SINT", "USINT", "UINT",
                                     "UDINT", "LREAL", "WCHAR", "WSTRING", "DTL"))),
    "S7-400": classic,
}  # fmt: skip
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
    """What the members of an object are judged by.

    Attributes:
        kind: `OB`, `FB`, `FC`, or empty for data.
        family: CPU family that the program is for.
        constants: gives the constants that a start value may name.
    """

    kind: str
    family: str
    constants: Constants


def members(variables: tuple[Variable, ...], around: Around) -> Iterator[Problem]:
    """Yield what is wrong with the members of an object, or with everything that a block declares."""
    yield from _duplicates(variables, "")
    by_name = {each.name.casefold(): each for each in variables}
    for variable in variables:
        yield from _member(variable, "", variable.section, around)
        if variable.overlays:
            yield from _overlay(variable, by_name)


def data_block(block: DataBlockDeclaration, constants: Constants) -> Iterator[Problem]:
    """Yield what is wrong with the start values that a data block sets, and with its size."""
    for path, text in block.starts:
        data_type = at_path(block.type, path)
        if data_type is not None:
            yield from _start(text, data_type, path.removeprefix("."), constants)
    size = work_memory(block.type, optimized=False)
    if not block.optimized and size > _LARGEST_STANDARD:
        message = (
            f"The data take about {size} bytes; a block with standard access holds {_LARGEST_STANDARD}. "
            "Use optimized access, or divide the block."
        )
        yield "", "block.size", message


def at_path(data_type: DataType, path: str) -> DataType | None:
    """Return the type of what a path such as `.motors[3].speed` leads to, None when it leads to nothing."""
    found: DataType = data_type
    for step in path.replace("[", ".[").split(".")[1:]:
        if step.startswith("["):
            if not isinstance(found, Array):
                return None
            found = found.element
            continue
        member = found.member(step) if isinstance(found, Structure) else None
        if member is None:
            return None
        found = member.type
    return found


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
    yield from _allowed(variable.type, here, section, around)
    if variable.start:
        yield from _start(variable.start, variable.type, here, around.constants)
    element = variable.type.element if isinstance(variable.type, Array) else variable.type
    if isinstance(element, Structure) and element.origin == "struct":
        yield from _duplicates(element.members, f"{here}.")
        for member in element.members:
            yield from _member(member, f"{here}.", section, around)
        return
    for inner, text in variable.starts:
        data_type = at_path(variable.type, inner)
        if data_type is not None:
            yield from _start(text, data_type, f"{here}{inner}", around.constants)


def _allowed(data_type: DataType, here: str, section: str, around: Around) -> Iterator[Problem]:
    """Yield whether a type exists on the CPU and may stand in a section."""
    if isinstance(data_type, Array):
        yield from _array(data_type, here, section, around)
        data_type = data_type.element
    elif isinstance(data_type, Reference):
        inside = "." in here
        if inside or section not in _REFERENCE.get(around.kind, _NONE):
            where = "a structure" if inside else _section_text(section)
            yield here, "type.section", f"A reference is not possible in {where}; declare it as a temporary variable."
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
        message = f"'{variable.overlays}', which this variable lies over, is not declared in the block."
        yield variable.name, "declaration.overlay", message
    elif isinstance(below.type, Unknown) or isinstance(variable.type, Unknown):
        return
    elif size_bits(variable.type) > size_bits(below.type) > 0:
        message = f"'{variable.name}' is larger than '{below.name}', which it lies over; use a smaller type."
        yield variable.name, "declaration.overlay", message


def _start(text: str, data_type: DataType, here: str, constants: Constants) -> Iterator[Problem]:
    """Yield what is wrong with a start value; lists and values of structures are read elsewhere."""
    if not isinstance(data_type, Elementary | Text | Special) or isinstance(data_type, Special):
        return
    found = literal(text, data_type) or constants(text)
    if found is None:
        message = f"{text} is neither a value of {type_name(data_type)} nor a constant; write a literal of this type."
        yield here, "value.invalid", message
        return
    value, written = found
    held = value if written == data_type else _converted(value, written, data_type, is_typed(text))
    if held is None:
        message = f"{text} is no value of {type_name(data_type)}{_between(data_type)}; write another one."
        yield here, "value.range" if _comparable(written, data_type) else "value.invalid", message
    elif not fits(held, data_type):
        message = f"{text} is outside of the values of {type_name(data_type)}{_between(data_type)}; write another one."
        yield here, "value.range", message


def _converted(value: Value, written: DataType, wanted: DataType, typed: bool) -> Value | None:
    """Return a start value as the type of its member, None where it is none of its values.

    A literal without a type adapts; one with a type of the same kind keeps its value.
    """
    if isinstance(written, Text) and isinstance(wanted, Text):
        return value
    plain = adapted(value, written, wanted)
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
