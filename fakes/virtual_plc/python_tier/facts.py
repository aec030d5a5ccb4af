"""Pass 1: what is to be known of a block before anything of it is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
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
        entries: labels that are jumped to from outside of the list that they are in, with a number each.
        operations: its STL operations.
        mastered: whether STL uses the master control relay.
        status: which parts of the status word it needs.
        handles_faults: whether it reads its own faults (GET_ERROR).
        calls: whether it calls blocks.
        local_addresses: whether absolute addresses may count in its temporary variables.
        changes_eno: whether its call can give another ENO than TRUE.
        wires: how often each wire of LAD and FBD is written or read, by number.
    """

    targets: set[str] = field(default_factory=set)
    entries: dict[str, int] = field(default_factory=dict)
    operations: list[n.StlOperation] = field(default_factory=list)
    mastered: bool = False
    status: Status = field(default_factory=Status)
    handles_faults: bool = False
    calls: bool = False
    local_addresses: bool = False
    changes_eno: bool = False
    wires: Counter[int] = field(default_factory=Counter)


@once_for_body
def facts_of(block: typed_blocks.Block) -> Facts:
    """Return what a block has."""
    found = Facts(changes_eno=block.set_eno or any(network.language == "STL" for network in block.networks))
    for statement in walking.block_statements(block):
        _note(found, statement)
        for operand in walking.operands(statement):
            for each in walking.expressions(operand):
                _note_expression(found, each)
    if found.operations:
        found.status = status_of(found.operations)
    found.mastered = any(each.mnemonic == "MCRA" for each in found.operations)
    found.entries = _find_entries(block) if found.targets else {}
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


def _find_entries(block: typed_blocks.Block) -> dict[str, int]:
    """Return the labels of a block that are jumped to from outside of the list that they are in, with a number each."""
    lists = list(walking.block_bodies(block))
    found: dict[str, int] = {}
    everywhere = _jumps([each for body in lists for each in body])
    for body in _inner_lists(lists):
        inside = _jumps(body)
        for each in body:
            label = each.name.casefold() if isinstance(each, n.Label) else ""
            if everywhere[label] > inside[label]:
                found[label] = len(found) + 1
    return found


def _jumps(statements: Sequence[n.Statement]) -> Counter[str]:
    jumps = (each for each in walking.statements(statements) if isinstance(each, n.Jump))
    return Counter(each.label.casefold() for each in jumps if each.keyword == "GOTO")


def _inner_lists(lists: Sequence[list[n.Statement]]) -> Iterator[list[n.Statement]]:
    """Yield the lists of statements inside of other statements."""
    for body in lists:
        for statement in walking.statements(body):
            yield from walking.bodies(statement)
