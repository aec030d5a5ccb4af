"""The parameters of block templates: what they may be, and what a template's text sees of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import msgspec

from engineering_api.features.blocks.documents import Json
from engineering_api.operations.fields import Model
from openness_bridge.enumerations import one_of
from openness_bridge.errors import Kind, Place, Problem

T = TypeVar("T")
LONGEST = 100
"""Of a list, in elements."""
_BLOCK = re.compile(r'[^"\r\n{}]{0,125}')
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_TIME = re.compile(r"T#(?:\d+(?:d|h|ms|m|s)_?)+", re.IGNORECASE)


TemplateValues = Annotated[
    Json,
    msgspec.Meta(
        title="TemplateValues",
        extra_json_schema={
            "additionalProperties": {"type": ["string", "boolean", "integer", "array"], "items": {"type": "string"}}
        },
    ),
]
"""Values of the parameters of a template, by name."""
ParameterKind = Annotated[str, one_of("ParameterKind", "block", "bool", "int", "time", "names", "transitions")]


class Parameter(Model):
    """A parameter of a template.

    Attributes:
        type: block (name of a block; empty for none where the default is), bool, int, time (such as T#5s), names (a list of plain
            names) or transitions (a list of From>To).
        default: What it is when it is left out.
        least: The smallest number, or the shortest length of a list.
        most: The largest number.
        above: An earlier parameter that must be smaller.
        of: For transitions, the earlier parameter with the names.
    """

    name: str
    type: ParameterKind
    default: str | bool | int | list[str]
    description: str
    least: int | None = None
    most: int | None = None
    above: str | None = None
    of: str | None = None


def check_values(template: str, parameters: list[Parameter], given: Json) -> Json:
    """Return the values of a template's parameters as its text sees them; those left out have their defaults.

    A list becomes one object for each element, and its length is under its name with Count behind.

    Raises:
        Problem: One is not known, of another type, or not possible; with a pointer to it.
    """
    known = {parameter.name: parameter for parameter in parameters}
    for name in given:
        if name not in known:
            raise _build_problem(
                name, f"The template '{template}' has no parameter '{name}': it has {', '.join(known)}."
            )
    values: Json = {}
    for name, parameter in known.items():
        made = _KINDS[parameter.type](parameter, given.get(name, parameter.default), values)
        values[name] = made
        if isinstance(made, list):
            values[f"{name}Count"] = len(made)
    return values


def _block(parameter: Parameter, value: Any, _: Json) -> str:
    text = _convert(parameter, value, str)
    if not _BLOCK.fullmatch(text) or (not text and parameter.default):
        msg = f"'{text}' cannot be the name of a block: use 1 to 125 characters without quotes."
        raise _build_problem(parameter.name, msg)
    return text


def _bool(parameter: Parameter, value: Any, _: Json) -> bool:
    return _convert(parameter, value, bool)


def _int(parameter: Parameter, value: Any, values: Json) -> int:
    number = _convert(parameter, value, int)
    if not (parameter.least or 0) <= number <= (parameter.most or 0):
        msg = f"{number} is not possible: use a number from {parameter.least} to {parameter.most}."
        raise _build_problem(parameter.name, msg)
    if parameter.above is not None and number <= values[parameter.above]:
        raise _build_problem(parameter.name, f"{parameter.name} must be greater than {parameter.above}.")
    return number


def _time(parameter: Parameter, value: Any, _: Json) -> str:
    text = _convert(parameter, value, str)
    if not _TIME.fullmatch(text):
        raise _build_problem(parameter.name, f"'{text}' is not a time: write it like T#5s or T#1m_30s.")
    return text


def _names(parameter: Parameter, value: Any, _: Json) -> list[Json]:
    names = _list(parameter, value)
    for index, name in enumerate(names):
        if not _WORD.fullmatch(name):
            msg = f"'{name}' cannot be part of a name: use up to 40 letters, digits and underscores, no digit first."
            raise _build_problem(f"{parameter.name}/{index}", msg)
        if name.casefold() in {other.casefold() for other in names[:index]}:
            msg = f"'{name}' is given twice: names differ, without regard to case."
            raise _build_problem(f"{parameter.name}/{index}", msg)
    return [{"name": name, "number": number} for number, name in enumerate(names, 1)]


def _transitions(parameter: Parameter, value: Any, values: Json) -> list[Json]:
    spelled = {each["name"].casefold(): each["name"] for each in values[parameter.of or ""]}
    found: list[Json] = []
    for index, text in enumerate(_list(parameter, value)):
        start, arrow, end = (part.strip() for part in text.partition(">"))
        if not arrow or not {start.casefold(), end.casefold()} <= spelled.keys():
            msg = f"'{text}' is not a transition: write From>To with names of {parameter.of}."
            raise _build_problem(f"{parameter.name}/{index}", msg)
        found.append({"from": spelled[start.casefold()], "to": spelled[end.casefold()], "number": index + 1})
    return found


_KINDS: dict[str, Callable[[Parameter, Any, Json], Any]] = {
    "block": _block,
    "bool": _bool,
    "int": _int,
    "time": _time,
    "names": _names,
    "transitions": _transitions,
}


def _list(parameter: Parameter, value: Any) -> list[str]:
    values = _convert(parameter, value, list[str])
    least = parameter.least or 1
    if not least <= len(values) <= LONGEST:
        raise _build_problem(parameter.name, f"There are {len(values)} {parameter.name}: give {least} to {LONGEST}.")
    return values


def _convert(parameter: Parameter, value: Any, kind: type[T]) -> T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _build_problem(parameter.name, f"The parameter '{parameter.name}' is of another type. {error}.") from None


def _build_problem(name: str, message: str) -> Problem:
    return Problem("template.parameter", message, kind=Kind.INVALID, place=Place(pointer=f"/parameters/{name}"))
