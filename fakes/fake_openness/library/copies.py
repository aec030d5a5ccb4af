"""Master copies: independent copies of objects, kept in a library to be put into projects.

Facts: docs/facts/openness-libraries.md#master-copies; docs/facts/tia-operations.md#libraries (default names). An
instance of a type in a master copy stays one.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from fake_dotnet.objects import Type
from fake_dotnet.system import DateTime, require_type
from fake_openness.core.names import already_exists, require_length
from fake_openness.core.objects import Composition, EngineeringObject
from fake_openness.core.sorted_composition import _SortedComposition
from fake_openness.library import compare
from fake_openness.library.library_object import FOLDER, _LibraryObject
from fake_openness.library.package import Package, capture


class MasterCopyContentDescription(EngineeringObject):
    """The content of a master copy."""

    def __init__(self, parent: EngineeringObject, name: str, full_name: str) -> None:
        """Name an object and its .NET type."""
        super().__init__(parent)
        self._name, self._full_name = name, full_name

    @property
    def ContentName(self) -> str:
        """The name that the object had."""
        return self._name

    @property
    def ContentType(self) -> Type:
        """The .NET type of the object."""
        return Type(self._full_name)


class MasterCopyContentDescriptionComposition(Composition[MasterCopyContentDescription]):
    """The contents of a master copy: one object, as the fake makes none of several."""


class MasterCopy(_LibraryObject):
    """A master copy."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"CompareTo": "19"}

    def __init__(self, parent: MasterCopyComposition, name: str, key: str, author: str, created: dt.datetime) -> None:
        """Represent a master copy whose content is in the library's files."""
        super().__init__(parent, parent._folder._library)
        self._name, self._key, self._author, self._created = name, key, author, created
        self._about: dict[str, Any] = {}

    @property
    def Name(self) -> str:
        """The name, unique in its folder."""
        return self._name

    @Name.setter
    def Name(self, value: str) -> None:
        self._require_writable()
        home = self._home()
        if home._by_name.get(require_length(require_type(value, str, "value"), "master copy").casefold()) not in (
            None,
            self,
        ):
            raise already_exists(value, "master copy")
        home._rename(self, value)

    @property
    def Author(self) -> str:
        """Who made it."""
        return self._author

    @property
    def CreationDate(self) -> DateTime:
        """When it was made."""
        return DateTime(self._created)

    @property
    def ContentDescriptions(self) -> MasterCopyContentDescriptionComposition:
        """The object in the master copy."""
        made = MasterCopyContentDescriptionComposition(self)
        package = self._package()
        made._items = [MasterCopyContentDescription(made, package.name, package.full_name)]
        return made

    def CompareTo(self, compareTarget: MasterCopy) -> compare.DetailedCompareResult:
        """Compare the master copy with another one (from V19 on)."""
        other = require_type(compareTarget, MasterCopy, "masterCopy")
        contents = compare.files(self._package().files, other._package().files)
        return compare.compare_objects(self, self._facts(), other._facts(), contents)

    def Delete(self) -> None:
        """Delete the master copy.

        Raises:
            EngineeringTargetInvocationException: The library is read-only.
        """
        self._require_writable()
        self._delete()

    def _delete(self) -> None:
        for name in self._about["files"]:
            self._discard(self._path(name))
        self._home()._remove(self)
        self._die()

    def _facts(self) -> compare.Facts:
        """Return the facts for a comparison besides the content."""
        return {"Name": self._name, "Author": self._author, "Content type": self._package().kind}

    def _home(self) -> MasterCopyComposition:
        assert isinstance(self._parent, MasterCopyComposition)  # noqa: S101 - set by the composition
        return self._parent

    def _path(self, name: str) -> str:
        return f"{FOLDER}/copies/{self._key}/{name}"

    def _package(self) -> Package:
        return Package.from_json(self._about, lambda name: self._store.get(self._path(name)))

    def _keep(self, package: Package) -> None:
        self._assign("_about", package.to_json())
        for name, content in package.files.items():
            self._put(self._path(name), content)

    def _holds_instance_of(self, version: str) -> bool:
        return any(part["version"] == version for part in self._about["parts"])

    def _record(self) -> dict[str, Any]:
        about = {"key": self._key, "author": self._author, "created": self._created.isoformat()}
        return {"name": self._name, "content": self._about} | about


class MasterCopyComposition(_SortedComposition[MasterCopy]):
    """The master copies of one folder."""

    def __init__(self, folder: _LibraryObject) -> None:
        """Start empty."""
        super().__init__(folder)
        self._folder = folder

    def Create(self, masterCopyObject: EngineeringObject) -> MasterCopy:
        """Make a master copy of an object of the project.

        Raises:
            EngineeringTargetInvocationException: The library is read-only.
        """
        self._folder._require_writable()
        package = capture(masterCopyObject)
        name = f"Copy of Function blocks in {package.name}" if package.kind == "PlcBlockUserGroup" else package.name
        return self._make(self._free(name), package, self._context.machine.user)

    def CreateFrom(self, sourceMasterCopy: MasterCopy) -> MasterCopy:
        """Copy a master copy, of this library or another one, to this folder.

        Raises:
            EngineeringTargetInvocationException: The library is read-only.
        """
        self._folder._require_writable()
        other = require_type(sourceMasterCopy, MasterCopy, "sourceMasterCopy")
        return self._make(self._free(other._name), other._package(), other._author)

    def _make(self, name: str, package: Package, author: str) -> MasterCopy:
        made = MasterCopy(self, name, uuid.uuid4().hex, author, self._context.now())
        made._keep(package)
        return self._add(made)

    def _restore(self, data: dict[str, Any]) -> None:
        created = dt.datetime.fromisoformat(data["created"])
        made = MasterCopy(self, data["name"], data["key"], data["author"], created)
        made._about = data["content"]
        self._add(made)

    def _free(self, name: str) -> str:
        return free_name(name, lambda each: each.casefold() in self._by_name)


def free_name(name: str, taken: Callable[[str], bool]) -> str:
    """Return the name, with a number where it is taken."""
    number = 0
    found = name
    while taken(found):
        number += 1
        found = f"{name}_{number}"
    return found


class MasterCopyAssociation(Composition[MasterCopy]):
    """Master copies that have something in common."""
