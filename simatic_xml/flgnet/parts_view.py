"""The parts of a network as a plain list in reading order, for viewers that draw rows of symbols without wires.

Facts: the vendor's public wire contract of a block's networks.
"""

import re
from typing import Any

from lxml import etree

from simatic_xml.flgnet.catalogue import flow_pins
from simatic_xml.flgnet.model import Access, Part, Pin
from simatic_xml.flgnet.reading import graph

_TYPES = {"PContact": "ContactP", "NContact": "ContactN"}
_SIGNAL_PINS = ("operand", "timer", "label")
_POINTER_TYPE = re.compile(r"\A(?:Any|Pointer|Variant)#(?=P#)")


def parts_view(element: etree._Element) -> list[dict[str, Any]]:
    """List the parts in reading order.

    Args:
        element: a ``FlgNet`` element.

    Returns:
        For each part ``uId``, ``type`` (a negated contact is ``ContactNC``, a call is ``Call``), ``signal`` (operand
        or instance as TIA Portal shows it), ``negated``, ``isGlobal``, ``blockName``, ``address`` and ``parameters``
        (``name`` and ``value`` of every pin with an operand). Texts are empty where there is nothing to say.
    """
    network = graph(element)
    operands = network.operands()
    return [_row(part, operands) for part in network.parts]


def _row(part: Part, operands: dict[Pin, Access]) -> dict[str, Any]:
    own = {pin.name: access for pin, access in operands.items() if pin.part == part.uid}
    signal = next((own[pin].text for pin in _SIGNAL_PINS if pin in own), part.instance or "")
    flow_in = flow_pins(part)[0]
    return {
        "uId": str(part.uid),
        "type": _type(part),
        "signal": format_operand(signal),
        "negated": bool(part.negated),
        "isGlobal": signal.startswith(('"', "%")),
        "blockName": part.name if part.is_call else "",
        "address": signal if signal.startswith("%") else "",
        "parameters": [
            {"name": pin, "value": format_operand(access.text)}
            for pin, access in own.items()
            if pin not in _SIGNAL_PINS and pin != flow_in
        ],
    }


def _type(part: Part) -> str:
    if part.is_call:
        return "Call"
    if part.name == "Contact" and "operand" in part.negated:
        return "ContactNC"
    return _TYPES.get(part.name, part.name)


def format_operand(text: str) -> str:
    """Return operand text as a network shows it: a global variable without quotes where that is no other name.

    A pointer constant shows no type in front (`P#M0.0 BYTE 2`).
    """
    name = text[1:-1]
    plain = text.startswith('"') and text.endswith('"') and name.replace("_", "a").isalnum()
    return name if plain else _POINTER_TYPE.sub("", text.removeprefix("label "))
