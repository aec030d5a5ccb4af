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
from simatic_xml.program.types import overlays
from simatic_xml.program.types.layout import data_bytes, extent
from simatic_xml.program.types.placement import SECTIONS, Surroundings, refusal
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
_LOWEST_INDEX, _HIGHEST_INDEX = -32768, 32767
"""The limits of an array with standard access."""
_OBJECTS = {"OB": "An organization block", "FB": "A function block", "FC": "A function", "": "A data block"}


def _no_constant(text: str) -> None:
    """Return no constant for a name."""


@dataclass(frozen=True, slots=True)
class Around(Surroundings):
    """The facts that the members of an object are checked against.

    Attributes:
        constants: gives the constants that a start value may name.
    """

    constants: Constants = _no_constant


def members(variables: tuple[Variable, ...], around: Around) -> Iterator[Problem]:
    """Yield the errors of the members of an object, or of everything that a block declares."""
    yield from _duplicates(variables, "")
    yield from extents(variables, around)
    yield from overlays.check(variables, around)
    for variable in variables:
        if variable.section not in SECTIONS[around.kind]:
            message = (
                f"{_OBJECTS[around.kind]} has no section {variable.section}; declare '{variable.name}' in another one."
            )
            yield variable.name, "declaration.section", message
        else:
            yield from _member(variable, "", variable.section, around)


def tag(data_type: DataType, around: Around) -> Iterator[Problem]:
    """Yield an error if the CPU does not have the type of a PLC tag."""
    yield from (each for each in _check_allowed(data_type, "", "Static", around) if each[1] == "type.not_available")


def element(array: Array, around: Around) -> Iterator[Problem]:
    """Yield the errors in the type of an ARRAY data block."""
    yield from _check_allowed(array, "", "Static", around)


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
    if (variable.start or variable.starts) and (why := _refuse_start(variable, section)):
        yield here, "declaration.start", why
    elif variable.start and isinstance(variable.type, Reference):
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
    inside = "." in here
    if isinstance(data_type, Array):
        yield from _refused(data_type, here, section, around, inside=inside)
        if around.access == "standard":
            yield from _check_limits(data_type, here)
        if isinstance(data_type.element, Reference):
            yield here, "type.array_element", "The elements of an array cannot be references."
        data_type, inside = data_type.element, True
    elif isinstance(data_type, Reference) and inside:
        message = "A reference is not possible in a structure; declare it as a temporary variable."
        yield here, "type.section", message
    yield from _refused(data_type, here, section, around, inside=inside)


def _check_limits(array: Array, here: str) -> Iterator[Problem]:
    """Yield an error for limits beyond those of an Int (help, "Basic information on ARRAY")."""
    for low, high in filter(None, array.bounds):
        if low < _LOWEST_INDEX or high > _HIGHEST_INDEX:
            message = (
                f"With standard access the limits of an array are {_LOWEST_INDEX} to {_HIGHEST_INDEX}, not"
                f" {low}..{high}; choose others, or optimized access."
            )
            yield here, "type.bounds", message


def _refused(data_type: DataType, here: str, section: str, around: Around, *, inside: bool) -> Iterator[Problem]:
    found = refusal(data_type, section, around, inside=inside)
    if found is not None:
        yield here, *found


def _refuse_start(variable: Variable, section: str) -> str:
    """Return why a variable cannot have a default value, empty if it can.

    TIA Portal's help, "Declaring the block interface", heading "Assigning default values to block parameters". In/outs of a
    PLC data type may have one under conditions that the page does not name.
    """
    if variable.overlays:
        return f"'{variable.name}' overlays '{variable.overlays}' and has its value; remove the default value."
    if isinstance(variable.type, Reference):
        return ""
    if isinstance(variable.type, Elementary) and variable.type.kind in (Kind.TIMER, Kind.COUNTER):
        return f"The parameter '{variable.name}' of type {type_name(variable.type)} has no default value; remove it."
    if section == "Temp":
        return f"The temporary variable '{variable.name}' has no default value; assign the value in the program."
    structured = isinstance(variable.type, Array) or (isinstance(variable.type, Structure) and not variable.type.name)
    if section == "InOut" and structured:
        return f"The in/out parameter '{variable.name}' has a structured type and no default value; remove it."
    return ""


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
