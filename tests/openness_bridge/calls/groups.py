"""The operations that use TIA Portal, in groups whose examples need the same before them."""

from __future__ import annotations

from dataclasses import dataclass

from engineering_api.operations.declaration import Operation
from engineering_api.operations.terms import Lock, Place
from tests.support.state.api import CATALOGUE
from tests.support.state.needs import Need, need

WRITING = {"blocks.export_source"}
"""Reads that write a file where their example says so."""


@dataclass(frozen=True)
class Group:
    """Operations whose examples need the same.

    Attributes:
        name: For people: "reads", "changes", or the first operation.
        reads: Whether none of them changes anything, so that each can be asked twice.
    """

    name: str
    operations: tuple[Operation, ...]
    need: Need
    reads: bool = False


def groups() -> tuple[Group, ...]:
    """All of them; what needs nothing first: reads, then changes.

    What TIA Portal refuses is left out.
    """
    made: dict[str, list[Operation]] = {"reads": [], "changes": []}
    for op in CATALOGUE:
        if (op.lock is not Lock.NONE or op.place is Place.PORTAL) and not need(op.name).refused:
            made.setdefault(_key(op), []).append(op)
    return tuple(
        Group(key if key in {"reads", "changes"} else each[0].name, tuple(each), need(each[0].name), key == "reads")
        for key, each in made.items()
    )


def _key(op: Operation) -> str:
    asked = need(op.name)
    if asked != Need():
        return repr(asked)
    return "changes" if op.changes or op.name in WRITING else "reads"
