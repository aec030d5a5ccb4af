"""What a design says: plain data. Its JSON Schema, docs/design-spec.schema.json, is made from these classes.

Names of fields that are parameters of a function block are those of the block in camelCase; `pin` in their description
names that, and the data type. Conditions and values are SCL expressions over tags, data and signals of modules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec

VERSION: Literal["1"] = "1"
NAME = r"^[^\s\"'#%.,;:\[\](){}/\\][^\"'#%.,;:\[\](){}/\\]{0,100}$"
IDENTIFIER = r"^[A-Za-z_][A-Za-z0-9_]{0,60}$"
DURATION = r"^(T#)?(\d+(d|h|ms|m|s)_?)+$"


@dataclass(frozen=True, slots=True)
class Pin:
    """A field that is a parameter of the module's function block.

    Attributes:
        type: Its data type.
        output: Whether the block writes it.
    """

    type: str
    output: bool = False


def _about(description: str, **limits: Any) -> msgspec.Meta:
    return msgspec.Meta(description=description, **limits)


def _pin(description: str, data_type: str, *, output: bool = False, **limits: Any) -> msgspec.Meta:
    return msgspec.Meta(description=description, extra={"pin": Pin(data_type, output)}, **limits)


def _signal(description: str) -> msgspec.Meta:
    return _pin(f"{description} A condition.", "Bool")


def _number(description: str) -> msgspec.Meta:
    return _pin(f"{description} A number or an expression of type Real.", "Real")


def _output(description: str, data_type: str = "Bool") -> msgspec.Meta:
    return _pin(f"{description} A tag or a variable that is written.", data_type, output=True)


def _time(description: str) -> msgspec.Meta:
    return _pin(f"{description} Such as 3s or 1m30s.", "Time", pattern=DURATION)


Name = Annotated[str, _about("A name of the PLC: without quotes, dots, brackets and slashes.", pattern=NAME)]
Identifier = Annotated[str, _about("A name of letters, digits and underscores.", pattern=IDENTIFIER)]
Condition = Annotated[
    bool | str, _about("A condition in SCL, such as: Start AND NOT Belt_1.fault. Names need quotes only with blanks.")
]


class Part(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """Base of everything in a design."""


class IoModule(Part, kw_only=True):
    """A module next to the CPU."""

    name: Name
    order_number: Annotated[str, _about("Order number, such as 6ES7 521-1BH00-0AB0.")]
    firmware: Annotated[str, _about("Firmware, such as V2.0; the newest when it is not given.")] = ""
    slot: Annotated[Annotated[int, msgspec.Meta(ge=1)] | None, _about("Slot; the first that takes it without.")] = None


class Device(Part, kw_only=True):
    """A station with a CPU, made when the project has none of its name."""

    name: Name
    order_number: Annotated[str, _about("Order number of the CPU.")]
    firmware: Annotated[str, _about("Firmware, such as V2.9; the newest when it is not given.")] = ""
    address: Annotated[str, _about("IP address; TIA Portal's when it is not given.")] = ""
    mask: Annotated[str, _about("Subnet mask.")] = "255.255.255.0"
    io_modules: Annotated[list[IoModule], _about("Modules next to the CPU.")] = msgspec.field(default_factory=list)


class Placed(Part, kw_only=True):
    """Something that belongs to one device."""

    device: Annotated[str, _about("Device of the design; the first one when it is not given.")] = ""


class Member(Part, kw_only=True):
    """A variable of a data type or data block."""

    name: Identifier
    type: Annotated[str, _about("Data type, such as Real, Array[0..9] of Int, or a data type of the design.")]
    start: Annotated[bool | int | float | str | None, _about("Start value; texts are SCL, such as T#2s.")] = None
    comment: Annotated[str, _about("What it is.")] = ""


class DataType(Placed, kw_only=True):
    """A PLC data type (UDT)."""

    name: Identifier
    comment: Annotated[str, _about("What it is.")] = ""
    members: Annotated[list[Member], _about("Its variables.", min_length=1)]


class Data(Placed, kw_only=True):
    """A global data block, for setpoints, recipes and what operators write."""

    name: Identifier
    comment: Annotated[str, _about("What it is.")] = ""
    members: Annotated[list[Member], _about("Its variables.", min_length=1)]


class Tag(Placed, kw_only=True):
    """An input, an output or a bit memory."""

    name: Name
    type: Annotated[str, _about("Elementary data type, such as Bool, Int or Real.")]
    address: Annotated[str, _about("Address, such as %I0.0, %QW64 or %MD10.")]
    comment: Annotated[str, _about("What it is.")] = ""
    table: Annotated[str, _about("Its tag table.", min_length=1)] = "IO"


class Interlock(Part, kw_only=True):
    """A condition that must hold."""

    name: Annotated[str, _about("What must hold, in words; it becomes the comment of the condition.", min_length=1)]
    condition: Annotated[Condition, _about("Holds while the module may work.")]


class Transition(Part, kw_only=True):
    """A way from one step to another; to several, or from several, in a simultaneous branch."""

    to: Annotated[
        Identifier | Annotated[list[Identifier], msgspec.Meta(min_length=2)],
        _about("The next step; a list of steps begins a simultaneous branch: all of them become active."),
    ]
    when: Annotated[Condition, _about("When it is taken; AND, OR, NOT and comparisons.")] = True
    after: Annotated[str, _about("Time that its step lasts at least, such as 2s.", pattern=DURATION)] = ""
    join: Annotated[
        list[Identifier],
        _about(
            "Last steps of the other paths of a simultaneous branch: it is taken when all are active, and leaves all."
        ),
    ] = msgspec.field(default_factory=list)

    @property
    def targets(self) -> list[str]:
        """The steps that it leads to."""
        return [self.to] if isinstance(self.to, str) else self.to


class Step(Part, kw_only=True):
    """A step of a sequence."""

    name: Identifier
    comment: Annotated[str, _about("What happens in it.")] = ""
    outputs: Annotated[list[Identifier], _about("Outputs of the sequence that are TRUE while it is active.")] = (
        msgspec.field(default_factory=list)
    )
    next: Annotated[
        list[Transition],
        _about(
            "Ways to the next steps; earlier ones win. Only a step that the `join` of another step's way names needs none."
        ),
    ] = msgspec.field(default_factory=list)


class Alarm(Part, kw_only=True):
    """An alarm."""

    name: Identifier
    condition: Annotated[Condition, _about("Condition that raises it.")]
    text: Annotated[str, _about("What operators read.")] = ""
    severity: Annotated[Literal["error", "warning"], _about("How grave it is; warnings do not sound the horn.")] = (
        "error"
    )
    delay: Annotated[str, _about("How long the condition lasts before it counts.", pattern=DURATION)] = "0ms"


class Module(Placed, kw_only=True):
    """A piece of equipment or control: one instance data block of its name, called once."""

    name: Identifier
    comment: Annotated[str, _about("What it is.")] = ""


class Obedient(Module, kw_only=True):
    """A module that obeys a mode and interlocks."""

    mode: Annotated[str, _about("Module of kind modes that it obeys; it is always automatic without.")] = ""
    interlocks: Annotated[list[Interlock], _about("What must hold so that it may work.")] = msgspec.field(
        default_factory=list
    )


class Drive(Obedient, kw_only=True):
    """A module with faults."""

    acknowledge: Annotated[Condition, _signal("Acknowledges faults; that of the mode when it is not given.")] = ""


class Motor(Drive, kw_only=True, tag="motor", tag_field="kind"):
    """A motor with one direction, feedback and overload."""

    command: Annotated[Condition, _signal("Runs it in automatic.")] = False
    manual_on: Annotated[Condition, _signal("Runs it in manual.")] = False
    overload: Annotated[Condition, _signal("TRUE when its protection has tripped.")] = False
    feedback: Annotated[Condition, _signal("TRUE while its contactor is closed.")] = False
    feedback_time: Annotated[str, _time("How long feedback and command may differ; not monitored without.")] = ""
    run: Annotated[str, _output("To the contactor.")] = ""


class Valve(Drive, kw_only=True, tag="valve", tag_field="kind"):
    """A valve with one or two coils and end positions."""

    command: Annotated[Condition, _signal("Opens it in automatic.")] = False
    manual_on: Annotated[Condition, _signal("Opens it in manual.")] = False
    is_opened: Annotated[Condition, _signal("End position open.")] = False
    is_closed: Annotated[Condition, _signal("End position closed.")] = False
    travel_time: Annotated[str, _time("How long it may be on its way; not monitored without.")] = ""
    open_coil: Annotated[str, _output("To the coil that opens.")] = ""
    close_coil: Annotated[str, _output("To the coil that closes; none with a spring.")] = ""


class AnalogInput(Module, kw_only=True, tag="analogInput", tag_field="kind"):
    """A measured value: scaled, checked, with limits."""

    raw: Annotated[str, _pin("Tag of the input, an Int or an expression.", "Int")]
    raw_low: Annotated[int, _pin("Raw value at the lower end.", "Int")] = 0
    raw_high: Annotated[int, _pin("Raw value at the upper end.", "Int")] = 27648
    range_low: Annotated[float, _pin("Physical value at the lower end.", "Real")] = 0.0
    range_high: Annotated[float, _pin("Physical value at the upper end.", "Real")] = 100.0
    unit: Annotated[str, _about("Physical unit, for comments.")] = ""
    limit_low_low: Annotated[float | str | None, _number("Alarm limit below.")] = None
    limit_low: Annotated[float | str | None, _number("Warning limit below.")] = None
    limit_high: Annotated[float | str | None, _number("Warning limit above.")] = None
    limit_high_high: Annotated[float | str | None, _number("Alarm limit above.")] = None
    hysteresis: Annotated[float | str, _number("How far the value comes back before a limit is left.")] = 0.0
    delay: Annotated[str, _time("How long a limit is passed before it counts.")] = ""


class Pid(Obedient, kw_only=True, tag="pid", tag_field="kind"):
    """A PID controller. Its group has `every`: the controller runs in a cyclic interrupt."""

    setpoint: Annotated[float | str, _number("What the value has to be.")]
    value: Annotated[float | str, _number("What it is.")]
    value_valid: Annotated[Condition, _signal("Whether the value can be relied on.")] = True
    enable: Annotated[Condition, _signal("Whether it controls; else the output is safeOutput.")] = True
    gain: Annotated[float | str, _number("Proportional gain; negative for cooling and draining.")] = 1.0
    integral_time: Annotated[str, _time("Integral time; no integral part without.")] = ""
    derivative_time: Annotated[str, _time("Derivative time; no derivative part without.")] = ""
    output_low: Annotated[float | str, _number("Least output.")] = 0.0
    output_high: Annotated[float | str, _number("Greatest output.")] = 100.0
    manual_output: Annotated[float | str, _number("Output in manual.")] = 0.0
    safe_output: Annotated[float | str, _number("Output while it is off, interlocked or without valid value.")] = 0.0
    output: Annotated[str, _output("The output.", "Real")] = ""
    output_raw: Annotated[str, _output("The output as 0 to 27648, for an analog output.", "Int")] = ""


class Modes(Module, kw_only=True, tag="modes", tag_field="kind"):
    """Modes of a part of the plant: off, manual, automatic; started and stopped."""

    select_manual: Annotated[Condition, _signal("Chooses manual.")] = False
    select_automatic: Annotated[Condition, _signal("Chooses automatic.")] = False
    start: Annotated[Condition, _signal("Starts automatic, with its rising edge.")] = False
    stop: Annotated[Condition, _signal("Stops automatic.")] = False
    release: Annotated[Condition, _signal("Safety and supplies are in order; without it the mode is off.")] = True
    acknowledge: Annotated[Condition, _signal("Acknowledges faults of its modules, with its rising edge.")] = False


class Sequence(Module, kw_only=True, tag="sequence", tag_field="kind"):
    """A sequence of steps, in GRAPH."""

    mode: Annotated[
        str, _about("Module of kind modes: leaving automatic ends it, and it continues only while the mode is started.")
    ] = ""
    abort: Annotated[Condition, _about("Ends all steps.")] = False
    restart: Annotated[Condition, _about("Begins again with the first step, with its rising edge.")] = False
    steps: Annotated[list[Step], _about("Its steps; the first one is the initial one.", min_length=1)]


class Alarms(Module, kw_only=True, tag="alarms", tag_field="kind"):
    """Alarms with delay, acknowledgement, group signal and horn."""

    acknowledge: Annotated[Condition, _about("Acknowledges all alarms, with its rising edge.")] = False
    alarms: Annotated[list[Alarm], _about("The alarms.", min_length=1)]
    group: Annotated[str, _output("At least one alarm.")] = ""
    horn: Annotated[str, _output("An error that is not acknowledged.")] = ""


class Interlocks(Module, kw_only=True, tag="interlocks", tag_field="kind"):
    """Interlocks that several modules share, with the one that was lost first."""

    acknowledge: Annotated[Condition, _about("Forgets which was lost first, with its rising edge.")] = False
    interlocks: Annotated[list[Interlock], _about("What must hold.", min_length=1)]
    ok: Annotated[str, _output("All hold.")] = ""


AnyModule = Motor | Valve | AnalogInput | Pid | Modes | Sequence | Alarms | Interlocks


class Group(Placed, kw_only=True):
    """A part of the call structure: a function that calls modules in this order."""

    name: Name
    comment: Annotated[str, _about("What it is.")] = ""
    language: Annotated[Literal["SCL", "LAD"], _about("Language of the function.")] = "SCL"
    every: Annotated[
        str, _about("Period such as 100ms: called in a cyclic interrupt instead of the cycle.", pattern=DURATION)
    ] = ""
    modules: Annotated[list[str], _about("Names of modules, each in one group.", min_length=1)]


class Design(Part, kw_only=True):
    """A design: one or more PLCs and the equipment that they control."""

    design: Annotated[Literal["1"], _about("Version of this schema.")] = VERSION
    name: Annotated[str, _about("Name of the design.", min_length=1)]
    description: Annotated[str, _about("What it is about.")] = ""
    devices: Annotated[list[Device], _about("The PLCs.", min_length=1)]
    types: Annotated[list[DataType], _about("PLC data types.")] = msgspec.field(default_factory=list)
    tags: Annotated[list[Tag], _about("Inputs, outputs and bit memory.")] = msgspec.field(default_factory=list)
    data: Annotated[list[Data], _about("Global data blocks.")] = msgspec.field(default_factory=list)
    modules: Annotated[list[AnyModule], _about("Equipment and control.")] = msgspec.field(default_factory=list)
    groups: Annotated[list[Group], _about("Call structure: each is a function, called in this order.")] = msgspec.field(
        default_factory=list
    )
    tests: Annotated[
        list[dict[str, Any]],
        _about("Tests of the whole program, as in a test file (docs/plc-tests.md); `device` says of which PLC."),
    ] = msgspec.field(default_factory=list)


SECTIONS: dict[str, Any] = {
    "devices": Device,
    "types": DataType,
    "tags": Tag,
    "data": Data,
    "modules": AnyModule,
    "groups": Group,
    "tests": dict[str, Any],
}
"""What the elements of each list of a design are."""


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a design."""
    (found,), components = msgspec.json.schema_components([Design], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Design of a plant",
        **found,
        "$defs": dict(sorted(components.items())),
    }
