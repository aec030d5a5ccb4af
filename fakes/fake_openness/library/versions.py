"""The versions of a library type: in work, then committed; one of the committed ones is the default.

Facts: docs/facts/openness-libraries.md#types-and-versions; docs/facts/tia-operations.md#libraries. Measured on V21:
Edit gives the next build number and leaves the default as it is; a version in work cannot be exported. That a released
version becomes the default is not documented.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from fake_dotnet.lists import NetList
from fake_dotnet.system import DateTime, DirectoryInfo, FileInfo, Guid, Version, absolute, require_type
from fake_openness.core.objects import Composition, EngineeringObject
from fake_openness.core.options import ExportOptions
from fake_openness.core.texts import MultilingualText
from fake_openness.library import compare, documents, instances, release
from fake_openness.library.copies import MasterCopy, MasterCopyAssociation
from fake_openness.library.instances import LibraryTypeInstanceInfo
from fake_openness.library.kinds import LibraryTypeVersionState
from fake_openness.library.library_object import FOLDER, _LibraryObject, refusal
from fake_openness.program.plc import IUpdateProjectScope
from fake_openness.program.state import TYPE_KIND

if TYPE_CHECKING:
    from fake_openness.library.library import _Library
    from fake_openness.library.types import LibraryType

Committed, InWork = LibraryTypeVersionState.Committed, LibraryTypeVersionState.InWork


class LibraryTypeVersion(_LibraryObject):
    """A version of a type."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {
        "IsDefault": "17",
        "SetAsDefault": "17",
        "CompareTo": "19",
        "Edit": "20",
        "Release": "20",
        "Discard": "20",
    }
    _library: _Library

    def __init__(self, parent: LibraryTypeVersionComposition, number: Version, guid: str, author: str) -> None:
        """Represent a version in work; its content is in the library's files."""
        super().__init__(parent, parent._type._library)
        self._type = parent._type
        self._number, self._guid, self._author = number, guid, author
        self._state, self._is_default = InWork, False
        self._comment: dict[str, str] = {}
        self._modified = self._context.now()
        self._dependencies: tuple[str, ...] = ()

    @property
    def VersionNumber(self) -> Version:
        """The number, of three parts."""
        return self._number

    @property
    def Guid(self) -> Guid:
        """The identity, the same in all libraries."""
        return Guid(self._guid)

    @property
    def State(self) -> LibraryTypeVersionState:
        """Whether it is released."""
        return self._state

    @property
    def IsDefault(self) -> bool:
        """Whether it is the version that projects use (from V17 on)."""
        return self._is_default

    @property
    def TypeObject(self) -> LibraryType:
        """The type."""
        return self._type

    @property
    def Author(self) -> str:
        """Who released it."""
        return self._author

    @property
    def Comment(self) -> MultilingualText:
        """The comment of the release."""
        return MultilingualText(self, self._library._languages, self._comment)

    @property
    def ModifiedDate(self) -> DateTime:
        """When it was last changed."""
        return DateTime(self._modified)

    @property
    def Dependencies(self) -> LibraryTypeVersionAssociation:
        """The versions that it uses.

        Raises:
            EngineeringTargetInvocationException: It is in work.
        """
        self._require_committed("has no dependencies")
        return LibraryTypeVersionAssociation(self, self._find_needed())

    @property
    def Dependents(self) -> LibraryTypeVersionAssociation:
        """The versions that use it.

        Raises:
            EngineeringTargetInvocationException: It is in work.
        """
        self._require_committed("has no dependents")
        return LibraryTypeVersionAssociation(self, self._users())

    @property
    def MasterCopiesContainingInstances(self) -> MasterCopyAssociation:
        """The master copies of the library that hold an instance of it."""
        found = MasterCopyAssociation(self)
        found._items = self._copies()
        return found

    def FindInstances(self, searchScope: IUpdateProjectScope) -> NetList[LibraryTypeInstanceInfo]:
        """Return the version's instances in a PLC."""
        plc = instances.require_plc(searchScope)
        return NetList([LibraryTypeInstanceInfo(each) for each in instances.of_version(plc, self._guid)])

    def Export(self, exportFileInfo: FileInfo, exportOptions: ExportOptions) -> None:
        """Write the version's number, author and comment to a file.

        Raises:
            EngineeringTargetInvocationException: It is in work, or the file exists.
        """
        path = absolute(exportFileInfo, FileInfo, "exportFileInfo")
        require_type(exportOptions, ExportOptions, "exportOptions")
        self._require_committed("cannot be exported")
        documents.export_version(self, path)

    def CompareTo(self, compareTarget: LibraryTypeVersion) -> compare.DetailedCompareResult:
        """Compare the version with another one (from V19 on)."""
        other = require_type(compareTarget, LibraryTypeVersion, "libraryTypeVersion")
        contents = compare.contents_of(self._data(), other._data())
        return compare.compare_objects(self, self._facts(), other._facts(), contents)

    def SetAsDefault(self) -> None:
        """Make the version the one that projects use (from V17 on).

        Raises:
            EngineeringTargetInvocationException: It is in work, or the library is read-only.
        """
        self._require_writable()
        self._require_committed("cannot be the default version")
        self._make_default()

    def Edit(self, instance: LibraryTypeInstanceInfo | None = None) -> LibraryTypeVersion:
        """Make a version in work from it, tested in an instance where one is given (from V20 on).

        Raises:
            EngineeringTargetInvocationException: Not in a project library, in work itself, or there is one in work.
        """
        return release.edit(self, instance)

    def Release(
        self, mode: release.CreateOrReleaseDependenciesMode, version: Version, author: str, comment: str
    ) -> None:
        """Commit the version with the content of its test instance (from V20 on).

        Raises:
            EngineeringTargetInvocationException: Committed already, a number that is not above the others, a test
                instance that is not consistent, or a dependency that is in work.
        """
        release.release(self, mode, version, author, comment)

    def Discard(self) -> None:
        """Discard a version in work; its instances get the version before it (from V20 on).

        Raises:
            EngineeringTargetInvocationException: It is committed.
        """
        release.discard(self)

    def Delete(self) -> None:
        """Delete the version and the master copies with its instances; with the last version also the type.

        Raises:
            EngineeringTargetInvocationException: It is in work, there is one in work, it has instances or dependents,
                or the library is read-only.
        """
        self._require_writable()
        self._require_deletable()
        self._remove()
        if not self._type._versions._items:
            self._type._drop()

    # -- rules ------------------------------------------------------------------------

    @property
    def _committed(self) -> bool:
        return self._state is Committed

    def _title(self) -> str:
        return f"{self._type._name} {self._number.ToString()}"

    def _facts(self) -> compare.Facts:
        """Return the facts for a comparison besides the content."""
        return {
            "Version": self._number.ToString(),
            "State": self._state.ToString(),
            "Author": self._author,
            "Comment": self._shown_comment(),
        }

    def _require_committed(self, why: str) -> None:
        if not self._committed:
            raise refusal("in_work", f"'{self._title()}' is in work and {why}: release it first.", self._title())

    def _require_deletable(self, *, whole_type: bool = False) -> None:
        title = self._title()
        if self._type._in_work() is not None:
            msg = f"'{title}' cannot be deleted while a version of its type is in work: release or discard that one."
            raise refusal("in_work", msg, title)
        users = [each for each in self._users() if not whole_type or each._type is not self._type]
        if users:
            msg = f"'{title}' cannot be deleted: '{users[0]._title()}' depends on it."
            raise refusal("has_dependents", msg, title)
        if self._instances():
            msg = f"'{title}' cannot be deleted: it has instances in the project. Delete or update them first."
            raise refusal("has_instances", msg, title)

    def _remove(self) -> None:
        for copy in self._copies():
            copy._delete()
        self._discard(self._file())
        self._type._versions._remove(self)
        self._die()
        rest = [each for each in self._type._versions._items if each._committed]
        if self._is_default and rest:
            rest[-1]._make_default()

    def _make_default(self) -> None:
        before = self._type._default()
        if before is not None:
            before._assign("_is_default", False)
        self._assign("_is_default", True)

    # -- relations --------------------------------------------------------------------

    def _find_needed(self) -> list[LibraryTypeVersion]:
        found = (self._library._version(guid) for guid in self._dependencies)
        return [each for each in found if each is not None]

    def _users(self) -> list[LibraryTypeVersion]:
        return [each for each in self._library._versions() if self._guid in each._dependencies]

    def _copies(self) -> list[MasterCopy]:
        return [each for each in self._library._copies() if each._holds_instance_of(self._guid)]

    def _instances(self) -> list[Any]:
        return [each for plc in self._library._programs() for each in instances.of_version(plc, self._guid)]

    # -- content ----------------------------------------------------------------------

    def _file(self) -> str:
        return f"{FOLDER}/types/{self._guid}.xml"

    def _data(self) -> bytes:
        return self._store.get(self._file())

    def _keep(self, content: bytes) -> None:
        self._put(self._file(), content)
        self._assign("_modified", self._context.now())

    def _shown_comment(self) -> str:
        return next(iter(self._comment.values()), "")

    def _record(self) -> dict[str, Any]:
        return {
            "number": self._number.ToString(),
            "guid": self._guid,
            "author": self._author,
            "comment": self._comment,
            "committed": self._committed,
            "default": self._is_default,
            "modified": self._modified.isoformat(),
            "dependencies": list(self._dependencies),
        }


class CodeBlockLibraryTypeVersion(LibraryTypeVersion):
    """A version of a block."""


class PlcTypeLibraryTypeVersion(LibraryTypeVersion):
    """A version of a PLC data type."""


VERSIONS: dict[str, type[LibraryTypeVersion]] = {TYPE_KIND: PlcTypeLibraryTypeVersion}
"""The .NET type of a version by the kind of its type; of blocks where a kind is not here."""


class LibraryTypeVersionComposition(Composition[LibraryTypeVersion]):
    """The versions of a type, the oldest first."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"CreateFromDocuments": "20"}

    def __init__(self, owner: LibraryType) -> None:
        """Start empty."""
        super().__init__(owner)
        self._type = owner

    def Find(self, versionNumber: Version) -> LibraryTypeVersion | None:
        """Return the version of a number, or None."""
        return self._find_by_number(require_type(versionNumber, Version, "versionNumber"))

    def CreateFromDocuments(
        self, directoryInfo: DirectoryInfo, documentName: str, *environment_and_options: Any
    ) -> documents.VersionCreateTransferResults:
        """Make a version in work from a SIMATIC SD document, or replace the one in work (from V20 on).

        Called as (directory, name, createOptions, options) or (directory, name, environment, createOptions, options).

        Raises:
            EngineeringTargetInvocationException: The document has errors or another object, there is a version in work
                and no Override, or the library is read-only.
        """
        return documents.create_version(self, directoryInfo, documentName, *environment_and_options)

    def _next_number(self) -> Version:
        """Return the number of a new version in work: the highest one with its build number one higher."""
        highest = max((each._number for each in self._items), default=Version("0.0.0"))
        return Version(f"{highest.Major}.{highest.Minor}.{max(highest.Build, 0) + 1}")

    def _find_by_number(self, number: Version) -> LibraryTypeVersion | None:
        return next((each for each in self._items if each._number == number), None)

    def _make(self, number: Version, guid: str, author: str) -> LibraryTypeVersion:
        kind = VERSIONS.get(self._type._kind, CodeBlockLibraryTypeVersion)
        made = kind(self, number, guid or str(uuid.uuid4()), author)
        return self._add(made, sum(1 for each in self._items if each._number < number))

    def _restore(self, data: dict[str, Any]) -> None:
        made = self._make(Version(data["number"]), data["guid"], data["author"])
        made._state, made._is_default = (Committed if data["committed"] else InWork), data["default"]
        made._comment, made._modified = data["comment"], dt.datetime.fromisoformat(data["modified"])
        made._dependencies = tuple(data["dependencies"])


class LibraryTypeVersionAssociation(Composition[LibraryTypeVersion]):
    """Versions that have something in common."""

    def __init__(self, parent: EngineeringObject, items: list[LibraryTypeVersion]) -> None:
        """Hold the versions."""
        super().__init__(parent)
        self._items = items

    def _children(self) -> list[EngineeringObject]:
        return []
