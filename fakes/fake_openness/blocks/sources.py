"""External source files and the blocks that are generated from them.

Facts: docs/facts/openness-program.md#external-sources; docs/facts/tia-operations.md#external-sources
(GenerateBlocksFromSource, existing blocks, errors).
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any

from fake_dotnet.errors import ArgumentException
from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject
from fake_dotnet.system import FileInfo, NetEnum, require_type
from fake_openness.blocks import source_generation, source_writing
from fake_openness.blocks.block_groups import PlcBlockUserGroup
from fake_openness.blocks.plc_types import PlcTypeUserGroup
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import already_exists, require_name
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.store import file_name
from fake_openness.program.elements import _Element
from fake_openness.program.groups import _Group, _UserGroup, _UserGroups
from fake_openness.program.plc import _Plc
from fake_openness.program.program_object import _ProgramComposition, _ProgramObject


class IGenerateSource(NetObject):
    """An element that a source can be written from: the type in the list for GenerateSource."""


class GenerateBlockOption(NetEnum):
    """Whether blocks with errors are kept."""

    None_ = 0
    KeepOnError = 1


class GenerateOptions(NetEnum):
    """Whether a written source includes what its blocks use."""

    None_ = 0
    WithDependencies = 1


class _Suffix(Enum):
    """The kinds of source files, by extension."""

    SCL = ".scl"
    STL = ".awl"
    DB = ".db"
    UDT = ".udt"


class PlcExternalSource(_ProgramObject):
    """An external source file. Its content cannot be read back."""

    def __init__(self, parent: PlcExternalSourceComposition, name: str) -> None:
        """Represent a file of the project."""
        super().__init__(parent, parent._plc)
        self._group, self._name = parent._group, name
        self._file = self._wanted_file()

    @property
    def Name(self) -> str:
        """The name of the source, with its extension."""
        return self._name

    def Delete(self) -> None:
        """Delete the source; blocks generated from it stay."""
        self._plc._require_offline("Deleting a source")
        self._delete()

    def GenerateBlocksFromSource(
        self,
        first: GenerateBlockOption | PlcBlockUserGroup | PlcTypeUserGroup | None = None,
        option: GenerateBlockOption | None = None,
    ) -> NetList[_Element]:
        """Generate the blocks and data types of the source: (), (option) or (group, option).

        Raises:
            EngineeringTargetInvocationException: The source has errors; each is one of the detail messages.
        """
        if isinstance(first, (PlcBlockUserGroup, PlcTypeUserGroup)):
            group: PlcBlockUserGroup | PlcTypeUserGroup | None = first
            chosen = require_type(option, GenerateBlockOption, "generateBlockOption")
        else:
            group = None
            chosen = require_type(first or GenerateBlockOption.None_, GenerateBlockOption, "generateBlockOption")
        self._plc._require_offline("Generating blocks")
        keep = chosen is GenerateBlockOption.KeepOnError
        return NetList(source_generation.generate(self, group, keep=keep))

    def _kind(self) -> _Suffix:
        return _Suffix(Path(self._name).suffix.lower())

    def _text(self) -> bytes:
        return self._store.get(self._file)

    def _delete(self) -> None:
        assert isinstance(self._parent, PlcExternalSourceComposition)  # noqa: S101 - set by the composition
        self._parent._remove(self)
        self._discard(self._file)
        self._die()

    def _wanted_file(self) -> str:
        return f"{self._group._folder}/{file_name(self._name)}"

    def _relocate(self) -> None:
        """Move the file to where name and group put it."""
        content = self._text()
        self._discard(self._file)
        self._assign("_file", self._wanted_file())
        self._put(self._file, content)

    def _flush(self) -> None:
        """Do nothing: the content is written with each change."""

    def _record(self) -> dict[str, Any]:
        return {}


class PlcExternalSourceComposition(_ProgramComposition[PlcExternalSource]):
    """The sources of one group."""

    def __init__(self, group: PlcExternalSourceGroup) -> None:
        """Start empty."""
        super().__init__(group, group._plc)
        self._group = group

    def CreateFromFile(self, name: str, path: str) -> PlcExternalSource:
        """Add a source file to the project.

        Args:
            name: The source's name; without an extension it gets that of the file.
            path: The absolute path of a .scl, .awl, .db or .udt file, as a string.

        Raises:
            ArgumentException: The path is relative.
            EngineeringTargetInvocationException: No such file, not a source file, or the name is taken.
        """
        file = Path(require_type(path, str, "path"))
        if not file.is_absolute():
            msg = "The argument 'path' cannot be a relative path."
            raise ArgumentException(msg)
        self._plc._require_offline("Adding a source")
        full = require_name(require_type(name, str, "name"), "source")
        full = full if _is_source(full) else full + file.suffix
        if not file.is_file() or not _is_source(full) or not _is_source(file.name):
            msg = f"'{file}' is not a source file: name an existing file that ends in .scl, .awl, .db or .udt."
            raise EngineeringTargetInvocationException(msg, code="source.file", place={"name": name})
        if self._find_by_name(full) is not None:
            raise already_exists(full, "source")
        made = self._restore(full)
        made._put(made._file, file.read_bytes())
        return made

    def _restore(self, name: str) -> PlcExternalSource:
        return self._add(PlcExternalSource(self, name))


def _is_source(name: str) -> bool:
    return Path(name).suffix.lower() in {suffix.value for suffix in _Suffix}


class PlcExternalSourceGroup(_Group):
    """A folder of sources."""

    def __init__(self, parent: EngineeringObject, plc: _Plc, name: str, folder: str) -> None:
        """Start empty."""
        super().__init__(parent, plc, name, folder)
        self._sources = PlcExternalSourceComposition(self)

    @property
    def ExternalSources(self) -> PlcExternalSourceComposition:
        """The sources directly in this folder."""
        return self._sources

    def _contents(self) -> list[_ProgramComposition[Any]]:
        return [self._sources]


class PlcExternalSourceSystemGroup(PlcExternalSourceGroup):
    """The root folder "External source files"."""

    def GenerateSource(
        self, blocks: NetList[Any], sourceFile: FileInfo, generateOption: GenerateOptions = GenerateOptions.None_
    ) -> None:
        """Write blocks and data types as one source file.

        Args:
            blocks: Blocks in SCL or STL, data blocks and data types.
            sourceFile: The file; its extension must fit what is written.
            generateOption: Whether what they use is written before them.

        Raises:
            EngineeringTargetInvocationException: Not consistent, not possible as a source, or the file exists.
        """
        require_type(blocks, NetList, "plcBlocks")
        together = require_type(generateOption, GenerateOptions, "generateOptions") is GenerateOptions.WithDependencies
        self._plc._require_offline("Generating a source")
        source_writing.write(self._plc, list(blocks), sourceFile, together=together)


class PlcExternalSourceUserGroup(PlcExternalSourceGroup, _UserGroup):
    """A folder of sources that a user made."""


class PlcExternalSourceUserGroupComposition(_UserGroups[PlcExternalSourceUserGroup]):
    """The folders in a folder of sources."""

    _KIND = PlcExternalSourceUserGroup


PlcExternalSourceGroup._GROUPS = PlcExternalSourceUserGroupComposition
