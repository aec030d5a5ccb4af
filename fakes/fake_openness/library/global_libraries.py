"""Global libraries: libraries with their own folder and file name.alNN.

Facts: docs/facts/openness-libraries.md#global-libraries, docs/facts/tia-operations.md#libraries,
docs/facts/tia-rules.md#files. Only a library that a user made can be saved, closed and archived; there are no system
and corporate libraries on the simulated computer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from fake_dotnet.objects import NetObject
from fake_dotnet.system import DirectoryInfo, FileInfo, require_type
from fake_openness.core.context import Context
from fake_openness.core.machine import Process
from fake_openness.core.objects import Composition, EngineeringObject
from fake_openness.core.store import Store
from fake_openness.core.texts import LanguageSettings
from fake_openness.files.file_object import _FileObject
from fake_openness.files.header import LibraryHeader
from fake_openness.files.locks import FileLock
from fake_openness.library import update
from fake_openness.library.kinds import GlobalLibraryType, LibraryArchivationMode, OpenMode
from fake_openness.library.library import _Library
from fake_openness.library.library_object import refusal
from fake_openness.library.modes import (
    CleanUpMode,
    DeleteUnusedVersionsMode,
    ForceUpdateMode,
    StructureConflictResolutionMode,
)
from fake_openness.program.plc import _Plc


class GlobalLibrary(_Library, _FileObject):
    """An open global library."""

    _is_global = True

    def __init__(self, parent: Composition[GlobalLibrary], process: Process, file: Path, mode: OpenMode) -> None:
        """Load the library whose .alNN file is given; a writable one takes the lock first."""
        machine = parent._context.machine
        self._mode, self._process = mode, process
        self._lock = FileLock(file, machine) if mode is OpenMode.ReadWrite else None
        try:
            self._header = LibraryHeader.read(file)
            super().__init__(parent, Context(machine, machine.version, Store(file.parent)))
            self._siblings, self._file = parent._items, file
            self._language_settings = LanguageSettings(self, self._header.languages)
            self._load()
        except BaseException:
            self._release()
            raise
        self._context.modified = False

    @property
    def Name(self) -> str:
        """The library's name."""
        return self._file.stem

    @property
    def IsReadOnly(self) -> bool:
        """Whether it cannot be changed."""
        return self._mode is OpenMode.ReadOnly

    def UpdateProject(
        self,
        sourceTypesAndFolders: Iterable[Any],
        updateProjectScopes: Iterable[Any],
        forceUpdateMode: ForceUpdateMode = ForceUpdateMode.SetOnlyHigherUpdatedVersionAsDefault,
        deleteUnusedVersionsMode: DeleteUnusedVersionsMode = DeleteUnusedVersionsMode.DoNotDelete,
        structureConflictResolutionMode: StructureConflictResolutionMode = StructureConflictResolutionMode.RetainStructure,
    ) -> None:
        """Bring the project library, and the instances of PLCs, to the default versions of this library."""
        modes = update._Modes(forceUpdateMode, deleteUnusedVersionsMode, structureConflictResolutionMode)
        update.update_project(self, list(sourceTypesAndFolders), list(updateProjectScopes), modes)

    def _require_writable(self) -> None:
        if self._mode is OpenMode.ReadOnly:
            msg = f"The library '{self._file.stem}' is open read-only and cannot be changed: open it for writing."
            raise refusal("read_only", msg, self._file.stem)

    def _languages(self) -> LanguageSettings:
        return self._language_settings

    def _programs(self) -> Iterator[_Plc]:
        """Return no program: instances are tied to the project library."""
        return iter(())

    def _children(self) -> list[EngineeringObject]:
        return [*super()._children(), self._language_settings]


class UserGlobalLibrary(GlobalLibrary):
    """A global library that a user made."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"CleanUpLibrary": "17"}

    def Save(self) -> None:
        """Save all changes, atomically.

        Raises:
            EngineeringTargetInvocationException: The library is read-only.
        """
        self._require_writable()
        self._write()

    def SaveAs(self, targetDirectory: DirectoryInfo) -> None:
        """Save into a new folder and use it from then on; the folder's name becomes the library's.

        Raises:
            EngineeringTargetInvocationException: In a transaction, or the folder is there and not empty.
        """
        self._process.refuse_in_transaction("Saving a library under another name")
        self._save_as(targetDirectory)
        self._mode = OpenMode.ReadWrite

    def Close(self) -> None:
        """Close the library; unsaved changes are lost.

        Raises:
            EngineeringTargetInvocationException: In a transaction.
        """
        self._process.refuse_in_transaction("Closing a library")
        self._close()

    def Archive(self, targetDirectory: DirectoryInfo, targetName: str, archivationMode: LibraryArchivationMode) -> None:
        """Write the saved library to a .zalNN file (compressed modes) or a copy of its folder.

        Raises:
            EngineeringTargetInvocationException: Unsaved changes, or the target is there already.
        """
        compressed = require_type(archivationMode, LibraryArchivationMode, "archivationMode").compressed
        self._archive(targetDirectory, targetName, compressed=compressed)

    def CleanUpLibrary(self, sourceTypesAndFolders: Iterable[Any]) -> None:
        """Delete versions that nothing uses; default versions stay."""
        update.clean_up(self, list(sourceTypesAndFolders), CleanUpMode.PreserveDefaultVersionOfUnusedTypes)


class GlobalLibraryInfo(NetObject):
    """Facts about a global library that may be open or not: a snapshot."""

    def __init__(self, library: GlobalLibrary) -> None:
        """Take the snapshot."""
        self.Name = library._file.stem
        self.Path = FileInfo(str(library._file))
        self.LibraryType = GlobalLibraryType.User
        self.IsOpen = True
        self.IsReadOnly = library._mode is OpenMode.ReadOnly
