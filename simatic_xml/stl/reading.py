"""Read the ``StatementList`` element as typed statements."""

from lxml import etree

from simatic_xml.flgnet.operand import UNSAYABLE, operand_text
from simatic_xml.flgnet.raw import child, children, local_name
from simatic_xml.stl.errors import StlError
from simatic_xml.stl.mnemonics import COMMENT, EMPTY_LINE, JUMPS, MNEMONICS
from simatic_xml.stl.model import Call, Parameter, Statement, Template
from simatic_xml.stl.operands import text_of


def statements(element: etree._Element) -> list[Statement]:
    """Read a ``StatementList`` element as typed statements, one for each line.

    Raises:
        StlError: a statement contains an instruction or operand that STL does not have; the error names its line.
    """
    return [read_statement(each, line) for line, each in enumerate(children(element, "StlStatement"), start=1)]


def read_statement(element: etree._Element, line: int) -> Statement:
    """Read one ``StlStatement`` element.

    Raises:
        StlError: it contains an instruction or operand that STL does not have.
    """
    try:
        return _statement(element, line)
    except StlError as error:
        raise StlError(error.message, line) from error


def _statement(element: etree._Element, line: int) -> Statement:
    label, comment, access = _label(element), _comment(element), child(element, "Access")
    node = child(element, "StlToken")
    token = "" if node is None else node.get("Text", "")
    if token in (EMPTY_LINE, COMMENT):
        return Statement(line, label=label, comment=comment)
    if token not in MNEMONICS:
        raise StlError(f"The token {token[:40]!r} is not an STL instruction; correct it.")
    mnemonic = MNEMONICS[token]
    if access is None:
        return Statement(line, mnemonic, label=label, comment=comment)
    if access.get("Scope") == "Call":
        return Statement(line, mnemonic, call=_call(access), label=label, comment=comment)
    return Statement(line, mnemonic, _operand(access, mnemonic), label=label, comment=comment)


def _operand(access: etree._Element, mnemonic: str) -> str:
    target = child(access, "Label")
    return text_of(access) if target is None or mnemonic not in JUMPS else target.get("Name", "")


def _label(element: etree._Element) -> str:
    declaration = child(element, "LabelDeclaration")
    label = None if declaration is None else child(declaration, "Label")
    return "" if label is None else label.get("Name", "")


def _comment(element: etree._Element) -> str | None:
    access = child(element, "Access")
    places = children(element, "LineComment") + ([] if access is None else children(access, "LineComment"))
    if not places:
        return None
    return "".join(text.text or "" for text in places[0] if local_name(text) == "Text")


def _call(access: etree._Element) -> Call:
    block, instruction = child(access, "CallInfo"), child(access, "Instruction")
    called = block if block is not None else instruction
    if called is None:
        raise StlError("A call names neither a block nor an instruction; add CallInfo.")
    instance = child(called, "Instance")
    of_block = block is not None
    return Call(
        called.get("Name", ""),
        called.get("BlockType", "FB" if instance is not None else "FC") if of_block else "",
        "" if instance is None else _instance_text(instance),
        tuple(_parameter(each) for each in children(called, "Parameter")),
        tuple(Template(t.get("Name", ""), t.get("Type", ""), t.text or "") for t in children(called, "TemplateValue")),
    )


def _instance_text(instance: etree._Element) -> str:
    text = operand_text(instance)
    if text == UNSAYABLE:
        raise StlError("The instance of a call cannot be written as text.")
    return text


def _parameter(element: etree._Element) -> Parameter:
    access = child(element, "Access")
    value = "" if access is None else text_of(access)
    return Parameter(element.get("Name", ""), value, element.get("Section", ""), element.get("Type", ""))
