"""A PLC's program as the typed form sees it, updated on demand and only where it changed.

Contents are read once for each state of an element, tags and constants once for each state of their table; while
nothing in the project changes, not even that is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from fake_openness.compiler import kept_program
from fake_openness.compiler.kept_program import KeptProgram
from fake_openness.core.objects import EngineeringObject
from fake_openness.program.elements import _Element
from fake_openness.program.groups import BLOCKS, TECHNOLOGY, TYPES
from fake_openness.program.plc import _Plc
from fake_openness.program.state import TECHNOLOGY_KIND, TYPE_KIND
from fake_openness.tags.tag_names import tables_of
from fake_openness.tags.tag_tables import PlcTagTable
from simatic_xml.model import Block, PlcType, UserConstant
from simatic_xml.program.analysis.cross_references import CrossReferences
from simatic_xml.program.analysis.reference_tree import Filter, Source
from simatic_xml.program.analysis.use_index import UseIndex
from simatic_xml.program.workspace import Workspace

TAGS = "PLC tags"
_WORTH_KEEPING = 0.1
"""Share of the objects that is new since the program was kept."""
_ROOTS = {TYPE_KIND: TYPES, TECHNOLOGY_KIND: TECHNOLOGY}


_Present = tuple[tuple[Any, ...], Any, Callable[[], Any]]
"""An object: what differs between two of its states, its owner, how to read it."""


class _ProgramView:
    """The typed program of one PLC."""

    def __init__(self, plc: _Plc) -> None:
        """Read nothing yet."""
        self._plc = plc
        self._index = UseIndex(Workspace(plc._cpu))
        self._revision = self._indexed = -1
        self._seen: dict[str, tuple[Any, ...]] = {}
        self._owners: dict[str, _Element | PlcTagTable] = {}
        self._new = 0

    def index(self) -> UseIndex:
        """Return the program as it is now, and who uses what in it."""
        self.workspace()
        if self._indexed != self._revision:
            self._index.refresh()
            self._indexed = self._revision
        return self._index

    def workspace(self) -> Workspace:
        """Return the program as it is now; a block is typed when it is asked for."""
        revision = self._plc._context.revision
        if self._revision != revision:
            self._synchronise()
            self._revision = revision
        return self._index.workspace

    def _synchronise(self) -> None:
        """Put the changes into the workspace."""
        present = dict(self._present())
        if not self._seen:
            self._take_over(present)
        workspace = self._index.workspace
        for key in self._seen.keys() - present.keys():
            del self._seen[key], self._owners[key]
            workspace.remove(key)
        for key, (stamp, owner, make) in present.items():
            self._owners[key] = owner
            if self._seen.get(key) != stamp:
                item = make()
                if item is not workspace.find(key):
                    workspace.put(item)
                    self._new += 1
                self._seen[key] = stamp  # last: what is stopped before is read again

    def _take_over(self, present: dict[str, _Present]) -> None:
        """Continue with the program of another process, as far as it has the same contents."""
        found = kept_program.find(self._plc, present)
        if found is None:
            return
        self._index = found.index
        for key, (stamp, owner, make) in present.items():
            item, content = found.index.workspace.find(key), _content_stamp(owner, make)
            if item is not None and found.stamps[key] == content:
                self._seen[key] = stamp
                if isinstance(owner, _Element) and isinstance(item, Block | PlcType):
                    owner._share(item, content)

    def keep(self) -> None:
        """Keep the program and the code generated from it for the next process, where much of it is new."""
        if self._new <= len(self._seen) * _WORTH_KEEPING:
            return
        self._new = 0
        stamps = {key: _content_stamp(owner, make) for key, (_, owner, make) in self._present()}
        kept_program.keep(self._plc, KeptProgram(self.index(), stamps))

    def cross_references(self, names: list[str], which: str) -> list[Source]:
        """Return what uses the objects of these names and what they use, by the name of a filter."""
        lines = self._plc._context.version.has("21")
        references = CrossReferences(self.index(), self._path_of, lines=lines)
        return [each for name in names for each in references.of(name, Filter(which))]

    def find(self, name: str) -> EngineeringObject | None:
        """Return the block, data type, tag or user constant of a name, as of the last request."""
        owner = self._owners.get(name.casefold())
        if owner is None or isinstance(owner, _Element):
            return owner
        return owner._tags._find_by_name(name) or owner._constants._find_by_name(name)

    def _path_of(self, name: str) -> str:
        """Return the place of an object as in lists of cross references: PLC, root folder, folders or tag table."""
        plc, owner = self._plc._name, self._owners.get(name.casefold())
        if owner is None:
            return plc
        folders = owner._group._path()
        if isinstance(owner, _Element):
            return "\\".join((plc, _ROOTS.get(owner._state.kind, BLOCKS), *folders))
        return "\\".join((plc, TAGS, *folders, owner._name))

    def _present(self) -> Iterator[tuple[str, _Present]]:
        """Yield every element and table: its key, what differs between two of its states, its owner, how to read it."""
        for table in tables_of(self._plc):
            stamp = (table, table._modified)
            for rows in (table._tags, table._constants):
                for key, row in rows._names().items():
                    yield key, (stamp, table, partial(replace, row))
            for constant in table._system._constants():
                made = (constant._name, constant._type, constant._value)
                yield constant._name.casefold(), (made, table, partial(UserConstant, *made))
        for element in self._plc._program:
            yield element._name.casefold(), ((element, element._state, element._file), element, element._read)


def _content_stamp(owner: Any, make: Callable[[], Any]) -> Any:
    """Return what differs between two contents of an object, in any process."""
    return owner._stamp() if isinstance(owner, _Element) else make()
