"""The folders of a PLC's program: blocks, data types, tag tables, sources and watch tables are kept in such trees.

Facts: docs/facts/openness-program.md#groups; docs/facts/tia-rules.md#names (folder names),
docs/facts/tia-rules.md#default-names (names of the roots).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Generic, TypeVar

from fake_dotnet.system import require_type
from fake_openness.core.names import already_exists, require_length, require_levels
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.store import file_name
from fake_openness.program.plc import _Plc
from fake_openness.program.program_object import _ProgramComposition, _ProgramObject

G = TypeVar("G", bound="_UserGroup")
BLOCKS, TYPES, TECHNOLOGY = "Program blocks", "PLC data types", "Technology objects"
"""Names of root folders."""


class _Group(_ProgramObject):
    """A folder: the root of a tree, or one that a user made.

    Attributes:
        _GROUPS: The collection of the folders in it.
    """

    _GROUPS: ClassVar[type[_UserGroups[Any]]]

    def __init__(self, parent: EngineeringObject, plc: _Plc, name: str, folder: str) -> None:
        """Start empty; `folder` is where the group's files are kept."""
        super().__init__(parent, plc)
        self._name, self._folder = name, folder
        self._groups = self._GROUPS(self)

    @property
    def Name(self) -> str:
        """The folder's name."""
        return self._name

    @property
    def Groups(self) -> _UserGroups[Any]:
        """The folders in this one."""
        return self._groups

    def _contents(self) -> list[_ProgramComposition[Any]]:
        """Return the collections of the objects in this folder."""
        raise NotImplementedError

    def _path(self) -> tuple[str, ...]:
        """Return the names from below the root down to this folder."""
        return ()

    def _items_here(self) -> list[Any]:
        return [item for composition in self._contents() for item in composition._items]

    def _walk(self) -> Iterator[_Group]:
        """Yield this folder and all below it, each before those in it."""
        pending: list[_Group] = [self]
        while pending:
            group = pending.pop()
            yield group
            pending += reversed(list(group._groups._items))

    def _descend(self, path: tuple[str, ...]) -> _Group:
        """Return the folder at a path, made where it is missing."""
        group: _Group = self
        for name in path:
            group = group._groups._find_by_name(name) or group._groups._make(name)
        return group

    def _children(self) -> list[EngineeringObject]:
        return [*self._contents(), self._groups]


class _UserGroup(_Group):
    """A folder that a user made."""

    _WRITABLE_FROM: ClassVar[dict[str, str]] = {"Name": "20"}

    @property
    def Name(self) -> str:
        """The folder's name; can be set from V20 on."""
        return self._name

    @Name.setter
    def Name(self, value: str) -> None:
        siblings = self._siblings()
        if siblings._require_free(require_type(value, str, "value")) not in (None, self):
            raise already_exists(value, "group")
        siblings._rename(self, value)
        self._move_files(_parent_folder(self._folder))

    def _move_files(self, parent_folder: str) -> None:
        self._assign("_folder", _group_folder(parent_folder, self._name))
        for item in self._items_here():
            item._relocate()
        for group in self._groups._items:
            group._move_files(self._folder)

    def Delete(self) -> None:
        """Delete the folder and everything in it."""
        self._plc._require_offline("Deleting a group")
        self._empty()
        self._siblings()._remove(self)
        self._die()

    def _empty(self) -> None:
        for group in list(self._groups._items):
            group._empty()
        for item in self._items_here():
            item._delete()

    def _siblings(self) -> _UserGroups[Any]:
        assert isinstance(self._parent, _UserGroups)  # noqa: S101 - set by the composition
        return self._parent

    def _path(self) -> tuple[str, ...]:
        return (*self._siblings()._group._path(), self._name)


class _UserGroups(_ProgramComposition[G], Generic[G]):
    """The folders in a folder."""

    _KIND: ClassVar[type[Any]]

    def __init__(self, group: _Group) -> None:
        """Start empty."""
        super().__init__(group, group._plc)
        self._group = group

    def Create(self, name: str) -> G:
        """Make a folder; any characters are allowed in its name.

        Raises:
            EngineeringTargetInvocationException: Not 1 to 128 characters, or it is there already.
        """
        if self._require_free(require_type(name, str, "name")) is not None:
            raise already_exists(name, "group")
        require_levels(len(self._group._path()))
        return self._make(name)

    def _require_free(self, name: str) -> G | None:
        return self._by_name.get(require_length(name, "group").casefold())

    def _make(self, name: str) -> G:
        group: G = self._KIND(self, self._plc, name, _group_folder(self._group._folder, name))
        return self._add(group)


def _group_folder(parent: str, name: str) -> str:
    """Return the store folder of a group; never equal to the file of an object next to it."""
    safe = file_name(name)
    if safe.casefold().endswith(".xml"):
        safe = f"{safe[:-4]}%2E{safe[-3:]}"
    return f"{parent}/{safe}"


def _parent_folder(folder: str) -> str:
    return folder.rpartition("/")[0]
