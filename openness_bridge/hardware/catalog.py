"""The hardware catalogue of TIA Portal: entries, and the type identifier of an order number.

From V18 the portal has a catalogue; before, only the open project's module
information knows type identifiers, without names. Facts: docs/facts/openness-hardware.md#catalogue,
docs/facts/openness.md#version-gates.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.portal.portal import Session
from openness_bridge.project.overview import article

ORDER_NUMBER = "OrderNumber:"
MODULE_INFORMATION = "ModuleInformationProvider"
# The old interface needs the beginning of an order number, and every one begins with a digit.
_BEGINNINGS = tuple(f"{ORDER_NUMBER}{digit}" for digit in range(1, 10))


class CatalogEntry(msgspec.Struct, rename="camel", frozen=True):
    """One article with one firmware.

    Attributes:
        type_identifier: Identifies it for add and plug, such as OrderNumber:6ES7 511-1AK02-0AB0/V2.9.
        type_identifier_normalized: The same without blanks.
        version: The firmware, such as V2.9; empty where the article has none.
    """

    article_number: str
    catalog_path: str
    description: str
    type_identifier: str
    type_identifier_normalized: str
    type_name: str
    version: str


def read_all(session: Session, report: Callable[[float, str], None] | None = None) -> list[CatalogEntry]:
    """Return every entry. A real TIA Portal takes minutes.

    Raises:
        Problem: Before V18, when no project is open.
    """
    catalogue = _catalogue(session)
    if catalogue is not None:
        return [_entry(found) for found in catalogue.Find("")]
    entries: list[CatalogEntry] = []
    for number, beginning in enumerate(_BEGINNINGS):
        if report is not None:
            report(100 * number / len(_BEGINNINGS), f"Reading {beginning}…")
        entries += _list_types(session, beginning)
    return entries


def find(session: Session, order_number: str) -> list[CatalogEntry]:
    """Return all firmware versions of an order number, the newest first; blanks and case do not count."""
    for spelling in _spellings(order_number):
        found = [e for e in _containing(session, spelling) if plain(e.article_number) == plain(order_number)]
        if found:
            return sorted(found, key=newest_first)
    return []


def resolve(session: Session, order_number: str, version: str | None = None) -> CatalogEntry:
    """Return the entry of an order number: of the requested firmware, or of the newest one.

    Raises:
        Problem: The order number is not in this version's catalogue, or not with that firmware.
    """
    found = find(session, order_number)
    if not found:
        where = f"the hardware catalogue of TIA Portal V{session.model.version}"
        msg = f"'{order_number}' is not in {where}: look it up with POST /api/catalog/actions/search-sync."
        raise Problem("catalog.unknown_article", msg, place=Place(object=order_number))
    if version is None:
        return found[0]
    wanted = version.strip().casefold().removeprefix("v")
    for entry in found:
        if entry.version.casefold().removeprefix("v") == wanted:
            return entry
    offered = ", ".join(entry.version or "none" for entry in found)
    msg = f"'{order_number}' is not available with firmware '{version}': use one of {offered}."
    raise Problem("catalog.unknown_firmware", msg, place=Place(object=order_number))


def pluggable(session: Session, container: str, part: str) -> list[CatalogEntry]:
    """Return the articles that a rack or CPU takes, by its type identifier; before V18 only for a given order number.

    Args:
        session: The portal.
        container: Type identifier of the rack or CPU.
        part: Part of the order number or name; empty for everything.
    """
    catalogue = _catalogue(session)
    if catalogue is not None:
        return [_entry(found) for found in catalogue.Find(part, container)]
    return find(session, part) if part else []


def newest_first(entry: CatalogEntry) -> tuple[str, list[int]]:
    """Return a sort key: by order number, then from the newest firmware to the oldest."""
    return entry.article_number, [-int(number) for number in re.findall(r"\d+", entry.version)]


def plain(text: str) -> str:
    """Return an order number for comparison: no blanks, one case."""
    return re.sub(r"\s", "", text).casefold()


def _catalogue(session: Session) -> Any:
    return getattr(session.portal, "HardwareCatalog", None)


def _containing(session: Session, part: str) -> list[CatalogEntry]:
    catalogue = _catalogue(session)
    if catalogue is None:
        return _list_types(session, ORDER_NUMBER + part)
    return [_entry(found) for found in catalogue.Find(part)]


def _spellings(order_number: str) -> list[str]:
    """Return a text as given, and with the blank after four characters that most order numbers have."""
    given = order_number.strip()
    bare = re.sub(r"\s", "", given).upper()
    return list(dict.fromkeys(text for text in (given, f"{bare[:4]} {bare[4:]}", bare) if text.strip()))


def _list_types(session: Session, beginning: str) -> list[CatalogEntry]:
    provider = session.project.HwUtilities.Find(MODULE_INFORMATION)
    if provider is None:
        msg = f"TIA Portal V{session.model.version} offers no module information: use V18 or newer for the catalogue."
        raise Problem("catalog.not_offered", msg, kind=Kind.UNSUPPORTED)
    normalized = getattr(provider, "GetTypeIdentifierNormalized", _without_blanks)  # from V17 on
    return [_from_type(str(found), str(normalized(found))) for found in provider.FindModuleTypes(beginning)]


def _without_blanks(type_identifier: str) -> str:
    return type_identifier.replace(" ", "")


def _from_type(type_identifier: str, normalized: str) -> CatalogEntry:
    number, version = article(type_identifier)
    return CatalogEntry(number or "", "", "", type_identifier, normalized, "", version or "")


def _entry(found: Any) -> CatalogEntry:
    return CatalogEntry(
        article_number=str(found.ArticleNumber),
        catalog_path=str(found.CatalogPath),
        description=str(found.Description),
        type_identifier=str(found.TypeIdentifier),
        type_identifier_normalized=str(found.TypeIdentifierNormalized),
        type_name=str(found.TypeName),
        version=str(found.Version or ""),
    )
