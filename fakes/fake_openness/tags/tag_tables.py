"""Tag tables in their groups.

Facts: docs/facts/openness-program.md#tags-and-constants; docs/facts/tia-rules.md#names,
docs/facts/tia-operations.md#import, docs/facts/tia-rules.md#default-names.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from fake_dotnet.lists import NetList
from fake_dotnet.system import DateTime, FileInfo, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import TAG_LENGTH, already_exists, require_name
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.options import DocumentInfoOptions, ExportOptions, ImportOptions
from fake_openness.core.showing import _Showable
from fake_openness.core.upward import UpwardCall
from fake_openness.program import consistency, exporting, importing
from fake_openness.program.cross_references import cross_reference_service
from fake_openness.program.groups import _Group, _UserGroup, _UserGroups
from fake_openness.program.plc import _Plc
from fake_openness.program.program_object import _ProgramComposition
from fake_openness.tags import tag_documents, tag_rules
from fake_openness.tags.system_constants import PlcSystemConstantComposition
from fake_openness.tags.table_file import _TableFile
from fake_openness.tags.tag_names import tables_of
from fake_openness.tags.tags import PlcTag, PlcTagComposition, PlcUserConstant, PlcUserConstantComposition
from simatic_xml.model import TagTable

DEFAULT_TABLE = "Default tag table"


create_table: UpwardCall[[PlcTagTableComposition, EngineeringObject, Any], PlcTagTable] = UpwardCall()
"""Makes a tag table from a master copy."""


class PlcTagTable(_TableFile, _Showable):
    """A tag table. Its rows are read from its file on demand."""

    _WRITABLE_FROM: ClassVar[dict[str, str]] = {"Name": "20"}

    def __init__(
        self,
        parent: PlcTagTableComposition,
        name: str,
        modified: dt.datetime,
        content: TagTable | None,
        *,
        is_default: bool,
    ) -> None:
        """Represent a table; without content it is in the file."""
        super().__init__(parent, parent._plc)
        self._group, self._name, self._modified, self._is_default = parent._group, name, modified, is_default
        self._table, self._dirty = content, content is not None
        self._file = self._wanted_file()
        self._tags = PlcTagComposition(self, lambda: self._content().tags, PlcTag)
        self._constants = PlcUserConstantComposition(self, lambda: self._content().constants, PlcUserConstant)
        self._system = PlcSystemConstantComposition(self)

    @property
    def Name(self) -> str:
        """The name; can be set from V20 on, except that of the default table."""
        return self._name

    @Name.setter
    def Name(self, value: str) -> None:
        require_name(require_type(value, str, "value"), "tag table", TAG_LENGTH)
        self._refuse_default("renamed")
        self._composition()._require_free(value, self)
        self._composition()._rename(self, value)
        self._relocate()

    @property
    def IsDefault(self) -> bool:
        """Whether it is the default tag table."""
        return self._is_default

    @property
    def ModifiedTimeStamp(self) -> DateTime:
        """When the table was last changed."""
        return DateTime(self._modified)

    @property
    def Tags(self) -> PlcTagComposition:
        """The tags."""
        return self._tags

    @property
    def UserConstants(self) -> PlcUserConstantComposition:
        """The user constants."""
        return self._constants

    @property
    def SystemConstants(self) -> PlcSystemConstantComposition:
        """The system constants; only the default table has any."""
        return self._system

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
        exporting.export_table(
            self, tag_documents.copy_for_export(self._content(), self._name), path, exportOptions, documentInfoOptions
        )

    def Delete(self) -> None:
        """Delete the table and its tags.

        Raises:
            EngineeringTargetInvocationException: It is the default table, or the PLC is online.
        """
        self._plc._require_offline("Deleting a tag table")
        self._refuse_default("deleted")
        self._delete()

    def _services(self) -> dict[type, Any]:
        return cross_reference_service(self, self._plc, self._row_names)

    def _row_names(self) -> list[str]:
        return [row.name for rows in (self._content().tags, self._content().constants) for row in rows]

    def _refuse_default(self, action: str) -> None:
        if self._is_default:
            msg = f"The default tag table cannot be {action}."
            raise EngineeringTargetInvocationException(msg, code="tag_table.default")

    def _delete(self) -> None:
        names = self._all_names()
        self._composition()._remove(self)
        self._discard(self._file)
        self._die()
        self._mark_all_users(names)

    def _used(self, name: str) -> None:
        """Mark the users of a tag inconsistent."""
        consistency.spread(self._plc._program, name)

    def _mark_all_users(self, names: set[str]) -> None:
        """Mark the users of many tags inconsistent; most have none."""
        for name in self._plc._program.used(names):
            self._used(name)

    def _all_names(self) -> set[str]:
        return self._tags._names().keys() | self._constants._names().keys()

    def _composition(self) -> PlcTagTableComposition:
        assert isinstance(self._parent, PlcTagTableComposition)  # noqa: S101 - set by the composition
        return self._parent

    def _content(self) -> TagTable:
        if self._table is None:
            self._table = tag_documents.read(self._store.get(self._file))
        return self._table

    def _touch(self) -> None:
        self._assign("_modified", self._context.now())
        self._dirty = True

    def _record(self) -> dict[str, Any]:
        record: dict[str, Any] = {"modified": self._modified.isoformat()}
        return record | {"default": True} if self._is_default else record

    def _children(self) -> list[EngineeringObject]:
        return [self._tags, self._constants, self._system]


class PlcTagTableComposition(_ProgramComposition[PlcTagTable]):
    """The tag tables of one group."""

    def __init__(self, group: PlcTagTableGroup) -> None:
        """Start empty."""
        super().__init__(group, group._plc)
        self._group = group

    def Create(self, name: str) -> PlcTagTable:
        """Make an empty table.

        Raises:
            EngineeringTargetInvocationException: The name is not possible, or taken in this PLC.
        """
        self._plc._require_offline("Creating a tag table")
        require_name(require_type(name, str, "name"), "tag table", TAG_LENGTH)
        self._require_free(name)
        return self._make(TagTable(name))

    def Import(self, path: FileInfo, importOptions: ImportOptions) -> NetList[PlcTagTable]:
        """Import the tag tables of a SimaticML file, all or none.

        Raises:
            EngineeringTargetInvocationException: A rule is broken; nothing was changed.
        """
        tables = tag_documents.read_tables(self, path, importOptions)
        for table in tables:
            require_name(table.name, "tag table", TAG_LENGTH)
            existing = self._find_by_name(table.name)
            importing.require_absent(existing, table.name, "tag table", importOptions)
            self._require_free(table.name, existing)
            tag_rules.check_table(self._plc, table, existing)
        return NetList([self._replace(table) for table in tables])

    def CreateFrom(self, sourceMasterCopy: EngineeringObject, copyMode: Any = None) -> PlcTagTable:
        """Make a table from a master copy.

        Raises:
            EngineeringTargetInvocationException: The copy holds no tag table, or a rule is broken; nothing was changed.
        """
        return create_table(self, sourceMasterCopy, copyMode)

    def _replace(self, table: TagTable) -> PlcTagTable:
        old = self._find_by_name(table.name)
        default = False
        if old is not None:
            default = old._is_default
            old._delete()
        made = self._make(table, is_default=default)
        made._mark_all_users(made._all_names())
        return made

    def _make(self, table: TagTable, *, is_default: bool = False) -> PlcTagTable:
        return self._add(PlcTagTable(self, table.name, self._context.now(), table, is_default=is_default))

    def _restore(self, name: str, modified: dt.datetime, *, is_default: bool) -> None:
        self._add(PlcTagTable(self, name, modified, None, is_default=is_default))

    def _require_free(self, name: str, itself: PlcTagTable | None = None) -> None:
        for table in tables_of(self._plc):
            if table._name.casefold() == name.casefold() and table is not itself:
                raise already_exists(name, "tag table")


class PlcTagTableGroup(_Group):
    """A folder of tag tables."""

    def __init__(self, parent: EngineeringObject, plc: _Plc, name: str, folder: str) -> None:
        """Start empty."""
        super().__init__(parent, plc, name, folder)
        self._tables = PlcTagTableComposition(self)

    @property
    def TagTables(self) -> PlcTagTableComposition:
        """The tag tables directly in this folder."""
        return self._tables

    def _contents(self) -> list[_ProgramComposition[Any]]:
        return [self._tables]


class PlcTagTableSystemGroup(PlcTagTableGroup):
    """The root folder "PLC tags"."""

    def _make_default(self) -> None:
        self._tables._make(TagTable(DEFAULT_TABLE), is_default=True)


class PlcTagTableUserGroup(PlcTagTableGroup, _UserGroup):
    """A folder of tag tables that a user made."""


class PlcTagTableUserGroupComposition(_UserGroups[PlcTagTableUserGroup]):
    """The folders in a folder of tag tables."""

    _KIND = PlcTagTableUserGroup


PlcTagTableGroup._GROUPS = PlcTagTableUserGroupComposition
