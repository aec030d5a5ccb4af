"""Declared members of the model as typed variables, with all errors of their declaration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING

from simatic_xml import model
from simatic_xml.program.types.declarations import Problem
from simatic_xml.program.types.literal_text import default_text
from simatic_xml.program.types.start_paths import follow, step
from simatic_xml.program.types.start_values import split_value
from simatic_xml.program.types.system_types import open_type
from simatic_xml.program.types.type_text import TypeTextError, parse
from simatic_xml.program.types.types import UNKNOWN, Array, DataType, Structure, Variable
from simatic_xml.program.types.values import literal

if TYPE_CHECKING:
    from simatic_xml.program.symbols import Symbols

_RETENTIVE = ("Retain",)
_KEPT = frozenset(("Input", "Output", "Static", "None"))
_ARRAY = re.compile(r"\s*array\s*\[([^\]]*)\]\s*of\s+", re.IGNORECASE)


class Reader:
    """Reads the members of one object.

    Attributes:
        problems: the errors of their types: path, code, message.
        references: path of each member that has a named type, with that name.
        has_instances: whether the members keep values, so that they have the default of a named value data type.
    """

    def __init__(self, symbols: Symbols, constants: model.Section | None = None) -> None:
        """Prepare for an object.

        Args:
            symbols: gives types and constants.
            constants: the object's own constants, which bounds and lengths may use.
        """
        self.problems: list[Problem] = []
        self.references: list[tuple[str, str]] = []
        self.has_instances = True
        self._symbols = symbols
        self._constants = {each.name.casefold(): each for each in (constants.members if constants else ())}

    def members(self, block: model.Block) -> tuple[Variable, ...]:
        """Return the members of a data block."""
        return tuple(self.variable(each, section) for section, each in block.members())

    def variable(self, member: model.Member, section: str, path: str = "", *, repeated: bool = False) -> Variable:
        """Return a member with its type.

        Args:
            member: as declared.
            section: where it is declared; a constant without a value has the default of its type (seen in programs).
            path: path of its parent, ending in a point unless it is empty.
            repeated: whether it is within an array; start values with the indices of that array belong to the array.
        """
        here = f"{path}{member.name}"
        overlays = next((each.value for each in member.attributes if each.name == "At"), "")
        data_type = self._type(member, here, repeated=repeated)
        start = self._symbols.named_values.literals(member.start_value or "")
        start = start or (default_text(data_type) if section == "Constant" else self._named_default(member, section))
        if start and isinstance(data_type, Structure) and data_type.origin == "fb":
            message = f"The instance '{member.name}' has no list of start values; assign them in the program."
            self.problems.append((here, "declaration.start", message))
        starts = [*_inner_starts(member), *([("", start)] if start else [])]
        single = list(split_value(starts, data_type)) if isinstance(data_type, Array | Structure) else starts
        own = next((text for path, text in single if not path), "")
        inner = tuple((to, text) for to, text in single if to and not (repeated and follow(data_type, to) is None))
        return Variable(member.name, data_type, section, own, member.remanence or "", overlays, inner)

    def _named_default(self, member: model.Member, section: str) -> str:
        """Return the default of a named value data type as a start value, for each element of an array; empty for none."""
        named = self._symbols.named_values
        if not named or not self.has_instances or section not in _KEPT:
            return ""
        array = _ARRAY.match(member.data_type)
        found = named.find(member.data_type[array.end() :] if array else member.data_type)
        if found is None or not array:
            return found.default_literal if found else ""
        data_type = parse(member.data_type, self._symbols.find_type, self._symbols.constants(self._constant))
        bounds = [each for each in data_type.bounds if each is not None] if isinstance(data_type, Array) else []
        count = prod([high - low + 1 for low, high in bounds]) if bounds else 0
        return f"[{count}({found.default_literal})]" if count else ""

    def array(self, block: model.Block) -> DataType:
        """Return the type of an ArrayDB: that of its only member."""
        members = self.members(block)
        return members[0].type if members else UNKNOWN

    def unknown_instance(self, name: str) -> None:
        """Report that the type of an instance data block does not exist."""
        message = f'The data block is an instance of "{name}", which does not exist. Create it, or delete the block.'
        self.problems.append(("", "type.unknown", message))

    def starts(self, block: model.Block, data_type: DataType) -> Iterator[tuple[str, str]]:
        """Yield the start values that a data block of a type sets itself, by path; an ArrayDB's begin in its array."""
        literals = self._symbols.named_values.literals
        found = [each for root, member in _roots(block, data_type) for each in _starts(member, root)]
        yield from split_value([(path, literals(text)) for path, text in found], data_type)

    def retains(self, block: model.Block, data_type: DataType) -> Iterator[str]:
        """Yield the paths of retentive members of a data block of a type, as for `starts`."""
        for root, member in _roots(block, data_type):
            yield from _retains(member, root)

    def _type(self, member: model.Member, here: str, *, repeated: bool) -> DataType:
        struct = None
        if member.members or member.data_type.casefold().endswith("struct"):
            listed = repeated or member.data_type.casefold().startswith("array")
            inner = (self.variable(each, "None", f"{here}.", repeated=listed) for each in member.members)
            struct = Structure("", "struct", tuple(inner))

        def find_type(name: str, quoted: bool) -> DataType | None:
            self.references.append((here, name))
            return self._symbols.find_type(name, quoted)

        try:
            found = parse(member.data_type, find_type, self._symbols.constants(self._constant), struct)
        except TypeTextError as error:
            if error.code == "type.unknown" and member.version is not None:
                return self._of_library(open_type(member.data_type), member, here)
            self.problems.append((here, error.code, error.message))
            return UNKNOWN
        unlisted = isinstance(found, Structure) and found.open and not found.members and not found.instruction
        return self._of_library(found, member, here) if unlisted and isinstance(found, Structure) else found

    def _of_library(self, known: Structure, member: model.Member, here: str) -> Structure:
        """Return a system type of which only the name is known, with the members that the file lists for it."""
        listed = (each for section in member.sections for each in section.members)
        inner = tuple(self.variable(each, "None", f"{here}.") for each in listed)
        return Structure(known.name, "system", inner, open=True) if inner else known

    def _constant(self, text: str) -> int | None:
        found = self._constants.get(text.removeprefix("#").strip('"').casefold())
        read = literal(found.start_value or "", None) if found is not None else None
        return read[0] if read and isinstance(read[0], int) and not isinstance(read[0], bool) else None


def _roots(block: model.Block, data_type: DataType) -> Iterator[tuple[str, model.Member]]:
    """Yield the members of a data block with their paths; the only member of an ArrayDB is the data block itself."""
    for _, member in block.members():
        yield "" if isinstance(data_type, Array) else step(member.name), member


def _starts(member: model.Member, path: str, around: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the start values of a member and within it; a list of values is the last, it wins over those of the members."""
    for inner, value in _inner_starts(member, around):
        yield f"{path}{inner}", value
    if member.start_value is not None and not member.start_value_informative and not around:
        yield path, member.start_value


def _inner_starts(member: model.Member, around: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the start values within a member by the path after its name.

    A start value without the indices of the arrays around it belongs to the type of their elements, which has it.

    Args:
        member: as declared.
        around: dimensions of the arrays that it is in.
    """
    dimensions = around + _dimensions(member.data_type)
    for element in member.subelements:
        if element.start_value is not None and (not around or element.path.count(",") + 1 == dimensions):
            yield f"[{element.path}]", element.start_value
    for inner in _children(member):
        yield from _starts(inner, step(inner.name), dimensions)


def _dimensions(data_type: str) -> int:
    """Return how many indices the element of an array needs; 0 for anything else."""
    found = _ARRAY.match(data_type)
    return 0 if found is None else found[1].count(",") + 1 + _dimensions(data_type[found.end() :])


def _children(member: model.Member) -> Iterator[model.Member]:
    yield from member.members
    for section in member.sections:
        yield from section.members


def _retains(member: model.Member, path: str) -> Iterator[str]:
    if member.remanence in _RETENTIVE:
        yield path
    for inner in _children(member):
        yield from _retains(inner, f"{path}{step(inner.name)}")
