"""The rules by which TIA Portal refuses tags and constants, single ones or whole tables.

Facts: docs/facts/tia-rules.md#names, docs/facts/tia-rules.md#addresses, docs/facts/tia-rules.md#data-types.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import TAG_LENGTH, already_exists, are_usual, require_name
from fake_openness.program import addresses
from fake_openness.program.data_types import element_type, is_system_type
from fake_openness.program.plc import _Plc
from fake_openness.tags.tag_names import tables_of
from simatic_xml.model import Tag, TagTable, UserConstant

if TYPE_CHECKING:
    from fake_openness.tags.tag_tables import PlcTagTable

_RANGES = {
    "sint": (-128, 127),
    "usint": (0, 255),
    "byte": (0, 255),
    "int": (-32768, 32767),
    "uint": (0, 65535),
    "word": (0, 65535),
    "dint": (-(1 << 31), (1 << 31) - 1),
    "udint": (0, (1 << 32) - 1),
    "dword": (0, (1 << 32) - 1),
    "lint": (-(1 << 63), (1 << 63) - 1),
    "ulint": (0, (1 << 64) - 1),
    "lword": (0, (1 << 64) - 1),
}
_BASES = {"2#": 2, "8#": 8, "16#": 16}


def check_tag(plc: _Plc, tag: Tag, *, imported: bool = False) -> None:
    """Refuse a tag that this PLC cannot have, and normalise its address.

    Raises:
        EngineeringTargetInvocationException: A rule is broken.
    """
    if not imported:
        require_type(plc, tag.name, tag.data_type)
    require_name(tag.name, "tag", TAG_LENGTH)
    known = is_known_type(plc, tag.data_type, imported=imported)
    tag.address = addresses.normalise(tag.address, tag.data_type, plc._cpu.limits, any_width=not known)


def check_constant(plc: _Plc, constant: UserConstant) -> None:
    """Refuse a user constant that this PLC cannot have.

    Raises:
        EngineeringTargetInvocationException: A rule is broken.
    """
    require_name(constant.name, "user constant", TAG_LENGTH)
    require_type(plc, constant.name, constant.data_type)
    require_value(constant)


def is_known_type(plc: _Plc, data_type: str, *, imported: bool = False) -> bool:
    """Return whether a tag or constant may have a data type; an import may come before its PLC data types."""
    plain = element_type(data_type)
    later = imported and plain.startswith('"')
    return is_system_type(plain) or later or plc._program.find(plain.strip('"')) is not None


def require_type(plc: _Plc, name: str, data_type: str) -> None:
    """Refuse a data type that is not known.

    Raises:
        EngineeringTargetInvocationException: The type is not known.
    """
    if not is_known_type(plc, data_type):
        msg = f"The data type '{data_type}' of '{name}' is unknown."
        raise EngineeringTargetInvocationException(msg, code="tag.data_type", place={"tag": name})


def require_value(constant: UserConstant) -> None:
    """Refuse a value that does not fit the constant's type.

    Raises:
        EngineeringTargetInvocationException: Not a value, or out of range.
    """
    kind, text = constant.data_type.casefold(), constant.value.strip()
    if kind == "bool":
        good = text.casefold() in ("true", "false", "0", "1")
    elif kind in _RANGES:
        low, high = _RANGES[kind]
        number = _whole(text)
        good = number is not None and low <= number <= high
    elif kind in ("real", "lreal"):
        good = _is_real(text)
    else:
        good = bool(text)
    if not good:
        msg = f"'{constant.value}' is not a value of the type {constant.data_type} for the constant '{constant.name}'."
        raise EngineeringTargetInvocationException(msg, code="constant.value", place={"constant": constant.name})


def _whole(text: str) -> int | None:
    plain = text.replace("_", "")
    base = next((base for prefix, base in _BASES.items() if plain.startswith(prefix)), 10)
    try:
        return int(plain.partition("#")[2] if base != 10 else plain, base)
    except ValueError:
        return None


def _is_real(text: str) -> bool:
    try:
        float(text.replace("_", ""))
    except ValueError:
        return False
    return True


def check_table(plc: _Plc, table: TagTable, replaced: PlcTagTable | None) -> None:
    """Refuse a whole table that this PLC cannot have.

    A tag whose data type is not known is imported as it is; the compiler reports it (docs/facts/tia-rules.md#data-types).

    Args:
        plc: The PLC.
        table: The table with its rows.
        replaced: The table that it takes the place of, whose names become free.

    Raises:
        EngineeringTargetInvocationException: A rule is broken.
    """
    types = {tag.data_type for tag in table.tags}
    known = {data_type for data_type in types if is_known_type(plc, data_type, imported=True)}
    limits, usual = plc._cpu.limits, are_usual([tag.name for tag in table.tags], TAG_LENGTH)
    for tag in table.tags:
        if not usual:
            require_name(tag.name, "tag", TAG_LENGTH)
        tag.address = addresses.normalise(tag.address, tag.data_type, limits, any_width=tag.data_type not in known)
    for constant in table.constants:
        check_constant(plc, constant)
    names = [row.name.casefold() for row in _rows(table)]
    _require_unique(names, table)
    taken = set(names)
    for other in tables_of(plc):
        if other is not replaced and not taken.isdisjoint(other._all_names()):
            raise already_exists(next(n for n in names if n in other._all_names()), "tag or constant")
    blocks = plc._program.find_first(names)
    if blocks is not None:
        raise already_exists(blocks, "block or data type")


def _rows(table: TagTable) -> Iterable[Tag | UserConstant]:
    return chain(table.tags, table.constants)


def _require_unique(names: list[str], table: TagTable) -> None:
    if len(set(names)) < len(names):
        twice = Counter(names).most_common(1)[0][0]
        msg = f"The name '{twice}' occurs twice in the table '{table.name}'."
        raise EngineeringTargetInvocationException(msg, code="import.twice", place={"name": twice})
