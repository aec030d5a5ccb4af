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
from fake_dotnet.system import DirectoryInfo, FileInfo, absolute, require_type
from fake_openness.core import texts
from fake_openness.core.context import Context
from fake_openness.core.machine import Process
from fake_openness.core.objects import Composition, EngineeringObject
from fake_openness.core.store import Store
from fake_openness.core.texts import LanguageSettings, MultilingualText
from fake_openness.files import archive
from fake_openness.files.header import LibraryHeader
from fake_openness.files.locks import FileLock
from fake_openness.library import store as library_store
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


class GlobalLibrary(_Library):
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
    def Path(self) -> FileInfo:
        """The .alNN file."""
        return FileInfo(str(self._file))

    @property
    def Author(self) -> str:
        """Who made it."""
        return self._header.author

    @property
    def Comment(self) -> MultilingualText:
        """The comment."""
        return MultilingualText(self, self._languages, self._header.comment)

    @property
    def IsModified(self) -> bool:
        """Whether there are changes that were not saved."""
        return self._context.modified

    @property
    def IsReadOnly(self) -> bool:
        """Whether it cannot be changed."""
        return self._mode is OpenMode.ReadOnly

    @property
    def LanguageSettings(self) -> LanguageSettings:
        """The languages of its texts."""
        return self._language_settings

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

    def _languages(self) -> texts.LanguageSettings:
        return self._language_settings

    def _programs(self) -> Iterator[_Plc]:
        """Return no program: instances are tied to the project library."""
        return iter(())

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

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
        target = absolute(targetDirectory, DirectoryInfo, "targetDirectory")
        archive.require_empty(target)
        if target.exists():
            target.rmdir()
        old = self._file.name
        assert self._context.store is not None  # noqa: S101 - a library has one
        self._context.store.save_as(target)
        self._release()
        self._file = (target / old).rename(target / f"{target.name}.al{self._context.version.suffix}")
        self._mode, self._lock = OpenMode.ReadWrite, FileLock(self._file, self._context.machine)
        self._write()

    def Close(self) -> None:
        """Close the library; unsaved changes are lost.

        Raises:
            EngineeringTargetInvocationException: In a transaction.
        """
        self._process.refuse_in_transaction("Closing a library")
        self._release()
        self._siblings.remove(self)
        self._die()

    def Archive(self, targetDirectory: DirectoryInfo, targetName: str, archivationMode: LibraryArchivationMode) -> None:
        """Write the saved library to a .zalNN file (compressed modes) or a copy of its folder.

        Raises:
            EngineeringTargetInvocationException: Unsaved changes, or the target is there already.
        """
        target = absolute(targetDirectory, DirectoryInfo, "targetDirectory")
        require_type(archivationMode, LibraryArchivationMode, "archivationMode")
        require_type(targetName, str, "targetName")
        if self._context.modified:
            msg = f"The library '{self._file.stem}' has changes that are not saved: save it before it is archived."
            raise refusal("not_saved", msg, self._file.stem)
        assert self._context.store is not None  # noqa: S101 - a library has one
        archive.write(
            self._context.store, target / targetName, compressed=archivationMode.compressed, about=self._header
        )

    def CleanUpLibrary(self, sourceTypesAndFolders: Iterable[Any]) -> None:
        """Delete versions that nothing uses; default versions stay."""
        update.clean_up(self, list(sourceTypesAndFolders), CleanUpMode.PreserveDefaultVersionOfUnusedTypes)

    def _write(self) -> None:
        store = self._context.store
        assert store is not None  # noqa: S101 - a library has one
        library_store.save(self._files, self._roots())
        self._header.modified, self._header.modified_by = self._context.now(), self._context.machine.user
        self._header.languages = [item._culture for item in self._language_settings._active._items]
        store.put(self._file.name, self._header.to_bytes())
        store.save()
        self._context.modified = False


class GlobalLibraryInfo(NetObject):
    """Facts about a global library that may be open or not: a snapshot."""

    def __init__(self, library: GlobalLibrary) -> None:
        """Take the snapshot."""
        self.Name = library._file.stem
        self.Path = FileInfo(str(library._file))
        self.LibraryType = GlobalLibraryType.User
        self.IsOpen = True
        self.IsReadOnly = library._mode is OpenMode.ReadOnly
