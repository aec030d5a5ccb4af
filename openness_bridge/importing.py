"""Imports SimaticML files into collections of the object model, with their texts in any language.

TIA Portal refuses a file with texts in a language that is not active in the project. From V18 on the import has options
for that; before, the language is activated first, or its texts are left out of the file.
Facts: docs/facts/openness.md#import-and-export-options.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from lxml import etree

from openness_bridge.errors import Kind, Problem
from openness_bridge.files import temporary
from openness_bridge.portal.session import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.values import enum, fi
from simatic_xml import limits
from simatic_xml.xml.parsing import parse_foreign

_CULTURES = re.compile(
    rb'<Culture>\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\s*</Culture>|\bLang="([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)"'
)


Languages = Literal["activate", "skip", "refuse"]
"""What happens to texts in languages that are not active in the project."""


LANGUAGES = (
    "Texts in languages that are not active in the project: activate the languages, skip the texts, or refuse the file."
)
MISSING = "Import objects although data types or blocks that they need are missing; the compiler reports these."
PLACE = "By default the root; with override, the folder of the object that is replaced."
_OPTIONS_SINCE = 18
_OPTIONS = {"activate": "ActivateInactiveCultures", "skip": "SkipInactiveCultures"}


def import_objects(
    session: Session,
    collection: Any,
    path: Path,
    *,
    override: bool,
    languages: Languages = "activate",
    ignore_missing: bool = False,
) -> list[Any]:
    """Import the objects of a SimaticML file into a collection, all or none. On the portal's thread.

    Args:
        session: The portal.
        collection: Blocks, types, tag tables or others that have an Import.
        path: The file.
        override: Whether objects of the same names in that folder are replaced.
        languages: What happens to texts in languages that are not active.
        ignore_missing: Whether data types and blocks that the objects need may be missing. Only for blocks and data types.

    Returns:
        The handles of the objects.

    Raises:
        Problem: TIA Portal does not know a language of the file.
    """
    with transaction(session, f"Import {path.name}"):
        options = enum(session.model, "ImportOptions", "Override" if override else "None")
        tolerated = [enum(session.model, "SWImportOptions", "IgnoreMissingReferencedObjects")] if ignore_missing else []
        if languages != "refuse" and float(session.model.version) >= _OPTIONS_SINCE:
            options = options | enum(session.model, "ImportOptions", _OPTIONS[languages])
        elif languages != "refuse" and (missing := _inactive(session, path.read_bytes())):
            if languages == "skip":
                with _without(path, missing) as shorter:
                    return list(collection.Import(fi(session.model, shorter), options, *tolerated))
            _activate(session, missing)
        return list(collection.Import(fi(session.model, path), options, *tolerated))


def active_languages(session: Session) -> set[str]:
    """Return the cultures of the project's active languages. On the portal's thread."""
    return {str(each.Culture.Name) for each in session.project.LanguageSettings.ActiveLanguages}


def names_in(path: Path) -> list[str]:
    """Return the names of the objects of a SimaticML file; none where it is no XML, which the import refuses."""
    try:
        root = _parse(path)
    except etree.XMLSyntaxError:
        return []
    return [str(each.text) for each in root.iterfind("*/AttributeList/Name")]


def _parse(path: Path) -> etree._Element:
    """Return the root of a file, whose size is checked before anything of it is built.

    Raises:
        LimitError: It is too large, or has too many elements or attributes.
    """
    limits.require("xml_bytes", path.stat().st_size)
    return parse_foreign(path.read_bytes())


def _inactive(session: Session, xml: bytes) -> list[str]:
    """Return the languages of a file's texts that are not active in the project."""
    found = {(first or second).decode() for first, second in _CULTURES.findall(xml)}
    if not found:
        return []
    return sorted(found - active_languages(session))


def _activate(session: Session, cultures: list[str]) -> None:
    settings = session.project.LanguageSettings
    for culture in cultures:
        language = settings.Languages.Find(session.model.CultureInfo(culture))
        if language is None:
            msg = f"TIA Portal has no project language {culture}: import with languages=skip to leave its texts out."
            raise Problem("import.language", msg, kind=Kind.REFUSED)
        settings.ActiveLanguages.Add(language)


@contextmanager
def _without(path: Path, cultures: list[str]) -> Iterator[Path]:
    """Yield a copy of a file without the texts in some languages."""
    root = _parse(path)
    for element in list(root.iter()):
        above = element.getparent()
        if above is not None and _culture_of(element) in cultures:
            above.remove(element)
    with temporary(".xml") as shorter:
        root.getroottree().write(str(shorter), encoding="utf-8", xml_declaration=True)
        yield shorter


def _culture_of(element: etree._Element) -> str:
    """Return the language of an element that is a text, otherwise nothing."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag == "MultilingualTextItem":
        return element.findtext("AttributeList/Culture", "").strip()
    return str(element.get("Lang", "")) if tag.endswith("}MultiLanguageText") else ""
