"""Find an instruction: by the name that a program writes, or by its part in LAD and FBD.

The facts are the JSON files next to this module, one for each group; `classes.json` holds the classes of types, and the
parts that are another form of an instruction. `notation` says how they are written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, Protocol

from simatic_xml.instructions.model import RESULT, Instruction, InstructionMatch
from simatic_xml.instructions.naming import conversion
from simatic_xml.instructions.notation import expand, read
from simatic_xml.program.types.types import ELEMENTARY

GROUPS: Final = (
    "bit_logic", "timers", "counters", "comparison", "math", "move", "convert", "word_logic", "control", "text", "time",
    "memory", "references", "process_image", "distributed_io", "interrupts", "diagnostics", "alarms", "data_logging",
    "data_blocks", "addresses", "communication", "serial", "technology", "motion", "safety", "legacy",
)  # fmt: skip
"""Files of the catalogue, in the order of the documentation."""

_TEXTS: Final = {"STRING": "String", "WSTRING": "WString", "DTL": "DTL"}
_FIRMWARE: Final = re.compile(r"V?(\d+)\.(\d+)")


class Cpu(Protocol):
    """What must be known of a CPU: its family (`S7-1500`) and firmware (`V3.1`)."""

    @property
    def family(self) -> str:
        """Family."""

    @property
    def firmware(self) -> str:
        """Firmware."""


@cache
def _data(name: str) -> Any:
    text = Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text)


@cache
def classes() -> Mapping[str, tuple[str, ...]]:
    """Return the classes of types (`AnyInt`) with the names of their types, narrow ones first."""
    table = _data("classes")["classes"]
    return {name: expand(name, table) for name in table}


@cache
def instructions() -> Mapping[str, Instruction]:
    """Return all instructions of the files, by their name as written, in the order of `GROUPS`."""
    return {name: _instruction(name) for name in _lines()}


@cache
def _instruction(name: str) -> Instruction:
    """Return an instruction by its name as written; the others are not read, because a program uses few."""
    head, data = _lines()[name]
    return read(name, data, head, _data("classes")["classes"])


@cache
def _lines() -> Mapping[str, tuple[Mapping[str, Any], Any]]:
    """Return the head of its file and the data of each instruction, by name."""
    groups = {name: _data(name) for name in GROUPS}
    return {
        each: (group | {"group": name}, data)
        for name, group in groups.items()
        for each, data in group["instructions"].items()
    }


@cache
def _names() -> Mapping[str, str]:
    return {name.casefold(): name for name in _lines()}


def _by_name(name: str) -> Instruction | None:
    written = _names().get(name.casefold())
    return _instruction(written) if written is not None else None


@lru_cache(maxsize=4096)
def find(name: str) -> InstructionMatch | None:
    """Return the instruction of a written name, without regard to case; None when none is known.

    A type after the name (`ROUND_INT`, `SCALE_X_REAL`) is split off, and `INT_TO_REAL` is made from the table of
    conversions.
    """
    known = _by_name(name)
    if known is not None:
        return InstructionMatch(known)
    base, _, suffix = name.rpartition("_")
    owner = _by_name(base)
    written = type_word(suffix)
    if owner is not None and owner.explicit and written in owner.variables[owner.explicit]:
        return InstructionMatch(owner, written)
    made = conversion(name)
    return InstructionMatch(made) if made is not None else None


def type_word(text: str) -> str:
    """Return the name of a data type as the catalogue writes it (`REAL`: `Real`), the text itself when it is none."""
    elementary = ELEMENTARY.get(text.upper())
    return elementary.name if elementary else _TEXTS.get(text.upper(), text)


@cache
def _by_part() -> Mapping[str, Instruction]:
    found = {each.part: each for each in instructions().values() if each.part}
    for part, data in _data("classes")["parts"].items():
        pins = dict(word.split("=") for word in data["pins"].split())
        owner = instructions()[data["instruction"]]
        templates = data.get("templates", owner.templates)
        found[part] = replace(owner, part=part, pins={a: b or RESULT for a, b in pins.items()}, templates=templates)
    return found


def of_part(part: str) -> Instruction | None:
    """Return the instruction of a part of LAD or FBD (`Normalize`, `CoilTON`), None for a wiring part (`Contact`)."""
    return _by_part().get(part)


@cache
def wiring() -> frozenset[str]:
    """Return the parts that are no instruction but wiring: contacts, plain coils, gates, jumps."""
    return frozenset(_data("classes")["wiring"])


def available(instruction: Instruction, cpu: Cpu) -> bool:
    """Return whether a CPU has the instruction: its family is named, and its firmware is not below the lowest."""
    return covers(instruction.families, cpu.family, cpu.firmware)


def covers(families: Mapping[str, str], family: str, firmware: str) -> bool:
    """Return whether CPU families with their lowest firmware (empty for any) contain a CPU."""
    least = families.get(family)
    return least is not None and (not least or _firmware(firmware) >= _firmware(least))


def _firmware(text: str) -> tuple[int, int]:
    """Return a firmware as numbers; one that cannot be read counts as the newest, so that nothing is refused for it."""
    match = _FIRMWARE.match(text)
    return (int(match[1]), int(match[2])) if match else (99, 0)
