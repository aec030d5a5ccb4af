"""Declarations of a parsed source as the interface model: sections and members with types, values and comments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from simatic_xml.model import Member, MemberAttribute, Section, Subelement
from simatic_xml.scl.instructions import ELEMENTARY, usual_version
from simatic_xml.scl.nodes import Declaration, SourceObject
from simatic_xml.scl.nodes import Section as VarSection

SECTIONS = {
    "FUNCTION_BLOCK": ("Input", "Output", "InOut", "Static", "Temp", "Constant"),
    "FUNCTION": ("Input", "Output", "InOut", "Temp", "Constant", "Return"),
    "ORGANIZATION_BLOCK": ("Input", "Temp", "Constant"),
    "DATA_BLOCK": ("Static",),
    "TYPE": ("None",),
}
"""The interface sections of each kind of object, in their order."""

_SECTION_OF = {"VAR_INPUT": "Input", "VAR_OUTPUT": "Output", "VAR_IN_OUT": "InOut", "VAR_TEMP": "Temp"}
_TYPES = ELEMENTARY | {"VARIANT": "Variant", "VOID": "Void", "ANY": "Any", "POINTER": "Pointer", "STRUCT": "Struct"}
SYSTEM_TYPES = frozenset(
    [
        "DTL",
        "IEC_TIMER",
        "IEC_LTIMER",
        "IEC_COUNTER",
        "TON_TIME",
        "TOF_TIME",
        "TP_TIME",
        "TONR_TIME",
        "TON",
        "TOF",
        "TP",
        "TONR",
        "CTU",
        "CTD",
        "CTUD",
        "CTU_INT",
        "CTD_INT",
        "CTUD_INT",
        "R_TRIG",
        "F_TRIG",
    ]
)
"""Data types of instructions, which have a library version."""
_RENAMED = {"S7_SetPoint": "SetPoint", "S7_HMI_Accessible": "ExternalAccessible", "S7_HMI_Visible": "ExternalVisible"}
_NOT_MEMBER_ATTRIBUTES = frozenset(("InstructionName", "LibVersion"))
_TYPE_NAME = re.compile(r"(?P<name>[^\[\]\"]+|\"[^\"]*\")(?P<size>\[.*\])?")
_REPEATED = re.compile(r"(?P<count>\d+)\s*\((?P<value>.*)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Texts:
    """The culture that comments are filed under.

    Attributes:
        culture: the language of comments in the source.
        lists: where a source holds ids of texts in their place, the texts by id and culture.
    """

    culture: str
    lists: Mapping[str, dict[str, str]] | None = None

    def of(self, text: str) -> dict[str, str]:
        """Return a text by culture, nothing for an empty one."""
        if self.lists is not None:
            return {culture: each for culture, each in self.lists.get(text, {}).items() if each}
        return {self.culture: text} if text else {}


def interface(node: SourceObject, texts: Texts) -> list[Section]:
    """Return the interface of an object with all sections of its kind, empty ones too."""
    names = SECTIONS[node.keyword]
    if node.keyword == "ORGANIZATION_BLOCK" and not optimized(node) and not _has_input(node):
        names = names[1:]
    sections = {name: Section(name) for name in names}
    for var in node.sections:
        name = section_name(node.keyword, var)
        target = sections.setdefault(name, Section(name))
        remanence = "Retain" if "RETAIN" in (*var.modifiers, *node.header) else None
        target.members.extend(member(declaration, texts, remanence) for declaration in var.members)
    if node.keyword == "FUNCTION":
        data_type = type_name(node.return_type.name) if node.return_type else "Void"
        sections["Return"].members.append(Member("Ret_Val", data_type))
    return list(sections.values())


def optimized(node: SourceObject) -> bool:
    """Tell whether a block has optimized access, which is the default of S7-1200 and S7-1500."""
    return node.attributes.get("S7_Optimized_Access", "TRUE").upper() != "FALSE"


def _has_input(node: SourceObject) -> bool:
    return any(section.keyword == "VAR_INPUT" for section in node.sections)


def section_name(keyword: str, section: VarSection) -> str:
    """Return the interface section that a VAR section of an object belongs to."""
    if "CONSTANT" in section.modifiers:
        return "Constant"
    if keyword == "TYPE":
        return "None"
    fallback = "Temp" if keyword in ("FUNCTION", "ORGANIZATION_BLOCK") else "Static"
    return _SECTION_OF.get(section.keyword, fallback)


def member(node: Declaration, texts: Texts, remanence: str | None = None) -> Member:
    """Return one declared variable with everything below it."""
    data_type = declared_type(node)
    result = Member(node.name, data_type, remanence=remanence, version=_version(node))
    result.attributes = attributes(node)
    result.comment = texts.of(node.comment)
    result.members = [member(inner, texts) for inner in node.data_type.members]
    if node.initial.startswith("[") and node.data_type.bounds:
        result.subelements = elements(node.initial, node.data_type.bounds)
    elif node.initial:
        result.start_value = node.initial
    return result


def declared_type(node: Declaration) -> str:
    """Return the data type of a variable as an export writes it."""
    name = type_name(node.data_type.name)
    return f"Array[{', '.join(node.data_type.bounds)}] of {name}" if node.data_type.bounds else name


def type_name(name: str) -> str:
    """Return a data type in the spelling of TIA Portal; what is no elementary type stays as it is."""
    match = _TYPE_NAME.fullmatch(name)
    if match is None:
        return name
    return _TYPES.get(match["name"].upper(), match["name"]) + (match["size"] or "")


def _version(node: Declaration) -> str | None:
    """Return the library version of a system type: the declared one, or the one that is usual for it."""
    if "LibVersion" in node.attributes:
        return node.attributes["LibVersion"]
    name = node.data_type.name.upper()
    if name in SYSTEM_TYPES:
        return "1.0"
    return usual_version(name)


def attributes(node: Declaration) -> list[MemberAttribute]:
    """Return the attributes of a variable in the order of an export."""
    found = []
    for name, value in node.attributes.items():
        if name in _NOT_MEMBER_ATTRIBUTES:
            continue
        boolean = value.upper() in ("TRUE", "FALSE")
        spelled = value.lower() if boolean else value
        found.append(MemberAttribute(_RENAMED.get(name, name), spelled, "Boolean" if boolean else "String"))
    if node.overlays:
        found.append(MemberAttribute("At", node.overlays, "String"))
    return sorted(found, key=lambda attribute: attribute.name)


def elements(initial: str, bounds: list[str]) -> list[Subelement]:
    """Return the start values of array elements from a list such as `[1, 2, 3(0)]`."""
    values = _flatten(initial)
    low = bounds[0].partition("..")[0].strip()
    if len(bounds) == 1 and _is_number(low) and not elements_of(bounds):
        return [Subelement(str(int(low) + index), value) for index, value in enumerate(values)]
    return [Subelement(path, value) for path, value in zip(elements_of(bounds), values, strict=False)]


def elements_of(bounds: list[str]) -> list[str]:
    """Return the indices of all elements, the last dimension running fastest.

    Nothing where a bound is no whole number, or where there are more elements than anyone lists.
    """
    paths = [""]
    for bound in bounds:
        low, _, high = bound.replace(" ", "").partition("..")
        if not (_is_number(low) and _is_number(high)) or int(high) - int(low) > _MOST_ELEMENTS:
            return []
        paths = [f"{path},{i}" if path else str(i) for path in paths for i in range(int(low), int(high) + 1)]
        if len(paths) > _MOST_ELEMENTS:
            return []
    return paths


_MOST_ELEMENTS = 65536


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdigit()


def _flatten(initial: str) -> list[str]:
    """Return the values of a list, repetitions written out and nested lists joined."""
    values: list[str] = []
    for part in _parts(initial.strip()[1:-1]):
        repeated = _REPEATED.fullmatch(part)
        if part.startswith("["):
            values.extend(_flatten(part))
        elif repeated:
            values.extend([repeated["value"].strip()] * min(int(repeated["count"]), _MOST_ELEMENTS))
        else:
            values.append(part)
    return values


def _parts(text: str) -> list[str]:
    """Split at the commas that stand in no bracket and no string."""
    parts, depth, quoted, start = [], 0, False, 0
    for index, char in enumerate(text):
        quoted ^= char == "'"
        depth += 0 if quoted else (char in "[(") - (char in "])")
        if char == "," and not depth and not quoted:
            parts.append(text[start:index].strip())
            start = index + 1
    return [part for part in [*parts, text[start:].strip()] if part]
