"""Write branches and connections as the flow that people read."""

from collections import Counter
from typing import Any

from simatic_xml.graph.errors import GraphError, UnreadableFlowError
from simatic_xml.graph.flow_reading import BEGINNINGS, DEEPEST, FlowReader, Names, Numbering, Topology
from simatic_xml.graph.model import Branch, Connection, Node

_KINDS = {beginning: kind for kind, (beginning, _) in BEGINNINGS.items()}


def write_flow(topology: Topology, nodes: list[Node], names: Names, numbering: Numbering) -> list[Any]:
    """Return the flow that gives these branches and connections.

    Args:
        topology: branches and connections of a sequence.
        nodes: its steps and transitions in the order written.
        names: the steps and transitions of the block.
        numbering: count of branches so far; it counts those of this flow too, where there is one.

    Raises:
        UnreadableFlowError: no flow gives exactly these.
    """
    flow = _FlowWriter(topology, names).write(nodes)
    _drop_usual_numbers(flow, Numbering(numbering.last))
    counted = Numbering(numbering.last)
    try:
        again = FlowReader(names, counted).read(flow, nodes, "")
    except GraphError as error:
        raise UnreadableFlowError from error
    same = Counter(again.branches) == Counter(topology.branches)
    if not same or Counter(again.connections) != Counter(topology.connections):
        raise UnreadableFlowError
    numbering.last = counted.last
    return flow


class _FlowWriter:
    """Follows the connections of one sequence."""

    def __init__(self, topology: Topology, names: Names) -> None:
        self._branches = {branch.number: branch for branch in topology.branches}
        self._leaving: dict[Node, list[Connection]] = {}
        for connection in topology.connections:
            self._leaving.setdefault(connection.source, []).append(connection)
        self._entered = {connection.target for connection in topology.connections if not connection.jump}
        self._names = {node: name for name, node in names.named.items() if node is not None and name}
        self._seen: set[Node] = set()

    def write(self, nodes: list[Node]) -> list[Any]:
        flows = [self._root(node) for node in nodes if node not in self._entered]
        return flows[0] if len(flows) == 1 else flows

    def _root(self, node: Node) -> list[Any]:
        items = [self._visit(node)]
        if self._path(self._only(node), items, 0) is not None:
            raise UnreadableFlowError
        return items

    def _visit(self, node: Node) -> Any:
        if node in self._seen:
            raise UnreadableFlowError
        self._seen.add(node)
        return self._write_name(node)

    def _write_name(self, node: Node) -> Any:
        return self._names.get(node) or {node.kind: node.number}

    def _only(self, node: Node) -> Connection | None:
        """Return the connection that leaves a node, None where none does."""
        leaving = self._leaving.get(node, [])
        if len(leaving) > 1:
            raise UnreadableFlowError
        return leaving[0] if leaving else None

    def _path(self, connection: Connection | None, items: list[Any], depth: int) -> Node | None:
        """Follow a path into `items`; return the end of the branch that it joins, None where it joins none."""
        while connection is not None:
            target = connection.target
            if connection.jump:
                items.append({"jump": self._write_name(target)})
                return None
            if target.kind == "end":
                items.append({"end": True})
                return None
            if target.kind != "branch":
                items.append(self._visit(target))
                connection = self._only(target)
            elif self._branch_of(target).kind in _KINDS:
                connection = self._branch(self._branch_of(target), items, depth)
            else:
                return target
        return None

    def _branch_of(self, node: Node) -> Branch:
        if node.number not in self._branches:
            raise UnreadableFlowError
        return self._branches[node.number]

    def _branch(self, branch: Branch, items: list[Any], depth: int) -> Connection | None:
        """Write a branch with all its paths; return the connection that leaves the place where they join."""
        node = Node("branch", branch.number)
        if node in self._seen or depth > DEEPEST:
            raise UnreadableFlowError
        self._seen.add(node)
        paths: list[list[Any]] = []
        joins: list[Node] = []
        for port in range(min(branch.cardinality, len(self._leaving))):
            paths.append([])
            join = self._path(self._only(Node("branch", branch.number, port)), paths[-1], depth + 1)
            joins += [] if join is None else [join]
        item: dict[str, Any] = {_KINDS[branch.kind]: paths, "branch": branch.number}
        items.append(item)
        if not joins:
            return None
        item["join"] = joins[0].number
        end = Node("branch", joins[0].number)
        if any(join.number != end.number for join in joins):
            raise UnreadableFlowError
        return self._only(end)


def _drop_usual_numbers(items: list[Any], numbering: Numbering) -> None:
    """Take out the numbers of branches that counting gives anyway."""
    for item in items:
        if isinstance(item, list):
            _drop_usual_numbers(item, numbering)
        kind = next((key for key in BEGINNINGS if isinstance(item, dict) and key in item), None)
        if kind is None:
            continue
        _drop_if_next(item, "branch", numbering)
        for path in item[kind]:
            _drop_usual_numbers(path, numbering)
        if "join" in item:
            _drop_if_next(item, "join", numbering)


def _drop_if_next(item: dict[str, Any], key: str, numbering: Numbering) -> None:
    if numbering.next(None, "") == item[key]:
        del item[key]


def list_topology(topology: Topology) -> dict[str, Any]:
    """Return branches and connections one by one, for what no flow says."""
    data: dict[str, Any] = {}
    if topology.branches:
        data["branches"] = [
            {"number": each.number, "type": each.kind, "cardinality": each.cardinality} for each in topology.branches
        ]
    data["connections"] = [
        [_write_node(each.source), _write_node(each.target), *(["jump"] if each.jump else [])]
        for each in topology.connections
    ]
    return data


def _write_node(node: Node) -> str:
    if node.kind == "end":
        return node.kind
    return f"{node.kind} {node.number}" + (f".{node.port}" if node.kind == "branch" else "")
