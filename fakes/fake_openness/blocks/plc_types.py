"""PLC data types (UDTs) in their groups.

Facts: docs/facts/openness-program.md#data-types; docs/facts/tia-rules.md#names (one name space with blocks),
docs/facts/tia-rules.md#data-types, docs/facts/tia-operations.md#consistency.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from fake_dotnet.lists import NetList
from fake_dotnet.system import DirectoryInfo, FileInfo, require_type
from fake_openness.blocks import block_import, document_import
from fake_openness.core.objects import EngineeringObject, _Lacking
from fake_openness.core.options import ImportOptions, SWImportOptions
from fake_openness.core.showing import _Showable
from fake_openness.core.upward import UpwardCall
from fake_openness.program import importing
from fake_openness.program.cross_references import cross_reference_service
from fake_openness.program.elements import _Element, instance_service
from fake_openness.program.groups import _Group, _UserGroup, _UserGroups
from fake_openness.program.plc import _Plc
from fake_openness.program.program_object import _ProgramComposition
from fake_openness.program.state import _State
from simatic_xml.model import PlcType as TypeContent

create_type: UpwardCall[[PlcTypeComposition, Any, Any], PlcStruct] = UpwardCall()
"""Makes a data type from a master copy or from a version of a type."""


class PlcType(_Element, _Showable):
    """A PLC data type."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"ExportAsDocuments": "20"}
    _WHAT = "PLC data type"

    def _services(self) -> dict[type, Any]:
        compiling = self._plc._compile_service(self, lambda: [self])
        references = cross_reference_service(self, self._plc, lambda: [self._name])
        return compiling | references | instance_service(self)


class PlcStruct(PlcType):
    """A PLC data type with members: the usual one."""


class PlcTypeComposition(_ProgramComposition[PlcStruct]):
    """The data types of one group. There is no Create: data types come from files."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"ImportFromDocuments": "20"}

    def __init__(self, group: PlcTypeGroup) -> None:
        """Start empty."""
        super().__init__(group, group._plc)
        self._group = group

    def Import(
        self, path: FileInfo, importOptions: ImportOptions, swImportOptions: SWImportOptions = SWImportOptions.None_
    ) -> NetList[PlcStruct]:
        """Import the data types of a SimaticML file, all or none.

        Raises:
            EngineeringTargetInvocationException: A rule is broken; nothing was changed.
        """
        require_type(swImportOptions, SWImportOptions, "swImportOptions")
        types = importing.read(self, path, importOptions, TypeContent)
        return NetList(block_import.take_types(self, types, importOptions, swImportOptions))

    def ImportFromDocuments(
        self,
        directoryInfo: DirectoryInfo,
        fileNameWithoutExtension: str,
        importDocumentOptions: document_import.ImportDocumentOptions,
    ) -> document_import.DocumentImportResultForTypes:
        """Import the data types of a SIMATIC SD document, all or none (from V20 on); returns state and messages."""

        def put(types: list[TypeContent], chosen: ImportOptions) -> list[PlcStruct]:
            return block_import.take_types(self, types, chosen, SWImportOptions.IgnoreMissingReferencedObjects)

        made = document_import.take(
            self, directoryInfo, fileNameWithoutExtension, importDocumentOptions, TypeContent, put
        )
        return document_import.DocumentImportResultForTypes(made.state, made.messages, made.made)

    def CreateFrom(self, source: Any, mode: Any = None) -> PlcStruct:
        """Make a data type from a master copy, or an instance of a version of a library type.

        Args:
            source: MasterCopy or PlcTypeLibraryTypeVersion.
            mode: MasterCopyMode of a MasterCopy, UpdatePathsMode of a version.

        Raises:
            EngineeringTargetInvocationException: Another kind of content, or a rule is broken; nothing was changed.
        """
        return create_type(self, source, mode)

    def _element(self, name: str, state: _State) -> PlcStruct:
        return PlcStruct(self, self._plc, self._group, name, state)


class PlcTypeGroup(_Group):
    """A folder of data types."""

    def __init__(self, parent: EngineeringObject, plc: _Plc, name: str, folder: str) -> None:
        """Start empty."""
        super().__init__(parent, plc, name, folder)
        self._types = PlcTypeComposition(self)

    @property
    def Types(self) -> PlcTypeComposition:
        """The data types directly in this folder."""
        return self._types

    def _contents(self) -> list[_ProgramComposition[Any]]:
        return [self._types]

    def _services(self) -> dict[type, Any]:
        return self._plc._compile_service(self, self._elements)

    def _elements(self) -> list[_Element]:
        return [item for group in self._walk() for item in group._items_here()]


def types_of(plc: _Plc) -> PlcTypeComposition:
    """Return the data types in the root folder of a PLC."""
    root = plc._trees()["types"]
    assert isinstance(root, PlcTypeGroup)  # noqa: S101 - by its name
    return root._types


class PlcSystemTypeGroupComposition(_ProgramComposition[PlcTypeGroup]):
    """The folders of system data types: always empty."""

    if not TYPE_CHECKING:
        Find = _Lacking()


class PlcTypeSystemGroup(PlcTypeGroup):
    """The root folder "PLC data types"."""

    @property
    def SystemTypeGroups(self) -> PlcSystemTypeGroupComposition:
        """The folders of system data types."""
        return PlcSystemTypeGroupComposition(self, self._plc)


class PlcTypeUserGroup(PlcTypeGroup, _UserGroup):
    """A folder of data types that a user made."""


class PlcTypeUserGroupComposition(_UserGroups[PlcTypeUserGroup]):
    """The folders in a folder of data types."""

    _KIND = PlcTypeUserGroup


PlcTypeGroup._GROUPS = PlcTypeUserGroupComposition
