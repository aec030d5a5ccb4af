"""Finds objects of a PLC by name, and reads them as text."""

from __future__ import annotations

from typing import Any, NamedTuple

import click

from engineering_api.cli.lazy import describe_unknown
from engineering_api.cli.session import Session
from engineering_api.files.git_names import is_git_name
from openness_bridge.errors import Kind, Problem
from simatic_xml.errors import SimaticMLError
from simatic_xml.lazy.plugins import PluginError

TEXTS = {"STL": "awl"}
_EXTENSIONS = {"sd": "s7dcl", "source": "udt"}
KINDS = {
    "block": "blocks list",
    "type": "udts list",
    "table": "tag-tables list",
    "technology": "technology list",
    "watch": "watch-tables list-watch",
    "force": "watch-tables list-force",
}
"""The operation that lists the objects of a kind."""
FORMS = {
    "block": ("xml", "source", "sd"),
    "type": ("xml", "source", "sd"),
    "table": ("xml", "xlsx", "csv", "json"),
    "technology": ("xml",),
    "watch": ("xml",),
    "force": ("xml",),
}
"""The forms in which an object of a kind can be exported."""


class Found(NamedTuple):
    """An object of a PLC.

    Attributes:
        kind: block, type, table, technology, watch or force.
        folder: Its folder in the project.
        language: Of a block; empty for others.
    """

    kind: str
    name: str
    folder: str
    language: str = ""


def all_objects(session: Session, plc: str) -> list[Found]:
    """Return all blocks, data types, tag tables, technology objects, watch tables and the force table of a PLC."""
    return [
        Found(kind, each["name"], each.get("folder", ""), each.get("language", ""))
        for kind, operation in KINDS.items()
        for each in session.call(operation, deviceName=plc)
    ]


def find(objects: list[Found], name: str) -> Found:
    """Return the object of a name.

    Raises:
        click.UsageError: There is none; the message names similar ones.
    """
    for each in objects:
        if each.name.casefold() == name.casefold():
            return each
    raise click.UsageError(describe_unknown("object of the PLC", name, (each.name for each in objects)))


def read(session: Session, plc: str, found: Found, form: str) -> dict[str, bytes]:
    """Return an object's files by their names.

    Args:
        session: The server.
        plc: The PLC.
        found: The object.
        form: xml, source or sd; for tag tables also xlsx, csv or json; or that of a plugin.

    Raises:
        Problem: The server refused it, or the plugin cannot write it.
        click.UsageError: The object has no such form.
    """
    stem = safe_name(found.name)
    if form not in {each for forms in FORMS.values() for each in forms}:
        return convert(read(session, plc, found, "xml"), form)
    if form == "xml" and found.kind in {"block", "table"}:
        return {f"{stem}.xml": _text(session, plc, found)}
    if form == "source" and found.kind == "block":
        extension = TEXTS.get(found.language, "db" if found.language == "DB" else "scl")
        data: dict[str, Any] = session.call("blocks export-source", deviceName=plc, blockName=found.name)
        return {f"{stem}.{extension}": str(data["content"]).encode("utf-8")}
    path = session.place(f"{stem}/{stem}.{_EXTENSIONS.get(form, form)}")
    operation, field = _operation(found, form)
    session.call(operation, deviceName=plc, **{field: found.name}, exportPath=path)
    files = session.fetch(path)
    if form == "sd":
        try:
            files |= session.fetch(path.removesuffix(".s7dcl") + ".s7res")
        except Problem as problem:  # a document without texts has no such file
            if problem.kind is not Kind.MISSING:
                raise
    return files


def convert(files: dict[str, bytes], form: str) -> dict[str, bytes]:
    """Return a SimaticML file in the form of a plugin.

    Raises:
        Problem: The plugin cannot write it.
    """
    from engineering_api.files.refusals import as_document_problem
    from simatic_xml.files import load
    from simatic_xml.scl_cli.exporters import write_form

    [(name, content)] = files.items()
    try:
        written = write_form(load(content), form)
        return {f"{name.removesuffix('.xml')}{suffix}": each for suffix, each in written.items()}
    except SimaticMLError as error:
        raise as_document_problem(error) from error
    except PluginError as error:
        raise Problem(error.code, error.message, kind=Kind.REFUSED) from error


def _text(session: Session, plc: str, found: Found) -> bytes:
    if found.kind == "block":
        return str(session.call("blocks export-xml", deviceName=plc, blockName=found.name)).encode("utf-8")
    return str(session.call("tag-tables export-xml", deviceName=plc, tableName=found.name)).encode("utf-8")


def _operation(found: Found, form: str) -> tuple[str, str]:
    """Return the operation that writes an object to a file of the server, and its field with the object's name.

    Raises:
        click.UsageError: The object has no such form.
    """
    known = {
        ("block", "sd"): ("blocks export", "blockName"),
        ("type", "sd"): ("udts export", "udtName"),
        ("type", "xml"): ("udts export", "udtName"),
        ("type", "source"): ("udts export", "udtName"),
        ("technology", "xml"): ("technology export", "objectName"),
        ("watch", "xml"): ("watch-tables export-watch", "tableName"),
        ("force", "xml"): ("watch-tables export-force", "tableName"),
        ("table", "xlsx"): ("tag-transfer export-excel", "tableName"),
        ("table", "csv"): ("tag-transfer export-csv", "tableName"),
        ("table", "json"): ("tag-transfer export-json", "tableName"),
    }
    if (found.kind, form) not in known:
        forms = " or ".join(FORMS[found.kind])
        raise click.UsageError(f"'{found.name}' cannot be exported as {form}: use --format {forms}.")
    return known[found.kind, form]


def safe_name(name: str) -> str:
    """Return a file name for an object: characters that Windows does not allow become underscores, and no name is git's."""
    clean = "".join("_" if letter in '<>:"/\\|?*' or ord(letter) < 32 else letter for letter in name).rstrip(". ")
    reserved = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
    is_taken = clean.partition(".")[0].casefold() in reserved or is_git_name(clean)
    return f"_{clean}" if not clean or is_taken else clean
