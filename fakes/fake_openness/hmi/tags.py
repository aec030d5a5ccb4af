"""Tags of a classic panel, in tables and folders.

A tag shows its name only; data type, connection and controller tag are in the document of its table. Names of tables
and of tags are unique on the panel. Facts: docs/facts/openness-hmi.md#classic-panels; exports of V18.
"""

from __future__ import annotations

from typing import Any, ClassVar

from lxml import etree

from fake_dotnet.lists import NetList
from fake_dotnet.system import FileInfo
from fake_openness.core.names import already_exists, require_length
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.options import ExportOptions, ImportOptions
from fake_openness.core.sorted_composition import _SortedComposition
from fake_openness.hmi import documents
from fake_openness.hmi.documents import Element
from fake_openness.hmi.hmi_object import _HmiObject
from fake_openness.hmi.parts import _Document, _Documents, _Folder, _Folders, _UserFolder
from fake_openness.program.importing import require_absent

DEFAULT_TABLE = "Default tag table"


class Tag(_HmiObject):
    """A tag of a panel."""

    _ELEMENT: ClassVar[str] = "Hmi.Tag.Tag"

    def __init__(self, table: TagTable, name: str) -> None:
        """Represent a tag of a table's document."""
        super().__init__(table, table._software)
        self._table, self._name = table, name

    @property
    def Name(self) -> str:
        """The name."""
        return self._name

    def Export(self, path: FileInfo, exportOptions: ExportOptions) -> None:
        """Write the tag as SimaticML.

        Raises:
            EngineeringTargetInvocationException: Online, or the file exists.
        """
        self._software._require_offline("Exporting")
        documents.export(self, _find(self._table._element(), self._name), path, exportOptions)

    def Delete(self) -> None:
        """Delete the tag.

        Raises:
            EngineeringTargetInvocationException: Online.
        """
        self._software._require_offline("Deleting a tag")
        self._table._drop(self)


class TagComposition(_SortedComposition[Tag]):
    """The tags of a table."""

    def __init__(self, table: TagTable) -> None:
        """Start empty."""
        super().__init__(table)
        self._table = table

    def Import(self, path: FileInfo, importOptions: ImportOptions) -> NetList[Tag]:
        """Import the tags of a SimaticML file, all or none.

        Raises:
            EngineeringTargetInvocationException: A rule is broken; nothing was changed.
        """
        table = self._table
        table._software._require_offline("Importing")
        elements = documents.read(self, path, importOptions, Tag._ELEMENT)
        for element in elements:
            name = require_length(documents.name_of(element), "tag")
            require_absent(self._by_name.get(name.casefold()), name, "tag", importOptions)
            table._require_free_tag(name)
            documents.settle_cultures(table._software._language_settings(), element, importOptions)
        with self._context.whole():
            return NetList([table._put_tag(element) for element in elements])


class TagTable(_Document):
    """A tag table."""

    _ELEMENT, _WHAT = "Hmi.Tag.TagTable", "tag table"

    def __init__(self, parent: TagTableComposition, name: str, *, default: bool = False) -> None:
        """Represent a table; its tags are read on demand."""
        super().__init__(parent, name)
        self._target, self._default = parent._target, default
        self._tags: TagComposition | None = None

    @property
    def Tags(self) -> TagComposition:
        """The tags."""
        return self._load()

    def _is_system(self) -> bool:
        return self._default

    def _record(self) -> dict[str, Any]:
        return {"default": True} if self._default else {}

    def _load(self) -> TagComposition:
        if self._tags is None:
            tags = TagComposition(self)
            found = [Tag(self, documents.name_of(element)) for element in tag_elements(self._element())]
            tags._items = sorted(found, key=lambda tag: tag._name.casefold())
            tags._by_name = {tag._name.casefold(): tag for tag in found}
            self._tags = tags
        return self._tags

    def _require_free_tag(self, name: str) -> None:
        """Refuse a name that a tag of another table has."""
        others: Any = (each for each in self._target._all("tags") if each is not self)
        if any(name.casefold() in each._load()._by_name for each in others):
            raise already_exists(name, "HMI tag")

    def _put_tag(self, element: Element) -> Tag:
        tags, name = self._load(), documents.name_of(element)
        existing = tags._by_name.get(name.casefold())
        if existing is not None:
            self._drop(existing)
        document = self._element()
        element.set("CompositionName", "Tags")
        listed = document.find("ObjectList")
        (etree.SubElement(document, "ObjectList") if listed is None else listed).append(element)
        self._write(document)
        return tags._add(Tag(self, name))

    def _drop(self, tag: Tag) -> None:
        document = self._element()
        element = _find(document, tag._name)
        above = element.getparent()
        assert above is not None  # noqa: S101 - it is in the list of tags
        above.remove(element)
        self._write(document)
        self._load()._remove(tag)
        tag._die()

    def _children(self) -> list[EngineeringObject]:
        return [] if self._tags is None else [self._tags]


class TagTableComposition(_Documents[TagTable]):
    """The tag tables of a folder."""

    _KIND = TagTable

    def _check(self, element: Element, options: ImportOptions) -> None:
        super()._check(element, options)
        names = [documents.name_of(each) for each in tag_elements(element)]
        keys = [name.casefold() for name in names]
        own = documents.name_of(element).casefold()
        others: list[Any] = [each for each in self._target._all(self._tree) if each._name.casefold() != own]
        taken = {key for each in others for key in each._load()._by_name}
        for number, name in enumerate(names):
            require_length(name, "tag")
            if keys[number] in taken or keys[number] in keys[:number]:
                raise already_exists(name, "HMI tag")


class TagFolder(_Folder):
    """A folder of tag tables."""

    _documents: TagTableComposition

    @property
    def TagTables(self) -> TagTableComposition:
        """The tag tables directly in this folder."""
        return self._documents


class TagSystemFolder(TagFolder):
    """The root folder of the tags."""

    @property
    def DefaultTagTable(self) -> TagTable:
        """The table that every panel has."""
        return next(table for table in self.TagTables._items if table._default)

    def _make_default(self) -> None:
        self._documents._make(DEFAULT_TABLE, table_element(DEFAULT_TABLE), default=True)


class TagUserFolder(TagFolder, _UserFolder):
    """A folder of tag tables that a user made."""


class TagUserFolderComposition(_Folders[TagTable]):
    """The folders in a folder of tag tables."""

    _KIND = TagUserFolder


TagFolder._DOCUMENTS, TagFolder._FOLDERS = TagTableComposition, TagUserFolderComposition


def table_element(name: str) -> Element:
    """Return the document of an empty table."""
    root = etree.Element(TagTable._ELEMENT, {"ID": "0"})
    etree.SubElement(etree.SubElement(root, "AttributeList"), "Name").text = name
    return root


def tag_elements(table: Element) -> list[Element]:
    """Return the tags in a table's document."""
    return table.findall(f"ObjectList/{Tag._ELEMENT}")


def _find(table: Element, name: str) -> Element:
    return next(each for each in tag_elements(table) if documents.name_of(each) == name)
