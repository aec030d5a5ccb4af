"""Calls of blocks and instructions, for every language: parameters, instance, types, result.

Facts: S7-1500 system manual, "Blocks" and "Parameter transfer": a function needs all its parameters, a function block
only its in/outs of structured types; an in/out takes a variable of the same type.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

from simatic_xml import instructions
from simatic_xml.instructions import Instruction, Signature
from simatic_xml.program.call_binding import ActualParameter, Direction, Formal, argument, bind, name_by_position
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.nodes import (
    Argument,
    BlockCall,
    Broken,
    Constant,
    Convert,
    DataBlock,
    Expression,
    InstructionCall,
    Local,
)
from simatic_xml.program.scope import Scope
from simatic_xml.program.symbols import BlockSymbol
from simatic_xml.program.targets import check_target
from simatic_xml.program.types.coercion import as_s5time, coerce
from simatic_xml.program.types.conversions import CLASSIC, SIGNED, loss
from simatic_xml.program.types.types import (
    BOOL,
    ELEMENTARY,
    S5TIME,
    UNKNOWN,
    VOID,
    Array,
    DataType,
    Elementary,
    Kind,
    Special,
    Structure,
    Text,
    type_name,
)

__all__ = ["ActualParameter", "block_call", "instruction_call", "instruction_of"]

_DIRECTIONS = ("Input", "Output", "InOut")
_POSITIONS = ("Input", "InOut", "Output")
_CONVERSIONS = frozenset(("CONVERT", "CONV", "ROUND", "CEIL", "FLOOR", "TRUNC"))


# Blocks --------------------------------------------------------------------------------------------------------------


def block_call(
    scope: Scope,
    callee: str,
    instance: Expression | None,
    given: Sequence[ActualParameter],
    place: Place,
    eno: Expression | None = None,
) -> BlockCall | Broken:
    """Return the call of a function or function block.

    Args:
        scope: the block that calls.
        callee: name of the called block.
        instance: for a function block its instance; None for a function.
        given: the actual parameters; one named ENO counts as `eno`.
        place: the place of the call.
        eno: where ENO of the call goes.
    """
    found = scope.globally(callee)
    if not isinstance(found, BlockSymbol):
        if found is None:
            scope.error("name.undefined", f"'{callee}' is not defined; create the block, or correct the name.", place)
        else:
            scope.error("call.not_callable", f"'{callee}' is not a block that can be called.", place)
        return Broken(UNKNOWN, place)
    if not _callable(scope, found, instance, place):
        return Broken(UNKNOWN, place)
    given, eno = _split_eno(scope, given, eno)
    formals = {each.name.casefold(): each for each in block_parameters(found)}
    named = name_by_position(formals, given)
    bound = bind(scope, found.name, list(formals.values()), named, place, lambda name: formals.get(name.casefold()))
    order = {name: index for index, name in enumerate(formals)}
    bound.sort(key=lambda pair: order[pair[0].name.casefold()])
    arguments = tuple(argument(scope, formal, each) for formal, each in bound)
    kind: Literal["FC", "FB"] = "FB" if found.kind == "FB" else "FC"
    return BlockCall(found.name, kind, instance, arguments, found.result if kind == "FC" else VOID, place, eno)


def block_parameters(found: BlockSymbol) -> list[Formal]:
    """Return the parameters of a block: inputs, in/outs, outputs, with what a call must supply."""
    return [
        Formal(each.name, cast("Direction", each.section), each.type, _is_required(found, each.section, each.type))
        for section in _POSITIONS
        for each in found.variables
        if each.section == section and not each.overlays
    ]


def _is_required(found: BlockSymbol, section: str, data_type: DataType) -> bool:
    structured = isinstance(data_type, Structure | Array | Text | Special)
    return found.kind == "FC" or (section == "InOut" and structured)


def _callable(scope: Scope, found: BlockSymbol, instance: Expression | None, place: Place) -> bool:
    if found.kind == "OB":
        scope.error("call.not_callable", f"'{found.name}' is an organization block; only the CPU calls it.", place)
        return False
    if found.kind == "FB" and instance is None:
        message = (
            f"The function block '{found.name}' needs an instance; call its instance data block or a static variable."
        )
        scope.error("call.instance_missing", message, place)
        return False
    if found.kind == "FC" and instance is not None:
        scope.error("call.instance_other", f"'{found.name}' is a function and has no instance.", place)
        return False
    owner = None if instance is None else instance.type
    if isinstance(owner, Structure) and (owner.origin != "fb" or owner.name.casefold() != found.name.casefold()):
        message = (
            f"The instance is one of {type_name(owner)}, not of '{found.name}'; use an instance of '{found.name}'."
        )
        scope.error("call.instance_other", message, place)
        return False
    if isinstance(instance, Local) and instance.variable.section in ("Input", "Output"):
        name = instance.variable.name
        message = (
            f"'#{name}' gives access to the data of an instance only; declare it as an in/out parameter to call it."
        )
        scope.error("call.instance_other", message, place)
        return False
    return True


def _split_eno(
    scope: Scope, given: Sequence[ActualParameter], eno: Expression | None
) -> tuple[list[ActualParameter], Expression | None]:
    """Take ENO out of the actual parameters."""
    rest = [each for each in given if each.name.upper() != "ENO"]
    for each in given:
        if each.name.upper() == "ENO" and each.value is not None and check_target(scope, each.value, each.place):
            coerce(scope, each.value, BOOL, each.place)
            eno = each.value
    return rest, eno


# Instructions --------------------------------------------------------------------------------------------------------


def instruction_of(data_type: DataType) -> str:
    """Return the instruction that an instance of this type is called as, empty for anything else.

    `TON_TIME` is called as TON, `CTU_INT` as CTU; a general `IEC_TIMER` is called by naming the instruction.
    """
    if not isinstance(data_type, Structure) or data_type.origin != "system":
        return ""
    if data_type.name.upper().startswith("IEC_"):
        return ""
    if data_type.instruction:
        return data_type.instruction
    for name in (data_type.name, data_type.name.rpartition("_")[0]):
        found = instructions.find(name) if name else None
        if found is not None and found.instruction.instance:
            return found.instruction.name
    return ""


def instruction_call(
    scope: Scope,
    name: str,
    instance: Expression | None,
    given: Sequence[ActualParameter],
    place: Place,
    explicit: DataType | None = None,
    eno: Expression | None = None,
) -> Expression:
    """Return the call of an instruction; a conversion becomes a `Convert`.

    Args:
        scope: the block that calls.
        name: as written, a type after it included (`ROUND_INT`, `INT_TO_REAL`).
        instance: the instance of an instruction with memory.
        given: the actual parameters; one named ENO counts as `eno`.
        place: the place of the call.
        explicit: type that follows the name in another form (a template of LAD).
        eno: where ENO of the call goes.
    """
    found = instructions.find(name)
    if found is None:
        message = f"There is no instruction '{name}'; correct the name, or put the name of a block in quotes."
        scope.error("call.unknown", message, place)
        return Broken(UNKNOWN, place)
    called = found.instruction
    if not instructions.available(called, scope.symbols.cpu):
        cpu = f"{scope.symbols.cpu.family} {scope.symbols.cpu.firmware}".strip()
        scope.error("call.not_available", f"The instruction '{called.name}' does not exist on an {cpu}.", place)
    if not _instance_fits(scope, called, instance, place):
        return Broken(UNKNOWN, place)
    if found.explicit and explicit is None:
        explicit = scope.data_type(found.explicit)
    given, eno = _split_eno(scope, given, eno)
    return _instruction(scope, called, instance, given, place, explicit, eno)


def _instruction(
    scope: Scope,
    called: Instruction,
    instance: Expression | None,
    given: Sequence[ActualParameter],
    place: Place,
    explicit: DataType | None,
    eno: Expression | None,
) -> Expression:
    names = _names(called, len(given))
    named = name_by_position(names, given)
    types = _solve_types(scope, called, named, explicit, instance)
    for problem in types.problems:
        at = next((each.place for each in named if each.name.casefold() == problem.parameter.casefold()), place)
        scope.error("type.parameter", problem.message, at)
    if types.problems or _has_excluded(scope, called, named):
        return Broken(types.result, place)

    def lookup(name: str) -> Formal | None:
        parameter = called.parameter(name)
        if parameter is None:
            return None if called.complete else Formal(name, _direction(given, name), UNKNOWN, required=False)
        actual = next((each.value for each in named if each.name.casefold() == name.casefold()), None)
        data_type = _on_cpu(scope, types.parameters.get(parameter.name, UNKNOWN), actual)
        return Formal(parameter.name, parameter.direction, data_type, not parameter.optional, parameter.either)

    formals = [formal for each in called.parameters if (formal := lookup(each.name)) is not None]
    bound = bind(scope, called.name, formals, named, place, lookup)
    order = {each: index for index, each in enumerate(names)}
    bound.sort(key=lambda pair: order.get(pair[0].name, len(names)))
    arguments = tuple(argument(scope, formal, each) for formal, each in bound)
    return _result(called, instance, arguments, types, place, eno)


def _has_excluded(scope: Scope, called: Instruction, given: Sequence[ActualParameter]) -> bool:
    """Report the values of types that their parameters do not take, and return whether there is one."""
    found = False
    for each in given if called.excludes else ():
        parameter = called.parameter(each.name) if each.name else None
        if parameter is None or each.value is None:
            continue
        actual = each.value.type
        element = actual.element if isinstance(actual, Array) else actual
        if type_name(element) in called.excludes.get(parameter.name, ()):
            message = f"{parameter.name} of '{called.name}' does not take {type_name(actual)}; use a variable of another type."
            scope.error("type.parameter", message, each.place)
            found = True
    return found


def _on_cpu(scope: Scope, data_type: DataType, actual: Expression | None) -> DataType:
    """Return the type of a parameter on this CPU.

    An S7-300 or S7-400 has no unsigned integers and no hardware data types; its instructions take an Int or a Word there
    (docs/facts/tia-rules.md#scl).
    """
    if scope.symbols.cpu.family not in CLASSIC or not isinstance(data_type, Elementary):
        return data_type
    if data_type.kind is not Kind.INTEGER or data_type.signed:
        return data_type
    found = None if actual is None else actual.type
    plain = isinstance(found, Elementary) and found.kind in (Kind.INTEGER, Kind.BITS)
    return found if found is not None and plain else SIGNED[max(data_type.bits, 16)]


def _direction(given: Sequence[ActualParameter], name: str) -> Direction:
    """Guess the direction of a parameter that the catalogue does not know from the sign after its name."""
    sign = next((each.operator for each in given if each.name.casefold() == name.casefold()), "")
    return "Output" if sign == "=>" else "Input"


def _names(called: Instruction, count: int) -> list[str]:
    """Return the parameters by position, the repeated ones as far as a call of `count` values can reach."""
    names = [each.name for way in _POSITIONS for each in called.parameters if each.direction == way]
    if not called.repeats:
        return names
    first, least = called.least
    last = names.index(f"{called.repeats}{first + least - 1}") + 1
    more = [f"{called.repeats}{number}" for number in range(first + least, first + least + count)]
    return [*names[:last], *more, *names[last:]]


def _solve_types(
    scope: Scope,
    called: Instruction,
    given: Sequence[ActualParameter],
    explicit: DataType | None,
    instance: Expression | None,
) -> Signature:
    """Return the types of a call; a plain literal counts only where nothing else decides."""
    actual = {each.name: each.value for each in given if each.name and each.value is not None}
    owner = None if instance is None else instance.type
    return instructions.signature(
        called,
        {name: _given_type(scope, called, name, value) for name, value in actual.items()},
        explicit,
        literals=[name for name, value in actual.items() if _adapts(value)],
        instance=owner.name if isinstance(owner, Structure) else "",
        named=scope.data_type,
    )


def _given_type(scope: Scope, called: Instruction, name: str, value: Expression) -> DataType:
    """Return the type of an actual parameter.

    The name of a data block is a DB_ANY, and a constant time of classic SCL an S5TIME, where the parameter may be one.
    """
    parameter = called.parameter(name)
    choice = called.variables.get(parameter.type, ()) if parameter is not None else ()
    if isinstance(value, DataBlock) and "DB_ANY" in choice:
        return ELEMENTARY["DB_ANY"]
    return S5TIME if "S5Time" in choice and as_s5time(scope, value) is not None else value.type


def _adapts(value: Expression) -> bool:
    return isinstance(value, Constant) and not value.fixed


def _instance_fits(scope: Scope, called: Instruction, instance: Expression | None, place: Place) -> bool:
    if instance is None:
        if called.instance:
            message = f"'{called.name}' needs its own instance: a data block or a static variable of type "
            scope.error("call.instance_missing", f"{message}{called.default_instance}.", place)
        return not called.instance
    owner = instance.type
    if not called.instance:
        scope.error("call.instance_other", f"'{called.name}' has no memory and takes no instance.", place)
        return False
    names = {each.casefold() for each in (*called.instance, called.name)}
    if isinstance(owner, Structure) and not names & {owner.name.casefold(), owner.instruction.casefold()}:
        message = f"The instance is one of {type_name(owner)}, which '{called.name}' cannot use; use {called.default_instance}."
        scope.error("call.instance_other", message, place)
        return False
    return True


def _result(
    called: Instruction,
    instance: Expression | None,
    arguments: tuple[Argument, ...],
    types: Signature,
    place: Place,
    eno: Expression | None,
) -> Expression:
    """Return the call, or the conversion that it is."""
    if eno is None and len(arguments) == 1 and arguments[0].direction == "Input" and _converts(called):
        operand = arguments[0].value
        lossy = bool(loss(operand.type, types.result))
        return Convert(operand, types.result, place, implicit=False, function=called.name, lossy=lossy)
    result = types.result if called.result else VOID
    return InstructionCall(called.name, instance, arguments, dict(types.types), result, place, eno)


def _converts(called: Instruction) -> bool:
    return called.name.upper() in _CONVERSIONS or instructions.conversion(called.name) is not None
