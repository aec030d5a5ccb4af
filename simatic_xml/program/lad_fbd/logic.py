"""Bit logic of LAD and FBD: contacts, coils, gates, edges, flip-flops, jumps.

An edge compares with its memory bit at every execution, also at the first, for any logic before it in the series
(S7-1200 manual, edge instructions); the value is read once, so that result and memory agree.
"""

from __future__ import annotations

from simatic_xml.flgnet.model import Access, Part, Pin
from simatic_xml.program import nodes as n
from simatic_xml.program.lad_fbd.lowering import Handler, Lowering, negation
from simatic_xml.program.lad_fbd.operation_types import find_numbered_inputs
from simatic_xml.program.types.types import BOOL, Elementary, Kind, Unknown

_GATES = {"A": "AND", "O": "OR", "X": "XOR"}
_RETURNS = {"ReturnTrue": True, "ReturnFalse": False}


def _contact(low: Lowering, part: Part) -> None:
    power = low.bit(part, "in")
    low.let_through(part, power, low.bit(part, "operand"))


def _not(low: Lowering, part: Part) -> None:
    low.drive(part, "out", negation(low.bit(part, "in"), low.at(part.uid)))


def _gate(low: Lowering, part: Part) -> None:
    result, *others = [low.bit(part, pin) for pin in find_numbered_inputs(low, part)]
    for other in others:
        result = n.Binary(_GATES[part.name], result, other, BOOL, low.at(part.uid))
    low.drive(part, "out", result)


def _coil(low: Lowering, part: Part) -> None:
    power = low.bit(part, "in")
    if low.used(part, "out"):
        power = low.stable(power)
    target = low.target(part, "operand", BOOL)
    low.assign(target, negation(power, target.place) if "operand" in part.negated else power)
    low.drive(part, "out", power)


def _set_to(value: bool) -> Handler:
    """Return the statements of a coil that writes its operand only while power flows."""

    def handle(low: Lowering, part: Part) -> None:
        power = low.stable(low.bit(part, "in")) if low.used(part, "out") else low.bit(part, "in")
        target = low.target(part, "operand")
        state = not value and isinstance(target.type, Elementary) and target.type.kind in (Kind.TIMER, Kind.COUNTER)
        if not state and not isinstance(target.type, Unknown) and target.type != BOOL:
            target = low.refuse(target, part, "operand", "Bool")
        with low.when(power, low.at(part.uid)):
            low.assign(target, n.Constant(0 if state else value, target.type, target.place))
        low.drive(part, "out", power)

    return handle


def _flip_flop(first: str, second: str, wins: bool) -> Handler:
    """Return the statements of a flip-flop; the input tested last wins."""

    def handle(low: Lowering, part: Part) -> None:
        place = low.at(part.uid)
        inputs = [low.stable(low.bit(part, pin, default=False)) for pin in (first, second)]
        target = low.target(part, "operand", BOOL)
        for condition, value in zip(inputs, (not wins, wins), strict=True):
            with low.when(condition, place):
                low.assign(target, n.Constant(value, BOOL, place))
        low.drive(part, "q", target)

    return handle


def _edge(low: Lowering, part: Part, value: n.Expression, *, rising: bool) -> n.Expression:
    """Write the memory bit of an edge; return whether there is one now."""
    place = low.at(part.uid)
    memory = low.target(part, "bit", BOOL)
    low.overwritten.append(memory)
    now = low.stable(value)
    before = negation(memory, place) if rising else memory
    edge = n.Binary("AND", now if rising else negation(now, place), before, BOOL, place)
    found = low.stable(edge)
    low.assign(memory, now)
    return found


def _edge_contact(rising: bool) -> Handler:
    def handle(low: Lowering, part: Part) -> None:
        edge = _edge(low, part, low.bit(part, "operand"), rising=rising)
        low.let_through(part, low.bit(part, "pre", default=True), edge)

    return handle


def _edge_box(rising: bool) -> Handler:
    def handle(low: Lowering, part: Part) -> None:
        low.drive(part, "out", _edge(low, part, low.bit(part, "in"), rising=rising))

    return handle


def _edge_coil(rising: bool) -> Handler:
    def handle(low: Lowering, part: Part) -> None:
        power = low.stable(low.bit(part, "in"))
        edge = _edge(low, part, power, rising=rising)
        low.assign(low.target(part, "operand", BOOL), edge)
        low.drive(part, "out", power)

    return handle


def _jump(low: Lowering, part: Part) -> None:
    place = low.at(part.uid)
    power = low.bit(part, "in")
    label = low.wiring.driver(Pin(part.uid, "label"))
    if not isinstance(label, Access):
        low.missing(part, "label")
        return
    name = label.text.removeprefix("label ").strip()
    with low.when(negation(power, place) if part.name == "JumpNot" else power, place):
        low.emit(n.Jump("GOTO", place, name))


def _return(low: Lowering, part: Part) -> None:
    place = low.at(part.uid)
    power = low.bit(part, "in", default=True)
    known = _RETURNS.get(part.name)
    result = n.Constant(known, BOOL, place) if known is not None else low.bit(part, "operand", default=True)
    with low.when(power, place):
        low.assign(n.Eno(place), result)
        low.emit(n.Jump("RETURN", place))


def _outcome(low: Lowering, part: Part) -> None:
    low.assign(n.Outcome(low.at(part.uid)), low.bit(part, "in"))


LOGIC: dict[str, Handler] = {
    "Contact": _contact,
    "Not": _not,
    **dict.fromkeys(_GATES, _gate),
    "Coil": _coil,
    "SCoil": _set_to(True),
    "RCoil": _set_to(False),
    "Sr": _flip_flop("s", "r1", wins=False),
    "Rs": _flip_flop("r", "s1", wins=True),
    "PContact": _edge_contact(rising=True),
    "NContact": _edge_contact(rising=False),
    "PBox": _edge_box(rising=True),
    "NBox": _edge_box(rising=False),
    "PCoil": _edge_coil(rising=True),
    "NCoil": _edge_coil(rising=False),
    **dict.fromkeys(("Jump", "JumpNot"), _jump),
    **dict.fromkeys(("Return", *_RETURNS), _return),
    **dict.fromkeys(("TrCoil", "IlCoil", "SvCoil"), _outcome),
}
"""The function that writes each part of bit logic."""
