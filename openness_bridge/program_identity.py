"""The word for which program a CPU executes, in all answers with values of a running program: `online`."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

import msgspec

ProgramState = Annotated[Literal["equal", "differs", "unknown"], msgspec.Meta(title="ProgramState")]
"""Whether the CPU has the program of the project: equal, differs, or unknown where that cannot be compared."""


def unknown_state() -> ProgramState:
    """Return the state of what nobody has compared: the default of answers, which is always written."""
    return "unknown"


V = TypeVar("V", bound=msgspec.Struct)


def of_program(values: list[V], state: ProgramState) -> list[V]:
    """Return answers with values of a running program that say which program that is, in their field `online`."""
    return [msgspec.structs.replace(each, online=state) for each in values]
