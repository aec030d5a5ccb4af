"""The steps before and after each transition of a GRAPH block, and the priority of the transitions.

Facts: S7-GRAPH manual: of alternative transitions the left-most one goes first, the others by number; a jump leads to
any step of the block; connections of SimaticML exports.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from simatic_xml.graph.model import Connection, Node, Sequence

_Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Flow:
    """The steps around one transition, by number."""

    transition: int
    before: tuple[int, ...]
    after: tuple[int, ...]


class Topology:
    """The connections of all sequences of a block; steps, transitions and branches are numbered throughout."""

    def __init__(self, sequences: Iterable[Sequence]) -> None:
        """Index the connections."""
        self.sequences = tuple(sequences)
        self._onward: dict[_Key, list[tuple[int, _Key]]] = defaultdict(list)
        self._back: dict[_Key, list[tuple[int, _Key]]] = defaultdict(list)
        for each in self._connections():
            self._onward[_key(each.source)].append((each.source.port, _key(each.target)))
            self._back[_key(each.target)].append((each.source.port, _key(each.source)))

    def flows(self) -> list[Flow]:
        """Return all transitions with the steps around them, in the order of their priority."""
        numbers = sorted(each.number for sequence in self.sequences for each in sequence.transitions)
        return [
            Flow(number, self._steps(number, self._back), self._steps(number, self._onward))
            for number in sorted(numbers, key=lambda number: not self._is_leftmost(number))
        ]

    def dangling(self) -> list[Node]:
        """Return the ends of connections that no sequence has."""
        known = {("end", 0)}
        for sequence in self.sequences:
            known |= {("step", each.number) for each in sequence.steps}
            known |= {("transition", each.number) for each in sequence.transitions}
            known |= {("branch", each.number) for each in sequence.branches}
        ends = (node for each in self._connections() for node in (each.source, each.target))
        return list(dict.fromkeys(node for node in ends if _key(node) not in known))

    def _connections(self) -> Iterator[Connection]:
        for sequence in self.sequences:
            yield from sequence.connections

    def _steps(self, transition: int, edges: dict[_Key, list[tuple[int, _Key]]]) -> tuple[int, ...]:
        """Return the steps that a transition reaches along the connections, through any branches."""
        found: dict[int, None] = {}
        seen: set[_Key] = set()
        pending = [("transition", transition)]
        while pending:
            key = pending.pop()
            if key[0] == "step":
                found[key[1]] = None
            elif key not in seen and (key[0] == "branch" or not seen):
                seen.add(key)
                pending += [target for _, target in sorted(edges.get(key, ()), reverse=True)]
        return tuple(found)

    def _is_leftmost(self, transition: int) -> bool:
        """Return whether a transition is directly below its step, as the first of its alternatives."""
        return any(port == 0 for port, _ in self._back.get(("transition", transition), ()))


def _key(node: Node) -> _Key:
    return node.kind, node.number


def reachable(flows: Iterable[Flow], starts: Iterable[int], switched: dict[int, set[int]]) -> set[int]:
    """Return the numbers of the steps that can become active.

    Args:
        flows: the transitions.
        starts: the steps that are active at first.
        switched: by step the steps that its actions switch on.
    """
    onward: dict[int, set[int]] = defaultdict(set)
    for flow in flows:
        for step in flow.before:
            onward[step] |= set(flow.after)
    found: set[int] = set()
    pending = list(starts)
    while pending:
        step = pending.pop()
        if step not in found:
            found.add(step)
            pending += onward[step] | switched.get(step, set())
    return found
