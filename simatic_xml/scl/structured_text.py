"""SCL text to the StructuredText element of SimaticML.

The element holds the whole text: every token, blank and line break is a node with its own UId. Operands, constants
and calls become Access nodes. UIds count from 21 in document order; parts that the export leaves out keep their number
free. Facts: measured on exports of V15.1 to V21.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from lxml import etree

from simatic_xml.scl.context import Interface, Program
from simatic_xml.scl.diagnostics import SclError
from simatic_xml.scl.instructions import INSTANCE_INSTRUCTIONS, Spelling, returns_value, spelling
from simatic_xml.scl.lexer import TEXT
from simatic_xml.scl.nodes import (
    Address,
    Argument,
    Call,
    CallStatement,
    Dereference,
    Index,
    Jump,
    Label,
    Literal,
    Member,
    Node,
    Slice,
    SourceTree,
    Statement,
    Variable,
    walk,
)
from simatic_xml.scl.parser import parse_statements
from simatic_xml.scl.trivia import Kind, Piece, pieces
from simatic_xml.versions import SOURCE_NAMESPACE, tia_version

FIRST_UID = 21
_TAB = "    "
_ACCESSES = (Variable, Literal, Address, Call, Jump, Label)


@dataclass(frozen=True, slots=True)
class Style:
    """How an export is written: its StructuredText version, and whether it spells out defaults."""

    namespace: str
    with_defaults: bool = False

    @property
    def marks_quotes(self) -> bool:
        """Whether quoted names carry HasQuotes (from version 3)."""
        return not self.namespace.endswith("/v2")


def from_text(
    text: str,
    interface: Interface | None = None,
    program: Program | None = None,
    version: str = "V20",
    *,
    with_defaults: bool = False,
) -> etree._Element:
    """Return the StructuredText element for the body of a block.

    Args:
        text: statements, without a header.
        interface: the declarations of the block; without it every `#x` is a variable.
        program: what global names stand for; without it an unknown `"X"(...)` is taken for a function.
        version: the TIA Portal version, `V15.1` to `V21`.
        with_defaults: write what TIA Portal writes with the export option WithDefaults.

    Raises:
        SclError: the text is no SCL; the findings are attached.
    """
    return write_text(text, interface or Interface(), program or Program(), Style(namespace(version), with_defaults))


def uses_defaults(element: etree._Element) -> bool:
    """Tell whether an export spells out defaults, as the export option WithDefaults makes it."""
    marks = element.iter("{*}Blank", "{*}NewLine", "{*}LineComment")
    return any(node.get("Num") == "1" or node.get("NoClosingBracket") == "false" for node in marks)


def namespace(version: str) -> str:
    """Return the namespace of StructuredText in a TIA Portal version.

    Raises:
        SimaticMLError: the version is not known.
        SclError: it does not export SCL blocks.
    """
    number = tia_version(version).scl
    if number is None:
        raise SclError(f"TIA Portal {version} does not export SCL blocks as XML; choose V15.1 or later.")
    return f"{SOURCE_NAMESPACE}StructuredText/v{number}"


def write_text(text: str, interface: Interface, program: Program, style: Style) -> etree._Element:
    """Return the StructuredText element for the body of a block in a chosen style.

    Raises:
        SclError: the text is no SCL; the findings are attached.
    """
    result = parse_statements(text)
    if not result.ok:
        raise SclError(f"The text is not valid SCL: {result.diagnostics[0]}", tuple(result.diagnostics))
    return StructuredTextWriter(result.tree, interface, program, style).write()


def accesses(nodes: list[Statement]) -> Iterator[Node]:
    """Yield the outermost operands, constants, calls, jumps and labels in the order of the text."""
    stack: list[Node] = list(reversed(nodes))
    while stack:
        node = stack.pop()
        if isinstance(node, _ACCESSES):
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


class StructuredTextWriter:
    """Writes one body; `parent` is where the next node goes, `at` the next token to write."""

    def __init__(self, tree: SourceTree, interface: Interface, program: Program, style: Style) -> None:
        """Start with an empty element."""
        self.tree = tree
        self.tokens = tree.tokens
        self.interface = interface
        self.program = program
        self.style = style
        self.root = etree.Element(f"{{{style.namespace}}}StructuredText", nsmap={None: style.namespace})  # type: ignore[dict-item]
        self.parent = self.root
        self.at = 0
        self.uid = FIRST_UID
        self._statement_calls = {
            id(statement.call) for statement in walk(tree.statements) if isinstance(statement, CallStatement)
        }

    def write(self) -> etree._Element:
        """Write everything and return the element."""
        for node in accesses(self.tree.statements):
            self.access(node)
        self.plain(len(self.tokens.kinds) - 1)
        self.trivia()
        return self.root

    def node(self, name: str, parent: etree._Element | None = None, **attributes: str) -> etree._Element:
        """Add a node with attributes and the next UId."""
        target = self.parent if parent is None else parent
        element = etree.SubElement(target, f"{{{self.style.namespace}}}{name}", attributes)
        self.number(element)
        return element

    def number(self, element: etree._Element) -> None:
        """Give a node the next UId."""
        element.set("UId", str(self.uid))
        self.uid += 1

    def plain(self, stop: int) -> None:
        """Write tokens up to `stop` as they are, with the blanks in front of each."""
        while self.at < stop:
            self.trivia()
            text = self.tokens.text(self.at)
            if self.tokens.kinds[self.at] == TEXT:
                self.node("Text").text = text
            else:
                self.node("Token", Text=text)
            self.at += 1

    def trivia(self) -> None:
        """Write the blanks, line breaks and comments in front of the token at hand."""
        for piece in pieces(self.tokens.trivia(self.at)):
            if piece.kind is Kind.LINES:
                self._counted("NewLine", piece.source.count("\n"))
            elif piece.kind is Kind.BLANKS:
                self._counted("Blank", len(piece.source.replace("\t", _TAB)))
            elif piece.kind is Kind.MULTILINGUAL_COMMENT:
                self._multilingual_comment(piece)
            else:
                self._comment(piece)

    def _counted(self, name: str, count: int) -> None:
        if count > 1 or self.style.with_defaults:
            self.node(name, Num=str(count))
        else:
            self.node(name)

    def _comment(self, piece: Piece) -> None:
        inserted = piece.kind is Kind.BLOCK_COMMENT
        comment = etree.SubElement(self.parent, f"{{{self.style.namespace}}}LineComment")
        if inserted or self.style.with_defaults:
            comment.set("Inserted", str(inserted).lower())
        if not piece.closed or self.style.with_defaults:
            comment.set("NoClosingBracket", str(not piece.closed).lower())
        self.number(comment)
        self.node("Text", comment).text = piece.content.replace("\r\n", "\n")

    def _multilingual_comment(self, piece: Piece) -> None:
        comment = self.node("Comment", Inserted="true")
        self.node("MultiLanguageText", comment, Lang="en-US").text = piece.content.replace("\r\n", "\n")

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
            self._variable(node)
        elif isinstance(node, Call):
            self._call(node)

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

    def inside(self, element: etree._Element, stop: int) -> None:
        """Write plain tokens up to `stop` into an element."""
        outer, self.parent = self.parent, element
        self.plain(stop)
        self.parent = outer

    def _literal(self, node: Literal) -> None:
        access = self.node("Access", Scope="TypedConstant" if node.typed else "LiteralConstant")
        constant = self.node("Constant", access)
        if not node.typed:
            self.uid += 1
        self.node("ConstantValue", constant).text = node.text
        self.at = node.stop

    def _address(self, node: Address) -> None:
        access = self.node("Access", Scope="GlobalVariable")
        symbol = self.node("Symbol", access)
        self.node("Token", symbol, Text=node.text)
        self.at = node.stop

    def scope(self, node: Variable) -> str:
        """Return the scope of an operand from its mark and the declarations."""
        if "#" in node.mark or (not node.mark and self.interface.declares(node.name)):
            return "LocalConstant" if self.interface.is_constant(node.name) and not node.path else "LocalVariable"
        if node.mark == "" and node.name.upper() == "ENO":
            return "PredefinedVariable"
        return "GlobalConstant" if self.program.is_constant(node.name) and not node.path else "GlobalVariable"

    def _variable(self, node: Variable) -> None:
        scope = self.scope(node)
        access = self.node("Access", Scope=scope)
        if scope.endswith("Constant"):
            self._named_constant(access, node)
        elif scope == "PredefinedVariable":
            self.node("PredefinedVariable", access, Name=node.name)
            self.at = node.stop
        else:
            self._symbol(self.node("Symbol", access), node)

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
        self._quotes(constant, quoted=node.mark == '#"')

    def _quotes(self, element: etree._Element, *, quoted: bool) -> None:
        if quoted and self.style.marks_quotes:
            self.node("BooleanAttribute", element, Name="HasQuotes").text = "true"

    def _symbol(self, symbol: etree._Element, node: Variable) -> None:
        """Write the components of an operand into a Symbol or Instance."""
        outer, self.parent = self.parent, symbol
        component = self.node("Component", Name=node.name)
        self._quotes(component, quoted=node.mark.endswith('"') and symbol.tag.endswith("}Symbol"))
        self.at += 1
        for step in node.path:
            component = self._step(step, component)
        self.parent = outer

    def _step(self, step: Node, component: etree._Element) -> etree._Element:
        """Write one step of a path; return the component that an index behind it belongs to."""
        if isinstance(step, Index):
            self._index(step, component)
        elif isinstance(step, Member):
            self.plain(step.stop - 1)
            self.trivia()
            component = self.node("Component", Name=step.name)
            self._quotes(component, quoted=step.quoted)
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
        for node in self._operands(step):
            self.access(node)
        self.plain(step.stop)
        self.parent = outer

    @staticmethod
    def _operands(node: Node) -> Iterator[Node]:
        """Yield the outermost operands inside any node."""
        yield from accesses(sorted(children(node), key=lambda child: child.first))  # type: ignore[arg-type]

    def _call(self, node: Call) -> None:
        used = id(node) not in self._statement_calls
        callee = node.callee
        if self._is_instruction(callee):
            self._instruction(node, callee.name, used=used)
        elif callee.path and isinstance(callee.path[-1], Member) and self._is_instance_instruction(callee):
            self._named_instance_call(node, callee)
        elif (block := self._block_call(callee)) is not None:
            self._block(node, *block)
        else:
            self._variable(callee)
            self._instruction(node, "", used=False)

    def _is_instruction(self, callee: Variable) -> bool:
        return not callee.mark and not callee.path and not self.interface.declares(callee.name)

    @staticmethod
    def _is_instance_instruction(callee: Variable) -> bool:
        last = callee.path[-1]
        return isinstance(last, Member) and not last.quoted and last.name in INSTANCE_INSTRUCTIONS

    def _block_call(self, callee: Variable) -> tuple[str, str, bool] | None:
        """Return block type, block name and whether a value is returned; None for an instance of a system block."""
        if self.scope(callee) == "LocalVariable":
            block = self.interface.block_of(callee.name) if not callee.path else ""
            return ("FB", block, False) if block else None
        known = self.program.callee(callee.name)
        if known is None:
            return None if callee.path else ("FC", "", False)
        if known.kind == "system":
            return None
        return known.kind, known.block if known.kind == "FB" else "", known.returns

    def _block(self, node: Call, block_type: str, name: str, returns: bool) -> None:
        """Write the call of a user block; the components of its instance are numbered before the instance."""
        access = self.node("Access", Scope="Call")
        info = self.node("CallInfo", access)
        if name:
            info.set("Name", name)
        info.set("BlockType", block_type)
        scope = "LocalVariable" if self.scope(node.callee) == "LocalVariable" else "GlobalVariable"
        instance = etree.SubElement(info, f"{{{self.style.namespace}}}Instance", Scope=scope)
        self._symbol(instance, node.callee)
        quoted = node.callee.mark == '#"'
        self._quotes(instance[0], quoted=quoted)
        self.number(instance)
        self._arguments(info, node, reserved=int(returns))

    def _named_instance_call(self, node: Call, callee: Variable) -> None:
        """Write `instance.TON(...)`: the instance, the dot, and the named instruction."""
        last = callee.path[-1]
        instance = Variable(callee.first, last.first, callee.name, callee.mark, callee.path[:-1])
        self._variable(instance)
        self.plain(last.stop - 1)
        self._instruction(node, self.tokens.text(last.stop - 1), used=False)

    def _instruction(self, node: Call, name: str, *, used: bool) -> None:
        """Write the call of an instruction; one that returns a value keeps the number of its result free."""
        known = spelling(name) if name else Spelling("")
        access = self.node("Access", Scope="Call")
        instruction = self.node("Instruction", access, Name=known.name) if name else self.node("Instruction", access)
        if known.template:
            template = self.node("TemplateValue", instruction, Name=known.template, Type="Type")
            template.text = known.data_type
        if name:
            self.at = node.opening
        self._arguments(instruction, node, reserved=int(bool(name) and self._returns(known.name, used=used)))

    def _returns(self, name: str, *, used: bool) -> bool:
        """Tell whether an instruction returns a value: the program knows best, then the table."""
        known = self.program.results.get(name.upper())
        return returns_value(name, used=used) if known is None else known

    def _arguments(self, element: etree._Element, node: Call, *, reserved: int) -> None:
        """Write the parentheses and arguments of a call into its element."""
        outer, self.parent = self.parent, element
        self.plain(node.opening + 1)
        for argument in node.arguments:
            self.plain(argument.first)
            self.trivia()
            self._argument(argument)
        self.plain(node.stop - 1)
        self.trivia()
        self.uid += reserved
        self.node("Token", Text=")")
        self.at = node.stop
        self.parent = outer

    def _argument(self, argument: Argument) -> None:
        """Write one argument; the blanks in front of it are already written."""
        element = self.node("Parameter", Name=argument.name) if argument.name else self.node("NamelessParameter")
        outer, self.parent = self.parent, element
        if argument.name:
            self._quotes(element, quoted=argument.quoted)
            self.at += 1
        for operand in self._operands(argument):
            self.access(operand)
        self.plain(argument.stop)
        self.parent = outer
