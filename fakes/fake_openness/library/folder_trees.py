"""What the folders of master copies and the folders of types have in common: they form trees.

Facts: docs/facts/tia-rules.md#names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Generic, TypeVar

from fake_dotnet.system import require_type
from fake_openness.core.names import already_exists, require_length, require_levels
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.sorted_composition import _SortedComposition
from fake_openness.library.library_object import _LibraryObject, _LibraryRoot

F = TypeVar("F", bound="_LibraryFolder")


class _LibraryFolder(_LibraryObject):
    """A folder: the root of a tree, or one that a user made."""

    _SUBFOLDERS: ClassVar[type[Any]]

    def __init__(self, parent: EngineeringObject, library: _LibraryRoot, name: str) -> None:
        """Start empty."""
        super().__init__(parent, library)
        self._name = name
        self._folders: _UserFolders[Any] = self._SUBFOLDERS(self)

    @property
    def Name(self) -> str:
        """The folder's name."""
        return self._name

    def _contents(self) -> _SortedComposition[Any]:
        """Return the collection of the objects in this folder."""
        raise NotImplementedError

    def _path(self) -> tuple[str, ...]:
        """Return the names from below the root down to this folder."""
        above = self._parent
        return (*above._folder._path(), self._name) if isinstance(above, _UserFolders) else ()

    def _walk(self) -> Iterator[_LibraryFolder]:
        """Yield this folder and all below it."""
        yield self
        for folder in self._folders._items:
            yield from folder._walk()

    def _everything(self) -> Iterator[Any]:
        """Yield the objects in this folder and those below it."""
        for folder in self._walk():
            yield from folder._contents()._items

    def _descend(self, path: tuple[str, ...]) -> Any:
        """Return the folder at a path, made where it is missing."""
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
        if require_length(require_type(name, str, "name"), "folder").casefold() in self._by_name:
            raise already_exists(name, "folder")
        require_levels(len(self._folder._path()))
        return self._make(name)

    def _make(self, name: str) -> F:
        made: F = self._KIND(self, self._folder._library, name)
        return self._add(made)
