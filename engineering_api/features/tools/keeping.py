"""The parts of a project that a change touches: kept before as snapshots, deleted or restored when it is taken back."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import msgspec

from engineering_api.features.blocks import blocks_operations, sources_operations
from engineering_api.features.devices import devices_operations
from engineering_api.features.history import history_operations
from engineering_api.features.tags import tag_tables_operations
from engineering_api.features.tools.running import Run
from engineering_api.features.udts import udts_operations
from engineering_api.features.watch import watch_tables_operations
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Request
from openness_bridge.errors import Kind, Problem
from openness_bridge.program.program_state import ProjectPart, ProjectState

NAMING = {"name", "blockName", "udtName", "tableName", "table", "newName", "path"}
"""Fields of requests that name a block, a data type or a tag table, alone or behind its folders."""
TABLES = {"tableName", "table"}
"""Those that may be left out, which then mean the default table or the ones that rows name."""
_SAYS_NOTHING = re.compile(
    r"""(?P<name>"[^"\n]*"?) | \(\*.*?(?:\*\)|\Z) | /\*.*?(?:\*/|\Z) | //[^\n]* | '(?:\$.|[^'$\n])*'?
    | ^[ \t]*TITLE[ \t]*=[^\n]*""",
    re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE,
)
"""Comments, texts and titles of a source, in which nothing is declared; names in quotes are no such."""
_DECLARED = re.compile(
    r'\b(?:FUNCTION_BLOCK|FUNCTION|ORGANIZATION_BLOCK|DATA_BLOCK|TYPE)\b\s*(?:"([^"\n]+)"|(\w+))', re.IGNORECASE
)
_MARKED = re.compile(r"<Name>([^<]+)</Name>")


class PartRef(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of the project that was changed.

    Attributes:
        kind: device, block, udt, tagTable, watchTable, source, or one of the last five with Folder behind it.
        outcome: What undo_change did with it.
        reason: Why it could not be kept, or taken back.
    """

    kind: str
    device: str
    name: str
    outcome: str = ""
    reason: str = ""


Named = tuple[Callable[..., Any], str]
"""The function of an operation, and the field of its request that names a part."""


@dataclass(frozen=True, slots=True)
class ObjectKind:
    """How a part of a kind is taken back.

    Attributes:
        delete: The operation that deletes it, and the field that names it.
        keep: The operation that takes a snapshot of it, and the field; None where there is none.
    """

    delete: Named
    keep: Named | None = None


KINDS = {
    "block": ObjectKind(
        (blocks_operations.delete, "block_name"),
        (history_operations.snapshot_block, "block_name"),
    ),
    "udt": ObjectKind(
        (udts_operations.delete, "udt_name"),
        (history_operations.snapshot_type, "udt_name"),
    ),
    "tagTable": ObjectKind(
        (tag_tables_operations.delete, "table_name"),
        (history_operations.snapshot_tags, "table_name"),
    ),
    "watchTable": ObjectKind((watch_tables_operations.delete, "table_name")),
    "source": ObjectKind((sources_operations.delete, "source_name")),
    "blockFolder": ObjectKind((blocks_operations.delete_folder, "folder")),
    "udtFolder": ObjectKind((udts_operations.delete_folder, "folder_path")),
    "tagTableFolder": ObjectKind((tag_tables_operations.delete_folder, "folder")),
    "watchTableFolder": ObjectKind((watch_tables_operations.delete_folder, "folder")),
    "sourceFolder": ObjectKind((sources_operations.delete_folder, "folder")),
    "device": ObjectKind((devices_operations.delete, "device_name")),
}
"""The kinds in the order in which what a change created is deleted."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a call may overwrite.

    Attributes:
        kept: The parts, with the snapshots that were taken of them.
        lost: The parts of which none can be taken, with the reason.
    """

    kept: dict[PartRef, str] = field(default_factory=dict)
    lost: dict[PartRef, str] = field(default_factory=dict)

    @property
    def reasons(self) -> list[str]:
        """Why not all can be kept, a sentence for each part."""
        return [f"The {part.kind} '{part.name}' cannot be kept: {reason}" for part, reason in self.lost.items()]


def ref(part: ProjectPart) -> PartRef:
    """Return a part without when it was changed."""
    return PartRef(part.kind, part.device, part.name)


async def keep(run: Run, op: Operation, before: ProjectState, request: Request) -> Keeping:
    """Take a snapshot of every part that a request names."""
    document = msgspec.to_builtins(request, enc_hook=str)
    device = str(document.get("deviceName", "")).casefold()
    names = {name.casefold() for name in _names(document)}
    every_table = any(name in document and not document[name] for name in TABLES)
    stations = {part.device.casefold() for part in before.parts}
    keeping = Keeping()
    for part in before.parts:
        elsewhere = device in stations and part.device.casefold() != device
        meant = part.name.casefold() in names or (every_table and part.kind == "tagTable")
        way = KINDS[part.kind].keep
        if elsewhere or not meant or way is None:
            continue
        try:
            keeping.kept[ref(part)] = await _snapshot(run, ref(part), way, f"Before {op.name}")
        except Problem as problem:
            keeping.lost[ref(part)] = problem.message
    return keeping


async def drop(run: Run, keeping: Keeping) -> None:
    """Delete snapshots again that a call which is not made does not need."""
    for snapshot in keeping.kept.values():
        with suppress(Problem):
            await run.perform(history_operations.delete, snapshot_id=snapshot)


async def delete(run: Run, part: PartRef, *, unchanged: bool) -> PartRef:
    """Delete a part that a change created. One that was changed since is kept first, or stays where it cannot be kept."""
    if not unchanged and (reason := await _unkept(run, part)):
        return msgspec.structs.replace(part, outcome="failed", reason=f"It was changed since. {reason}")
    operation, named = KINDS[part.kind].delete
    try:
        fields = {named: part.name} if part.kind == "device" else {"device_name": part.device, named: part.name}
        await run.perform(operation, **fields)
    except Problem as problem:
        if problem.kind is Kind.MISSING:
            return msgspec.structs.replace(part, outcome="gone already")
        return msgspec.structs.replace(part, outcome="failed", reason=problem.message)
    return msgspec.structs.replace(part, outcome="deleted")


async def restore(run: Run, part: PartRef, snapshot: str, *, unchanged: bool) -> PartRef:
    """Restore a part. What is there now is kept first if it was changed since; where it cannot be, it stays."""
    if not unchanged and (reason := await _unkept(run, part)):
        return msgspec.structs.replace(part, outcome="failed", reason=f"It was changed since. {reason}")
    try:
        await run.perform(history_operations.restore, snapshot_id=snapshot)
    except Problem as problem:
        return msgspec.structs.replace(part, outcome="failed", reason=problem.message)
    return msgspec.structs.replace(part, outcome="restored")


async def _unkept(run: Run, part: PartRef) -> str:
    """Return why what is there now cannot be kept; empty where it is kept, or nothing is there."""
    way = KINDS[part.kind].keep
    if way is None:
        return f"There are no snapshots of a {part.kind}: delete it with another call."
    try:
        await _snapshot(run, part, way, "Before undo")
    except Problem as problem:
        return "" if problem.kind is Kind.MISSING else problem.message
    return ""


async def _snapshot(run: Run, part: PartRef, way: Named, note: str) -> str:
    operation, named = way
    taken = await run.perform(operation, device_name=part.device, note=note, **{named: part.name})
    return str(taken["snapshotId"])


def _names(value: Any, key: str = "") -> Iterator[str]:
    """Yield what a request names: values of naming fields, and what its texts declare."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _names(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _names(each, key)
    elif isinstance(value, str):
        if key in NAMING:
            yield value
            yield re.split(r"[\\/]", value)[-1]
        yield from find_declared(value)


def find_declared(text: str) -> Iterator[str]:
    """Yield the names of the objects that a source or a SimaticML file declares."""
    yield from map(html.unescape, _MARKED.findall(text))
    source = _SAYS_NOTHING.sub(lambda found: found["name"] or " ", text)
    yield from (quoted or plain for quoted, plain in _DECLARED.findall(source))
