"""Remembers which text each block and data type was made of, so that a compile message can lead to that text.

Openness reads no source back, and exports no inconsistent block: after an error the service has only what it imported.
An entry counts as long as the object has the date of change that it had after the import. Entries end with the project.
Decision: docs/decisions/0006-places-of-compile-messages.md.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import simatic_xml
from openness_bridge import groups
from openness_bridge.attribute_values import read_together
from openness_bridge.portal.portal import Session
from openness_bridge.values import moment
from simatic_xml import SimaticMLError, locating, scl
from simatic_xml.locating import CodePlace, SourceText, TextPlace
from simatic_xml.model import Block, PlcType

Form = Literal["scl", "awl", "xml"]
MOST_BYTES = 64 * 1024 * 1024
"""Texts that are remembered together; the oldest go first."""
_NOTE = "origins"
_PENDING = "origins:sources"


@dataclass(frozen=True)
class Origin:
    """A text that objects were made of.

    Attributes:
        content: The bytes that TIA Portal imported; of a JSON form the SimaticML that was made of it.
        form: SCL (also data blocks and data types), STL or SimaticML.
        file: The file as the client named it, or the name of the source; empty for a text in a request.
        pointer: JSON pointer to the text in the request; empty for a file. Without both it is the source of the
            block as TIA Portal writes it.
        data: The JSON form, where the client sent one.
    """

    content: bytes
    form: Form
    file: str = ""
    pointer: str = ""
    data: Mapping[str, Any] | None = None

    @cached_property
    def sha256(self) -> str:
        """Hash of the content, by which a client sees whether its file has changed since."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def declared(self) -> dict[str, Block | PlcType]:
        """The objects of the text by casefolded name, of SCL without code; none of STL, whose declarations need the program."""
        if self.form == "xml":
            try:
                objects = simatic_xml.load(self.content).objects
            except SimaticMLError:
                return {}
            return {each.name.casefold(): each for each in objects if isinstance(each, Block | PlcType)}
        found = scl.read_declarations(scl.parse(self.content)) if self.form == "scl" else ()
        return {item.name.casefold(): item for _, item, _ in found}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the objects of an SCL or STL source, read once; none of SimaticML."""
        text = self.read()
        return tuple(text.names()) if isinstance(text, locating.SclText | locating.StlText) else ()

    def read(self) -> SourceText:
        """Return the text, ready to find places in.

        Raises:
            SimaticMLError: It cannot be read.
        """
        if self.data is not None:
            return locating.JsonText(self.data, self.pointer, self.content)
        if self.form == "xml":
            return locating.XmlText(self.content)
        return locating.StlText(self.content) if self.form == "awl" else locating.SclText(self.content)


@dataclass(frozen=True, slots=True)
class Located:
    """A place in the text that an object was made of.

    Attributes:
        line_text: The line at the place; empty where it is in no line.
    """

    origin: Origin
    place: TextPlace
    line_text: str = ""

    def written(self, block: str) -> str:
        """Return the place as compilers write it: `Motor.scl:9:5`."""
        name = self._name() or f"source of '{block}'"
        if self.place.line is None and self.place.column is not None:
            return f"{name}, column {self.place.column}"
        return ":".join(str(part) for part in (name, self.place.line, self.place.column) if part)

    def _name(self) -> str:
        """Return the file, for a JSON document with the pointer into it; without a file the pointer into the request."""
        file, inside = self.origin.file, self.place.pointer
        if file and inside and self.origin.data is not None:
            return f"{file}#{inside}"
        return file or inside or self.origin.pointer


@dataclass(frozen=True, slots=True)
class _Entry:
    """An object's origin, and its date of change after the import."""

    origin: Origin
    changed: str | None


Key = tuple[str, str]
"""Name of the PLC program, and folded name of the block, data type or source."""
Stamp = tuple[str, str | None]
"""Name and date of change of a block or data type."""


def form_of(extension: str) -> Form:
    """Return the form of a source by its extension."""
    return "awl" if extension.casefold().endswith("awl") else "scl"


def stamps(session: Session, handles: Iterable[Any]) -> list[Stamp]:
    """Return the names and dates of change of blocks or data types."""
    pairs = (read_together(session, handle, "Name", "ModifiedDate") for handle in handles)
    return [(str(name), moment(changed)) for name, changed in pairs]


def remember(session: Session, program: str, made: Iterable[Stamp], origin: Origin) -> None:
    """Note what objects were made of. On the portal's thread. A change that is only tried leaves no note.

    Args:
        session: The portal.
        program: Name of the PLC program.
        made: Name and date of change of each object.
        origin: What they were made of.
    """
    if session.trying:
        return
    entries: dict[Key, _Entry] = session.notes.setdefault(_NOTE, {})
    for name, changed in made:
        key = (program, name.casefold())
        entries.pop(key, None)
        entries[key] = _Entry(origin, changed)
    _limit(entries)


def find(session: Session, program: str, handle: Any) -> Origin | None:
    """Return what a block or data type was made of; None where it is not known, or the object was changed since."""
    ((name, changed),) = stamps(session, [handle])
    entry: _Entry | None = session.notes.get(_NOTE, {}).get((program, name.casefold()))
    return entry.origin if entry is not None and entry.changed == changed else None


Entries = dict[Key, _Entry]
"""The origins of a project's objects."""


def entries_of(session: Session) -> Entries:
    """Return the origins of the open project, which can be pickled."""
    return dict(session.notes.get(_NOTE, {}))


def take_over(session: Session, entries: Entries) -> None:
    """Use the origins that an earlier session had of the project that is open now."""
    session.notes[_NOTE] = dict(entries)


class Declared:
    """The objects that a source declares, as they are before it is generated; after an error the changed ones count."""

    def __init__(self, session: Session, software: Any, origin: Origin) -> None:
        """Note the present dates of change."""
        self._session, self._software, self._origin = session, software, origin
        text = origin.read()
        self._names = text.names() if isinstance(text, locating.SclText | locating.StlText) else []
        self._before = self._present()

    def remember_changed(self) -> None:
        """Note the origin of what the generation kept. On the portal's thread."""
        remember(self._session, str(self._software.Name), self._present() - self._before, self._origin)

    def _present(self) -> set[Stamp]:
        handles = (handle for name in self._names for handle in _find_handles(self._software, name))
        return set(stamps(self._session, handles))


def _find_handles(software: Any, name: str) -> Iterator[Any]:
    """Yield the blocks and data types with a name."""
    for group, collection in ((software.BlockGroup, "Blocks"), (software.TypeGroup, "Types")):
        yield from (handle for handle, _ in groups.find_all(group, collection, name))


def _changed(session: Session, handle: Any) -> str | None:
    return moment(read_together(session, handle, "ModifiedDate")[0])


class PendingSources:
    """The contents of a PLC's external sources until their blocks are generated: TIA Portal gives none back.

    Attributes:
        program: Name of the PLC program.
    """

    def __init__(self, session: Session, software: Any) -> None:
        """Open the notes of a PLC program."""
        self._sources: dict[Key, Origin] = session.notes.setdefault(_PENDING, {})
        self.program = str(software.Name)

    def add(self, name: str, origin: Origin) -> None:
        """Note the content of a source; the oldest go where all are too large together."""
        self.forget(name)
        self._sources[self._key(name)] = origin
        while len(self._sources) > 1 and sum(len(each.content) for each in self._sources.values()) > MOST_BYTES:
            del self._sources[next(iter(self._sources))]

    def find(self, name: str) -> Origin | None:
        """Return the content of a source, if this service added it since the project was opened."""
        return self._sources.get(self._key(name))

    def forget(self, name: str) -> None:
        """Forget the content of a source."""
        self._sources.pop(self._key(name), None)

    def _key(self, name: str) -> Key:
        return self.program, name.casefold()


def _limit(entries: dict[Key, _Entry]) -> None:
    """Drop the oldest entries until the texts of the others are within the limit."""
    sizes = {id(entry.origin): len(entry.origin.content) for entry in entries.values()}
    while len(sizes) > 1 and sum(sizes.values()) > MOST_BYTES:
        oldest = next(iter(entries.values())).origin
        for key in [key for key, entry in entries.items() if entry.origin is oldest]:
            del entries[key]
        del sizes[id(oldest)]


ReadSource = Callable[[Any], Origin | None]
"""Returns the source of a block as TIA Portal writes it, None where it writes none."""


class Locator:
    """Finds the places of one compilation's messages. On the portal's thread."""

    def __init__(self, session: Session, software: Any, read_source: ReadSource) -> None:
        """Take the PLC program that is compiled.

        Args:
            session: The portal.
            software: The program; None for a device without one.
            read_source: Reads the text of a block whose origin is not known.
        """
        self._software = software
        self._session = session
        self._read_source = read_source
        self._name = None if software is None else str(software.Name)
        self._entries: dict[Key, _Entry] = session.notes.setdefault(_NOTE, {})
        self._texts: dict[int, SourceText | None] = {}

    def knows(self, name: str) -> bool:
        """Return whether the origin of an object was noted."""
        return self._name is not None and (self._name, name.casefold()) in self._entries

    def find(self, places: Sequence[CodePlace]) -> list[Located | None]:
        """Return the place of each message in the text of its block; None where that is not known."""
        found: list[Located | None] = [None] * len(places)
        by_block: dict[str, list[int]] = {}
        for index, place in enumerate(places):
            if place.block and self._name is not None:
                by_block.setdefault(place.block, []).append(index)
        for block, indices in by_block.items():
            for index, located in zip(indices, self._in_block(block, [places[i] for i in indices]), strict=True):
                found[index] = located
        return found

    def _in_block(self, block: str, places: Sequence[CodePlace]) -> Iterator[Located | None]:
        is_code = any(place.line is not None for place in places)
        origin = self._origin(block, is_code=is_code)
        text = None if origin is None else self._read(origin)
        if origin is None or text is None:
            yield from (None for _ in places)
            return
        for place in text.find(_count_turns(places)):
            yield None if place is None else Located(origin, place, text.line_at(place))

    def _origin(self, block: str, *, is_code: bool) -> Origin | None:
        """Return what a block was made of, otherwise its text as TIA Portal writes it, where a message has a line of it."""
        key = (self._name or "", block.casefold())
        entry = self._entries.get(key)
        if entry is None and not is_code:
            return None
        handle = next(_find_handles(self._software, block), None)
        if handle is None:
            return None
        changed = _changed(self._session, handle)
        if entry is not None and entry.changed == changed:
            return entry.origin
        origin = self._read_source(handle) if is_code else None
        if origin is not None:
            self._entries[key] = _Entry(origin, changed)
            _limit(self._entries)
        return origin

    def _read(self, origin: Origin) -> SourceText | None:
        if id(origin) not in self._texts:
            try:
                self._texts[id(origin)] = origin.read()
            except SimaticMLError:
                self._texts[id(origin)] = None
        return self._texts[id(origin)]


def _count_turns(places: Sequence[CodePlace]) -> list[CodePlace]:
    """Number the places that are equal, so that each finds its own occurrence of a name."""
    totals, seen = Counter(places), Counter[CodePlace]()
    numbered = []
    for place in places:
        numbered.append(replace(place, turn=seen[place], turns=totals[place]))
        seen[place] += 1
    return numbered
