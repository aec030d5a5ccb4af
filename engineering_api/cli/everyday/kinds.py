"""Finds out what local files are, by their content, and what a folder means to an import."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click

from engineering_api.cli.outcome import Unreadable
from openness_bridge.errors import Problem
from simatic_xml.folders import LeftOut
from simatic_xml.scl_cli.commands import PROGRAM
from simatic_xml.xml.source_encoding import find_encoding

_BLOCK = re.compile(
    r"^\s*(?:FUNCTION_BLOCK|FUNCTION|ORGANIZATION_BLOCK|DATA_BLOCK|TYPE)\s+(?:\"(?P<quoted>[^\"\n]+)\"|(?P<plain>\w+))",
    re.MULTILINE | re.IGNORECASE,
)
_SIMATICML = (
    "<SW.Types.",
    "<SW.Tags.PlcTagTable",
    "<SW.Blocks.",
    "<SW.WatchAndForceTables.",
    "<SW.TechnologicalObjects.",
)
_STL = re.compile(r"^\s*NETWORK\s*$", re.MULTILINE | re.IGNORECASE)
_SOURCES = (".scl", ".awl", ".db", ".udt")
_LISTS = (".xlsx", ".csv", ".sdf", ".json", ".xml")


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file to import.

    Attributes:
        form: xml, json for a block, source, sd, or list for a tag list.
        extension: By which the server knows its form.
        folder: Of what is new in it, as it is below the folder that was named.
    """

    path: Path
    form: str
    extension: str
    folder: str = ""


def gather(paths: Iterable[Path]) -> tuple[list[LocalFile], list[LeftOut]]:
    """Return the files to import, each once, and the files of folders that are not imported.

    A named file is recognized by its content; a folder is the same program as for `tia check` and `tia test`.

    Raises:
        Unreadable: A file or folder is not there, or a folder has nothing to import.
        click.UsageError: A named file cannot be imported.
    """
    from engineering_api.features.program.other_forms import look_in  # it reads tag lists, which takes time to import

    found: dict[Path, LocalFile] = {}
    left_out: list[LeftOut] = []
    for path in paths:
        if not path.is_dir():
            found.setdefault(path, classify(path))
            continue
        try:
            chosen, others = look_in(path).select(PROGRAM, "`tia import`")
        except Problem as problem:
            raise Unreadable(problem.message) from problem
        left_out += others
        if not chosen:
            raise Unreadable(f"'{path}' has nothing that can be imported.")
        for each in chosen:
            folder = "/".join(each.path.parent.relative_to(path).parts)
            found.setdefault(each.path, classify(each.path, folder))
    return list(found.values()), left_out


def classify(path: Path, folder: str = "") -> LocalFile:
    """Return what a file is.

    Raises:
        Unreadable: It is not there, or cannot be read.
        click.UsageError: It cannot be imported.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"'{path}' cannot be read: {error.strerror or error}.") from None
    form, extension = _form(path, content)
    return LocalFile(path, form, extension, folder)


def declared_names(content: bytes) -> list[str]:
    """Return the names that a source declares."""
    return [found["quoted"] or found["plain"] for found in _BLOCK.finditer(_decode(content) or "")]


def _form(path: Path, content: bytes) -> tuple[str, str]:
    """Return the form of a file and the extension that says it.

    Raises:
        click.UsageError: It cannot be imported.
    """
    if content.startswith(b"PK"):
        return "list", ".xlsx"
    text = _decode(content)
    is_xml = text is not None and text.lstrip("\ufeff \r\n\t").startswith("<")
    found = _of_xml(text or "") if is_xml else _of_text(path.suffix.casefold(), content, text) if text else None
    if found is None:
        raise click.UsageError(
            f"'{path}' cannot be imported: give SimaticML (.xml), sources (.scl, .awl, .db, .udt), SIMATIC SD (.s7dcl), "
            "blocks in JSON, or tag lists (.xlsx, .csv, .sdf, .json)."
        )
    return found


def _of_xml(text: str) -> tuple[str, str] | None:
    if any(mark in text for mark in _SIMATICML):
        return "xml", ".xml"
    return ("list", ".xml") if "<tagtable" in text.casefold() else None


def _of_text(suffix: str, content: bytes, text: str) -> tuple[str, str] | None:
    from engineering_api.features.program.other_forms import is_block

    if suffix == ".s7dcl":
        return "sd", suffix
    if suffix in _LISTS:
        return ("json" if suffix == ".json" and is_block(content) else "list"), suffix
    if _BLOCK.search(text):
        return "source", suffix if suffix in _SOURCES else ".awl" if _STL.search(text) else ".scl"
    return ("list", ".csv") if re.search(r"[;,\t]", text.partition("\n")[0]) else None


def _decode(content: bytes) -> str | None:
    mark, codec = find_encoding(content)
    try:
        text = content[len(mark) :].decode(codec)
    except UnicodeDecodeError:
        return None
    return text if "\0" not in text else None
