"""One call of an instruction during translation to C: its parameters, its instance, its outputs."""

from __future__ import annotations

from collections.abc import Callable

from simatic_xml.program import nodes as n
from simatic_xml.program.types.types import Elementary, Structure
from virtual_plc.code.c_text import C, Hole, c
from virtual_plc.native_tier import arithmetic, calls, expressions, places
from virtual_plc.native_tier.block_text import BlockText, NotNative
from virtual_plc.native_tier.forms import member_name

Result = arithmetic.Result
Maker = Callable[["Call"], Result]
"""Writes what an instruction does; returns its value and whether it is right."""


class Call:
    """One call of an instruction.

    Attributes:
        code: the block that calls.
        node: the call.
        instance: C pointer to its instance, None without one.
        outputs: what it gives to outputs, by casefolded name.
    """

    def __init__(self, code: BlockText, node: n.InstructionCall) -> None:
        """Write what finds the instance."""
        self.code = code
        self.node = node
        self.instance = None if node.instance is None else calls.instance_of(code, node.instance)
        self.outputs: dict[str, C] = {}
        self._given = {each.name.casefold(): each for each in node.arguments}

    @property
    def checks(self) -> bool:
        """Whether ENO depends on whether the result is right."""
        return bool(self.code.flags) or self.node.eno is not None

    @property
    def type(self) -> C:
        """C type of the result."""
        return self.code.form(self.node.type, self.node.place).text

    def argument(self, name: str) -> n.Argument | None:
        """Return what the call gives for a parameter."""
        return self._given.get(name.casefold())

    def value(self, name: str) -> C:
        """Write what evaluates a parameter; one that is not given is what the instance holds.

        Raises:
            NotNative: neither is there.
        """
        argument = self.argument(name)
        if argument is not None:
            return expressions.value_for(self.code, argument.value, argument.type)
        if self.instance is None:
            raise NotNative(f"'{self.node.name}' without its parameter '{name}'", self.node.place)
        member = self.member(name)
        return self.code.keep_value(c("const __typeof__({})", member), "{}", member)

    def values(self, stem: str = "IN") -> list[C]:
        """Write what evaluates all parameters `stem1`, `stem2` ... in their order."""
        return [expressions.value(self.code, each.value) for each in self.find_numbered(stem)]

    def find_numbered(self, stem: str = "IN") -> list[n.Argument]:
        """Return all parameters `stem1`, `stem2` ... in their order."""
        length = len(stem)
        found = [
            each for name, each in self._given.items() if name[:length] == stem.casefold() and name[length:].isdecimal()
        ]
        return sorted(found, key=lambda each: int(each.name[length:]))

    def member(self, name: str) -> C:
        """Return a member of the instance."""
        structure = self.node.instance.type if self.node.instance is not None else None
        if self.instance is None or not isinstance(structure, Structure) or name.casefold() not in structure.by_name:
            raise NotNative(f"'{self.node.name}' with an instance that has no '{name}'", self.node.place)
        return c("{}->{}", self.instance, member_name(structure.by_name[name.casefold()]))

    def has(self, name: str) -> bool:
        """Return whether the instance has a member."""
        structure = self.node.instance.type if self.node.instance is not None else None
        return isinstance(structure, Structure) and name.casefold() in structure.by_name

    def place(self, name: str) -> places.Location:
        """Write what looks up an operand that is read and written."""
        argument = self.argument(name)
        if argument is None:
            raise NotNative(f"'{self.node.name}' without its parameter '{name}'", self.node.place)
        return places.locate(self.code, argument.value, expressions.value)

    def elementary(self, variable: str, parameter: str) -> Elementary:
        """Return the type of a type variable, or else of the operand at a parameter."""
        argument = self.argument(parameter)
        found = self.node.types.get(variable) or (argument.value.type if argument else None) or self.node.type
        if not isinstance(found, Elementary):
            raise NotNative(f"'{self.node.name}' with data of this type", self.node.place)
        return found

    def keep_value(self, template: str, *holes: Hole) -> C:
        """Write what keeps the result; arguments as for `c_text.c`."""
        return self.code.keep_value(c("const {}", self.type), template, *holes)
