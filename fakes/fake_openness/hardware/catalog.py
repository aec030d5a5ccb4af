"""The hardware catalogue as callers see it: HardwareCatalog from V18, module information before.

Facts: docs/facts/openness-hardware.md#catalogue, docs/facts/openness.md#version-gates, after the V19 Openness manual.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject
from fake_dotnet.system import require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import EngineeringObject, _Collection
from fake_openness.hardware.articles import PREFIX, Article, articles, find_article, normalise
from fake_openness.hardware.slots import racks_for, takes

_PATHS = {
    "S7-1500": "Controllers/SIMATIC S7-1500",
    "S7-1500 Software Controller": "Controllers/SIMATIC S7-1500 Software Controller",
    "S7-1200": "Controllers/SIMATIC S7-1200",
    "S7-300": "Controllers/SIMATIC S7-300",
    "S7-400": "Controllers/SIMATIC S7-400",
    "ET 200SP CPU": "Controllers/SIMATIC ET 200 CPU/CPU ET 200SP",
    "HMI Basic/Comfort/Unified": "HMI/SIMATIC panels",
    "PC station": "PC systems",
    "Switch SCALANCE": "Network components/Switches",
    "Drive SINAMICS": "Drives & starters/SINAMICS",
    "Sensor/RFID": "Detecting & Monitoring/RFID",
}


@dataclass(frozen=True, slots=True)
class CatalogEntry(NetObject):
    """One entry of the catalogue."""

    _SINCE = "18"

    ArticleNumber: str
    CatalogPath: str
    Description: str
    TypeIdentifier: str
    TypeIdentifierNormalized: str
    TypeName: str
    Version: str


class HardwareCatalog(EngineeringObject):
    """The catalogue of the simulated version."""

    _SINCE = "18"

    def Find(self, filter: str, typeIdentifier: str = "") -> NetList[CatalogEntry]:  # noqa: A002 - the .NET name
        """List the entries with the filter in their article number, name, description or type identifier.

        Args:
            filter: Part of the text, without regard to case; empty for everything.
            typeIdentifier: Only what can be plugged into this rack or CPU.
        """
        wanted = require_type(filter, str, "filter").casefold()
        host = require_type(typeIdentifier, str, "pluggableTypeId")
        version = self._context.version
        return NetList(
            [
                _entry(article)
                for article in articles()
                if article.is_offered(version) and _matches(article, wanted) and (not host or takes(host, article))
            ]
        )


def _matches(article: Article, wanted: str) -> bool:
    texts, number = _collect_texts(article)
    return any(wanted in text for text in texts) or normalise(wanted) in number


@cache
def _collect_texts(article: Article) -> tuple[tuple[str, ...], str]:
    """Return the texts and the order number that a filter is compared with; made once for all searches."""
    texts = (article.type_identifier, article.type_name, _description(article))
    return tuple(text.casefold() for text in texts), normalise(article.order_number)


def _entry(article: Article) -> CatalogEntry:
    return CatalogEntry(
        ArticleNumber=article.order_number,
        CatalogPath=f"{_PATHS.get(article.family, article.family)}/{article.category}/{article.type_name}",
        Description=_description(article),
        TypeIdentifier=article.type_identifier,
        TypeIdentifierNormalized=article.type_identifier.replace(" ", ""),
        TypeName=article.type_name,
        Version=article.version,
    )


def _description(article: Article) -> str:
    channels = [
        (article.di, "digital inputs"),
        (article.dq, "digital outputs"),
        (article.ai, "analog inputs"),
        (article.aq, "analog outputs"),
    ]
    parts = [f"{article.family} {article.category}", *(f"{count} {what}" for count, what in channels if count)]
    return ", ".join(parts + (["fail-safe"] if article.failsafe else []))


class HardwareUtilityComposition(_Collection):
    """Project.HwUtilities: helpers that are found by name."""

    def __iter__(self) -> Iterator[ModuleInformationProvider]:
        """Go through the helpers."""
        yield ModuleInformationProvider(self)

    def Find(self, identifier: str) -> ModuleInformationProvider | None:
        """Return the helper of that name, or None."""
        return (
            ModuleInformationProvider(self)
            if require_type(identifier, str, "name") == "ModuleInformationProvider"
            else None
        )


class ModuleInformationProvider(EngineeringObject):
    """The catalogue service before V18."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"GetTypeIdentifierNormalized": "17"}

    @property
    def Identifier(self) -> str:
        """The name that Find takes."""
        return "ModuleInformationProvider"

    def FindModuleTypes(self, partialTypeIdentifier: str) -> list[str]:
        """Return the type identifiers that begin with a part, such as OrderNumber:6ES7 511-1AK02-0AB0.

        Raises:
            EngineeringTargetInvocationException: The part has no kind (OrderNumber:, GSD: or System:).
        """
        wanted = normalise(_with_kind(require_type(partialTypeIdentifier, str, "partialTypeIdentifier")))
        version = self._context.version
        return [
            article.type_identifier
            for article in articles()
            if article.is_offered(version) and normalise(article.type_identifier).startswith(wanted)
        ]

    def FindContainerTypes(self, typeIdentifier: str) -> list[str]:
        """Return the racks and stations that an article can be plugged into.

        Raises:
            EngineeringTargetInvocationException: The article is not in the catalogue.
        """
        article = find_article(_with_kind(require_type(typeIdentifier, str, "typeIdentifier")), self._context.version)
        if article is None:
            msg = f"'{typeIdentifier}' is not in the hardware catalogue: look it up with FindModuleTypes."
            raise EngineeringTargetInvocationException(msg, code="catalog.unknown")
        return racks_for(article)

    def GetTypeIdentifierNormalized(self, typeIdentifier: str) -> str:
        """Return the type identifier without blanks."""
        return _with_kind(require_type(typeIdentifier, str, "typeIdentifier")).replace(" ", "")


def _with_kind(type_identifier: str) -> str:
    kind, colon, rest = type_identifier.partition(":")
    if not colon or not rest or kind not in {PREFIX[:-1], "GSD", "System"}:
        msg = f"'{type_identifier}' is not a type identifier: begin with OrderNumber:, GSD: or System:."
        raise EngineeringTargetInvocationException(msg, code="catalog.type_identifier")
    return type_identifier
