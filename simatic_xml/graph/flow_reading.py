"""Read the flow that an author writes as branches and connections.

A flow is a series of step and transition names. ``{"alternative": [...]}`` and ``{"simultaneous": [...]}`` hold paths,
which are series too; those that end neither in ``{"jump": "Step"}`` nor in ``{"end": true}`` join again.
"""

import re
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
_WANTED = {"step": "transition", "transition": "step", "end": "transition"}
"""What each kind of node follows."""
_SIDES = {"AltBegin": "step", "SimEnd": "step", "AltEnd": "transition", "SimBegin": "transition"}
"""The kind of node before each branch, which the branch also counts as for the node after it."""
_NODE = re.compile(r"(?P<kind>step|transition|branch) (?P<number>\d{1,9})(?:\.(?P<port>\d{1,9}))?\Z")


@dataclass(frozen=True, slots=True)
class Names:
    """The steps and transitions of a block.

    Attributes:
        nodes: all of them.
        named: the node of each name; None for a name of more than one.
    """

    nodes: frozenset[Node]
    named: dict[str, Node | None]

    def name(self, node: Node) -> str | None:
        """Return the name that belongs to a node and no other, None where it has none."""
        return next((name for name, named in self.named.items() if named == node and name), None)


@dataclass(slots=True)
class Topology:
    """Branches and connections in the order in which the flow names them."""

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

    def __init__(self, names: Names, numbering: Numbering) -> None:
        """Start with the steps and transitions that there are, and the branches counted so far."""
        self._names = names
        self._numbering = numbering
        self._topology = Topology()
        self._placed: set[Node] = set()
        self._kinds: dict[int, BranchKind] = {}

    def read(self, flow: object, nodes: list[Node], pointer: str) -> Topology:
        """Return the branches and connections of a flow: one series, or a list of them.

        Args:
            flow: JSON of the flow.
            nodes: steps and transitions of the sequence; each must have its place in the flow.
            pointer: JSON pointer of the flow.

        Raises:
            GraphError: the flow names what does not exist, names it twice or not at all, or does not alternate.
        """
        self._topology = Topology()
        self._placed = set()
        self._kinds = {}
        self._read(flow, pointer)
        for node in nodes:
            if node not in self._placed:
                raise GraphError(f"The {node.kind} {self._name(node)} is not in the flow; add it.", pointer)
        return self._topology

    def _name(self, node: Node) -> str:
        name = self._names.name(node)
        return str(node.number) if name is None else repr(name)

    def _read(self, flow: object, pointer: str) -> None:
        if isinstance(flow, list) and flow and all(isinstance(item, list) for item in flow):
            for index, series in enumerate(flow):
                self._series(series, None, f"{pointer}/{index}", 0)
        else:
            self._series(flow, None, pointer, 0)

    def _series(self, items: object, entry: Node | None, pointer: str, depth: int) -> Node | None:
        """Read a series that `entry` leads to; return where it can continue, None after a jump or an end."""
        if not isinstance(items, list):
            raise GraphError("A flow is a list of steps and transitions in turn.", pointer)
        if depth > DEEPEST:
            raise GraphError(f"Branches nest deeper than {DEEPEST} levels.", pointer)
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
                return self._place(self.node(item, pointer), current, pointer)
            case {"jump": target, **rest} if current is not None and not rest:
                self._connect(current, self._step(target, f"{pointer}/jump"), pointer, jump=True)
                return None
            case {"end": True, **rest} if current is not None and not rest:
                self._connect(current, _END, pointer)
                return None
            case {"alternative": _} | {"simultaneous": _} if current is not None:
                return self._branch(item, current, pointer, depth)
        raise GraphError(
            'A flow starts with a step and contains names, {"jump": "Step"}, {"end": true}, {"alternative": [...]} and '
            '{"simultaneous": [...]}.',
            pointer,
        )

    def _place(self, node: Node, current: Node | None, pointer: str) -> Node:
        if node in self._placed:
            raise GraphError(f"The {node.kind} {self._name(node)} is already in the flow; use a jump instead.", pointer)
        self._placed.add(node)
        if current is not None:
            self._connect(current, node, pointer)
        return node

    def _branch(self, item: dict[str, Any], current: Node, pointer: str, depth: int) -> Node | None:
        kind = "alternative" if "alternative" in item else "simultaneous"
        paths = item[kind]
        if set(item) - {kind, "branch", "join"} or not isinstance(paths, list) or not 0 < len(paths) <= _MOST_PATHS:
            raise GraphError(f'A branch is {{"{kind}": [[...], [...]]}} with a list for each path.', pointer)
        beginning, ending = BEGINNINGS[kind]
        number = self._numbering.next(item.get("branch"), f"{pointer}/branch")
        self._add_branch(Branch(number, beginning, len(paths)), pointer)
        self._connect(current, Node("branch", number), pointer)
        exits = [
            self._series(path, Node("branch", number, port), f"{pointer}/{kind}/{port}", depth + 1)
            for port, path in enumerate(paths)
        ]
        joining = [node for node in exits if node is not None]
        if not joining:
            return None
        if kind == "alternative" and [node.kind for node in joining] == ["step"]:
            return joining[0]
        join = self._numbering.next(item.get("join"), f"{pointer}/join")
        self._add_branch(Branch(join, ending, len(joining)), pointer)
        for port, node in enumerate(joining):
            self._connect(node, Node("branch", join, port), pointer)
        return Node("branch", join)

    def _connect(self, source: Node, target: Node, pointer: str, *, jump: bool = False) -> None:
        side = _SIDES.get(self._kind(source), source.kind)
        if side == (_SIDES | _WANTED)[self._kind(target)]:
            self._topology.connections.append(Connection(source, target, jump))
            return
        raise GraphError(
            "Steps and transitions follow each other in turn; an alternative branch follows a step, a simultaneous "
            "branch, a jump and an end follow a transition.",
            pointer,
        )

    def _add_branch(self, branch: Branch, pointer: str) -> None:
        if branch.number in self._kinds:
            raise GraphError(f"Two branches have the number {branch.number}; change or remove one.", pointer)
        self._kinds[branch.number] = branch.kind
        self._topology.branches.append(branch)

    def _kind(self, node: Node) -> str:
        return self._kinds[node.number] if node.kind == "branch" else node.kind

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
            case {"step": int(number)} | {"transition": int(number)} if len(item) == 1:
                node: Node | None = Node("step" if "step" in item else "transition", int(number))
            case str():
                node = self._names.named.get(item)
            case _:
                node = None
        if node in self._names.nodes and node is not None:
            return node
        why = "is the name of more than one" if isinstance(item, str) and item in self._names.named else "names no"
        raise GraphError(f'{str(item)[:80]!r} {why} step or transition; name one, or write {{"step": 1}}.', pointer)


def read_topology(branches: object, connections: object, pointer: str) -> Topology:
    """Return branches and connections that are listed one by one.

    Raises:
        GraphError: they have another form.
    """
    if not isinstance(branches, list) or not isinstance(connections, list):
        raise GraphError("'branches' and 'connections' are lists.", pointer)
    return Topology(
        [_read_branch(each, f"{pointer}/branches/{index}") for index, each in enumerate(branches)],
        [_read_connection(each, f"{pointer}/connections/{index}") for index, each in enumerate(connections)],
    )


def _read_branch(data: Any, pointer: str) -> Branch:
    match data:
        case {"number": int(number), "type": str(kind), "cardinality": int(cardinality)} if len(data) == 3:
            for known in BRANCH_KINDS:
                if kind == known and number >= 0 and cardinality >= 0:
                    return Branch(int(number), known, int(cardinality))
    raise GraphError('A branch is {"number": 1, "type": "AltBegin", "cardinality": 2}.', pointer)


def _read_connection(data: object, pointer: str) -> Connection:
    match data:
        case [str(source), str(target)]:
            return Connection(_read_node(source, pointer), _read_node(target, pointer))
        case [str(source), str(target), "jump"]:
            return Connection(_read_node(source, pointer), _read_node(target, pointer), jump=True)
    raise GraphError('A connection is ["step 1", "transition 1"], with "jump" as third where it is one.', pointer)


def _read_node(text: str, pointer: str) -> Node:
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
        f'{text!r} is not an end of a connection; write "step 1", "transition 1", "branch 1.0" or "end".', pointer
    )
