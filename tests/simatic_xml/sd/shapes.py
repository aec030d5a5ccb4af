"""What a network of boxes means, whatever the order and the numbers of its nodes are."""

import re

from lxml import etree

from simatic_xml.flgnet.model import End, Ident, NetworkGraph, Open, Part, Pin, Rail
from simatic_xml.flgnet.reading import graph

_PREFIX = re.compile(r"\A(?:const #?|(?:U?S?D?L?Int|L?Real|Bool)#(?=[-+\d]))")
_QUOTES = re.compile(r'"')


def meaning(element: etree._Element) -> list[str]:
    """Return each part with everything that drives it and that it drives, sorted; the inputs of an OR have no order."""
    network = graph(element)
    described = _Described(network)
    return sorted(str(described.part(part.uid)) for part in network.parts) + [f"label {x.name}" for x in network.labels]


class _Described:
    def __init__(self, network: NetworkGraph) -> None:
        self.parts = {part.uid: part for part in network.parts}
        self.texts = {access.uid: _QUOTES.sub("", _PREFIX.sub("", access.text)) for access in network.accesses}
        self.inputs: dict[int, dict[str, End]] = {uid: {} for uid in self.parts}
        self.outputs: dict[int, dict[str, list[str]]] = {uid: {} for uid in self.parts}
        for wire in network.wires:
            for end in wire.ends[1:]:
                self._note(wire.ends[0], end)

    def _note(self, source: End, end: End) -> None:
        if isinstance(end, Pin) and not isinstance(source, Open):
            self.inputs[end.part][end.name] = source
        elif isinstance(source, Pin) and isinstance(end, Ident):
            self.outputs[source.part].setdefault(source.name, []).append(self.texts[end.access])

    def part(self, uid: int) -> tuple[object, ...]:
        part = self.parts[uid]
        inputs = {name: self.end(source) for name, source in self.inputs[uid].items()}
        driven = sorted(map(str, inputs.values())) if part.name == "O" else sorted(inputs.items())
        types = tuple((each.name, each.value) for each in part.templates if each.kind == "Type")
        return (part.name, part.block_type, _bare(part), sorted(part.negated), types, str(driven), self.outputs[uid])

    def end(self, end: End) -> str:
        match end:
            case Rail():
                return "rail"
            case Ident(access):
                return self.texts[access]
            case Pin(part, name):
                return f"{name} of {hash(str(self.part(part)))}"
        return ""


def _bare(part: Part) -> str:
    return _QUOTES.sub("", part.instance or "")
