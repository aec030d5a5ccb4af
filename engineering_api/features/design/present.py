"""The objects of a PLC that a design may meet, of any kind: listed, exported, deleted alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from openness_bridge.portal.portal import Session
from openness_bridge.program import blocks, tag_tables, udts, watch
from openness_bridge.program.imports import BLOCK_KINDS, find_home

Key = tuple[str, str]
"""Collection and name without regard to case."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How objects of a collection are reached: (session, device) or (session, device, name) → what the bridge answers."""

    listed: Callable[[Session, str], Iterable[Any]]
    exported: Callable[[Session, str, str], bytes]
    deleted: Callable[[Session, str, str], object]


def _watch_xml(session: Session, device: str, name: str) -> bytes:
    return watch.export_xml(session, watch.find_watch(session, device, name)[0], device)


COLLECTIONS = {
    "Types": Kind(udts.list_types, udts.export_xml, udts.delete),
    "TagTables": Kind(tag_tables.list_tables, tag_tables.export_xml, tag_tables.delete),
    "Blocks": Kind(blocks.list_blocks, blocks.export_xml, blocks.delete),
    "WatchTables": Kind(watch.list_watch, _watch_xml, watch.delete),
}
ORDER = ("WatchTable", "OB", "FC", "InstanceDB", "GlobalDB", "FB", "TagTable", "UDT")
"""Kinds in an order in which nothing is deleted that is still needed."""


@dataclass(frozen=True, slots=True)
class PresentObject:
    """An object that is there."""

    name: str
    kind: str
    folder: str
    is_consistent: bool


def collection_of(kind: str) -> str:
    """Return the collection of a kind."""
    return "Blocks" if kind in BLOCK_KINDS else find_home(kind).collection


def key(kind: str, name: str) -> Key:
    """Return what identifies an object among all others of its PLC."""
    return collection_of(kind), name.casefold()


def list_objects(session: Session, device: str) -> dict[Key, PresentObject]:
    """Return all objects of a PLC. On the portal's thread."""
    found: dict[Key, PresentObject] = {}
    for collection, kind in COLLECTIONS.items():
        for each in kind.listed(session, device):
            consistent = bool(getattr(each, "is_consistent", True))
            found[collection, each.name.casefold()] = PresentObject(
                each.name, getattr(each, "type", ""), each.folder, consistent
            )
    return found


def xml(session: Session, device: str, kind: str, name: str) -> bytes:
    """Return an object as SimaticML.

    Raises:
        Problem: It is inconsistent or protected.
    """
    return COLLECTIONS[collection_of(kind)].exported(session, device, name)


def delete(session: Session, device: str, kind: str, name: str) -> None:
    """Delete an object.

    Raises:
        Problem: TIA Portal refuses it.
    """
    COLLECTIONS[collection_of(kind)].deleted(session, device, name)
