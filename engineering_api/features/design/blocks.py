"""The function block behind a module: one of the library, or one that is made for the module alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from engineering_api.features.design import expressions, made_blocks, sequences
from engineering_api.features.design.expressions import TypeOf
from engineering_api.features.design.model import (
    Alarms,
    AnalogInput,
    AnyModule,
    Interlocks,
    Modes,
    Motor,
    Pid,
    Sequence,
    Valve,
)
from engineering_api.features.design.wires import time
from simatic_xml import graph, scl
from simatic_xml.model import Block, Member

LIBRARY: dict[type, str] = {
    Motor: "Motor",
    Valve: "Valve",
    AnalogInput: "AnalogInput",
    Pid: "PidController",
    Modes: "OperatingModes",
}
_FOLDER = resources.files("engineering_api.features.design") / "library"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function block."""

    name: str
    type: str
    output: bool


def block_name(module: AnyModule) -> str:
    """Return the name of the function block of a module."""
    own = LIBRARY.get(type(module))
    return own if own is not None else f"{module.name[0].upper()}{module.name[1:]}{type(module).__name__}"


@cache
def library_source(name: str) -> str:
    """Return the SCL of a block of the library."""
    return (_FOLDER / f"{name}.scl").read_text(encoding="utf-8")


@cache
def library_tests(name: str) -> str:
    """Return the test file of a block of the library."""
    return (_FOLDER / f"{name}.plctest.yaml").read_text(encoding="utf-8")


def source(module: AnyModule) -> str | None:
    """Return the SCL of a module's block; None for a sequence, which is in GRAPH."""
    match module:
        case Alarms():
            return made_blocks.alarms(block_name(module), module)
        case Interlocks():
            return made_blocks.interlocks(block_name(module), module)
        case Sequence():
            return None
    return library_source(LIBRARY[type(module)])


def graph_block(module: Sequence, type_of: TypeOf, version: str, culture: str) -> Block:
    """Return the GRAPH block of a sequence.

    Raises:
        ExpressionError: A condition cannot be drawn.
    """
    made = graph.block(graph_network(module, type_of), block_name(module), version)
    section = made.section("Output")
    assert section is not None  # noqa: S101 - every GRAPH block has one
    section.members += [
        Member(name, "Bool", comment={culture: f"Active in {_steps_with(module, name)}"}) for name in outputs(module)
    ]
    made.title[culture] = f"Sequence {module.name}"
    return made


def outputs(module: Sequence) -> list[str]:
    """Return the outputs that the steps of a sequence set, each once."""
    return list(dict.fromkeys(each for step in module.steps for each in step.outputs))


def graph_network(module: Sequence, type_of: TypeOf) -> dict[str, object]:
    """Return the steps, transitions and flow of a sequence, in the JSON form of GRAPH."""
    names = transition_names(module)
    steps = [
        {"name": step.name, "init": not index, "comment": step.comment}
        | {"actions": [{"qualifier": "N", "operand": f"#{each}"} for each in step.outputs]}
        for index, step in enumerate(module.steps)
    ]
    transitions = [
        {"name": names[number, index], "condition": condition(module, number, index, type_of)}
        for number, step in enumerate(module.steps)
        for index in range(len(step.next))
    ]
    flow = sequences.flow(module, names)
    return {"graph": {"sequences": [{"steps": steps, "transitions": transitions, "flow": flow}]}}


def condition(module: Sequence, number: int, index: int, type_of: TypeOf) -> list[expressions.Step]:
    """Return what a transition waits for: the mode, the time of its step, its condition.

    Raises:
        ExpressionError: It cannot be drawn.
    """
    step = module.steps[number]
    way = step.next[index]
    series: list[expressions.Step] = [{"contact": f'"{module.mode}".running'}] if module.mode else []
    if way.after:
        series.append({"compare": [f"#{step.name}.T", ">=", time(way.after)], "type": "Time"})
    return series + expressions.read(way.when).series(type_of)


def transition_names(module: Sequence) -> dict[tuple[int, int], str]:
    """Return the names of the transitions by the numbers of step and way."""
    names: dict[tuple[int, int], str] = {}
    for number, step in enumerate(module.steps):
        targets = [way.targets[0].casefold() for way in step.next]
        for index, way in enumerate(step.next):
            repeated = targets[:index].count(targets[index])
            names[number, index] = f"{step.name}_to_{way.targets[0]}" + (f"_{repeated + 1}" if repeated else "")
    return names


def parameters(module: AnyModule) -> list[Parameter]:
    """Return the inputs and outputs of a module's block, in their order."""
    text = source(module)
    if text is None:
        assert isinstance(module, Sequence)  # noqa: S101 - only a sequence has no source
        return _of_sequence(module)
    return parameters_of(text)


@cache
def parameters_of(text: str) -> list[Parameter]:
    """Return the inputs and outputs of a function block in SCL, in their order."""
    [(_, block, _)] = scl.read_declarations(scl.parse(text))
    assert isinstance(block, Block)  # noqa: S101 - function blocks only
    return [
        Parameter(member.name, member.data_type, section.name == "Output")
        for section in block.interface
        if section.name in ("Input", "Output")
        for member in section.members
    ]


def _of_sequence(module: Sequence) -> list[Parameter]:
    given = [Parameter(each, "Bool", output=False) for each in ("OFF_SQ", "INIT_SQ", "ACK_EF")]
    given += [Parameter("S_NO", "Int", output=True), Parameter("ERR_FLT", "Bool", output=True)]
    return given + [Parameter(each, "Bool", output=True) for each in outputs(module)]


def _steps_with(module: Sequence, output: str) -> str:
    return ", ".join(step.name for step in module.steps if output in step.outputs)
