"""Where the alarms of a program are: instances of Program_Alarm in its data blocks, and operands that are supervised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import Final

from simatic_xml.program.types.types import Array, DataType, Structure
from virtual_plc.memory.block_alarms import INSTANCE, BlockAlarms, Supervision, Texts
from virtual_plc.memory.leaves import quote
from virtual_plc.memory.program import Program

MOST: Final = 100_000
"""Alarms of a program that are listed."""
_NONE: Final = BlockAlarms()


@dataclass(frozen=True, slots=True)
class AlarmSource:
    """An alarm that a program can raise.

    Attributes:
        name: as the alarm is called: `"Plant".left.high`.
        texts: its text by language.
        instance: path of the function block's instance whose operand is supervised, empty for Program_Alarm.
        supervision: what is supervised there; None for Program_Alarm.
    """

    name: str
    texts: Texts
    instance: str = ""
    supervision: Supervision | None = None


def find_alarms(program: Program) -> list[AlarmSource]:
    """Return the alarms that a program can raise, at most `MOST`."""
    walk = _Walk(program)
    blocks = program.data_blocks.items()
    return list(
        islice((each for key, block in blocks for each in walk.sources(block.type, f'"{block.name}"', key)), MOST)
    )


class _Walk:
    """Finds the alarms in data; a type without alarms is searched once."""

    def __init__(self, program: Program) -> None:
        self._alarms = program.alarms
        self._holding: dict[DataType, bool] = {}

    def sources(self, of: DataType, path: str, owner: str, inside: str = "") -> Iterator[AlarmSource]:
        """Yield the alarms in a value; `owner` is the block that declares it, `inside` its casefolded path there."""
        if not self._holds_alarms(of):
            return
        if isinstance(of, Array):
            ranges = [range(0) if each is None else range(each[0], each[1] + 1) for each in of.bounds]
            for indices in product(*ranges):
                yield from self.sources(of.element, f"{path}[{','.join(map(str, indices))}]", owner, inside)
        elif isinstance(of, Structure) and _is_alarm(of):
            yield AlarmSource(path, self._of(owner).texts.get(inside, {}))
        elif isinstance(of, Structure):
            if of.origin == "fb":
                owner, inside = of.name.casefold(), ""
                for each in self._of(owner).supervisions:
                    yield AlarmSource(path + each.name, each.texts, path, each)
            for member in of.members:
                within = f"{inside}.{member.name}".casefold()
                yield from self.sources(member.type, f"{path}.{quote(member.name)}", owner, within)

    def _of(self, block: str) -> BlockAlarms:
        return self._alarms.get(block, _NONE)

    def _holds_alarms(self, of: DataType) -> bool:
        known = self._holding.get(of)
        if known is None:
            match of:
                case Array():
                    known = self._holds_alarms(of.element)
                case Structure():
                    own = of.origin == "fb" and bool(self._of(of.name.casefold()).supervisions)
                    known = own or _is_alarm(of) or any(self._holds_alarms(each.type) for each in of.members)
                case _:
                    known = False
            self._holding[of] = known
        return known


def _is_alarm(of: Structure) -> bool:
    return of.origin == "system" and of.name.casefold() == INSTANCE
