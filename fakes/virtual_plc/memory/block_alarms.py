"""The alarms that a block declares: instances of Program_Alarm, and operands that it supervises.

A file that TIA Portal exports has no alarm texts of Program_Alarm, so the comment of the instance is its text.
Decisions: docs/conformance-plc/alarms.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from simatic_xml import model

INSTANCE: Final = "program_alarm"
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Condition:
    """A Bool of a function block's instance.

    Attributes:
        operand: path from the instance: `.Step1.VA`.
        value: the value with which it is fulfilled.
    """

    operand: str
    value: bool = True


@dataclass(frozen=True, slots=True)
class Supervision:
    """What a function block supervises in each of its instances.

    Attributes:
        name: path of its alarm from the instance: `.running.Operand1`.
        origin: what supervises: `graph` or `supervision`.
        conditions: all have to be fulfilled for the alarm to come.
        delay: operand with the time for which they have to be so, empty for none.
        values: operands with the associated values.
        texts: text by language.
    """

    name: str
    origin: str
    conditions: tuple[Condition, ...]
    delay: str = ""
    values: tuple[str, ...] = ()
    texts: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BlockAlarms:
    """The alarms that a block declares.

    Attributes:
        texts: text of each instance of Program_Alarm by its casefolded path in the block; of a data block itself by
            an empty one.
        supervisions: what the block supervises.
    """

    texts: Mapping[str, Texts] = field(default_factory=dict)
    supervisions: tuple[Supervision, ...] = ()


def texts_of(block: model.Block) -> dict[str, Texts]:
    """Return the texts of the instances of Program_Alarm that a block declares, by their casefolded paths in it."""
    found = dict(_member_texts("", (member for _, member in block.members())))
    if block.kind == "DB":
        found[""] = block.comment
    return {path: texts for path, texts in found.items() if any(texts.values())}


def _member_texts(inside: str, members: Iterable[model.Member]) -> Iterator[tuple[str, Texts]]:
    for each in members:
        path = f"{inside}.{each.name}".casefold()
        if each.data_type.casefold() == INSTANCE:
            yield path, each.comment
        yield from _member_texts(path, each.members)
