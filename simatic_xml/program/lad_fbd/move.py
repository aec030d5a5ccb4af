"""MOVE of LAD and FBD: assignments, one for each output.

MOVE transfers bits: a number keeps its lowest ones, and a larger target gets zeros above them, also for a negative number. Which types
it transfers is a table (`types/moves.csv`); constants, and data that are not elementary, go by the rules of assignments.
"""

from __future__ import annotations

from simatic_xml.flgnet.model import Part
from simatic_xml.program import nodes as n
from simatic_xml.program.lad_fbd.lowering import Lowering
from simatic_xml.program.types.coercion import coerce, warn_of_loss
from simatic_xml.program.types.conversions import is_movable, loss, same
from simatic_xml.program.types.types import BYTE, DWORD, LWORD, WORD, DataType, Elementary, Kind, type_name


def move(low: Lowering, part: Part) -> None:
    """Write the assignments of a MOVE; it cannot fail, so its ENO is its EN."""
    with low.box(part):
        outputs = [pin for pin in low.wiring.pins(part) if pin.startswith("out") and low.leads(part, pin)]
        if not outputs:
            low.missing(part, "out1")
        source = _Source(low, part, once=len(outputs) > 1)
        for pin in outputs:
            for target in low.targets(part, pin):
                low.assign(target, _transfer(low, part, source.value(target.type), target))
            if low.carries(part, pin):
                low.carry(part, pin, source.value(None))


def _transfer(low: Lowering, part: Part, value: n.Expression, target: n.Expression) -> n.Expression:
    """Return the value of a MOVE in the type of a target; report a type that it does not transfer."""
    source, wanted, scope = value.type, target.type, low.scope
    assigned = part.name == "S_Move" or isinstance(value, n.Constant | n.Broken) or same(source, wanted)
    if (
        assigned
        or not isinstance(source, Elementary)
        or not isinstance(wanted, Elementary)
        or not _is_listed(source, wanted)
    ):
        return coerce(scope, value, wanted, target.place)
    family = scope.symbols.cpu.family
    if is_movable(source, wanted, iec_check=scope.iec_check, family=family):
        if lost := loss(source, wanted):
            warn_of_loss(scope, source, wanted, lost, target.place)
        return _move_bits(value, source, wanted)
    relaxed = scope.iec_check and is_movable(source, wanted, family=family)
    advice = ", or switch the IEC check of the block off" if relaxed else ""
    message = (
        f"MOVE does not transfer {type_name(source)} to {type_name(wanted)}. Convert the value with CONVERT{advice}."
    )
    scope.error("type.implicit", message, target.place)
    return value


def _is_listed(*types: Elementary) -> bool:
    """Return whether the table has types: not hardware data types, timers, counters and Bool."""
    return all(each.bits in _PATTERNS and not each.base and each.kind not in _COUNTED for each in types)


def _move_bits(value: n.Expression, source: Elementary, wanted: Elementary) -> n.Expression:
    """Return a value as the pattern of another type, by the bit strings of both widths."""
    patterns = [_PATTERNS[source.bits], _PATTERNS[wanted.bits], wanted]
    if source.kind is Kind.REAL or wanted.kind is Kind.REAL:
        patterns = [wanted]
    for each in patterns:
        if value.type != each:
            lossy = isinstance(value.type, Elementary) and each.bits < value.type.bits
            value = n.Convert(value, each, value.place, lossy=lossy)
    return value


_PATTERNS = {each.bits: each for each in (BYTE, WORD, DWORD, LWORD)}
_COUNTED = (Kind.TIMER, Kind.COUNTER)


class _Source:
    """The source of a MOVE: read once, but a literal takes the type of each target."""

    def __init__(self, low: Lowering, part: Part, *, once: bool) -> None:
        self.low = low
        self.part = part
        read = None if low.literal(part, "in") else low.require(part, "in")
        changeable = once and not isinstance(read, n.Local | n.TagOperand | None)
        self.read = low.stable(read) if read is not None and changeable else read

    def value(self, wanted: DataType | None) -> n.Expression:
        return self.low.require(self.part, "in", wanted) if self.read is None else self.read
