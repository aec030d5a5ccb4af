"""Library types: versioned blocks and PLC data types, identified by GUID.

Facts: docs/facts/openness-libraries.md#types-and-versions; docs/facts/tia-rules.md#names,
docs/facts/tia-operations.md#libraries (versions, deletion). There is no Create: a type comes from documents (V20 and
later) or from another library.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from fake_dotnet.system import DirectoryInfo, Guid, require_type
from fake_openness.core.names import already_exists, require_length
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.sorted_composition import _SortedComposition
from fake_openness.core.texts import MultilingualText
from fake_openness.library import compare, documents, update
from fake_openness.library.kinds import ILibraryTypeOrFolderSelection
from fake_openness.library.library_object import _LibraryObject, refusal
from fake_openness.library.modes import (
    ConsistencyStatus,
    DeleteUnusedVersionsMode,
    ForceUpdateMode,
    StructureConflictResolutionMode,
)
from fake_openness.library.versions import LibraryTypeVersion, LibraryTypeVersionComposition
from fake_openness.program.plc import IUpdateProjectScope
from fake_openness.program.state import TYPE_KIND

if TYPE_CHECKING:
    from fake_openness.library.folders import LibraryTypeFolder
    from fake_openness.library.library import _Library


class LibraryType(_LibraryObject, ILibraryTypeOrFolderSelection):
    """A type."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"CompareTo": "19", "Status": "17"}
    _library: _Library

    def __init__(self, parent: LibraryTypeComposition, name: str, guid: str, kind: str, author: str) -> None:
        """Represent a type without versions.

        Args:
            parent: The types of its folder.
            name: Its name.
            guid: Its identity in all libraries.
            kind: FB, FC, OB or UDT, or one of hmi_types.KINDS.
            author: Who made it.
        """
        super().__init__(parent, parent._folder._library)
        self._name, self._guid, self._kind, self._author = name, guid, kind, author
        self._comment: dict[str, str] = {}
        self._versions = LibraryTypeVersionComposition(self)

    @property
    def Name(self) -> str:
        """The name, unique in its folder."""
        return self._name

    @Name.setter
    def Name(self, value: str) -> None:
        self._require_writable()
        home = self._home()
        if home._by_name.get(require_length(require_type(value, str, "value"), "type").casefold()) not in (None, self):
            raise already_exists(value, "type")
        home._rename(self, value)

    @property
    def Guid(self) -> Guid:
        """The identity, the same in all libraries."""
        return Guid(self._guid)

    @property
    def Author(self) -> str:
        """Who made it."""
        return self._author

    @property
    def Comment(self) -> MultilingualText:
        """The comment."""
        return MultilingualText(self, self._library._languages, self._comment)

    @property
    def Status(self) -> ConsistencyStatus:
        """Whether the type agrees with its dependencies and instances (from V17 on)."""
        return self._status()

    @property
    def Versions(self) -> LibraryTypeVersionComposition:
        """The versions, the oldest first."""
        return self._versions

    def CompareTo(self, compareTarget: LibraryType) -> compare.DetailedCompareResult:
        """Compare the type and its default version with another one (from V19 on)."""
        other = require_type(compareTarget, LibraryType, "libraryType")
        one, two = self._default(), other._default()
        contents = compare.contents_of(one._data(), two._data()) if one is not None and two is not None else ()
        return compare.compare_objects(self, self._facts(), other._facts(), contents)

    def UpdateProject(
        self,
        updateProjectScope: IUpdateProjectScope,
        deleteUnusedVersionsMode: DeleteUnusedVersionsMode = DeleteUnusedVersionsMode.DoNotDelete,
        structureConflictResolutionMode: StructureConflictResolutionMode = StructureConflictResolutionMode.RetainStructure,
        forceUpdateMode: ForceUpdateMode = ForceUpdateMode.SetOnlyHigherUpdatedVersionAsDefault,
    ) -> None:
        """Update the type's instances in a PLC to the default version."""
        modes = update._Modes(forceUpdateMode, deleteUnusedVersionsMode, structureConflictResolutionMode)
        update.update_project(self._library, [self], [updateProjectScope], modes)

    def UpdateLibrary(
        self,
        targetLibrary: _Library,
        deleteUnusedVersionsMode: DeleteUnusedVersionsMode = DeleteUnusedVersionsMode.DoNotDelete,
        structureConflictResolutionMode: StructureConflictResolutionMode = StructureConflictResolutionMode.RetainStructure,
        forceUpdateMode: ForceUpdateMode = ForceUpdateMode.SetOnlyHigherUpdatedVersionAsDefault,
    ) -> None:
        """Copy the type to another library, or update it there."""
        update.update_library(
            [self],
            targetLibrary,
            update._Modes(forceUpdateMode, deleteUnusedVersionsMode, structureConflictResolutionMode),
        )

    def Delete(self) -> None:
        """Delete the type with all its versions.

        Raises:
            EngineeringTargetInvocationException: A version cannot be deleted, or the library is read-only.
        """
        self._require_writable()
        for version in self._versions._items:
            version._require_deletable(whole_type=True)
        for version in list(self._versions._items):
            version._remove()
        self._drop()

    def _drop(self) -> None:
        self._home()._remove(self)
        self._die()

    def _facts(self) -> compare.Facts:
        """Return the facts for a comparison besides the content."""
        default = self._default()
        return {
            "Name": self._name,
            "Author": self._author,
            "Comment": self._shown_comment(),
            "Default version": default and default._number.ToString(),
        }

    def _home(self) -> LibraryTypeComposition:
        assert isinstance(self._parent, LibraryTypeComposition)  # noqa: S101 - set by the composition
        return self._parent

    def _path(self) -> tuple[str, ...]:
        return self._home()._folder._path()

    def _select(self) -> list[LibraryType]:
        return [self]

    def _shown_comment(self) -> str:
        return next(iter(self._comment.values()), "")

    def _default(self) -> LibraryTypeVersion | None:
        """Return the default version; none before the first one is released."""
        return next((each for each in self._versions._items if each._is_default), None)

    def _in_work(self) -> LibraryTypeVersion | None:
        """Return the version that is in work."""
        return next((each for each in self._versions._items if not each._committed), None)

    def _require_none_in_work(self) -> None:
        """Refuse a second version in work.

        Raises:
            EngineeringTargetInvocationException: There is one.
        """
        found = self._in_work()
        if found is not None:
            msg = f"There is a version in work already ('{found._title()}'): release or discard it first."
            raise refusal("in_work", msg, found._title())

    def _status(self) -> ConsistencyStatus:
        """Return the state: whether its default version uses other default versions, and its instances that version."""
        default = self._default()
        if default is None:
            return ConsistencyStatus.Consistent
        value = 0
        if any(not each._is_default for each in default._find_needed()):
            value |= ConsistencyStatus.DefaultVersionInconsistent.value
        if any(each._instances() for each in self._versions._items if each._committed and not each._is_default):
            value |= ConsistencyStatus.NonDefaultVersionInstantiation.value
        return ConsistencyStatus(value) if value else ConsistencyStatus.Consistent

    def _record(self) -> dict[str, Any]:
        about = {"name": self._name, "guid": self._guid, "kind": self._kind, "author": self._author}
        return about | {"comment": self._comment, "versions": [each._record() for each in self._versions._items]}

    def _children(self) -> list[EngineeringObject]:
        return [self._versions]


class CodeBlockLibraryType(LibraryType):
    """A type of an FB, FC or OB."""


class PlcTypeLibraryType(LibraryType):
    """A type of a PLC data type."""


TYPES: dict[str, type[LibraryType]] = {TYPE_KIND: PlcTypeLibraryType}
"""The .NET type of a kind; of blocks where a kind is not here."""


class LibraryTypeComposition(_SortedComposition[LibraryType]):
    """The types of one folder."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"CreateFromDocuments": "20"}

    def __init__(self, folder: LibraryTypeFolder) -> None:
        """Start empty."""
        super().__init__(folder)
        self._folder = folder

    def CreateFromDocuments(
        self, directoryInfo: DirectoryInfo, documentName: str, *environment_and_options: Any
    ) -> documents.TypeCreateTransferResults:
        """Make a type from a SIMATIC SD document, its first version in work (from V20 on).

        Called as (directory, name, options) or (directory, name, environment, options); the environment is the folder
        of a PLC for the test instance.

        Raises:
            EngineeringTargetInvocationException: The document has errors, no environment for something of a PLC, a name
                that is there, or the library is read-only.
        """
        return documents.create_type(self, directoryInfo, documentName, *environment_and_options)

    def _make(self, name: str, guid: str, kind: str, author: str) -> LibraryType:
        if name.casefold() in self._by_name:
            raise refusal("type_exists", f"The folder has a type '{name}' already: choose another folder.", name)
        made = TYPES.get(kind, CodeBlockLibraryType)
        return self._add(made(self, name, guid or str(uuid.uuid4()), kind, author))

    def _restore(self, data: dict[str, Any]) -> None:
        made = self._make(data["name"], data["guid"], data["kind"], data["author"])
        made._comment = data["comment"]
        for version in data["versions"]:
            made._versions._restore(version)
