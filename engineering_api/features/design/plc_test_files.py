"""The PLC tests of a design: those of the blocks that it uses, of the blocks that are made for it, and its own."""

from __future__ import annotations

from typing import Any

import yaml

from engineering_api.features.design import blocks
from engineering_api.features.design.answers import PlcTestFile
from engineering_api.features.design.calls import milliseconds
from engineering_api.features.design.model import Alarms, AnyModule, Interlocks, Sequence
from engineering_api.features.design.parts import Part, plain_tests

Json = dict[str, Any]
SUFFIX = ".plctest.yaml"
_MARGIN = 100
"""Milliseconds that a test waits beyond a time of the program."""


def plc_test_files(part: Part) -> list[PlcTestFile]:
    """Return the test files of a PLC."""
    found: dict[str, str] = {}
    for module in part.modules:
        name = blocks.block_name(module)
        if name not in found:
            library = type(module) in blocks.LIBRARY
            found[name] = blocks.library_tests(name) if library else _text(name, _tests(module, name))
    if part.tests:
        found[part.device.name] = _text("", plain_tests(part.tests))
    return [PlcTestFile(device=part.device.name, name=name + SUFFIX, text=text) for name, text in found.items()]


def _text(block: str, tests: list[Json]) -> str:
    data = ({"block": block} if block else {}) | {"tests": tests}
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=120)


def _tests(module: AnyModule, block: str) -> list[Json]:
    match module:
        case Alarms():
            return _of_alarms(module, block)
        case Interlocks():
            return _of_interlocks(module, block)
        case Sequence():
            return _of_sequence(module, block)
    return []


def _of_alarms(module: Alarms, block: str) -> list[Json]:
    tests: list[Json] = []
    for alarm in module.alarms:
        name, loud = alarm.name, alarm.severity == "error"
        raised = {name: True, "group": True, "count": 1, "horn": loud}
        steps = [
            {
                "description": "condition",
                "write": {f"{name}Condition": True},
                "wait": f"{milliseconds(alarm.delay) + _MARGIN}ms",
                "expect": raised,
            },
            {"description": "gone, not acknowledged", "write": {f"{name}Condition": False}, "run": 2, "expect": raised},
            {
                "description": "acknowledged",
                "write": {"acknowledge": True},
                "run": 2,
                "expect": {name: False, "group": False, "count": 0, "horn": False},
            },
        ]
        tests.append({"name": f"{block}: {name} stays until it is acknowledged", "steps": steps})
    return tests


def _of_interlocks(module: Interlocks, block: str) -> list[Json]:
    numbers = range(1, len(module.interlocks) + 1)
    tests: list[Json] = []
    for number in numbers:
        steps = [
            {
                "write": {f"condition{each}": True for each in numbers} | {"acknowledge": True},
                "run": 2,
                "expect": {"ok": True, "first": 0},
            },
            {
                "write": {f"condition{number}": False, "acknowledge": False},
                "run": 2,
                "expect": {"ok": False, "first": number},
            },
            {"write": {f"condition{number}": True}, "run": 2, "expect": {"ok": True, "first": number}},
        ]
        tests.append({"name": f"{block}: interlock {number} is the first that is lost", "steps": steps})
    return tests


def _of_sequence(module: Sequence, block: str) -> list[Json]:
    first = module.steps[0]
    expected = {f"{first.name}.X": True} | dict.fromkeys(first.outputs, True)
    others = [name for name in blocks.outputs(module) if name not in first.outputs]
    return [
        {
            "name": f"{block}: it begins with {first.name}",
            "steps": [{"run": 1, "expect": expected | dict.fromkeys(others, False)}],
        },
        {
            "name": f"{block}: switched off no step is active",
            "steps": [
                {"run": 1},
                {
                    "write": {"OFF_SQ": True},
                    "run": 2,
                    "expect": dict.fromkeys([f"{each.name}.X" for each in module.steps], False),
                },
            ],
        },
    ]
