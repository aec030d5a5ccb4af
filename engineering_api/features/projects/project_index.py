"""The search index of the open project: names and comments of everything, found without a walk.

TIA Portal cannot be asked to build its own index; so the service makes one from the model and the exported programs, on
request, and says of which moment it is. Facts: docs/facts/openness.md#portal-and-process.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from engineering_api.storage.clock import now
from openness_bridge.attribute_values import read_together
from openness_bridge.enumerations import one_of
from openness_bridge.groups import walk
from openness_bridge.lookup import all_devices, items, software_of
from openness_bridge.portal.portal import Session
from openness_bridge.project import texts
from simatic_xml.model import Block, Member, PlcType, Tag, UserConstant

if TYPE_CHECKING:
    from simatic_xml.program.workspace import Workspace

Report = Callable[[float, str], None]
Texts = dict[str, str]


IndexKind = Annotated[
    str,
    one_of("IndexKind", "device", "block", "udt", "member", "network", "tag table", "tag", "constant"),
]


class IndexEntry(msgspec.Struct, rename="camel", frozen=True):
    """One named object.

    Attributes:
        kind: device, block, udt, member, network, tag table, tag or constant.
        name: Of a member with those above it, such as motor.speed; of a network its title.
        container: Where it is: the block or data type of a member, the table of a tag.
        detail: Block type, data type and address, number of a network, and the like.
        comment: In the project's editing language, or in another one.
        is_earlier: Whether the block or data type is not consistent, so that TIA Portal does not export it: this is from its
            last export.
    """

    kind: IndexKind
    name: str
    device: str
    container: str
    detail: str
    comment: str = ""
    is_earlier: bool = False


class IndexSummary(msgspec.Struct, rename="camel", frozen=True):
    """What is indexed.

    Attributes:
        unread: Names of objects whose content could not be read: inconsistent or protected ones.
    """

    project_name: str
    entries: int
    by_kind: dict[str, int]
    indexed_at: str
    milliseconds: int
    unread: list[str]


class ProjectIndex:
    """The index of one project at one moment."""

    def __init__(self, summary: IndexSummary, entries: list[IndexEntry]) -> None:
        """Keep the entries with the text that is searched."""
        self.summary = summary
        self._entries = [(f"{each.name}\n{each.detail}\n{each.comment}".casefold(), each) for each in entries]

    def search(self, query: str, kind: str | None, limit: int) -> list[IndexEntry]:
        """Return entries with the query in name, detail or comment: those whose name begins with it first."""
        wanted, only = query.casefold(), None if kind is None else kind.casefold()
        hits = [
            (not text.startswith(wanted), text, entry)
            for text, entry in self._entries
            if wanted in text and only in (None, entry.kind)
        ]
        hits.sort(key=lambda hit: hit[:2])
        return [entry for _, _, entry in hits[:limit]]


def build(session: Session, report: Report) -> ProjectIndex:
    """Read the open project. On the portal's thread."""
    begin = time.perf_counter()
    builder = _Builder(session, report)
    entries = list(builder.entries())
    passed = int((time.perf_counter() - begin) * 1000)
    counts = dict(Counter(entry.kind for entry in entries))
    summary = IndexSummary(str(session.project.Name), len(entries), counts, now(), passed, builder.unread)
    return ProjectIndex(summary, entries)


class _Builder:
    """One reading of the project."""

    def __init__(self, session: Session, report: Report) -> None:
        self._session, self._report = session, report
        self._culture = texts.editing_culture(session)
        self.unread: list[str] = []

    def entries(self) -> Iterator[IndexEntry]:
        """Yield everything that can be found."""
        devices = list(all_devices(self._session.project))
        for number, (device, folder) in enumerate(devices):
            name = str(device.Name)
            self._report(100 * number / len(devices), f"Indexing {name}")
            yield IndexEntry("device", name, name, "/".join(folder), str(device.TypeIdentifier))
            for item in items(device):
                software = software_of(self._session, item)
                if software is not None:
                    yield from self._program(software, name)

    def _program(self, software: Any, device: str) -> Iterator[IndexEntry]:
        from openness_bridge.program import program_reading

        reading = program_reading.read(self._session, device)
        unread = {each.name for each in reading.unread}
        self.unread += sorted(unread)
        workspace = reading.index.workspace
        for block, _ in walk(software.BlockGroup, "Blocks"):
            block_name, block_number = read_together(self._session, block, "Name", "Number")
            detail = f"{type(block).__name__}{block_number}"
            found = self._object("block", str(block_name), device, "Program blocks", detail, workspace)
            yield from _mark(found, earlier=str(block_name) in unread)
        for udt, _ in walk(software.TypeGroup, "Types"):
            found = self._object("udt", str(udt.Name), device, "PLC data types", "UDT", workspace)
            yield from _mark(found, earlier=str(udt.Name) in unread)
        for table, _ in walk(software.TagTableGroup, "TagTables"):
            yield IndexEntry("tag table", str(table.Name), device, "PLC tags", "")
        for item in workspace:
            path = reading.path_of(item.name)
            if isinstance(item, Tag | UserConstant) and path:
                yield self._row(item, device, path.rpartition("\\")[2])

    def _row(self, row: Tag | UserConstant, device: str, table: str) -> IndexEntry:
        kind, last = ("tag", row.address) if isinstance(row, Tag) else ("constant", row.value)
        return IndexEntry(kind, row.name, device, table, f"{row.data_type} {last}", self._text(row.comment))

    def _object(
        self, kind: str, name: str, device: str, container: str, detail: str, workspace: Workspace
    ) -> Iterator[IndexEntry]:
        """Yield a block or data type, its members, and its networks that have a text."""
        content = workspace.find(name)
        if not isinstance(content, Block | PlcType):
            yield IndexEntry(kind, name, device, container, detail)
            return
        comment = " ".join(filter(None, (self._text(content.title), self._text(content.comment))))
        yield IndexEntry(kind, name, device, container, detail, comment)
        members = content.members if isinstance(content, PlcType) else [member for _, member in content.members()]
        for path, member in _walk_members(members, ""):
            yield IndexEntry("member", path, device, name, member.data_type, self._text(member.comment))
        for number, network in enumerate(content.networks if isinstance(content, Block) else (), 1):
            title, text = self._text(network.title), self._text(network.comment)
            if title or text:
                yield IndexEntry("network", title, device, name, f"Network {number}", text)

    def _text(self, found: Texts) -> str:
        """Return a text in the editing language, or else in any."""
        return found.get(self._culture) or next(filter(None, found.values()), "")


def _mark(entries: Iterable[IndexEntry], *, earlier: bool) -> Iterator[IndexEntry]:
    """Yield entries, marked where they are from an earlier export."""
    yield from (msgspec.structs.replace(each, is_earlier=True) for each in entries) if earlier else entries


def _walk_members(members: Iterable[Member], above: str) -> Iterator[tuple[str, Member]]:
    """Yield every declared member with its path; what a data type or function block brings is found there."""
    for member in members:
        path = above + member.name
        yield path, member
        yield from _walk_members(member.members, f"{path}.")
