"""What is connected to the parameters of a module's function block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from engineering_api.features.design.model import (
    Alarms,
    AnyModule,
    Interlock,
    Interlocks,
    Modes,
    Motor,
    Obedient,
    Pid,
    Pin,
    Sequence,
    Valve,
)
from engineering_api.operations.fields import metas

_OPERAND = re.compile(r'[\w."]+')


@dataclass(frozen=True, slots=True)
class Wire:
    """One parameter of a call.

    Attributes:
        given: What the design or the generator connects; an expression, or for an output what is written.
        pointer: Where it is in the module, such as /command.
        joined: Further expressions that must hold, too.
    """

    parameter: str
    given: bool | float | str
    type: str
    pointer: str
    output: bool = False
    joined: tuple[tuple[str, bool | str], ...] = ()


def wires(module: AnyModule, mode: Modes | None) -> list[Wire]:
    """Return the parameters of a module that are connected; the others keep the start values of the block."""
    return [*_of_mode(module, mode), *_of_conditions(module), *_of_fields(module)]


def time(text: str) -> str:
    """Return a duration as SCL has it."""
    return text if text.startswith("T#") else f"T#{text}"


def number(value: float) -> str:
    """Return a floating-point number as SCL has it, always with a point."""
    mantissa, _, exponent = repr(float(value)).partition("e")
    mantissa = mantissa if "." in mantissa else f"{mantissa}.0"
    return f"{mantissa}E{int(exponent)}" if exponent else mantissa


@cache
def pins(kind: type[msgspec.Struct]) -> tuple[tuple[msgspec.structs.FieldInfo, Pin], ...]:
    """Return the fields of a kind of module that are parameters of its block."""
    found = (
        (field, each.extra["pin"]) for field in msgspec.structs.fields(kind) for each in metas(field.type) if each.extra
    )
    return tuple(found)


def _of_mode(module: AnyModule, mode: Modes | None) -> Iterator[Wire]:
    """Yield how a module obeys its mode."""
    if isinstance(module, Motor | Valve | Pid):
        yield Wire("automatic", True if mode is None else f'"{mode.name}".running', "Bool", "/mode")
        if mode is not None:
            yield Wire("manual", f'"{mode.name}".manual', "Bool", "/mode")
    if isinstance(module, Motor | Valve) and module.acknowledge == "" and mode is not None:
        yield Wire("acknowledge", f'"{mode.name}".acknowledged', "Bool", "/mode")
    if isinstance(module, Sequence):
        yield from _of_sequence(module, mode)


def _of_sequence(module: Sequence, mode: Modes | None) -> Iterator[Wire]:
    name = "" if mode is None else f'"{mode.name}"'
    off = _either(module.abort, f"NOT {name}.automatic" if name else "")
    begin = _either(module.restart, f"{name}.chosen" if name else "")
    if off is not None:
        yield Wire("OFF_SQ", off, "Bool", "/abort")
    if begin is not None:
        yield Wire("INIT_SQ", begin, "Bool", "/restart")


def _either(condition: bool | str, other: str) -> bool | str | None:
    """Return one or the other; None where there is neither."""
    if condition in (False, ""):
        return other or None
    if not other or condition is True:
        return condition
    return f"{condition} OR {other}" if _OPERAND.fullmatch(str(condition)) else f"({condition}) OR {other}"


def _of_conditions(module: AnyModule) -> Iterator[Wire]:
    """Yield interlocks and the conditions of alarms."""
    if isinstance(module, Obedient) and module.interlocks:
        yield _join_interlocks("interlock", module.interlocks)
    if isinstance(module, Interlocks):
        for index, interlock in enumerate(module.interlocks):
            pointer = f"/interlocks/{index}/condition"
            yield Wire(f"condition{index + 1}", interlock.condition, "Bool", pointer)
    if isinstance(module, Alarms):
        for index, alarm in enumerate(module.alarms):
            yield Wire(f"{alarm.name}Condition", alarm.condition, "Bool", f"/alarms/{index}/condition")
    if isinstance(module, Interlocks | Alarms) and module.acknowledge is not False:
        yield Wire("acknowledge", module.acknowledge, "Bool", "/acknowledge")


def _join_interlocks(parameter: str, interlocks: list[Interlock]) -> Wire:
    first, *others = [(f"/interlocks/{index}/condition", each.condition) for index, each in enumerate(interlocks)]
    return Wire(parameter, first[1], "Bool", first[0], joined=tuple(others))


def _of_fields(module: AnyModule) -> Iterator[Wire]:
    """Yield the fields that are parameters; those as in the block are left out."""
    for field, pin in pins(type(module)):
        value: Any = getattr(module, field.name)
        if value in (None, "") or (value == field.default and type(value) is type(field.default)):
            continue
        if pin.type == "Time":
            value = time(value)
        elif pin.type == "Real" and isinstance(value, int | float):
            value = number(value)
        yield Wire(field.encode_name, value, pin.type, f"/{field.encode_name}", pin.output)
