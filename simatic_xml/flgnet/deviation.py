"""The member ``x``: what the readable form leaves open and an exact copy still needs.

Authors leave it out. It holds order and numbers that differ from the usual (``parts``, ``wires``, ``ends``,
``accesses``, ``uids``) and, in ``elements``, nodes that operand text or members cannot express, by UId.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from simatic_xml.flgnet.errors import FlgNetError
from simatic_xml.flgnet.lowering import LoweredNetwork
from simatic_xml.flgnet.model import End, Ident, NetworkGraph, Open, Pin, Wire
from simatic_xml.flgnet.ordering import Deviation, arrange, count_uids, uids
from simatic_xml.flgnet.raw import child, equal, from_raw, to_raw
from simatic_xml.xml.numbers import whole_number

_MEMBERS = {"parts", "wires", "ends", "accesses", "uids", "elements"}
_STALE = "It no longer matches the network; remove the member 'x'."


class MismatchError(Exception):
    """The lowered graph is not the original one."""


def find_deviation(lowered: LoweredNetwork, original: NetworkGraph) -> Deviation:
    """Return what makes the lowered graph exactly the original one.

    Raises:
        MismatchError: they differ in more than order and numbers.
    """
    arranged, origin = _arrange(lowered, Deviation())
    parts = _permutation([origin[part.uid] for part in arranged.parts], [part.uid for part in original.parts])
    if parts:
        arranged, origin = _arrange(lowered, Deviation(parts))
    wires = _permutation([_key(w, origin) for w in arranged.wires], [_key(w, {}) for w in original.wires])
    if wires:
        arranged, origin = _arrange(lowered, Deviation(parts, wires))
    ends = {
        index: permutation
        for index, (ours, theirs) in enumerate(zip(arranged.wires, original.wires, strict=True))
        if (permutation := _permutation([_end(e, origin) for e in ours.ends], [_end(e, {}) for e in theirs.ends]))
    }
    accesses = _permutation(_access_keys(arranged, origin), _access_keys(original, {}))
    if ends or accesses:
        arranged, origin = _arrange(lowered, Deviation(parts, wires, ends, accesses))
    numbers = uids(original)
    return Deviation(parts, wires, ends or None, accesses, None if numbers == uids(arranged) else numbers)


def _arrange(lowered: LoweredNetwork, deviation: Deviation) -> tuple[NetworkGraph, dict[int, int]]:
    """Arrange the graph; return it with the original number by new number of each part."""
    arranged, new = arrange(lowered.network, lowered.pins, deviation)
    return arranged, {new[old]: uid for old, uid in lowered.origins.items()}


def _permutation(ours: Sequence[Any], theirs: Sequence[Any]) -> list[int] | None:
    """Return the index in ``ours`` of each of ``theirs``; None when they are equal."""
    if ours == theirs:
        return None
    places = {key: index for index, key in enumerate(ours)}
    if len(places) != len(ours) or sorted(map(str, ours)) != sorted(map(str, theirs)):
        raise MismatchError
    return [places[key] for key in theirs]


def _end(end: End, origin: Mapping[int, int]) -> tuple[str, int, str]:
    match end:
        case Pin(part, name):
            return ("pin", origin.get(part, part), name)
        case Ident() | Open():
            return (type(end).__name__, 0, "")
    return ("rail", 0, "")


def _key(wire: Wire, origin: Mapping[int, int]) -> tuple[tuple[str, int, str], ...]:
    return tuple(sorted(_end(end, origin) for end in wire.ends))


def _access_keys(network: NetworkGraph, origin: Mapping[int, int]) -> list[tuple[str, int, str] | None]:
    pins = {access.uid: pin for pin, access in network.operands().items()}
    keys = [_end(pins[access.uid], origin) if access.uid in pins else None for access in network.accesses]
    if None in keys:
        raise MismatchError
    return keys


def find_elements(ours: etree._Element, original: etree._Element) -> dict[str, Any]:
    """Return the nodes of the original, by UId, that ours writes differently.

    Raises:
        MismatchError: they differ elsewhere.
    """
    mine, theirs = child(ours, "Parts"), child(original, "Parts")
    if mine is None or theirs is None or len(mine) != len(theirs):
        raise MismatchError
    elements: dict[str, Any] = {}
    for left, right in zip(mine, theirs, strict=True):
        if not equal(left, right):
            elements[right.get("UId", "")] = to_raw(right)
    return elements


def put_elements(root: etree._Element, elements: Mapping[str, Any], namespace: str) -> None:
    """Replace nodes by the elements that ``x`` holds for them."""
    parts = child(root, "Parts")
    nodes = {node.get("UId"): node for node in (parts if parts is not None else ())}
    for uid, raw in elements.items():
        pointer = f"/x/elements/{uid}"
        if uid not in nodes or parts is None:
            raise FlgNetError("stale-x", f"The network has no node {uid}. {_STALE}", pointer)
        parts.replace(nodes[uid], from_raw(raw, namespace, pointer))


def write_x(deviation: Deviation, elements: Mapping[str, Any]) -> dict[str, Any]:
    """Return the member ``x``, empty when nothing deviates."""
    lists = {
        "parts": deviation.parts,
        "wires": deviation.wires,
        "ends": {str(i): list(p) for i, p in (deviation.ends or {}).items()} or None,
        "accesses": deviation.accesses,
        "uids": deviation.uids,
        "elements": dict(elements) or None,
    }
    return {key: value for key, value in lists.items() if value is not None}


def read_x(data: Any, lowered: LoweredNetwork) -> tuple[Deviation, Mapping[str, Any]]:
    """Read the member ``x`` for this graph.

    Raises:
        FlgNetError: it has another shape, or was written for another network.
    """
    network = lowered.network
    if not isinstance(data, dict) or set(data) - _MEMBERS:
        raise FlgNetError("x", "Member 'x' is an object that only an export writes; remove it.", "/x")
    elements, ends = data.get("elements", {}), data.get("ends", {})
    if not isinstance(elements, dict) or not isinstance(ends, dict):
        raise FlgNetError("stale-x", _STALE, "/x")
    parts = _read_order(data, "parts", len(network.parts))
    wires = _read_order(data, "wires", len(network.wires))
    arranged, _new = arrange(network, lowered.pins, Deviation(parts, wires))
    numbers = data.get("uids")
    if numbers is not None and (
        not isinstance(numbers, list)
        or len(set(map(str, numbers))) != count_uids(network)
        or not all(type(number) is int and 0 <= number < 10**9 for number in numbers)
    ):
        raise FlgNetError("stale-x", _STALE, "/x/uids")
    return Deviation(
        parts,
        wires,
        {int(key): _end_permutation(ends, key, arranged) for key in ends},
        _read_order(data, "accesses", len(network.accesses)),
        numbers,
    ), elements


def _read_order(data: Mapping[str, Any], key: str, size: int, pointer: str = "/x") -> list[int] | None:
    if key not in data:
        return None
    value = data[key]
    whole = isinstance(value, list) and all(type(index) is int for index in value)
    if not whole or sorted(value) != list(range(size)):
        raise FlgNetError("stale-x", _STALE, f"{pointer}/{key}")
    return list(value)


def _end_permutation(ends: Mapping[str, Any], key: str, arranged: NetworkGraph) -> list[int]:
    index = whole_number(key)
    if index is None or index >= len(arranged.wires):
        raise FlgNetError("stale-x", _STALE, f"/x/ends/{key}")
    return _read_order(ends, key, len(arranged.wires[index].ends), "/x/ends") or []
