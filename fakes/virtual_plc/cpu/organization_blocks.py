"""The organization blocks of a program: which event each serves, its priority, its start information.

Facts: S7-1500 system manual and TIA Portal's help (priorities and reactions where the OB is missing,
docs/facts/execution.md#organization-block-reactions); S7-1200 has no OB121 and OB122 and continues; S7-300 and S7-400
stop (secondary). The inputs of OBs are those that TIA Portal gives to OBs with optimized access (their names are
unverified; an OB gets those that it declares).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simatic_xml.program.cpu.organization_blocks import RESTARTS, event_of
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.typed_blocks import Block
from virtual_plc.memory.program import Program

TIME_ERROR, PROGRAMMING_ERROR, ACCESS_ERROR = 80, 121, 122

PRIORITIES = {
    "ProgramCycle": 1, "Startup": 1, "TimeOfDay": 2, "TimeDelayInterrupt": 3, "CyclicInterrupt": 8, "HardwareInterrupt": 18,
    "Status": 4, "Update": 4, "Profile": 4, "TimeErrorInterrupt": 22, "DiagnosticErrorInterrupt": 5,
    "PullOrPlugOfModules": 6, "RackOrStationFailure": 6, "ProgrammingError": 7, "IOAccessError": 7,
}  # fmt: skip
"""Priority by event; a higher one runs first. Cyclic interrupts OB30 to OB38 have 8 to 16."""


class Reaction(StrEnum):
    """What a CPU does about an event for which it has no OB."""

    IGNORE = "ignore"
    STOP = "stop"


_CLASSIC = {
    TIME_ERROR: Reaction.STOP,
    82: Reaction.STOP,
    83: Reaction.STOP,
    86: Reaction.STOP,
    PROGRAMMING_ERROR: Reaction.STOP,
    ACCESS_ERROR: Reaction.STOP,
}
_REACTIONS: Mapping[str, Mapping[int, Reaction]] = {
    "S7-1200": {TIME_ERROR: Reaction.STOP},
    "S7-1500": {TIME_ERROR: Reaction.STOP, PROGRAMMING_ERROR: Reaction.STOP},
    "S7-300": _CLASSIC,
    "S7-400": _CLASSIC,
}


_OLD_FIRMWARE = re.compile(r"V[12]\.|V3\.0\b")
"""Versions of an S7-1200 before V4: they continue after a time error without OB80."""


def reaction(cpu: Cpu, number: int) -> Reaction:
    """Return what a CPU does when it does not have the OB of this number.

    The only time error of this simulation is a cycle that exceeds the maximum cycle time.
    """
    if cpu.family == "S7-1200" and number == TIME_ERROR and _OLD_FIRMWARE.match(cpu.firmware):
        return Reaction.IGNORE
    return _REACTIONS.get(cpu.family, {}).get(number, Reaction.IGNORE)


@dataclass(frozen=True, slots=True)
class OrganizationBlock:
    """An OB of the program.

    Attributes:
        name: its name.
        number: its number.
        event: event class, such as `CyclicInterrupt`.
        priority: the higher runs first.
        inputs: names of its inputs as declared, by casefolded name.
    """

    name: str
    number: int
    event: str
    priority: int
    inputs: Mapping[str, str]

    def start(self, **information: Any) -> Start:
        """Return a start of the OB with its start information."""
        known = ((self.inputs.get(name.casefold()), value) for name, value in information.items())
        return Start(self, information, {name: value for name, value in known if name})


@dataclass(frozen=True, slots=True)
class Start:
    """One start of an OB.

    Attributes:
        block: the OB.
        information: its start information.
        inputs: those of its values that the OB has an input for, by the name of the input.
    """

    block: OrganizationBlock
    information: Mapping[str, Any]
    inputs: Mapping[str, Any]


class OrganizationBlocks:
    """All OBs of a program, found by event and by number.

    Attributes:
        by_number: OB by its number.
    """

    def __init__(self, program: Program) -> None:
        """Find them."""
        found = [_organization_block(block) for block in program.blocks.values() if block.kind == "OB"]
        self.by_number = {each.number: each for each in sorted(found, key=lambda each: each.number)}

    def of_event(self, event: str) -> list[OrganizationBlock]:
        """Return the OBs of an event, by ascending number."""
        return [each for each in self.by_number.values() if each.event == event]

    def of_restart(self) -> list[OrganizationBlock]:
        """Return the OBs of a warm restart, which is how this CPU starts; OB101 and OB102 serve the other restarts."""
        return [each for each in self.of_event("Startup") if each.number not in RESTARTS]

    def find(self, number: int, event: str) -> OrganizationBlock | None:
        """Return the OB of a number when it serves this event."""
        found = self.by_number.get(number)
        return found if found is not None and found.event == event else None


def _organization_block(block: Block) -> OrganizationBlock:
    number = block.number or 0
    event = block.secondary_type or event_of(number)
    priority = PRIORITIES.get(event, 1)
    if event == "CyclicInterrupt" and 30 <= number <= 38:
        priority += number - 30
    inputs = {each.name.casefold(): each.name for each in block.variables if each.section == "Input"}
    return OrganizationBlock(block.name, number, event, priority, inputs)
