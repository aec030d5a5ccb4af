"""Data types of SIMATIC PLCs, as the typed program uses them.

A type written in a declaration is text (`Array[0..9] of "Motor"`); here it is its meaning, with names looked up
and bounds computed. Facts: S7-1500 system manual, "Data types"; docs/facts/execution.md#data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal


class Kind(StrEnum):
    """The kind of value of an elementary type."""

    BOOL = "bool"
    BITS = "bits"
    INTEGER = "integer"
    REAL = "real"
    DURATION = "duration"
    DATE = "date"
    TIME_OF_DAY = "time of day"
    DATE_AND_TIME = "date and time"
    CHARACTER = "character"
    TIMER = "timer"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Elementary:
    """A type without parts.

    Attributes:
        name: as TIA Portal writes it (`DInt`, `Time_Of_Day`).
        kind: the kind of its value.
        bits: its width.
        signed: whether an integer or duration has a sign.
        unit: nanoseconds of one count of a duration, date or time; 0 for the others (S5TIME and DATE_AND_TIME, which are
            BCD, too).
        base: for a hardware or system data type (`HW_IO`) the type that its value has, else empty.
    """

    name: str
    kind: Kind
    bits: int
    signed: bool = False
    unit: int = 0
    base: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """`String[n]` or `WString[n]`; `length` is None for one of unknown length (`String[*]`, a literal's formal)."""

    name: Literal["String", "WString"]
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Array:
    """An array; a dimension that is None is open (`[*]`)."""

    element: DataType
    bounds: tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """A declared variable: a parameter, a static or temporary variable, a member of a structure.

    Attributes:
        name: without `#` and quotes.
        type: its type.
        section: `Input`, `Output`, `InOut`, `Static`, `Temp`, `Constant`, `Return`; `None` in a PLC data type or Struct.
        start: start value as declared, empty without one; the value of a constant.
        retain: `Retain`, `NonRetain`, `SetInIDB`, or empty.
        overlays: for AT the name of the variable that it overlays.
        starts: start values of single array elements or inner members, by path after the name (`[3]`, `.x`).
    """

    name: str
    type: DataType
    section: str = "None"
    start: str = ""
    retain: str = ""
    overlays: str = ""
    starts: tuple[tuple[str, str], ...] = ()


StructureOrigin = Literal["struct", "udt", "system", "fb"]


@dataclass(frozen=True, slots=True)
class Extent:
    """The size of a type, with everything that it contains.

    Attributes:
        bits: Its size in a block with standard access.
        optimized: Its bytes in a block with optimized access.
        members: Members at all levels, those of an array's element counted once.
        values: Elementary values, those of each array element counted.
        depth: Levels of structures in each other.
    """

    bits: int
    optimized: int
    members: int = 0
    values: int = 1
    depth: int = 0


@dataclass(slots=True, eq=False)
class Structure:
    """A type with members. Named ones are one object for each program; `same` in `conversions` compares two.

    Attributes:
        name: `Motor` for a PLC data type or function block, `DTL`, `TON_TIME` for a system type, empty for a Struct.
        origin: anonymous struct, PLC data type, system data type (or instruction instance), function block (instance).
        members: in the order declared; for a function block without Temp, Constant and Return.
        instruction: for the instance of an instruction its name (`TON`), else empty.
        open: whether it has further members that are not known; each of them has an unknown type.
        by_name: members by casefolded name.
        extent: its size, once computed (`layout.extent`).
        derived: what others found out about it, by what it is about; it is kept as long as the structure.
    """

    name: str
    origin: StructureOrigin
    members: tuple[Variable, ...] = ()
    instruction: str = ""
    open: bool = False
    by_name: dict[str, Variable] = field(default_factory=dict, repr=False)
    extent: Extent | None = field(default=None, repr=False)
    derived: dict[str, Any] = field(default_factory=dict, repr=False, init=False)

    def __post_init__(self) -> None:
        """Index the members."""
        self.by_name = {member.name.casefold(): member for member in self.members}

    def member(self, name: str) -> Variable | None:
        """Return the member of a name, None when there is none."""
        return self.by_name.get(name.casefold()) or (Variable(name, UNKNOWN) if self.open else None)


@dataclass(frozen=True, slots=True)
class Reference:
    """`REF_TO x`; the target stays a written type, spelled as `referenced` does, because types may refer to each other."""

    target: str


@dataclass(frozen=True, slots=True)
class Special:
    """A type that only passes through: `Variant`, `Any`, `Pointer`, `Void`, `Block_FB`, `ResolvedSymbol` and the like."""

    name: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A type with an error; the reader of the type has reported it, and nothing else reports it again."""


DataType = Elementary | Text | Array | Structure | Reference | Special | Unknown

UNKNOWN = Unknown()
VOID = Special("Void")
VARIANT = Special("Variant")


def _elementary() -> dict[str, Elementary]:
    unsigned, signed, millisecond = False, True, 1_000_000
    table = [Elementary("Bool", Kind.BOOL, 1)]
    table += [
        Elementary(name, Kind.BITS, bits) for name, bits in (("Byte", 8), ("Word", 16), ("DWord", 32), ("LWord", 64))
    ]
    table += [Elementary(name, Kind.INTEGER, bits, signed) for name, bits in _SIGNED]
    table += [Elementary(name, Kind.INTEGER, bits, unsigned) for name, bits in _UNSIGNED]
    table += [Elementary("Real", Kind.REAL, 32, signed), Elementary("LReal", Kind.REAL, 64, signed)]
    table += [Elementary("S5Time", Kind.DURATION, 16), Elementary("Time", Kind.DURATION, 32, signed, millisecond)]
    table += [
        Elementary("LTime", Kind.DURATION, 64, signed, 1),
        Elementary("Date", Kind.DATE, 16, False, 86_400_000_000_000),
    ]
    table += [Elementary("Time_Of_Day", Kind.TIME_OF_DAY, 32, unsigned, millisecond)]
    table += [Elementary("LTime_Of_Day", Kind.TIME_OF_DAY, 64, unsigned, 1)]
    table += [
        Elementary("Date_And_Time", Kind.DATE_AND_TIME, 64),
        Elementary("LDT", Kind.DATE_AND_TIME, 64, unsigned, 1),
    ]
    table += [Elementary("Char", Kind.CHARACTER, 8), Elementary("WChar", Kind.CHARACTER, 16)]
    table += [Elementary("Timer", Kind.TIMER, 16), Elementary("Counter", Kind.COUNTER, 16)]
    found = {each.name.upper(): each for each in table}
    for base, names in _HARDWARE.items():
        like = found[base.upper()]
        found |= {name.upper(): Elementary(name, like.kind, like.bits, like.signed, 0, base) for name in names}
    for short, name in _SHORT.items():
        found[short] = found[name.upper()]
    return found


_SIGNED = (("SInt", 8), ("Int", 16), ("DInt", 32), ("LInt", 64))
_UNSIGNED = (("USInt", 8), ("UInt", 16), ("UDInt", 32), ("ULInt", 64))
_SHORT = {
    "TOD": "Time_Of_Day",
    "LTOD": "LTime_Of_Day",
    "DT": "Date_And_Time",
    "LDATE_AND_TIME": "LDT",
    "DATE_AND_LTIME": "LDT",
}
_HARDWARE = {
    "UInt": (
        "DB_ANY",
        "DB_WWW",
        "DB_DYN",
        "PORT",
        "RTM",
        "PIP",
        "HW_ANY",
        "HW_IO",
        "HW_DEVICE",
        "HW_SUBMODULE",
        "HW_MODULE",
        "HW_INTERFACE",
        "HW_IEPORT",
        "HW_HSC",
        "HW_PWM",
        "HW_PTO",
        "HW_DPMASTER",
        "HW_DPSLAVE",
        "HW_IOSYSTEM",
        "HW_SYSTEM",
        "HW_SUBMODULE_ANY",
    ),
    "Int": (
        "OB_ANY",
        "OB_DELAY",
        "OB_TOD",
        "OB_CYCLIC",
        "OB_ATT",
        "OB_PCYCLE",
        "OB_HWINT",
        "OB_DIAG",
        "OB_TIMEERROR",
        "OB_STARTUP",
    ),
    "Word": ("CONN_ANY", "CONN_OUC", "CONN_PRG"),
    "DWord": (
        "EVENT_ANY",
        "EVENT_ATT",
        "EVENT_HWINT",
        "AOM_IDENT",
        "CONN_R_ID",
        "C_ALARM",
        "C_ALARM_S",
        "C_ALARM_8",
        "C_ALARM_8P",
        "C_AR_SEND",
        "C_NOTIFY",
        "C_NOTIFY_8P",
        "C_ALARM_SD",
    ),
}

ELEMENTARY = _elementary()
"""Elementary types, with hardware data types and the short names, by upper-case name."""

BOOL, BYTE, WORD, DWORD, LWORD = (ELEMENTARY[name] for name in ("BOOL", "BYTE", "WORD", "DWORD", "LWORD"))
SINT, INT, DINT, LINT = (ELEMENTARY[name] for name in ("SINT", "INT", "DINT", "LINT"))
USINT, UINT, UDINT, ULINT = (ELEMENTARY[name] for name in ("USINT", "UINT", "UDINT", "ULINT"))
REAL, LREAL, TIME, LTIME = (ELEMENTARY[name] for name in ("REAL", "LREAL", "TIME", "LTIME"))
S5TIME, CHAR, WCHAR = (ELEMENTARY[name] for name in ("S5TIME", "CHAR", "WCHAR"))


def type_name(data_type: DataType) -> str:
    """Return a type as TIA Portal writes it in a message or declaration."""
    match data_type:
        case Elementary() | Special():
            return data_type.name
        case Text():
            return data_type.name if data_type.length is None else f"{data_type.name}[{data_type.length}]"
        case Array():
            bounds = ",".join("*" if each is None else f"{each[0]}..{each[1]}" for each in data_type.bounds)
            return f"Array[{bounds}] of {type_name(data_type.element)}"
        case Structure():
            return f'"{data_type.name}"' if data_type.origin in ("udt", "fb") else data_type.name or "Struct"
        case Reference():
            return f"REF_TO {data_type.target}"
    return "?"


def referenced(data_type: DataType) -> str:
    """Return a type as the target of a reference, which has texts of any length."""
    return data_type.name if isinstance(data_type, Text) else type_name(data_type)
