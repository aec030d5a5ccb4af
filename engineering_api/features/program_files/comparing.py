"""Compares objects of a file with those of the project: an import replaces only what would change, and only on request.

Both sides are read in the same form by the same reader. An object that is not compiled cannot be exported; it counts as
unchanged only if this service made it of the same text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from lxml import etree

import simatic_xml
from engineering_api.features.program_files.objects import Form, Wanted, objects_of
from openness_bridge import groups
from openness_bridge.attribute_values import read_together
from openness_bridge.errors import Kind, Problem, refused_as
from openness_bridge.files import temporary
from openness_bridge.lookup import plc
from openness_bridge.portal.portal import Session
from openness_bridge.program import documents, origins, sources
from openness_bridge.program.imports import find_home
from openness_bridge.values import enum, enum_name, fi
from simatic_xml import Document, SimaticMLError
from simatic_xml.diff.changes import Kind as Difference
from simatic_xml.model import Block, ForceTable, PlcObject, TagTable

_BORN = {"OB", "TagTable", "ForceTable"}
"""The kinds of what a new PLC has, without content."""
_EXTENSIONS = {"SCL": ".scl", "STL": ".awl", "DB": ".db"}


@dataclass(frozen=True, slots=True)
class Program:
    """The PLC program that objects are compared with.

    Attributes:
        session: The portal.
        device: The PLC.
        software: Its program.
    """

    session: Session
    device: str
    software: Any


@dataclass(frozen=True, slots=True)
class Present:
    """An object of the project.

    Attributes:
        handle: It.
        folder: Names of its folders.
        language: Of a block; empty for others.
    """

    handle: Any
    folder: tuple[str, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an import would do to an object: created, replaced or unchanged, and why.

    Attributes:
        loses: Whether something of the project is lost; not where the object was empty, as those of a new PLC are.
    """

    status: str
    reason: str = ""
    present: Present | None = None
    loses: bool = False


def program_of(session: Session, device: str) -> Program:
    """Return the program of a PLC. On the portal's thread."""
    return Program(session, device, plc(session, device))


def find(program: Program, wanted: Wanted) -> Present | None:
    """Return the object of the project that an import would replace."""
    home = find_home(wanted.kind)
    root = getattr(program.software, home.root, None)
    found = None if root is None else next(groups.find_all(root, home.collection, wanted.name), None)
    if found is None:
        return None
    if home.collection != "Blocks":
        return Present(*found)
    (language,) = read_together(program.session, found[0], "ProgrammingLanguage")
    return Present(*found, enum_name(language))


def decide(program: Program, wanted: Wanted, content: bytes, form: Form) -> Verdict:
    """Return what an import of a file would do to one of its objects. On the portal's thread.

    Args:
        program: The program.
        wanted: The object.
        content: The bytes of the file.
        form: Its form.

    Raises:
        Problem: TIA Portal does not answer.
    """
    present = find(program, wanted)
    if present is None:
        return Verdict("created")
    origin = origins.find(program.session, str(program.software.Name), present.handle) if _has_origin(wanted) else None
    if origin is not None and origin.content == content:
        return Verdict("unchanged", present=present)
    read = cache(lambda each: _read_or_none(program, each, wanted, present))
    is_empty = wanted.kind in _BORN and _is_empty(read("xml"))
    reason = _difference(wanted, present, lambda: read(form))
    if not reason:
        return Verdict("unchanged", present=present)
    return Verdict("replaced", "It was empty." if is_empty else reason, present, loses=not is_empty)


def _difference(wanted: Wanted, present: Present, read: Callable[[], PlcObject | None]) -> str:
    """Return what an import would change of an object, or why that is not known; empty where it would change nothing."""
    if present.language and wanted.language and present.language != wanted.language:
        return f"{present.language} → {wanted.language}"
    now = read()
    if now is None or wanted.content is None:
        return "It cannot be compared before it is compiled."
    differences = list(_differences(now, wanted.content))
    more = f" and {len(differences) - 1} more" if len(differences) > 1 else ""
    return f"{differences[0]}{more}" if differences else ""


def _read_or_none(program: Program, form: Form, wanted: Wanted, present: Present) -> PlcObject | None:
    """Return an object of the project; None where it is not compiled and TIA Portal writes it in no form."""
    for each in dict.fromkeys((form, "sd")):
        try:
            found = _read(program, each, wanted, present)
        except (Problem, SimaticMLError):
            continue
        if found is not None:
            return found
    return None


def _is_empty(now: PlcObject | None) -> bool:
    """Return whether an object has nothing in it, as the default tag table, the force table and Main of a new PLC."""
    if isinstance(now, TagTable):
        return not now.tags and not now.constants
    if isinstance(now, ForceTable):
        return not now.entries
    if not isinstance(now, Block):
        return False
    own = any(each.members for each in now.interface if each.name in {"Temp", "Constant"})
    return not own and all(each.source is None or not _has_parts(each.source) for each in now.networks)


def _has_parts(source: etree._Element) -> bool:
    """Return whether a network has code: parts of LAD and FBD, anything of other languages."""
    parts = source.find("{*}Parts")
    return len(source) > 0 if parts is None else len(parts) > 0


def _has_origin(wanted: Wanted) -> bool:
    return wanted.collection in {"Blocks", "Types"}


def _read(program: Program, form: str, wanted: Wanted, present: Present) -> PlcObject | None:
    """Return an object of the project as the reader of a form reads it."""
    session, device = program.session, program.device
    if form == "xml":
        with temporary(".xml") as path, refused_as("import.uncompared", Kind.CONFLICT, device=device):
            options = enum(session.model, "ExportOptions", "WithDefaults")
            present.handle.Export(fi(session.model, path), options)
            return _named(simatic_xml.load(path.read_bytes(), own=True).objects, wanted.name)
    version = str(session.model.version)
    if form == "sd":
        if not _has_origin(wanted):
            return None
        with temporary(".s7dcl") as path:
            export = documents.export_type if wanted.collection == "Types" else documents.export_block
            made = {each.suffix: each.read_bytes() for each in export(session, device, wanted.name, path.parent)}
        return _named(objects_of(".s7dcl", made[".s7dcl"], made.get(".s7res"), version), wanted.name)
    extension = ".udt" if wanted.collection == "Types" else _EXTENSIONS.get(present.language)
    if extension is None:
        return None
    with_fb = wanted.kind == "InstanceDB" and _has_members(wanted.content)
    extension = ".scl" if with_fb else extension
    with temporary(extension) as path:
        sources.write_source(session, [present.handle], path, with_dependencies=with_fb, device=device)
        return _named(objects_of(extension, path.read_bytes(), None, version), wanted.name)


def _has_members(content: PlcObject | None) -> bool:
    """Return whether a block has an interface: an instance DB of a source has one only where its FB is in the source, too."""
    return isinstance(content, Block) and any(section.members for section in content.interface)


def _named(objects: list[PlcObject], name: str) -> PlcObject | None:
    return next((each for each in objects if each.name.casefold() == name.casefold()), None)


def _differences(now: PlcObject, wanted: PlcObject) -> Iterator[str]:
    """Yield what an import would change. What a file does not state, such as a number, it does not change."""
    for change in simatic_xml.diff(Document(objects=[now]), Document(objects=[wanted])):
        if change.kind is Difference.ATTRIBUTE_CHANGED and change.after is None:
            continue
        yield str(change)
