"""Places in a SimaticML file: lines of SCL and STL, elements of LAD, FBD and GRAPH, members of interfaces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from lxml import etree

from simatic_xml.flgnet.operand import operand_text
from simatic_xml.locating.places import CodePlace, TextPlace, bare_name, cut_line
from simatic_xml.xml.parsing import parse
from simatic_xml.xml.residue import local
from simatic_xml.xml.source import decode

_TAGS = re.compile(
    r"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|</[^>]*>|(?P<start><(?:[^<>"']|"[^"]*"|'[^']*')*>)""", re.DOTALL
)
_NAME = re.compile(r"""\sName\s*=\s*["']""")
_NAMED = frozenset(["Component", "Constant", "CallInfo", "Instruction", "Parameter", "Label", "Part"])
_STRUCTURED, _LIST = "StructuredText", "StatementList"


class XmlText:
    """A SimaticML file."""

    def __init__(self, content: bytes) -> None:
        """Read a file in the encoding that it declares."""
        self._text, _ = decode(content)
        self._root = parse(self._text, own=True)
        starts = (found.start() for found in _TAGS.finditer(self._text) if found["start"])
        self._offsets = dict(zip(self._root.iter(etree.Element), starts, strict=True))

    def find(self, places: Sequence[CodePlace]) -> list[TextPlace | None]:
        """Return the place of each finding in one block or data type."""
        return [None if each is None else self._find(*each) for each in map(self._in_network, places)]

    def line_at(self, place: TextPlace) -> str:
        """Return the line of the file at a place."""
        return cut_line(self._text, place.line or 0)

    def network_of(self, place: CodePlace) -> int | None:
        """Return the network of a finding, counted from 1, 0 for the interface; None where it cannot be known."""
        found = self._in_network(place)
        return None if found is None else found[1].network or 0

    def _in_network(self, place: CodePlace) -> tuple[etree._Element, CodePlace] | None:
        """Return the object of a finding, and the finding with its network: one in SCL names none.

        Of several networks it is the one that has a mentioned name in that line.
        """
        wanted = place.block.casefold()
        owner = next((each for each in self._root if _name_of(each).casefold() == wanted), None)
        if owner is None or place.network is not None or place.line is None:
            return None if owner is None else (owner, place)
        sources = [_source_of(unit) for unit in _units(owner)]
        fitting = [
            number
            for number, source in enumerate(sources, 1)
            if source is not None and (len(sources) == 1 or _first_named(source, place))
        ]
        return (owner, replace(place, network=fitting[0])) if len(fitting) == 1 else None

    def _find(self, owner: etree._Element, place: CodePlace) -> TextPlace:
        units = _units(owner)
        if place.network is None or not 0 < place.network <= len(units):
            return self._member(owner, place)
        unit = units[place.network - 1]
        source = _source_of(unit)
        if source is None:
            return self._place(unit)
        kind = local(source)
        found = _by_uid(source, place) or _first_named(source, place)
        if kind in (_STRUCTURED, _LIST):
            return self._code(source, list(_lines(source, kind, place.line)), found, place)
        return self._logic(unit, source, found, place)

    def _code(
        self, source: etree._Element, inside: list[etree._Element], found: list[etree._Element], place: CodePlace
    ) -> TextPlace:
        offset = place.choose([self._offset(each) for each in found]) if found else None
        if offset is not None:
            return self._at(offset)
        start = inside[0] if inside else source
        return TextPlace(self._at(self._offsets[start]).line)

    def _logic(
        self, unit: etree._Element, source: etree._Element, found: list[etree._Element], place: CodePlace
    ) -> TextPlace:
        """Return the element of LAD, FBD or GRAPH that a message mentions; where several fit, the network."""
        steps = [each for each in source.iter("{*}Step", "{*}Transition") if each.get("Name") == place.part]
        offset = place.choose([self._offset(each) for each in found or steps])
        at = self._place(unit) if offset is None else self._at(offset)
        texts = {_element_text(source, each) for each in found}
        return TextPlace(at.line, at.column, element=place.part or (texts.pop() if len(texts) == 1 else ""))

    def _member(self, owner: etree._Element, place: CodePlace) -> TextPlace:
        """Return the place of the member that a message mentions, or of one whose type it mentions, or of the object's name."""
        members = list(owner.iter("{*}Member"))
        for attribute in ("Name", "Datatype"):
            named = {bare_name(each.get(attribute, "")): each for each in reversed(members)}
            found = next((named[name] for name in place.names if name in named), None)
            if found is not None:
                return self._place(found)
        name_node = owner.find("AttributeList/Name")
        return self._place(owner if name_node is None else name_node)

    def _place(self, element: etree._Element) -> TextPlace:
        return self._at(self._offset(element))

    def _offset(self, element: etree._Element) -> int:
        """Return where the name of an element is in the text, otherwise its tag."""
        start = self._offsets[element]
        tag = _TAGS.match(self._text, start)
        name = _NAME.search(self._text, start, tag.end()) if tag else None
        return name.end() if name else start

    def _at(self, offset: int) -> TextPlace:
        line = self._text.count("\n", 0, offset) + 1
        return TextPlace(line, offset - (self._text.rfind("\n", 0, offset) + 1) + 1)


def _units(owner: etree._Element) -> list[etree._Element]:
    return [each for each in owner.iter(etree.Element) if local(each) == "SW.Blocks.CompileUnit"]


def _source_of(unit: etree._Element) -> etree._Element | None:
    return next((each for each in unit.iterfind("AttributeList/NetworkSource/*")), None)


def _name_of(element: etree._Element) -> str:
    return element.findtext("AttributeList/Name") or "" if isinstance(element.tag, str) else ""


def _lines(source: etree._Element, kind: str, wanted: int | None) -> Iterator[etree._Element]:
    """Yield the nodes of one line of a network, or all of them."""
    if wanted is None or kind not in (_STRUCTURED, _LIST):
        yield from source.iterdescendants(etree.Element)
    elif kind == _LIST:
        statements = list(source.iterchildren("{*}StlStatement"))
        for statement in statements[wanted - 1 : wanted]:
            yield from statement.iter(etree.Element)
    else:
        line = 1
        for node in source.iterdescendants(etree.Element):
            name = local(node)
            if line == wanted and name not in ("NewLine", "Blank"):
                yield node
            if name == "NewLine":
                line += int(node.get("Num", "1"))
            elif name == "Text":
                line += (node.text or "").count("\n")


def _named(nodes: Iterable[etree._Element], name: str) -> list[etree._Element]:
    """Return the nodes that spell a name."""
    return [
        node
        for node in nodes
        if (local(node) in _NAMED and bare_name(node.get("Name", "")) == name)
        or (local(node) == "ConstantValue" and bare_name(node.text or "") == name)
    ]


def _first_named(source: etree._Element, place: CodePlace) -> list[etree._Element]:
    """Return the nodes in the line of a place that spell the first of the mentioned names that is there."""
    inside = list(_lines(source, local(source), place.line))
    return next((each for name in place.names if (each := _named(inside, name))), [])


def _by_uid(source: etree._Element, place: CodePlace) -> list[etree._Element]:
    """Return the node with the UId of a place, or the name in it that the message mentions."""
    if place.uid is None:
        return []
    node = next((each for each in source.iter(etree.Element) if each.get("UId") == str(place.uid)), None)
    if node is None:
        return []
    inside = list(node.iter(etree.Element))
    return next((each for name in place.names if len(each := _named(inside, name)) == 1), [node])


def _element_text(source: etree._Element, node: etree._Element) -> str:
    """Return the instruction with its operand: `Contact #start`; of an instruction or call its name."""
    top = next((each for each in (node, *node.iterancestors()) if local(each) in ("Access", "Part", "Call")), None)
    if top is None:
        return ""
    if local(top) == "Part":
        return top.get("Name", "")
    if local(top) == "Call":
        info = top.find("{*}CallInfo")
        return "" if info is None else f'"{info.get("Name", "")}"'
    uid, users = top.get("UId"), []
    parts = {each.get("UId"): each for each in source.iter("{*}Part", "{*}Call")}
    for wire in source.iter("{*}Wire"):
        ends = list(wire.iterchildren(etree.Element))
        if any(local(end) == "IdentCon" and end.get("UId") == uid for end in ends):
            users += [parts[end.get("UId")] for end in ends if local(end) == "NameCon" and end.get("UId") in parts]
    operand = operand_text(top)
    return f"{_element_text(source, users[0])} {operand}" if users else operand
