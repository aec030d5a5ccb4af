"""The part that SCL text alone does not show: the meaning of a name outside the text.

The same `#x` is a variable or a constant, the same `"X"(...)` a function or an instance. The interface of the block
answers the first, the rest of the program the second.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Self, TypeVar

from lxml import etree

from simatic_xml.model import Section
from simatic_xml.scl.nodes import Declaration, SourceObject

CalleeKind = Literal["FC", "FB", "system"]
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Callee:
    """The block or instance that `"X"(...)` calls.

    Attributes:
        kind: FC for a function, FB for the instance of a function block, `system` for one of a system block (a timer).
        block: for FB the name of the function block.
        returns: for FC whether it returns a value.
    """

    kind: CalleeKind
    block: str = ""
    returns: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """The names of the program around a block that its text refers to; all are casefolded.

    Attributes:
        callees: the callee of `"X"(...)`, by name.
        constants: the user and system constants.
        types: the PLC data types.
        numbered: the names of blocks by their absolute name in upper case (`FC5`).
        classic: whether the CPU is an S7-300 or S7-400, whose blocks have standard access.
        results: instructions, in upper case, that differ from the table in whether they return a value.
        interfaces: the sections of PLC data types and function blocks, for the start values of their instances.
    """

    callees: Mapping[str, Callee] = field(default_factory=dict)
    constants: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    interfaces: Mapping[str, list[Section]] = field(default_factory=dict)
    results: Mapping[str, bool] = field(default_factory=dict)
    numbered: Mapping[str, str] = field(default_factory=dict)
    classic: bool = False

    def callee(self, name: str) -> Callee | None:
        """Return what a quoted name calls, None where the program does not name it."""
        return self.callees.get(name.casefold())

    def has(self, name: str) -> bool:
        """Return whether the program has a block or data type of this name."""
        return name.casefold() in self.callees or name.casefold() in self.interfaces

    def is_type(self, name: str) -> bool:
        """Return whether a name is that of a PLC data type."""
        return name.casefold() in self.types

    def is_constant(self, name: str) -> bool:
        """Return whether a global name is a user or system constant."""
        return name.casefold() in self.constants


@dataclass(frozen=True, slots=True)
class Interface:
    """The declared names of a block: variables with their data types, and constants; keys are casefolded."""

    variables: Mapping[str, str] = field(default_factory=dict)
    constants: frozenset[str] = frozenset()

    @classmethod
    def from_sections(cls, sections: etree._Element | None) -> Self:
        """Read the Sections element of a SimaticML block."""
        variables: dict[str, str] = {}
        constants: set[str] = set()
        for section in () if sections is None else sections.iterfind("{*}Section"):
            for member in section.iterfind("{*}Member"):
                name = member.get("Name", "").casefold()
                if section.get("Name") == "Constant":
                    constants.add(name)
                variables[name] = member.get("Datatype", "")
        return cls(variables, frozenset(constants))

    @classmethod
    def from_object(cls, node: SourceObject) -> Self:
        """Read the VAR sections of a parsed block."""
        variables: dict[str, str] = {}
        constants: set[str] = set()
        for section in node.sections:
            names = [member.name.casefold() for member in section.members]
            variables.update(zip(names, map(_element_type, section.members), strict=True))
            constants.update(names if "CONSTANT" in section.modifiers else ())
        return cls(variables, frozenset(constants))

    def declares(self, name: str) -> bool:
        """Return whether the block declares this name."""
        return name.casefold() in self.variables

    def is_constant(self, name: str) -> bool:
        """Return whether the block declares this name as a constant."""
        return name.casefold() in self.constants

    def block_of(self, name: str) -> str:
        """Return the function block of a variable that is an instance; empty for anything but a user block."""
        data_type = self.variables.get(name.casefold(), "")
        element = data_type.rpartition(" of ")[2]
        return element[1:-1] if element.startswith('"') else ""


def _element_type(member: Declaration) -> str:
    return member.data_type.name


def extend(around: Mapping[str, V], own: dict[str, V]) -> Mapping[str, V]:
    """Return the names of a source over those of the program around it, without a copy of either."""
    return ChainMap(own, around)  # type: ignore[arg-type]  # ChainMap writes to its first map only


def program_of(objects: Iterable[SourceObject], around: Program) -> Program:
    """Return the names that the objects of one source give each other, with those of the program around them."""
    nodes = list(objects)
    callees: dict[str, Callee] = {}
    types = around.types | {node.name.casefold() for node in nodes if node.keyword == "TYPE"}
    for node in nodes:
        if node.keyword == "FUNCTION":
            returns = node.return_type is not None and node.return_type.name.upper() != "VOID"
            callees[node.name.casefold()] = Callee("FC", node.name, returns)
        elif node.keyword == "DATA_BLOCK" and node.instance_of.strip('"').casefold() not in types | {""}:
            kind: CalleeKind = "FB" if node.instance_of.startswith('"') else "system"
            callees[node.name.casefold()] = Callee(kind, node.instance_of.strip('"'))
    return replace(around, callees=extend(around.callees, callees), types=types)
