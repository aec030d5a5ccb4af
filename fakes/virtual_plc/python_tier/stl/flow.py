"""Jumps, calls, block ends and the master control relay of STL as Python lines."""

from __future__ import annotations

from typing import Literal

from simatic_xml.program import nodes as n
from simatic_xml.program.types.types import VOID
from virtual_plc.code.python_text import Text, expression
from virtual_plc.python_tier.block_calls import block_call
from virtual_plc.python_tier.block_code import BlockCode
from virtual_plc.python_tier.control import jumps
from virtual_plc.python_tier.evaluation import value
from virtual_plc.python_tier.instruction_calls import instruction_call
from virtual_plc.python_tier.stl import network as stl
from virtual_plc.python_tier.stl.network import Operation


def _to(code: BlockCode, label: str) -> None:
    jumps.leave(code, "GOTO", label.casefold())


def _when(condition: Text) -> Operation:
    """Return what writes a jump that is taken when a condition holds; the status word stays."""

    def jump(code: BlockCode, node: n.StlOperation) -> None:
        code.writer.line("if {}:", condition)
        with code.branch():
            _to(code, node.target)

    return jump


def _always(code: BlockCode, node: n.StlOperation) -> None:
    _to(code, node.target)


def _on_result(*, taken: bool, saves: bool) -> Operation:
    """Return what writes a jump by RLO, which is 1 behind it, taken or not."""

    def jump(code: BlockCode, node: n.StlOperation) -> None:
        result = code.temp()
        code.writer.line("{}, rlo = rlo, True", result)
        if saves:
            code.writer.line("eno = {}", result)
        stl.begin(code)
        code.writer.line("if {}:" if taken else "if not {}:", result)
        with code.branch():
            _to(code, node.target)

    return jump


def _on_saved(condition: Text) -> Operation:
    def jump(code: BlockCode, node: n.StlOperation) -> None:
        stl.begin(code)
        _when(condition)(code, node)

    return jump


def _on_stored_overflow(code: BlockCode, node: n.StlOperation) -> None:
    found = code.temp()
    code.writer.line("{}, stored = stored, False", found)
    _when(found)(code, node)


def _loop(code: BlockCode, node: n.StlOperation) -> None:
    code.writer.line("a1 = a1 & 0xFFFF0000 | a1 - 1 & 65535")
    _when(expression("a1 & 65535"))(code, node)


def _list(code: BlockCode, node: n.StlOperation) -> None:
    """Write JL: jump as the n-th JU behind it, beyond the list to its own label."""
    body = [each for network in code.block.networks for each in network.body]
    at = next(index for index, each in enumerate(body) if each is node)
    for number, each in enumerate(body[at + 1 :]):
        if not isinstance(each, n.StlOperation) or each.mnemonic != "JU":
            break
        code.writer.line("if a1 & 255 == {}:", number)
        with code.branch():
            _to(code, each.target)
    _to(code, node.target)


# Calls and ends ------------------------------------------------------------------------------------------------------


def _call(code: BlockCode, node: n.StlOperation) -> None:
    """Write a call; its ENO becomes BR."""
    called = node.operand
    if isinstance(called, n.Indirect) and called.area in ("FC", "FB") and called.pointer is not None:
        _call_number(code, node, called, called.pointer)
        return
    if not isinstance(called, n.BlockCall | n.InstructionCall):
        raise code.refuse("The called block is known only when the program runs.", node.place)
    called = _answering(called)
    if node.mnemonic != "CC":
        _write_call(code, called)
        return
    code.writer.line("if rlo:")
    with code.branch():
        _write_call(code, called)
    code.writer.line("else:")
    with code.branch():
        code.writer.line("rlo = True")
        stl.begin(code)


def _call_number(code: BlockCode, node: n.StlOperation, called: n.Indirect, pointer: n.Expression) -> None:
    """Write UC and CC of the block whose number is in memory: a choice between the blocks of this kind."""
    if node.mnemonic == "CC":
        code.writer.line("if rlo:")
        with code.branch():
            _choose(code, called, pointer)
        code.writer.line("else:")
        with code.branch():
            code.writer.line("rlo = True")
    else:
        _choose(code, called, pointer)
    stl.begin(code)


def _choose(code: BlockCode, called: n.Indirect, pointer: n.Expression) -> None:
    number = code.temp()
    code.writer.effect("{} = {}", number, value(code, pointer))
    kind: Literal["FC", "FB"] = "FB" if called.area == "FB" else "FC"
    callees = code.draft.lookups.blocks_of(kind)
    for each in callees:
        code.writer.line("if {} == {}:", number, each.number or 0)
        with code.branch():
            _write_call(code, n.BlockCall(each.name, kind, None, (), VOID, called.place, n.Eno(called.place)))
    known = code.bind("numbers", frozenset(each.number or 0 for each in callees))
    code.writer.line(
        "if {} not in {}: addressing.report_absent({}, {})", number, known, code.bind("kind", kind), number
    )


def _answering(called: n.BlockCall | n.InstructionCall) -> n.BlockCall | n.InstructionCall:
    """Return a call whose ENO goes to the ENO of the block."""
    if isinstance(called, n.BlockCall):
        return n.BlockCall(
            called.callee,
            called.kind,
            called.instance,
            called.arguments,
            called.type,
            called.place,
            n.Eno(called.place),
        )
    return n.InstructionCall(
        called.name, called.instance, called.arguments, called.types, called.type, called.place, n.Eno(called.place)
    )


def _write_call(code: BlockCode, called: n.BlockCall | n.InstructionCall) -> None:
    if isinstance(called, n.BlockCall):
        block_call(code, called)
    else:
        found = instruction_call(code, called)
        if not found.safe:
            code.writer.effect("{}", found)
    stl.begin(code)
    if code.status.stored:
        code.writer.line("stored = False")


def _end(code: BlockCode, node: n.StlOperation) -> None:
    if node.mnemonic != "BEC":
        code.leave()
        return
    code.writer.line("if rlo:")
    with code.branch():
        code.leave()
    code.writer.line("rlo = True")
    stl.begin(code)


# Master control relay ------------------------------------------------------------------------------------------------


def _open_master(code: BlockCode, _: n.StlOperation) -> None:
    code.writer.line("masters.append(masters[-1] and rlo)")
    stl.begin(code)


def _close_master(code: BlockCode, _: n.StlOperation) -> None:
    code.writer.line("if len(masters) > 1: masters.pop()")
    stl.begin(code)


def _activate_master(code: BlockCode, node: n.StlOperation) -> None:
    code.writer.line("mastered = {}", node.mnemonic == "MCRA")


def _nothing(_: BlockCode, __: n.StlOperation) -> None:
    """Write nothing: the operation has a meaning only for the editor."""


_BY_CONDITION = {"JO": "OV", "JZ": "==0", "JN": "<>0", "JP": ">0", "JM": "<0", "JPZ": ">=0", "JMZ": "<=0", "JUO": "UO"}

OPERATIONS: dict[str, Operation] = {
    "JU": _always,
    **{jump: _when(stl.condition(name)) for jump, name in _BY_CONDITION.items()},
    "JOS": _on_stored_overflow,
    "JC": _on_result(taken=True, saves=False),
    "JCN": _on_result(taken=False, saves=False),
    "JCB": _on_result(taken=True, saves=True),
    "JNB": _on_result(taken=False, saves=True),
    "JBI": _on_saved(expression("eno")),
    "JNBI": _on_saved(expression("not eno")),
    "LOOP": _loop,
    "JL": _list,
    **dict.fromkeys(("CALL", "UC", "CC"), _call),
    **dict.fromkeys(("BE", "BEC", "BEU"), _end),
    "MCR(": _open_master,
    ")MCR": _close_master,
    **dict.fromkeys(("MCRA", "MCRD"), _activate_master),
    **dict.fromkeys(("NOP 0", "NOP 1", "BLD", "PSEUDO"), _nothing),
}
