"""Variables that overlay others with AT: which types and sections, how long, and where they are declared.

Source: TIA Portal's help, "Programming basics", heading "Overlaying tags with AT", and "Declaring the block interface",
heading "Declaring higher-level tags"; docs/conformance-types.md#rules-outside-of-the-tables has the decisions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simatic_xml.program.types.layout import size_bits
from simatic_xml.program.types.placement import Surroundings
from simatic_xml.program.types.types import (
    Array,
    DataType,
    Elementary,
    Special,
    Structure,
    Text,
    Unknown,
    Variable,
    type_name,
)

_PARAMETERS = ("Input", "Output", "InOut")
_Rules = Mapping[str, tuple[str, ...]]
"""By the class of the overlaying type those that it may overlay."""
_TEMP: _Rules = {
    "elementary": ("elementary", "structured"),
    "structured": ("elementary", "structured", "pointer"),
    "pointer": ("structured",),
}
_STATIC: _Rules = {
    "elementary": ("elementary", "structured", "DB_ANY"),
    "structured": ("elementary", "structured", "DB_ANY"),
}
_INPUT: _Rules = {
    "elementary": ("elementary", "structured", "DB_ANY"),
    "structured": ("elementary", "structured", "pointer", "DB_ANY"),
    "pointer": ("structured",),
}
_PASSED: _Rules = {"elementary": ("elementary", "DB_ANY"), "structured": ("structured",)}


def check(variables: tuple[Variable, ...], around: Surroundings) -> Iterator[tuple[str, str, str]]:
    """Yield path, code and message of each variable that cannot overlay the one that it names."""
    by_name = {each.name.casefold(): each for each in variables}
    before = ""
    for variable in variables:
        if not variable.overlays:
            before = variable.name.casefold()
            continue
        below = by_name.get(variable.overlays.casefold())
        if below is None:
            why = f"'{variable.overlays}', which this variable overlays, is not declared in the block."
        elif isinstance(below.type, Unknown) or isinstance(variable.type, Unknown):
            continue
        else:
            followed = before in (below.name.casefold(), below.overlays.casefold())
            why = _refusal(variable, below, around, followed=followed)
        if why:
            yield variable.name, "declaration.overlay", why


def _refusal(variable: Variable, below: Variable, around: Surroundings, *, followed: bool) -> str:
    name = f"'{variable.name}'"
    if not followed or variable.section != below.section:
        return f"{name} overlays '{below.name}'; declare it directly after that variable, in the same section."
    if around.access == "optimized" and "SetInIDB" not in (below.retain, variable.retain):
        return f"{name} can overlay a variable only with standard block access, or if that variable is set in the IDB."
    over, under = _class(variable.type), _class(below.type)
    if under not in _allowed(below.section, around).get(over, ()):
        types = f"{type_name(variable.type)} cannot overlay {type_name(below.type)}"
        return f"{types} in the section {below.section}; use other types, or copy the value."
    return _refuse_size(variable, below, around)


def _allowed(section: str, around: Surroundings) -> _Rules:
    if section == "Temp":
        return _TEMP
    if section == "InOut" or around.kind == "FC":
        return _PASSED
    return _INPUT if section == "Input" else _STATIC


def _refuse_size(variable: Variable, below: Variable, around: Surroundings) -> str:
    over, under = size_bits(variable.type), size_bits(below.type)
    if over > under > 0:
        return f"'{variable.name}' is larger than '{below.name}', which it overlays; use a smaller type."
    same_size = around.kind == "FC" and around.family in ("S7-1200", "S7-1500")
    if same_size and below.section in _PARAMETERS and under > 0 and over != under:
        return (
            f"'{variable.name}' has another size than '{below.name}', which it overlays; in a function both are equal."
        )
    return ""


def _class(data_type: DataType) -> str:
    """Return the class of a type in the rules; empty for one that neither overlays nor is overlaid."""
    match data_type:
        case Elementary(name="DB_ANY"):
            return "DB_ANY"
        case Elementary():
            return "elementary"
        case Special(name="Any" | "Pointer" | "Remote"):
            return "pointer"
        case Array(element=Structure() as element) | (Structure() as element):
            return "" if element.origin == "fb" or element.instruction else "structured"
        case Array() | Text():
            return "structured"
    return ""
