"""Compare LAD and FBD networks part by part: contacts, coils, boxes, their operands and their wires."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from simatic_xml.diff.changes import Change, Kind
from simatic_xml.diff.flow import Flow
from simatic_xml.diff.lines import compare_lines
from simatic_xml.diff.pairing import Pairing
from simatic_xml.diff.plain_xml import xml_lines
from simatic_xml.errors import SimaticMLError
from simatic_xml.flgnet.model import NetworkGraph, Part
from simatic_xml.flgnet.reading import graph
from simatic_xml.flgnet.shorthand import STEP_OF

_WORDS = {
    "coilP": "coil P",
    "coilN": "coil N",
    "contactP": "contact P",
    "contactN": "contact N",
    "set": "set coil",
    "reset": "reset coil",
}
_MAIN_PINS = ("operand", "timer", "label")
_CONTACT = ("normally open", "normally closed")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part with the operands at its pins."""

    part: Part
    operands: dict[str, str]

    def signature(self) -> tuple[object, ...]:
        """Return all that the part says, without its number and its wires."""
        part = self.part
        said = (part.name, part.block_type, part.version, part.instance, part.negated, part.templates)
        rest = (part.parameters, part.equation, part.disabled_eno)
        return *said, *rest, tuple(sorted(self.operands.items()))

    def words(self) -> Counter[str]:
        """Return what the part says; contacts are like contacts only, coils like coils, boxes like boxes."""
        group = next((group for group in ("Contact", "Coil") if self.part.name.endswith(group)), "box")
        words = Counter({f"{group}:{self.part.name}": 1 if group != "box" else 3})
        words.update({f"{group}:{text}": 2 for text in self.operands.values()})
        if self.part.instance:
            words[f"{group}:{self.part.instance}"] += 3
        return words

    def __str__(self) -> str:
        """Return the part as people call it: ``contact #start``, ``TON "Timer"``."""
        part = self.part
        main = next((self.operands[pin] for pin in _MAIN_PINS if pin in self.operands), part.instance or "")
        key = STEP_OF.get(part.name, part.name)
        word = f'call "{part.name}"' if part.is_call else _WORDS.get(key, key)
        return f"{word} {main}".strip()


def compare_logic(
    path: str, number: int, before: etree._Element | None, after: etree._Element | None
) -> Iterator[Change]:
    """Compare two ``FlgNet`` elements; None is an empty network.

    Networks that are damaged are compared as XML, line by line.
    """
    try:
        old, new = (NetworkGraph() if each is None else graph(each) for each in (before, after))
    except SimaticMLError:
        lines = [[] if each is None else xml_lines(each) for each in (before, after)]
        yield from compare_lines(path, lines[0], lines[1], number)
        return
    changes = list(_Comparison(path, number, old, new).changes())
    yield from changes or _compare_hidden(path, number, before, after)


class _Comparison:
    def __init__(self, path: str, number: int, old: NetworkGraph, new: NetworkGraph) -> None:
        self.path, self.number = path, number
        self.graphs = old, new
        self.old, self.new = _parts(old), _parts(new)
        self.pairing = Pairing.of(self.old, self.new, [_Part.signature], _Part.words)

    def changes(self) -> Iterator[Change]:
        removed, added = self.pairing.without_partner()
        for index in removed:
            part = self.old[index]
            yield self.change(str(part), Kind.PART_REMOVED, parts=(part.part.uid, None))
        for index, part in enumerate(self.new):
            if index in self.pairing.partners:
                old = self.old[self.pairing.partners[index]]
                yield from (replace(each, parts=(old.part.uid, part.part.uid)) for each in self.part(old, part))
            else:
                yield self.change(str(part), Kind.PART_ADDED, parts=(None, part.part.uid))
        yield from self.labels()
        yield from self.wires(any_removed=bool(removed), any_added=bool(added))

    def change(
        self,
        place: str,
        kind: Kind,
        before: str | None = None,
        after: str | None = None,
        detail: str = "",
        parts: tuple[int | None, int | None] = (None, None),
    ) -> Change:
        path = f"{self.path}/{place}" if place else self.path
        return Change(path, kind, before, after, self.number, detail, parts=parts)

    def part(self, old: _Part, new: _Part) -> Iterator[Change]:
        place = str(new)
        if (old.part.name, old.part.block_type) != (new.part.name, new.part.block_type):
            yield self.change(place, Kind.PART_CHANGED, str(old), place)
        yield from self.negations(place, old.part, new.part)
        for pin in dict.fromkeys([*old.operands, *new.operands]):
            before, after = old.operands.get(pin), new.operands.get(pin)
            if before != after:
                kind = Kind.PARAMETER_CHANGED if new.part.is_call else Kind.OPERAND_CHANGED
                yield self.change(place, kind, before, after, "" if pin in _MAIN_PINS else pin)
        if old.part.instance != new.part.instance:
            yield self.change(place, Kind.INSTANCE_CHANGED, old.part.instance, new.part.instance)
        yield from self.properties(place, _properties(old.part), _properties(new.part))

    def negations(self, place: str, old: Part, new: Part) -> Iterator[Change]:
        for pin in sorted(set(old.negated) ^ set(new.negated)):
            negated = pin in new.negated
            if pin == "operand" and new.name.endswith("Contact"):
                yield self.change(place, Kind.CONTACT_INVERTED, _CONTACT[not negated], _CONTACT[negated])
            else:
                values = ("plain", "negated")
                yield self.change(place, Kind.PIN_INVERTED, values[not negated], values[negated], pin)

    def properties(self, place: str, old: dict[str, str | None], new: dict[str, str | None]) -> Iterator[Change]:
        for name in dict.fromkeys([*old, *new]):
            if old.get(name) != new.get(name):
                yield self.change(place, Kind.ATTRIBUTE_CHANGED, old.get(name), new.get(name), name)

    def labels(self) -> Iterator[Change]:
        old, new = (", ".join(label.name for label in graph.labels) for graph in self.graphs)
        if old != new:
            yield self.change("", Kind.ATTRIBUTE_CHANGED, old or None, new or None, "labels")

    def wires(self, *, any_removed: bool, any_added: bool) -> Iterator[Change]:
        """Compare what drives each pin, as seen past the parts that came or went, and what is driven first."""
        partners = self.pairing.partners
        old = Flow(self.graphs[0], {self.old[before].part.uid: after for after, before in partners.items()})
        new = Flow(self.graphs[1], {self.new[after].part.uid: after for after in partners})
        rewired = False
        for pin in dict.fromkeys([*old.drivers, *new.drivers]):
            before, after = old.drivers.get(pin, frozenset()), new.drivers.get(pin, frozenset())
            if before == after or (any_added and before <= after) or (any_removed and after <= before):
                continue
            rewired = True
            place, parts = str(self.new[pin[0]]), (self.old[partners[pin[0]]].part.uid, self.new[pin[0]].part.uid)
            names = self.name_drivers(before), self.name_drivers(after)
            yield self.change(place, Kind.WIRING_CHANGED, *names, pin[1], parts)
        if not rewired and old.order(new) != new.order(old):
            yield self.change("", Kind.ORDER_CHANGED)

    def name_drivers(self, drivers: frozenset[tuple[int, str]]) -> str | None:
        names = [str(self.new[index]) if index >= 0 else "rail" for index, _ in sorted(drivers)]
        return " or ".join(names) or None


def _parts(network: NetworkGraph) -> list[_Part]:
    operands: dict[int, dict[str, str]] = {part.uid: {} for part in network.parts}
    for pin, access in network.operands().items():
        operands.setdefault(pin.part, {})[pin.name] = access.text
    return [_Part(part, operands[part.uid]) for part in network.parts]


def _properties(part: Part) -> dict[str, str | None]:
    eno = None if part.disabled_eno is None else str(not part.disabled_eno).lower()
    found = {"version": part.version, "equation": part.equation, "ENO": eno}
    found |= {template.name: template.value or "automatic" for template in part.templates}
    return found | {f"parameter {each.name}": f"{each.section} {each.data_type}" for each in part.parameters}


def _compare_hidden(
    path: str, number: int, before: etree._Element | None, after: etree._Element | None
) -> Iterator[Change]:
    """Find what no operand text says in networks that are otherwise the same."""
    old, new = (Counter[str]() if each is None else _nodes(each) for each in (before, after))
    gone, come = "\n".join(sorted((old - new).elements())), "\n".join(sorted((new - old).elements()))
    if gone or come:
        yield Change(path, Kind.OTHER_CHANGED, gone or None, come or None, number)


def _nodes(source: etree._Element) -> Counter[str]:
    parts = source.find("{*}Parts")
    return Counter(" ".join(map(str.strip, xml_lines(node))) for node in ([] if parts is None else parts))
