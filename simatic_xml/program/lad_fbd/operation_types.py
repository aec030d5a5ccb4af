"""The type in which an operation of LAD or FBD works, and its operands converted to that type."""

from __future__ import annotations

from collections.abc import Sequence

from simatic_xml import instructions
from simatic_xml.flgnet.model import Part
from simatic_xml.instructions.typing import accepts
from simatic_xml.program import nodes as n
from simatic_xml.program.lad_fbd.lowering import Lowering
from simatic_xml.program.types.coercion import as_operand
from simatic_xml.program.types.operations import wider
from simatic_xml.program.types.types import UNKNOWN, DataType, Unknown, type_name

_MOST_LISTED = 8


def operands(low: Lowering, part: Part, pins: Sequence[str], operator: str) -> tuple[DataType, list[n.Expression]]:
    """Return the type of an operation, and its inputs converted to that type.

    The type is the template value; where that is chosen automatically, the widest type among the operands, which the
    literals then take.
    """
    wanted = low.template(part, "SrcType")
    firm: dict[str, n.Expression] = {}
    if wanted is None:
        chosen = [pin for pin in pins if not low.literal(part, pin)] or pins
        firm = {pin: low.require(part, pin) for pin in chosen}
        wanted = _widest(low, part, list(firm.values()), operator)
    wanted = check_type(low, part, wanted)
    values = [firm[pin] if pin in firm else low.require(part, pin, wanted) for pin in pins]
    return wanted, [as_operand(low.scope, value, wanted, value.place) for value in values]


def _widest(low: Lowering, part: Part, values: list[n.Expression], operator: str) -> DataType:
    types = [value.type for value in values]
    if any(isinstance(each, Unknown) for each in types):
        return UNKNOWN
    found: DataType | None = types[0]
    for each in types[1:]:
        found = wider(found, each, operator, iec_check=low.scope.iec_check) if found is not None else None
    if found is None:
        names = ", ".join(type_name(each) for each in types)
        message = f"The operands of {part.name} have the types {names}, which have no common type; convert one."
        low.scope.error("type.pin", message, low.at(part.uid))
    return found or UNKNOWN


def check_type(low: Lowering, part: Part, data_type: DataType) -> DataType:
    """Return the type of an operation; report a type that the catalogue does not have for the instruction."""
    known = instructions.of_part(part.name)
    variable = next(iter(known.templates.values()), "") if known else ""
    allowed = known.variables.get(variable, ()) if known else ()
    if not allowed or accepts(allowed, data_type):
        return data_type
    choice = ", ".join(allowed[:_MOST_LISTED]) + (" ..." if len(allowed) > _MOST_LISTED else "")
    message = f"{part.name} does not work with {type_name(data_type)}; choose one of {choice}."
    low.scope.error("type.pin", message, low.at(part.uid))
    return UNKNOWN


def find_numbered_inputs(low: Lowering, part: Part) -> list[str]:
    """Return the numbered inputs of a part: at least two, or a single one where its cardinality is 1."""
    numbered = {pin: int(pin[2:]) for pin in low.wiring.pins(part) if pin.startswith("in") and pin[2:].isdecimal()}
    if len(numbered) > 1:
        return sorted(numbered, key=lambda pin: numbered[pin])
    single = any(each.kind == "Cardinality" and each.value == "1" for each in part.templates)
    return ["in1"] if single else ["in1", "in2"]
