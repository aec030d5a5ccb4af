"""Places in a SIMATIC SD document: declarations, statements of SCL networks, operands of LAD and FBD networks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from simatic_xml.locating.places import CodePlace, TextPlace, bare_name, cut_line, first_present
from simatic_xml.locating.scl_text import find_declaration, find_names, find_object
from simatic_xml.scl.lexer import LOCAL, NAME, QUOTED
from simatic_xml.sd.documents import body_start
from simatic_xml.sd.nodes import Network, SdObject
from simatic_xml.sd.parser import parse


class SdText:
    """A SIMATIC SD document (`.s7dcl`)."""

    def __init__(self, content: bytes | str) -> None:
        """Read a document."""
        self._tree = parse(content).tree

    def names(self) -> list[str]:
        """Return the names of the objects in the document."""
        return [node.name for node in self._tree.objects]

    def find(self, places: Sequence[CodePlace]) -> list[TextPlace | None]:
        """Return the place of each finding in one block or data type."""
        node = find_object(self._tree, places[0].block)
        if not isinstance(node, SdObject):
            return [None] * len(places)
        return [self._find(node, place) for place in places]

    def line_at(self, place: TextPlace) -> str:
        """Return the line of the document at a place."""
        return cut_line(self._tree.tokens.source, place.line or 0)

    def _find(self, node: SdObject, place: CodePlace) -> TextPlace:
        number = place.network
        if number is None and place.line is not None and len(node.networks) == 1:
            number = 1
        if number is None or not 0 < number <= len(node.networks):
            return find_declaration(self._tree, node, place)
        network = node.networks[number - 1]
        return self._in_rungs(network, place) if place.line is None else self._in_line(network, place.line, place)

    def _in_line(self, network: Network, line: int, place: CodePlace) -> TextPlace:
        """Return the place in a line of the statements: a mentioned name, otherwise the column that the compiler knows."""
        tokens = self._tree.tokens
        first, margin = body_start(self._tree, network)
        named = find_names(tokens, network.body_first, network.body_stop, first + line - 1, place.names)
        offset = place.choose(named)
        if offset is not None:
            return TextPlace(*tokens.place(offset))
        return TextPlace(first + line - 1, place.column and place.column + margin)

    def _in_rungs(self, network: Network, place: CodePlace) -> TextPlace:
        """Return the place of a mentioned operand in a network; where several are possible, that of the network."""
        tokens = self._tree.tokens
        found: defaultdict[str, list[int]] = defaultdict(list)
        for index in range(network.body_first, network.body_stop):
            if tokens.kinds[index] in (LOCAL, NAME, QUOTED):
                found[bare_name(tokens.text(index))].append(tokens.starts[index])
        offset = place.choose(first_present(place.names, found))
        return TextPlace(*tokens.place(tokens.starts[network.body_first - 1] if offset is None else offset))
