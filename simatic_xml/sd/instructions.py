"""What instructions and their pins are called in an SD document, next to their names in SimaticML.

Marks: the names of contacts, coils, edges, flip-flops, compares, Move, Add, Inc, TON are measured on exports of TIA
Portal V20 and V21 next to the SimaticML of the same blocks; the others come from users of V21 who asked TIA
Portal. An instruction without an entry has the same name and pins in both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simatic_xml.flgnet.catalogue import Entry, parts


@dataclass(frozen=True, slots=True)
class Spelling:
    """One instruction in both forms.

    Attributes:
        name: its name in an SD document.
        part: its name in SimaticML.
        only: pin of SimaticML that is alone and without name in the brackets, empty for none.
        pins: names of pins in an SD document by name in SimaticML, where they differ.
        first: pins of SimaticML that are written before the others.
        targets: inputs of SimaticML that are written with `=>`.
        negated: pins of SimaticML that the name itself negates.
    """

    name: str
    part: str
    only: str = ""
    pins: Mapping[str, str] = field(default_factory=dict)
    first: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    negated: tuple[str, ...] = ()


_TIMER_COIL = {"operand": "timer", "value": "pt"}
_MOVES = {"IN": "in", "OUT": "out"}

SPELLINGS = (
    Spelling("Contact", "Contact", "operand"),
    Spelling("I_Contact", "Contact", "operand", negated=("operand",)),
    Spelling("P_Contact", "PContact", first=("operand",)),
    Spelling("N_Contact", "NContact", first=("operand",)),
    Spelling("Coil", "Coil", "operand"),
    Spelling("I_Coil", "Coil", "operand", negated=("operand",)),
    Spelling("S_Coil", "SCoil", "operand"),
    Spelling("R_Coil", "RCoil", "operand"),
    Spelling("P_Coil", "PCoil", first=("operand",), targets=("operand",)),
    Spelling("N_Coil", "NCoil", first=("operand",), targets=("operand",)),
    Spelling("P_Trig", "PBox", "bit"),
    Spelling("N_Trig", "NBox", "bit"),
    Spelling("EQ_Contact", "Eq"),
    Spelling("NE_Contact", "Ne"),
    Spelling("GT_Contact", "Gt"),
    Spelling("GE_Contact", "Ge"),
    Spelling("LT_Contact", "Lt"),
    Spelling("LE_Contact", "Le"),
    Spelling("S_RS", "Rs", first=("operand",)),
    Spelling("S_SR", "Sr", first=("operand",)),
    Spelling("JumpCoil", "Jump", "label"),
    Spelling("I_JumpCoil", "JumpNot", "label"),
    Spelling("ReturnCoil", "Return", "operand"),
    Spelling("TP_Coil", "CoilTP", pins=_TIMER_COIL, first=("operand",), targets=("operand",)),
    Spelling("TON_Coil", "CoilTON", pins=_TIMER_COIL, first=("operand",), targets=("operand",)),
    Spelling("TOF_Coil", "CoilTOF", pins=_TIMER_COIL, first=("operand",), targets=("operand",)),
    Spelling("TONR_Coil", "CoilTONR", pins=_TIMER_COIL, first=("operand",), targets=("operand",)),
    Spelling("RT_Coil", "ResetIECTimerCoil", "operand"),
    Spelling("Inc", "Inc", "operand"),
    Spelling("Dec", "Dec", "operand"),
    Spelling("Calculate", "Calc"),
    Spelling("Scale", "Scale_X"),
    Spelling("Limit", "LIMIT", pins={"MN": "min", "IN": "in", "MX": "max", "OUT": "out"}),
    Spelling("MIN", "MIN", pins={"IN": "in", "OUT": "out"}),
    Spelling("MAX", "MAX", pins={"IN": "in", "OUT": "out"}),
    Spelling("SEL", "SEL", pins={"G": "g", "IN0": "in0", "IN1": "in1", "OUT": "out"}),
    Spelling("GATHER", "GATHER", pins=_MOVES),
    Spelling("GatherBlock", "GATHER_BLK", pins={**_MOVES, "COUNT_OUT": "countOut"}),
    Spelling("INSERT", "INSERT", pins={"IN1": "in1", "IN2": "in2", "P": "p", "OUT": "out"}),
    Spelling(
        "MoveBlockVariant",
        "MOVE_BLK_VARIANT",
        pins={
            "SRC": "src",
            "COUNT": "count",
            "SRC_INDEX": "srcIndex",
            "DEST_INDEX": "dstIndex",
            "Ret_Val": "ret_val",
            "DEST": "dst",
        },
    ),
    Spelling("Runtime", "Runtime", pins={"RET_VAL": "ret_val", "MEM": "mem"}),
    Spelling("TON", "TON", pins={"PT": "pt", "ET": "et"}),
    Spelling("TOF", "TOF", pins={"PT": "pt", "ET": "et"}),
    Spelling("TP", "TP", pins={"PT": "pt", "ET": "et"}),
    Spelling("TONR", "TONR", pins={"R": "r", "PT": "pt", "ET": "et"}),
    Spelling("CTU", "CTU", pins={"R": "r", "PV": "pv", "CV": "cv"}),
    Spelling("CTD", "CTD", pins={"LD": "ld", "PV": "pv", "CV": "cv"}),
    Spelling("CTUD", "CTUD", pins={"CD": "cd", "R": "r", "LD": "ld", "PV": "pv", "QD": "qd", "CV": "cv"}),
    Spelling("R_Trig", "R_TRIG", pins={"CLK": "clk", "Q": "q"}),
    Spelling("F_Trig", "F_TRIG", pins={"CLK": "clk", "Q": "q"}),
)
"""The instructions that differ in name, or in pins by more than upper and lower case."""

_BY_NAME = {spelling.name.casefold(): spelling for spelling in SPELLINGS}
_BY_PART = {(spelling.part, spelling.negated): spelling for spelling in SPELLINGS}
_BY_ANY_PART = {spelling.part.casefold(): spelling for spelling in reversed(SPELLINGS)}

_ENO_GROUPS = ("math", "convert", "word", "move")
ENO_PARTS = frozenset(name for name, each in parts().items() if each.group in _ENO_GROUPS and each.templates)
"""Parts that make an ENO in SimaticML unless DisabledENO is true, and in an SD document only with S7_GenerateENO.

Exports show it for those that the corpus holds, the others are of the same groups.
"""


def of_name(name: str) -> Spelling:
    """Return the instruction that a name of an SD document means, also in the other spelling."""
    known = _BY_NAME.get(name.casefold()) or _BY_ANY_PART.get(name.casefold())
    if known:
        return known
    part = name if name in parts() else _PART_NAMES.get(name.casefold(), name)
    return Spelling(part, part)


def of_part(part: str, negated: tuple[str, ...]) -> Spelling:
    """Return the instruction for a part of SimaticML with these negated pins."""
    own = tuple(pin for pin in negated if pin == "operand")
    return _BY_PART.get((part, own)) or _BY_PART.get((part, ())) or Spelling(part, part)


def is_instance_instruction(name: str) -> bool:
    """Return whether a name is that of an instruction that is called through an instance."""
    entry = parts().get(of_name(name).part)
    return entry is not None and entry.instance


def is_known(spelling: Spelling) -> bool:
    """Return whether the pins of an instruction are known."""
    return spelling.part in parts()


def pin_in_part(spelling: Spelling, name: str, entry: Entry | None) -> str:
    """Return the pin of SimaticML for the pin of an SD document; upper and lower case do not count."""
    wanted = name.casefold()
    for pin, own in spelling.pins.items():
        if own.casefold() == wanted:
            return pin
    known = {} if entry is None else {pin.casefold(): pin for pin in (*entry.inputs, *entry.outputs)}
    if wanted in known:
        return known[wanted]
    if entry is not None and entry.card and wanted.startswith(entry.card[1].casefold()):
        return entry.card[1] + name[len(entry.card[1]) :]
    return name


def pin_in_document(spelling: Spelling, pin: str) -> str:
    """Return the pin of an SD document for the pin of SimaticML."""
    if pin in spelling.pins:
        return spelling.pins[pin]
    counted = pin.rstrip("0123456789")
    return spelling.pins[counted] + pin[len(counted) :] if counted != pin and counted in spelling.pins else pin


_PART_NAMES = {name.casefold(): name for name in reversed(list(parts()))}
