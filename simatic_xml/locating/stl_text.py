"""Places in an STL source: declarations, and statements of networks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from simatic_xml.locating.places import CodePlace, TextPlace, bare_name, cut_line, first_present
from simatic_xml.locating.scl_text import find_declaration, find_object
from simatic_xml.scl.lexer import LOCAL, NAME, QUOTED, tokenize
from simatic_xml.scl.parser import decode
from simatic_xml.stl.source_body import SourceStatement
from simatic_xml.stl.sources import StlParser


class StlText:
    """An STL source."""

    def __init__(self, content: bytes | str) -> None:
        """Read a source in any encoding that TIA Portal reads."""
        self._parser = StlParser(decode(content))
        self._tree = self._parser.source_tree()

    def names(self) -> list[str]:
        """Return the names of the objects in the source."""
        return [node.name for node in self._tree.objects]

    def find(self, places: Sequence[CodePlace]) -> list[TextPlace | None]:
        """Return the place of each finding in one block: a statement, a network without one, or a declaration."""
        node = find_object(self._tree, places[0].block)
        if node is None:
            return [None] * len(places)
        networks = self._parser.bodies.get(id(node), [])
        return [
            find_declaration(self._tree, node, place)
            if place.network is None or not 0 < place.network <= len(networks)
            else self._statement(networks[place.network - 1].statements, place)
            for place in places
        ]

    def line_at(self, place: TextPlace) -> str:
        """Return the line of the source at a place."""
        return cut_line(self._tree.tokens.source, place.line or 0)

    def _statement(self, statements: list[SourceStatement], place: CodePlace) -> TextPlace | None:
        """Return the place of a name in a statement, otherwise of the statement; without a line, in the whole network."""
        tokens = self._tree.tokens
        chosen = [each for each in statements if each.code]
        if place.line is not None:
            chosen = statements[place.line - 1 : place.line]
        if not chosen:
            return None
        found: defaultdict[str, list[int]] = defaultdict(list)
        for statement in chosen:
            inner = tokenize(tokens.source[statement.start : statement.stop])
            for kind, start, end in zip(inner.kinds, inner.starts, inner.ends, strict=True):
                if kind in (LOCAL, NAME, QUOTED):
                    found[bare_name(inner.source[start:end])].append(statement.start + start)
        offset = place.choose(first_present(place.names, found))
        return TextPlace(*tokens.place(chosen[0].start if offset is None else offset))
