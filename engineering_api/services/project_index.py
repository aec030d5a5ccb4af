"""The search index of the open project: names of everything, found without a walk.

TIA Portal cannot be asked to build its own index; so the service makes one from
the model, on request, and says of which moment it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from engineering_api.storage.jobs import now
from openness_bridge.groups import walk
from openness_bridge.lookup import all_devices, items, software_of
from openness_bridge.portal import Session

Report = Callable[[float, str], None]


class IndexEntry(msgspec.Struct, rename="camel", frozen=True):
    """One named object.

    Attributes:
        kind: device, block, tag table, tag, constant or udt.
        detail: Block type, data type and address, and the like.
    """

    kind: str
    name: str
    device: str
    container: str
    detail: str


class IndexSummary(msgspec.Struct, rename="camel", frozen=True):
    """What was indexed."""

    project_name: str
    entries: int
    by_kind: dict[str, int]
    indexed_at: str
    milliseconds: int


class ProjectIndex(msgspec.Struct):
    """The index of one project at one moment."""

    summary: IndexSummary
    entries: list[IndexEntry]

    def search(self, query: str, kind: str | None, limit: int) -> list[IndexEntry]:
        """Entries whose name or address contains the query: those that begin with it first."""
        wanted = query.casefold()
        hits = [
            entry
            for entry in self.entries
            if (kind is None or entry.kind == kind.casefold())
            and (wanted in entry.name.casefold() or wanted in entry.detail.casefold())
        ]
        hits.sort(key=lambda entry: (not entry.name.casefold().startswith(wanted), entry.name.casefold()))
        return hits[:limit]


def build(session: Session, report: Report) -> ProjectIndex:
    """Walk the open project. On the portal's thread."""
    begin = time.perf_counter()
    entries = list(_entries(session, report))
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.kind] = counts.get(entry.kind, 0) + 1
    passed = int((time.perf_counter() - begin) * 1000)
    return ProjectIndex(IndexSummary(str(session.project.Name), len(entries), counts, now(), passed), entries)


def _entries(session: Session, report: Report) -> Iterator[IndexEntry]:
    devices = list(all_devices(session.project))
    for number, (device, folder) in enumerate(devices):
        name = str(device.Name)
        report(100 * number / len(devices), f"Indexing {name}")
        yield IndexEntry("device", name, name, "/".join(folder), str(device.TypeIdentifier))
        for item in items(device):
            software = software_of(session, item)
            if software is not None:
                yield from _program(software, name)


def _program(software: Any, device: str) -> Iterator[IndexEntry]:
    for block, _ in walk(software.BlockGroup, "Blocks"):
        yield IndexEntry("block", str(block.Name), device, "Program blocks", f"{type(block).__name__}{block.Number}")
    for kind, _ in walk(software.TypeGroup, "Types"):
        yield IndexEntry("udt", str(kind.Name), device, "PLC data types", "UDT")
    for table, _ in walk(software.TagTableGroup, "TagTables"):
        where = str(table.Name)
        yield IndexEntry("tag table", where, device, "PLC tags", "")
        for tag in table.Tags:
            yield IndexEntry("tag", str(tag.Name), device, where, f"{tag.DataTypeName} {tag.LogicalAddress}")
        for constant in table.UserConstants:
            yield IndexEntry("constant", str(constant.Name), device, where, f"{constant.DataTypeName} {constant.Value}")
