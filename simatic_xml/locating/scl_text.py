"""Places in an SCL source: declarations, and lines of bodies."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from simatic_xml.locating.places import CodePlace, TextPlace, bare_name, cut_line, first_present
from simatic_xml.scl.documents import body_line
from simatic_xml.scl.lexer import LOCAL, NAME, QUOTED, Tokens
from simatic_xml.scl.nodes import Declaration, SourceObject, SourceTree
from simatic_xml.scl.parser import parse

_SHIFTS = (0, 1, -1)


class SclText:
    """An SCL source, or the file of data blocks or data types."""

    def __init__(self, content: bytes | str) -> None:
        """Read a source in any encoding that TIA Portal reads."""
        self._tree = parse(content).tree

    def names(self) -> list[str]:
        """Return the names of the objects in the source."""
        return [node.name for node in self._tree.objects]

    def find(self, places: Sequence[CodePlace]) -> list[TextPlace | None]:
        """Return the place of each finding in one block.

        The editor's first line may be the rest of the line of BEGIN or the line after it, depending on the version
        that imported the source. Of the two the one counts whose lines contain more of the mentioned names.
        """
        node = find_object(self._tree, places[0].block)
        if node is None:
            return [None] * len(places)
        first = body_line(self._tree, node) - 1
        coded = [place for place in places if place.line is not None]

        def count(shift: int) -> int:
            return sum(bool(self._named(first + shift + (place.line or 0), node, place)) for place in coded)

        first += max(_SHIFTS, key=count)
        return [self._find(place, node, first) for place in places]

    def line_at(self, place: TextPlace) -> str:
        """Return the line of the source at a place."""
        return cut_line(self._tree.tokens.source, place.line or 0)

    def _find(self, place: CodePlace, node: SourceObject, first: int) -> TextPlace:
        if place.line is None:
            return find_declaration(self._tree, node, place)
        line = first + place.line
        offset = place.choose(self._named(line, node, place))
        if offset is None:
            return TextPlace(line, place.column and place.column + self._indent(node, line))
        return TextPlace(*self._tree.tokens.place(offset))

    def _indent(self, node: SourceObject, line: int) -> int:
        """Return how much further right a line of the body is in the source than in the block."""
        begin, column = self._tree.tokens.place(self._tree.tokens.ends[node.body_first - 1])
        if body_line(self._tree, node) > begin:
            return 1
        return column - 1 if line == begin else 0

    def _named(self, line: int, node: SourceObject, place: CodePlace) -> list[int]:
        """Return where a line of the body has a name that the message mentions."""
        return find_names(self._tree.tokens, node.body_first, node.body_stop, line, place.names)


def find_object(tree: SourceTree, name: str) -> SourceObject | None:
    """Return the object of a source with a name."""
    wanted = name.casefold()
    return next((node for node in tree.objects if node.name.casefold() == wanted), None)


def find_names(tokens: Tokens, start: int, stop: int, line: int, names: Sequence[str]) -> list[int]:
    """Return the offsets at which a line has the first of the names that it has.

    Args:
        tokens: the source.
        start: its token to begin with.
        stop: the token after the last.
        line: the line, counted from 1.
        names: folded names without marks.
    """
    at = bisect_left(range(start, stop), line, key=lambda index: tokens.place(tokens.starts[index])[0]) + start
    found: defaultdict[str, list[int]] = defaultdict(list)
    while at < stop and tokens.place(tokens.starts[at])[0] == line:
        if tokens.kinds[at] in (LOCAL, NAME, QUOTED):
            found[bare_name(tokens.text(at))].append(tokens.starts[at])
        at += 1
    return first_present(names, found)


def find_declaration(tree: SourceTree, node: SourceObject, place: CodePlace) -> TextPlace:
    """Return the place of the member that a message mentions, or of one whose type it mentions, or of the object's name."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    types: defaultdict[str, list[int]] = defaultdict(list)
    for declaration in _declarations(node):
        start = _named_at(tree.tokens, declaration.name, declaration.first, declaration.stop)
        members[declaration.name.casefold()].append(start)
        types[bare_name(declaration.data_type.name)].append(start)
    found = first_present(place.names, members) or first_present(place.names, types)
    return TextPlace(*tree.tokens.place(found[0] if found else _name_offset(tree, node)))


def _declarations(node: SourceObject) -> Iterator[Declaration]:
    """Yield the members of an object, those of structures after the structures themselves."""
    waiting = [member for section in node.sections for member in section.members]
    while waiting:
        yield from waiting
        waiting = [inner for member in waiting for inner in member.data_type.members]


def _name_offset(tree: SourceTree, node: SourceObject) -> int:
    return _named_at(tree.tokens, node.name, node.first, node.body_first)


def _named_at(tokens: Tokens, name: str, first: int, stop: int) -> int:
    """Return the offset of the first token of some that is a name, which attributes may precede; of the first one if none is."""
    wanted = name.casefold()
    found = (index for index in range(first, stop) if bare_name(tokens.text(index)) == wanted)
    return tokens.starts[next(found, first)]
