"""Tags, tag tables and connections of a Unified panel.

A tag is fixed to its table when it is made. Facts: docs/facts/openness-hmi.md#unified-panels; type lists of V17 to V21.
That a tag takes the data type of the PLC tag that it is tied to is this project's decision; how TIA Portal finds
members of data blocks is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from fake_dotnet.lists import NetList
from fake_dotnet.system import DirectoryInfo, FileInfo, UInt32, absolute, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import GROUP_LENGTH, already_exists, require_name
from fake_openness.core.objects import EngineeringObject
from fake_openness.hmi import markup
from fake_openness.hmi.unified_objects import (
    HmiAccessMode,
    HmiValidationResult,
    _UnifiedComposition,
    _UnifiedObject,
    text,
    value,
    wrong,
)

if TYPE_CHECKING:
    from fake_openness.hmi.unified import HmiSoftware

DEFAULT_TABLE = "Default tag table"
KEY = "Tags"


class HmiTag(_UnifiedObject):
    """A tag."""

    _WHAT = "HMI tag"
    DataType = value("DataType", str, "Int", "The data type in the controller.")
    HmiDataType = value("HmiDataType", str, "Int", "The data type on the panel.")
    MaxLength = value("MaxLength", UInt32, 0, "The length of a text.")
    Connection = value("Connection", str, "", "The connection; empty for an internal tag.")
    PlcName = value("PlcName", str, "", "The controller.")
    AccessMode = value(
        "AccessMode",
        HmiAccessMode,
        HmiAccessMode.SymbolicAccess,
        "Access to the PLC tag by name or by address.",
    )
    AcquisitionCycle = value("AcquisitionCycle", str, "T1s", "How often it is read.")
    InitialValue = value("InitialValue", str, "", "Its value at the start.")
    LinearScaling = value("LinearScaling", bool, False, "Whether the value is converted.")
    Persistent = value("Persistent", bool, False, "Whether the panel keeps the value after a restart.")
    Comment = text("Comment", "The comment.")

    def __init__(self, parent: HmiTagComposition, software: HmiSoftware, name: str) -> None:
        """Make a tag that is in no table yet."""
        super().__init__(parent, software, name)
        self._table: HmiTagTable | None = None

    @property
    def TagTableName(self) -> str:
        """Its table."""
        return self._table._name if self._table is not None else ""

    @property
    def PlcTag(self) -> str:
        """The tag or member in the controller."""
        return str(self._values.get("PlcTag", ""))

    @PlcTag.setter
    def PlcTag(self, value: str) -> None:
        self._require_connection("PlcTag", require_type(value, str, "value"))
        self._set("PlcTag", value)
        found = self._data_type_of(value)
        if found:
            self._set("DataType", found)
            self._set("HmiDataType", found)

    @property
    def Address(self) -> str:
        """The absolute address in the controller."""
        return str(self._values.get("Address", ""))

    @Address.setter
    def Address(self, value: str) -> None:
        self._require_connection("Address", require_type(value, str, "value"))
        self._set("Address", value)

    def _require_connection(self, name: str, new: str) -> None:
        if new and not self._values.get("Connection"):
            msg = f"'{self._name}' is an internal tag: set its Connection before its {name}."
            raise EngineeringTargetInvocationException(msg, code="hmi.internal_tag", place={"name": self._name})

    def _data_type_of(self, plc_tag: str) -> str:
        """Return the data type of a PLC tag; empty where the project does not have it."""
        connection = self._hmi._connections._by_name.get(str(self._values.get("Connection", "")).casefold())
        wanted = {str(self._values.get("PlcName", "")), "" if connection is None else connection.Partner} - {""}
        for plc in self._hmi._programs():
            found: Any = plc._tag_names.find(plc_tag.strip('"')) if plc._name in wanted else None
            if found is not None and hasattr(found, "data_type"):
                return str(found.data_type)
        return ""

    def _checks(self) -> Iterator[HmiValidationResult]:
        name = str(self._values.get("Connection", ""))
        if name and name.casefold() not in self._hmi._connections._by_name:
            yield wrong("Connection", f"There is no connection '{name}': create it, or name another.")
        elif name and not self._values.get("PlcTag") and not self._values.get("Address"):
            yield wrong("PlcTag", "The tag has a connection, but neither a PLC tag nor an address.")

    def _delete(self) -> None:
        assert self._table is not None  # noqa: S101 - given when it was made
        self._table._tags._remove(self)
        self._hmi._tags._remove(self)
        self._die()


class HmiTagComposition(_UnifiedComposition[HmiTag]):
    """All tags of the panel, or those of a table."""

    _KIND = HmiTag

    def __init__(self, parent: EngineeringObject, software: HmiSoftware) -> None:
        """Start empty."""
        super().__init__(parent, software)
        self._table = parent if isinstance(parent, HmiTagTable) else None

    def Create(self, name: str, tagTableName: str | None = None) -> HmiTag:
        """Make a tag in a table: this one, the one that is named, or the default table.

        Raises:
            EngineeringTargetInvocationException: Online, no such table, or the name is not possible or taken.
        """
        table = self._table or self._hmi._find_table(DEFAULT_TABLE if tagTableName is None else tagTableName)
        self._hmi._require_offline("Creating an HMI tag")
        require_name(require_type(name, str, "name"), "HMI tag", GROUP_LENGTH)
        if name.casefold() in self._hmi._tags._by_name:
            raise already_exists(name, "HMI tag")
        return table._make_tag(name)

    def Export(self, destinationLocation: DirectoryInfo, name: str | None = None) -> NetList[FileInfo]:
        """Write the tags into a file of a folder, over one that is there.

        The returned path lacks the extension of the file, as in TIA Portal V21.
        """
        self._hmi._require_offline("Exporting")
        records = {
            tag._name: {"TagTable": tag.TagTableName} | markup.drop_empty_texts(tag._values) for tag in self._items
        }
        stem = require_type(name, str, "name") if name is not None else self._title()
        path = markup.write(absolute(destinationLocation, DirectoryInfo, "directory"), stem, KEY, records)
        return NetList([FileInfo(str(path).removesuffix(markup.SUFFIX))])

    def Import(self, sourceLocation: DirectoryInfo, name: str | None = None) -> bool:
        """Import the tags of one file of a folder, or of all: existing tags get the values of the file.

        Returns:
            Whether there was a file.

        Raises:
            EngineeringTargetInvocationException: The file is no such file, or a rule is broken; nothing was changed.
        """
        self._hmi._require_offline("Importing")
        folder = absolute(sourceLocation, DirectoryInfo, "directory")
        files = markup.files(folder, name)
        records = {tag: values for file in files for tag, values in markup.read(file, KEY).items()}
        with self._context.whole():
            for tag, values in records.items():
                self._put_tag(tag, dict(values or {}))
        return bool(files)

    def _put_tag(self, name: str, values: dict[str, Any]) -> None:
        table = self._table or self._hmi._get_or_make_table(str(values.pop("TagTable", DEFAULT_TABLE)))
        values.pop("TagTable", None)
        tag = self._hmi._tags._by_name.get(name.casefold())
        if tag is None:
            require_name(name, "HMI tag", GROUP_LENGTH)
            tag = table._make_tag(name)
        unknown = sorted(set(values) - _WRITTEN)
        if unknown:
            msg = f"The file sets {', '.join(unknown)} of the tag '{name}', which no tag has."
            raise EngineeringTargetInvocationException(msg, code="hmi.tag_property", place={"name": name})
        for each, given in values.items():
            if not isinstance(given, _KINDS.get(each, str)):
                msg = f"The file sets {each} of the tag '{name}' to a value of the wrong type."
                raise EngineeringTargetInvocationException(msg, code="hmi.tag_property", place={"name": name})
        tag._assign("_values", tag._values | values)

    def _title(self) -> str:
        return self._table._name if self._table is not None else self._hmi._name


_KINDS: dict[str, type[Any]] = {"Persistent": bool, "LinearScaling": bool, "MaxLength": int, "Comment": dict}
"""The properties that are no text in a file of tags."""
_WRITTEN = {name for name, member in vars(HmiTag).items() if isinstance(member, property)} - {"TagTableName"}


class HmiTagTable(_UnifiedObject):
    """A tag table."""

    _WHAT = "HMI tag table"

    def __init__(self, parent: HmiTagTableComposition, software: HmiSoftware, name: str) -> None:
        """Make an empty table."""
        super().__init__(parent, software, name)
        self._tags = HmiTagComposition(self, software)

    @property
    def Tags(self) -> HmiTagComposition:
        """The tags in it."""
        return self._tags

    def _make_tag(self, name: str) -> HmiTag:
        tag = HmiTag(self._tags, self._hmi, name)
        tag._table = self
        self._tags._add(tag)
        self._hmi._tags._add(tag)
        return tag

    def _delete(self) -> None:
        if self._name == DEFAULT_TABLE:
            msg = "The default tag table is a part of every panel and cannot be deleted."
            raise EngineeringTargetInvocationException(msg, code="hmi.system_object", place={"name": self._name})
        for tag in list(self._tags._items):
            tag._delete()
        super()._delete()

    def _record(self) -> dict[str, Any]:
        tags = [tag._record() for tag in self._tags._items]
        return super()._record() | ({"tags": tags} if tags else {})

    def _take(self, record: dict[str, Any]) -> None:
        for each in record.get("tags", []):
            self._make_tag(each["name"])._take(each)

    def _children(self) -> list[EngineeringObject]:
        return [self._tags]


class HmiTagTableComposition(_UnifiedComposition[HmiTagTable]):
    """The tag tables of the panel outside of groups, or those of a group."""

    _KIND = HmiTagTable

    def _is_taken(self, name: str) -> bool:
        return any(each._name.casefold() == name.casefold() for each in self._hmi._all_tables())


class HmiTagTableGroup(_UnifiedObject):
    """A group of tag tables."""

    _WHAT = "group of tag tables"

    def __init__(self, parent: HmiTagTableGroupComposition, software: HmiSoftware, name: str) -> None:
        """Make an empty group."""
        super().__init__(parent, software, name)
        self._tables = HmiTagTableComposition(self, software)
        self._groups = HmiTagTableGroupComposition(self, software)

    @property
    def TagTables(self) -> HmiTagTableComposition:
        """The tables directly in it."""
        return self._tables

    @property
    def Groups(self) -> HmiTagTableGroupComposition:
        """The groups in it."""
        return self._groups

    def _delete(self) -> None:
        for group in list(self._groups._items):
            group._delete()
        for table in list(self._tables._items):
            table._delete()
        super()._delete()

    def _children(self) -> list[EngineeringObject]:
        return [self._tables, self._groups]


class HmiTagTableGroupComposition(_UnifiedComposition[HmiTagTableGroup]):
    """The groups of tag tables of the panel or of a group."""

    _KIND = HmiTagTableGroup


class HmiConnection(_UnifiedObject):
    """A connection to a controller."""

    _WHAT = "connection"
    CommunicationDriver = value("CommunicationDriver", str, "SIMATIC S7 1200/1500", "The communication driver.")
    Partner = value("Partner", str, "", "The controller.")
    Station = value("Station", str, "", "The station that the controller is in.")
    Node = value("Node", str, "", "The interface of the controller.")
    InitialAddress = value("InitialAddress", str, "", "Addresses and access points, as key=value separated by ;.")
    DisabledAtStartup = value("DisabledAtStartup", bool, False, "Whether the connection is off when the panel starts.")
    Comment = text("Comment", "The comment.")

    def _checks(self) -> Iterator[HmiValidationResult]:
        if not self._values.get("Partner") and not self._values.get("InitialAddress"):
            yield wrong("Partner", warnings=("The connection has neither a partner nor an address.",))


class HmiConnectionComposition(_UnifiedComposition[HmiConnection]):
    """The connections."""

    _KIND = HmiConnection
