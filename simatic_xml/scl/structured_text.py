"""Convert SCL text to the StructuredText element of SimaticML.

The element holds the whole text: every token, blank and line break is a node with its own UId. Operands, constants
and calls become Access nodes. UIds count from 21 in document order; parts that the export leaves out keep their number
free. Facts: docs/facts/simaticml.md#scl, measured on exports of V15.1 to V21.
"""

from __future__ import annotations

from lxml import etree

from simatic_xml.scl.context import Interface, Program
from simatic_xml.scl.diagnostics import SclError
from simatic_xml.scl.element_writer import Style
from simatic_xml.scl.instructions import INSTANCE_INSTRUCTIONS, Spelling, returns_value, spelling
from simatic_xml.scl.nodes import Argument, Call, CallStatement, Member, SourceTree, Variable, walk
from simatic_xml.scl.operand_writer import OperandWriter, accesses
from simatic_xml.scl.parser import parse_statements
from simatic_xml.versions import DEFAULT_VERSION, SOURCE_NAMESPACE, tia_version


def from_text(
    text: str,
    interface: Interface | None = None,
    program: Program | None = None,
    version: str = DEFAULT_VERSION,
    *,
    with_defaults: bool = False,
) -> etree._Element:
    """Return the StructuredText element for the body of a block.

    Args:
        text: statements, without a header.
        interface: the declarations of the block; without it every `#x` is a variable.
        program: the meaning of global names; without it an unknown `"X"(...)` counts as a function.
        version: the TIA Portal version, such as `V20`.
        with_defaults: write what TIA Portal writes with the export option WithDefaults.

    Raises:
        SclError: the text is no SCL; the findings are attached.
    """
    return write_text(text, interface or Interface(), program or Program(), Style(namespace(version), with_defaults))


def uses_defaults(element: etree._Element) -> bool:
    """Return whether an export spells out defaults, as the export option WithDefaults makes it."""
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
        raise SclError(f"The text is not valid SCL: {result.errors[0].message}", tuple(result.errors))
    return StructuredTextWriter(result.tree, interface, program, style).write()


class StructuredTextWriter(OperandWriter):
    """Writes a whole body, calls included."""

    def __init__(self, tree: SourceTree, interface: Interface, program: Program, style: Style) -> None:
        """Start with an empty element."""
        super().__init__(tree, interface, program, style)
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

    def call(self, node: Call) -> None:
        """Write a call of an instruction, of an instance of one, or of a user block."""
        used = id(node) not in self._statement_calls
        callee = node.callee
        if self._is_instruction(callee):
            self._instruction(node, callee.name, used=used)
        elif callee.path and isinstance(callee.path[-1], Member) and self._is_instance_instruction(callee):
            self._named_instance_call(node, callee)
        elif (block := self._block_call(callee)) is not None:
            self._block(node, *block)
        else:
            self.variable(callee)
            self._instruction(node, "", used=False)

    def _is_instruction(self, callee: Variable) -> bool:
        plain = not callee.mark and not callee.path and not self.interface.declares(callee.name)
        return plain and self.program.callee(callee.name) is None

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
        instance = etree.SubElement(info, self.tag("Instance"), Scope=scope)
        self.symbol(instance, node.callee)
        self.number(instance)
        self._arguments(info, node, reserved=int(returns))

    def _named_instance_call(self, node: Call, callee: Variable) -> None:
        """Write `instance.TON(...)`: the instance, the dot, and the named instruction."""
        last = callee.path[-1]
        instance = Variable(callee.first, last.first, callee.name, callee.mark, callee.path[:-1])
        self.variable(instance)
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
        """Return whether an instruction returns a value: the program decides first, then the table."""
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
            self.quotes(element, quoted=argument.quoted)
            self.at += 1
        for operand in self.operands(argument):
            self.access(operand)
        self.plain(argument.stop)
        self.parent = outer
