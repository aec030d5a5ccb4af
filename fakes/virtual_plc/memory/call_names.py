"""What a call names: its instance and the operands at its parameters, for blocks that ask for these names.

GetSymbolName and its relatives ask for names that only the caller has. A tier notes each call on the way to such a block.
Facts: docs/facts/execution.md#names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from simatic_xml.program import nodes as n
from simatic_xml.program import path_text, typed_blocks, walking
from virtual_plc.memory.bodies import once_for_body

INSTRUCTIONS: Final = ("GetSymbolName", "GetSymbolPath", "GetInstanceName", "GetInstancePath", "Program_Alarm")
_PARAMETERS: Final = ("Input", "Output", "InOut")
_NAMED: Final = (
    n.Constant, n.Local, n.TagOperand, n.DataBlock, n.Absolute, n.Field, n.Element, n.Slice, n.Overlay, n.Indirect
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """An operand as the caller writes it.

    Attributes:
        text: the operand in SCL, without `#`; empty where it has no name.
        parameter: casefolded parameter of the caller that it is, or is in; empty for none.
        static: whether it is in the instance of the caller.
        rest: what follows the parameter.
    """

    text: str = ""
    parameter: str = ""
    static: bool = False
    rest: str = ""


@dataclass(frozen=True, slots=True)
class CallSite:
    """A call of a block.

    Attributes:
        callee: name of the block that is called.
        instance: its instance.
        operands: operands by casefolded parameter.
    """

    callee: str
    instance: Name
    operands: Mapping[str, Name]


def find_traced(blocks: Mapping[str, typed_blocks.Block]) -> frozenset[str]:
    """Return the casefolded names of the blocks that ask for names, and of those that call them."""
    called = {key: find_called(block) for key, block in blocks.items()}
    found = {key for key, block in blocks.items() if _asks(block)}
    while more := {key for key, names in called.items() if names & found} - found:
        found |= more
    return frozenset(found)


@once_for_body
def find_called(block: typed_blocks.Block) -> frozenset[str]:
    """Return the casefolded names of the blocks that a block calls."""
    return frozenset(each.callee.casefold() for each in walking.calls(block))


@once_for_body
def _asks(block: typed_blocks.Block) -> bool:
    return any(
        isinstance(each, n.InstructionCall) and each.name in INSTRUCTIONS
        for statement in walking.block_statements(block)
        for operand in walking.operands(statement)
        for each in walking.expressions(operand)
    )


def call_site(call: n.BlockCall) -> CallSite:
    """Return what a call names."""
    operands = {each.name.casefold(): _name(each.value) for each in call.arguments}
    return CallSite(call.callee, Name() if call.instance is None else _name(call.instance), operands)


def _name(operand: n.Expression) -> Name:
    base = operand.operand if isinstance(operand, n.Convert) and not operand.function else operand
    if not isinstance(base, _NAMED):
        return Name()
    text = path_text.text(base)
    root = walking.root(base)
    if not isinstance(root, n.Local):
        return Name(text)
    rest = text[len(path_text.text(root)) :]
    section = root.variable.section
    parameter = root.variable.name.casefold() if section in _PARAMETERS else ""
    return Name(text.removeprefix("#"), parameter, section == "Static", rest)


def symbol_name(sites: Sequence[CallSite], block: str, parameter: str) -> str:
    """Return the operand at a parameter of the running block as its caller writes it."""
    return _operand(sites, block, parameter).text


def symbol_path(sites: Sequence[CallSite], block: str, parameter: str) -> str:
    """Return the operand at the beginning of the calls that have handed it over, empty where it has no name."""
    return _global(sites[:-1], _operand(sites, block, parameter))


def instance_path(sites: Sequence[CallSite], block: str) -> str:
    """Return the name of the running block's instance, with the multi-instances on the way to it."""
    found = _site(sites, block)
    return "" if found is None else _global(sites[:-1], found.instance)


def instance_name(sites: Sequence[CallSite], block: str) -> str:
    """Return the name of the instance data block that the running block works with."""
    path = instance_path(sites, block)
    return path[: path.index('"', 1) + 1] if path.startswith('"') else path


def static_path(sites: Sequence[CallSite], block: str, name: str) -> str:
    """Return the name of a static variable of the running block with its instance; a global name as it is."""
    if not name.startswith("#"):
        return name
    inside = instance_path(sites, block)
    return f"{inside}.{name[1:]}" if inside else name[1:]


def _site(sites: Sequence[CallSite], block: str) -> CallSite | None:
    """Return the call of the running block, None where another block was noted (an indirect call)."""
    return sites[-1] if sites and sites[-1].callee.casefold() == block.casefold() else None


def _operand(sites: Sequence[CallSite], block: str, parameter: str) -> Name:
    found = _site(sites, block)
    return Name() if found is None else found.operands.get(parameter.casefold(), Name())


def _global(callers: Sequence[CallSite], name: Name) -> str:
    """Return a name from the point of view of the outermost caller."""
    while callers and name.parameter:
        outer = callers[-1].operands.get(name.parameter)
        if outer is None:
            break
        name = replace(outer, text=outer.text + name.rest if outer.text else "", rest=outer.rest + name.rest)
        callers = callers[:-1]
    if callers and (name.static or name.parameter):
        inside = _global(callers[:-1], callers[-1].instance)
        return f"{inside}.{name.text}" if inside and name.text else name.text
    return name.text
