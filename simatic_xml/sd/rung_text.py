"""The text of a LAD or FBD network in an SD document. Facts: exports of TIA Portal V20 and V21."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from simatic_xml.flgnet.catalogue import entry
from simatic_xml.flgnet.errors import FlgNetError
from simatic_xml.flgnet.literals import split_prefix
from simatic_xml.flgnet.model import Part, Pin, Rail
from simatic_xml.flgnet.operand import UNSAYABLE
from simatic_xml.flgnet.reading import graph
from simatic_xml.scl.diagnostics import SclError
from simatic_xml.sd.instructions import ENO_PARTS, Spelling, of_part, pin_in_document
from simatic_xml.sd.layout import INDENT, attribute_lines, operand, quote_name
from simatic_xml.sd.nodes import RAIL
from simatic_xml.sd.rungs import Join, PlannedPin, PlannedRung, Step, flow_negated, plan

_PREFIX = re.compile(r"(?:const|label)\s+")


def network_lines(element: etree._Element | None, language: str) -> Iterator[str]:
    """Yield the lines between NETWORK and END_NETWORK.

    Raises:
        SclError: the network contains something that rungs cannot express.
    """
    ladder = language.endswith("LAD")
    if element is None:
        yield from _empty(ladder=ladder)
        return
    try:
        network = graph(element)
    except FlgNetError as error:
        raise SclError(error.message) from error
    if any(access.text == UNSAYABLE for access in network.accesses):
        raise SclError("The network has an operand that cannot be written as text.")
    yield from (f"Label( {label.name} )" for label in network.labels)
    rungs = plan(network, ladder=ladder)
    yield from _Writer(rungs).lines() if rungs else _empty(ladder=ladder)


def _empty(*, ladder: bool) -> Iterator[str]:
    yield f"RUNG wire#{RAIL}" if ladder else "RUNG"
    yield "END_RUNG"


class _Writer:
    def __init__(self, rungs: list[PlannedRung]) -> None:
        self.rungs = rungs
        self.names: dict[Pin, str] = {}
        self.named = set(_find_referred(rungs))

    def wire(self, wire: Pin | Rail) -> str:
        """Return the name of a wire; wires are numbered as their names come up in the text."""
        if isinstance(wire, Rail):
            return f"wire#{RAIL}"
        return "wire#" + self.names.setdefault(wire, f"w{len(self.names) + 1}")

    def lines(self) -> Iterator[str]:
        for rung in self.rungs:
            yield f"RUNG {self.start(rung)}".rstrip()
            for item in rung.items:
                yield from (INDENT + line for line in self.item(rung, item))
            yield f"END_RUNG {self.wire(rung.end)}" if rung.end else "END_RUNG"

    def start(self, rung: PlannedRung) -> str:
        if rung.start is None:
            return ""
        return format_operand(rung.start) if isinstance(rung.start, str) else self.wire(rung.start)

    def item(self, rung: PlannedRung, item: Step | Join) -> Iterator[str]:
        if isinstance(item, Join):
            yield self.wire(item.out)
            return
        yield from self.step(item)
        is_end = item is rung.items[-1] and item.out == rung.end
        if item.out in self.named and item.out is not None and not is_end:
            yield self.wire(item.out)

    def step(self, step: Step) -> Iterator[str]:
        part = step.part
        spelling = of_part(part.name, part.negated)
        head = ("NOT " if flow_negated(part) else "") + _head(part, spelling)
        if entries := _attributes(part):
            yield from attribute_lines(entries)
        pins = step.pins if part.is_call else sorted(step.pins, key=lambda pin: _rank(spelling, pin))
        if spelling.only and len(pins) == 1 and not part.is_call:
            yield f"{head}( {self.value(part, spelling, pins[0])} )"
            return
        texts = [self.pin(part, spelling, pin) for pin in pins]
        if not texts:
            yield f"{head}()"
        elif len(texts) == 1 and not part.is_call:
            yield f"{head}( {texts[0]} )"
        else:
            yield f"{head}("
            yield from (f"{INDENT}{text}{',' if text is not texts[-1] else ''}" for text in texts)
            yield ")"

    def pin(self, part: Part, spelling: Spelling, pin: PlannedPin) -> str:
        name = quote_name(pin.name) if part.is_call else pin_in_document(spelling, pin.name)
        operator = "=>" if pin.is_output or (not part.is_call and pin.name in spelling.targets) else ":="
        return f"{name} {operator} {self.value(part, spelling, pin) or ' '}"

    def value(self, part: Part, spelling: Spelling, pin: PlannedPin) -> str:
        inverted = "NOT " if pin.name in part.negated and pin.name not in spelling.negated else ""
        return inverted + (self.wire(pin.wire) if pin.wire else format_operand(pin.text))


def _find_referred(rungs: list[PlannedRung]) -> Iterator[Pin]:
    """Yield the wires that something refers to, which therefore need a name."""
    for rung in rungs:
        yield from (wire for wire in (rung.start, rung.end) if isinstance(wire, Pin))
        for item in rung.items:
            if isinstance(item, Step):
                yield from (pin.wire for pin in item.pins if isinstance(pin.wire, Pin))


def _head(part: Part, spelling: Spelling) -> str:
    """Return what is in front of the brackets: the called block or its instance, or the instruction."""
    instance = operand(part.instance) if part.instance else ""
    if part.is_call:
        return instance or f'"{part.name}"'
    return f"{instance}.{spelling.name}" if instance else spelling.name


def _rank(spelling: Spelling, pin: PlannedPin) -> int:
    """Sort the operand of an instruction before its other pins, and inputs before outputs."""
    return -1 if pin.name in spelling.first else int(pin.is_output)


def _attributes(part: Part) -> dict[str, str]:
    """Return the entries of the `{ ... }` in front of an element."""
    entries = {}
    if part.disabled_eno is False or (part.disabled_eno is None and part.name in ENO_PARTS):
        entries["S7_GenerateENO"] = "TRUE"
    if part.equation is not None:
        entries["S7_Expression"] = part.equation
    types = [f"{each.name} := {each.value}" for each in part.templates if each.kind == "Type" and each.value]
    known = entry(part)
    if types and (known is None or known.group != "move"):
        entries["S7_Templates"] = types[0] if len(types) == 1 else f"[{', '.join(types)}]"
    return dict(sorted(entries.items()))


def format_operand(text: str) -> str:
    """Return an operand as an SD document writes it: constants without their type and without a word in front."""
    text = _PREFIX.sub("", text, count=1) if text.startswith(("const ", "label ")) else text
    prefixed = split_prefix(text)
    return prefixed[1] if prefixed else operand(text)
