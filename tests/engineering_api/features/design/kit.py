"""A small design for tests, and what is made of designs."""

from __future__ import annotations

import copy
from typing import Any

from engineering_api.features.design import designs, reading
from engineering_api.features.design.generating import Artifact, Generator
from tests import ROOT

Json = dict[str, Any]
EXAMPLES = ROOT / "examples" / "designs"
NAMES = sorted(each.name for each in EXAMPLES.glob("*.design.yaml"))
PUMP: Json = {
    "design": "1",
    "name": "Pump",
    "devices": [{"name": "PLC_1", "orderNumber": "6ES7 511-1AK02-0AB0", "firmware": "V2.9"}],
    "tags": [
        {"name": "Start", "type": "Bool", "address": "%I0.0", "comment": "Start button"},
        {"name": "Pump_run", "type": "Bool", "address": "%Q0.0"},
        {"name": "Level_raw", "type": "Int", "address": "%IW64"},
    ],
    "data": [
        {
            "name": "Settings",
            "members": [
                {"name": "limit", "type": "Real", "start": 80.0, "comment": "Level that stops the pump"},
                {"name": "note", "type": "Int"},
            ],
        },
    ],
    "modules": [
        {
            "kind": "motor",
            "name": "Pump",
            "comment": "Feed pump",
            "command": "Start AND NOT Level.high",
            "run": "Pump_run",
            "interlocks": [{"name": "The level is measured", "condition": "Level.valid"}],
        },
        {"kind": "analogInput", "name": "Level", "raw": "Level_raw", "limitHigh": "Settings.limit"},
    ],
    "groups": [{"name": "Pumps", "modules": ["Pump", "Level"]}],
    "tests": [{"name": "The pump runs", "steps": [{"write": {"Start": True}, "run": 3, "expect": {"Pump_run": True}}]}],
}


def with_modules(*modules: Json) -> Json:
    """The design with further modules, which its group calls."""
    data = copy.deepcopy(PUMP)
    data["modules"] += copy.deepcopy(list(modules))
    data["groups"][0]["modules"] += [each["name"] for each in modules]
    return data


def example(name: str) -> Json:
    """A design of the examples."""
    data: Json = reading.data_of((EXAMPLES / name).read_text(encoding="utf-8"), reading.Mistakes())
    return data


def made(data: Json, version: str = "20") -> list[Artifact]:
    """All objects of a design that is right."""
    return [
        each
        for part in designs.select_parts(reading.design_of(data), "")
        for each in Generator(part, version).artifacts()
    ]
