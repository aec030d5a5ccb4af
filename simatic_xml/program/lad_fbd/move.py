"""MOVE of LAD and FBD: assignments, one for each output; every target takes the value in its own type."""

from __future__ import annotations

from simatic_xml.flgnet.model import Part
from simatic_xml.program import nodes as n
from simatic_xml.program.lad_fbd.lowering import Lowering
from simatic_xml.program.types.coercion import coerce
from simatic_xml.program.types.types import DataType


def move(low: Lowering, part: Part) -> None:
    """Write the assignments of a MOVE; it cannot fail, so its ENO is its EN."""
    with low.box(part):
        outputs = [pin for pin in low.wiring.pins(part) if pin.startswith("out") and low.leads(part, pin)]
        if not outputs:
            low.missing(part, "out1")
        source = _Source(low, part, once=len(outputs) > 1)
        for pin in outputs:
            for target in low.targets(part, pin):
                value = source.value(target.type)
                low.assign(target, coerce(low.scope, value, target.type, target.place))
            if low.carries(part, pin):
                low.carry(part, pin, source.value(None))


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
