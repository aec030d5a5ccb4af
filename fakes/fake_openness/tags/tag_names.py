"""The one name space of tags and constants over all tag tables of a PLC.

Facts: docs/facts/tia-rules.md#names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.program.plc import Row, _Plc
from simatic_xml.model import UserConstant

if TYPE_CHECKING:
    from fake_openness.tags.tag_tables import PlcTagTable


def tables_of(plc: _Plc) -> Iterator[PlcTagTable]:
    """Yield all tag tables of a PLC."""
    for group in plc._trees()["tags"]._walk():
        yield from group._items_here()


class _TagNames:
    """Finds tags and constants in all tag tables."""

    def __init__(self, plc: _Plc) -> None:
        """Search the tables of a PLC."""
        self._plc = plc

    def find(self, name: str) -> Row | None:
        """Return the tag or user constant of a name."""
        for table in tables_of(self._plc):
            row = table._tags._find_row(name) or table._constants._find_row(name)
            if row is not None:
                return row
        return None

    def constants(self) -> frozenset[str]:
        """Return the names of the user constants, without regard to case."""
        return frozenset(name for table in tables_of(self._plc) for name in table._constants._names())

    def rows(self) -> dict[str, Row]:
        """Return every tag, user constant and system constant by its name, without regard to case."""
        tables = list(tables_of(self._plc))
        rows: dict[str, Row] = {
            constant._name.casefold(): UserConstant(constant._name, constant._type, constant._value)
            for table in tables
            for constant in table._system._constants()
        }
        for table in tables:
            rows |= {**table._tags._names(), **table._constants._names()}
        return rows

    def add_missing(self, data_types: Mapping[str, str]) -> None:
        """Make a tag in the default table for each address that has none, as the generation from a source does.

        The names are Tag_ and a time stamp (TIA Portal: help, "Basics of using external source files"). An address that
        the CPU does not have gets no tag: the compiler reports it in the block.

        Args:
            data_types: The data type of the tag by address, such as Word by %MW4.
        """
        tables = list(tables_of(self._plc))
        known = {row.address for table in tables for row in table._tags._names().values()}
        default = next(table for table in tables if table.IsDefault)
        stamp = int(self._plc._context.now().strftime("%Y%m%d%H%M%S%f")[:-3])
        for address, data_type in data_types.items():
            if address in known:
                continue
            while self.find(f"Tag_{stamp}") is not None or self._plc._program.find(f"Tag_{stamp}") is not None:
                stamp += 1
            with suppress(EngineeringTargetInvocationException):
                default.Tags.Create(f"Tag_{stamp}", data_type, address)
            stamp += 1
