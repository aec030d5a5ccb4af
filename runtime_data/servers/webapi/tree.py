"""The tags of a source as PlcProgram.Browse lists them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from runtime_data.servers.webapi.refusals import Refused
from runtime_data.values import TagInfo, split
from runtime_data.webapi import codes
from runtime_data.webapi.addresses import AddressError, parse, to_path
from runtime_data.webapi.forms import web_name

_AREAS = {"Input": "I", "Output": "Q", "Marker": "M", "Counter": "C", "Timer": "T"}
_ELEMENT = re.compile(r"\[(-?\d+(?:,-?\d+)*)\]$")
_OF_ARRAY = re.compile(r"Array.* of (.+)")


class TagTree:
    """Nodes by their paths, and those below each."""

    def __init__(self, nodes: Iterable[TagInfo]) -> None:
        """Take all nodes of a source, each before those below it."""
        self._nodes: dict[str, TagInfo] = {}
        self._below: dict[str, list[str]] = {"": []}
        for node in nodes:
            path = split(node.tag)[1]
            self._nodes[key_of(path)] = node
            self._below.setdefault(key_of(_above(path)), []).append(key_of(path))

    def describe(self, address: str) -> list[dict[str, Any]]:
        """Return the entry of a tag.

        Raises:
            Refused: There is none.
        """
        return [self._entry(self._find(address))]

    def children(self, address: str) -> list[dict[str, Any]]:
        """Return the entries below a tag; of the top for the empty address. Elements of an array are no entries.

        Raises:
            Refused: There is no such tag, or it has none.
        """
        key = key_of(address)
        node = self._find(address) if address else None
        if node is not None and (not node.has_children or self._elements(key)):
            raise Refused(codes.NO_STRUCTURE)
        return [self._entry(self._nodes[each]) for each in self._below.get(key, []) if not _ELEMENT.search(each)]

    def _find(self, address: str) -> TagInfo:
        found = self._nodes.get(key_of(address))
        if found is None:
            raise Refused(codes.NO_ADDRESS)
        return found

    def _elements(self, key: str) -> list[tuple[int, ...]]:
        found = (_ELEMENT.search(each) for each in self._below.get(key, []))
        return [tuple(int(part) for part in each[1].split(",")) for each in found if each is not None]

    def _entry(self, node: TagInfo) -> dict[str, Any]:
        path = split(node.tag)[1]
        key, steps = key_of(path), parse(path)
        elements = self._elements(key)
        of_array = _OF_ARRAY.fullmatch(node.data_type)
        element = (
            self._nodes.get(key_of(f"{path}[{','.join(str(each) for each in elements[0])}]")) if elements else None
        )
        type_name = of_array[1] if of_array else element.data_type if element else node.data_type
        has_children = bool(element.has_children) if element else node.has_children
        entry: dict[str, Any] = {"name": str(steps[-1]) if isinstance(steps[-1], str) else to_path(steps[-2:])}
        if len(steps) == 1 and has_children and not node.has_value:
            return entry | {"has_children": True, "datatype": "datablock"}
        name, length = web_name(type_name) if node.has_value or elements else ("unsupported", 0)
        if has_children:
            entry["has_children"] = True
            name = "struct"
        if node.has_value and not node.writable:
            entry["read_only"] = True
        if node.area in _AREAS:
            entry["area"] = _AREAS[node.area]
        entry["datatype"] = name
        if length:
            entry["max_length"] = length
        if elements:
            entry["array_dimensions"] = [
                {"start_index": min(each), "count": max(each) - min(each) + 1} for each in zip(*elements, strict=True)
            ]
        return entry


def path_of(address: str) -> str:
    """Return the path of an address.

    Raises:
        Refused: It is none.
    """
    try:
        steps = parse(address)
    except AddressError as error:
        raise Refused(error.code) from None
    if not steps:
        raise Refused(codes.INVALID_ADDRESS)
    return to_path(steps)


def key_of(path: str) -> str:
    """Return what all spellings of a path have in common; the top is empty.

    Raises:
        Refused: It is no path.
    """
    return path_of(path).casefold() if path else ""


def _above(path: str) -> str:
    steps = parse(path)
    return to_path(steps[:-1])
