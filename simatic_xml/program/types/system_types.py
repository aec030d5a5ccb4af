"""The data types that every CPU has: `DTL`, `TON_TIME`, `TCON_IP_v4` and the like.

Their members are in `system_types.csv` with a mark: C read in exports, D documented, S secondary source, U unverified.
A type marked `open` has members that are not listed there. A type of a family of library types
(`TO_SpeedAxis`) without a row is open altogether.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from simatic_xml.program.types.type_text import TypeTextError, parse
from simatic_xml.program.types.types import DataType, Structure, Variable

_LIBRARIES = ("TO_", "G7_", "PD_", "MC_", "P2P_", "PID_", "HSC_", "SI_", "SINU_", "S7_", "DATALOG", "AOM_", "TCON_",
              "TMAIL_", "IF_CONF_", "PDE_", "SYSI_", "ASSOC", "MB_", "MODBUS_", "SINA")  # fmt: skip
_TELEGRAM = re.compile(r"PD_TEL\d+(?:_\w+)?", re.I)
_SECTIONS = ("Input:", "Output:", "InOut:", "Static:")


class SystemType(NamedTuple):
    """A row of the table."""

    name: str
    instruction: str
    open: bool
    mark: str
    members: str


@cache
def table() -> dict[str, SystemType]:
    """Return the rows by upper-case name."""
    with (Path(__file__).parent / "system_types.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            SystemType(r["name"], r["instruction"], r["open"] == "yes", r["mark"], r["members"])
            for r in csv.DictReader(file)
        ]
    return {row.name.upper(): row for row in rows}


@cache
def system_type(name: str) -> Structure | None:
    """Return the system type of a name, without regard to case; None when there is none."""
    row = table().get(name.upper())
    if row is not None:
        return Structure(row.name, "system", tuple(_members(row.members)), row.instruction, row.open)
    if name.upper().startswith(_LIBRARIES):
        return open_type(name)
    return None


def telegram_type(name: str) -> Structure | None:
    """Return the type of a PROFIdrive telegram, `PD_TEL3_IN`, whose name tags have in quotes; None for any other name."""
    return open_type(name) if _TELEGRAM.fullmatch(name) else None


def open_type(name: str) -> Structure:
    """Return a system type of which only the name is known."""
    return Structure(name, "system", open=True)


def parse_type(name: str) -> DataType:
    """Return an elementary or system type.

    Raises:
        TypeTextError: there is none of this name.
    """
    return parse(name, lambda each, _: system_type(each), lambda _: None)


def _members(text: str) -> list[Variable]:
    """Read `Input: IN:Bool PT:Time`; without a section the members belong to `None`."""
    found: list[Variable] = []
    section = "None"
    words = text.replace(" of ", "~of~").split()
    for word in words:
        if word in _SECTIONS:
            section = word[:-1]
            continue
        name, _, data_type = word.partition(":")
        found.append(Variable(name, parse_type(data_type.replace("~", " ")), section))
    return found


__all__ = ["SystemType", "TypeTextError", "open_type", "parse_type", "system_type", "table", "telegram_type"]
