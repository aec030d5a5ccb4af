"""Places in the JSON form of a block: a JSON pointer, and the line and column in the text that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simatic_xml.locating.places import CodePlace, TextPlace, bare_name, cut_line, first_present
from simatic_xml.locating.scl_text import find_names
from simatic_xml.locating.xml_text import XmlText
from simatic_xml.scl.lexer import tokenize

_CODE = re.compile(r"/networks/\d+/source/(?:scl|stl)(?:/\d+)?$")


class JsonText:
    """The JSON form of one block or data type."""

    def __init__(self, data: Mapping[str, Any], pointer: str, xml: bytes) -> None:
        """Take a form.

        Args:
            data: the form.
            pointer: where in the request it is.
            xml: the SimaticML that was made of it, which names the elements of LAD, FBD and GRAPH.
        """
        self._data, self._pointer, self._xml = data, pointer, xml

    def find(self, places: Sequence[CodePlace]) -> list[TextPlace | None]:
        """Return the place of each finding in one block or data type."""
        xml = XmlText(self._xml)
        elements = xml.find(places)
        return [
            None if in_xml is None else self._find(place, xml.network_of(place) or 0, in_xml.element)
            for place, in_xml in zip(places, elements, strict=True)
        ]

    def line_at(self, place: TextPlace) -> str:
        """Return the line of SCL or STL at a place, in a text or in a list of lines; empty for any other place."""
        if not _CODE.search(place.pointer):
            return ""
        found: Any = self._data
        for part in place.pointer.removeprefix(self._pointer).split("/")[1:]:
            found = found[int(part) if isinstance(found, list) else part]
        return cut_line(str(found), place.line or 1)

    def _find(self, place: CodePlace, number: int, element: str) -> TextPlace:
        """Return the place of a finding in a network, counted from 1, or with 0 in the interface."""
        if "graph" in self._data:
            pointer = _named(self._data["graph"], f"{self._pointer}/graph", place) or self._member(place)
            return TextPlace(pointer=pointer, element=element)
        networks = self._data.get("networks")
        if not isinstance(networks, list) or not 0 < number <= len(networks):
            return TextPlace(pointer=self._member(place))
        pointer = f"{self._pointer}/networks/{number - 1}"
        source = networks[number - 1].get("source")
        for key in ("scl", "stl"):
            lines = source.get(key) if isinstance(source, Mapping) else None
            if place.line is not None and isinstance(lines, str | list):
                return _in_lines(lines, f"{pointer}/source/{key}", place)
        return TextPlace(pointer=_named(source, f"{pointer}/source", place) or pointer, element=element)

    def _member(self, place: CodePlace) -> str:
        """Return the pointer to the member that a message mentions, otherwise to the form."""
        members = list(_members(self._data, self._pointer))
        for key in ("name", "type"):
            for name in place.names:
                found = next((at for at, each in members if bare_name(str(each.get(key, ""))) == name), None)
                if found is not None:
                    return found
        return self._pointer or "/name"


def _in_lines(lines: str | list[Any], pointer: str, place: CodePlace) -> TextPlace:
    """Return the place in a text, or in a list of its lines."""
    number = place.line or 1
    split = lines.split("\n") if isinstance(lines, str) else [str(each) for each in lines]
    text = split[number - 1] if number <= len(split) else ""
    tokens = tokenize(text)
    offset = place.choose(find_names(tokens, 0, len(tokens.kinds), 1, place.names) or [-1])
    column = None if offset is None or offset < 0 else offset + 1
    if isinstance(lines, str):
        return TextPlace(number, column, pointer)
    return TextPlace(None, column, f"{pointer}/{number - 1}")


def _named(data: Any, pointer: str, place: CodePlace) -> str:
    """Return the pointer to the operand, step or transition that a message mentions; empty where none or several are."""
    pointers: list[str] = []
    found: dict[str, list[int]] = {}
    for at, text in _strings(data, pointer):
        if text == place.part and at.endswith("/name"):
            return at.removesuffix("/name")
        found.setdefault(bare_name(text.split(".")[0].split("[")[0]), []).append(len(pointers))
        pointers.append(at)
    chosen = place.choose(first_present(place.names, found))
    return "" if chosen is None else pointers[chosen]


def _strings(data: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(data, str):
        yield pointer, data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from _strings(value, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _strings(value, f"{pointer}/{index}")


def _members(data: Mapping[str, Any], pointer: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the members of all sections and of structures with their pointers."""
    lists = [(f"{pointer}/members", data.get("members"))]
    interface = data.get("interface")
    if isinstance(interface, Mapping):
        lists += [(f"{pointer}/interface/{section}", members) for section, members in interface.items()]
    for at, members in lists:
        for index, member in enumerate(members if isinstance(members, list) else []):
            if isinstance(member, Mapping):
                yield f"{at}/{index}", member
                yield from _members({"members": member.get("members")}, f"{at}/{index}")
