"""How the objects behind the global names of generated code are found for each CPU.

What never changes (types, texts, functions without state) is the same object in all CPUs. Areas, data blocks and what
points into them are found in the memory of the CPU; an instruction is bound to it again. An object that fits none of
these has no recipe: its block is written for one CPU only.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import _lru_cache_wrapper, partial
from struct import Struct
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any, Final, Protocol

from simatic_xml.program.nodes import InstructionCall
from simatic_xml.program.types.types import Array, DataType, Structure
from virtual_plc.cpu.services import Services
from virtual_plc.instructions import KEEP, bind
from virtual_plc.memory.call_names import CallSite
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.shapes import STATE, Data
from virtual_plc.memory.starting_values import Slot
from virtual_plc.memory.storage import class_of
from virtual_plc.memory.views import ArrayView, buffer_of, view

_AREAS: Final = (
    "inputs", "outputs", "markers", "peripheral_inputs", "peripheral_outputs", "timers", "counters"
)  # fmt: skip
_VALUES: Final = (type(None), bool, int, float, complex, str, bytes, range, Enum, Structure, CallSite, Struct, type)
_DEEPEST: Final = 20
_TYPES: Final = "simatic_xml.program."
"""Modules of the typed program, whose objects any process can read."""


@dataclass(frozen=True, slots=True)
class Target:
    """The CPU that code is linked for.

    Attributes:
        services: the CPU.
        memory: its memory.
        counts: the counts of the block, for coverage.
    """

    services: Services
    memory: Memory
    counts: list[int]


class Recipe(Protocol):
    """How an object is found."""

    def make(self, target: Target) -> Any:
        """Return the object for a CPU."""


@dataclass(frozen=True, slots=True)
class Same:
    """One object for all CPUs."""

    value: Any

    def make(self, _: Target) -> Any:
        """Return it."""
        return self.value


class Counts:
    """The counts of the block."""

    def make(self, target: Target) -> Any:
        """Return them."""
        return target.counts


@dataclass(frozen=True, slots=True)
class Area:
    """A memory area by the name of its attribute."""

    name: str

    def make(self, target: Target) -> Any:
        """Return its bytes or words."""
        return getattr(target.memory, self.name)


@dataclass(frozen=True, slots=True)
class DataOf:
    """The data of a data block by its casefolded name, or the bytes that they are in."""

    name: str
    is_bytes: bool = False

    def make(self, target: Target) -> Any:
        """Return them."""
        data = target.memory.data_blocks[self.name]
        return buffer_of(data) if self.is_bytes else data


@dataclass(frozen=True, slots=True)
class ViewOf:
    """A structure or array over bytes."""

    type: Structure | Array
    buffer: Recipe
    byte: int

    def make(self, target: Target) -> Any:
        """Return a view of them."""
        return view(self.type, self.buffer.make(target), self.byte)


@dataclass(frozen=True, slots=True)
class SlotOf:
    """A reference to one value."""

    container: Recipe
    key: str | int
    type: DataType

    def make(self, target: Target) -> Any:
        """Return the reference."""
        return Slot(self.container.make(target), self.key, self.type)


@dataclass(frozen=True, slots=True)
class InstructionOf:
    """The function of an instruction at one place of the program."""

    node: InstructionCall
    block: str
    capacity: int | None

    def make(self, target: Target) -> Any:
        """Return the function."""
        return bind(self.node, target.services, target.memory, block=self.block, capacity=self.capacity).function


@dataclass(frozen=True, slots=True)
class ClassOf:
    """The class of the objects of a structure."""

    structure: Structure

    def make(self, _: Target) -> Any:
        """Return it."""
        return class_of(self.structure)


class Describer:
    """Finds the recipes of objects that were made for one CPU."""

    def __init__(self, memory: Memory) -> None:
        """Know the objects of its memory."""
        self._known: dict[int, Recipe] = {id(getattr(memory, name)): Area(name) for name in _AREAS}
        for key, data in memory.data_blocks.items():
            self._known[id(data)] = DataOf(key)
            buffer = buffer_of(data)
            if buffer is not None:
                self._known[id(buffer)] = DataOf(key, is_bytes=True)

    def describe(self, value: Any, instructions: Mapping[int, InstructionOf], counts: list[int]) -> Recipe | None:
        """Return the recipe of an object, None when it has none.

        Args:
            value: the object.
            instructions: where the functions of instructions are bound, by the identity of the function.
            counts: the counts of the block.
        """
        if value is counts:
            return Counts()
        bound = instructions.get(id(value))
        if bound is not None and getattr(value, "__closure__", None):
            return bound
        return self._recipe(value) or bound

    def _recipe(self, value: Any) -> Recipe | None:
        known = self._known.get(id(value))
        if known is not None:
            return known
        match value:
            case Slot():
                container = self._recipe(value.container)
                return None if container is None else SlotOf(container, value.key, value.type)
            case ArrayView():
                return self._view(value.type, value.buffer, value.offset)
            case Data() if buffer_of(value) is not None:
                view_of: Any = value
                return self._view(value._structure, view_of._buffer, view_of._offset)
            case type() if issubclass(value, Data) and value is class_of(value._structure):
                return ClassOf(value._structure)
        return Same(value) if is_constant(value) else None

    def _view(self, data_type: Structure | Array, buffer: Any, byte: int) -> Recipe | None:
        known = self._known.get(id(buffer))
        return None if known is None else ViewOf(data_type, known, byte)


def is_portable(recipe: Recipe) -> bool:
    """Return whether another process can have the recipe: all but objects that only this one has made."""
    return not isinstance(recipe, Same) or _is_portable(recipe.value)


def _is_portable(value: Any) -> bool:
    if value is KEEP:
        return True
    match value:
        case tuple() | frozenset():
            return all(map(_is_portable, value))
        case BuiltinFunctionType() if isinstance(value.__self__, Struct):
            return True
        case FunctionType() | BuiltinFunctionType() | type():
            return _find_global(value) is value
        case (
            Struct()
            | None
            | bool()
            | int()
            | float()
            | complex()
            | str()
            | bytes()
            | range()
            | Enum()
            | Structure()
            | CallSite()
        ):
            return True
    return is_dataclass(value) and type(value).__module__.startswith(_TYPES)


def _find_global(value: Any) -> Any:
    """Return what a module has under the name of a function or class."""
    found: Any = sys.modules.get(value.__module__ or "")
    for name in value.__qualname__.split("."):
        found = getattr(found, name, None)
    return found


def is_constant(value: Any, depth: int = 0) -> bool:
    """Return whether nothing changes an object, so that CPUs can share it; False when that is not certain."""
    if depth > _DEEPEST:
        return False
    if isinstance(value, _VALUES) or value is KEEP:
        return True
    parts = _parts(value)
    return parts is not None and all(is_constant(each, depth + 1) for each in parts)


def _parts(value: Any) -> list[Any] | None:
    """Return what an object consists of that no one can replace, None for an object that can change."""
    match value:
        case tuple() | frozenset():
            return list(value)
        case FunctionType():
            cells = [each.cell_contents for each in value.__closure__ or ()]
            return [*cells, *(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()]
        case partial():
            return [value.func, *value.args, *value.keywords.values()]
        case MethodType():
            return [value.__self__, value.__func__]
        case BuiltinFunctionType():
            return [] if isinstance(value.__self__, ModuleType) else [value.__self__]
        case _lru_cache_wrapper():
            return [value.__wrapped__]
        case Data():
            return [] if not value._names and not hasattr(value, STATE) else None
    if is_dataclass(value) and getattr(type(value), "__dataclass_params__").frozen:  # noqa: B009 (no type knows it)
        return [getattr(value, each.name) for each in fields(value)]
    return None
