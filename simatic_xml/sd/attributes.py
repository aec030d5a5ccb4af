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


def in_document(member: Member) -> tuple[dict[str, str], list[str]]:
    """Return the entries of a variable in an SD document, and the attributes of SimaticML that no entry says."""
    values = {each.name: each.value.upper() for each in member.attributes if not each.informative}
    entries: dict[str, str] = {}
    if values.get("ExternalWritable") == "FALSE":
        entries["S7_Access"] = "ReadOnly := External"
    if "FALSE" in (values.get("ExternalVisible"), values.get("ExternalAccessible")):
        entries["S7_Visibility"] = "Hidden := External"
    if "SetPoint" in values:
        entries["S7_Setpoint"] = values["SetPoint"].capitalize()
    said = {"SetPoint", *READ_ONLY, *HIDDEN}
    lost = [name for name, value in values.items() if name not in said or (name in HIDDEN and value != "FALSE")]
    if ("ExternalVisible" in values) != ("ExternalAccessible" in values):
        lost += [name for name in HIDDEN if name in values and name not in lost]
    return entries, [name for name in lost if values[name] != "TRUE" or name not in {*READ_ONLY, *HIDDEN}]
