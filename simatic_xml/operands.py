"""Operands as an engineer writes them, from the nodes of any network language."""

import re

from lxml import etree

from simatic_xml.xml.residue import local

_IDENTIFIER = re.compile(r"[^\W\d]\w*\Z")
_AREAS = {
    "Input": "I",
    "Output": "Q",
    "Memory": "M",
    "PeripheryInput": "I",
    "PeripheryOutput": "Q",
    "Timer": "T",
    "Counter": "C",
}
_WIDTHS = {"Bool": "", "Byte": "B", "Char": "B", "SInt": "B", "USInt": "B"} | dict.fromkeys(
    ("Word", "Int", "UInt", "WChar", "Date", "S5Time"), "W"
)


def component_names(symbol: etree._Element) -> tuple[str, ...]:
    """Return the names along a symbol or instance: ``("DB", "member")``."""
    return tuple(child.get("Name", "") for child in symbol.iterchildren("{*}Component"))


def symbol_path(symbol: etree._Element, scope: str) -> str:
    """Return a symbol or instance as written: ``"DB".member[1]``, ``#x.y``.

    Args:
        symbol: The element whose children are components.
        scope: ``GlobalVariable``, ``LocalVariable``...
    """
    components = list(symbol.iterchildren("{*}Component"))
    parts = [_component(component, first=index == 0, scope=scope) for index, component in enumerate(components)]
    slices = [child.get("Text", "") for child in symbol.iterchildren("{*}Token")]
    return ".".join(parts + [text for text in slices if text.startswith("%")])


def constant_path(name: str, scope: str) -> str:
    """Return a named constant as written: ``"MAX"``, ``#limit``."""
    return f"#{quote_if_needed(name)}" if scope == "local" else f'"{name}"'


def quote_if_needed(name: str) -> str:
    """Return a member's name, in quotes where it is not a plain identifier."""
    return name if _IDENTIFIER.match(name) else f'"{name}"'


def absolute_path(address: etree._Element) -> str:
    """Return an absolute operand: ``%I0.0``, ``%MW10``, ``%DB5.DBX0.1``, or one half of the last: ``%DB5``, ``%DBX0.1``."""
    area, data_type, bits = address.get("Area", ""), address.get("Type", ""), address.get("BitOffset", "0")
    offset = int(bits) if bits.isdecimal() and len(bits) < 12 else 0
    width = _WIDTHS.get(data_type, "D")
    if area in ("Timer", "Counter"):
        return f"%{_AREAS[area]}{offset}"
    place = f"{offset // 8}.{offset % 8}" if not width else str(offset // 8)
    if area == "DB":
        block, inside = address.get("BlockNumber"), f"DB{width or 'X'}{place}"
        if block is None:
            return f"%{inside}"
        return f"%DB{block}.{inside}" if "BitOffset" in address.attrib else f"%DB{block}"
    return f"%{_AREAS.get(area, area)}{width}{place}{':P' if area.startswith('Periphery') else ''}"


def _component(component: etree._Element, *, first: bool, scope: str) -> str:
    name = component.get("Name", "")
    text = f'"{name}"' if first and scope != "LocalVariable" else quote_if_needed(name)
    if first and scope == "LocalVariable":
        text = f"#{text}"
    indices = [_index(child) for child in component.iterchildren("{*}Access")]
    if indices:
        text += f"[{','.join(indices)}]"
    if component.get("AccessModifier") in ("Pointer", "Reference"):
        text += "^"
    part = component.get("SliceAccessModifier")
    if part:
        text += f".%{part[0].upper()}{part[1:]}"
    return f"{text}:P" if component.get("SimpleAccessModifier") == "Periphery" else text


def _index(access: etree._Element) -> str:
    content = next(access.iterchildren("{*}Symbol", "{*}Constant"), None)
    if content is None:
        return ""
    if local(content) == "Symbol":
        return symbol_path(content, access.get("Scope", ""))
    name = content.get("Name")
    if name is not None:
        return constant_path(name, "local" if access.get("Scope") == "LocalConstant" else "global")
    return content.findtext("{*}ConstantValue") or ""
