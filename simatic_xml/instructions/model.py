"""What is known of one instruction: its parameters, the types they may have, where it exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from simatic_xml.program.types.types import UNKNOWN, DataType

Direction = Literal["Input", "Output", "InOut"]
Mark = Literal["D", "S", "U"]

RESULT = ""
"""Name of the value of a function, among the targets of `Instruction.pins`."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One formal parameter.

    Attributes:
        name: as TIA Portal writes it.
        direction: which way the value goes.
        type: text of a data type (`Bool`, `Array[*] of T`), or the name of a type variable of the instruction.
        optional: whether a call may leave it out.
        either: whether SCL writes an in/out with `=>`, too.
    """

    name: str
    direction: Direction
    type: str
    optional: bool = False
    either: bool = False


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction.

    Attributes:
        name: as TIA Portal writes it.
        group: file of the catalogue that it is in (`timers`).
        parameters: inputs, then outputs, then in/outs, in the order of the box.
        result: type of its value (text or variable), empty without one.
        variables: the types that each type variable may be, narrow ones first; `*` is any type, `Array`, `Struct`
            and `Reference` any type of that kind, other names are elementary or system data types.
        combinations: where the variables depend on each other, the tuples of types that go together, in the order of
            `variables`; empty where they do not.
        defaults: type of a variable that nothing else decides.
        excludes: by parameter the types that it does not take, alone or as elements of an array, though its type would.
        instance: system data types that its instance may have; empty for an instruction without memory.
        instance_types: type of the variable `T` that an instance decides (`TON_LTIME`: `LTime`).
        default_instance: the one that TIA Portal declares by itself.
        explicit: type variable that a suffix of the name sets (`D` for `SCALE_X_REAL`), empty without one.
        template: what an SCL export calls that suffix (`dest_type`), empty where no export has shown it.
        families: CPU family to the lowest firmware (`V4.2`), empty text for any.
        languages: `LAD`, `FBD`, `SCL`, `STL`.
        part: name of the LAD/FBD part, empty without one.
        pins: pin of that part to the parameter that it is, where the names differ; `RESULT` for the function value.
        templates: type template of the part (`SrcType`) to the type variable that it sets.
        eno: whether the call has an enable output.
        repeats: parameter that may repeat (`IN` for `IN1` .. `INn`), empty without one.
        least: lowest number of a repeated parameter, and how many of them a call must have.
        version: library version that is usual, empty without one.
        starts: start values of an instance by CPU family and parameter, where they are not the default of the type.
        complete: whether all parameters are known.
        mark: basis: D documented by Siemens, S secondary source, U unverified.
    """

    name: str
    group: str
    parameters: tuple[Parameter, ...] = ()
    result: str = ""
    variables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    combinations: tuple[tuple[str, ...], ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)
    excludes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    instance: tuple[str, ...] = ()
    instance_types: Mapping[str, str] = field(default_factory=dict)
    default_instance: str = ""
    explicit: str = ""
    template: str = ""
    families: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    part: str = ""
    pins: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    eno: bool = True
    repeats: str = ""
    least: tuple[int, int] = (1, 2)
    version: str = ""
    starts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    complete: bool = True
    mark: Mark = "U"

    def parameter(self, name: str) -> Parameter | None:
        """Return the parameter of a name, without regard to case, also a repeated one (`IN7`); None without one."""
        wanted = name.casefold()
        found = next((each for each in self.parameters if each.name.casefold() == wanted), None)
        return found or self._find_repeated(name)

    def _find_repeated(self, name: str) -> Parameter | None:
        number = name[len(self.repeats) :]
        if not self.repeats or not number.isdecimal() or (number.startswith("0") and number != "0"):
            return None
        first = f"{self.repeats}{self.least[0]}".casefold()
        like = next((each for each in self.parameters if each.name.casefold() == first), None)
        if like is None or name[: len(self.repeats)].casefold() != self.repeats.casefold():
            return None
        in_range = self.least[0] <= int(number) <= 999
        return Parameter(f"{self.repeats}{number}", like.direction, like.type, optional=True) if in_range else None

    def of_pin(self, pin: str) -> str:
        """Return the parameter that a pin of the LAD/FBD part is; `RESULT` for the function value."""
        if pin in self.pins:
            return self.pins[pin]
        found = self.parameter(pin)
        if found is None and self.result and pin.casefold() in _RESULT_PINS:
            return RESULT
        return found.name if found else pin


_RESULT_PINS = ("out", "ret_val")
"""Pins that carry the value of a function where no parameter has that name."""


@dataclass(frozen=True, slots=True)
class InstructionMatch:
    """An instruction and the type that the written name carried (`REAL` of `SCALE_X_REAL`), empty without one."""

    instruction: Instruction
    explicit: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why no types could be found: the parameter that does not go with the others, and a sentence about it."""

    parameter: str
    message: str


@dataclass(frozen=True, slots=True)
class Signature:
    """An instruction with all its types.

    Attributes:
        types: type by type variable; Unknown where nothing decides it.
        parameters: type by parameter, the repeated ones that were given included.
        result: type of the value, Void without one.
        problems: what is wrong with the given types; the types are then what fits best.
    """

    types: Mapping[str, DataType]
    parameters: Mapping[str, DataType]
    result: DataType = UNKNOWN
    problems: tuple[Problem, ...] = ()
