"""Imports into a panel, and what each does to the objects of its file: they are made, replaced, or the same as before.

An object is the same if TIA Portal exports it the same before the import and after it. Exports are outside the transaction
of the import, because a refused one would undo it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from lxml import etree

from openness_bridge.errors import Kind, Problem, refused_as
from openness_bridge.hmi import files, panels
from openness_bridge.hmi.formatted_text import Element
from openness_bridge.importing import import_objects
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from simatic_xml import SimaticMLError

Contents = Mapping[str, object]
"""What TIA Portal exports of objects, by their names in lower case."""
ExportNamed = Callable[[Path, list[str]], object]
"""Exports the objects of some names into a folder."""


class Put(NamedTuple):
    """What an import did to an object."""

    name: str
    kind: str
    status: Literal["created", "replaced", "unchanged"]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where objects of a classic panel, or of the project, are imported to.

    Attributes:
        root: What has the collection, or the folder below which it is.
        collection: The member with the objects, such as Screens.
        folder: The names of the folders below the root.
    """

    root: Any
    collection: str
    folder: tuple[str, ...] = ()

    def find(self) -> Any:
        """Return the collection, or None where one of the folders is missing."""
        found = self.root
        for name in self.folder:
            found = found.Folders.Find(name)
            if found is None:
                return None
        return getattr(found, self.collection)

    def open(self, device: str) -> Any:
        """Return the collection; missing folders are made.

        Raises:
            Problem: TIA Portal refuses a name.
        """
        return getattr(panels.find_or_create_folder(self.root, "Folders", self.folder, device), self.collection)


def put(
    session: Session, text: str, kind: str, read: Callable[[], Contents], change: Callable[[], list[str]]
) -> list[Put]:
    """Make a change in one transaction and return what it did to each object.

    Args:
        session: The portal.
        text: The text in the portal's undo list.
        kind: The kind of the objects.
        read: Returns the contents of the objects that the change may replace.
        change: Makes the change; returns the names of its objects.
    """
    before = read()
    with transaction(session, text):
        names = change()
    after = read() if before else {}
    return [_compare(name, kind, before, after) for name in names]


def _compare(name: str, kind: str, before: Contents, after: Contents) -> Put:
    key = name.casefold()
    if key not in before:
        return Put(name, kind, "created")
    return Put(name, kind, "unchanged" if before[key] == after.get(key) else "replaced")


# -- SimaticML ----------------------------------------------------------------------------


def names_of(elements: Iterable[Element]) -> list[str]:
    """Return the names of the objects of a SimaticML file."""
    return [each.findtext("AttributeList/Name") or "" for each in elements]


def import_document(
    session: Session, where: Destination, path: Path, names: Collection[str], device: str, kind: str, *, override: bool
) -> list[Put]:
    """Import the objects of a SimaticML file, all of one kind.

    Args:
        session: The portal.
        where: Where they are imported to.
        path: The file.
        names: The names of its objects.
        device: The panel.
        kind: The kind of the objects.
        override: Whether objects of the same names are replaced.

    Raises:
        Problem: TIA Portal refuses the file; then it imports nothing.
    """
    wanted = {name.casefold() for name in names} if override else set()

    def read() -> Contents:
        collection = where.find() if wanted else None
        there = {str(each.Name).casefold(): each for each in collection or ()}
        return {name: _read_object(session, each, device) for name, each in there.items() if name in wanted}

    def change() -> list[str]:
        collection = where.open(device)
        with refused_as("hmi.import_refused", Kind.REFUSED, device=device):
            return [str(each.Name) for each in import_objects(session, collection, path, override=override)]

    return put(session, f"Import {path.name}", kind, read, change)


def _read_object(session: Session, obj: Any, device: str) -> object:
    """Return an object as TIA Portal exports it, with its pictures; equal to nothing where it exports none."""
    with files.folder() as place:
        try:
            panels.export(session, obj, place / "object.xml", device)
            elements = panels.elements((place / "object.xml").read_bytes())
        except Problem:
            return object()
        texts = [etree.tostring(each, method="c14n") for each in elements]
        pictures = {each.name: each.read_bytes() for each in place.glob("*/*")}
        return texts, pictures


# -- files of Unified panels ---------------------------------------------------------------


def import_markup(
    session: Session, collection: Any, path: Path, device: str, key: str, there: list[str], export: ExportNamed
) -> list[Put]:
    """Import the objects of a .hmi.yml file, with the script files next to it.

    Args:
        session: The portal.
        collection: Of the objects.
        path: The file.
        device: The panel.
        key: The key of the objects in the file.
        there: The names of those that the panel has.
        export: Exports at least the objects of these names into a folder.

    Raises:
        Problem: TIA Portal refuses the file; then it imports nothing.
    """

    def read() -> Contents:
        found: dict[str, object] = {}
        if there:
            with files.folder() as place, suppress(Problem, SimaticMLError):
                export(place, there)
                found = _read_markup(place, key)
        return {name.casefold(): found.get(name.casefold(), object()) for name in there}

    def change() -> list[str]:
        files.import_file(session, collection, path, device)
        return files.names(path, key)

    return put(session, f"Import {path.name}", key.removesuffix("s"), read, change)


def _read_markup(place: Path, key: str) -> dict[str, object]:
    """Return the objects of the files of a folder, each with the script of its name."""
    found: dict[str, object] = {}
    for path in place.glob(f"*{files.SUFFIX}"):
        script = path.with_name(f"{files.stem(path)}.hmi.js")
        code = script.read_bytes() if script.is_file() else b""
        found |= {str(name).casefold(): (values, code) for name, values in (files.objects(path, key) or {}).items()}
    return found
