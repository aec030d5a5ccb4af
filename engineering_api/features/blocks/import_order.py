"""The order in which objects of a program have to be imported, so that each finds what it needs.

An import is refused when a data type, or the FB of an instance, is missing; so
what is used comes before what uses it. Otherwise kinds go in a fixed order.
Facts: docs/facts/tia-operations.md#import-order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import simatic_xml
from openness_bridge.errors import Problem
from openness_bridge.program.imports import find_home
from simatic_xml import Document
from simatic_xml.model import PlcObject

RANKS = {
    "UDT": 0,
    "TagTable": 1,
    "TechnologicalInstanceDB": 2,
    "FB": 2,
    "FC": 3,
    "OB": 3,
    "GlobalDB": 4,
    "ArrayDB": 4,
    "InstanceDB": 5,
    "WatchTable": 6,
    "ForceTable": 7,
}


@dataclass(frozen=True, slots=True)
class Unit:
    """What one import call takes: the objects of one file that belong into the same collection.

    Attributes:
        item: Which of the given items it is of.
        kind: The kind of its last object in the order of kinds.
        names: The objects' names.
        kinds: The kind of each of them.
        needs: Names of data types, FBs and called blocks that it uses, folded.
    """

    item: int
    kind: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    needs: frozenset[str]
    xml: bytes
    folder: str
    override: bool

    @property
    def keys(self) -> list[tuple[str, str]]:
        """What it defines: collection and folded name."""
        return [(find_home(self.kind).collection, name.casefold()) for name in self.names]


def units(item: int, xml: bytes, document: Document, folder: str, *, override: bool) -> list[Unit]:
    """Return the units of one file.

    Raises:
        Problem: It holds nothing, or something that no PLC has.
    """
    if not document.objects:
        raise Problem("import.empty", "The file holds no object to import.")
    by_home = sorted(document.objects, key=lambda each: find_home(each.kind).collection)
    grouped = [list(group) for _, group in groupby(by_home, lambda each: find_home(each.kind).collection)]
    if len(grouped) == 1:
        return [_unit(item, xml, grouped[0], folder, override=override)]
    return [_unit(item, _file(document, group), group, folder, override=override) for group in grouped]


def sort_units(given: list[Unit]) -> list[Unit]:
    """Return the units in an order in which they can be imported; without a need they keep theirs within a kind."""
    by_rank = sorted(given, key=lambda unit: RANKS[unit.kind])
    owners = {name: unit for unit in by_rank for collection, name in unit.keys if collection in ("Types", "Blocks")}
    done: dict[int, Unit] = {}
    begun: set[int] = set()
    waiting = by_rank[::-1]
    while waiting:
        unit = waiting[-1]
        fresh = [] if id(unit) in begun else [owners[name] for name in sorted(unit.needs & owners.keys())]
        begun.add(id(unit))
        if needed := [each for each in fresh if id(each) not in begun]:
            waiting += needed
        else:
            done.setdefault(id(waiting.pop()), unit)
    return list(done.values())


def _unit(item: int, xml: bytes, objects: list[PlcObject], folder: str, *, override: bool) -> Unit:
    last = max(objects, key=lambda each: RANKS[each.kind])
    names, kinds = tuple(each.name for each in objects), tuple(each.kind for each in objects)
    return Unit(item, last.kind, names, kinds, frozenset(_needs(objects)), xml, folder, override)


def _needs(objects: list[PlcObject]) -> Iterator[str]:
    for use in simatic_xml.references(Document(objects=objects)):
        if use.kind in ("type", "call"):
            yield use.name.casefold()


def _file(document: Document, objects: list[PlcObject]) -> bytes:
    return simatic_xml.dump(Document(document.engineering, objects))
