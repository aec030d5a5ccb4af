"""Sequences between their element and JSON: steps, transitions, and the flow between them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from lxml import etree

from simatic_xml.flgnet.raw import children
from simatic_xml.graph.elements import Maker, apply_edits, number_of, read_object, texts_of, within
from simatic_xml.graph.errors import UnreadableFlowError
from simatic_xml.graph.flow_reading import FlowReader, Names, Numbering, Topology, read_topology
from simatic_xml.graph.flow_writing import list_topology, write_flow
from simatic_xml.graph.logic import short_texts
from simatic_xml.graph.model import Branch, Node, Sequence
from simatic_xml.graph.steps import Nodes, read_step, read_transition
from simatic_xml.graph.topology import (
    add_branches,
    add_connections,
    in_usual_order,
    read_branches,
    read_connections,
)
from simatic_xml.json_form.reader import Reader
from simatic_xml.xml.residue import difference

NODE_TAGS = frozenset({"Step", "Transition"})
_PARTS = (("Steps", "Step"), ("Transitions", "Transition"))
_DEFAULT_COMMENT = {"en-US": ""}
"""TIA Portal gives every sequence a title and an empty comment. Facts: docs/facts/graph.md#simaticml, exports."""

Entry = TypeVar("Entry")


@dataclass(slots=True)
class Sequences:
    """Builds and writes the sequences of one block, which share names and numbers."""

    maker: Maker
    nodes: Nodes
    numbering: Numbering = field(default_factory=Numbering)

    def build(self, readers: list[Reader]) -> list[etree._Element]:
        """Build the ``Sequence`` elements.

        Raises:
            SimaticMLError: the JSON is not a sequence.
        """
        parts = [self._nodes(reader) for reader in readers]
        names = names_of(parts)
        return [self._sequence(reader, part, names) for reader, part in zip(readers, parts, strict=True)]

    def _nodes(self, reader: Reader) -> etree._Element:
        """Build a sequence with its texts, steps and transitions."""
        element = self.maker.make("Sequence")
        self.maker.texts("Title", element, reader.comment("title"))
        comment = reader.comment("comment") if reader.has("comment") else _DEFAULT_COMMENT
        self.maker.texts("Comment", element, comment)
        steps, transitions = self.maker.make("Steps", element), self.maker.make("Transitions", element)
        steps.extend([self.nodes.step(each) for each in reader.children("steps")])
        transitions.extend([self.nodes.transition(each) for each in reader.children("transitions")])
        return element

    def _sequence(self, reader: Reader, element: etree._Element, names: Names) -> etree._Element:
        topology = self._topology(reader, element, names)
        add_branches(element, topology.branches, self.maker)
        add_connections(element, topology.connections, self.maker)
        element = apply_edits(element, reader)
        reader.refuse_unread()
        return element

    def _topology(self, reader: Reader, element: etree._Element, names: Names) -> Topology:
        """Return branches and connections in the order in which they are written."""
        if reader.has("connections"):
            return read_topology(reader.list("branches"), reader.list("connections"), reader.pointer)
        flow = reader.raw("flow") if reader.has("flow") else _usual_flow(element)
        nodes, rest = nodes_of(element), reader.child("x")
        found = FlowReader(names, self.numbering).read(flow, nodes, f"{reader.pointer}/flow")
        branches = _arrange(sorted(found.branches, key=_number), rest, "branches")
        return Topology(branches, _arrange(in_usual_order(found.connections, nodes), rest, "connections"))

    def to_json(self, elements: list[etree._Element]) -> list[dict[str, Any]]:
        """Return the JSON of the ``Sequence`` elements of a block.

        Raises:
            GraphError: a step, transition, branch or connection lacks its number.
        """
        found = [self._to_json(element, names_of(elements)) for element in elements]
        writer = Sequences(self.maker, Nodes(self.maker, self.nodes.networks, self.nodes.version))
        usual = writer.build([read_object(data, "") for data in found])
        for data, ours, theirs in zip(found, usual, elements, strict=True):
            edits = difference(ours, theirs, NODE_TAGS)
            if edits:
                data["x"] = data.get("x", {}) | {"extra": edits}
        return found

    def _to_json(self, element: etree._Element, names: Names) -> dict[str, Any]:
        data: dict[str, Any] = {}
        title, comment = texts_of(element, "Title"), texts_of(element, "Comment")
        if title:
            data["title"] = short_texts(title)
        if comment != _DEFAULT_COMMENT:
            data["comment"] = short_texts(comment)
        data["steps"] = [self.nodes.step_to_json(each) for each in within(element, "Steps", "Step")]
        data["transitions"] = [
            self.nodes.transition_to_json(each) for each in within(element, "Transitions", "Transition")
        ]
        return data | self._topology_to_json(element, names)

    def _topology_to_json(self, element: etree._Element, names: Names) -> dict[str, Any]:
        found = Topology(list(read_branches(element)), list(read_connections(element)))
        nodes = nodes_of(element)
        try:
            flow = write_flow(found, nodes, names, self.numbering)
        except UnreadableFlowError:
            return list_topology(found)
        orders = {
            "branches": _order(sorted(found.branches, key=_number), found.branches),
            "connections": _order(in_usual_order(found.connections, nodes), found.connections),
        }
        orders = {key: order for key, order in orders.items() if order}
        return {"flow": flow, **({"x": orders} if orders else {})}


def nodes_of(sequence: etree._Element) -> list[Node]:
    """Return the steps and then the transitions of a ``Sequence`` element."""
    steps = [Node("step", number_of(each)) for each in within(sequence, "Steps", "Step")]
    return steps + [Node("transition", number_of(each)) for each in within(sequence, "Transitions", "Transition")]


def names_of(sequences: Iterable[etree._Element]) -> Names:
    """Return the steps and transitions of the sequences of a block, with what their names mean."""
    named: dict[str, Node | None] = {}
    nodes: list[Node] = []
    for sequence in sequences:
        elements = [each for path in _PARTS for each in within(sequence, *path)]
        for element, node in zip(elements, nodes_of(sequence), strict=True):
            name = element.get("Name", "")
            named[name] = None if name in named else node
            nodes.append(node)
    return Names(frozenset(nodes), named)


def _usual_flow(sequence: etree._Element) -> list[Any]:
    """Return the flow of a sequence that gives none: steps and transitions in turn, and back to the first step."""
    nodes = nodes_of(sequence)
    steps = [{node.kind: node.number} for node in nodes if node.kind == "step"]
    transitions = [{node.kind: node.number} for node in nodes if node.kind == "transition"]
    flow: list[Any] = [None] * (len(steps) + len(transitions))
    if len(steps) - len(transitions) not in (0, 1):
        return [*steps, *transitions]
    flow[::2], flow[1::2] = steps, transitions
    return [*flow, {"jump": steps[0]}] if steps and len(steps) == len(transitions) else flow


def _number(branch: Branch) -> int:
    return branch.number


def _order(usual: list[Entry], found: list[Entry]) -> list[int]:
    """Return the place of each entry among the usual ones; nothing where they are in the usual order."""
    places: dict[Entry, list[int]] = {}
    for index in range(len(usual) - 1, -1, -1):
        places.setdefault(usual[index], []).append(index)
    order = [places[entry].pop() for entry in found]
    return [] if order == list(range(len(order))) else order


def _arrange(usual: list[Entry], rest: Reader | None, key: str) -> list[Entry]:
    """Return entries in the order that ``x`` says, as long as it is one of all of them."""
    order = rest.list(key) if rest else []
    fits = all(type(place) is int for place in order) and sorted(order) == list(range(len(usual)))
    return [usual[place] for place in order] if fits else usual


def read_sequence(element: etree._Element) -> Sequence:
    """Read a ``Sequence`` element as typed data.

    Raises:
        GraphError: a step, transition, branch or connection lacks what it needs.
    """
    return Sequence(
        tuple(read_step(each) for each in within(element, "Steps", "Step")),
        tuple(read_transition(each) for each in within(element, "Transitions", "Transition")),
        read_branches(element),
        read_connections(element),
    )


def sequence_elements(graph: etree._Element) -> list[etree._Element]:
    """Return the ``Sequence`` elements of a ``Graph`` element."""
    return children(graph, "Sequence")
