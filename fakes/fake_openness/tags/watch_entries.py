"""The rows of watch and force tables: read-only operands, and comments.

Facts: docs/facts/openness-program.md#watch-and-force-tables (members, enum numbers).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fake_dotnet.system import NetEnum
from fake_openness.core.objects import Composition
from fake_openness.program.program_object import _ProgramObject
from simatic_xml.model import ForceTable, WatchEntry

if TYPE_CHECKING:
    from fake_openness.tags.watch import _Table


class PlcWatchAndForceTableDisplayFormat(NetEnum):
    """How a value is shown. Facts: the listing of V17 (openness_bridge/manifest)."""

    Undef = 0
    Any_pointer = 1
    BCD = 2
    Bin = 3
    Bool = 4
    Character = 5
    Character_sequence = 6
    Date = 7
    DATE_AND_TIME = 8
    DEC_sequence = 9
    DEC_signed = 10
    DEC_unsigned = 11
    Hex = 12
    Block_number = 13
    Octal = 14
    Pointer = 15
    Float = 16
    Counter = 17
    SIMATIC_Time = 18
    String = 19
    Time = 20
    TIME_OF_DAY = 21
    Unicode_character = 22
    Unicode_character_sequence = 23
    Unicode_string = 24


class PlcWatchAndForceTablePreDefinedTrigger(NetEnum):
    """When a value is read or written."""

    Permanent = 0
    PermanentAtStart = 1
    OnceOnlyAtStart = 2
    PermanentAtEnd = 3
    OnceOnlyAtEnd = 4
    PermanentAtStop = 5
    OnceOnlyAtStop = 6
    Undef = 7


class _Entry(_ProgramObject):
    """One row."""

    def __init__(self, parent: PlcTableCommentEntryComposition, entry: WatchEntry) -> None:
        """Represent a row."""
        super().__init__(parent, parent._table._plc)
        self._entry = entry

    def Delete(self) -> None:
        """Delete the row."""
        composition = self._parent
        assert isinstance(composition, PlcTableCommentEntryComposition)  # noqa: S101 - set by the composition
        composition._drop(self)
        self._die()

    def _trigger(self, name: str) -> PlcWatchAndForceTablePreDefinedTrigger:
        known = PlcWatchAndForceTablePreDefinedTrigger
        return known.__members__.get(self._entry.attributes.get(name, ""), known.Undef)


class PlcTableCommentEntry(_Entry):
    """A row that is a comment. Its text is in an export only."""


class _OperandEntry(_Entry):
    """A row with an operand."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = dict.fromkeys(
        (
            "Name",
            "Address",
            "DisplayFormat",
            "MonitorTrigger",
            "ModifyTrigger",
            "ModifyValue",
            "ModifyIntention",
            "ForceValue",
            "ForceIntention",
        ),
        "17",
    )

    @property
    def Name(self) -> str:
        """The symbol, empty where the row has an address only."""
        return self._entry.name or ""

    @property
    def Address(self) -> str:
        """The address, empty where the row has a symbol only."""
        return self._entry.address or ""

    @property
    def DisplayFormat(self) -> PlcWatchAndForceTableDisplayFormat:
        """How the value is shown."""
        known = PlcWatchAndForceTableDisplayFormat
        return known.__members__.get(self._entry.display_format or "", known.Undef)

    @property
    def MonitorTrigger(self) -> PlcWatchAndForceTablePreDefinedTrigger:
        """When the value is read."""
        return self._trigger("MonitorTrigger")


class PlcWatchTableEntry(_OperandEntry):
    """A row of a watch table."""

    @property
    def ModifyTrigger(self) -> PlcWatchAndForceTablePreDefinedTrigger:
        """When the value is written."""
        return self._trigger("ModifyTrigger")

    @property
    def ModifyValue(self) -> str:
        """The value to be written, as text."""
        return self._entry.attributes.get("ModifyValue", "")

    @property
    def ModifyIntention(self) -> bool:
        """Whether the row is marked for writing."""
        return self._entry.attributes.get("ModifyIntention", "false").lower() == "true"


class PlcForceTableEntry(_OperandEntry):
    """A row of the force table."""

    @property
    def ForceValue(self) -> str:
        """The value to be forced, as text."""
        return self._entry.attributes.get("ForceValue", "")

    @property
    def ForceIntention(self) -> bool:
        """Whether the row is marked for forcing."""
        return self._entry.attributes.get("ForceIntention", "false").lower() == "true"


class PlcTableCommentEntryComposition(Composition[_Entry]):
    """The rows of one table."""

    def __init__(self, table: _Table) -> None:
        """View the rows of a table, which are loaded when first needed."""
        super().__init__(table)
        self._table = table
        self._complete = False

    def Create(self) -> PlcTableCommentEntry:
        """Append a comment row; rows with operands come through Import."""
        self._load()
        entry = WatchEntry()
        rows = self._table._content().entries
        rows.append(entry)
        self._note_change(rows.pop)
        made = PlcTableCommentEntry(self, entry)
        self._add(made)
        self._table._touch()
        return made

    def _load(self) -> PlcTableCommentEntryComposition:
        if not self._complete:
            self._items = [self._handle(entry) for entry in self._table._content().entries]
            self._complete = True
        return self

    def _handle(self, entry: WatchEntry) -> _Entry:
        if entry.name is None and entry.address is None:
            return PlcTableCommentEntry(self, entry)
        force = isinstance(self._table._content(), ForceTable)
        return (PlcForceTableEntry if force else PlcWatchTableEntry)(self, entry)

    def _drop(self, item: _Entry) -> None:
        rows = self._table._content().entries
        place = next(index for index, entry in enumerate(rows) if entry is item._entry)
        entry = rows.pop(place)
        self._note_change(lambda: rows.insert(place, entry))
        self._remove(item)
        self._table._touch()
