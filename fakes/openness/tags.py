"""PLC tags and user constants in tag tables, in their groups.

Facts: openness-map 3.4; tia-rules 1, 3 and 10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import simatic_xml
from fakes.openness import addresses, consistency, exporting, importing, tag_documents, tag_rules
from fakes.openness.core import EngineeringObject, NetList
from fakes.openness.errors import EngineeringTargetInvocationException
from fakes.openness.groups import _Group, _UserGroup, _UserGroups
from fakes.openness.names import TAG_LENGTH, already_exists, require_name
from fakes.openness.options import DocumentInfoOptions, ExportOptions, ImportOptions
from fakes.openness.program_object import _ProgramComposition, _ProgramObject
from fakes.openness.rows import _Row, _Rows
from fakes.openness.store import file_name
from fakes.openness.system import DateTime, FileInfo, declared
from fakes.openness.system_constants import PlcSystemConstantComposition
from simatic_xml.model import Tag, TagTable, UserConstant

if TYPE_CHECKING:
    import datetime as dt

    from fakes.openness.software import PlcSoftware

DEFAULT_TABLE = "Default tag table"


class PlcTag(_Row[Tag]):
    """A PLC tag."""

    _WRITABLE_FROM: ClassVar[dict[str, str]] = {"Name": "20"}

    @property
    def Name(self) -> str:
        """The name; can be set from V20 on."""
        return self._row.name

    @Name.setter
    def Name(self, value: str) -> None:
        _rename(self, value)

    @property
    def DataTypeName(self) -> str:
        """The data type. An address of another width is moved to the same byte."""
        return self._row.data_type

    @DataTypeName.setter
    def DataTypeName(self, value: str) -> None:
        tag_rules.require_type(self._plc, self._row.name, declared(value, str, "value"))
        self._set("data_type", value)
        self._set("address", addresses.moved(self._row.address, value))
        self._rows._table._used(self._row.name)

    @property
    def LogicalAddress(self) -> str:
        """The address, such as %I0.0; empty where there is none."""
        return self._row.address

    @LogicalAddress.setter
    def LogicalAddress(self, value: str) -> None:
        timers = self._plc._family.has_timers
        self._set("address", addresses.normalised(declared(value, str, "value"), self._row.data_type, timers=timers))
        self._rows._table._used(self._row.name)

    @property
    def ExternalAccessible(self) -> bool:
        """Whether HMI, OPC UA and web API can reach the tag."""
        return self._row.external_accessible is not False

    @ExternalAccessible.setter
    def ExternalAccessible(self, value: bool) -> None:
        self._set("external_accessible", declared(value, bool, "value"))

    @property
    def ExternalVisible(self) -> bool:
        """Whether HMI engineering shows the tag."""
        return self._row.external_visible is not False

    @ExternalVisible.setter
    def ExternalVisible(self, value: bool) -> None:
        self._set("external_visible", declared(value, bool, "value"))

    @property
    def ExternalWritable(self) -> bool:
        """Whether HMI, OPC UA and web API can write the tag."""
        return self._row.external_writable is not False

    @ExternalWritable.setter
    def ExternalWritable(self, value: bool) -> None:
        self._set("external_writable", declared(value, bool, "value"))

    @property
    def IsSafety(self) -> bool:
        """Whether it belongs to the safety program; there is none here."""
        return False

    def Export(
        self, file: FileInfo, options: ExportOptions, info: DocumentInfoOptions = DocumentInfoOptions.All
    ) -> None:
        """Write the tag as SimaticML."""
        tag_documents.export_row(self, self._row, file, options, info)


class PlcUserConstant(_Row[UserConstant]):
    """A user constant."""

    _WRITABLE_FROM: ClassVar[dict[str, str]] = {"Name": "20"}

    @property
    def Name(self) -> str:
        """The name; can be set from V20 on."""
        return self._row.name

    @Name.setter
    def Name(self, value: str) -> None:
        _rename(self, value)

    @property
    def Value(self) -> str:
        """The value as text."""
        return self._row.value

    def Export(
        self, file: FileInfo, options: ExportOptions, info: DocumentInfoOptions = DocumentInfoOptions.All
    ) -> None:
        """Write the constant as SimaticML."""
        tag_documents.export_row(self, self._row, file, options, info)


def _rename(handle: PlcTag | PlcUserConstant, name: str) -> None:
    """Rename a tag or constant; references of consistent users follow."""
    plc, row = handle._plc, handle._row
    require_name(declared(name, str, "value"), "tag", TAG_LENGTH)
    plc._require_free_name(name, "tag", row)
    old = row.name
    handle._rows._rename_row(row, name)
    for user in plc._program.users(old):
        if user._state.consistent:
            consistency.follow(user, old, name)


class PlcTagComposition(_Rows[Tag, PlcTag]):
    """The tags of one table."""

    def Create(self, name: str, dataType: str | None = None, logicalAddress: str | None = None) -> PlcTag:
        """Make a tag: by name alone a Bool without address, or with data type and address.

        Raises:
            EngineeringTargetInvocationException: A rule is broken.
            TypeError: A data type without an address: there is no such overload.
        """
        if (dataType is None) != (logicalAddress is None):
            msg = "No method matches given arguments: Create takes (name) or (name, dataTypeName, logicalAddress)"
            raise TypeError(msg)
        data_type = "Bool" if dataType is None else declared(dataType, str, "dataTypeName")
        address = "" if logicalAddress is None else declared(logicalAddress, str, "logicalAddress")
        tag = Tag(declared(name, str, "name"), data_type, address)
        plc = self._table._plc
        plc._require_offline("Creating a tag")
        tag_rules.check_tag(plc, tag)
        plc._require_free_name(name, "tag")
        return self._add_row(tag)

    def Import(self, file: FileInfo, options: ImportOptions) -> NetList[PlcTag]:
        """Take the tags of a SimaticML file over, all or none.

        Raises:
            EngineeringTargetInvocationException: A rule is broken; nothing was changed.
        """
        plc = self._table._plc
        table = tag_documents.read_rows(self._table._composition(), file, options)
        for tag in table.tags:
            tag_rules.check_tag(plc, tag, imported=True)
            importing.require_absent(self._named(tag.name), tag.name, "tag", options)
            plc._require_free_name(tag.name, "tag", self._named(tag.name))
        return NetList([self._replace(tag) for tag in table.tags])

    def _replace(self, tag: Tag) -> PlcTag:
        old = self._named(tag.name)
        if old is not None:
            self._remove_row(old)
        self._table._used(tag.name)
        return self._add_row(tag)


class PlcUserConstantComposition(_Rows[UserConstant, PlcUserConstant]):
    """The user constants of one table."""

    def Create(self, name: str, dataType: str = "Int", value: str = "0") -> PlcUserConstant:
        """Make a constant: by name alone an Int of value 0, or with data type and value.

        Raises:
            EngineeringTargetInvocationException: A rule is broken.
        """
        constant = UserConstant(declared(name, str, "name"), declared(dataType, str, "dataTypeName"),
                                declared(value, str, "value"))  # fmt: skip
        plc = self._table._plc
        plc._require_offline("Creating a constant")
        tag_rules.check_constant(plc, constant)
        plc._require_free_name(name, "constant")
        return self._add_row(constant)


class PlcTagTable(_ProgramObject):
    """A tag table. Its rows are read from its file when somebody asks for them."""

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
        """Stand for a table; without content it is in the file."""
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
        require_name(declared(value, str, "value"), "tag table", TAG_LENGTH)
        self._refuse_default("renamed")
        self._composition()._require_free(value, self)
        self._composition()._rename(self, value)
        self._relocate()

    @property
    def IsDefault(self) -> bool:
        """Whether it is the one table that every PLC has."""
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
        self, file: FileInfo, options: ExportOptions, info: DocumentInfoOptions = DocumentInfoOptions.All
    ) -> None:
        """Write the table as SimaticML.

        Raises:
            EngineeringTargetInvocationException: Online, or the file exists.
        """
        exporting.export_table(self, tag_documents.copied(self._content(), self._name), file, options, info)

    def Delete(self) -> None:
        """Delete the table and its tags.

        Raises:
            EngineeringTargetInvocationException: It is the default table, or the PLC is online.
        """
        self._plc._require_offline("Deleting a tag table")
        self._refuse_default("deleted")
        self._delete()

    def _refuse_default(self, action: str) -> None:
        if self._is_default:
            msg = f"The default tag table cannot be {action}."
            raise EngineeringTargetInvocationException(msg, code="tag_table.default")

    def _delete(self) -> None:
        names = self._all_names()
        self._composition()._remove(self)
        self._discard(self._file)
        self._die()
        for name in names:
            self._used(name)

    def _used(self, name: str) -> None:
        """Mark the users of a tag inconsistent."""
        consistency.spread(self._plc._program, name)

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

    def _wanted_file(self) -> str:
        return f"{self._group._folder}/{file_name(self._name, '.xml')}"

    def _relocate(self) -> None:
        """Move the file to where name and group put it."""
        self._content()
        self._discard(self._file)
        self._assign("_file", self._wanted_file())
        self._touch()

    def _flush(self) -> None:
        """Write the rows to the file."""
        if self._dirty:
            self._content().name = self._name
            document = simatic_xml.Document(self._context.version.engineering, [self._content()])
            self._store.put(self._file, simatic_xml.dump(document))
            self._dirty = False

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
        require_name(declared(name, str, "name"), "tag table", TAG_LENGTH)
        self._require_free(name)
        return self._make(TagTable(name))

    def Import(self, file: FileInfo, options: ImportOptions) -> NetList[PlcTagTable]:
        """Take the tag tables of a SimaticML file over, all or none.

        Raises:
            EngineeringTargetInvocationException: A rule is broken; nothing was changed.
        """
        tables = tag_documents.read_tables(self, file, options)
        for table in tables:
            require_name(table.name, "tag table", TAG_LENGTH)
            existing = self.Find(table.name)
            importing.require_absent(existing, table.name, "tag table", options)
            self._require_free(table.name, existing)
            tag_rules.check_table(self._plc, table, existing)
        return NetList([self._replace(table) for table in tables])

    def _replace(self, table: TagTable) -> PlcTagTable:
        old = self.Find(table.name)
        default = False
        if old is not None:
            default = old._is_default
            old._delete()
        made = self._make(table, is_default=default)
        for name in made._all_names():
            made._used(name)
        return made

    def _make(self, table: TagTable, *, is_default: bool = False) -> PlcTagTable:
        return self._add(PlcTagTable(self, table.name, self._context.now(), table, is_default=is_default))

    def _restore(self, name: str, modified: dt.datetime, *, is_default: bool) -> None:
        self._add(PlcTagTable(self, name, modified, None, is_default=is_default))

    def _require_free(self, name: str, itself: PlcTagTable | None = None) -> None:
        for table in self._plc._tag_names.tables():
            if table._name.casefold() == name.casefold() and table is not itself:
                raise already_exists(name, "tag table")


class PlcTagTableGroup(_Group):
    """A folder of tag tables."""

    def __init__(self, parent: EngineeringObject, plc: PlcSoftware, name: str, folder: str) -> None:
        """Start empty."""
        super().__init__(parent, plc, name, folder)
        self._tables = PlcTagTableComposition(self)
        self._groups = PlcTagTableUserGroupComposition(self)

    @property
    def TagTables(self) -> PlcTagTableComposition:
        """The tag tables directly in this folder."""
        return self._tables

    @property
    def Groups(self) -> PlcTagTableUserGroupComposition:
        """The folders in this one."""
        return self._groups

    def _subgroups(self) -> PlcTagTableUserGroupComposition:
        return self._groups

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
