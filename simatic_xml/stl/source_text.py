"""A typed statement as the lines of a source."""

from collections.abc import Iterator

from simatic_xml.operands import quote_if_needed
from simatic_xml.stl.calls import call_text
from simatic_xml.stl.german import GERMAN
from simatic_xml.stl.mnemonics import JUMPS
from simatic_xml.stl.model import Call, Statement
from simatic_xml.stl.source_operands import INSTANCE_BLOCK, write_operand

_MARGIN = 6
_WIDTH = 5


def lines_of(statement: Statement, *, german: bool = False) -> Iterator[str]:
    """Yield the lines of a statement: one, or more for a call with parameters."""
    comment = "" if statement.comment is None else f"//{' '.join(statement.comment.splitlines())}"
    label = f"{statement.label}:" if statement.label else ""
    if not statement.mnemonic:
        yield f"{label} ; {comment}".rstrip() if label else comment
        return
    call = statement.call
    operand = _operand(statement, german=german) if call is None else _callee(call)
    mnemonic = statement.mnemonic
    if mnemonic == "OPNDI":
        mnemonic, operand = "OPN", operand if INSTANCE_BLOCK.match(operand) else f"DI {operand}"
    mnemonic = GERMAN.get(mnemonic, mnemonic) if german else mnemonic
    head = f"{label:<{_MARGIN}}{' ' if len(label) >= _MARGIN else ''}{mnemonic:<{_WIDTH}} {operand}".rstrip()
    *first, last = [head, *(_parameters(call, german=german) if call else [])]
    yield from first
    yield f"{last};{comment and ' ' + comment}"


def _operand(statement: Statement, *, german: bool) -> str:
    if statement.mnemonic in JUMPS:
        return statement.operand
    return write_operand(statement.operand, german=german)


def _callee(call: Call) -> str:
    return call_text(Call(call.name, call.block_type, call.instance, (), call.templates))


def _parameters(call: Call, *, german: bool) -> list[str]:
    """Return the lines of the parameters: all are assigned with `:=`, in any direction."""
    given = [
        f"{quote_if_needed(each.name)} := {write_operand(each.value, german=german)}".rstrip()
        for each in call.parameters
    ]
    blank = " " * _MARGIN
    lines = [f"{blank}{'( ' if index == 0 else '  '}{text}" for index, text in enumerate(given)]
    return [f"{line}{' )' if index == len(lines) - 1 else ','}" for index, line in enumerate(lines)]
