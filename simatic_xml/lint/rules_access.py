"""Rules on what a block reaches: addresses, global data, instances, the data of others.

Where the typed form of a block is available, it says what a name means; otherwise the spelling of the name does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from simatic_xml.instructions import find
from simatic_xml.lint.model import Options, Rule, Violation, text
from simatic_xml.lint.source import Body, Source, is_local
from simatic_xml.program import nodes as typed
from simatic_xml.program import walking
from simatic_xml.program.types.types import Elementary, Kind, Structure
from simatic_xml.scl.instructions import INSTANCE_INSTRUCTIONS
from simatic_xml.scl.nodes import Address, Call, CallStatement, Expression, Index, Member, Slice, Variable

_SHORT = re.compile(r"(?P<area>[IEQAM])[BWDX]?\d+|(?P<timer>[TCZ])\d+|(?P<data>DB)\d+", re.IGNORECASE)
Report = Callable[[str], Violation]
"""Makes a finding of a message, at a place that it knows."""

Operand = TypeVar("Operand", typed.TagOperand, typed.Field, typed.Binary)
_MEMORY, _TIMER = frozenset("M"), frozenset("TCZ")


def absolute_address(source: Source) -> Iterator[Violation]:
    """Find absolute operands of inputs, outputs and data blocks."""
    for node, area in _absolute(source):
        if area not in _MEMORY | _TIMER:
            name = source.text[slice(*source.range(node))]
            yield source.at_node(node, f"{name} is an address; use a tag or a symbolic name.")


def bit_memory(source: Source) -> Iterator[Violation]:
    """Find bit memory, by its address or by a tag with such an address."""
    for node, area in _absolute(source):
        if area in _MEMORY:
            name = source.text[slice(*source.range(node))]
            yield source.at_node(node, f"{name} is bit memory; keep the value in a data block or in the instance.")
    for found, tag in _find_operands(source, typed.TagOperand):
        if tag.address.upper().startswith("%M"):
            yield found(f"'{tag.name}' is bit memory; keep the value in a data block or in the instance.")


def old_timer(source: Source) -> Iterator[Violation]:
    """Find timers and counters of the S7-300 and S7-400."""
    for node, area in _absolute(source):
        if area in _TIMER:
            yield source.at_node(node, f"'{_name(node)}' has a number in the CPU; use an IEC timer or counter.")
    for body in source.bodies:
        for section, member in source.declarations(body.owner) if body.owner else ():
            if member.data_type.name.upper() in ("S5TIME", "TIMER", "COUNTER") and section.keyword:
                message = f"'{member.name}' is for timers of the S7-300 and S7-400; use an IEC timer or counter."
                yield source.at_name(member, message)


def _absolute(source: Source) -> Iterator[tuple[Expression, str]]:
    """Yield every absolute operand with its area, `DB` for data blocks."""
    for body in source.bodies:
        for node in body.expressions():
            if isinstance(node, Address):
                yield node, "DB" if node.text[1:3].upper() == "DB" else node.text[1:2].upper()
            elif isinstance(node, Variable) and not node.mark:
                area = _area(node, body)
                if area:
                    yield node, area


def _area(node: Variable, body: Body) -> str:
    """Return the area of an address written without `%`, empty for a name."""
    match = _SHORT.fullmatch(node.name)
    if match is None or node.name.casefold() in body.index_declarations():
        return ""
    if match["area"]:
        bare_bit = node.name[1:].isdecimal()
        return match["area"].upper() if bool(node.path and isinstance(node.path[0], Slice)) == bare_bit else ""
    return (match["timer"] or match["data"]).upper()


def _name(node: Expression) -> str:
    return node.name if isinstance(node, Variable) else getattr(node, "text", "")


def global_access(source: Source, options: Options) -> Iterator[Violation]:
    """Find global tags and data blocks in functions and function blocks; `allowed` is a pattern of allowed names."""
    allowed = re.compile(text(options, "allowed"))
    for body in source.bodies:
        if body.owner is None or body.owner.keyword == "ORGANIZATION_BLOCK":
            continue
        constants = _constants(source, body)
        for node in body.expressions():
            if not isinstance(node, Variable) or node.mark != '"' or allowed.fullmatch(node.name):
                continue
            if node.path or not (node.name.isupper() or node.name.casefold() in constants):
                yield source.at_node(node, f"'{node.name}' is global; pass it to the block as a parameter.")


def _constants(source: Source, body: Body) -> set[str]:
    """Return the casefolded names of the global constants that a block uses, as far as its typed form is known."""
    return {
        node.symbol.casefold()
        for node in _nodes(source, body)
        if isinstance(node, typed.Constant) and node.scope == "global"
    }


def single_instance(source: Source) -> Iterator[Violation]:
    """Find instance data blocks called in a function block, where a multi-instance would do."""
    for body in source.bodies:
        if body.owner is None or body.owner.keyword != "FUNCTION_BLOCK":
            continue
        found = {each.start: each for each in (*_by_name(source, body), *_by_type(source, body))}
        yield from found.values()


def _by_type(source: Source, body: Body) -> Iterator[Violation]:
    for node in _nodes(source, body):
        if not isinstance(node, typed.BlockCall | typed.InstructionCall):
            continue
        if isinstance(node.instance, typed.DataBlock):
            yield source.at_place(node.place, _own_instance(node.instance.name))


def _by_name(source: Source, body: Body) -> Iterator[Violation]:
    """Yield what the text alone shows: timers and counters in data blocks, and instances that the source declares."""
    blocks = (node for node in source.tree.objects if node.keyword == "DATA_BLOCK" and node.instance_of)
    declared = {node.name.casefold() for node in blocks}
    for node in body.expressions():
        if not isinstance(node, Call) or node.callee.mark != '"':
            continue
        step = node.callee.path[-1] if node.callee.path else None
        timer = isinstance(step, Member) and step.name.upper() in INSTANCE_INSTRUCTIONS
        if timer or (step is None and node.callee.name.casefold() in declared):
            yield source.at_node(node.callee, _own_instance(node.callee.name))


def _own_instance(name: str) -> str:
    return f"'{name}' is a separate data block; declare the instance in the block."


def static_access(source: Source) -> Iterator[Violation]:
    """Find static variables of an instance, reached from outside its function block."""
    for found, node in _find_operands(source, typed.Field):
        holder = node.base.type
        if node.member.section == "Static" and isinstance(holder, Structure) and holder.origin == "fb":
            yield found(f"'{node.member.name}' is static in '{holder.name}'; add a parameter for this.")


def real_equality(source: Source) -> Iterator[Violation]:
    """Find equality of floating-point numbers."""
    for found, node in _find_operands(source, typed.Binary):
        left = node.left.type
        if node.operator in ("=", "<>") and isinstance(left, Elementary) and left.kind is Kind.REAL:
            yield found(f"{left.name} is rarely equal after a calculation; compare with a tolerance.")


def result_ignored(source: Source) -> Iterator[Violation]:
    """Find calls of instructions that return an error code which nothing reads."""
    for body in source.bodies:
        for statement in body.all():
            if not isinstance(statement, CallStatement) or not isinstance(statement.call, Call):
                continue
            call = statement.call
            known = find(call.callee.name) if not call.callee.mark else None
            if known is not None and known.instruction.result:
                yield source.at_node(
                    call.callee, f"{known.instruction.name} returns a result that the block does not read; evaluate it."
                )


def repeated_call(source: Source) -> Iterator[Violation]:
    """Find instances that are called in more than one place of a body; elements of an array of instances may differ."""
    for body in source.bodies:
        seen: set[tuple[str, ...]] = set()
        for node in body.expressions():
            if not isinstance(node, Call) or not _is_instance(node.callee):
                continue
            name = source.words(node.callee)
            if name in seen:
                text = source.text[slice(*source.range(node.callee))]
                yield source.at_node(node.callee, f"{text} is already called above; call an instance once in a cycle.")
            seen.add(name)


def _is_instance(callee: Variable) -> bool:
    """Return whether a callee is one instance: a local one, or a data block that a timer or counter is called in."""
    if any(isinstance(step, Index) for step in callee.path):
        return False
    return is_local(callee) or (callee.mark == '"' and bool(callee.path))


def eno_unused(source: Source) -> Iterator[Violation]:
    """Find blocks that call others and never report by ENO whether they succeeded."""
    for body in source.bodies:
        nodes = list(body.expressions())
        calls = any(isinstance(node, Call) for node in nodes)
        sets = any(isinstance(node, Variable) and node.name.upper() == "ENO" for node in nodes)
        if calls and not sets and body.owner is not None and body.owner.keyword != "ORGANIZATION_BLOCK":
            yield source.at_name(
                body.owner, "The block calls other blocks but never sets ENO; set ENO to report an error."
            )


def _find_operands(source: Source, kind: type[Operand]) -> Iterator[tuple[Report, Operand]]:
    """Yield the expressions of a kind in the typed blocks of the source."""
    for body in source.bodies:
        for node in _nodes(source, body):
            if isinstance(node, kind):
                yield partial(source.at_place, node.place), node


def _nodes(source: Source, body: Body) -> Iterator[typed.Expression]:
    """Yield every expression of a body in typed form, nothing where there is no such form."""
    block = source.typed.get(body.owner.name.casefold()) if body.owner else None
    for statement in walking.block_statements(block) if block else ():
        for operand in walking.operands(statement):
            yield from walking.expressions(operand)


RULES = (
    Rule("L501", "absolute-address", "warning", "Operands have symbolic names.", "Style guide RU006", absolute_address),
    Rule("L502", "bit-memory", "warning", "No bit memory.", "Programming guideline 3.4.2", bit_memory),
    Rule(
        "L503",
        "global-access",
        "note",
        "Blocks use only their own parameters and data.",
        "Style guide RU004",
        global_access,
        options={"allowed": "DB_.*_CONST"},
    ),
    Rule(
        "L504",
        "single-instance",
        "note",
        "Function blocks declare the instances that they call.",
        "Style guide AL001",
        single_instance,
    ),
    Rule(
        "L505",
        "static-access",
        "warning",
        "Only its own block uses a static variable.",
        "Style guide DA006",
        static_access,
    ),
    Rule(
        "L506",
        "real-equality",
        "warning",
        "Real and LReal are not compared for equality.",
        "PLCopen CP8",
        real_equality,
    ),
    Rule("L507", "result-ignored", "note", "Error codes are evaluated.", "Style guide SE005", result_ignored),
    Rule(
        "L508",
        "eno-unused",
        "note",
        "Blocks report by ENO whether they succeeded.",
        "Style guide SE003",
        eno_unused,
        enabled=False,
    ),
    Rule("L509", "old-timer", "warning", "IEC timers and counters.", "Programming guideline 3.4.2", old_timer),
    Rule("L510", "repeated-call", "note", "An instance is called once in a cycle.", "PLCopen CP20", repeated_call),
)
