"""The hardware catalogue, read once from the portal and searched here.

TIA Portal's own search knows neither fuzzy matches nor ranking, and each call
is a walk through another process; so the entries are read once and kept.
"""

from __future__ import annotations

import difflib
import re
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from openness_bridge.hardware.catalog import CatalogEntry, newest_first


class CacheStatus(msgspec.Struct, rename="camel", frozen=True):
    """What is in the catalogue cache.

    Attributes:
        tia_version: The version whose catalogue it is.
    """

    is_loaded: bool
    is_on_disk: bool
    entries: int
    tia_version: str
    built_at: str | None


class CacheFile(msgspec.Struct, frozen=True):
    """The cache as it is on disk."""

    tia_version: str
    built_at: str
    entries: list[CatalogEntry]


class HardwareCatalogCache:
    """The catalogue of one TIA Portal version, in memory and on disk."""

    def __init__(self, folder: Path, tia_version: str) -> None:
        """Keep the file in a folder."""
        self._file = folder / f"hardware-catalog-V{tia_version}.json"
        self._version = tia_version
        self._loaded: CacheFile | None = None
        self._guard = threading.Lock()

    def status(self) -> CacheStatus:
        """Return what there is now."""
        loaded = self._loaded
        return CacheStatus(
            loaded is not None,
            self._file.exists(),
            len(loaded.entries) if loaded else 0,
            self._version,
            loaded.built_at if loaded else None,
        )

    def load(self) -> bool:
        """Read the file into memory; False when there is none that fits."""
        with self._guard:
            try:
                found = msgspec.json.decode(self._file.read_bytes(), type=CacheFile)
            except (OSError, msgspec.DecodeError):
                return False
            if found.tia_version != self._version:
                return False
            self._loaded = found
            return True

    def fill(self, entries: list[CatalogEntry], built_at: str) -> None:
        """Take newly read entries and write them to disk."""
        made = CacheFile(self._version, built_at, entries)
        with self._guard:
            draft = self._file.with_suffix(".part")
            draft.write_bytes(msgspec.json.encode(made))
            draft.replace(self._file)
            self._loaded = made

    def entries(self, read: Callable[[], list[CatalogEntry]], moment: Callable[[], str]) -> list[CatalogEntry]:
        """Return the entries: from memory, from disk, or read now from the portal."""
        if self._loaded is None and not self.load():
            self.fill(read(), moment())
        assert self._loaded is not None  # noqa: S101 - just loaded or filled
        return self._loaded.entries


def find(entries: list[CatalogEntry], order_number: str) -> list[CatalogEntry]:
    """Return all firmware versions of an order number, the newest first; blanks and case are not regarded."""
    wanted = _plain(order_number)
    return sorted((entry for entry in entries if _plain(entry.article_number) == wanted), key=newest_first)


def search(entries: list[CatalogEntry], query: str, limit: int) -> list[CatalogEntry]:
    """Return entries that fit a query, best first: all words found, then near misses in the order number."""
    words = [_plain(word) for word in re.split(r"\s+", query.strip()) if _plain(word)]
    scored = [(score, entry) for entry in entries if (score := _score(entry, words, _plain(query))) > 0]
    scored.sort(key=lambda pair: (-pair[0], *newest_first(pair[1])))
    return [entry for _, entry in scored[:limit]]


def _score(entry: CatalogEntry, words: list[str], whole: str) -> float:
    if not words:
        return 0
    number, name = _plain(entry.article_number), _plain(f"{entry.type_name} {entry.description}")
    if whole in number:
        return 3 + len(whole) / (len(number) + 1) + number.startswith(whole)
    hits = sum(word in number or word in name for word in words)
    if hits == len(words):
        return 2 + (whole in name)
    if len(whole) >= 6:
        likeness = difflib.SequenceMatcher(None, whole, number).quick_ratio()
        if likeness > 0.8 and difflib.SequenceMatcher(None, whole, number).ratio() > 0.8:
            return likeness
    return 0


def _plain(text: str) -> str:
    return re.sub(r"[\s\-_/.,]", "", text).casefold()
