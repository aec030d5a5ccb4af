"""Bind the actual parameters of a call to the formal ones: by name or position, each once, in the right direction.

The same code serves blocks and instructions, and every language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from simatic_xml.program.diagnostics import Place
from simatic_xml.program.nodes import Argument, Broken, Constant, DataBlock, Expression, Returned, Slice
from simatic_xml.program.scope import Scope
from simatic_xml.program.targets import check_target, is_operand
from simatic_xml.program.types.coercion import coerce, names_instance, names_object
from simatic_xml.program.types.conversions import same
from simatic_xml.program.types.types import ELEMENTARY, UNKNOWN, DataType, Special, Unknown, type_name

Direction = Literal["Input", "Output", "InOut"]


@dataclass(slots=True)
class ActualParameter:
    """One actual parameter.

    Attributes:
        name: formal parameter, empty for a positional one.
        operator: `:=`, `=>`, or empty where the language has no such sign (a pin of LAD, a positional parameter).
        value: the typed expression, the target of an output; None if nothing follows the sign.
        place: its place.
    """

    name: str
    operator: str
    value: Expression | None
    place: Place


@dataclass(frozen=True, slots=True)
class Formal:
    """One formal parameter of a block or instruction.

    Attributes:
        name: as declared.
        direction: which way the value goes.
        type: its type.
        required: whether a call must supply it.
        either: whether `:=` and `=>` are both right.
    """

    name: str
    direction: Direction
    type: DataType
    required: bool
    either: bool = False


Lookup = Callable[[str], Formal | None]


def name_by_position(names: Iterable[str], given: Sequence[ActualParameter]) -> list[ActualParameter]:
    """Return the actual parameters with the names of their positions; surplus ones have no name."""
    positions = iter(names)
    return [
        each if each.name else ActualParameter(next(positions, ""), each.operator, each.value, each.place)
        for each in given
    ]


def bind(
    scope: Scope, owner: str, formals: Sequence[Formal], given: Sequence[ActualParameter], place: Place, lookup: Lookup
) -> list[tuple[Formal, ActualParameter]]:
    """Return which actual parameter goes to which formal one, and report those that do not fit.

    Args:
        scope: the block that calls.
        owner: the called block or instruction, for the messages.
        formals: its parameters.
        given: the actual parameters, with names.
        place: the place of the call.
        lookup: finds a formal parameter by name, also a repeated one.
    """
    bound: dict[str, tuple[Formal, ActualParameter]] = {}
    complete = True
    for each in given:
        formal = lookup(each.name) if each.name else None
        if formal is None:
            _unknown(scope, owner, each, [f.name for f in formals])
            complete = False
        elif formal.name in bound:
            message = f"The parameter '{formal.name}' is supplied twice; remove one."
            scope.error("call.parameter_twice", message, each.place)
        elif _direction_fits(scope, formal, each):
            bound[formal.name] = (formal, each)
        else:
            complete = False
    missing = [f for f in formals if f.required and _is_missing(bound.get(f.name))]
    if complete and missing:
        names = ", ".join(f"'{formal.name}'" for formal in missing)
        scope.error("call.parameter_missing", f"The call of '{owner}' needs {names}; supply it.", place)
    return [pair for pair in bound.values() if pair[1].value is not None]


def _is_missing(pair: tuple[Formal, ActualParameter] | None) -> bool:
    return pair is None or pair[1].value is None


def _unknown(scope: Scope, owner: str, given: ActualParameter, names: list[str]) -> None:
    if given.name:
        hint = f"It has {', '.join(names)}." if names else "It has no parameters."
        message = f"'{owner}' has no parameter '{given.name}'; remove it, or correct the name."
        scope.error("call.parameter_unknown", message, given.place, hint)
    else:
        message = f"There are more values here than '{owner}' has parameters."
        scope.error("call.parameter_unknown", message, given.place)


def _direction_fits(scope: Scope, formal: Formal, given: ActualParameter) -> bool:
    wrong = "=>" if formal.direction != "Output" else ":="
    classic = scope.symbols.cpu.family in ("S7-300", "S7-400")
    if given.operator != wrong or formal.either or (classic and wrong == ":="):
        return True
    right = ":=" if wrong == "=>" else "=>"
    message = f"'{formal.name}' is declared as {formal.direction}; write {formal.name} {right} ..."
    scope.error("call.direction", message, given.place)
    return False


def argument(scope: Scope, formal: Formal, given: ActualParameter) -> Argument:
    """Return one argument with its conversion; check whether the actual parameter fits the formal one."""
    value = given.value
    assert value is not None  # noqa: S101 (`bind` leaves the empty ones out)
    if formal.direction == "Input":
        if isinstance(value, DataBlock) and formal.type == ELEMENTARY["UINT"]:
            return Argument(formal.name, "Input", formal.type, value)  # its number: DB_ANY is based on UInt
        return Argument(formal.name, "Input", formal.type, coerce(scope, value, formal.type, given.place))
    if formal.direction == "Output":
        return _output(scope, formal, value, given.place)
    return Argument(formal.name, "InOut", formal.type, _in_out(scope, formal, value, given.place))


def _output(scope: Scope, formal: Formal, target: Expression, place: Place) -> Argument:
    if _is_pointer(formal, target):
        return Argument(formal.name, "Output", formal.type, target, Returned(formal.type, place))
    if not check_target(scope, target, place):
        return Argument(formal.name, "Output", formal.type, Broken(UNKNOWN, place))
    returned = Returned(formal.type, place)
    if _passes(formal.type, target.type):
        return Argument(formal.name, "Output", formal.type, target, returned)
    return Argument(formal.name, "Output", formal.type, target, coerce(scope, returned, target.type, place))


def _in_out(scope: Scope, formal: Formal, value: Expression, place: Place) -> Expression:
    """Return the operand of an in/out parameter: a variable of the same type, no constant, no expression."""
    if isinstance(value, Broken) or isinstance(value.type, Unknown) or _is_pointer(formal, value):
        return value
    if not is_operand(value) or isinstance(value, Slice):
        message = f"The in/out parameter '{formal.name}' needs a whole variable; a value or a part of a variable is not possible."
        scope.error("call.in_out_operand", message, place)
        return Broken(UNKNOWN, place)
    if not _passes(formal.type, value.type) and not names_instance(value.type, formal.type):
        wanted, found = type_name(formal.type), type_name(value.type)
        message = (
            f"The in/out parameter '{formal.name}' has the type {wanted}; use a variable of the same type, not {found}."
        )
        scope.error("call.in_out_type", message, place)
        return Broken(UNKNOWN, place)
    if not names_object(value.type, formal.type) and not names_instance(value.type, formal.type):
        check_target(scope, value, place)
    return value


def _is_pointer(formal: Formal, value: Expression) -> bool:
    """Return whether a pointer (`P#M20.0 BYTE 2`) is given to a parameter that takes any operand: it names the operand."""
    pointer = isinstance(value, Constant) and isinstance(value.type, Special) and value.type.name in ("Any", "Pointer")
    return pointer and isinstance(formal.type, Special)


def _passes(formal: DataType, actual: DataType) -> bool:
    """Return whether an operand can be passed as it is: the same type, or a formal type that takes any (VARIANT)."""
    return isinstance(formal, Special) or same(actual, formal) or names_object(actual, formal)
