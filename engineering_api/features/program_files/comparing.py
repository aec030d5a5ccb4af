"""Compares objects of a file with those of the project: an import replaces only what would change, and only on request.

Both sides are read in the same form by the same reader. An object that is not compiled cannot be exported; it counts as
unchanged only if this service made it of the same text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

import simatic_xml
from engineering_api.features.program_files.reading import Incoming, Wanted, objects_of
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
from simatic_xml.model import Block, PlcObject, TagTable

_EXTENSIONS = {"SCL": ".scl", "STL": ".awl", "DB": ".db"}


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


def find(session: Session, device: str, wanted: Wanted) -> Present | None:
    """Return the object of the project that an import would replace."""
    home = find_home(wanted.kind)
    root = getattr(plc(session, device), home.root, None)
    found = None if root is None else next(groups.find_all(root, home.collection, wanted.name), None)
    if found is None:
        return None
    if home.collection != "Blocks":
        return Present(*found)
    (language,) = read_together(session, found[0], "ProgrammingLanguage")
    return Present(*found, enum_name(language))


def decide(session: Session, device: str, file: Incoming, wanted: Wanted) -> Verdict:
    """Return what an import of a file would do to one of its objects. On the portal's thread.

    Raises:
        Problem: TIA Portal does not answer.
    """
    present = find(session, device, wanted)
    if present is None:
        return Verdict("created")
    origin = origins.find(session, str(plc(session, device).Name), present.handle) if _has_origin(wanted) else None
    if origin is not None and origin.content == file.content:
        return Verdict("unchanged", present=present)
    if wanted.kind in {"OB", "TagTable"} and _is_empty(_read_or_none(session, device, "xml", wanted, present)):
        return Verdict("replaced", "It was empty.", present)
    if present.language and wanted.language and present.language != wanted.language:
        return Verdict("replaced", f"{present.language} → {wanted.language}", present, loses=True)
    now = _read_or_none(session, device, file.form, wanted, present)
    if now is None or wanted.content is None:
        return Verdict("replaced", "It cannot be compared before it is compiled.", present, loses=True)
    differences = list(_differences(now, wanted.content))
    if not differences:
        return Verdict("unchanged", present=present)
    more = f" and {len(differences) - 1} more" if len(differences) > 1 else ""
    return Verdict("replaced", f"{differences[0]}{more}", present, loses=True)


def _read_or_none(session: Session, device: str, form: str, wanted: Wanted, present: Present) -> PlcObject | None:
    """Return an object of the project; None where it is not compiled and TIA Portal writes it in no form."""
    for each in dict.fromkeys((form, "sd")):
        try:
            found = _read(session, device, each, wanted, present)
        except (Problem, SimaticMLError):
            continue
        if found is not None:
            return found
    return None


def _is_empty(now: PlcObject | None) -> bool:
    """Return whether an object has nothing in it, as the default tag table and Main of a new PLC."""
    if isinstance(now, TagTable):
        return not now.tags and not now.constants
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


def _read(session: Session, device: str, form: str, wanted: Wanted, present: Present) -> PlcObject | None:
    """Return an object of the project as the reader of a form reads it."""
    if form == "xml":
        with temporary(".xml") as path, refused_as("import.uncompared", Kind.CONFLICT, device=device):
            options = enum(session.model, "ExportOptions", "WithDefaults")
            present.handle.Export(fi(session.model, path), options)
            return _named(simatic_xml.load(path.read_bytes()).objects, wanted.name)
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
    with temporary(extension) as path:
        sources.write_source(session, [present.handle], path, with_dependencies=False, device=device)
        return _named(objects_of(extension, path.read_bytes(), None, version), wanted.name)


def _named(objects: list[PlcObject], name: str) -> PlcObject | None:
    return next((each for each in objects if each.name.casefold() == name.casefold()), None)


def _differences(now: PlcObject, wanted: PlcObject) -> Iterator[str]:
    """Yield what an import would change. What a file does not state, such as a number, it does not change."""
    for change in simatic_xml.diff(Document(objects=[now]), Document(objects=[wanted])):
        if change.kind is Difference.ATTRIBUTE_CHANGED and change.after is None:
            continue
        yield str(change)
