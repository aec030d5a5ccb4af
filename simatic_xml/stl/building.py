"""Write typed statements as the ``StatementList`` element, as TIA Portal does."""

from collections.abc import Iterable

from lxml import etree

from simatic_xml.errors import SimaticMLError
from simatic_xml.flgnet.operand import instance_element
from simatic_xml.flgnet.raw import new_root, qualify
from simatic_xml.stl.errors import StlError
from simatic_xml.stl.mnemonics import COMMENT, EMPTY_LINE, JUMPS, token_of
from simatic_xml.stl.model import Call, Parameter, Statement
from simatic_xml.stl.operands import element_of, label_element

FIRST_UID = 21
"""Number that TIA Portal gives the first node of a network. Facts: docs/facts/stl.md#simaticml, exports."""


def statement_list(items: Iterable[etree._Element], namespace: str) -> etree._Element:
    """Build the ``StatementList`` element around its statements, which keep the numbers they have."""
    root = new_root("StatementList", namespace)
    root.extend(list(items))
    return root


def build_statement(statement: Statement, namespace: str, uid: int) -> etree._Element:
    """Build one ``StlStatement`` element.

    Raises:
        StlError: an operand is none, or a name holds what XML does not allow; the error names the line.
    """
    try:
        return _Builder(namespace).statement(statement, uid)
    except (SimaticMLError, ValueError) as error:
        raise StlError(getattr(error, "message", str(error)), statement.line) from error


class _Builder:
    """Builds elements of one namespace."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace

    def make(self, tag: str, parent: etree._Element | None = None, **attributes: str) -> etree._Element:
        name = qualify(tag, self.namespace)
        return etree.Element(name, attributes) if parent is None else etree.SubElement(parent, name, attributes)

    def statement(self, statement: Statement, uid: int) -> etree._Element:
        element = new_root("StlStatement", self.namespace)
        element.set("UId", str(uid))
        has_operand = bool(statement.operand or statement.call)
        if not statement.mnemonic and statement.comment is not None:
            self.comment(element, statement.comment)
        if statement.label:
            self.make("Label", self.make("LabelDeclaration", element), Name=statement.label)
        empty = EMPTY_LINE if statement.comment is None else COMMENT
        token = token_of(statement.mnemonic, operand=has_operand) if statement.mnemonic else empty
        if token is None:
            raise StlError(f"{statement.mnemonic!r} is not an STL instruction.")
        self.make("StlToken", element, Text=token)
        holder = element
        if has_operand:
            holder = self.operand(statement)
            element.append(holder)
        if statement.mnemonic and statement.comment is not None:
            self.comment(holder, statement.comment)
        return element

    def operand(self, statement: Statement) -> etree._Element:
        if statement.call is not None:
            return self.call(statement.call)
        if statement.mnemonic in JUMPS:
            return label_element(statement.operand, self.namespace)
        return element_of(statement.operand, self.namespace)

    def comment(self, parent: etree._Element, text: str) -> None:
        comment = self.make("LineComment", parent, Inserted="false")
        self.make("Text", comment).text = text

    def call(self, call: Call) -> etree._Element:
        access = self.make("Access", Scope="Call")
        name = {"Name": call.name} if call.name else {}
        if call.block_type:
            called = self.make("CallInfo", access, **name, BlockType=call.block_type)
        else:
            called = self.make("Instruction", access, **name)
        if call.instance:
            called.append(instance_element(call.instance, self.namespace))
        for template in call.templates:
            self.make("TemplateValue", called, Name=template.name, Type=template.kind).text = template.value
        for parameter in call.parameters:
            self.parameter(parameter, called)
        return access

    def parameter(self, parameter: Parameter, parent: etree._Element) -> None:
        given = {"Name": parameter.name, "Section": parameter.section, "Type": parameter.data_type}
        element = self.make("Parameter", parent, **{key: value for key, value in given.items() if value})
        if parameter.value:
            element.append(element_of(parameter.value, self.namespace))
