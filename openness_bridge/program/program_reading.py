"""Reads a PLC's program from TIA Portal, typed, and updates it by reading only changed objects again.

Openness has no call for call structures, assignment lists or unused objects, and none for cross references before V18:
the bridge computes those from exported blocks, data types and tag tables. It cannot export a block that is inconsistent
or protected: it keeps the last state read, and reports these blocks.
Facts: docs/facts/openness.md#import-and-export-options, docs/facts/openness-program.md#blocks,
docs/facts/openness-program.md#tags-and-constants, docs/facts/openness-program.md#data-types.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

import simatic_xml
from openness_bridge import groups
from openness_bridge.attribute_values import read_together
from openness_bridge.errors import Kind, Problem, refused_as
from openness_bridge.files import temporary
from openness_bridge.groups import Names
from openness_bridge.lookup import LocatedDevice, locate_plc
from openness_bridge.portal.bulk import pause_gc
from openness_bridge.portal.portal import Session
from openness_bridge.program import origins, tag_tables, technology
from openness_bridge.program.origins import Origin
from openness_bridge.project.overview import article
from openness_bridge.values import enum, fi, moment
from simatic_xml.model import Block, PlcType, UserConstant
from simatic_xml.program.analysis.cross_references import CrossReferences
from simatic_xml.program.analysis.reference_tree import Filter, Source
from simatic_xml.program.analysis.use_index import UseIndex
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Item, Workspace

Report = Callable[[float, str], None]
Stamp = tuple[str | None, ...]
_STATE_OF = {
    "Types": ("Name", "IsConsistent", "ModifiedDate"),
    "Blocks": ("Name", "IsConsistent", "ModifiedDate", "CompileDate"),
    technology.OBJECTS: ("Name", "IsConsistent", "ModifiedDate", "CompileDate"),
}
"""The attributes that show the state of an object, by its collection: name, whether it can be exported, and dates."""
_FAMILY = re.compile(r"6(?:ES7|AG1|BK1)\s*(\d)", re.IGNORECASE)
_FAILSAFE = re.compile(
    r"(?:ES7|AG\d|BK1)\s*(?:2\d\d-\d[A-Z]F|(?:3\d\d|4\d\d|5\d\d|154)-\d[FUSJGW]|672-\d[FS]|615-\dDF)", re.IGNORECASE
)
_FAMILIES = {"2": "S7-1200", "3": "S7-300", "4": "S7-400"}

_KEY = "program:"
"""Before the name of a device: a reading in the notes of a session."""


class Unread(msgspec.Struct, rename="camel", frozen=True):
    """An object that could not be exported, and why; facts about it may be out of date or missing."""

    name: str
    reason: str


class ProgramReading:
    """The program of one PLC as it was read last.

    Attributes:
        name: the PLC's name.
        unread: the objects that could not be read this time.
        imported: what this service made the inconsistent ones of, by casefolded name, as far as that is known.
        cpu: family and firmware of its CPU.
    """

    def __init__(self, located: LocatedDevice) -> None:
        """Read nothing yet."""
        self.name = ""
        self.unread: list[Unread] = []
        self.imported: dict[str, Origin] = {}
        self.cpu = cpu_of(located)
        self._workspace = Workspace(self.cpu)
        self._index = UseIndex(self._workspace)
        self._is_indexed = False
        self._states: dict[tuple[str, str], tuple[Any, list[Item]]] = {}
        self._paths: dict[str, str] = {}
        self._present: dict[str, Item] = {}

    @property
    def index(self) -> UseIndex:
        """The index of uses; made when it is first needed after a reading, because it types all changed blocks."""
        if not self._is_indexed:
            with pause_gc():
                self._index.refresh()
            self._is_indexed = True
        return self._index

    @property
    def workspace(self) -> Workspace:
        """The program, typed."""
        return self._workspace

    @property
    def items(self) -> Iterator[Item]:
        """The blocks, data types, tags and constants."""
        yield from self._present.values()

    def path_of(self, name: str) -> str:
        """Return the PLC and the folders or tag table of an object; empty for objects that TIA Portal made itself."""
        return self._paths.get(name.casefold(), "")

    def cross_references(self, name: str, which: str) -> list[Source]:
        """Return the cross references of an object, in TIA Portal's form.

        Args:
            name: block, data type, tag or constant.
            which: filter, named as in Openness.
        """
        return CrossReferences(self.index, self.path_of, lines=True).of(name, Filter(which))

    @pause_gc()
    def refresh(self, session: Session, located: LocatedDevice, report: Report | None = None) -> None:
        """Read the changed objects. On the portal's thread."""
        self.name, self.unread, self._paths = str(located.software.Name), [], {}
        self.imported = {}
        present: dict[str, Item] = {}
        for path, items in self._read(session, located.software, report):
            for item in items:
                present[item.name.casefold()] = item
                self._paths[item.name.casefold()] = path
        for key in self._present.keys() - present.keys():
            self._workspace.remove(key)
        for key, item in present.items():
            if self._present.get(key) is not item:
                self._workspace.put(item)
        self._present = present
        self._is_indexed = False

    def _read(self, session: Session, software: Any, report: Report | None) -> Iterator[tuple[str, list[Item]]]:
        """Yield everything with its path; the cache keeps contents by their state."""
        technology_objects = software.TechnologicalObjectGroup
        for group, collection in (
            (software.TypeGroup, "Types"),
            (software.BlockGroup, "Blocks"),
            (technology_objects, technology.OBJECTS),
        ):
            if group is technology_objects:
                things = [(thing, folder) for thing, folder, _ in technology.walk(session, group)]
            else:
                things = list(groups.walk(group, collection))
            root = str(group.Name)
            for number, (thing, folder) in enumerate(things):
                name, consistent, *dates = read_together(session, thing, *_STATE_OF[collection])
                if report is not None:
                    report(100 * number / len(things), f"Reading {name}")
                stamp = tuple(moment(each) for each in dates)
                yield (
                    self._path(root, folder),
                    self._element(session, thing, (collection, str(name)), stamp, consistent),
                )
        tables, root = software.TagTableGroup, str(software.TagTableGroup.Name)
        for table, folder in groups.walk(tables, "TagTables"):
            name = str(table.Name)
            yield self._path(root, (*folder, name)), self._rows(session, table, name)
            yield "", self._system(table, name)

    def _path(self, root: str, folder: Names) -> str:
        return "\\".join((self.name, root, *folder))

    def _element(
        self, session: Session, thing: Any, address: tuple[str, str], stamp: Stamp, consistent: Any
    ) -> list[Item]:
        collection, name = address
        key = (collection, name.casefold())
        known, items = self._states.get(key, (None, []))
        if not consistent:
            earlier = " What is shown of it is from its last export." if items else ""
            self.unread.append(Unread(name, f"It is inconsistent and cannot be exported: compile it.{earlier}"))
            origin = origins.find(session, self.name, thing)
            self.imported |= {} if origin is None else {name.casefold(): origin}
            self._states[key] = (None, items)
        elif known != stamp:
            items = self._export(session, thing, name) or items
            self._states[key] = (stamp, items)
        return items

    def _export(self, session: Session, thing: Any, name: str) -> list[Item]:
        options = enum(session.model, "ExportOptions", "None")
        try:
            with temporary(".xml") as path, refused_as("program.export_refused", Kind.CONFLICT, object=name):
                thing.Export(fi(session.model, path), options)
                document = simatic_xml.load(path.read_bytes(), own=True)
        except (Problem, simatic_xml.SimaticMLError) as error:
            self.unread.append(Unread(name, str(error)))
            return []
        return [each for each in document.objects if isinstance(each, Block | PlcType)]

    def _rows(self, session: Session, table: Any, name: str) -> list[Item]:
        key = ("TagTables", name.casefold())
        stamp = moment(table.ModifiedTimeStamp)
        known, items = self._states.get(key, (None, []))
        if known != stamp:
            try:
                content = tag_tables.content(session, self.name, table)
            except Problem as problem:
                self.unread.append(Unread(name, problem.message))
                return items
            items = [*content.tags, *content.constants]
            self._states[key] = (stamp, items)
        return items

    def _system(self, table: Any, name: str) -> list[Item]:
        """Return the system constants, the same objects as long as nothing about them changed."""
        found = [(str(each.Name), str(each.DataTypeName), str(each.Value)) for each in table.SystemConstants]
        known, items = self._states.get(("SystemConstants", name), (None, []))
        if known != found:
            items = [UserConstant(*each) for each in found]
            self._states["SystemConstants", name] = (found, items)
        return items


def forget(session: Session) -> None:
    """Have the next reading export everything: types follow a rename, and may keep their dates of change."""
    for key in [each for each in session.notes if each.startswith(_KEY)]:
        del session.notes[key]


def read(session: Session, device: str, report: Report | None = None) -> ProgramReading:
    """Return the program of a PLC as it is now. The first reading exports all of it; on the portal's thread.

    Raises:
        Problem: No such PLC.
    """
    located = locate_plc(session, device)
    key = f"{_KEY}{str(located.device.Name).casefold()}"
    if key not in session.notes:
        session.notes[key] = ProgramReading(located)
    reading: ProgramReading = session.notes[key]
    reading.refresh(session, located, report)
    return reading


def cpu_of(located: LocatedDevice) -> Cpu:
    """Return family and firmware of a device's CPU, and whether it is fail-safe, for the compiler of this software."""
    number, firmware = article(str(located.cpu.TypeIdentifier)) if located.cpu is not None else (None, None)
    found = _FAMILY.search(number or "")
    family = _FAMILIES.get(found[1], "S7-1500") if found is not None else "S7-1500"
    failsafe = is_failsafe(number) if number else None
    return Cpu(family, firmware or Cpu().firmware, failsafe=failsafe, order_number=number or "")


def is_failsafe(order_number: str) -> bool:
    """Return whether an order number of a CPU is that of a fail-safe one: a letter behind the hyphen says it.

    Fact: the order numbers of docs/facts/hardware-catalog.md.
    """
    return _FAILSAFE.search(order_number) is not None
