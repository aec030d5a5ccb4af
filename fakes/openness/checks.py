"""What the compiler checks in one block or data type, one function for each matter.

A check yields findings whose path is the place within the element. Facts: tia-rules 6.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from fakes.openness import instances
from fakes.openness.compile_messages import CompilerResultState, _Finding
from fakes.openness.data_types import is_system_type
from fakes.openness.elements import _Element
from fakes.openness.state import TYPE_KIND
from fakes.openness.symbols import _Symbols
from simatic_xml import flgnet, scl
from simatic_xml.model import Block, PlcType
from simatic_xml.references import Reference, object_references

INTERFACE = "Interface"
_DB_ADDRESS = re.compile(r"%DB(\d+)\.")
_PARAMETERS = ("Input", "Output", "InOut", "Return")


@dataclass(frozen=True, slots=True)
class _Subject:
    """The element that is compiled, with what is around it."""

    element: _Element
    content: Block | PlcType
    symbols: _Symbols
    uses: tuple[Reference, ...]

    def place(self, network: int | None, line: int | None = None) -> tuple[str, ...]:
        """The path of a leaf: the network, the line of SCL, or the interface."""
        if network is None:
            return (INTERFACE,)
        numbered = f"Network {network}"
        if line is None:
            return (numbered,)
        return (str(line),) if self.element._state.language == "SCL" else (numbered, str(line))

    def error(self, use: Reference, code: str, text: str) -> _Finding:
        """An error at the place of a reference."""
        return _Finding(self.place(use.network, use.line), text, CompilerResultState.Error, code)


Check = Callable[[_Subject], Iterator[_Finding]]


def run(element: _Element, symbols: _Symbols) -> list[_Finding]:
    """All findings of one element."""
    content = symbols.content(element)
    subject = _Subject(element, content, symbols, tuple(object_references(content)))
    return [finding for check in _CHECKS for finding in check(subject)]


def _number(subject: _Subject) -> Iterator[_Finding]:
    if subject.element._state.number == 0:
        yield _Finding(
            (INTERFACE,), f"The block '{subject.element._name}' has the invalid number 0.", code="number.zero"
        )


def _types(subject: _Subject) -> Iterator[_Finding]:
    for use in subject.uses:
        if use.kind != "type" or _is_system_instance(subject.content, use.name):
            continue
        found = subject.symbols.element(use.name)
        if found is None or found._state.kind not in (TYPE_KIND, "FB"):
            yield subject.error(use, "type.unknown", f"The data type {use.path} of '{use.detail}' is unknown.")


def _is_system_instance(content: Block | PlcType, name: str) -> bool:
    if not isinstance(content, Block) or content.instance_of != name:
        return False
    return "OfSystemLibElement" in content.attributes or is_system_type(name)


def _globals(subject: _Subject) -> Iterator[_Finding]:
    for use in subject.uses:
        if use.kind == "global" and use.names and not subject.symbols.has_global(use.names):
            yield subject.error(use, "tag.undefined", f"The tag {use.path} is not defined.")


def _locals(subject: _Subject) -> Iterator[_Finding]:
    for use in subject.uses:
        local = use.kind == "local" or (use.kind == "instance" and use.scope == "local")
        if local and use.names and not subject.symbols.has_member(subject.content, _result(subject.content, use.names)):
            yield subject.error(use, "local.undefined", f"The tag {use.path} is not declared in this block.")


def _result(content: Block | PlcType, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of a local operand; in SCL the name of a function stands for its result, which is called Ret_Val."""
    own = isinstance(content, Block) and content.kind == "FC" and names[0].casefold() == content.name.casefold()
    return ("Ret_Val", *names[1:]) if own else names


def _constants(subject: _Subject) -> Iterator[_Finding]:
    for use in subject.uses:
        if use.kind != "constant" or not use.name:
            continue
        if use.scope == "local":
            known = use.network is None or subject.symbols.has_member(subject.content, use.names)
        else:
            known = subject.symbols.is_constant(use.name)
        if not known:
            yield subject.error(use, "constant.undefined", f"The constant {use.path} is not defined.")


def _addresses(subject: _Subject) -> Iterator[_Finding]:
    """Absolute access to data blocks: the block must exist, and lie in memory as declared."""
    for use in subject.uses:
        found = _DB_ADDRESS.match(use.path) if use.kind in ("address", "global") else None
        if found is None:
            continue
        blocks = subject.symbols.data_blocks(int(found[1]))
        if not blocks:
            yield subject.error(use, "address.no_db", f"There is no data block for the address {use.path}.")
        elif any(block._state.layout == "Optimized" for block in blocks):
            text = f"The data block of {use.path} has optimized access: use the names of its members."
            yield subject.error(use, "address.optimized", text)


def _labels(subject: _Subject) -> Iterator[_Finding]:
    declared = {
        label.get("Name", "").casefold()
        for source in _sources(subject)
        for label in source.iterfind(".//{*}LabelDeclaration/{*}Label")
    }
    graphical = {number for number, source in enumerate(_all_sources(subject), 1) if _local(source) == "FlgNet"}
    for use in subject.uses:
        if use.kind == "label" and use.network in graphical and use.name.casefold() not in declared:
            yield subject.error(use, "label.undefined", f"The jump label '{use.name}' is not defined.")


def _calls(subject: _Subject) -> Iterator[_Finding]:
    """Calls of blocks. SCL writes the name of a function as that of an instance."""
    named = iter([use for use in subject.uses if use.kind == "call"])
    by_node = {(use.network, use.uid): use for use in subject.uses if use.kind == "instance"}
    for number, source in enumerate(_all_sources(subject), 1):
        for info in () if source is None else source.iter("{*}CallInfo"):
            node = info.find("{*}Instance")
            if info.get("Name"):
                yield from _call(subject, info, next(named))
            elif node is not None:
                yield from _call(subject, info, by_node[number, int(node.get("UId", "0"))])


def _call(subject: _Subject, info: etree._Element, use: Reference) -> Iterator[_Finding]:
    callee = subject.symbols.element(use.name)
    if callee is not None and callee._state.kind == "InstanceDB" and not info.get("Name"):
        callee = subject.symbols.element(callee._state.instance_of)
    if callee is None or callee._state.kind not in ("FB", "FC"):
        yield subject.error(use, "call.missing", f"The called block {use.path} does not exist.")
        return
    content = subject.symbols.content(callee)
    if isinstance(content, Block):
        if callee._state.kind == "FB" and info.get("Name"):
            yield from _instance(subject, info, use, content)
        yield from _parameters(subject, info, use, content)


def _instance(subject: _Subject, info: etree._Element, use: Reference, callee: Block) -> Iterator[_Finding]:
    node = info.find("{*}Instance")
    if node is None:
        yield subject.error(use, "call.no_instance", f"The call of {use.path} has no instance data block.")
        return
    component = node.find("{*}Component")
    if node.get("Scope") != "GlobalVariable" or component is None:
        return
    name = component.get("Name", "")
    found = subject.symbols.element(name)
    if found is None:
        yield subject.error(use, "call.no_instance", f"The instance data block '{name}' of {use.path} does not exist.")
        return
    data = subject.symbols.content(found)
    same = found._state.instance_of.casefold() == callee.name.casefold()
    if not same or not isinstance(data, Block) or not instances.matches(data, callee):
        yield subject.error(use, "call.instance_mismatch", f"The data block '{name}' does not match the FB {use.path}.")


def _parameters(subject: _Subject, info: etree._Element, use: Reference, callee: Block) -> Iterator[_Finding]:
    known = {member.name.casefold() for name, member in callee.members() if name in _PARAMETERS}
    for parameter in info.iterchildren("{*}Parameter"):
        name = parameter.get("Name", "")
        if name.casefold() not in known:
            text = f"The block {use.path} has no parameter '{name}': its interface was changed. Update the call."
            yield subject.error(use, "call.parameter", text)


def _instance_block(subject: _Subject) -> Iterator[_Finding]:
    content = subject.content
    if isinstance(content, Block) and content.kind == "InstanceDB":
        parent = instances.parent_of(subject.element._plc, content.instance_of)
        if parent is not None and not instances.matches(content, parent):
            text = f"The data block '{content.name}' does not match its function block '{parent.name}'."
            yield _Finding((INTERFACE,), text, code="instance.mismatch")


def _scl(subject: _Subject) -> Iterator[_Finding]:
    for number, source in enumerate(_all_sources(subject), 1):
        if _local(source) != "StructuredText" or source is None:
            continue
        try:
            diagnostics = scl.parse_statements(scl.to_text(source)).diagnostics
        except scl.SclError as error:
            yield _Finding(subject.place(number, error.line or 1), error.message, code="scl.unreadable")
            continue
        for found in diagnostics:
            state = CompilerResultState.Error if found.severity is scl.Severity.ERROR else CompilerResultState.Warning
            yield _Finding(subject.place(number, found.line), found.message, state, found.code)


def _flgnet(subject: _Subject) -> Iterator[_Finding]:
    for number, source in enumerate(_all_sources(subject), 1):
        if source is None or _local(source) != "FlgNet":
            continue
        calls = {call.get("UId") for call in source.iter("{*}Call")}
        for found in flgnet.check(source):
            known_to_calls = found.code == "missing-instance" and found.pointer.rpartition("/")[2] in calls
            if found.severity == "error" and not known_to_calls:
                yield _Finding(subject.place(number), found.message, code=f"network.{found.code}")


def _all_sources(subject: _Subject) -> list[etree._Element | None]:
    return [network.source for network in subject.content.networks] if isinstance(subject.content, Block) else []


def _sources(subject: _Subject) -> list[etree._Element]:
    return [source for source in _all_sources(subject) if source is not None]


def _local(source: etree._Element | None) -> str:
    return "" if source is None else etree.QName(source).localname


_CHECKS: tuple[Check, ...] = (
    _number, _types, _globals, _locals, _constants, _addresses, _labels, _calls, _instance_block, _scl, _flgnet,
)  # fmt: skip
