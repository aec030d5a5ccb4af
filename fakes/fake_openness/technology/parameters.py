"""TechnologicalParameter: reading and writing the parameters of a technology object as .NET values.

Facts: docs/facts/technology-objects.md#parameters. That a value outside of the documented limits is refused, and that a Time
is given in milliseconds, are decisions (U).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from fake_openness.core.errors import EngineeringException
from fake_openness.core.objects import EngineeringObject, NamedComposition
from fake_openness.technology import parameter_values
from fake_openness.technology.parameter_values import Parameter
from fake_openness.technology.type_rules import is_advanced
from simatic_xml.model import Block
from simatic_xml.program.types.system_types import parse_type
from simatic_xml.program.types.type_text import TypeTextError
from simatic_xml.program.types.types import DataType, Elementary, Kind, Text
from simatic_xml.program.types.values import literal

if TYPE_CHECKING:
    from fake_openness.technology.technology_objects import TechnologicalInstanceDB

_MILLISECOND = 1_000_000


class TechnologicalParameter(EngineeringObject):
    """A parameter."""

    _VALUES_OF_ANY_TYPE = frozenset({"Value"})

    def __init__(self, parent: TechnologicalParameterComposition, parameter: Parameter) -> None:
        """Represent a parameter; its value is in the object's content."""
        super().__init__(parent)
        self._owner, self._parameter = parent._owner, parameter
        self._name = parameter.name

    @property
    def Name(self) -> str:
        """The path of the tag, or a name that begins with _ for what the data block does not have."""
        return self._name

    @property
    def Value(self) -> Any:
        """The value, of the .NET type of the tag; None where no value is known."""
        return value_of(parameter_values.read(self._owner._block(), self._parameter), self._parameter.member.type)

    @Value.setter
    def Value(self, value: Any) -> None:
        self._owner._plc._require_offline("Writing a parameter")
        member = self._parameter.member
        if not member.writable or self._owner._type().parameters != "write":
            raise self._refusal("technology.read_only", "it can only be read")
        content = self._owner._block()
        parameter_values.write(content, self._parameter, self._text(value))
        self._owner._keep_parameters(content)

    def _text(self, value: Any) -> str:
        """Return a value as its declaration writes it.

        Raises:
            EngineeringException: It has another type, or is outside of the limits.
        """
        member = self._parameter.member
        text = text_of(value, _type(member.type))
        if text is None:
            raise self._refusal("technology.value", f"{value!r} is not a value of the type {member.type}")
        fault = limit_fault(text, member.type, member.low, member.high)
        if fault:
            raise self._refusal("technology.range", fault)
        return text

    def _refusal(self, code: str, reason: str) -> EngineeringException:
        msg = f"The parameter '{self._name}' of '{self._owner._name}' cannot be set: {reason}."
        return EngineeringException(msg, code=code, place={"object": self._owner._name, "parameter": self._name})


class TechnologicalParameterComposition(NamedComposition[TechnologicalParameter]):
    """The parameters of one object, as its type, version and content are now."""

    def __init__(self, owner: TechnologicalInstanceDB) -> None:
        """List them."""
        super().__init__(owner)
        self._owner = owner
        for each in self._list():
            parameter = TechnologicalParameter(self, each)
            self._items.append(parameter)
            self._by_name[parameter._name.casefold()] = parameter

    def _list(self) -> Iterator[Parameter]:
        known = self._owner._type()
        if known.parameters != "none":
            plc, block = self._owner._plc, self._owner._block()
            advanced = is_advanced(plc)
            yield from parameter_values.parameters_of(block, plc._family.value, known.group, advanced=advanced)


# -- values -------------------------------------------------------------------------------


def value_of(text: str, type_name: str) -> Any:
    """Return the .NET value of a start value; the text itself for one that is no value of its type.

    A text without a value gives the default of the type.
    """
    data_type = _type(type_name)
    if not text:
        return _default(data_type)
    found = literal(text, data_type)
    if found is None:
        return text
    if isinstance(data_type, Elementary) and data_type.kind is Kind.DURATION:
        return float(found[0]) * data_type.unit / _MILLISECOND if not isinstance(found[0], str) else text
    return found[0]


def text_of(value: Any, data_type: DataType | None) -> str | None:
    """Return the start value of a .NET value; None when it has another type or does not fit."""
    if isinstance(data_type, Text):
        return f"'{value}'" if isinstance(value, str) and "'" not in value and "$" not in value else None
    if not isinstance(data_type, Elementary):
        return None
    if data_type.kind is Kind.BOOL:
        return str(value).upper() if isinstance(value, bool) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if data_type.kind is Kind.REAL:
        return _real(float(value), data_type.bits)
    if data_type.kind is Kind.DURATION:
        return f"T#{value:g}ms" if abs(value) * _MILLISECOND / data_type.unit < 1 << (data_type.bits - 1) else None
    if data_type.kind not in (Kind.INTEGER, Kind.BITS) or not isinstance(value, int):
        return None
    low = -(1 << (data_type.bits - 1)) if data_type.signed else 0
    high = (1 << (data_type.bits - data_type.signed)) - 1
    if not low <= value <= high:
        return None
    return f"16#{value:X}" if data_type.kind is Kind.BITS else str(value)


def _real(value: float, bits: int) -> str | None:
    """Return the shortest text of a number that a Real or LReal can have."""
    if value != value or value in (float("inf"), float("-inf")):
        return None
    if bits == 64:
        return repr(value)
    try:
        single = struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return None
    shortest = next(text for digits in range(6, 18) if _is_single(text := f"{value:.{digits}g}", single))
    return shortest if any(sign in shortest for sign in ".e") else f"{shortest}.0"


def _is_single(text: str, single: float) -> bool:
    try:
        return bool(struct.unpack("<f", struct.pack("<f", float(text)))[0] == single)
    except OverflowError:
        return False


def _default(data_type: DataType | None) -> Any:
    if isinstance(data_type, Text):
        return ""
    if not isinstance(data_type, Elementary):
        return None
    if data_type.kind is Kind.BOOL:
        return False
    return 0.0 if data_type.kind in (Kind.REAL, Kind.DURATION) else 0


def limit_fault(text: str, type_name: str, low: str, high: str) -> str:
    """Return why a start value is outside of its limits; empty when it is not, or when it is no value of its type."""
    data_type = _type(type_name)
    value, lowest, highest = (literal(each, data_type) if each else None for each in (text, low, high))
    if value is None or isinstance(value[0], str):
        return ""
    if lowest is not None and not isinstance(lowest[0], str) and value[0] < lowest[0]:
        return f"{text} is below the lowest value {low}"
    if highest is not None and not isinstance(highest[0], str) and value[0] > highest[0]:
        return f"{text} is above the highest value {high}"
    return ""


def _type(name: str) -> DataType | None:
    try:
        return parse_type(name)
    except TypeTextError:
        return None


def parameter_faults(owner: TechnologicalInstanceDB, block: Block) -> Iterator[tuple[str, str]]:
    """Yield name and reason of each parameter of an object whose value is outside of its limits."""
    plc = owner._plc
    for each in parameter_values.parameters_of(
        block, plc._family.value, owner._type().group, advanced=is_advanced(plc)
    ):
        fault = limit_fault(parameter_values.read(block, each), each.member.type, each.member.low, each.member.high)
        if fault:
            yield each.name, fault
