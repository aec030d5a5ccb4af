"""Objects of a classic panel, the collections that they are imported into, and their folders.

Facts: docs/facts/openness.md#import-and-export-options, docs/facts/openness-hmi.md#classic-panels: a collection has
Import and no Create, Override replaces in the same folder only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Generic, TypeVar

from fake_dotnet.lists import NetList
from fake_dotnet.system import FileInfo, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import already_exists, require_length, require_levels
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.options import ExportOptions, ImportOptions
from fake_openness.core.sorted_composition import _SortedComposition
from fake_openness.core.store import file_name
from fake_openness.hmi import documents as hmi_documents
from fake_openness.hmi.documents import Element
from fake_openness.hmi.hmi_object import _ClassicSoftware, _HmiObject
from fake_openness.program.groups import _group_folder
from fake_openness.program.importing import require_absent

T = TypeVar("T", bound="_Document")


class _Document(_HmiObject):
    """An object of a classic panel: a name, and a document in the project's files.

    Attributes:
        _ELEMENT: Its element in SimaticML.
        _WHAT: Its name in messages.
    """

    _ELEMENT: ClassVar[str]
    _WHAT: ClassVar[str]

    def __init__(self, parent: _Documents[Any], name: str) -> None:
        """Represent an object whose content is in its file."""
        super().__init__(parent, parent._target)
        self._name = name
        self._file = f"{parent._folder}/{file_name(name, '.xml')}"

    @property
    def Name(self) -> str:
        """The name."""
        return self._name

    def Export(self, path: FileInfo, exportOptions: ExportOptions) -> None:
        """Write the object as SimaticML.

        Raises:
            EngineeringTargetInvocationException: Online, or the file exists.
        """
        self._software._require_offline("Exporting")
        hmi_documents.export(self, self._element(), path, exportOptions)

    def Delete(self) -> None:
        """Delete the object.

        Raises:
            EngineeringTargetInvocationException: Online, or it is a part of every panel.
        """
        self._software._require_offline(f"Deleting a {self._WHAT}")
        if self._is_system():
            msg = f"The {self._WHAT} '{self._name}' is a part of every panel and cannot be deleted."
            raise EngineeringTargetInvocationException(msg, code="hmi.system_object", place={"name": self._name})
        self._delete()

    def _is_system(self) -> bool:
        """Return whether it is a system object that cannot be deleted."""
        return False

    def _element(self) -> Element:
        return hmi_documents.from_bytes(self._software._store.get(self._file))

    def _write(self, element: Element) -> None:
        self._put(self._file, hmi_documents.to_bytes(self, element))

    def _delete(self) -> None:
        parent: Any = self._parent
        parent._remove(self)
        self._discard(self._file)
        self._die()

    def _record(self) -> dict[str, Any]:
        """Return its data in the index besides place and name."""
        return {}


class _Documents(_SortedComposition[T], Generic[T]):
    """A collection that objects are imported into.

    Attributes:
        _KIND: What it holds.
    """

    _KIND: ClassVar[type[Any]]

    def __init__(
        self,
        parent: EngineeringObject,
        target: _ClassicSoftware,
        tree: str,
        path: tuple[str, ...] = (),
        folder: str = "",
    ) -> None:
        """Start empty.

        Args:
            parent: The folder or target that shows it.
            target: The panel's software.
            tree: Which tree of the panel it belongs to.
            path: Names of its folders below the root of that tree.
            folder: The folder of its files; by default one of the tree's name.
        """
        super().__init__(parent)
        self._target, self._tree, self._path = target, tree, path
        self._folder = folder or f"{target._folder}/{tree}"

    def Import(self, path: FileInfo, importOptions: ImportOptions) -> NetList[T]:
        """Import the objects of a SimaticML file, all or none.

        Raises:
            EngineeringTargetInvocationException: A rule is broken; nothing was changed.
        """
        self._target._require_offline("Importing")
        self._require_offered()
        elements = hmi_documents.read(self, path, importOptions, self._KIND._ELEMENT)
        names = [hmi_documents.name_of(element).casefold() for element in elements]
        for number, element in enumerate(elements):
            self._check(element, importOptions)
            if names[number] in names[:number]:
                raise already_exists(hmi_documents.name_of(element), self._KIND._WHAT)
        with self._context.whole():
            return NetList([self._take(element, importOptions) for element in elements])

    def _require_offered(self) -> None:
        """Refuse what this kind of panel does not have."""

    def _check(self, element: Element, options: ImportOptions) -> None:
        """Refuse an object that cannot come here."""
        name = require_length(hmi_documents.name_of(element), self._KIND._WHAT)
        existing = self._by_name.get(name.casefold())
        if existing is None and self._elsewhere(name) is not None:
            raise already_exists(name, self._KIND._WHAT)
        require_absent(existing, name, self._KIND._WHAT, options)

    def _elsewhere(self, name: str) -> Any:
        """Return the object of a name in another folder of the panel."""
        key = name.casefold()
        return next((each for each in self._target._all(self._tree) if each._name.casefold() == key), None)

    def _take(self, element: Element, options: ImportOptions) -> T:
        hmi_documents.settle_cultures(self._target._language_settings(), element, options)
        name = hmi_documents.name_of(element)
        existing = self._by_name.get(name.casefold())
        record: dict[str, Any] = {}
        if existing is not None:
            record = existing._record()
            existing._delete()
        return self._make(name, element, **record)

    def _make(self, name: str, element: Element, **record: Any) -> T:
        made = self._restore(name, **record)
        made._write(element)
        return made

    def _restore(self, name: str, **record: Any) -> T:
        """Add an object whose content is in its file already."""
        made: T = self._add(self._KIND(self, name, **record))
        return made

    def _walk(self) -> Iterator[_Documents[Any]]:
        """Yield this collection, as the root of a tree without folders."""
        yield self

    def _descend(self, path: tuple[str, ...]) -> _Documents[Any]:
        """Return the collection at a path: a tree without folders has one."""
        del path
        return self


class _Folder(_HmiObject):
    """A folder of a classic panel.

    Attributes:
        _DOCUMENTS: The collection in it.
        _FOLDERS: The collection of the folders in it.
    """

    _DOCUMENTS: ClassVar[type[_Documents[Any]]]
    _FOLDERS: ClassVar[type[_Folders[Any]]]

    def __init__(
        self,
        parent: EngineeringObject,
        target: _ClassicSoftware,
        tree: str,
        name: str,
        path: tuple[str, ...],
        folder: str,
    ) -> None:
        """Start empty; `folder` has the files of its objects."""
        super().__init__(parent, target)
        self._target, self._tree, self._name, self._path, self._folder = target, tree, name, path, folder
        self._documents = self._DOCUMENTS(self, target, tree, path, folder)
        self._folders = self._FOLDERS(self)

    @property
    def Name(self) -> str:
        """The folder's name."""
        return self._name

    @property
    def Folders(self) -> _Folders[Any]:
        """The folders in this one."""
        return self._folders

    def _walk(self) -> Iterator[_Documents[Any]]:
        """Yield the collections of this folder and of those in it."""
        yield self._documents
        for folder in self._folders._items:
            yield from folder._walk()

    def _below(self) -> Iterator[_Folder]:
        for folder in self._folders._items:
            yield folder
            yield from folder._below()

    def _descend(self, path: tuple[str, ...]) -> _Documents[Any]:
        """Return the collection at a path, whose folders are made where they are missing."""
        folder: _Folder = self
        for name in path:
            folder = folder._folders._by_name.get(name.casefold()) or folder._folders._make(name)
        return folder._documents

    def _children(self) -> list[EngineeringObject]:
        return [self._documents, self._folders]


class _UserFolder(_Folder):
    """A folder that a user made."""

    def Delete(self) -> None:
        """Delete the folder and everything in it.

        Raises:
            EngineeringTargetInvocationException: Online, or something in it belongs to every panel.
        """
        self._software._require_offline("Deleting a folder")
        for documents in list(self._walk()):
            for item in list(documents._items):
                item.Delete()
        parent: Any = self._parent
        parent._remove(self)
        self._die()


class _Folders(_SortedComposition[Any], Generic[T]):
    """The folders in a folder."""

    _KIND: ClassVar[type[Any]]

    def __init__(self, folder: _Folder) -> None:
        """Start empty."""
        super().__init__(folder)
        self._of = folder

    def Create(self, name: str) -> Any:
        """Make a folder.

        Raises:
            EngineeringTargetInvocationException: Not 1 to 128 characters, or it is there already.
        """
        self._of._target._require_offline("Creating a folder")
        if self._by_name.get(require_length(require_type(name, str, "name"), "folder").casefold()) is not None:
            raise already_exists(name, "folder")
        require_levels(len(self._of._path))
        return self._make(name)

    def _make(self, name: str) -> Any:
        above = self._of
        folder = _group_folder(above._folder, name)
        return self._add(self._KIND(self, above._target, above._tree, name, (*above._path, name), folder))
