"""Operands of SCL as Access nodes: variables with their paths, constants by value and by name, labels."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import fields
from itertools import zip_longest

from lxml import etree

from simatic_xml.absolute import address_attributes
from simatic_xml.flgnet.literals import is_named_value
from simatic_xml.scl.context import Interface, Program
from simatic_xml.scl.diagnostics import SclError
from simatic_xml.scl.element_writer import ElementWriter, Style
from simatic_xml.scl.nodes import (
    Address,
    Call,
    Dereference,
    Index,
    Jump,
    Label,
    Literal,
    Member,
    Node,
    Slice,
    SourceTree,
    Variable,
)

_TIMER = re.compile(r"%(?P<kind>[TC])(?P<number>\d+)", re.IGNORECASE)
_ACCESSES = (Variable, Literal, Address, Call, Jump, Label)


def accesses(nodes: Sequence[Node]) -> Iterator[Node]:
    """Yield the outermost operands, constants, calls, jumps and labels in the order of the text."""
    stack: list[Node] = list(reversed(nodes))
    while stack:
        node = stack.pop()
        if isinstance(node, _ACCESSES) and not (isinstance(node, Jump) and node.value):
            yield node
        else:
            stack.extend(sorted(children(node), key=lambda child: child.first, reverse=True))


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes directly inside a node."""
    for name in _FIELDS.setdefault(type(node), [entry.name for entry in fields(node)]):
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, list):
            yield from (item for item in value if isinstance(item, Node))


_FIELDS: dict[type[Node], list[str]] = {}


def _address_attributes(text: str) -> dict[str, str] | None:
    """Return the attributes of the Address node for `%MW10`, `%I0.0:P`, `%DB1.DBX0.0`, `%T5`; else None."""
    timer = _TIMER.fullmatch(text)
    if timer:
        kind = {"T": "Timer", "C": "Counter"}[timer["kind"].upper()]
        return {"Area": kind, "Type": kind, "BitOffset": timer["number"]}
    operand, _, periphery = text.partition(":")
    found = address_attributes(operand)
    if found is None or not periphery:
        return found
    area = {"Input": "PeripheryInput", "Output": "PeripheryOutput"}.get(found["Area"])
    return found | {"Area": area} if area else None


class OperandWriter(ElementWriter, ABC):
    """Writes operands; a subclass writes calls."""

    def __init__(self, tree: SourceTree, interface: Interface, program: Program, style: Style) -> None:
        """Start with an empty element."""
        super().__init__(tree, style)
        self.interface = interface
        self.program = program

    @abstractmethod
    def call(self, node: Call) -> None:
        """Write a call."""

    def access(self, node: Node) -> None:
        """Write everything up to a node, then the node itself."""
        self.plain(node.first)
        if isinstance(node, Jump | Label):
            self._label(node)
            return
        self.trivia()
        if isinstance(node, Literal):
            self._literal(node)
        elif isinstance(node, Address):
            self._address(node)
        elif isinstance(node, Variable):
            self.variable(node)
        elif isinstance(node, Call):
            self.call(node)

    def _label(self, node: Jump | Label) -> None:
        """Write a jump word with its label, or the definition of a label with its colon."""
        if isinstance(node, Jump):
            self.plain(node.first + 1)
        if isinstance(node, Jump) and not node.label:
            return
        self.trivia()
        access = self.node("Access", Scope="Label")
        label = self.node("Label", access, Name=self.tokens.text(self.at))
        self.at += 1
        if isinstance(node, Label):
            self.inside(label, node.stop)

    def _literal(self, node: Literal) -> None:
        if node.typed and is_named_value(node.text):
            access = self.node("Access", Scope="NamedValueConstant")
            self.node("Constant", access, Name=f"_.{node.text.removeprefix('_.')}")
            self.at = node.stop
            return
        access = self.node("Access", Scope="TypedConstant" if node.typed else "LiteralConstant")
        constant = self.node("Constant", access)
        if not node.typed:
            self.uid += 1
        self.node("ConstantValue", constant).text = node.text
        self.at = node.stop

    def _address(self, node: Address) -> None:
        """Write an absolute operand; after `:P` it belongs to the periphery."""
        attributes = _address_attributes(node.text)
        if attributes is None:
            raise SclError(f"'{node.text}' is not an absolute operand that can be written; use the name of a tag.")
        access = self.node("Access", Scope="Address")
        address = etree.SubElement(access, self.tag("Address"), attributes)
        self.number(address)
        self.at = node.stop

    def scope(self, node: Variable) -> str:
        """Return the scope of an operand from its mark and the declarations."""
        if "#" in node.mark or (not node.mark and self.interface.declares(node.name)):
            return "LocalConstant" if self.interface.is_constant(node.name) and not node.path else "LocalVariable"
        if node.mark == "" and node.name.upper() == "ENO":
            return "PredefinedVariable"
        return "GlobalConstant" if self.program.is_constant(node.name) and not node.path else "GlobalVariable"

    def variable(self, node: Variable) -> None:
        """Write an operand as its scope requires."""
        scope = self.scope(node)
        access = self.node("Access", Scope=scope)
        if scope.endswith("Constant"):
            self._named_constant(access, node)
        elif scope == "PredefinedVariable":
            self.node("PredefinedVariable", access, Name=node.name)
            self.at = node.stop
        else:
            self.symbol(self.node("Symbol", access), node)

    def _named_constant(self, access: etree._Element, node: Variable) -> None:
        """Write a constant by name; the numbers of its type and value stay free.

        As an array index the name takes the place of the value.
        """
        self.at = node.stop
        if self.parent.tag.endswith("}Component"):
            constant = self.node("Constant", access)
            self.uid += 1
            self.node("ConstantValue", constant).text = node.name
            return
        constant = self.node("Constant", access, Name=node.name)
        self.uid += 2
        self.quotes(constant, quoted=node.mark == '#"')

    def quotes(self, element: etree._Element, *, quoted: bool) -> None:
        """Mark a name as written in quotes, where the version has such a mark."""
        if quoted and self.style.marks_quotes:
            self.node("BooleanAttribute", element, Name="HasQuotes").text = "true"

    def symbol(self, symbol: etree._Element, node: Variable) -> None:
        """Write the components of an operand into a Symbol, or into an Instance, which is quoted anyway if global."""
        outer, self.parent = self.parent, symbol
        component = self.node("Component", Name=node.name)
        global_instance = node.mark == '"' and symbol.tag.endswith("}Instance")
        self.quotes(component, quoted=node.mark.endswith('"') and not global_instance)
        self.at += 1
        for step, after in zip_longest(node.path, node.path[1:]):
            if isinstance(step, Dereference) and isinstance(after, Index):
                self.inside(component, step.stop)
            else:
                component = self._step(step, component)
        self.parent = outer

    def _step(self, step: Node, component: etree._Element) -> etree._Element:
        """Write one step of a path; return the component that an index after it belongs to."""
        if isinstance(step, Index):
            self._index(step, component)
        elif isinstance(step, Member):
            self.plain(step.stop - 1)
            self.trivia()
            component = self.node("Component", Name=step.name)
            self.quotes(component, quoted=step.quoted)
        elif isinstance(step, Slice) and step.text == ":P":
            component.set("SimpleAccessModifier", "Periphery")
            component.set("UId", component.attrib.pop("UId"))
        elif isinstance(step, Slice | Dereference):
            self.plain(step.stop)
        self.at = step.stop
        return component

    def _index(self, step: Index, component: etree._Element) -> None:
        """Write the brackets and indices into the component of the array."""
        outer, self.parent = self.parent, component
        for node in self.operands(step):
            self.access(node)
        self.plain(step.stop)
        self.parent = outer

    @staticmethod
    def operands(node: Node) -> Iterator[Node]:
        """Yield the outermost operands inside any node."""
        yield from accesses(sorted(children(node), key=lambda child: child.first))
