"""The open project as files for its repository: what is there, read one by one, in its canonical text.

The portal is asked for one object at a time, so that others who only read get their turn between two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from engineering_api.features.source_control import canonical, layout
from engineering_api.features.source_control.layout import HARDWARE, Item
from engineering_api.operations.context import Context
from openness_bridge.attribute_values import read_together
from openness_bridge.errors import Detail, Kind, Place, Problem
from openness_bridge.files import temporary
from openness_bridge.groups import walk
from openness_bridge.hardware import cax
from openness_bridge.lookup import all_devices, locate
from openness_bridge.portal.portal import Session
from openness_bridge.program import blocks, tag_tables, technology, udts, watch
from openness_bridge.program import compile as compiling
from openness_bridge.project import projects

LOST = Kind.UNAVAILABLE
"""The status of a portal that is gone; no object can be read any more."""


@dataclass(frozen=True, slots=True)
class Source:
    """An object that can be exported.

    Attributes:
        read: Gives its file; on the portal's thread.
        inconsistent: Whether it must be compiled before.
    """

    item: Item
    read: Callable[[], bytes]
    inconsistent: bool = False


@dataclass(slots=True)
class Export:
    """An export.

    Attributes:
        files: Contents by path.
        kept: Paths of objects that could not be read.
        left_out: Why not.
        waiting: Those of them that only have to be compiled.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    left_out: list[Detail] = field(default_factory=list)
    waiting: list[Detail] = field(default_factory=list)


def export(ctx: Context, *, compile_first: bool = False, share: float = 100) -> Export:
    """Read the open project. From a worker thread.

    Args:
        ctx: The run.
        compile_first: Whether the programs are compiled before, because what is inconsistent cannot be read.
        share: The percentage of the whole work that this is.

    Raises:
        Problem: There is no project, or the portal is gone.
    """
    session = ctx.session
    if compile_first:
        ctx.progress.report(0, "Compiling the programs")
        session.call(lambda: compile_programs(session, programs(session)))
    made = Export()
    project, sources = session.call(lambda: (_project_file(session), list(_sources(session))))
    made.files[layout.PROJECT_FILE] = project
    for number, source in enumerate(sources):
        ctx.progress.report(share * number / len(sources), f"Exporting {source.item.name}")
        _take(session, made, source)
    return made


def programs(session: Session) -> list[str]:
    """Return the names of the stations with a PLC program. On the portal's thread."""
    stations = [str(device.Name) for device, _ in all_devices(session.project)]
    return [name for name in stations if locate(session, name).software is not None]


def compile_programs(session: Session, devices: list[str]) -> list[str]:
    """Compile programs; returns the errors. On the portal's thread."""
    software = [locate(session, device).software for device in devices]
    reports = [compiling.compile_object(session, each, each) for each in software]
    return [found.text for each in reports for found in each.diagnostics if found.severity == "Error"]


def _take(session: Session, made: Export, source: Source) -> None:
    try:
        path = source.item.path
    except Problem as problem:
        made.left_out.append(_why(problem, source.item, None))
        return
    try:
        content = session.call(source.read)
        made.files[path] = canonical.text_of(source.item, content)
    except Problem as problem:
        if problem.kind is LOST:
            raise
        made.kept.add(path)
        (made.waiting if source.inconsistent else made.left_out).append(_why(problem, source.item, path))


def _why(problem: Problem, item: Item, path: str | None) -> Detail:
    return Detail(problem.code, problem.message, Place(device=item.device, object=item.name, path=path))


def _sources(session: Session) -> Iterator[Source]:
    for device, _ in all_devices(session.project):
        station = str(device.Name)
        yield Source(Item(HARDWARE, station, (), station), partial(_hardware, session, station))
        software = locate(session, station).software
        if software is not None:
            yield from _program(session, str(software.Name), software)


def _program(session: Session, device: str, software: Any) -> Iterator[Source]:
    for block, folder in walk(software.BlockGroup, "Blocks"):
        yield _source(session, Item("blocks", device, folder, ""), block, blocks.xml_of)
    for udt, folder in walk(software.TypeGroup, "Types"):
        yield _source(session, Item("udts", device, folder, ""), udt, udts.xml_of)
    yield from _technology(session, device, software)
    for table, folder in walk(software.TagTableGroup, "TagTables"):
        item = Item("tags", device, folder, str(table.Name))
        yield Source(item, partial(tag_tables.xml_of, session, table, device))
    for handle, folder in walk(software.WatchAndForceTableGroup, "WatchTables"):
        item = Item("watch", device, tuple(folder), str(handle.Name))
        yield Source(item, partial(watch.export_xml, session, handle, device), not bool(handle.IsConsistent))


def _technology(session: Session, device: str, software: Any) -> Iterator[Source]:
    """Yield the technology objects; those of an axis are reported, because their files do not name the axis."""
    for thing, folder, axis in technology.walk(session, software.TechnologicalObjectGroup):
        item = Item("technology", device, folder, str(thing.Name))
        if axis is None:
            read = partial(technology.xml_of, session, thing, device, item.name)
            yield Source(item, read, not bool(thing.IsConsistent))
        else:
            yield Source(item, partial(_of_axis, item.name, axis))


def _of_axis(name: str, axis: str) -> bytes:
    msg = f"'{name}' belongs to '{axis}', which its file does not name: export it for itself."
    raise Problem("source_control.technology_of_axis", msg, kind=Kind.UNSUPPORTED)


def _source(session: Session, unnamed: Item, thing: Any, read: Callable[[Session, Any, str, str], bytes]) -> Source:
    name, consistent, protected = read_together(session, thing, "Name", "IsConsistent", "IsKnowHowProtected")
    item = replace(unnamed, name=str(name))
    return Source(item, partial(read, session, thing, item.device, item.name), not (consistent or protected))


def _hardware(session: Session, station: str) -> bytes:
    with temporary(".aml") as path:
        cax.export_device(session, station, Path(path))
        return path.read_bytes()


def _project_file(session: Session) -> bytes:
    """Return what is known of the project and its devices, without what changes by itself."""
    project = session.project
    found = projects.describe(project)
    devices = sorted(
        (_device(session, device, folder) for device, folder in all_devices(project)),
        key=lambda each: str(each["name"]),
    )
    document = {
        "format": 1,
        "name": found.name,
        "author": found.author,
        "comment": found.comment,
        "version": found.version,
        "languages": sorted(found.languages),
        "devices": devices,
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _device(session: Session, device: Any, folder: tuple[str, ...]) -> dict[str, object]:
    software = locate(session, str(device.Name)).software
    return {
        "name": str(device.Name),
        "typeIdentifier": str(device.TypeIdentifier),
        "folder": list(folder),
        "program": None if software is None else str(software.Name),
    }
