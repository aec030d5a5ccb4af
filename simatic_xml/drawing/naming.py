"""Names as TIA Portal's editor shows them, which are not always those of the XML.

Facts: docs/facts/simaticml.md#in-the-editor.
"""

from simatic_xml.drawing.marks import wrap
from simatic_xml.flgnet import shorthand
from simatic_xml.flgnet.catalogue import ENABLE, ENABLE_OUT, entry
from simatic_xml.flgnet.model import Part

_TITLES = {"A": "&", "O": ">=1", "X": "x", "Not": "NOT", "PBox": "P_TRIG", "NBox": "N_TRIG", "Calc": "CALCULATE"}
_TITLES |= {"Sp": "S_PULSE", "Se": "S_PEXT", "Sd": "S_ODT", "Ss": "S_ODTS", "Sf": "S_OFFDT"}
_TITLES |= {"Convert": "CONV", "Normalize": "NORM_X", "InRange": "IN_RANGE", "OutRange": "OUT_RANGE"}
_TITLES |= {"Runtime": "RUNTIME", "PContact": "P", "NContact": "N", "Jump": "JMP", "JumpNot": "JMPN", "Return": "RET"}
_UPPER_GROUPS = frozenset({"math", "word", "move", "convert", "compare", "flipflop", "timer", "edge"})
"""Kinds of instructions whose names TIA Portal shows in capitals."""

_COIL_LETTERS = {"SCoil": "S", "RCoil": "R", "PCoil": "P", "NCoil": "N", "SdCoil": "SD", "SfCoil": "SF"}
_COIL_LETTERS |= {"SpCoil": "SP", "SeCoil": "SE", "SsCoil": "SS", "Jump": "JMP", "JumpNot": "JMPN", "Return": "RET"}
_COIL_LETTERS |= {"CoilTON": "TON", "CoilTOF": "TOF", "CoilTP": "TP", "CoilTONR": "TONR", "ResetIECTimerCoil": "RT"}
_COIL_LETTERS |= {"TrCoil": "T", "SvCoil": "V", "IlCoil": "C", "ReturnTrue": "RET 1", "ReturnFalse": "RET 0"}

_FORMULA_WIDTH = 40
_EDGE_PINS = {"in": "CLK", "out": "Q"}
_PINS = {"rt": "BI", "rtbcd": "BCD"}

OVER = ("operand", "timer", "counter", "label")
"""Pins whose operand is over the box of an instruction, not at a pin."""

UNDER = ("bit",)
"""Pins whose operand, the edge memory bit, is under the box."""


def operand_name(text: str) -> str:
    """Return an operand as TIA Portal shows it: global names in quotes, local ones with ``#``, constants likewise."""
    for word in ("label ", "const "):
        text = text.removeprefix(word)
    address, sign, data_type = text.partition(":")
    shown = address if text.startswith("%") and sign and data_type != "P" else text
    return "".join(char if char.isprintable() else " " for char in shown)


def box_title(part: Part) -> str:
    """Return the title of a box."""
    if part.is_call:
        return f'"{part.name}"'
    if part.name in shorthand.OPERATOR_OF:
        return f"CMP {compare_sign(part.name)}"
    known = entry(part)
    is_upper = known is not None and known.group in _UPPER_GROUPS
    return _TITLES.get(part.name, part.name.upper() if is_upper else part.name)


def compare_sign(name: str) -> str:
    """Return the sign of a comparison; TIA Portal writes ``==`` in LAD and FBD."""
    sign = shorthand.OPERATOR_OF[name]
    return "==" if sign == "=" else sign


def coil_letters(part: Part) -> str:
    """Return what is written inside a coil."""
    return _COIL_LETTERS.get(part.name, "" if part.name == "Coil" else part.name)


def type_line(part: Part) -> str:
    """Return the data type that an instruction shows under its title, empty where it shows none."""
    kinds = {each.name: each.value or "Auto" for each in part.templates if each.kind == "Type"}
    if {"SrcType", "DestType"} <= kinds.keys():
        return f"{kinds['SrcType']} to {kinds['DestType']}"
    return next(iter(kinds.values()), "")


def box_note(part: Part) -> str:
    """Return what a box shows under its title: the data type, and the formula of CALCULATE."""
    formula = wrap(f"OUT := {part.equation}", _FORMULA_WIDTH) if part.equation else ""
    return "\n".join(line for line in (type_line(part), formula) if line)


def pin_name(part: Part, pin: str) -> str:
    """Return the name of a pin inside the frame."""
    if part.is_call:
        return pin.upper() if pin in (ENABLE, ENABLE_OUT) else pin
    known = entry(part)
    if known is not None and known.group == "edge" and pin in _EDGE_PINS:
        return _EDGE_PINS[pin]
    if pin == "operand":
        return "IN/OUT"
    return _PINS.get(pin, pin.upper() if pin.islower() else pin)


def shows_operand_over(part: Part) -> bool:
    """Return whether the operand of an instruction is over its box: not where the box reads and changes it."""
    known = entry(part)
    return known is None or known.group != "math"
