"""Rows of tables that name a tag: its address, its data type and its usual display format.

TIA Portal gives such a row no address, and a display format only where somebody chose one; its editor shows the tag's.
Facts: docs/facts/openness-program.md#watch-and-force-tables.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from openness_bridge import groups
from openness_bridge.attribute_values import read_together
from openness_bridge.enumerations import one_of
from openness_bridge.lookup import plc
from openness_bridge.portal.portal import Session
from openness_bridge.program.watch import Row

_UNDEFINED = "Undef"
_FORMATS = {
    "Bool": ("Bool",),
    "Hex": ("Byte", "Word", "DWord", "LWord"),
    "DEC_signed": ("SInt", "Int", "DInt", "LInt"),
    "DEC_unsigned": ("USInt", "UInt", "UDInt", "ULInt"),
    "Float": ("Real", "LReal"),
    "Time": ("Time", "LTime"),
    "SIMATIC_Time": ("S5Time", "Timer"),
    "Date": ("Date",),
    "TIME_OF_DAY": ("Time_Of_Day", "LTime_Of_Day"),
    "DATE_AND_TIME": ("Date_And_Time", "LDT", "DTL"),
    "Counter": ("Counter",),
    "Character": ("Char",),
    "Unicode_character": ("WChar",),
    "String": ("String",),
    "Unicode_string": ("WString",),
}
_FORMAT_OF = {kind.casefold(): shown for shown, kinds in _FORMATS.items() for kind in kinds}
"""The display format that the editor of TIA Portal begins with, by data type."""

RowKind = Annotated[str, one_of("RowKind", "Operand", "Comment")]


class Entry(Row, frozen=True, kw_only=True):
    """A row as it is read.

    Attributes:
        kind: Operand or Comment.
        data_type: Of the tag that it names; empty where that is not known, as of a member of a data block.
    """

    kind: RowKind
    comment: str = ""
    data_type: str = ""


def named_tags(session: Session, device: str, entries: list[Entry]) -> list[Entry]:
    """Return rows with what is known of the tags that they name. On the portal's thread."""
    tables = [table for table, _ in groups.walk(plc(session, device).TagTableGroup, "TagTables")]
    return [_with_tag(session, entry, tables) if entry.name and not entry.address else entry for entry in entries]


def _with_tag(session: Session, entry: Entry, tables: list[Any]) -> Entry:
    symbol = entry.name.strip('"')
    tag = next((found for table in tables if (found := table.Tags.Find(symbol)) is not None), None)
    if tag is None:
        return entry
    address, kind = (str(each) for each in read_together(session, tag, "LogicalAddress", "DataTypeName"))
    shown = entry.display_format
    usual = _FORMAT_OF.get(kind.casefold(), shown) if shown in ("", _UNDEFINED) else shown
    return msgspec.structs.replace(entry, address=address, data_type=kind, display_format=usual)
