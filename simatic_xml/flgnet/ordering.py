"""The order and the numbers that TIA Portal gives the nodes of a network.

Measured on all available genuine exports: parts are in the order of the power flow, a part as soon as everything that
drives it has its place; wires follow their first part, pin by pin; operands follow their parts, the operand of an
instruction before its other pins; numbers run from 21 through operands, parts with their instances, open ends, wires.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from simatic_xml.flgnet.catalogue import flow_pins, pin_order
from simatic_xml.flgnet.model import Access, End, Ident, NetworkGraph, Open, Part, Pin, Rail, Wire

FIRST_UID = 21
_Item = TypeVar("_Item")
_MAIN_OPERANDS = ("operand", "timer", "counter")


@dataclass(frozen=True, slots=True)
class Deviation:
    """Where a network's order or numbers differ from the usual ones; None or empty where they do not.

    Attributes:
        parts: for each place, the index of the part in the usual order.
        wires: the same for the wires, after the parts are in place.
        ends: the same for the ends of single wires, by index of the wire.
        accesses: the same for the operands.
        uids: all numbers in document order: labels, operands, parts each followed by its instance, open ends, wires.
    """

    parts: Sequence[int] | None = None
    wires: Sequence[int] | None = None
    ends: Mapping[int, Sequence[int]] | None = None
    accesses: Sequence[int] | None = None
    uids: Sequence[int] | None = None


Pins = Mapping[int, list[str]]


def arrange(
    network: NetworkGraph, pins: Pins, deviation: Deviation | None = None
) -> tuple[NetworkGraph, dict[int, int]]:
    """Order and number a graph with provisional numbers.

    Args:
        network: the graph; operands and parts have numbers that are unique.
        pins: names of the pins of each part, inputs before outputs, as the author ordered them.
        deviation: where to differ from the usual order; every index list is a permutation.

    Returns:
        The arranged graph, and the new number by provisional number of operands, parts and open ends.
    """
    deviation = deviation or Deviation()
    parts = _permute(topological(network, pins), deviation.parts)
    wires = _permute(_wire_order(network, parts, pins), deviation.wires)
    for index, permutation in (deviation.ends or {}).items():
        wires[index] = replace(wires[index], ends=tuple(_permute(list(wires[index].ends), permutation)))
    accesses = _permute(_access_order(network, parts, wires), deviation.accesses)
    return _assign_numbers(NetworkGraph(accesses, parts, wires, network.labels), deviation.uids)


def _permute(items: list[_Item], permutation: Sequence[int] | None) -> list[_Item]:
    return items if permutation is None else [items[index] for index in permutation]


def topological(network: NetworkGraph, pins: Pins) -> list[Part]:
    """Return the parts in the order of the power flow; parts of a loop keep their order at the end."""
    targets: dict[End, list[int]] = {}
    waiting = {part.uid: 0 for part in network.parts}
    for wire in network.wires:
        if isinstance(wire.source, Rail | Pin):
            driven_parts = [end.part for end in wire.ends[1:] if isinstance(end, Pin)]
            targets.setdefault(wire.source, []).extend(driven_parts)
            for part in driven_parts:
                waiting[part] += 1
    by_uid = {part.uid: part for part in network.parts}
    starts = [(uid, 1) for uid in targets.get(Rail(), [])] + [(uid, 0) for uid, count in waiting.items() if not count]
    stack = starts[::-1]
    done: dict[int, None] = {}
    while stack:
        uid, driven = stack.pop()
        waiting[uid] -= driven
        if waiting[uid] > 0 or uid in done:
            continue
        done[uid] = None
        own = pin_order(by_uid[uid], pins.get(uid, []))
        stack += [(target, 1) for pin in own for target in targets.get(Pin(uid, pin), [])][::-1]
    return [by_uid[uid] for uid in done] + [part for part in network.parts if part.uid not in done]


def _wire_order(network: NetworkGraph, parts: list[Part], pins: Pins) -> list[Wire]:
    at_pin: dict[Pin, list[Wire]] = {}
    for wire, _index, pin in network.pins():
        at_pin.setdefault(pin, []).append(wire)
    ordered: dict[int, Wire] = {}
    for part in parts:
        for name in pin_order(part, pins.get(part.uid, [])):
            ordered.update((id(wire), wire) for wire in at_pin.get(Pin(part.uid, name), []))
    rest = {id(wire): wire for wire in network.wires}
    return list((ordered | rest).values())


def _access_order(network: NetworkGraph, parts: list[Part], wires: list[Wire]) -> list[Access]:
    places = {part.uid: index for index, part in enumerate(parts)}
    ranks: dict[int, tuple[int, int, int]] = {}
    for index, wire in enumerate(wires):
        pins = [end for end in wire.ends if isinstance(end, Pin) and end.part in places]
        for end in wire.ends:
            if isinstance(end, Ident) and pins:
                place = places[pins[0].part]
                ranks[end.access] = (place, _pin_rank(parts[place], pins[0].name), index)
    last = (len(parts), 0, len(wires))
    return sorted(network.accesses, key=lambda access: ranks.get(access.uid, last))


def _pin_rank(part: Part, pin: str) -> int:
    """Return the rank of a pin: the input that power flows into, the operand of the instruction, the other pins."""
    if pin == flow_pins(part)[0]:
        return 0
    return 1 if pin in _MAIN_OPERANDS else 2


def _assign_numbers(network: NetworkGraph, uids: Sequence[int] | None) -> tuple[NetworkGraph, dict[int, int]]:
    stock = iter(uids) if uids is not None else iter(range(FIRST_UID, FIRST_UID + count_uids(network)))
    labels = [replace(label, uid=next(stock)) for label in network.labels]
    new: dict[int, int] = {}
    accesses: list[Access] = []
    for access in network.accesses:
        new[access.uid] = next(stock)
        accesses.append(replace(access, uid=new[access.uid]))
    parts: list[Part] = []
    for part in network.parts:
        new[part.uid] = next(stock)
        parts.append(replace(part, uid=new[part.uid], instance_uid=next(stock) if part.instance is not None else None))
    for end in _opens(network):
        new[end.uid] = next(stock)
    wires = [Wire(next(stock), tuple(_renumber(end, new) for end in wire.ends)) for wire in network.wires]
    return NetworkGraph(accesses, parts, wires, labels), new


def _opens(network: NetworkGraph) -> list[Open]:
    return [end for wire in network.wires for end in wire.ends if isinstance(end, Open)]


def count_uids(network: NetworkGraph) -> int:
    """Return how many numbers the network needs."""
    instances = sum(part.instance is not None for part in network.parts)
    nodes = len(network.labels) + len(network.accesses) + len(network.parts) + len(network.wires)
    return nodes + instances + len(_opens(network))


def uids(network: NetworkGraph) -> list[int]:
    """Return the numbers of a network in document order, as :attr:`Deviation.uids` lists them."""
    found = [label.uid for label in network.labels] + [access.uid for access in network.accesses]
    for part in network.parts:
        found.append(part.uid)
        if part.instance is not None:
            found.append(part.instance_uid or 0)
    return found + [end.uid for end in _opens(network)] + [wire.uid for wire in network.wires]


def _renumber(end: End, new: Mapping[int, int]) -> End:
    match end:
        case Pin(part, name):
            return Pin(new[part], name)
        case Ident(access):
            return Ident(new[access])
        case Open(uid):
            return Open(new[uid])
    return end
