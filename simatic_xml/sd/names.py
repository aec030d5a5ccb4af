"""What the names in a LAD or FBD network of an SD document mean: constants, blocks and their instances.

As in SCL, the text alone does not say whether `"X"(...)` calls a function or an instance, nor whether `#x` is a
constant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from simatic_xml.flgnet.model import Parameter
from simatic_xml.model import Member, Section
from simatic_xml.scl.context import Program
from simatic_xml.scl.nodes import Node
from simatic_xml.sd.nodes import Element

_CALLED_SECTIONS = ("Input", "Output", "InOut")
_STEP = re.compile(r'\.?(?:"(?P<quoted>[^"]*)"|(?P<name>\w+))(?:\[[^\]]*\])?')
_CONSTANT = re.compile(r'(?P<local>#)?(?P<quote>"?)(?P<name>[^".\[\]]+)(?P=quote)\Z')


@dataclass(frozen=True, slots=True)
class Callee:
    """A called block: its name and kind, the instance, and the parameters where they are known."""

    block: str
    block_type: str
    instance: str
    parameters: tuple[Parameter, ...]


class Names:
    """The names of one block and of the program around it."""

    def __init__(
        self,
        sections: list[Section],
        program: Program,
        interfaces: Mapping[str, list[Section]],
        report: Callable[[str, str, Node], None],
    ) -> None:
        """Keep where names are looked up; `interfaces` has the sections of blocks and types by casefolded name."""
        self.program = program
        self.interfaces = interfaces
        self.variables = {member.name.casefold(): member for section in sections for member in section.members}
        constants = next((section.members for section in sections if section.name == "Constant"), [])
        self.constants = {member.name.casefold() for member in constants}
        self._report = report

    def operand(self, text: str) -> str:
        """Return an operand as the network graph spells it: constants have a word in front."""
        found = _CONSTANT.match(text)
        if not found or not (found["local"] or found["quote"]):
            return text
        if found["local"]:
            return f"const {text}" if found["name"].casefold() in self.constants else text
        return f"const {text}" if self.program.is_constant(found["name"]) else text

    def resolve_call(self, item: Element) -> Callee:
        """Return what the call of a user block calls; what is not known is taken for a function."""
        text = item.callee
        if text.startswith("#"):
            block = self._block_of(text)
            if not block:
                message = f"{text} is not declared as an instance of a function block; declare it, or name the block."
                self._report("sd.instance", message, item)
            return Callee(block, "FB", text, self._parameters(block))
        name = text.strip('"')
        callee = self.program.callee(name)
        if callee is not None and callee.kind == "FB":
            return Callee(callee.block, "FB", text, self._parameters(callee.block))
        if callee is None and name.casefold() not in self.interfaces:
            message = f'Whether "{name}" is a function or an instance is not known; it is treated as a function.'
            self._report("sd.callee_unknown", message, item)
        return Callee(name, "FC", "", self._parameters(name))

    def assume_parameters(self, inputs: Iterable[str], outputs: Iterable[str]) -> tuple[Parameter, ...]:
        """Return the parameters of an unknown block, as its call shows them."""
        shown = [Parameter(name, "Input", None) for name in inputs]
        return (*shown, *(Parameter(name, "Output", None) for name in outputs))

    def _parameters(self, block: str) -> tuple[Parameter, ...]:
        sections = self.interfaces.get(block.casefold(), [])
        listed = [each for name in _CALLED_SECTIONS for each in sections if each.name == name]
        found = [Parameter(m.name, section.name, m.data_type) for section in listed for m in section.members]
        result = next((each.members for each in sections if each.name == "Return"), [])
        found += [Parameter(m.name, "Return", m.data_type) for m in result if m.data_type != "Void"]
        return tuple(found)

    def _block_of(self, text: str) -> str:
        """Return the function block that a local instance belongs to, empty where it is not declared as one."""
        data_type = self.data_type(text)
        return data_type.strip('"') if data_type.startswith('"') else ""

    def data_type(self, text: str) -> str:
        """Return the data type of a variable, that of its elements for an array; empty where it is not known."""
        steps = [step["quoted"] or step["name"] for step in _STEP.finditer(text.removeprefix("#"))]
        if not steps or text[0] not in '#"':
            return ""
        members = self.variables if text[0] == "#" else self._members(f'"{steps.pop(0)}"')
        element = ""
        for step in steps:
            member = members.get(step.casefold())
            if member is None:
                return ""
            element = member.data_type.rpartition(" of ")[2]
            members = {inner.name.casefold(): inner for inner in member.members} or self._members(element)
        return element

    def _members(self, data_type: str) -> dict[str, Member]:
        """Return the members of a PLC data type, block or data block by casefolded name; none of an unknown one."""
        sections = self.interfaces.get(data_type.strip('"').casefold(), []) if data_type.startswith('"') else []
        return {member.name.casefold(): member for section in sections for member in section.members}
