"""From the flow that an author writes to branches and connections.

A flow is a series of step and transition names. ``{"alternative": [...]}`` and ``{"simultaneous": [...]}`` hold paths,
which are series too; those that end neither in ``{"jump": "Step"}`` nor in ``{"end": true}`` come together again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simatic_xml.graph.errors import GraphError
from simatic_xml.graph.model import Branch, BranchKind, Connection, Node
from simatic_xml.graph.topology import BRANCH_KINDS

BEGINNINGS: dict[str, tuple[BranchKind, BranchKind]] = {
    "alternative": ("AltBegin", "AltEnd"),
    "simultaneous": ("SimBegin", "SimEnd"),
}
DEEPEST = 50
_MOST_PATHS = 1000
_END = Node("end")
_NODE = re.compile(r"(?P<kind>step|transition|branch) (?P<number>\d{1,9})(?:\.(?P<port>\d{1,9}))?\Z")


@dataclass(slots=True)
class Topology:
    """Branches and connections in the order in which the flow tells of them."""

    branches: list[Branch] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)


@dataclass(slots=True)
class Numbering:
    """Counts the branches of a block, which are numbered throughout."""

    last: int = 0

    def next(self, given: object, pointer: str) -> int:
        """Return the given number, or the next one."""
        self.last += 1
        if given is None:
            return self.last
        if not isinstance(given, int) or isinstance(given, bool) or given < 0:
            raise GraphError("The number of a branch is a whole number.", pointer)
        return given


class FlowReader:
    """Reads flows of one block."""

    def __init__(self, names: Mapping[str, Node | None], numbering: Numbering) -> None:
        """Start with what each name stands for; None for a name that stands for more than one node."""
        self._names = names
        self._numbering = numbering
        self._topology = Topology()

    def read(self, flow: object, pointer: str) -> Topology:
        """Return the branches and connections of a flow: one series, or a list of them.

        Raises:
            GraphError: the flow names what does not exist, or something follows a jump.
        """
        self._topology = Topology()
        if isinstance(flow, list) and flow and all(isinstance(item, list) for item in flow):
            for index, series in enumerate(flow):
                self._series(series, None, f"{pointer}/{index}", 0)
        else:
            self._series(flow, None, pointer, 0)
        return self._topology

    def _series(self, items: object, entry: Node | None, pointer: str, depth: int) -> Node | None:
        """Read a series that `entry` leads to; return where it can go on, None behind a jump or an end."""
        if not isinstance(items, list):
            raise GraphError("A flow is a list of steps and transitions in turn.", pointer)
        if depth > DEEPEST:
            raise GraphError(f"Branches nest no deeper than {DEEPEST}.", pointer)
        current = entry
        for index, item in enumerate(items):
            place = f"{pointer}/{index}"
            if index and current is None:
                raise GraphError("Nothing follows a jump, an end or a branch whose paths all end.", place)
            current = self._item(item, current, place, depth)
        return current

    def _item(self, item: Any, current: Node | None, pointer: str, depth: int) -> Node | None:
        match item:
            case str() | {"step": _} | {"transition": _}:
                node = self.node(item, pointer)
                if current is not None:
                    self._connect(current, node)
                return node
            case {"jump": target, **rest} if current is not None and not rest:
                self._connect(current, self._step(target, f"{pointer}/jump"), jump=True)
                return None
            case {"end": True, **rest} if current is not None and not rest:
                self._connect(current, _END)
                return None
            case {"alternative": _} | {"simultaneous": _} if current is not None:
                return self._branch(item, current, pointer, depth)
        raise GraphError(
            'A flow starts with a step and holds names, {"jump": "Step"}, {"end": true}, {"alternative": [...]} and '
            '{"simultaneous": [...]}.',
            pointer,
        )

    def _branch(self, item: dict[str, Any], current: Node, pointer: str, depth: int) -> Node | None:
        kind = "alternative" if "alternative" in item else "simultaneous"
        paths = item[kind]
        if set(item) - {kind, "branch", "join"} or not isinstance(paths, list) or not 0 < len(paths) <= _MOST_PATHS:
            raise GraphError(f'A branch is {{"{kind}": [[...], [...]]}} with a list for each path.', pointer)
        beginning, ending = BEGINNINGS[kind]
        number = self._numbering.next(item.get("branch"), f"{pointer}/branch")
        self._topology.branches.append(Branch(number, beginning, len(paths)))
        self._connect(current, Node("branch", number))
        exits = [
            self._series(path, Node("branch", number, port), f"{pointer}/{kind}/{port}", depth + 1)
            for port, path in enumerate(paths)
        ]
        joining = [node for node in exits if node is not None]
        if not joining:
            return None
        join = self._numbering.next(item.get("join"), f"{pointer}/join")
        self._topology.branches.append(Branch(join, ending, len(joining)))
        for port, node in enumerate(joining):
            self._connect(node, Node("branch", join, port))
        return Node("branch", join)

    def _connect(self, source: Node, target: Node, *, jump: bool = False) -> None:
        self._topology.connections.append(Connection(source, target, jump))

    def _step(self, item: object, pointer: str) -> Node:
        node = self.node(item, pointer)
        if node.kind != "step":
            raise GraphError("A jump goes to a step; name one.", pointer)
        return node

    def node(self, item: Any, pointer: str) -> Node:
        """Return the step or transition for its name, ``{"step": number}`` or ``{"transition": number}``.

        Raises:
            GraphError: there is none of this name, or more than one.
        """
        match item:
            case {"step": int(number)} if len(item) == 1:
                return Node("step", number)
            case {"transition": int(number)} if len(item) == 1:
                return Node("transition", number)
            case str() if (node := self._names.get(item)) is not None:
                return node
        why = "is the name of more than one" if isinstance(item, str) and item in self._names else "names no"
        raise GraphError(f'{str(item)[:80]!r} {why} step or transition; name one, or write {{"step": 1}}.', pointer)


def read_topology(branches: object, connections: object, pointer: str) -> Topology:
    """Return branches and connections that are listed one by one.

    Raises:
        GraphError: they have another form.
    """
    if not isinstance(branches, list) or not isinstance(connections, list):
        raise GraphError("'branches' and 'connections' are lists.", pointer)
    return Topology(
        [_listed_branch(each, f"{pointer}/branches/{index}") for index, each in enumerate(branches)],
        [_listed_connection(each, f"{pointer}/connections/{index}") for index, each in enumerate(connections)],
    )


def _listed_branch(data: Any, pointer: str) -> Branch:
    match data:
        case {"number": int(number), "type": str(kind), "cardinality": int(cardinality)} if len(data) == 3:
            for known in BRANCH_KINDS:
                if kind == known:
                    return Branch(number, known, cardinality)
    raise GraphError('A branch is {"number": 1, "type": "AltBegin", "cardinality": 2}.', pointer)


def _listed_connection(data: object, pointer: str) -> Connection:
    match data:
        case [str(source), str(target)]:
            return Connection(_listed_node(source, pointer), _listed_node(target, pointer))
        case [str(source), str(target), "jump"]:
            return Connection(_listed_node(source, pointer), _listed_node(target, pointer), jump=True)
    raise GraphError('A connection is ["step 1", "transition 1"], with "jump" as third where it is one.', pointer)


def _listed_node(text: str, pointer: str) -> Node:
    found = _NODE.match(text)
    if text == "end":
        return _END
    if found and found["kind"] == "step":
        return Node("step", int(found["number"]))
    if found and found["kind"] == "transition":
        return Node("transition", int(found["number"]))
    if found and found["port"]:
        return Node("branch", int(found["number"]), int(found["port"]))
    raise GraphError(
        f'{text!r} is no end of a connection; write "step 1", "transition 1", "branch 1.0" or "end".', pointer
    )
