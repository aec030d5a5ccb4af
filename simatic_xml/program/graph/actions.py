"""Actions of GRAPH steps: the operand that each works on, or its statements.

Facts: S7-GRAPH manual on actions and events; docs/facts/graph.md#actions; exports for actions that are assignments and calls. No export with a
time, a timer, a counter or another step was available: their operand and value follow each other, separated by a
comma, blanks or a line end (unverified).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from simatic_xml.graph.model import Action
from simatic_xml.program import graph_nodes, nodes, typed_blocks
from simatic_xml.program.calls import ActualParameter, instruction_of
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.operands import operand
from simatic_xml.program.scope import Scope
from simatic_xml.program.stl.calls import ResolvedCall, block_called, instruction_called
from simatic_xml.program.targets import check_target
from simatic_xml.program.types.coercion import coerce
from simatic_xml.program.types.types import BOOL, TIME, WORD, DataType, Elementary, Kind, Unknown, type_name
from simatic_xml.stl.splitting import find_outside, split_at_commas

ALL_STEPS = "S_ALL"


@dataclass(frozen=True, slots=True)
class _Form:
    """The operand of a qualifier: its kind in words, and the kind of its value, `time` or `count`."""

    kind: Kind
    says: str
    value: str = ""


_BOOL, _TIMER, _COUNTER = "a Bool variable", "a timer", "a counter"
_FORMS = {
    **dict.fromkeys(("N", "S", "R"), _Form(Kind.BOOL, _BOOL)),
    **dict.fromkeys(("D", "L"), _Form(Kind.BOOL, _BOOL, "time")),
    **dict.fromkeys(("CU", "CD", "CR"), _Form(Kind.COUNTER, _COUNTER)),
    "CS": _Form(Kind.COUNTER, _COUNTER, "count"),
    **dict.fromkeys(("TL", "TD", "TF"), _Form(Kind.TIMER, _TIMER, "time")),
    "TR": _Form(Kind.TIMER, _TIMER),
}
_STEPS = ("ON", "OFF")
_WITHOUT_EVENT = ("D", "L", "TF")
_WITH_EVENT = (*_STEPS, "CS", "CU", "CD", "CR", "TL", "TD", "TR")
_BEFORE_INTERLOCK = ("S1", "V1", "A1", "R1")
_CALL = re.compile(r"CALL\s+(?P<rest>.*)\Z", re.IGNORECASE | re.DOTALL)
_HEAD = re.compile(
    r'(?P<target>"[^"]+"|#(?:"[^"]*"|[^,\s"])+|\w+)(?:\s*,\s*(?P<instance>\S.*?)|\s+(?P<type>\w+))?\s*\Z', re.DOTALL
)
_NAME = re.compile(r'\s*(?:"(?P<quoted>[^"]+)"|(?P<plain>\w+))\s*\Z')
_TWO = re.compile(r'(?P<first>(?:"[^"]*"|\[[^\]]*\]|[^\s"\[])+)\s+(?P<second>\S.*)\Z', re.DOTALL)
_WANTED_VALUES = {"time": (TIME, "a time"), "count": (WORD, "a count of 16 bits")}


def action_of(scope: Scope, action: Action, steps: dict[str, str], place: Place) -> graph_nodes.GraphAction | None:
    """Return a typed action; None for an empty row.

    Args:
        scope: the block; receives the findings.
        action: the row as read.
        steps: the names of the steps by casefolded name.
        place: the step.
    """
    text = action.text.strip()
    if not text and not action.qualifier:
        return None
    made = graph_nodes.GraphAction(action.event, action.qualifier, action.interlock, place)
    _check_event(scope, made)
    if not text:
        scope.error("graph.operand_missing", f"The action {action.qualifier} needs an operand.", place)
    elif action.qualifier in _STEPS:
        made.step = _step(scope, action.qualifier, text, steps, place)
    elif _CALL.match(text) or find_outside(text, ":=") >= 0:
        made.body = _statement(scope, action.qualifier, text, place)
    else:
        _operate(scope, made, text)
    return made


def _check_event(scope: Scope, made: graph_nodes.GraphAction) -> None:
    """Report a qualifier with or without event, and an event with interlock, that do not go together."""
    message = ""
    if made.event and made.qualifier in _WITHOUT_EVENT:
        message = f"The action {made.qualifier} cannot have an event; remove {made.event}."
    elif not made.event and made.qualifier in _WITH_EVENT:
        message = f"The action {made.qualifier} needs an event, such as S1."
    elif made.event and made.interlock and made.event not in _BEFORE_INTERLOCK:
        allowed = ", ".join(_BEFORE_INTERLOCK)
        message = f"An action with the event {made.event} cannot have an interlock; only {allowed} can."
    if message:
        scope.error("graph.action", message, made.place)


def _step(scope: Scope, qualifier: str, text: str, steps: dict[str, str], place: Place) -> str:
    name = text.removeprefix("#").strip('"')
    if qualifier == "OFF" and name.upper() == ALL_STEPS:
        return ALL_STEPS
    if name.casefold() not in steps:
        scope.error(
            "graph.unknown_step", f"There is no step '{name}' to switch {qualifier.lower()}; correct it.", place
        )
    return steps.get(name.casefold(), name)


def _operate(scope: Scope, made: graph_nodes.GraphAction, text: str) -> None:
    """Resolve the operand of an action, and the value after it."""
    form = _FORMS.get(made.qualifier)
    place = made.place
    if form is None:
        scope.error("graph.action", f"The action '{text[:40]}' has no qualifier; write N, S, R or another one.", place)
        return
    first, second = _parts(text) if form.value else (text, "")
    made.operand = operand(scope, first, place, BOOL if form.kind is Kind.BOOL else None)
    _check_operand(scope, made, form)
    if form.value and not second:
        wanted = _WANTED_VALUES[form.value][1]
        scope.error("graph.operand_missing", f"The action {made.qualifier} needs {wanted} after its operand.", place)
    elif second:
        made.argument = operand(scope, second, place, _WANTED_VALUES[form.value][0])
        _check_value(scope, made, form)


def _parts(text: str) -> tuple[str, str]:
    """Split an operand from the value after it."""
    parts = [part for line in text.splitlines() for part in split_at_commas(line.strip()) if part]
    if len(parts) > 1:
        return parts[0], ", ".join(parts[1:])
    found = _TWO.match(text)
    return (found["first"], found["second"]) if found else (text, "")


def _check_operand(scope: Scope, made: graph_nodes.GraphAction, form: _Form) -> None:
    found = made.operand
    if found is None or isinstance(found, nodes.Broken) or isinstance(found.type, Unknown):
        return
    if isinstance(found, nodes.Constant) or not isinstance(found.type, Elementary) or found.type.kind is not form.kind:
        message = f"The action {made.qualifier} works on {form.says}; {type_name(found.type)} does not fit."
        scope.error("graph.operand_type", message, made.place)
    elif form.kind is Kind.BOOL:
        check_target(scope, found, made.place)


def _check_value(scope: Scope, made: graph_nodes.GraphAction, form: _Form) -> None:
    found = made.argument
    if found is None or isinstance(found, nodes.Broken) or isinstance(found.type, Unknown):
        return
    if not _is_value(found.type, form.value):
        wanted = _WANTED_VALUES[form.value][1]
        message = f"The action {made.qualifier} needs {wanted}; {type_name(found.type)} is not one."
        scope.error("graph.operand_type", message, made.place)


def _is_value(data_type: DataType, wanted: str) -> bool:
    """Return whether a type holds a time (also S5TIME as a word) or a count."""
    if not isinstance(data_type, Elementary):
        return False
    word = data_type.bits == WORD.bits and data_type.kind in (Kind.BITS, Kind.INTEGER)
    return word or (wanted == "time" and data_type.kind is Kind.DURATION)


# Assignments and calls -----------------------------------------------------------------------------------------------


def _statement(scope: Scope, qualifier: str, text: str, place: Place) -> list[nodes.Statement]:
    if qualifier != "N":
        message = f"An assignment or a call needs the qualifier N, not '{qualifier}'."
        scope.error("graph.action", message, place)
    found = _CALL.match(text)
    if found:
        return _call(scope, found["rest"], place)
    at = find_outside(text, ":=")
    target = operand(scope, text[:at].strip(), place)
    value = operand(scope, text[at + 2 :].strip().removesuffix(";"), place, target.type)
    if check_target(scope, target, place):
        return [nodes.Assign(target, coerce(scope, value, target.type, place), place)]
    return []


def _call(scope: Scope, text: str, place: Place) -> list[nodes.Statement]:
    start = find_outside(text, "(")
    head, inner = (text, "") if start < 0 else (text[:start], text[start + 1 :].strip().removesuffix(")"))
    found = _HEAD.match(head.strip())
    if found is None or (start >= 0 and not text.rstrip().endswith(")")):
        message = 'A call has the form CALL "Block" (, "Instance") with its parameters in brackets.'
        scope.error("graph.action", message, place)
        return []
    parts = _split_parameters(inner)
    given = [each for part in parts if (each := _read_parameter(scope, part, place)) is not None]
    if len(given) < len(parts):
        return []
    called = _read_call(scope, found, given, place)
    if called.target is not None:
        return [nodes.Assign(called.target, called.value, place)]
    if isinstance(called.value, nodes.BlockCall | nodes.InstructionCall | nodes.Broken):
        return [nodes.Evaluate(called.value, place)]
    scope.error("graph.action", "The return value of this call is not used; add the parameter OUT or Ret_Val.", place)
    return []


def _split_parameters(inner: str) -> list[str]:
    return [part for line in inner.splitlines() for part in split_at_commas(line.strip()) if part]


def _read_parameter(scope: Scope, text: str, place: Place) -> ActualParameter | None:
    for sign in (":=", "=>"):
        at = find_outside(text, sign)
        name = _NAME.match(text[:at]) if at >= 0 else None
        if name is not None:
            value = text[at + 2 :].strip()
            actual = operand(scope, value, place) if value else None
            return ActualParameter(name["quoted"] or name["plain"], sign, actual, place)
    scope.error("graph.action", f"'{text[:40]}' is not a parameter; write name := operand or name => operand.", place)
    return None


def _read_call(scope: Scope, head: re.Match[str], given: list[ActualParameter], place: Place) -> ResolvedCall:
    target = head["target"]
    instance = operand(scope, head["instance"], place) if head["instance"] else None
    if isinstance(instance, nodes.Broken):
        return ResolvedCall(instance)
    if target.startswith("#"):
        return _through_instance(scope, operand(scope, target, place), given, place)
    if not target.startswith('"'):
        explicit = scope.data_type(head["type"]) if head["type"] else None
        return instruction_called(scope, target, instance, given, place, explicit)
    name = target.strip('"')
    found = scope.globally(name)
    if isinstance(found, typed_blocks.DataBlockDeclaration) and instance is None:
        return _through_instance(scope, nodes.DataBlock(found.name, found.type, place), given, place)
    return block_called(scope, name, instance, given, place)


def _through_instance(
    scope: Scope, instance: nodes.Expression, given: list[ActualParameter], place: Place
) -> ResolvedCall:
    """Return the call of the block or instruction of an instance."""
    if isinstance(instance, nodes.Broken):
        return ResolvedCall(instance)
    instruction = instruction_of(instance.type)
    if instruction:
        return instruction_called(scope, instruction, instance, given, place)
    return block_called(scope, type_name(instance.type).strip('"'), instance, given, place)
