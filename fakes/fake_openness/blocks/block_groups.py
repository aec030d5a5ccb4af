"""The groups of program blocks, and the making and importing of blocks in them.

Facts: docs/facts/openness-program.md#blocks: Create makes only function blocks and instance data
blocks.
"""

from __future__ import annotations

from typing import Any, ClassVar

from fake_dotnet.lists import NetList
from fake_dotnet.system import DirectoryInfo, FileInfo, require_type
from fake_openness.blocks import block_import, document_import
from fake_openness.blocks.blocks import CLASSES, FB, InstanceDB, PlcBlock, ProgrammingLanguage
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import require_name
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.options import ImportOptions, SWImportOptions
from fake_openness.core.upward import UpwardCall
from fake_openness.program import importing, instances
from fake_openness.program.elements import _Element
from fake_openness.program.groups import _Group, _UserGroup, _UserGroups
from fake_openness.program.plc import _Plc
from fake_openness.program.program_object import _ProgramComposition
from fake_openness.program.state import _State
from simatic_xml.model import Block, Network, Section

create_block: UpwardCall[[PlcBlockComposition, Any, Any], PlcBlock] = UpwardCall()
"""Makes a block from a master copy or from a version of a type."""
create_group: UpwardCall[[PlcBlockUserGroupComposition, EngineeringObject, Any], PlcBlockUserGroup] = UpwardCall()
"""Makes a folder of blocks from a master copy."""


class PlcBlockComposition(_ProgramComposition[PlcBlock]):
    """The blocks of one group."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"ImportFromDocuments": "20"}

    def __init__(self, group: PlcBlockGroup) -> None:
        """Start empty."""
        super().__init__(group, group._plc)
        self._group = group

    def Import(
        self, path: FileInfo, importOptions: ImportOptions, swImportOptions: SWImportOptions = SWImportOptions.None_
    ) -> NetList[PlcBlock]:
        """Import the blocks of a SimaticML file, all or none.

        Raises:
            EngineeringTargetInvocationException: A rule is broken; nothing was changed.
        """
        require_type(swImportOptions, SWImportOptions, "swImportOptions")
        blocks = importing.read(self, path, importOptions, Block)
        return NetList(block_import.take_blocks(self, blocks, importOptions, swImportOptions))

    def ImportFromDocuments(
        self,
        directoryInfo: DirectoryInfo,
        fileNameWithoutExtension: str,
        importDocumentOptions: document_import.ImportDocumentOptions,
    ) -> document_import.DocumentImportResultForBlocks:
        """Import the blocks of a SIMATIC SD document, all or none (from V20 on); returns state and messages."""

        def put(blocks: list[Block], chosen: ImportOptions) -> list[PlcBlock]:
            return block_import.take_blocks(self, blocks, chosen, SWImportOptions.IgnoreMissingReferencedObjects)

        made = document_import.take(self, directoryInfo, fileNameWithoutExtension, importDocumentOptions, Block, put)
        return document_import.DocumentImportResultForBlocks(made.state, made.messages, made.made)

    def CreateFrom(self, source: Any, mode: Any = None) -> PlcBlock:
        """Make a block from a master copy, or an instance of a version of a library type.

        Args:
            source: MasterCopy or CodeBlockLibraryTypeVersion.
            mode: MasterCopyMode of a MasterCopy, UpdatePathsMode of a version.

        Raises:
            EngineeringTargetInvocationException: Another kind of content, or a rule is broken; nothing was changed.
        """
        return create_block(self, source, mode)

    def CreateFB(self, name: str, isAutoNumbered: bool, number: int, programmingLanguage: ProgrammingLanguage) -> FB:
        """Make an empty function block.

        Raises:
            EngineeringTargetInvocationException: The name, number or language is not possible.
        """
        text = require_type(programmingLanguage, ProgrammingLanguage, "programmingLanguage").ToString()
        sections = [Section(each) for each in ("Input", "Output", "InOut", "Static", "Temp", "Constant")]
        networks = [] if text == "GRAPH" else [Network(text)]
        block = Block("FB", name, language=text, interface=sections, networks=networks)
        made = self._create(block, isAutoNumbered, number)
        assert isinstance(made, FB)  # noqa: S101 - by kind
        return made

    def CreateInstanceDB(self, name: str, isAutoNumbered: bool, number: int, instanceOfName: str) -> InstanceDB:
        """Make an instance DB of a function block.

        Raises:
            EngineeringTargetInvocationException: There is no such FB, or the name or number is not possible.
        """
        parent = instances.parent_of(self._plc, require_type(instanceOfName, str, "instanceOfName"))
        if parent is None:
            msg = f"There is no function block '{instanceOfName}' to make an instance of."
            raise EngineeringTargetInvocationException(msg, code="block.no_such_fb", place={"block": name})
        block = Block("InstanceDB", name, instance_of=parent.name, instance_of_type="FB")
        made = self._create(block, isAutoNumbered, number)
        assert isinstance(made, InstanceDB)  # noqa: S101 - by kind
        return made

    def _create(self, block: Block, automatic: bool, number: int) -> PlcBlock:
        self._plc._require_offline("Creating a block")
        require_name(require_type(block.name, str, "name"), "block")
        self._plc._require_free_name(block.name, "block")
        block.auto_number = require_type(automatic, bool, "isAutoNumber")
        require_type(number, int, "number")
        if not automatic:
            block.number = int(number)
            if self._plc._program.is_taken(block.kind if block.kind == "FB" else "DB", block.number):
                msg = f"The number {number} is used already."
                raise EngineeringTargetInvocationException(msg, code="number.taken", place={"block": block.name})
        return block_import.take_blocks(self, [block], ImportOptions.None_, SWImportOptions.None_)[0]

    def _element(self, name: str, state: _State) -> PlcBlock:
        return CLASSES[state.kind](self, self._plc, self._group, name, state)


class PlcBlockGroup(_Group):
    """A folder of blocks."""

    def __init__(self, parent: EngineeringObject, plc: _Plc, name: str, folder: str) -> None:
        """Start empty."""
        super().__init__(parent, plc, name, folder)
        self._blocks = PlcBlockComposition(self)

    @property
    def Blocks(self) -> PlcBlockComposition:
        """The blocks directly in this folder."""
        return self._blocks

    def _contents(self) -> list[_ProgramComposition[Any]]:
        return [self._blocks]

    def _services(self) -> dict[type, Any]:
        return self._plc._compile_service(self, self._elements)

    def _elements(self) -> list[_Element]:
        return [item for group in self._walk() for item in group._items_here()]


def blocks_of(plc: _Plc) -> PlcBlockComposition:
    """Return the blocks in the root folder of a PLC."""
    root = plc._trees()["blocks"]
    assert isinstance(root, PlcBlockGroup)  # noqa: S101 - by its name
    return root._blocks


class PlcSystemBlockGroupComposition(_ProgramComposition[PlcBlockGroup]):
    """The folders of system blocks: always empty."""


class PlcBlockSystemGroup(PlcBlockGroup):
    """The root folder "Program blocks"."""

    @property
    def SystemBlockGroups(self) -> PlcSystemBlockGroupComposition:
        """The folders of system blocks."""
        return PlcSystemBlockGroupComposition(self, self._plc)


class PlcBlockUserGroup(PlcBlockGroup, _UserGroup):
    """A folder of blocks that a user made."""


class PlcBlockUserGroupComposition(_UserGroups[PlcBlockUserGroup]):
    """The folders in a folder of blocks."""

    _KIND = PlcBlockUserGroup

    def CreateFrom(self, sourceMasterCopy: EngineeringObject, copyMode: Any = None) -> PlcBlockUserGroup:
        """Make a folder with the blocks from a master copy.

        Raises:
            EngineeringTargetInvocationException: The copy holds no folder, or a rule is broken; nothing was changed.
        """
        return create_group(self, sourceMasterCopy, copyMode)


PlcBlockGroup._GROUPS = PlcBlockUserGroupComposition
