"""How an instruction is described to the tiers that execute programs, and where it registers itself.

An instruction is written once, as a plain Python function of values; each tier asks `bind` how to call it at one place
of the program. What the function does not take by value it takes as a reference: an object with `container`, `key`,
`type`, `get()` and `set(value)`, such as `starting_values.Slot` (a VARIANT is one, or None for NULL).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, Protocol

from simatic_xml.program import path_text
from simatic_xml.program.nodes import InstructionCall, Local
from simatic_xml.program.types.types import VOID, DataType
from virtual_plc.code.python_text import Text, expression
from virtual_plc.cpu.services import Services
from virtual_plc.memory.call_names import INSTRUCTIONS

RESULT: Final = ""
"""Name of the function value among what an instruction gives."""

ENO: Final = "ENO"
"""Name of the enable output among what an instruction gives."""


class _Keep:
    """The only value of `KEEP`."""

    def __repr__(self) -> str:
        return "KEEP"

    def __reduce__(self) -> str:
        return "KEEP"


KEEP: Final = _Keep()
"""Given back instead of a value for an output that the instruction does not write this time."""


class Reference(Protocol):
    """An operand that is passed as itself: an attribute of `container`, or an element of it."""

    @property
    def container(self) -> Any:
        """Storage object, list or array view that holds the value."""

    @property
    def key(self) -> str | int:
        """Attribute or index in it."""

    @property
    def type(self) -> DataType:
        """Type of the value."""

    def get(self) -> Any:
        """Return the value."""

    def set(self, value: Any) -> None:
        """Write the value."""


@dataclass(frozen=True, slots=True)
class Site:
    """What is known of a call before it is executed.

    Attributes:
        services: the CPU.
        types: types chosen for the type variables.
        actual: type of the operand or value at each parameter that is given.
        result: type of the function value.
        memory: data blocks and areas of the CPU (see `memory.Memory`), for access by address.
        block: name of the block that calls.
        capacity: how many characters the target of a string result holds, None when it is not known.
        operands: names of the block's own variables by parameter, for an instruction that asks for the name of one.
    """

    services: Services
    types: Mapping[str, DataType] = field(default_factory=dict)
    actual: Mapping[str, DataType] = field(default_factory=dict)
    result: DataType = VOID
    memory: Any = None
    block: str = ""
    capacity: int | None = None
    operands: Mapping[str, str] = field(default_factory=dict)

    def type_of(self, variable: str, parameter: str = "") -> DataType:
        """Return the type of a variable; where the call did not choose it, the type at a parameter."""
        return self.types.get(variable) or self.actual.get(parameter) or self.result

    def find_numbered(self, stem: str) -> list[str]:
        """Return the given parameters that are a stem with a number (`IN1`, `IN2`), in their order."""
        length = len(stem)
        numbers = {name[length:]: name for name in self.actual if name[:length].casefold() == stem.casefold()}
        return [
            name for _, name in sorted((int(number), name) for number, name in numbers.items() if number.isdecimal())
        ]


Function = Callable[..., Any]
Maker = Callable[[Site], Function]
Inline = Callable[..., Text]
"""Makes a Python expression of pieces, such as `template` gives."""


def template(of: str) -> Inline:
    """Return what fills the holes of a template (`python_text.expression`), which has to be a literal."""
    return partial(expression, of)


def _nothing_inline(_: Site) -> None:
    """Return None: there is no expression."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter that the function takes.

    Attributes:
        name: formal parameter.
        by_reference: whether a reference is passed; else the value.
        repeated: whether it means all parameters `name1`, `name2` ... that the call gives.
    """

    name: str
    by_reference: bool = False
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Implementation:
    """What an instruction does.

    Attributes:
        name: name in the catalogue.
        takes: parameters of the function in its order.
        gives: what it returns: `RESULT`, output parameters, `ENO`; one alone is returned as it is, several as a tuple,
            none as None. An output may be `KEEP`.
        make: returns the function for a place of the program.
        memory: whether its first parameter is the instance, whose attributes hold the outputs then.
        inline: returns for a place what makes a Python expression of the function value from the taken values, None
            without one. It may use an operand several times or not at all, and does not report ENO.
        pointers: number of each parameter whose pointer can be wrong without a fault, negative where it is written: the
            instruction then returns 16#8xyy, with the number as x.
    """

    name: str
    takes: tuple[Parameter, ...]
    gives: tuple[str, ...]
    make: Maker
    memory: bool = False
    inline: Callable[[Site], Inline | None] = _nothing_inline
    pointers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Binding:
    """An instruction at one place of the program.

    A parameter of `takes` that the call does not give is passed as None; for an instruction with memory, as what
    the instance holds.
    """

    function: Function
    takes: tuple[Parameter, ...]
    gives: tuple[str, ...]
    memory: bool
    inline: Inline | None


IMPLEMENTATIONS: Final[dict[str, Implementation]] = {}
"""What each instruction does, by its name in the catalogue. Conversions by name are found by `implementation`."""


def register_maker(
    names: str, takes: str = "", gives: str = "RET", *, inline: Callable[[Site], Inline | None] = _nothing_inline
) -> Callable[[Maker], Maker]:
    """Register a function that returns, for a place of the program, the function of an instruction.

    Args:
        names: names in the catalogue, separated by bars.
        takes: parameters separated by spaces; `&IN` by reference, `*IN` all of IN1, IN2 ..., `instance` for the
            instance.
        gives: what it returns, separated by spaces: `RET` for the function value, outputs (`*OUT`: all of OUT0, OUT1
            ...), `ENO`.
        inline: see `Implementation`.
    """

    def register(make: Maker) -> Maker:
        words = takes.split()
        memory = words[:1] == ["instance"]
        parameters = tuple(map(_parse_parameter, words[1:] if memory else words))
        results = tuple(RESULT if word == "RET" else word for word in gives.split())
        for name in names.split("|"):
            IMPLEMENTATIONS[name] = Implementation(name, parameters, results, make, memory, inline)
        return make

    return register


def plain(
    names: str,
    takes: str = "",
    gives: str = "RET",
    *,
    inline: Inline | None = None,
    pointers: Mapping[str, int] | None = None,
) -> Callable[[Function], Function]:
    """Register a function that is the same at every place.

    Args:
        names: as for `register_maker`, and so `takes` and `gives`.
        takes: parameters.
        gives: what it returns.
        inline: the same for every place.
        pointers: see `Implementation`.
    """

    def register(function: Function) -> Function:
        register_maker(names, takes, gives, inline=lambda _: inline)(lambda _: function)
        for name in names.split("|"):
            IMPLEMENTATIONS[name] = replace(IMPLEMENTATIONS[name], pointers=pointers or {})
        return function

    return register


def _parse_parameter(word: str) -> Parameter:
    name = word.lstrip("&*")
    marks = word[: len(word) - len(name)]
    return Parameter(name, "&" in marks, "*" in marks)


def bind_at(found: Implementation, site: Site) -> Binding:
    """Return how an instruction is called at a place of the program."""
    takes = tuple(each for taken in found.takes for each in _expand(taken, site))
    gives = tuple(
        each for name in found.gives for each in (site.find_numbered(name[1:]) if name[:1] == "*" else [name])
    )
    return Binding(found.make(site), takes, gives, found.memory, found.inline(site))


def _expand(taken: Parameter, site: Site) -> list[Parameter]:
    if not taken.repeated:
        return [taken]
    return [Parameter(name, taken.by_reference) for name in site.find_numbered(taken.name)]


def site_of(call: InstructionCall, services: Services, memory: Any = None, **more: Any) -> Site:
    """Return what is known of a call; `more` are further attributes of `Site`."""
    actual = {argument.name: argument.value.type for argument in call.arguments}
    return Site(services, call.types, actual, call.type, memory, operands=operands_of(call), **more)


def operands_of(call: InstructionCall) -> dict[str, str]:
    """Return the variables of the block by parameter, where the instruction asks for the name of one; `""` the instance."""
    if call.name not in INSTRUCTIONS:
        return {}
    own = {"": path_text.text(call.instance)} if call.instance is not None else {}
    return own | {each.name: each.value.variable.name for each in call.arguments if isinstance(each.value, Local)}
