"""Which data types a CPU knows besides the PLC data types and FBs of its program.

Facts: docs/facts/simaticml.md#interface (types seen in exports), docs/facts/tia-rules.md#data-types. System types of
libraries that are not listed are recognised by the version that they carry.
"""

from __future__ import annotations

import csv
import re
from importlib.resources import files

from simatic_xml.model import Member
from simatic_xml.program.types.system_types import system_type


def _read(kind: str) -> frozenset[str]:
    with files("fake_openness").joinpath("data/data_types.csv").open(encoding="utf-8") as file:
        return frozenset(row["name"] for row in csv.DictReader(file) if row["kind"] == kind)


ELEMENTARY = _read("elementary")
_SYSTEM = _read("system")
_PREFIXES = ("to_", "g7_", "pd_", "mc_", "p2p_", "pid_", "hw_", "ob_", "conn_", "hsc_", "sinu_", "f_", "s7_",
             "datalog", "iec_", "event_", "sysi_", "aom_", "ref_to ")  # fmt: skip
_ARRAY = re.compile(r"^array\s*\[.*?\]\s+of\s+", re.IGNORECASE | re.DOTALL)
_LENGTH = re.compile(r"\s*\[.*\]$", re.DOTALL)


def element_type(data_type: str) -> str:
    """Return the type of one element, without array limits and string length; a quoted name keeps its quotes."""
    plain = data_type.strip()
    while _ARRAY.match(plain):
        plain = _ARRAY.sub("", plain)
    return plain if plain.startswith('"') else _LENGTH.sub("", plain)


def is_system_type(name: str) -> bool:
    """Return whether every CPU knows the unquoted type."""
    key = name.casefold()
    return key in ELEMENTARY or key in _SYSTEM or key.startswith(_PREFIXES) or system_type(name) is not None


def unknown_type(member: Member) -> str | None:
    """Return the unquoted type of a member that no CPU knows, or None."""
    name = element_type(member.data_type)
    known = name.startswith('"') or member.version is not None or is_system_type(name)
    return None if known else name
