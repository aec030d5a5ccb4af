"""One row of the table: a program of a PLC, the same scan by hand, and data that both work on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from simatic_xml.program.workspace import Workspace
from virtual_plc.memory.program import Program, program_of

INSTANCE = "D"
"""The data block of every program; the hand-written scan gets an object with the same members."""

FIT = "if not -32768 <= v <= 32767: v = (v + 32768 & 65535) - 32768"
"""The check of an INT by hand, in the variable `v`."""

FIT_DOUBLE = "if not -2147483648 <= v <= 2147483647: v = (v + 2147483648 & 4294967295) - 2147483648"
"""The check of a DINT by hand."""

CALLS = 10
"""How often a scan executes the block, so that the start of a scan hardly counts."""


@dataclass(frozen=True)
class Row:
    """A row.

    Attributes:
        name: what it measures.
        program: the program; its OB `Main` calls the instance `D`, `CALLS` times.
        hand: text of `def scan(d, now)`, which is called as often, with the functions that it calls; `now` is in
            milliseconds.
        data: makes the members of `D` for the hand-written scan.
        inputs: sets the inputs of a scan by number, in either data.
    """

    name: str
    program: Program
    hand: str
    data: Callable[[], Any]
    inputs: Callable[[Any, int], None]


def record(**members: Any) -> Callable[[], Any]:
    """Return a class with members, each with its start value, or a function that makes it."""
    values = {name: value for name, value in members.items() if not callable(value)}
    made = {name: value for name, value in members.items() if callable(value)}

    def start(self: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)
        for name, make in made.items():
            setattr(self, name, make())

    return type("Record", (), {"__slots__": tuple(members), "__init__": start})


def of_source(declared: Sequence[str], lines: Sequence[str], others: str = "", temporary: str = "i : Int;") -> Program:
    """Return the program whose function block has some static variables and statements in SCL."""
    parts = [
        others,
        'FUNCTION_BLOCK "Fb"',
        "VAR",
        *declared,
        "END_VAR",
        f"VAR_TEMP {temporary} END_VAR",
        "BEGIN",
        *lines,
    ]
    workspace = Workspace()
    workspace.put_source("\n".join([*parts, "END_FUNCTION_BLOCK", AROUND]))
    return program_of(workspace)


AROUND = f"""
DATA_BLOCK "{INSTANCE}" "Fb"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
BEGIN
{f'  "{INSTANCE}"();' * CALLS}
END_ORGANIZATION_BLOCK
"""


def differs(ours: Any, hand: Any, path: str = INSTANCE) -> str:
    """Return where data differ, empty where they are alike; names with `_` at the front are the hand's own."""
    if isinstance(hand, list):
        pairs = [(f"{path}[{at}]", ours[at], each) for at, each in enumerate(hand)]
    elif hasattr(hand, "__slots__"):
        names = [name for name in hand.__slots__ if not name.startswith("_")]
        pairs = [(f"{path}.{name}", getattr(ours, name), getattr(hand, name)) for name in names]
    else:
        return "" if repr(ours) == repr(hand) else f"{path}: {ours!r}, by hand {hand!r}"
    return next((found for where, a, b in pairs if (found := differs(a, b, where))), "")
