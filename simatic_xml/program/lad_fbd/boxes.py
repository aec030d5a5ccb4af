"""Boxes of LAD and FBD that stay calls: blocks, and every instruction that is not a plain operation.

The call leaves out an input that nothing drives and an output that leads nowhere. After the box an output drives a
wire, which the call writes, and which is zero while EN skips the call; of a function block it is the output in the
instance, which keeps its value meanwhile (unverified).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from simatic_xml import instructions
from simatic_xml.flgnet.catalogue import ABSENT_IN_FBD
from simatic_xml.flgnet.model import Part
from simatic_xml.instructions import RESULT, Instruction
from simatic_xml.program import calls
from simatic_xml.program import nodes as n
from simatic_xml.program.calls import ActualParameter
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.lad_fbd.lowering import Lowering, conjunction
from simatic_xml.program.lad_fbd.operands import operand
from simatic_xml.program.types.coercion import coerce
from simatic_xml.program.types.types import BOOL, UNKNOWN, VOID, DataType, Structure, Unknown

_FLOW = ("en", "eno", ABSENT_IN_FBD)


@dataclass(slots=True)
class _Pins:
    """The call of a box, as its pins describe it.

    Attributes:
        given: the actual parameters.
        wires: for an output that is not a single operand, the wire that the call writes, by pin.
        result: pin of the function value, empty where it leads nowhere.
    """

    given: list[ActualParameter] = field(default_factory=list)
    wires: dict[str, tuple[str, n.Wire]] = field(default_factory=dict)
    result: str = ""


def block_box(low: Lowering, part: Part) -> None:
    """Write the call of a block."""
    place = low.at(part.uid)
    instance = _instance(low, part)
    returned = {parameter.name for parameter in part.parameters if parameter.section == "Return"}
    kept = [pin for pin in low.wiring.pins(part) if low.carries(part, pin) and pin not in _FLOW]
    kept = kept if instance is not None else []
    with low.box(part, fails=True) as eno:
        pins = _Pins()
        for pin in low.wiring.pins(part):
            name = RESULT if pin in returned else pin
            _read(low, part, pin, name, pins, in_instance=pin in kept)
        _write(low, part, pins, calls.block_call(low.scope, part.name, instance, pins.given, place, eno))
    for pin in kept:
        low.carry(part, pin, _output(instance, pin, place))


def _output(instance: n.Expression | None, pin: str, place: Place) -> n.Expression:
    """Return an output in the instance of a function block."""
    member = instance.type.member(pin) if instance is not None and isinstance(instance.type, Structure) else None
    return n.Broken(UNKNOWN, place) if instance is None or member is None else n.Field(instance, member, place)


def instruction_box(low: Lowering, part: Part) -> None:
    """Write the call of an instruction."""
    known = instructions.of_part(part.name)
    instance = _instance(low, part)
    with low.box(part, fails=True) as eno:
        pins = _instruction_pins(low, part, known)
        _write(low, part, pins, _instruction(low, part, known, instance, pins, eno))


def coil_box(low: Lowering, part: Part) -> None:
    """Write a coil that calls an instruction, such as the timer coils; power passes through it."""
    known = instructions.of_part(part.name)
    power = low.stable(low.bit(part, "in"))
    low.keep(part, "in", power)
    own = known is not None and bool(known.instance)
    instance = low.target(part, "operand") if own else None
    pins = _instruction_pins(low, part, known, without=("operand", "out") if own else ("out",))
    _write(low, part, pins, _instruction(low, part, known, instance, pins, None))
    low.drive(part, "out", power)


def reset_coil(low: Lowering, part: Part) -> None:
    """Write the coil that resets an IEC timer while power flows."""
    power = low.bit(part, "in")
    if low.used(part, "out"):
        power = low.stable(power)
    place, timer = low.at(part.uid), low.target(part, "operand")
    with low.when(power, place):
        given = [ActualParameter("TIMER", "", timer, timer.place)]
        _write(low, part, _Pins(), calls.instruction_call(low.scope, "RESET_TIMER", None, given, place))
    low.drive(part, "out", power)


def _instance(low: Lowering, part: Part) -> n.Expression | None:
    if part.instance is None:
        return None
    return operand(low.scope, part.instance, low.at(part.instance_uid or part.uid))


def _instruction(
    low: Lowering, part: Part, known: Instruction | None, instance: n.Expression | None, pins: _Pins, eno: n.Wire | None
) -> n.Expression:
    place = low.at(part.uid)
    if known is not None:
        chosen = _choose_types(low, part, known)
        explicit = chosen.get(known.explicit)
        call = calls.instruction_call(low.scope, known.name, instance, pins.given, place, explicit, eno)
        return _set_result_type(call, known, chosen)
    message = f"The instruction {part.name} is not known; its parameters are not checked."
    low.scope.warning("network.instruction_unknown", message, place)
    arguments = tuple(_build_unchecked(each) for each in pins.given if each.value is not None)
    return n.InstructionCall(part.name, instance, arguments, {}, VOID, place, eno)


def _build_unchecked(given: ActualParameter) -> n.Argument:
    value = given.value or n.Broken(UNKNOWN, given.place)
    if given.operator == ":=":
        return n.Argument(given.name, "Input", value.type, value)
    return n.Argument(given.name, "Output", value.type, value, n.Returned(value.type, given.place))


def _choose_types(low: Lowering, part: Part, known: Instruction) -> dict[str, DataType]:
    """Return the data types that the template values give to type variables."""
    types = {variable: low.template(part, template) for template, variable in known.templates.items()}
    return {variable: found for variable, found in types.items() if found is not None}


def _set_result_type(call: n.Expression, known: Instruction, chosen: dict[str, DataType]) -> n.Expression:
    """Return a call with the result type of a template value, where nothing at the call names it."""
    result = chosen.get(known.result)
    if result is None or not isinstance(call, n.Convert | n.InstructionCall) or not isinstance(call.type, Unknown):
        return call
    if isinstance(call, n.Convert):
        return replace(call, type=result)
    return replace(call, type=result, types=call.types | {known.result: result})


def _instruction_pins(low: Lowering, part: Part, known: Instruction | None, without: tuple[str, ...] = ()) -> _Pins:
    pins = _Pins()
    for pin in low.wiring.pins(part):
        name = pin if known is None else known.of_pin(pin)
        if pin not in without:
            sign = known is None or known.parameter(name) is None
            _read(low, part, pin, name, pins, sign=sign)
    return pins


def _read(
    low: Lowering, part: Part, pin: str, name: str, pins: _Pins, *, in_instance: bool = False, sign: bool = False
) -> None:
    """Add the data of a pin to the call.

    Args:
        low: the network.
        part: the box.
        pin: name of the pin.
        name: name of its parameter, `RESULT` for the function value.
        pins: receives the data.
        in_instance: whether later parts read the output from the instance.
        sign: whether an operator gives the direction to the call, because nothing else does.
    """
    place = low.at(part.uid)
    if pin in _FLOW:
        return
    if in_instance and not low.writes_one(part, pin):
        return
    if not low.used(part, pin):
        value = _input(low, part, pin)
        pins.given += [] if value is None else [ActualParameter(name, ":=" if sign else "", value, value.place)]
    elif name == RESULT:
        pins.result = pin
    elif in_instance or low.writes_one(part, pin):
        pins.given += [
            ActualParameter(name, "=>" if sign else "", target, target.place) for target in low.targets(part, pin)
        ]
    else:
        wire = n.Wire(low.scope.wire(), UNKNOWN, place)
        pins.wires[pin] = (name, wire)
        pins.given.append(ActualParameter(name, "=>" if sign else "", wire, place))


def _input(low: Lowering, part: Part, pin: str) -> n.Expression | None:
    """Return the value at an input, in the type that a template value gives to the pin."""
    wanted = low.pin_type(part, pin)
    value = low.input(part, pin, wanted)
    if value is None or wanted is None or part.is_call:
        return value
    return low.as_bool(value, part, pin) if wanted == BOOL else coerce(low.scope, value, wanted, value.place)


def _write(low: Lowering, part: Part, pins: _Pins, call: n.Expression) -> None:
    """Append a call and lead its outputs on; now that it is made, the types of its outputs are known."""
    if pins.result:
        low.drive(part, pins.result, _join_power(low, part, call))
    elif isinstance(call, n.BlockCall | n.InstructionCall | n.Broken):
        low.emit(n.Evaluate(call, call.place))
    types = _types(call)
    for pin, (name, wire) in pins.wires.items():
        wire.type = types.get(name.casefold(), UNKNOWN)
        low.set_zero(wire)
        low.drive(part, pin, wire)


def _join_power(low: Lowering, part: Part, call: n.Expression) -> n.Expression:
    """Return the value of a call; where power flows into the box by `pre`, the power that remains after it."""
    if not low.has(part, ABSENT_IN_FBD):
        return call
    return conjunction(low.bit(part, ABSENT_IN_FBD), low.stable(call), low.at(part.uid))


def _types(call: n.Expression) -> dict[str, DataType]:
    arguments = call.arguments if isinstance(call, n.BlockCall | n.InstructionCall) else ()
    return {argument.name.casefold(): argument.type for argument in arguments}
