"""The two trees of a library: folders of master copies and folders of types.

Facts: docs/facts/openness-libraries.md#types-and-versions; docs/facts/tia-rules.md#names (names of types are unique in
their folder only), docs/facts/tia-operations.md#libraries (empty type folders).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from fake_dotnet.system import declared
from fake_openness.core.names import already_exists, require_length, require_levels
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.sorted_composition import _SortedComposition
from fake_openness.library.copies import MasterCopyComposition
from fake_openness.library.kinds import ILibraryTypeOrFolderSelection
from fake_openness.library.library_object import _LibraryObject, refusal
from fake_openness.library.modes import ConsistencyStatus
from fake_openness.library.types import LibraryType, LibraryTypeComposition

if TYPE_CHECKING:
    from fake_openness.library.library import _Library

F = TypeVar("F", bound="_LibraryFolder")


class _LibraryFolder(_LibraryObject):
    """A folder: the root of a tree, or one that a user made."""

    _SUBFOLDERS: ClassVar[type[Any]]

    def __init__(self, parent: EngineeringObject, library: _Library, name: str) -> None:
        """Start empty."""
        super().__init__(parent, library)
        self._name = name
        self._folders: _UserFolders[Any] = self._SUBFOLDERS(self)

    @property
    def Name(self) -> str:
        """The folder's name."""
        return self._name

    def _contents(self) -> _SortedComposition[Any]:
        """The collection of what this folder holds."""
        raise NotImplementedError

    def _path(self) -> tuple[str, ...]:
        """The names from below the root down to this folder."""
        above = self._parent
        return (*above._folder._path(), self._name) if isinstance(above, _UserFolders) else ()

    def _walk(self) -> Iterator[_LibraryFolder]:
        """This folder and all below it."""
        yield self
        for folder in self._folders._items:
            yield from folder._walk()

    def _everything(self) -> Iterator[Any]:
        """What this folder and those below it hold."""
        for folder in self._walk():
            yield from folder._contents()._items

    def _descend(self, path: tuple[str, ...]) -> Any:
        """The folder at a path, made where it is missing."""
        folder: _LibraryFolder = self
        for name in path:
            folder = folder._folders._by_name.get(name.casefold()) or folder._folders._make(name)
        return folder

    def _remove(self) -> None:
        """Delete a folder that a user made."""
        assert isinstance(self._parent, _UserFolders)  # noqa: S101 - only those can be deleted
        self._parent._remove(self)
        self._die()

    def _children(self) -> list[EngineeringObject]:
        return [self._contents(), self._folders]


class _UserFolders(_SortedComposition[F], Generic[F]):
    """The folders in a folder."""

    _KIND: ClassVar[type[Any]]

    def __init__(self, folder: _LibraryFolder) -> None:
        """Start empty."""
        super().__init__(folder)
        self._folder = folder

    def Create(self, name: str) -> F:
        """Make a folder.

        Raises:
            EngineeringTargetInvocationException: Not 1 to 128 characters, there already, or the library is read-only.
        """
        self._folder._require_writable()
        if require_length(declared(name, str, "name"), "folder").casefold() in self._by_name:
            raise already_exists(name, "folder")
        require_levels(len(self._folder._path()))
        return self._make(name)

    def _make(self, name: str) -> F:
        made: F = self._KIND(self, self._folder._library, name)
        return self._add(made)


class MasterCopyFolder(_LibraryFolder):
    """A folder of master copies."""

    def __init__(self, parent: EngineeringObject, library: _Library, name: str) -> None:
        """Start empty."""
        super().__init__(parent, library, name)
        self._copies = MasterCopyComposition(self)

    @property
    def MasterCopies(self) -> MasterCopyComposition:
        """The master copies directly in this folder."""
        return self._copies

    @property
    def Folders(self) -> MasterCopyUserFolderComposition:
        """The folders in this one."""
        assert isinstance(self._folders, MasterCopyUserFolderComposition)  # noqa: S101 - by its type
        return self._folders

    def _contents(self) -> MasterCopyComposition:
        return self._copies


class MasterCopySystemFolder(MasterCopyFolder):
    """The root folder "Master copies"."""


class MasterCopyUserFolder(MasterCopyFolder):
    """A folder of master copies that a user made."""

    def Delete(self) -> None:
        """Delete the folder with what is in it.

        Raises:
            EngineeringTargetInvocationException: The library is read-only.
        """
        self._require_writable()
        for copy in list(self._everything()):
            copy._delete()
        self._remove()


class MasterCopyUserFolderComposition(_UserFolders[MasterCopyUserFolder]):
    """The folders in a folder of master copies."""

    _KIND = MasterCopyUserFolder


MasterCopyFolder._SUBFOLDERS = MasterCopyUserFolderComposition


class LibraryTypeFolder(_LibraryFolder, ILibraryTypeOrFolderSelection):
    """A folder of types."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"Status": "17"}

    def __init__(self, parent: EngineeringObject, library: _Library, name: str) -> None:
        """Start empty."""
        super().__init__(parent, library, name)
        self._types = LibraryTypeComposition(self)

    @property
    def Types(self) -> LibraryTypeComposition:
        """The types directly in this folder."""
        return self._types

    @property
    def Folders(self) -> LibraryTypeUserFolderComposition:
        """The folders in this one."""
        assert isinstance(self._folders, LibraryTypeUserFolderComposition)  # noqa: S101 - by its type
        return self._folders

    @property
    def Status(self) -> ConsistencyStatus:
        """What the states of all its types say together (from V17 on)."""
        states = {each._status() for each in self._selected()} or {ConsistencyStatus.Consistent}
        if states == {ConsistencyStatus.Consistent}:
            return ConsistencyStatus.Consistent
        wrong = [state.value for state in states if state is not ConsistencyStatus.Consistent]
        return ConsistencyStatus(reduce(or_, wrong))

    def _selected(self) -> list[LibraryType]:
        return list(self._everything())

    def _contents(self) -> LibraryTypeComposition:
        return self._types


class LibraryTypeSystemFolder(LibraryTypeFolder):
    """The root folder "Types"."""


class LibraryTypeUserFolder(LibraryTypeFolder):
    """A folder of types that a user made."""

    def Delete(self) -> None:
        """Delete the folder.

        Raises:
            EngineeringTargetInvocationException: There are types in it, or the library is read-only.
        """
        self._require_writable()
        if self._selected():
            raise refusal(
                "folder_not_empty", f"The folder '{self._name}' has types in it: delete them first.", self._name
            )
        self._remove()


class LibraryTypeUserFolderComposition(_UserFolders[LibraryTypeUserFolder]):
    """The folders in a folder of types."""

    _KIND = LibraryTypeUserFolder


LibraryTypeFolder._SUBFOLDERS = LibraryTypeUserFolderComposition
