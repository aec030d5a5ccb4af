"""The syntax tree of a SIMATIC SD document: the objects of SCL sources, and networks of rungs.

Objects, sections and declarations are those of `simatic_xml.scl`; what an SD document adds are the attributes in front
of things, and networks. Every node knows its tokens, so that the tree prints back to its very text.
Facts: SIMATIC SD documents exported by TIA Portal V20 and V21.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from simatic_xml.scl.nodes import Node, SourceObject, SourceTree, Statement

RAIL = "powerrail"
"""Name of the wire that a LAD rung starts at."""


@dataclass(slots=True)
class Value:
    """What is at a pin: an operand or constant as written, or the name of a wire; both empty for an open pin."""

    text: str = ""
    wire: str = ""
    negated: bool = False


@dataclass(slots=True)
class PinValue(Node):
    """One pin of an element; `name` and `operator` (`:=` or `=>`) are empty for the only operand of a contact."""

    name: str
    operator: str
    value: Value


@dataclass(slots=True)
class Element(Node):
    """An instruction or call in a rung.

    Attributes:
        name: the instruction as written, empty for the call of a user block.
        callee: the instance of an instruction, or the block or instance that is called, as written.
        negated: whether NOT is in front: what runs into the element is inverted.
        attributes: the entries of the `{ ... }` in front of it, or after its name.
        pins: the pins in the order written.
    """

    name: str
    callee: str
    negated: bool
    attributes: dict[str, str]
    pins: list[PinValue]


@dataclass(slots=True)
class Mark(Node):
    """`wire#w1` in a rung: the name of the wire at this place."""

    wire: str


@dataclass(slots=True)
class Rung(Node):
    """A series of elements.

    Attributes:
        start: what it starts with; None where nothing leads to its first element.
        items: elements and marks.
        end: the wire that it ends in, empty where it ends with its last element.
    """

    start: Value | None
    items: list[Element | Mark]
    end: str


@dataclass(slots=True)
class Network(Node):
    """A network: rungs in LAD and FBD, statements in SCL.

    Attributes:
        attributes: the entries of the `{ ... }` in front of it.
        labels: the jump labels in front of the rungs.
        rungs: its rungs.
        statements: its statements in SCL.
        body_first: the token after NETWORK.
        body_stop: the END_NETWORK token.
    """

    attributes: dict[str, str]
    labels: list[str] = field(default_factory=list)
    rungs: list[Rung] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    body_first: int = 0
    body_stop: int = 0

    @property
    def language(self) -> str:
        """The language, in upper case; empty if the network does not state it."""
        return self.attributes.get("S7_Language", "").upper()


@dataclass(slots=True)
class SdObject(SourceObject):
    """A block, data block or PLC data type; `attributes` are the entries of the `{ ... }` in front of it."""

    networks: list[Network] = field(default_factory=list)


@dataclass(slots=True)
class SdTree(SourceTree):
    """A whole document; `bom` says whether its bytes started with the mark of UTF-8."""

    bom: bool = False

    @property
    def blocks(self) -> list[SdObject]:
        """The objects, with their networks."""
        return [node for node in self.objects if isinstance(node, SdObject)]
