"""What is to be known of a block before its function is written, found in one walk."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from simatic_xml.program import nodes as n
from simatic_xml.program import typed_blocks, walking
from virtual_plc.memory.bodies import once_for_body
from virtual_plc.python_tier.stl.status import Status, status_of

_ASKING = ("GET_ERROR", "GET_ERR_ID")


@dataclass(slots=True)
class Facts:
    """What a block has.

    Attributes:
        targets: casefolded labels that it jumps to.
        operations: its STL operations.
        status: which parts of the status word it needs.
        handles_faults: whether it reads its own faults (GET_ERROR).
        calls: whether it calls blocks.
        local_addresses: whether absolute addresses may count in its temporary variables.
        changes_eno: whether its call can give another ENO than TRUE.
        wires: how often each wire of LAD and FBD is written or read, by number.
    """

    targets: set[str] = field(default_factory=set)
    operations: list[n.StlOperation] = field(default_factory=list)
    status: Status = field(default_factory=Status)
    handles_faults: bool = False
    calls: bool = False
    local_addresses: bool = False
    changes_eno: bool = False
    wires: Counter[int] = field(default_factory=Counter)

    @property
    def mastered(self) -> bool:
        """Whether STL uses the master control relay."""
        return any(each.mnemonic == "MCRA" for each in self.operations)


@once_for_body
def facts_of(block: typed_blocks.Block) -> Facts:
    """Return what a block has."""
    found = Facts(changes_eno=block.set_eno or any(network.language == "STL" for network in block.networks))
    for statement in walking.block_statements(block):
        _note(found, statement)
        for operand in walking.operands(statement):
            for each in walking.expressions(operand):
                _note_expression(found, each)
    found.status = status_of(found.operations)
    return found


def _note(found: Facts, statement: n.Statement) -> None:
    match statement:
        case n.Jump(keyword="GOTO"):
            found.targets.add(statement.label.casefold())
        case n.StlOperation():
            found.operations.append(statement)
            found.targets |= {statement.target.casefold()} if statement.target else set()
        case n.Assign(target=n.Eno()):
            found.changes_eno = True


def _note_expression(found: Facts, expression: n.Expression) -> None:
    match expression:
        case n.BlockCall():
            found.calls = True
        case n.InstructionCall():
            found.handles_faults |= expression.name in _ASKING
        case n.Absolute() | n.Indirect():
            found.local_addresses |= expression.area in ("L", None)
            found.calls |= expression.area in ("FC", "FB")
            return
        case n.Wire():
            found.wires[expression.number] += 1
            return
        case n.Constant():
            found.local_addresses |= str(expression.value).startswith("P##")
            return
        case _:
            return
    written = [each.value for each in expression.arguments if each.direction != "Input"]
    found.changes_eno |= any(isinstance(each, n.Eno) for each in (*written, expression.eno))
