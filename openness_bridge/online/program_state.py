"""Whether a CPU executes the program that the project has: of each object, as TIA Portal compares online and offline.

Values, and the current that is drawn from them, belong to the program in the CPU. Where the project has another one, they
say nothing about what the project shows. The comparison is TIA Portal's own (CompareToOnline), which compares code and
interface as they are compiled. Without a CPU that answers, or where TIA Portal refuses, nothing is known.
Facts: docs/facts/openness-online.md#compare.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from openness_bridge.errors import Problem
from openness_bridge.lookup import all_devices, items, locate_plc, software_of
from openness_bridge.online.compare import compare_states
from openness_bridge.online.online import Via, apply, provider
from openness_bridge.portal.portal import Session
from openness_bridge.program_identity import ProgramState
from openness_bridge.values import enum_name


class ProgramComparison(msgspec.Struct, frozen=True):
    """A comparison of a PLC's program with the one in its CPU.

    Attributes:
        objects: Whether an object is the same on both sides, by its casefolded name.
        reason: Why nothing could be compared; empty where it was.
    """

    objects: Mapping[str, bool] = {}
    reason: str = ""

    @property
    def whole(self) -> ProgramState:
        """The state of the program as a whole."""
        if self.reason:
            return "unknown"
        return "equal" if all(self.objects.values()) else "differs"

    def state_of(self, name: str) -> ProgramState:
        """Return the state of a block, data type or tag table; one that TIA Portal does not list is not known."""
        if self.reason or name.casefold() not in self.objects:
            return "unknown"
        return "equal" if self.objects[name.casefold()] else "differs"


def compare_program(session: Session, device: str) -> ProgramComparison:
    """Compare a PLC's program with that in its CPU, over the connection that was used last, otherwise over PLCSIM.

    On the portal's thread. It asks no question that needs consent, and never reaches a plant that nobody chose.

    Raises:
        Problem: There is no such PLC.
    """
    found = locate_plc(session, device)
    try:
        configuration = provider(session, found, "OnlineProvider").Configuration
        if not configuration.IsConfigured:
            apply(configuration, Via(), device)
        return ProgramComparison(compare_states(found, device))
    except Problem as problem:
        return ProgramComparison(reason=problem.message)


def plc_names(session: Session) -> list[str]:
    """Return the names of the programs of all PLCs of the open project. On the portal's thread."""
    found = (
        software_of(session, item)
        for device, _ in all_devices(session.project)
        for item in items(device)
        if enum_name(item.Classification) == "CPU"
    )
    return [str(each.Name) for each in found if each is not None]
