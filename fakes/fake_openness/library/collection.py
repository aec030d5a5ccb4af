"""TiaPortal.GlobalLibraries: global libraries are created, opened and retrieved.

Facts: docs/facts/openness-libraries.md#global-libraries, docs/facts/tia-rules.md#files (Create makes
directory/name/name.alNN).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fake_dotnet.lists import NetList
from fake_dotnet.system import DirectoryInfo, FileInfo, absolute, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.machine import Process
from fake_openness.core.objects import EngineeringObject
from fake_openness.files import archive
from fake_openness.files.file_object import _FileObjects
from fake_openness.files.header import LibraryHeader
from fake_openness.library.global_libraries import (
    GlobalLibrary,
    GlobalLibraryInfo,
    UserGlobalLibrary,
)
from fake_openness.library.kinds import OpenMode
from fake_openness.library.library_object import refusal


class _Create:
    """`libraries.Create[UserGlobalLibrary](directory, name)`."""

    def __get__(self, owner: GlobalLibraryComposition, _: type | None = None) -> _BoundCreate:
        """Bind to the collection."""
        owner._enter("Create")
        return _BoundCreate(owner)


class _BoundCreate:
    """Create of one collection, waiting for its type argument."""

    def __init__(self, owner: GlobalLibraryComposition) -> None:
        self._owner = owner

    def __getitem__(self, kind: type) -> Callable[[DirectoryInfo, str], UserGlobalLibrary]:
        """Choose the type: only those of users can be made."""
        if kind is not UserGlobalLibrary:
            msg = f"A {kind.__name__} cannot be created: only a UserGlobalLibrary can."
            raise EngineeringTargetInvocationException(msg, code="library.kind")
        return self._owner._create


class GlobalLibraryComposition(_FileObjects[GlobalLibrary]):
    """The open global libraries of a portal."""

    _kind = LibraryHeader
    Create = _Create()

    def __init__(self, parent: EngineeringObject, process: Process) -> None:
        """Start without a library."""
        super().__init__(parent)
        self._process = process

    def Find(self, name: str) -> GlobalLibrary | None:
        """Return the open library of a name, or None."""
        key = require_type(name, str, "name").casefold()
        return next((each for each in self._items if each._file.stem.casefold() == key), None)

    def GetGlobalLibraryInfos(self) -> NetList[GlobalLibraryInfo]:
        """Return the global libraries that the portal knows: here, the open ones."""
        return NetList([GlobalLibraryInfo(each) for each in self._items])

    def Open(self, source: FileInfo | GlobalLibraryInfo, mode: OpenMode = OpenMode.ReadOnly) -> GlobalLibrary:
        """Open a library of exactly this version, by its file or its info.

        Raises:
            EngineeringTargetInvocationException: In a transaction, not there, another version, open, or locked.
        """
        file = source.Path if isinstance(source, GlobalLibraryInfo) else source
        path = absolute(file, FileInfo, "path")
        require_type(mode, OpenMode, "openMode")
        self._require_version(path)
        return self._enter_library(path, mode)

    def OpenWithUpgrade(self, path: FileInfo) -> UserGlobalLibrary:
        """Open a library of this or an older version for writing; an older one is copied to name_VNN and upgraded.

        Raises:
            EngineeringTargetInvocationException: As Open, or the library is newer.
        """
        file = absolute(path, FileInfo, "path")
        self._process.refuse_in_transaction("Opening a library")
        return self._enter_library(self._upgrade(file), OpenMode.ReadWrite)

    def Retrieve(self, sourcePath: FileInfo, targetDirectory: DirectoryInfo, openMode: OpenMode) -> GlobalLibrary:
        """Unpack a .zalNN below a folder and open it.

        Raises:
            EngineeringTargetInvocationException: Damaged archive, other version, or the target is there.
        """
        return self.Open(self._unpack(sourcePath, targetDirectory), openMode)

    def RetrieveWithUpgrade(
        self, sourcePath: FileInfo, targetDirectory: DirectoryInfo, openMode: OpenMode
    ) -> UserGlobalLibrary:
        """Unpack a .zalNN of this or an older version and open it."""
        require_type(openMode, OpenMode, "openMode")
        return self.OpenWithUpgrade(self._unpack(sourcePath, targetDirectory))

    def _unpack(self, source: FileInfo, directory: DirectoryInfo) -> FileInfo:
        self._process.refuse_in_transaction("Opening a library")
        path = absolute(source, FileInfo, "sourcePath")
        target = absolute(directory, DirectoryInfo, "targetDirectory")
        return FileInfo(str(archive.read(path, target, LibraryHeader)))

    def _create(self, directory: DirectoryInfo, name: str) -> UserGlobalLibrary:
        """Make directory/name/name.alNN and open it for writing."""
        file = self._new(directory, name)
        self._process.refuse_in_transaction("Creating a library")
        return self._enter_library(self._put(file), OpenMode.ReadWrite)

    def _enter_library(self, path: Path, mode: OpenMode) -> UserGlobalLibrary:
        self._process.refuse_in_transaction("Opening a library")
        if any(each._file == path for each in self._items):
            raise refusal("open", f"The library '{path.stem}' is open already: close it first.", path.stem)
        library = UserGlobalLibrary(self, self._process, path, mode)
        self._items.append(library)
        return library
