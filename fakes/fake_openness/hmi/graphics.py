"""The graphics of a project: one store of pictures for all panels.

A graphic is a document next to a folder with its pictures. Measured: an import refuses a picture whose bytes are not
what its extension says, and an export gives the same bytes back. Facts: docs/facts/openness-hmi.md#project-graphics,
docs/facts/openness.md#assemblies (a service from V21 on).
"""

from __future__ import annotations

import json
from pathlib import Path

from lxml import etree

from fake_dotnet.lists import NetList
from fake_dotnet.system import FileInfo, absolute
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import require_length
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.options import ExportOptions, ImportOptions
from fake_openness.core.sorted_composition import _SortedComposition
from fake_openness.core.store import Store, file_name
from fake_openness.files.stored import _Stored
from fake_openness.hardware.hardware import _ProjectRoot
from fake_openness.hmi import documents
from fake_openness.hmi.documents import Element
from fake_openness.program.importing import require_absent
from simatic_xml.xml.parsing import harmless_parser, require_moderate

ELEMENT = "Hmi.Globalization.MultiLingualGraphic"
FOLDER = "graphics"
INDEX = "graphics.json"
_STARTS = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".bmp": (b"BM",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".ico": (b"\0\0\1\0",),
    ".tif": (b"II*\0", b"MM\0*"),
    ".tiff": (b"II*\0", b"MM\0*"),
    ".wmf": (b"\xd7\xcd\xc6\x9a", b"\1\0\x09\0"),
    ".emf": (b"\1\0\0\0",),
}
"""The first bytes of the formats that TIA Portal takes; a .svg is XML."""


class MultiLingualGraphic(_Stored):
    """A graphic: its name is all that the object model shows."""

    def __init__(self, parent: MultiLingualGraphicComposition, name: str) -> None:
        """Represent a graphic whose document and pictures are in the project's files."""
        super().__init__(parent)
        self._graphics, self._name = parent, name

    @property
    def Name(self) -> str:
        """The name."""
        return self._name

    def Export(self, path: FileInfo, exportOptions: ExportOptions) -> None:
        """Write the graphic as SimaticML, and its pictures into a folder next to it.

        Raises:
            EngineeringTargetInvocationException: The file exists.
        """
        element = documents.from_bytes(self._store.get(self._file()))
        folder = f"{Path(absolute(path, FileInfo, 'path')).stem} files"
        pictures = {}
        for link in _externals(element):
            name = (link.text or "").rpartition("/")[2]
            pictures[name] = self._store.get(link.text or "")
            link.text = f"{folder}\\{name}"
        written = documents.export(self, element, path, exportOptions)
        for name, content in pictures.items():
            (written.parent / folder).mkdir(exist_ok=True)
            (written.parent / folder / name).write_bytes(content)

    def Delete(self) -> None:
        """Delete the graphic."""
        for path in self._files():
            self._discard(path)
        self._graphics._remove(self)
        self._die()

    def _file(self) -> str:
        return f"{FOLDER}/{file_name(self._name, '.xml')}"

    def _files(self) -> list[str]:
        element = documents.from_bytes(self._store.get(self._file()))
        return [*(link.text or "" for link in _externals(element)), self._file()]


class MultiLingualGraphicComposition(_SortedComposition[MultiLingualGraphic]):
    """The graphics of a project."""

    def __init__(self, project: _ProjectRoot) -> None:
        """Start empty."""
        super().__init__(project)
        self._project = project

    def Import(self, path: FileInfo, importOptions: ImportOptions) -> NetList[MultiLingualGraphic]:
        """Import the graphics of a SimaticML file, all or none.

        Raises:
            EngineeringTargetInvocationException: A rule is broken or a picture is damaged; nothing was changed.
        """
        elements = documents.read(self, path, importOptions, ELEMENT)
        folder = absolute(path, FileInfo, "path").parent
        pictures = [_pictures(element, folder) for element in elements]
        for element in elements:
            name = require_length(documents.name_of(element), "graphic")
            require_absent(self._by_name.get(name.casefold()), name, "graphic", importOptions)
        with self._context.whole():
            made = []
            for element, content in zip(elements, pictures, strict=True):
                documents.settle_cultures(self._project._language_settings, element, importOptions)
                made.append(self._take(element, content))
            return NetList(made)

    def _take(self, element: Element, pictures: dict[str, bytes]) -> MultiLingualGraphic:
        name = documents.name_of(element)
        existing = self._by_name.get(name.casefold())
        if existing is not None:
            existing.Delete()
        made = self._add(MultiLingualGraphic(self, name))
        for number, link in enumerate(_externals(element)):
            given = link.text or ""
            link.text = f"{FOLDER}/{file_name(name)}/{_name_picture(given, number)}"
            self._note_change(made._store.put(link.text, pictures[given]))
        self._note_change(made._store.put(made._file(), documents.to_bytes(self, element)))
        return made

    def _load(self, store: Store) -> None:
        for name in json.loads(store.get(INDEX)) if store.exists(INDEX) else ():
            self._add(MultiLingualGraphic(self, name))

    def _save(self, store: Store) -> None:
        names = [graphic._name for graphic in self._items]
        if names or store.exists(INDEX):
            store.put(INDEX, (json.dumps(names, ensure_ascii=False, indent=1) + "\n").encode())


class GraphicsProvider(EngineeringObject):
    """V21's way to the graphics of a project."""

    _SINCE = "21"

    def __init__(self, project: _ProjectRoot, graphics: MultiLingualGraphicComposition) -> None:
        """View the project's graphics."""
        super().__init__(project)
        self._graphics = graphics

    @property
    def Graphics(self) -> MultiLingualGraphicComposition:
        """The graphics."""
        return self._graphics


def _externals(element: Element) -> list[Element]:
    """Return the attributes of a graphic that name a picture in a file."""
    return [each for each in element.iter() if each.get("external") == "path" and each.text]


def _name_picture(path: str, number: int) -> str:
    """Return the name of a picture's file, which no other picture of its graphic has: the first keeps its own."""
    stem, dot, suffix = path.replace("\\", "/").rpartition("/")[2].rpartition(".")
    return f"{stem}{f' {number}' if number else ''}{dot}{suffix}"


def _pictures(element: Element, folder: Path) -> dict[str, bytes]:
    """Return the pictures that a document names, by the names that it gives them.

    Raises:
        EngineeringTargetInvocationException: One does not exist, or its content does not match its extension.
    """
    found = {}
    for link in _externals(element):
        given = link.text or ""
        path = (folder / given.replace("\\", "/")).resolve()
        content = path.read_bytes() if path.is_relative_to(folder.resolve()) and path.is_file() else b""
        if not _is_picture(path.suffix.lower(), content):
            msg = f"The external file '{given}' is missing, damaged or not a picture."
            raise EngineeringTargetInvocationException(msg, code="hmi.picture", place={"name": given})
        found[given] = content
    return found


def _is_picture(suffix: str, content: bytes) -> bool:
    if suffix != ".svg":
        return content.startswith(_STARTS.get(suffix, ())) and bool(content)
    require_moderate(content)
    try:
        return etree.QName(etree.fromstring(content, harmless_parser())).localname == "svg"
    except etree.XMLSyntaxError:
        return False
