"""The two trees of a library: folders of master copies and folders of types.

Facts: docs/facts/openness-libraries.md#types-and-versions; docs/facts/tia-rules.md#names (names of types are unique in
their folder only), docs/facts/tia-operations.md#libraries (empty type folders).
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import ClassVar

from fake_openness.core.objects import EngineeringObject
from fake_openness.library.copies import MasterCopyComposition
from fake_openness.library.folder_trees import _LibraryFolder, _UserFolders
from fake_openness.library.kinds import ILibraryTypeOrFolderSelection
from fake_openness.library.library_object import _LibraryRoot, refusal
from fake_openness.library.modes import ConsistencyStatus
from fake_openness.library.types import LibraryType, LibraryTypeComposition


class MasterCopyFolder(_LibraryFolder):
    """A folder of master copies."""

    def __init__(self, parent: EngineeringObject, library: _LibraryRoot, name: str) -> None:
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

    def __init__(self, parent: EngineeringObject, library: _LibraryRoot, name: str) -> None:
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
        """The combined state of all its types (from V17 on)."""
        states = {each._status() for each in self._select()} or {ConsistencyStatus.Consistent}
        if states == {ConsistencyStatus.Consistent}:
            return ConsistencyStatus.Consistent
        wrong = [state.value for state in states if state is not ConsistencyStatus.Consistent]
        return ConsistencyStatus(reduce(or_, wrong))

    def _select(self) -> list[LibraryType]:
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
        if self._select():
            raise refusal(
                "folder_not_empty", f"The folder '{self._name}' has types in it: delete them first.", self._name
            )
        self._remove()


class LibraryTypeUserFolderComposition(_UserFolders[LibraryTypeUserFolder]):
    """The folders in a folder of types."""

    _KIND = LibraryTypeUserFolder


LibraryTypeFolder._SUBFOLDERS = LibraryTypeUserFolderComposition
