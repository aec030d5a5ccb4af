"""The one name space of tags and constants over all tag tables of a PLC.

Facts: docs/facts/tia-rules.md#names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simatic_xml.model import Tag, UserConstant

if TYPE_CHECKING:
    from fake_openness.program.software import PlcSoftware
    from fake_openness.tags.tag_tables import PlcTagTable


class _TagNames:
    """Finds tags and constants wherever they are."""

    def __init__(self, plc: PlcSoftware) -> None:
        """Look through the tables of a PLC."""
        self._plc = plc

    def tables(self) -> Iterator[PlcTagTable]:
        """All tag tables."""
        for group in self._plc._tag_group._walk():
            yield from group._items_here()

    def find(self, name: str) -> Tag | UserConstant | None:
        """The tag or user constant of a name."""
        for table in self.tables():
            row = table._tags._named(name) or table._constants._named(name)
            if row is not None:
                return row
        return None
