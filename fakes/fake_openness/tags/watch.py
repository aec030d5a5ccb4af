"""Watch tables and the force table, in their groups.

Facts: docs/facts/openness-program.md#watch-and-force-tables. Rows with operands come only through files; Create makes
comment rows.
"""

from __future__ import annotations

from typing import Any, ClassVar, Generic, TypeVar

import simatic_xml
from fake_dotnet.lists import NetList
from fake_dotnet.system import FileInfo, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import TAG_LENGTH, already_exists, require_name
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.options import DocumentInfoOptions, ExportOptions, ImportOptions
from fake_openness.core.showing import _Showable
from fake_openness.program import exporting, importing
from fake_openness.program.groups import _Group, _UserGroup, _UserGroups
from fake_openness.program.plc import _Plc
from fake_openness.program.program_object import _ProgramComposition
from fake_openness.tags.table_file import _TableFile
from fake_openness.tags.watch_entries import PlcTableCommentEntryComposition
from simatic_xml.model import ForceTable, WatchTable

T = TypeVar("T", bound="_Table")
FORCE_TABLE = "Force table"


class _Table(_TableFile):
    """A watch or force table. Its rows are read from its file on demand."""

    def __init__(self, parent: _Tables[Any], name: str, content: WatchTable | None) -> None:
        """Represent a table; without content it is in the file."""
        super().__init__(parent, parent._plc)
        self._group, self._name = parent._group, name
        self._table, self._dirty = content, content is not None
        self._file = self._wanted_file()
        self._entries = PlcTableCommentEntryComposition(self)

    @property
    def Name(self) -> str:
        """The name."""
        return self._name

    @property
    def IsConsistent(self) -> bool:
        """Always: rows keep their operands as text and are not compiled."""
        return True

    @property
    def Entries(self) -> PlcTableCommentEntryComposition:
        """The rows."""
        return self._entries._load()

    def Export(
        self,
        path: FileInfo,
        exportOptions: ExportOptions,
        documentInfoOptions: DocumentInfoOptions = DocumentInfoOptions.All,
    ) -> None:
        """Write the table as SimaticML.

        Raises:
            EngineeringTargetInvocationException: Online, or the file exists.
        """
        self._content().name = self._name
        exporting.write(
            self,
            self._content(),
            exporting.require_target(self, path, exportOptions, documentInfoOptions),
            exportOptions,
            documentInfoOptions,
        )

    def _delete(self) -> None:
        assert isinstance(self._parent, _Tables)  # noqa: S101 - set by the composition
        self._parent._remove(self)
        self._discard(self._file)
        self._die()

    def _content(self) -> WatchTable:
        if self._table is None:
            found = simatic_xml.load(self._store.get(self._file), own=True).objects[0]
            assert isinstance(found, WatchTable)  # noqa: S101 - nothing else is written
            self._table = found
        return self._table

    def _record(self) -> dict[str, Any]:
        return {"force": True} if isinstance(self, PlcForceTable) else {}

    def _children(self) -> list[EngineeringObject]:
        return [self._entries]


class PlcWatchTable(_Table, _Showable):
    """A watch table."""

    _WRITABLE_FROM: ClassVar[dict[str, str]] = {"Name": "20"}

    @property
    def Name(self) -> str:
        """The name; can be set from V20 on."""
        return self._name

    @Name.setter
    def Name(self, value: str) -> None:
        require_name(require_type(value, str, "value"), "watch table", TAG_LENGTH)
        assert isinstance(self._parent, PlcWatchTableComposition)  # noqa: S101 - set by the composition
        if self._parent._find_by_name(value) not in (None, self):
            raise already_exists(value, "watch table")
        self._parent._rename(self, value)
        self._relocate()

    def Delete(self) -> None:
        """Delete the table."""
        self._plc._require_offline("Deleting a watch table")
        self._delete()


class PlcForceTable(_Table, _Showable):
    """The force table: every PLC has exactly one."""


class _Tables(_ProgramComposition[T], Generic[T]):
    """Tables of one kind in one group."""

    def __init__(self, group: PlcWatchAndForceTableGroup) -> None:
        """Start empty."""
        super().__init__(group, group._plc)
        self._group = group

    def _read(self, file: FileInfo, options: ImportOptions, kind: type[WatchTable]) -> list[WatchTable]:
        tables = importing.read(self, file, options, WatchTable)
        for table in tables:
            if type(table) is not kind:
                msg = f"A {table.kind} ('{table.name}') cannot be imported here."
                raise EngineeringTargetInvocationException(msg, code="import.wrong_kind")
            require_name(table.name, "watch table", TAG_LENGTH)
            table.extra = None
        return tables


class PlcWatchTableComposition(_Tables[PlcWatchTable]):
    """The watch tables of one group."""

    def Create(self, name: str) -> PlcWatchTable:
        """Make an empty watch table.

        Raises:
            EngineeringTargetInvocationException: The name is not possible, or taken in this group.
        """
        self._plc._require_offline("Creating a watch table")
        require_name(require_type(name, str, "name"), "watch table", TAG_LENGTH)
        if self._find_by_name(name) is not None:
            raise already_exists(name, "watch table")
        return self._make(WatchTable(name))

    def Import(self, path: FileInfo, importOptions: ImportOptions) -> NetList[PlcWatchTable]:
        """Import the watch tables of a SimaticML file, all or none.

        Raises:
            EngineeringTargetInvocationException: A rule is broken; nothing was changed.
        """
        tables = self._read(path, importOptions, WatchTable)
        for table in tables:
            importing.require_absent(self._find_by_name(table.name), table.name, "watch table", importOptions)
        return NetList([self._replace(table) for table in tables])

    def _replace(self, table: WatchTable) -> PlcWatchTable:
        old = self._by_name.get(table.name.casefold())
        if old is not None:
            old._delete()
        return self._make(table)

    def _make(self, table: WatchTable) -> PlcWatchTable:
        made = PlcWatchTable(self, table.name, table)
        self._add(made)
        return made


class PlcForceTableComposition(_Tables[PlcForceTable]):
    """The one force table: no Create, no Delete."""

    def Import(self, path: FileInfo, importOptions: ImportOptions) -> NetList[PlcForceTable]:
        """Replace the rows of the force table.

        Raises:
            EngineeringTargetInvocationException: Not with Override while it has rows, or a rule is broken.
        """
        tables = self._read(path, importOptions, ForceTable)
        if len(tables) != 1:
            msg = "A PLC has one force table: the file must have exactly one."
            raise EngineeringTargetInvocationException(msg, code="import.twice")
        old = self._items[0] if self._items else None
        importing.require_absent(
            old if old and old._content().entries else None, FORCE_TABLE, "force table", importOptions
        )
        if old is not None:
            old._delete()
        return NetList([self._make(tables[0])])

    def _make(self, table: WatchTable) -> PlcForceTable:
        made = PlcForceTable(self, table.name, table)
        self._add(made)
        return made


class PlcWatchAndForceTableGroup(_Group):
    """A folder of watch tables; the root has the force table too."""

    def __init__(self, parent: EngineeringObject, plc: _Plc, name: str, folder: str) -> None:
        """Start empty."""
        super().__init__(parent, plc, name, folder)
        self._watch_tables = PlcWatchTableComposition(self)
        self._force_tables = PlcForceTableComposition(self)

    @property
    def WatchTables(self) -> PlcWatchTableComposition:
        """The watch tables directly in this folder."""
        return self._watch_tables

    @property
    def ForceTables(self) -> PlcForceTableComposition:
        """The force table, in the root folder only."""
        return self._force_tables

    def _contents(self) -> list[_ProgramComposition[Any]]:
        return [self._watch_tables, self._force_tables]

    def _make_force_table(self) -> None:
        self._force_tables._make(ForceTable(FORCE_TABLE))

    def _restore(self, name: str, *, force: bool) -> None:
        if force:
            self._force_tables._add(PlcForceTable(self._force_tables, name, None))
        else:
            self._watch_tables._add(PlcWatchTable(self._watch_tables, name, None))


class PlcWatchAndForceTableSystemGroup(PlcWatchAndForceTableGroup):
    """The root folder "Watch and force tables"."""


class PlcWatchAndForceTableUserGroup(PlcWatchAndForceTableGroup, _UserGroup):
    """A folder of watch tables that a user made."""


class PlcWatchAndForceTableUserGroupComposition(_UserGroups[PlcWatchAndForceTableUserGroup]):
    """The folders in a folder of watch tables."""

    _KIND = PlcWatchAndForceTableUserGroup


PlcWatchAndForceTableGroup._GROUPS = PlcWatchAndForceTableUserGroupComposition
