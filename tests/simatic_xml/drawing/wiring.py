"""What the wires of a drawing connect, read from the picture alone, and what the network says that they connect."""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator

from lxml import etree

from simatic_xml.flgnet import NetworkGraph
from simatic_xml.flgnet.catalogue import all_pins, flow_pins
from simatic_xml.flgnet.model import Part, Pin, Rail
from tests.simatic_xml.drawing.geometry import SVG, Area, frames, labels, lines, texts

Point = tuple[float, float]
Net = frozenset[tuple[int, str]]

RAIL = (0, "rail")
_NEAR = 0.8
_CIRCLE = 6.0
_SHOWN = {"CLK": "in", "Q": "out", "BI": "rt", "BCD": "rtbcd", "IN/OUT": "operand"}


class Sets:
    """Sets of things that belong together."""

    def __init__(self) -> None:
        self._parents: dict[Hashable, Hashable] = {}

    def find(self, item: Hashable) -> Hashable:
        while (parent := self._parents.setdefault(item, item)) != item:
            item = parent
        return item

    def join(self, one: Hashable, other: Hashable) -> None:
        self._parents[self.find(one)] = self.find(other)


def written_nets(network: NetworkGraph, drawn: set[int]) -> set[Net]:
    """Return the pins that wires connect; an OR without a box is a place where branches join."""
    sets = Sets()
    pins: set[tuple[int, str]] = set()
    for wire in network.wires:
        ends = [
            (end.part, end.name) if isinstance(end, Pin) else RAIL for end in wire.ends if isinstance(end, Pin | Rail)
        ]
        pins.update(ends)
        for end in ends[1:]:
            sets.join(ends[0], end)
    for part, name in list(pins):
        if part and part not in drawn:
            sets.join((part, name), (part, "out"))
    return _group(sets, pins, drawn)


def _group(sets: Sets, pins: set[tuple[int, str]], drawn: set[int]) -> set[Net]:
    groups: dict[Hashable, set[tuple[int, str]]] = defaultdict(set)
    for pin in pins:
        if pin == RAIL or pin[0] in drawn:
            groups[sets.find(pin)].add(pin)
    return {frozenset(group) for group in groups.values() if len(group) > 1}


def parts_of(picture: etree._Element) -> set[int]:
    """Return the numbers of the parts that have a symbol or box."""
    return {int(node.get("data-part", "0")) for node in picture.iter() if node.get("data-part")}


def drawn_nets(picture: etree._Element, network: NetworkGraph) -> set[Net]:
    """Return the pins that the wires of the picture connect."""
    sets, wires = _join(picture)
    pins = {RAIL}
    for pin, point in _terminals(picture, network):
        pins.add(pin)
        for wire in _at(point, wires):
            sets.join(pin, wire)
    return _group(sets, pins, {part.uid for part in network.parts})


def misnamed_wires(picture: etree._Element, network: NetworkGraph) -> list[str]:
    """Return where a line has not the number of the wire that the pin at its end has, or none of those it is joined to."""
    sets, wires = _join(picture)
    numbers = {(pin.part, pin.name): str(wire.uid) for wire, _, pin in network.pins()}
    joined: dict[Hashable, set[str]] = defaultdict(set)
    found = []
    for pin, point in _terminals(picture, network):
        for wire in _at(point, wires):
            joined[sets.find(wire)].add(numbers.get(pin, ""))
            if wire.kind == "line" and wire.name != numbers.get(pin, ""):
                found.append(f"{pin} is at {numbers.get(pin)}, drawn {wire.name!r}")
    branching = {part.uid for part in network.parts if part.name == "O"}  # not drawn: its wires meet at a place
    meeting = {str(wire.uid) for wire, _, pin in network.pins() if pin.part in branching}
    for wire in wires:
        is_point = (wire.left, wire.top) == (wire.right, wire.bottom)
        there = joined[sets.find(wire)]
        if wire.kind == "line" and not is_point and there and wire.name not in there | meeting:
            found.append(f"{wire.name!r} is joined to {there}")
    return found


def _join(picture: etree._Element) -> tuple[Sets, list[Area]]:
    """Return which wires are joined, and the wires."""
    sets = Sets()
    wires = lines(picture)
    rails = [wire for wire in wires if wire.kind == "rail"]
    right = max((rail.left for rail in rails), default=0.0)
    height = max((rail.bottom - rail.top for rail in rails if rail.left == right), default=0.0)
    coils_at = right if len(rails) > 1 and height > 18.5 and right > 20 else None
    wires = [wire for wire in wires if wire.kind != "rail" or wire.left != coils_at]
    for one in wires:
        if one.kind == "rail":
            sets.join(one, RAIL)
        for point in ((one.left, one.top), (one.right, one.bottom)):
            for other in _at(point, wires):
                sets.join(one, other)
    _join_names(picture, wires, sets)
    return sets, wires


def _at(point: Point, wires: list[Area]) -> list[Area]:
    x, y = point
    return [
        wire
        for wire in wires
        if wire.left - _NEAR <= x <= wire.right + _NEAR and wire.top - _NEAR <= y <= wire.bottom + _NEAR
    ]


def _join_names(picture: etree._Element, wires: list[Area], sets: Sets) -> None:
    """Join the wires that carry one name, and the rows that continue each other."""
    for text in texts(picture):
        middle = (text.left + text.right) / 2
        baseline = text.bottom - 2.5
        if text.kind == "node":
            for wire in _at((middle, baseline + 6), wires):
                sets.join(("name", text.name), wire)
    numbers_at = [text for text in texts(picture) if text.kind == "continuation"]
    for path in picture.iter(f"{SVG}path"):
        if path.get("class") != "arrow":
            continue
        x, y = _place(path)
        [number] = [
            t for t in numbers_at if abs(t.bottom - 6.5 - y) < 1 and min(abs(t.right - x), abs(t.left - x - 8)) < 6
        ]
        for point in ((x, y), (x + 8, y)):
            for wire in _at(point, wires):
                sets.join(("row", number.name), wire)


def _place(path: etree._Element) -> Point:
    found = re.fullmatch(r"translate\((\S+) (\S+)\)", path.get("transform", ""))
    assert found
    return float(found[1]), float(found[2])


def _terminals(picture: etree._Element, network: NetworkGraph) -> Iterator[tuple[tuple[int, str], Point]]:
    """Yield each pin with the place where its wire meets the symbol or box."""
    parts = {part.uid: part for part in network.parts}
    seen: set[int] = set()
    for path in picture.iter(f"{SVG}path"):
        part = int(path.get("data-part", "0"))
        if not part or part in seen:
            continue
        seen.add(part)
        x, y = _place(path)
        outline = path.get("d", "")
        half = abs(float(outline[1:].split(" ")[0])) + (4 if "q" in outline else 0)
        for pin, at in zip(flow_pins(parts[part]), (x - half, x + half), strict=True):
            if pin:
                yield (part, pin), (at, y)
    for frame in frames(picture):
        if frame.name:
            yield from _box_terminals(parts[int(frame.name)], frame, picture, network)


def _box_terminals(
    part: Part, frame: Area, picture: etree._Element, network: NetworkGraph
) -> Iterator[tuple[tuple[int, str], Point]]:
    wired = [pin.name for _, _, pin in network.pins() if pin.part == part.uid]
    known = all_pins(part, wired) or ([], [])
    left: dict[str, float] = {}
    right: list[float] = []
    for text in texts(picture):
        if text.kind == "pin" and frame.holds(text):
            height = text.bottom - 6.5
            is_left = abs(text.left - frame.left - 4) < 1
            name = _pin(text.name, wired)
            if is_left:
                left[name] = height
            else:
                right.append(height)
            at = (frame.left, frame.left - _CIRCLE) if is_left else (frame.right, frame.right + _CIRCLE)
            for x in at:
                yield (part.uid, name), (x, height)
    yield from _unnamed(part, frame, [pin for pin in known[0] if pin in wired], left, lines(picture))
    out = flow_pins(part)[1]
    for wire in lines(picture):
        starts = (
            -_NEAR <= wire.left - frame.right <= _CIRCLE + _NEAR and frame.top < wire.top == wire.bottom < frame.bottom
        )
        if out and starts and all(abs(wire.top - height) > 1 for height in right):
            yield (part.uid, out), (wire.left, wire.top)


def _pin(shown: str, wired: list[str]) -> str:
    for name in (shown, shown.lower(), _SHOWN.get(shown, "")):
        if name in wired:
            return name
    return shown


def _unnamed(
    part: Part, frame: Area, inputs: list[str], named: dict[str, float], wires: list[Area]
) -> Iterator[tuple[tuple[int, str], Point]]:
    """Yield the pins whose names are not shown: those of gates, and those that power flows through."""
    silent = [pin for pin in inputs if pin not in named and pin not in ("operand", "bit", "timer", "label")]
    ends = [wire for wire in wires if -_NEAR <= frame.left - wire.right <= _CIRCLE + _NEAR and wire.top == wire.bottom]
    heights = sorted({wire.top for wire in ends if frame.top < wire.top < frame.bottom} - set(named.values()))
    heights = [height for height in heights if all(abs(height - other) > 2 for other in named.values())]
    if silent:
        assert len(heights) == len(silent), (part, silent, heights)
    for pin, height in zip(silent, heights, strict=False):
        yield (part.uid, pin), (frame.left, height)
        yield (part.uid, pin), (frame.left - _CIRCLE, height)


def misplaced_operands(picture: etree._Element, network: NetworkGraph) -> list[tuple[int, str, str]]:
    """Return the operands whose text is not next to their pin, or over or under their symbol or box."""
    areas: dict[int, list[Area]] = defaultdict(list)
    for frame in frames(picture):
        areas[int(frame.name or 0)].append(frame)
    for path in picture.iter(f"{SVG}path"):
        x, y = _place(path)
        areas[int(path.get("data-part", "0"))].append(Area(x - 8, y - 12, x + 8, y + 12))
    pins = defaultdict(list)
    for pin, point in _terminals(picture, network):
        pins[pin].append(point)
    shown = labels(picture)
    sets, wires = _join(picture)

    def is_wired(label: Area, points: list[Point]) -> bool:
        """Return whether a wire leads from the text to the pin."""
        ends = {sets.find(wire) for point in points for wire in _at(point, wires)}
        return any(sets.find(wire) in ends and _is_beside(label, wire) for wire in wires)

    return [
        (pin.part, pin.name, access.text)
        for pin, access in network.operands().items()
        if pin.part in areas
        and not any(
            label.name == shown_name(access.text)
            and (any(_is_centred(label, area) for area in areas[pin.part]) or is_wired(label, pins[pin.part, pin.name]))
            for label in shown
        )
    ]


def shown_name(text: str) -> str:
    """Return an operand as the editor shows it."""
    name = text.removeprefix("label ").removeprefix("const ")
    return re.sub(r":(?!P$)\w+$", "", name) if name.startswith("%") else name


def _is_centred(label: Area, area: Area) -> bool:
    near = min(abs(label.bottom - area.top), abs(label.top - area.bottom)) < 8
    return near and abs(label.left + label.right - area.left - area.right) < 3


def _is_beside(label: Area, wire: Area) -> bool:
    """Return whether a wire starts or ends next to a text, in the middle of its height."""
    is_level = wire.top == wire.bottom and abs((label.top + label.bottom) / 2 - wire.top) < 2
    return is_level and min(abs(label.right - wire.left), abs(label.left - wire.right)) < 12
