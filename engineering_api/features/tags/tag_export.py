"""Writes tags and constants of a PLC to workbooks, CSV and JSON files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from engineering_api.features.tags.files import ConstantRow, TagRow, write_csv, write_json, write_xlsx
from engineering_api.files.tables.errors import readable
from engineering_api.operations.context import Context
from engineering_api.operations.fields import Model
from openness_bridge import groups
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.files import temporary
from openness_bridge.lookup import plc
from openness_bridge.portal.bulk import pause_gc
from openness_bridge.portal.portal import Session
from openness_bridge.program import tag_tables
from openness_bridge.project import texts
from simatic_xml import TagTable

Mnemonics = Literal["en", "de"]
WRITERS: dict[str, Callable[..., None]] = {".xlsx": write_xlsx, ".csv": write_csv, ".json": write_json}


class TagExport(Model):
    """A file that was written."""

    path: str
    tags: int
    constants: int
    size: int


@dataclass(frozen=True, slots=True)
class Target:
    """The file to write.

    Attributes:
        path: As the client names it.
        kind: The extension that it must have; any that can be written for None.
    """

    path: str
    kind: str | None
    overwrite: bool
    mnemonics: Mnemonics
    delimiter: str = ";"


@pause_gc()
def run(ctx: Context, device: str, table: str | None, target: Target) -> TagExport:
    """Write the rows of a table, or of all tables for None. In a worker thread.

    Raises:
        Problem: No such table, or the file may not or cannot be written.
    """
    suffix = _require_kind(target)
    path = ctx.roots.new(target.path, overwrite=target.overwrite)
    session = ctx.session
    ctx.progress.report(5, "Reading the tags")
    contents, culture = session.call(lambda: (_contents(session, device, table), texts.editing_culture(session)))
    ctx.progress.report(50, f"Writing {path.name}")
    tags = [row for where, content in contents for row in _tags(where, content, culture)]
    constants = [row for where, content in contents for row in _constants(where, content, culture)]
    more: dict[str, Any] = {"delimiter": target.delimiter} if suffix == ".csv" else {}
    with readable(path.name), temporary(suffix) as draft:
        WRITERS[suffix](draft, tags, constants, mnemonics=target.mnemonics, **more)
        size = ctx.roots.write(path, draft.read_bytes())
    return TagExport(path=str(path), tags=len(tags), constants=len(constants), size=size)


def _require_kind(target: Target) -> str:
    suffix = Path(target.path).suffix.lower()
    wanted = [target.kind] if target.kind else list(WRITERS)
    if suffix not in wanted:
        msg = f"'{target.path}' must end with {' or '.join(wanted)}."
        raise Problem("file.wrong_kind", msg, kind=Kind.INVALID, place=Place(path=target.path))
    return suffix


def _contents(session: Session, device: str, table: str | None) -> list[tuple[str, TagTable]]:
    root = plc(session, device).TagTableGroup
    found = groups.walk(root, tag_tables.TABLES) if table is None else [tag_tables.find(session, device, table)]
    return [("\\".join((*folder, str(each.Name))), tag_tables.content(session, device, each)) for each, folder in found]


def _tags(where: str, content: TagTable, culture: str) -> Iterable[TagRow]:
    for tag in content.tags:
        yield TagRow(
            0,
            where,
            tag.name,
            tag.data_type,
            tag.address,
            tag.comment.get(culture, ""),
            tag.external_visible is not False,
            tag.external_accessible is not False,
            tag.external_writable is not False,
        )


def _constants(where: str, content: TagTable, culture: str) -> Iterable[ConstantRow]:
    for constant in content.constants:
        yield ConstantRow(
            0, where, constant.name, constant.data_type, constant.value, constant.comment.get(culture, "")
        )
