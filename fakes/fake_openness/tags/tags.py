"""PLC tags and user constants, the rows of a tag table.

Facts: docs/facts/openness-program.md#tags-and-constants; docs/facts/tia-rules.md#names,
docs/facts/tia-rules.md#addresses, docs/facts/tia-rules.md#default-names.
"""

from __future__ import annotations

from typing import ClassVar

from fake_dotnet.lists import NetList
from fake_dotnet.system import FileInfo, require_type
from fake_openness.core.characters import require_text
from fake_openness.core.options import DocumentInfoOptions, ExportOptions, ImportOptions
from fake_openness.program import addresses, importing
from fake_openness.tags import tag_documents, tag_rules
from fake_openness.tags.rows import _Row, _Rows
from simatic_xml.model import Tag, UserConstant


class PlcTag(_Row[Tag]):
    """A PLC tag."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"IsSafety": "21"}

    @property
    def DataTypeName(self) -> str:
        """The data type. An address of another width is moved to the same byte."""
        return self._row.data_type

    @DataTypeName.setter
    def DataTypeName(self, value: str) -> None:
        tag_rules.require_type(self._plc, self._row.name, require_type(value, str, "value"))
        self._set("data_type", value)
        self._set("address", addresses.change_width(self._row.address, value))
        self._rows._table._used(self._row.name)

    @property
    def LogicalAddress(self) -> str:
        """The address, such as %I0.0; empty where there is none."""
        return self._row.address

    @LogicalAddress.setter
    def LogicalAddress(self, value: str) -> None:
        self._set(
            "address",
            addresses.normalise(require_type(value, str, "value"), self._row.data_type, self._plc._cpu.limits),
        )
        self._rows._table._used(self._row.name)

    @property
    def ExternalAccessible(self) -> bool:
        """Whether HMI, OPC UA and web API can reach the tag."""
        return self._row.external_accessible is not False

    @ExternalAccessible.setter
    def ExternalAccessible(self, value: bool) -> None:
        self._set("external_accessible", require_type(value, bool, "value"))

    @property
    def ExternalVisible(self) -> bool:
        """Whether HMI engineering shows the tag."""
        return self._row.external_visible is not False

    @ExternalVisible.setter
    def ExternalVisible(self, value: bool) -> None:
        self._set("external_visible", require_type(value, bool, "value"))

    @property
    def ExternalWritable(self) -> bool:
        """Whether HMI, OPC UA and web API can write the tag."""
        return self._row.external_writable is not False

    @ExternalWritable.setter
    def ExternalWritable(self, value: bool) -> None:
        self._set("external_writable", require_type(value, bool, "value"))

    @property
    def IsSafety(self) -> bool:
        """Whether the tag belongs to the safety program; there is none here."""
        return False

    def Export(
        self,
        path: FileInfo,
        exportOptions: ExportOptions,
        documentInfoOptions: DocumentInfoOptions = DocumentInfoOptions.All,
    ) -> None:
        """Write the tag as SimaticML."""
        tag_documents.export_row(self, self._row, path, exportOptions, documentInfoOptions)


class PlcUserConstant(_Row[UserConstant]):
    """A user constant."""

    @property
    def Value(self) -> str:
        """The value as text."""
        return self._row.value

    def Export(
        self,
        path: FileInfo,
        exportOptions: ExportOptions,
        documentInfoOptions: DocumentInfoOptions = DocumentInfoOptions.All,
    ) -> None:
        """Write the constant as SimaticML."""
        tag_documents.export_row(self, self._row, path, exportOptions, documentInfoOptions)


class PlcTagComposition(_Rows[Tag, PlcTag]):
    """The tags of one table."""

    def Create(self, name: str, dataTypeName: str | None = None, logicalAddress: str | None = None) -> PlcTag:
        """Make a tag: by name alone a Bool without address, or with data type and address.

        Raises:
            EngineeringTargetInvocationException: A rule is broken.
            TypeError: A data type without an address: there is no such overload.
        """
        if (dataTypeName is None) != (logicalAddress is None):
            msg = "No method matches given arguments: Create takes (name) or (name, dataTypeName, logicalAddress)"
            raise TypeError(msg)
        data_type = "Bool" if dataTypeName is None else require_type(dataTypeName, str, "dataTypeName")
        address = "" if logicalAddress is None else require_type(logicalAddress, str, "logicalAddress")
        tag = Tag(require_type(name, str, "name"), data_type, address)
        plc = self._table._plc
        plc._require_offline("Creating a tag")
        tag_rules.check_tag(plc, tag)
        plc._require_free_name(name, "tag")
        return self._add_row(tag)

    def Import(self, path: FileInfo, importOptions: ImportOptions) -> NetList[PlcTag]:
        """Import the tags of a SimaticML file, all or none.

        Raises:
            EngineeringTargetInvocationException: A rule is broken; nothing was changed.
        """
        plc = self._table._plc
        table = tag_documents.read_rows(self._table._composition(), path, importOptions)
        for tag in table.tags:
            tag_rules.check_tag(plc, tag, imported=True)
            importing.require_absent(self._find_row(tag.name), tag.name, "tag", importOptions)
            plc._require_free_name(tag.name, "tag", self._find_row(tag.name))
        return NetList([self._replace(tag) for tag in table.tags])

    def _replace(self, tag: Tag) -> PlcTag:
        old = self._find_row(tag.name)
        if old is not None:
            self._remove_row(old)
        self._table._used(tag.name)
        return self._add_row(tag)


class PlcUserConstantComposition(_Rows[UserConstant, PlcUserConstant]):
    """The user constants of one table."""

    def Create(self, name: str, dataTypeName: str = "Int", value: str = "0") -> PlcUserConstant:
        """Make a constant: by name alone an Int of value 0, or with data type and value.

        Raises:
            EngineeringTargetInvocationException: A rule is broken.
        """
        constant = UserConstant(
            require_type(name, str, "name"),
            require_type(dataTypeName, str, "dataTypeName"),
            require_text(require_type(value, str, "value")),
        )
        plc = self._table._plc
        plc._require_offline("Creating a constant")
        tag_rules.check_constant(plc, constant)
        plc._require_free_name(name, "constant")
        return self._add_row(constant)
