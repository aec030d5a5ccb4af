"""Branches and connections of a sequence between the XML and typed data."""

from lxml import etree

from simatic_xml.flgnet.raw import child, local_name
from simatic_xml.graph.elements import Maker, number_of, within
from simatic_xml.graph.errors import GraphError
from simatic_xml.graph.model import Branch, BranchKind, Connection, Node, NodeKind

BRANCH_KINDS: tuple[BranchKind, ...] = ("AltBegin", "AltEnd", "SimBegin", "SimEnd")
_TAGS: dict[str, NodeKind] = {"StepRef": "step", "TransitionRef": "transition", "BranchRef": "branch"}
_TAGS["EndConnection"] = "end"
_NAMES = {kind: tag for tag, kind in _TAGS.items()}
_RANKS = {"step": 0, "transition": 1, "branch": 2, "end": 3}


def read_branches(sequence: etree._Element) -> tuple[Branch, ...]:
    """Read the branches of a ``Sequence`` element.

    Raises:
        GraphError: a branch has no number or is of no known kind.
    """
    return tuple(
        Branch(number_of(each), _kind(each), number_of(each, "Cardinality"))
        for each in within(sequence, "Branches", "Branch")
    )


def _kind(element: etree._Element) -> BranchKind:
    for kind in BRANCH_KINDS:
        if element.get("Type") == kind:
            return kind
    raise GraphError(f"The branch type {element.get('Type')!r} is not known; use one of {', '.join(BRANCH_KINDS)}.")


def read_connections(sequence: etree._Element) -> tuple[Connection, ...]:
    """Read the connections of a ``Sequence`` element.

    Raises:
        GraphError: a connection has no end, or one that is not known.
    """
    return tuple(_connection(each) for each in within(sequence, "Connections", "Connection"))


def _connection(element: etree._Element) -> Connection:
    link = child(element, "LinkType")
    return Connection(_node(element, "NodeFrom", "Out"), _node(element, "NodeTo", "In"), _text(link) == "Jump")


def _text(element: etree._Element | None) -> str | None:
    return None if element is None else element.text


def _node(connection: etree._Element, side: str, port: str) -> Node:
    holder = child(connection, side)
    if holder is None or len(holder) != 1 or local_name(holder[0]) not in _TAGS:
        raise GraphError(f"A connection has no step, transition, branch or end in <{side}>.")
    kind = _TAGS[local_name(holder[0])]
    if kind == "end":
        return Node(kind)
    return Node(kind, number_of(holder[0]), number_of(holder[0], port) if kind == "branch" else 0)


def add_branches(parent: etree._Element, branches: list[Branch], maker: Maker) -> None:
    """Add the ``Branches`` of a sequence."""
    holder = maker.make("Branches", parent)
    for branch in branches:
        maker.make("Branch", holder, Number=branch.number, Type=branch.kind, Cardinality=branch.cardinality)


def add_connections(parent: etree._Element, connections: list[Connection], maker: Maker) -> None:
    """Add the ``Connections`` of a sequence."""
    holder = maker.make("Connections", parent)
    for connection in connections:
        element = maker.make("Connection", holder)
        _add_node(maker.make("NodeFrom", element), connection.source, "Out", maker)
        _add_node(maker.make("NodeTo", element), connection.target, "In", maker)
        maker.make("LinkType", element).text = "Jump" if connection.jump else "Direct"


def _add_node(parent: etree._Element, node: Node, port: str, maker: Maker) -> None:
    attributes = {"Number": node.number} if node.kind != "end" else {}
    maker.make(_NAMES[node.kind], parent, **attributes, **({port: node.port} if node.kind == "branch" else {}))


def in_usual_order(connections: list[Connection], nodes: list[Node]) -> list[Connection]:
    """Return connections as TIA Portal lists them: from steps, from transitions, from branches.

    Args:
        connections: the connections, each once.
        nodes: steps and transitions in the order written.
    """
    places = {node: index for index, node in enumerate(nodes)}

    def place(connection: Connection) -> tuple[int, int, int]:
        source = connection.source
        return _RANKS[source.kind], places.get(source, source.number), source.port

    return sorted(connections, key=place)
