"""Adds external sources (SCL, STL, DB and UDT text), generates blocks from them, and writes blocks as source text.

Openness cannot read a source's content back, and generates in place of blocks of
the same name. Facts: docs/facts/openness-program.md#external-sources, docs/facts/tia-operations.md#external-sources.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from openness_bridge import groups
from openness_bridge.attribute_values import read_together
from openness_bridge.errors import Detail, Kind, Place, Problem, not_found, refused_as
from openness_bridge.files import temporary
from openness_bridge.lookup import plc
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import settled, transaction
from openness_bridge.program import origins
from openness_bridge.program.origins import Origin, PendingSources
from openness_bridge.values import enum, enum_name, fi, implementation, net_list
from simatic_xml import scl
from simatic_xml.locating import cut_line

_EXTENSION_OF = {"SCL": ".scl", "STL": ".awl"}
EXTENSIONS = (".scl", ".awl", ".db", ".udt")


class SourceInfo(msgspec.Struct, rename="camel", frozen=True):
    """An external source."""

    name: str
    folder: str


class Generated(msgspec.Struct, rename="camel", frozen=True):
    """An object generated from a source.

    Attributes:
        replaced: The language of the block that it replaced, where that was another one, such as LAD; empty otherwise.
    """

    name: str
    type: str
    number: int | None
    replaced: str = ""


def list_sources(session: Session, device: str) -> list[SourceInfo]:
    """Return all external sources of a PLC."""
    found = groups.walk(plc(session, device).ExternalSourceGroup, "ExternalSources")
    return [SourceInfo(str(source.Name), groups.join(folder)) for source, folder in found]


def add(
    session: Session,
    device: str,
    name: str,
    path: Path,
    folder: str = "",
    *,
    origin: Origin | None = None,
) -> SourceInfo:
    """Add a source file under a name; the name that TIA Portal gives it may have the extension, too.

    Args:
        session: The portal.
        device: The PLC.
        name: The name.
        path: The file.
        folder: An existing folder for sources.
        origin: The content of the file, for the places of compile messages; by default it is read, under the name.

    Raises:
        Problem: Not a source file, the name is used, or the folder does not exist.
    """
    if not is_source(path):
        msg = f"'{path.name}' is not a source: its extension must be one of {', '.join(EXTENSIONS)}."
        raise Problem("source.extension", msg).at(device=device)
    software = plc(session, device)
    with refused_as("source.refused", Kind.CONFLICT, device=device, object=name):
        group = groups.existing(software.ExternalSourceGroup, folder, device)
        made = group.ExternalSources.CreateFromFile(name, str(path))
    shown_name = str(made.Name)
    known = origin or Origin(path.read_bytes(), origins.form_of(path.suffix), file_name(name, path.suffix))
    PendingSources(session, software).add(shown_name, known)
    return SourceInfo(shown_name, folder)


def is_source(path: Path) -> bool:
    """Return whether a file is one of a source, by its extension."""
    return path.suffix.lower() in EXTENSIONS


def read_text(text: str, extension: str, *, file: str = "", pointer: str = "") -> Origin:
    """Read a source text; on any thread.

    Args:
        text: The text.
        extension: Its language.
        file: The file as the client names it, for the places of compile messages; empty for none.
        pointer: JSON pointer to the text in the request; empty for a file.

    Raises:
        LimitError: It is above a limit.
    """
    return read_content(encode_source(text), extension, file=file, pointer=pointer)


def read_content(content: bytes, extension: str, *, file: str = "", pointer: str = "") -> Origin:
    """Read the content of a source file, as `read_text`."""
    origin = Origin(content, origins.form_of(extension), file, pointer)
    _ = origin.names  # which keeps them
    return origin


def file_name(name: str, extension: str) -> str:
    """Return the name of a source with its extension."""
    return name if name.casefold().endswith(extension.casefold()) else f"{name}{extension}"


def find(session: Session, device: str, name: str) -> Any:
    """Return a source by its name.

    Raises:
        Problem: There is none.
    """
    return _find(plc(session, device), device, name)


def _find(software: Any, device: str, name: str) -> Any:
    found = next(groups.find_all(software.ExternalSourceGroup, "ExternalSources", name), None)
    if found is None:
        raise not_found("external source", name, device=device)
    return found[0]


def find_text(session: Session, device: str, name: str) -> Origin | None:
    """Return the text of a source, if this service added it since the project was opened. On the portal's thread."""
    return PendingSources(session, plc(session, device)).find(name)


def delete(session: Session, device: str, name: str) -> None:
    """Delete a source; its generated blocks stay."""
    software = plc(session, device)
    _find(software, device, name).Delete()
    PendingSources(session, software).forget(name)


def generate(session: Session, device: str, name: str, *, keep_on_error: bool = False) -> list[Generated]:
    """Generate the objects of a source.

    Raises:
        Problem: The source has errors; each is a detail with its line. Without keep_on_error TIA Portal keeps nothing.
    """
    option = enum(session.model, "GenerateBlockOption", "KeepOnError" if keep_on_error else "None")
    software = plc(session, device)
    pending = PendingSources(session, software)
    origin = pending.find(name)
    before = origins.Declared(session, software, origin) if keep_on_error and origin is not None else None
    others = {} if origin is None else find_other_languages(session, device, origin)
    try:
        with refused_as("source.errors", Kind.REFUSED, device=device, object=name):
            made = _find(software, device, name).GenerateBlocksFromSource(option)
    except Problem as problem:
        if before is not None:
            before.remember_changed()
        problem.details = [_locate(detail, origin) for detail in problem.details]
        raise
    objects = [implementation(item) for item in made or ()]
    stamps = origins.stamps(session, objects)
    if origin is not None:
        origins.remember(session, pending.program, stamps, origin)
    return [
        _describe_generated(name, item, others.get(name.casefold(), ""))
        for (name, _), item in zip(stamps, objects, strict=True)
    ]


def find_other_languages(session: Session, device: str, origin: Origin) -> dict[str, str]:
    """Return the languages of the blocks that a source would replace by blocks in another one, by folded name."""
    own = "STL" if origin.form == "awl" else "SCL"
    root = plc(session, device).BlockGroup
    found: dict[str, str] = {}
    for name in origin.names:
        for block, _ in groups.find_all(root, "Blocks", name):
            (language,) = read_together(session, block, "ProgrammingLanguage")
            if enum_name(language) not in {own, "DB"}:
                found[name.casefold()] = enum_name(language)
    return found


def _locate(detail: Detail, origin: Origin | None) -> Detail:
    """Return a detail with the line in its text: "(13,8)" or "Line 13"; texts are localised, numbers are not."""
    found = re.search(r"\((\d+),(\d+)\)", detail.message) or re.search(r"\b[Ll]ine:? (\d+)()", detail.message)
    if found is None:
        return detail
    line, column = int(found[1]), int(found[2]) if found[2] else None
    if origin is None:
        return Detail("source.error", detail.message, Place(line=line, column=column))
    place = Place(
        path=origin.file or None,
        line=line,
        column=column,
        pointer=origin.pointer or None,
        line_text=cut_line(scl.decode(origin.content), line) or None,
    )
    start = ":".join(str(part) for part in (origin.file or origin.pointer, line, column) if part)
    return Detail("source.error", f"{start}: {detail.message}", place)


def write_source(session: Session, blocks: list[Any], path: Path, *, with_dependencies: bool, device: str) -> None:
    """Write blocks or types as one source file; its extension must fit their language.

    Raises:
        Problem: The file exists, or a block has a language without a text form (LAD, FBD, GRAPH).
    """
    option = enum(session.model, "GenerateOptions", "WithDependencies" if with_dependencies else "None")
    wanted = net_list(session.model, "IGenerateSource", blocks)
    with refused_as("source.not_possible", Kind.REFUSED, device=device):
        plc(session, device).ExternalSourceGroup.GenerateSource(wanted, fi(session.model, path), option)


def own_source(session: Session, software: Any, block: Any) -> Origin | None:
    """Return the source of an SCL or STL block as TIA Portal writes it; None where it is inconsistent or has none."""
    language, consistent = read_together(session, block, "ProgrammingLanguage", "IsConsistent")
    extension = _EXTENSION_OF.get(enum_name(language))
    if extension is None or not consistent:
        return None
    try:
        with temporary(extension) as path:
            write_source(session, [block], path, with_dependencies=False, device=str(software.Name))
            return Origin(path.read_bytes(), origins.form_of(extension))
    except Problem:
        return None


def create_folder(session: Session, device: str, path: str) -> None:
    """Make a folder for sources; it must be new."""
    groups.create(plc(session, device).ExternalSourceGroup, path, device)


def delete_folder(session: Session, device: str, path: str, *, force: bool) -> list[groups.Listed]:
    """Delete a folder of sources; one that is not empty only with force. Returns it and its content."""
    return groups.delete(plc(session, device).ExternalSourceGroup, path, "ExternalSources", device, force=force)


def _describe_generated(name: str, item: Any, replaced: str) -> Generated:
    number = getattr(item, "Number", None)
    return Generated(name, type(item).__name__, None if number is None else int(number), replaced)


def generate_text(
    session: Session,
    device: str,
    name: str,
    text: Origin,
    *,
    extension: str = ".scl",
    keep_on_error: bool = False,
) -> list[Generated]:
    """Generate the objects of a source text, all or none without `keep_on_error`; the source itself does not stay.

    Args:
        session: The portal.
        device: The PLC.
        name: The name of the source.
        text: The text, as `read_text` returns it.
        extension: Its language.
        keep_on_error: Whether to keep what could be generated when there are errors.

    Raises:
        Problem: As add and generate.
    """
    whole = settled() if keep_on_error else transaction(session, f"Generate {name}")
    with temporary(extension) as path, whole:
        path.write_bytes(text.content)
        made = add(session, device, name, path, origin=text).name
        try:
            return generate(session, device, made, keep_on_error=keep_on_error)
        finally:
            delete(session, device, made)


def encode_source(text: str) -> bytes:
    """Return a source text as TIA Portal reads it right: with a byte-order mark where it is not plain ASCII.

    Facts: docs/facts/tia-operations.md#external-sources.
    """
    return text.encode("ascii") if text.isascii() else text.encode("utf-8-sig")
