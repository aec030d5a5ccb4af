"""The order numbers that the simulated TIA Portal knows, read once from data/catalog.csv.

A row is a fact about one article with one firmware; its `basis` column says
where the fact comes from. What a row offers depends on the simulated version:
firmware that came later is not in the catalogue. Facts: docs/facts/hardware-catalog.md#firmware-and-tia-portal.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fake_openness.core.versions import TiaVersion

NEEDS_FIRMWARE = frozenset({"CPU", "HMI Basic panel", "HMI Comfort panel", "HMI Unified panel"})
RACK_COUPLERS = ("6ES7 36", "6ES7 46")
PREFIX = "OrderNumber:"


@dataclass(frozen=True, slots=True)
class Article:
    """One article with one firmware.

    Attributes:
        inputs: Input bytes in the process image; also `outputs`.
        slots: First and last slot number, or None where a slot does not apply.
        interfaces: Number of PROFINET interfaces.
        data_kb: Work memory for data of a CPU in KB, or None.
        first: The first TIA Portal that has it, such as "V13 SP1"; empty for "always".
        basis: The source of the row; `confidence` is high, medium or low.
    """

    order_number: str
    version: str
    type_name: str
    family: str
    category: str
    type_identifier: str
    di: int
    dq: int
    ai: int
    aq: int
    inputs: int
    outputs: int
    slots: tuple[int, int] | None
    interfaces: int | None
    data_kb: int | None
    failsafe: bool
    first: str
    confidence: str
    basis: str

    def is_offered(self, version: TiaVersion) -> bool:
        """Return whether the catalogue of that TIA Portal has the article."""
        if not self.type_identifier or (self.category in NEEDS_FIRMWARE and not self.version):
            return False
        return not self.first or float(re.findall(r"[\d.]+", self.first)[0]) <= version.number

    @property
    def system(self) -> str:
        """The system that the article is a part of: it fits into racks of this system only."""
        return _system(self)

    @property
    def second_generation(self) -> bool:
        """Whether it is an S7-1200 G2."""
        return self.family == "S7-1200" and self.order_number.split("-")[1].endswith("50")

    @property
    def kind(self) -> str:
        """What the article is in a station: cpu, head, panel, pc, rack, board, single, accessory or module."""
        if self.order_number.startswith(RACK_COUPLERS):
            return "module"
        return _KINDS.get(self.category, _KINDS_OF_FAMILY.get(self.family, "module"))


_KINDS = {
    "CPU": "cpu",
    "interface module": "head",
    "HMI Basic panel": "panel",
    "HMI Comfort panel": "panel",
    "HMI Unified panel": "panel",
    "PC runtime": "pc",
    "software PLC": "pc",
    "rack S7-1500": "rack",
    "rack S7-300": "rack",
    "rack S7-400": "rack",
    "signal board": "board",
    "base unit": "accessory",
    "bus adapter": "accessory",
    "communication module Gateway": "single",
    "control unit": "single",
    "drive": "single",
    "switch": "single",
    "RFID device": "single",
}
_KINDS_OF_FAMILY = {"ET 200eco PN": "single"}
_SYSTEMS = {
    "S7-1500 Software Controller": "PC station",
    "ET 200MP": "S7-1500",
    "ET 200SP CPU": "ET 200SP",
    "HMI Basic/Comfort/Unified": "HMI",
}
_CATEGORY_SYSTEMS = {
    "communication module S7-1200": "S7-1200",
    "communication module S7-1500": "S7-1500",
    "communication module S7-300": "S7-300",
    "communication module S7-400": "S7-400",
    "communication module ET 200SP CPU": "ET 200SP",
    "rack S7-1500": "S7-1500",
    "rack S7-300": "S7-300",
    "rack S7-400": "S7-400",
}
_POWER_SUPPLIES = (("6ES7 307", "S7-300"), ("6ES7 40", "S7-400"), ("6ES7 50", "S7-1500"), ("6EP133", "S7-1500"))


def _system(article: Article) -> str:
    if article.family == "Power supply":
        return next((system for start, system in _POWER_SUPPLIES if article.order_number.startswith(start)), "")
    fallback = _SYSTEMS.get(article.family, article.family)
    return _CATEGORY_SYSTEMS.get(article.category, fallback)


def normalise(type_identifier: str) -> str:
    """Return the form of a type identifier that the catalogue compares: without blanks, in capital letters."""
    return type_identifier.replace(" ", "").upper()


@cache
def articles() -> tuple[Article, ...]:
    """Return all articles, in the order of the data file."""
    text = files("fake_openness").joinpath("data/catalog.csv").read_text(encoding="utf-8")
    return tuple(_article(row) for row in csv.DictReader(text.splitlines()))


@cache
def _index() -> dict[str, Article]:
    return {normalise(article.type_identifier): article for article in articles() if article.type_identifier}


@cache
def _wildcards() -> tuple[tuple[re.Pattern[str], Article], ...]:
    return tuple(
        (re.compile(re.escape(key).replace(r"\*", "[0-9A-Z*]")), article)
        for key, article in _index().items()
        if "*" in key
    )


def find_article(type_identifier: str, version: TiaVersion) -> Article | None:
    """Return the article that a type identifier names exactly, firmware included, if that version offers it.

    A rail's real order number finds the row with the wildcard, which is also the
    form that the rail shows afterwards (facts: Openness manual, type identifiers).
    """
    key = normalise(type_identifier)
    article = _index().get(key)
    if article is None:
        article = next((found for pattern, found in _wildcards() if pattern.fullmatch(key)), None)
    return article if article is not None and article.is_offered(version) else None


def versions_of(type_identifier: str, version: TiaVersion) -> list[str]:
    """Return the firmware versions of an article, for a message about a wrong one."""
    order_number = normalise(type_identifier.partition("/")[0])
    return [
        a.version
        for a in articles()
        if normalise(PREFIX + a.order_number) == order_number and a.version and a.is_offered(version)
    ]


def _article(row: dict[str, str]) -> Article:
    numbers = {name: int(row[name] or 0) for name in ("di_channels", "do_channels", "ai_channels", "ao_channels")}
    di, dq, ai, aq = numbers.values()
    first_slot, last_slot = row["slots_from"], row["slots_to"]
    return Article(
        row["order_number"],
        row["version"],
        row["type_name"],
        row["family"],
        row["category"],
        row["type_identifier"],
        di,
        dq,
        ai,
        aq,
        int(row["input_bytes"]) if row["input_bytes"] else (di + 7) // 8 + 2 * ai,
        int(row["output_bytes"]) if row["output_bytes"] else (dq + 7) // 8 + 2 * aq,
        (int(first_slot), int(last_slot or 18)) if first_slot else None,
        int(row["profinet_interfaces"]) if row["profinet_interfaces"] else None,
        int(row["work_memory_data_kb"]) if row["work_memory_data_kb"] else None,
        row["failsafe"] == "yes",
        row["first_tia_version"],
        row["confidence"],
        row["basis"],
    )
