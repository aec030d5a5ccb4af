"""Finds the article that TIA Portal creates, by order number and firmware or by a type identifier."""

from __future__ import annotations

from engineering_api.operations.combinations import exactly_one
from openness_bridge.hardware import catalog
from openness_bridge.hardware.catalog import CatalogEntry
from openness_bridge.portal.portal import Session
from openness_bridge.project.overview import article

ARTICLE = exactly_one("order_number", "type_identifier", code="catalog.no_article")


def choose_article(
    session: Session, order_number: str | None, version: str | None, type_identifier: str | None
) -> CatalogEntry:
    """Return the article to create or plug. On the portal's thread.

    Raises:
        Problem: The order number is not offered.
    """
    if order_number is not None:
        return catalog.resolve(session, order_number, version)
    number, firmware = article(type_identifier or "")
    normalized = (type_identifier or "").replace(" ", "")
    return CatalogEntry(number or "", "", "", type_identifier or "", normalized, "", firmware or "")


def stem(entry: CatalogEntry) -> str:
    """Return what TIA Portal begins the default name of an article with: PLC for CPUs, HMI for panels."""
    if entry.type_name.startswith("CPU") or "/CPU/" in entry.catalog_path:
        return "PLC"
    if entry.article_number.startswith("6AV"):
        return "HMI"
    return entry.type_name or entry.article_number or "Device"
