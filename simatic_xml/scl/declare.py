"""Declarations of a parsed source as the interface model: sections and members with types, values and comments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from simatic_xml import limits
from simatic_xml.interruption import checkpoint
from simatic_xml.model import Member, MemberAttribute, Section, Subelement
from simatic_xml.scl.instructions import ELEMENTARY, usual_version
from simatic_xml.scl.nodes import DataType, Declaration, SourceObject
from simatic_xml.scl.nodes import Section as VarSection
from simatic_xml.scl.start_lists import StartListError, place_values

SECTIONS = {
    "FUNCTION_BLOCK": ("Input", "Output", "InOut", "Static", "Temp", "Constant"),
    "FUNCTION": ("Input", "Output", "InOut", "Temp", "Constant", "Return"),
    "ORGANIZATION_BLOCK": ("Input", "Temp", "Constant"),
    "DATA_BLOCK": ("Static",),
    "TYPE": ("None",),
}
"""The interface sections of each kind of object, in their order."""

RETENTION_WORDS = {"Retain": "RETAIN", "SetInIDB": "DB_SPECIFIC"}
"""The word after VAR for each remanence (page "Declaring the block interface" of TIA Portal's help)."""

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


def interface(node: SourceObject, texts: Texts, *, classic: bool = False) -> list[Section]:
    """Return the interface of an object with all sections of its kind, empty ones too.

    Args:
        node: the object.
        texts: the culture of its comments.
        classic: whether the program is for an S7-300 or S7-400.
    """
    names = SECTIONS[node.keyword]
    if node.keyword == "ORGANIZATION_BLOCK" and not is_optimized(node) and not _has_input(node):
        names = names[1:]
    sections = {name: Section(name) for name in names}
    extent = _Extent(node.name)
    for var in node.sections:
        name = section_name(node.keyword, var, classic=classic)
        target = sections.setdefault(name, Section(name))
        words = (*var.modifiers, *node.header)
        remanence = next((value for value, word in RETENTION_WORDS.items() if word in words), None)
        target.members.extend(_member(each, texts, extent, remanence) for each in var.members)
    if node.keyword == "FUNCTION":
        result = Member("Ret_Val", format_type(node.return_type) if node.return_type else "Void")
        result.members = [_member(each, texts, extent) for each in node.return_type.members] if node.return_type else []
        sections["Return"].members.append(result)
    return list(sections.values())


def is_optimized(node: SourceObject) -> bool:
    """Return whether a block has optimized access, which is the default of S7-1200 and S7-1500."""
    return node.attributes.get("S7_Optimized_Access", "TRUE").upper() != "FALSE"


def _has_input(node: SourceObject) -> bool:
    return any(section.keyword == "VAR_INPUT" for section in node.sections)


def section_name(keyword: str, section: VarSection, *, classic: bool = False) -> str:
    """Return the interface section that a VAR section of an object belongs to.

    VAR of a function is its temporary data in classic SCL; S7-1200 and S7-1500 have no such section, so it is reported.
    """
    if "CONSTANT" in section.modifiers:
        return "Constant"
    if keyword == "TYPE":
        return "None"
    fallback = "Temp" if classic and keyword in ("FUNCTION", "ORGANIZATION_BLOCK") else "Static"
    return _SECTION_OF.get(section.keyword, fallback)


class _Extent:
    """Counts the declarations of one object: one written type may apply to many names."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._members = self._values = 0

    def add(self, members: int = 0, values: int = 0) -> None:
        """Add to the count; refuse the object above the limit."""
        checkpoint()
        self._members += members
        self._values += values
        limits.require("expanded_members", self._members, what=f"'{self._name}'")
        limits.require("block_start_values", self._values, what=f"'{self._name}'")


def member(node: Declaration, texts: Texts, remanence: str | None = None) -> Member:
    """Return one declared variable with everything below it."""
    return _member(node, texts, _Extent(node.name), remanence)


def _member(node: Declaration, texts: Texts, extent: _Extent, remanence: str | None = None) -> Member:
    extent.add(members=1)
    data_type = format_type(node.data_type)
    result = Member(node.name, data_type, remanence=remanence, version=_version(node))
    result.attributes = attributes(node)
    result.comment = texts.of(node.comment)
    result.members = [_member(inner, texts, extent) for inner in node.data_type.members]
    result.subelements = elements(node.initial, node.data_type) if node.initial else []
    extent.add(values=len(result.subelements))
    result.start_value = node.initial if node.initial and not result.subelements else None
    return result


def format_type(node: DataType) -> str:
    """Return a data type as an export writes it."""
    name = type_name(node.name)
    return f"Array[{', '.join(node.bounds)}] of {name}" if node.bounds else name


def type_name(name: str) -> str:
    """Return a data type in the spelling of TIA Portal; a type that is not elementary stays as it is."""
    match = _TYPE_NAME.fullmatch(name)
    if match is None:
        return name
    return _TYPES.get(match["name"].upper(), match["name"]) + (match["size"] or "")


def _version(node: Declaration) -> str | None:
    """Return the library version of a system type: the declared one, or the usual one."""
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


def elements(initial: str, data_type: DataType) -> list[Subelement]:
    """Return the start values of array elements from a list such as `[1, 2, 3(0)]`, or one without brackets.

    Return nothing for anything but an array of single values, and for a list that does not fit its dimensions. Such a
    start value stays whole: the code that knows the types splits or refuses it.
    """
    plain = not data_type.members and not data_type.name.casefold().startswith("array")
    bounds = _limits(data_type.bounds)
    if not plain or not bounds:
        return []
    try:
        found = list(place_values(initial, bounds))
    except StartListError:
        return []
    if any(value.startswith("(") for _, value in found):
        return []
    return [Subelement(",".join(map(str, indices)), value) for indices, value in found]


def _limits(bounds: list[str]) -> list[tuple[int, int]]:
    """Return the limits of all dimensions; nothing if one is a constant, except the highest of a single dimension."""
    found = []
    for bound in bounds:
        low, _, high = bound.replace(" ", "").partition("..")
        if not _is_number(low) or not (_is_number(high) or len(bounds) == 1):
            return []
        found.append((int(low), int(high) if _is_number(high) else int(low) + limits.most("start_values")))
    return found


def elements_of(bounds: list[str]) -> list[str]:
    """Return the indices of all elements, the last dimension running fastest.

    Return nothing if a bound is not a whole number, or if there are too many elements to list.
    """
    paths = [""]
    for bound in bounds:
        low, _, high = bound.replace(" ", "").partition("..")
        if not (_is_number(low) and _is_number(high)):
            return []
        if len(paths) * (int(high) - int(low) + 1) > limits.most("start_values") + 1:
            return []
        paths = [f"{path},{i}" if path else str(i) for path in paths for i in range(int(low), int(high) + 1)]
    return paths


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdigit()
