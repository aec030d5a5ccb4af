"""A LAD or FBD network as typed statements.

Power is a value like any other: the rail is TRUE at the start of every network, a contact is AND, merged branches are
OR, a coil is an assignment. Each part of the network is written by its own function; an instruction without one is a call
that the catalogue describes. The order of execution is that of `flgnet_wiring`.
"""

from __future__ import annotations

from lxml import etree

from simatic_xml.flgnet import FlgNetError, graph
from simatic_xml.flgnet.catalogue import entry
from simatic_xml.flgnet.model import NetworkGraph, Part
from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.lad_fbd.boxes import block_box, coil_box, instruction_box, reset_coil
from simatic_xml.program.lad_fbd.logic import LOGIC
from simatic_xml.program.lad_fbd.lowering import Handler, Lowering
from simatic_xml.program.lad_fbd.math import MATH
from simatic_xml.program.lad_fbd.wiring import Wiring
from simatic_xml.program.scope import Scope

_PARTS: dict[str, Handler] = LOGIC | MATH | {"ResetIECTimerCoil": reset_coil}


def network(scope: Scope, element: etree._Element, language: str, number: int) -> list[n.Statement]:
    """Return the statements of a network.

    Args:
        scope: the block; receives the findings.
        element: the `FlgNet` element.
        language: language of the network; LAD and FBD differ only in their parts.
        number: number of the network, from 1.
    """
    del language
    return condition(scope, element, Place(scope.block.name, number))


def condition(scope: Scope, element: etree._Element, place: Place) -> list[n.Statement]:
    """Return the statements of a condition of GRAPH; its last coil writes `Outcome`.

    Args:
        scope: the block; receives the findings.
        element: the `FlgNet` element of a transition, interlock or supervision.
        place: the block, and the step or transition.
    """
    try:
        found = graph(element)
    except FlgNetError as error:
        scope.error("network.unreadable", error.message, place)
        return []
    return lower(scope, found, place).statements


def lower(scope: Scope, found: NetworkGraph, place: Place) -> Lowering:
    """Return a network with its statements, and the values of its wires.

    Args:
        scope: the block; receives the findings.
        found: the network.
        place: the block, and the network, step or transition.
    """
    wiring = Wiring(found)
    low = Lowering(scope, wiring, place)
    for label in found.labels:
        low.emit(n.Label(label.name, low.at(label.uid)))
    ordered = list(wiring.in_order())
    for part in ordered:
        _handler(part)(low, part)
    if len(ordered) < len(wiring.parts):
        rest = next(uid for uid in wiring.parts if uid not in {part.uid for part in ordered})
        message = "The wires of this network form a loop; feed the value back through an operand instead."
        scope.error("network.loop", message, low.at(rest))
    return low


def _handler(part: Part) -> Handler:
    if part.is_call:
        return block_box
    if part.name in _PARTS:
        return _PARTS[part.name]
    known = entry(part)
    return coil_box if known is not None and known.group == "coil" else instruction_box
