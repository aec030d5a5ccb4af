"""The attributes in front of variables: what they are called in SimaticML, and back.

Measured on exports of both forms of the same blocks: `S7_Access := "ReadOnly := External"` is ExternalWritable false,
`S7_Visibility := "Hidden := External"` is ExternalAccessible and ExternalVisible false; a structure passes both on to
its members in an SD document, but not in SimaticML.
"""

from __future__ import annotations

from collections.abc import Mapping

from simatic_xml.model import Member

READ_ONLY = {"ExternalWritable": "FALSE"}
HIDDEN = {"ExternalAccessible": "FALSE", "ExternalVisible": "FALSE"}
INHERITED = frozenset((*READ_ONLY, *HIDDEN))
"""Attributes of SimaticML that the members of a structure take over from it."""
_VALUES = {
    ("S7_Access", "readonly := external"): READ_ONLY,
    ("S7_Visibility", "hidden := external"): HIDDEN,
    ("S7_Setpoint", "true"): {"SetPoint": "TRUE"},
    ("S7_Setpoint", "false"): {"SetPoint": "FALSE"},
}
COMMENT = "S7_MLC"


def in_simatic_ml(attributes: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the attributes of a variable by their names in SimaticML, and the entries that have none."""
    found: dict[str, str] = {}
    unknown = []
    for name, value in attributes.items():
        known = _VALUES.get((name, value.casefold()))
        if known:
            found |= known
        elif name != COMMENT:
            unknown.append(name)
    return found, unknown


def in_document(member: Member, around: Mapping[str, str] | None = None) -> tuple[dict[str, str], list[str]]:
    """Return the entries of a variable in an SD document, and the attributes of SimaticML that no entry says.

    Args:
        member: the variable.
        around: the entries of the structure around it, which hold for it too.
    """
    values = {each.name: each.value.upper() for each in member.attributes if not each.informative}
    entries = {name: value for name, value in (around or {}).items() if name in ("S7_Access", "S7_Visibility")}
    if values.get("ExternalWritable") == "FALSE":
        entries["S7_Access"] = "ReadOnly := External"
    if values.get("ExternalVisible") == "FALSE":
        entries["S7_Visibility"] = "Hidden := External"
    if "SetPoint" in values:
        entries["S7_Setpoint"] = values["SetPoint"].capitalize()
    lost = [name for name in values if name not in ("SetPoint", *INHERITED)]
    hidden = values.get("ExternalVisible") == "FALSE"
    if (values.get("ExternalAccessible") == "FALSE") != hidden and "S7_Visibility" not in (around or {}):
        lost.append("ExternalAccessible")
    return entries, lost
