"""The shape of a test file. `schema` gives it as JSON Schema, which is published in docs/plc-tests.schema.json."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import msgspec

from engineering_api.features.plc_tests.files import durations
from engineering_api.features.plc_tests.surroundings.io_model import IoStep, ModelOfTest, ModuleOfTest
from engineering_api.operations.fields import Model, named


def _about(description: str, **limits: Any) -> msgspec.Meta:
    return msgspec.Meta(description=description, **limits)


DEFAULT_CPU = "6ES7 511-1AK02-0AB0"
"""For sources, where no other one is named."""
Duration = Annotated[str, msgspec.Meta(pattern=durations.PATTERN)] | Annotated[float, msgspec.Meta(ge=0)]
Scalar = bool | int | float | str
Count = Annotated[int, msgspec.Meta(ge=0)]


class SourceText(Model):
    """A source that comes with the request."""

    name: Annotated[str, named("File name, such as motor.scl.")]
    content: Annotated[str, named("Its text.", "text")]


class Action(StrEnum):
    """What can be done with the CPU as a whole."""

    RUN = "run"
    STOP = "stop"
    POWER_CYCLE = "powerCycle"
    MEMORY_RESET = "memoryReset"


class State(StrEnum):
    """Operating state of the CPU."""

    RUN = "run"
    STOP = "stop"


class AlarmState(StrEnum):
    """What is expected of an alarm."""

    RAISED = "raised"
    CLEARED = "cleared"
    ACKNOWLEDGED = "acknowledged"
    UNACKNOWLEDGED = "unacknowledged"
    ABSENT = "absent"


class _Part(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Check(_Part, kw_only=True):
    """What a value has to be, and when. Without a time it is checked at the end of the step."""

    expected: Annotated[Scalar | list[Any] | None, _about("It equals this.")] = None
    tolerance: Annotated[float, _about("How far it may be from `expected`.", ge=0)] | None = None
    min: Annotated[int | float | str | None, _about("It is no less.")] = None
    max: Annotated[int | float | str | None, _about("It is no more.")] = None
    not_equal: Annotated[Scalar | None, _about("It differs from this.")] = None
    within: Annotated[Duration | None, _about("It is so at the end of a cycle within this time of the step.")] = None
    at_cycle: Annotated[int, _about("It is so at the end of this cycle of the step, counted from 1.", ge=1)] | None = (
        None
    )
    never: Annotated[Scalar | None, _about("It has this value at the end of no cycle of the step.")] = None
    always: Annotated[bool, _about("It is so at the end of each cycle of the step.")] = False


class AlarmCheck(_Part, kw_only=True):
    """What an alarm has to be, at the end of the step or within a time; it may be acknowledged before that."""

    state: Annotated[
        AlarmState | None,
        _about("Raised and not cleared; cleared after it was raised; acknowledged or not; not raised in this test."),
    ] = None
    text: Annotated[str | None, _about("Its text in one of its languages, with its associated values.")] = None
    values: Annotated[
        list[Scalar | None] | None,
        _about("The associated values with which it was raised last; further ones may follow."),
    ] = None
    within: Annotated[Duration | None, _about("It is so at the end of a cycle within this time of the step.")] = None
    acknowledge: Annotated[bool, _about("It is acknowledged before the first cycle of the step.")] = False


class Step(IoStep, kw_only=True):
    """Write, let time pass, check. Without `run` and `wait` it lasts until its checks are decided, at least one cycle."""

    description: Annotated[str, _about("What it is about; reports and diagrams show it.")] = ""
    do: Annotated[Action | None, _about("What is done with the CPU at first.")] = None
    write: Annotated[dict[str, Any], _about("Values by name; lists and mappings fill arrays and structures.")] = (
        msgspec.field(default_factory=dict)
    )
    run: Annotated[Count | None, _about("How many cycles pass.")] = None
    wait: Annotated[Duration | None, _about("How much virtual time passes.")] = None
    expect: Annotated[
        dict[str, Check | Scalar | list[Any]], _about("What values have to be, by name; a bare value is `expected`.")
    ] = msgspec.field(default_factory=dict)
    alarm: Annotated[
        dict[str, AlarmCheck | AlarmState], _about("What alarms have to be, by name; a bare word is `state`.")
    ] = msgspec.field(default_factory=dict)
    state: Annotated[State | None, _about("Operating state of the CPU at the end; `run` when it is not given.")] = None


class Test(_Part, kw_only=True):
    """One test: it begins with start values everywhere, on a CPU that has just gone to RUN."""

    name: Annotated[str, _about("Its name, unique in the file.", min_length=1)]
    description: Annotated[str, _about("What it is about.")] = ""
    block: Annotated[
        str, _about("FB or FC that is tested alone: the harness makes an instance and calls it in each cycle.")
    ] = ""
    cycle: Annotated[Duration | None, _about("Virtual time from one cycle to the next; 10ms when it is not given.")] = (
        None
    )
    parameters: Annotated[
        list[dict[str, Scalar]], _about("The test is run once for each; `$(name)` in it is replaced by a value.")
    ] = msgspec.field(default_factory=list)
    setup: Annotated[dict[str, Any], _about("Values that are written before the first cycle.")] = msgspec.field(
        default_factory=dict
    )
    steps: Annotated[list[Step], _about("What is done, in this order; the first failure ends the test.", min_length=1)]
    teardown: Annotated[dict[str, Any], _about("Values that are written at the end, after a failure too.")] = (
        msgspec.field(default_factory=dict)
    )
    trace: Annotated[list[str], _about("Values that its timing diagram shows; those it uses, when not given.")] = (
        msgspec.field(default_factory=list)
    )
    models: Annotated[
        dict[str, ModelOfTest], _about("Plant models by name, which run between the scans.", max_length=64)
    ] = msgspec.field(default_factory=dict)
    skip: Annotated[str, _about("Why it is not run; reports show the reason.")] = ""
    modules: Annotated[list[ModuleOfTest], _about("Modules that it adds to those of the hardware.", max_length=256)] = (
        msgspec.field(default_factory=list)
    )


class TestFile(_Part, kw_only=True):
    """A test file. `block`, `cycle`, `modules` and `models` apply to the tests that do not set them."""

    tests: Annotated[list[Test], _about("The tests.", min_length=1)]
    description: Annotated[str, _about("What it is about.")] = ""
    program: Annotated[str, _about("File or folder with the sources of the program, from the folder of this file.")] = (
        ""
    )
    block: Annotated[str, _about("As in a test.")] = ""
    cycle: Annotated[Duration | None, _about("As in a test.")] = None
    models: Annotated[dict[str, ModelOfTest], _about("As in a test.", max_length=64)] = msgspec.field(
        default_factory=dict
    )
    modules: Annotated[list[ModuleOfTest], _about("As in a test.", max_length=256)] = msgspec.field(
        default_factory=list
    )


_FORMS = (msgspec.json.Decoder(TestFile), msgspec.json.Decoder(Test))
"""Made while the module is imported: msgspec crashes when two threads are the first to use a type at the same time."""
_PLACEHOLDER = {"type": "string", "pattern": r"\$\(\w+\)"}


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a test file; a placeholder may be where a number or a truth value is."""
    (found,), components = msgspec.json.schema_components([TestFile], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tests of a PLC program",
        **found,
        "$defs": {name: _with_placeholders(each) for name, each in sorted(components.items())},
    }


def _with_placeholders(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_with_placeholders(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: value if key in ("enum", "default") else _with_placeholders(value) for key, value in schema.items()}
    if schema.get("type") in ("integer", "number", "boolean"):
        text = {key: found.pop(key) for key in ("description", "default") if key in found}
        return {"anyOf": [found, _PLACEHOLDER], **text}
    return found
