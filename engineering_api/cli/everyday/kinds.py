"""Finds out what local files are, by their content, and the order in which they are imported."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import click

_BLOCK_START = r"FUNCTION_BLOCK|FUNCTION|ORGANIZATION_BLOCK|DATA_BLOCK|TYPE"
_DEFINES = re.compile(
    rf"^\s*(?P<kind>{_BLOCK_START})\s+(?:\"(?P<quoted>[^\"\n]+)\"|(?P<plain>\w+))", re.MULTILINE | re.IGNORECASE
)
_MENTIONS = re.compile(r"\"([^\"\n]+)\"")
_XML_NAME = re.compile(r"<Name>([^<]+)</Name>")
_XML_KINDS = (
    ("types", "<SW.Types."),
    ("tags", "<SW.Tags.PlcTagTable"),
    ("blocks", "<SW.Blocks."),
    ("watch", "<SW.WatchAndForceTables."),
    ("technology", "<SW.TechnologicalObjects."),
)
_STL = re.compile(r"^\s*NETWORK\s*$", re.MULTILINE | re.IGNORECASE)
ORDER = ("types", "tags", "blocks", "technology", "watch")
"""The stages of an import: what is used comes before what uses it."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file to import.

    Attributes:
        form: xml, source, sd, or list for a tag list.
        stage: One of ORDER.
        defines: The names of its objects.
        mentions: The names in it.
    """

    path: Path
    form: str
    stage: str
    defines: frozenset[str] = frozenset()
    mentions: frozenset[str] = frozenset()
    text: str = ""
    extension: str = ""


def classify(path: Path) -> LocalFile:
    """Return what a file is.

    Raises:
        click.UsageError: It cannot be read, or is nothing that TIA Portal imports.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise click.UsageError(f"Cannot read '{path}': {error.strerror or error}.") from None
    suffix = path.suffix.casefold()
    if content.startswith(b"PK"):
        return LocalFile(path, "list", "tags")
    text = _decode(content)
    if text is None:
        raise _unknown(path)
    if text.lstrip("\ufeff \r\n\t").startswith("<"):
        return _xml(path, text)
    if suffix in {".csv", ".sdf", ".json"}:
        return LocalFile(path, "list", "tags")
    if suffix == ".s7dcl":
        stage = "types" if re.search(r"^\s*TYPE\b", text, re.MULTILINE) else "blocks"
        return LocalFile(path, "sd", stage, *_names(text))
    if _DEFINES.search(text):
        return _source(path, text)
    if re.search(r"[;,\t]", text.partition("\n")[0]):
        return LocalFile(path, "list", "tags")
    raise _unknown(path)


def in_order(files: list[LocalFile]) -> list[LocalFile]:
    """Return the files so that each comes after those whose objects it mentions."""
    ordered: list[LocalFile] = []
    for stage in ORDER:
        rest = [each for each in files if each.stage == stage]
        while rest:
            free = [each for each in rest if not _needs_any(each, rest)] or rest[:1]
            ordered += free
            rest = [each for each in rest if each not in free]
    return ordered


def _needs_any(file: LocalFile, others: list[LocalFile]) -> bool:
    return any(file.mentions & each.defines for each in others if each is not file)


def _decode(content: bytes) -> str | None:
    for encoding in ("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text if "\0" not in text else None
    return None


def _xml(path: Path, text: str) -> LocalFile:
    for stage, mark in _XML_KINDS:
        if mark in text:
            names = frozenset(name.casefold() for name in _XML_NAME.findall(text))
            mentions = frozenset(name.casefold() for name in re.findall(r"(?:&quot;|Name=\")([^\"&<]+)", text))
            return LocalFile(path, "xml", stage, names, mentions)
    raise _unknown(path)


def _source(path: Path, text: str) -> LocalFile:
    kinds = {found["kind"].upper() for found in _DEFINES.finditer(text)}
    suffix = path.suffix.casefold().removeprefix(".")
    known = suffix if suffix in {"scl", "awl", "db", "udt"} else "awl" if _STL.search(text) else "scl"
    return LocalFile(path, "source", "types" if kinds == {"TYPE"} else "blocks", *_names(text), text, known)


def _names(text: str) -> tuple[frozenset[str], frozenset[str]]:
    defined = frozenset((found["quoted"] or found["plain"]).casefold() for found in _DEFINES.finditer(text))
    return defined, frozenset(name.casefold() for name in _MENTIONS.findall(text)) - defined


def _unknown(path: Path) -> click.UsageError:
    return click.UsageError(
        f"'{path}' is nothing that can be imported: give SimaticML (.xml), sources (.scl, .awl, .db, .udt), "
        "SIMATIC SD (.s7dcl), or tag lists (.xlsx, .csv, .sdf, .json)."
    )
