"""One execution of a block: its variables, wires, ENO and registers, and the CPU that it runs on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from simatic_xml.program import typed_blocks
from simatic_xml.program.types.types import VOID, Array, Structure, Variable
from tests.oracle.tree_walker.registers import Registers
from virtual_plc.memory.local_data import arrange
from virtual_plc.memory.shapes import by_reference
from virtual_plc.memory.storage import new
from virtual_plc.memory.views import new_view

if TYPE_CHECKING:
    from tests.oracle.tree_walker.interpreter import Interpreter

IN_INSTANCE = ("Input", "Output", "InOut", "Static")
PARAMETERS = ("Input", "Output", "InOut")


@dataclass(slots=True)
class Activation:
    """One execution of a block.

    Attributes:
        machine: what executes it.
        block: the block.
        instance: data of a function block that it works on, None for the others.
        frame: temporary variables; of an OB or FC its parameters and its result, too.
        arrays: for parameters that are arrays of open length, what was handed over, by casefolded name.
        wires: values of LAD and FBD wires by number.
        eno: the block's ENO, which STL knows as BR.
        failed: whether an operation has said at its ENO that it failed.
        outcome: result of the GRAPH condition at hand.
        returned: the value that a parameter of the call at hand gives back.
        answered: ENO of the last call.
        registers: what STL works with.
    """

    machine: Interpreter
    block: typed_blocks.Block
    instance: Any
    frame: Any
    arrays: dict[str, Array] = field(default_factory=dict)
    wires: dict[int, Any] = field(default_factory=dict)
    eno: bool = True
    failed: bool = False
    outcome: bool = False
    returned: Any = None
    answered: bool = True
    registers: Registers = field(default_factory=Registers)

    def report(self, right: bool) -> None:
        """Note whether an operation went right; where ENO is set automatically, the block's ENO tells."""
        if not right:
            self.failed = True
            self.eno = self.eno and not self.block.set_eno


def activation(machine: Interpreter, block: typed_blocks.Block, instance: Any = None) -> Activation:
    """Return a fresh execution of a block; its own variables have their default values."""
    structure = frame_of(_Key(block))
    return Activation(machine, block, instance, new(structure) if block.optimized else new_view(structure))


class _Key:
    """A block as the key of a cache."""

    def __init__(self, block: typed_blocks.Block) -> None:
        self.block = block

    def __hash__(self) -> int:
        return id(self.block)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.block is self.block


@lru_cache(maxsize=4096)
def frame_of(key: _Key) -> Structure:
    """Return the structure of what a block keeps while it runs only.

    Parameters of an OB or FC with parts are references to what the caller hands over, except under an AT overlay.
    """
    block = key.block
    overlaid = {each.overlays.casefold() for each in block.variables if each.overlays}
    members = [each for each in block.variables if not _elsewhere(block, each)]
    members = members if block.optimized else arrange(block, members)
    passed = [
        each
        for each in members
        if each.section in PARAMETERS and not each.overlays and each.name.casefold() not in overlaid
    ]
    return Structure("", "fb", tuple(replace(each, section="InOut" if each in passed else "Temp") for each in members))


def _elsewhere(block: typed_blocks.Block, variable: Variable) -> bool:
    """Tell whether a variable has its place in the instance, or none at all."""
    in_instance = block.kind == "FB" and variable.section in IN_INSTANCE
    return in_instance or variable.section == "Constant" or variable.type == VOID


def home(activation: Activation, variable: Variable) -> tuple[Any, Structure]:
    """Return the object that holds a variable of the running block, and the structure of it."""
    if activation.block.kind == "FB" and variable.section in IN_INSTANCE:
        return activation.instance, type(activation.instance)._structure
    return activation.frame, type(activation.frame)._structure


def is_handed_over(activation: Activation, variable: Variable) -> bool:
    """Tell whether a parameter refers to the caller's operand instead of having a value of its own."""
    _, structure = home(activation, variable)
    member = structure.member(variable.name)
    return member is not None and by_reference(structure, member)
