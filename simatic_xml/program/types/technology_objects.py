"""The members of technology objects: what a program reads and writes with `"Axis_1".ActualPosition`.

They depend on the CPU family, which other system types do not, so they have a separate table
(`technology_objects.json`). A member reads `"Name": "Type = start value"`; a structure reads `"Name: Type": {members}`,
an array of structures `"Name: Array[1..4] of Type"`; the name `""` leads to the object whose members it shares before its own. Every
structure stays open, because versions and options add members. Facts, marks and start values:
docs/facts/motion.md#members-of-an-axis.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from simatic_xml.program.types.type_text import parse
from simatic_xml.program.types.types import Array, DataType, Structure, Variable

_ARRAY: Final = re.compile(r"Array\[(\d+)\.\.(\d+)\] of (\w+)")
_MOTION: Final = frozenset(("velocity", "motionstatus"))
"""Members, in small letters, that only axes have."""


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    text = (Path(__file__).parent / "technology_objects.json").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, Any]] = json.loads(text)
    return found


@cache
def technology_objects(family: str) -> tuple[str, ...]:
    """Return the names of the technology objects of a CPU family whose members are known."""
    return tuple(_table().get(family, {}))


@cache
def technology_object(name: str, family: str) -> Structure | None:
    """Return the type of a technology object on a CPU family, without regard to case; None when it is not listed."""
    objects = _table().get(family, {})
    written = next((each for each in objects if each.casefold() == name.casefold()), None)
    if written is None:
        return None
    members = objects[written]
    shared = objects.get(members.get("", ""), {})
    own = {key: each for key, each in members.items() if key}
    return Structure(written, "system", _members({**shared, **own}), open=True)


def is_axis(data_type: DataType) -> bool:
    """Return whether a type is that of an axis."""
    return is_object(data_type) and isinstance(data_type, Structure) and bool(data_type.by_name.keys() & _MOTION)


def is_object(data_type: DataType) -> bool:
    """Return whether a type is that of a listed technology object, which programs pass on as itself, never as a copy."""
    return (
        isinstance(data_type, Structure)
        and data_type.origin == "system"
        and any(data_type.name in objects for objects in _table().values())
    )


def is_technology(structure: Structure) -> bool:
    """Return whether a type is that of a technology object or of a part of it."""
    return structure.origin == "system" and structure.name.upper().startswith("TO_")


def is_part(structure: Structure) -> bool:
    """Return whether a type is a part of a technology object (`TO_Struct_DynamicLimits`)."""
    return structure.origin == "system" and structure.name.startswith("TO_") and "Struct_" in structure.name


def _members(table: Mapping[str, Any]) -> tuple[Variable, ...]:
    return tuple(_member(*each) for each in table.items())


def _member(key: str, content: Any) -> Variable:
    name, _, written = key.partition(": ")
    if isinstance(content, str):
        text, _, start = content.partition(" = ")
        return Variable(name, parse(text, lambda _, __: None, lambda _: None), start=start)
    array = _ARRAY.fullmatch(written)
    made = Structure(array[3] if array else written, "system", _members(content), open=True)
    return Variable(name, Array(made, ((int(array[1]), int(array[2])),)) if array else made)


__all__ = ["is_axis", "is_object", "is_part", "is_technology", "technology_object", "technology_objects"]
