"""Adds external sources (SCL, STL, DB and UDT text), generates blocks from them, and writes blocks as source text.

Openness cannot read a source's content back, and generates in place of blocks of
the same name. Facts: docs/facts/openness-program.md#external-sources, docs/facts/tia-operations.md#external-sources.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from openness_bridge.errors import Detail, Kind, Place, Problem, not_found, refused_as
from openness_bridge.files import temporary
from openness_bridge.lookup import plc
from openness_bridge.portal.portal import Session
from openness_bridge.program import groups
from openness_bridge.values import enum, fi, implementation, net_list

EXTENSIONS = (".scl", ".awl", ".db", ".udt")


class SourceInfo(msgspec.Struct, rename="camel", frozen=True):
    """An external source."""

    name: str
    folder: str


class Generated(msgspec.Struct, rename="camel", frozen=True):
    """An object generated from a source."""

    name: str
    type: str
    number: int | None


def list_sources(session: Session, device: str) -> list[SourceInfo]:
    """Return all external sources of a PLC."""
    found = groups.walk(plc(session, device).ExternalSourceGroup, "ExternalSources")
    return [SourceInfo(str(source.Name), groups.join(folder)) for source, folder in found]


def add(session: Session, device: str, name: str, path: Path, folder: str = "") -> SourceInfo:
    """Add a source file under a name; the name that TIA Portal gives it may have the extension, too.

    Raises:
        Problem: Not a source file, the name is used, or the folder does not exist.
    """
    if path.suffix.lower() not in EXTENSIONS:
        msg = f"'{path.name}' is not a source: its extension must be one of {', '.join(EXTENSIONS)}."
        raise Problem("source.extension", msg).at(device=device)
    with refused_as("source.refused", Kind.CONFLICT, device=device, object=name):
        group = groups.existing(plc(session, device).ExternalSourceGroup, folder, device)
        made = group.ExternalSources.CreateFromFile(name, str(path))
    return SourceInfo(str(made.Name), folder)


def find(session: Session, device: str, name: str) -> Any:
    """Return a source by its name.

    Raises:
        Problem: There is none.
    """
    found = next(groups.find_all(plc(session, device).ExternalSourceGroup, "ExternalSources", name), None)
    if found is None:
        raise not_found("external source", name, device=device)
    return found[0]


def delete(session: Session, device: str, name: str) -> None:
    """Delete a source; its generated blocks stay."""
    find(session, device, name).Delete()


def generate(session: Session, device: str, name: str, *, keep_on_error: bool = False) -> list[Generated]:
    """Generate the objects of a source.

    Raises:
        Problem: The source has errors; each is a detail with its line. Without keep_on_error TIA Portal keeps nothing.
    """
    option = enum(session.model, "GenerateBlockOption", "KeepOnError" if keep_on_error else "None")
    try:
        with refused_as("source.errors", Kind.REFUSED, device=device, object=name):
            made = find(session, device, name).GenerateBlocksFromSource(option)
    except Problem as problem:
        problem.details = [_located(detail) for detail in problem.details]
        raise
    return [_generated(implementation(item)) for item in made or ()]


def _located(detail: Detail) -> Detail:
    """Return a detail with the line in its text: "(13,8)" or "Line 13"; texts are localised, numbers are not."""
    found = re.search(r"\((\d+),(\d+)\)", detail.message) or re.search(r"\b[Ll]ine:? (\d+)()", detail.message)
    if found is None:
        return detail
    place = Place(line=int(found[1]), column=int(found[2]) if found[2] else None)
    return Detail("source.error", detail.message, place)


def write_source(session: Session, blocks: list[Any], path: Path, *, with_dependencies: bool, device: str) -> None:
    """Write blocks or types as one source file; its extension must fit their language.

    Raises:
        Problem: The file exists, or a block has a language without a text form (LAD, FBD, GRAPH).
    """
    option = enum(session.model, "GenerateOptions", "WithDependencies" if with_dependencies else "None")
    wanted = net_list(session.model, "IGenerateSource", blocks)
    with refused_as("source.not_possible", Kind.REFUSED, device=device):
        plc(session, device).ExternalSourceGroup.GenerateSource(wanted, fi(session.model, path), option)


def create_folder(session: Session, device: str, path: str) -> None:
    """Make a folder for sources; it must be new."""
    groups.create(plc(session, device).ExternalSourceGroup, path, device)


def delete_folder(session: Session, device: str, path: str, *, force: bool) -> None:
    """Delete a folder of sources; one that is not empty only with force."""
    groups.delete(plc(session, device).ExternalSourceGroup, path, "ExternalSources", device, force=force)


def _generated(item: Any) -> Generated:
    number = getattr(item, "Number", None)
    return Generated(str(item.Name), type(item).__name__, None if number is None else int(number))


def generate_text(
    session: Session, device: str, name: str, text: str, *, extension: str = ".scl", keep_on_error: bool = False
) -> list[Generated]:
    """Generate the objects of a source text; the source itself does not stay.

    Raises:
        Problem: As add and generate.
    """
    with temporary(extension) as path:
        path.write_bytes(encoded(text))
        made = add(session, device, name, path).name
        try:
            return generate(session, device, made, keep_on_error=keep_on_error)
        finally:
            delete(session, device, made)


def encoded(text: str) -> bytes:
    """Return a source text as TIA Portal reads it right: with a byte-order mark where it is not plain ASCII.

    Facts: docs/facts/tia-operations.md#external-sources.
    """
    return text.encode("ascii") if text.isascii() else text.encode("utf-8-sig")
