"""Facts that only a simulated controller has: the reached parts of its program, why it stopped, and its alarms.

The real API has no such type, so its absence shows a caller that these facts are not available.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from fake_dotnet.system import require_type
from fake_plcsim.instance import IInstance
from virtual_plc.cpu.alarm_reports import OWN
from virtual_plc.cpu.diagnostics import Entry, Event
from virtual_plc.cpu.execution import Coverage
from virtual_plc.cpu.loading import usual_tier
from virtual_plc.memory.alarm_sources import find_alarms
from virtual_plc.surroundings.alarms import AlarmEvent, Alarms, AlarmStatus


class SimulationInsight:
    """Reads simulated controllers."""

    @staticmethod
    def CountReached(in_Instance: IInstance) -> None:
        """Count the reached parts of programs loaded from now on; the default tier executes them."""
        tier: Any = usual_tier()
        require_type(in_Instance, IInstance, "in_Instance")._controller.cpu.tier = partial(tier, coverage=True)

    @staticmethod
    def Reached(in_Instance: IInstance) -> Coverage | None:
        """Return the parts reached since the program was loaded; None where nothing is counted."""
        executable = require_type(in_Instance, IInstance, "in_Instance")._controller.cpu.executable
        return executable.coverage if executable is not None else None

    @staticmethod
    def Diagnostics(in_Instance: IInstance) -> list[Entry]:
        """Return the entries of the diagnostic buffer, the newest first."""
        return list(require_type(in_Instance, IInstance, "in_Instance")._controller.cpu.diagnostics)

    @staticmethod
    def LastFault(in_Instance: IInstance) -> Entry | None:
        """Return the diagnostic buffer's newest fault, of the program with its place or of the simulation."""
        diagnostics = require_type(in_Instance, IInstance, "in_Instance")._controller.cpu.diagnostics
        own = Event.STOP_BY_ERROR.number
        return next((each for each in diagnostics if each.code or each.event == own), None)

    @staticmethod
    def ReadAlarms(in_Instance: IInstance) -> tuple[int, list[AlarmStatus]]:
        """Return the number of the newest event, and the alarms that are pending or wait for their acknowledgement."""
        return _alarms(in_Instance).statuses()

    @staticmethod
    def ReadAlarmEvents(in_Instance: IInstance, in_After: int) -> list[AlarmEvent] | None:
        """Return the events after the one with a number; None where some of them are not kept any more."""
        return _alarms(in_Instance).since(in_After)

    @staticmethod
    def ReadAlarmNames(in_Instance: IInstance) -> list[str]:
        """Return the names of the alarms that the program and the CPU can raise, without those of messages."""
        program = require_type(in_Instance, IInstance, "in_Instance")._controller.cpu.program
        return [*([] if program is None else [each.name for each in find_alarms(program)]), *OWN]

    @staticmethod
    def AcknowledgeAlarms(in_Instance: IInstance, in_Names: Sequence[str]) -> list[str]:
        """Acknowledge alarms between two cycles; return the names of those that waited for it."""
        return require_type(in_Instance, IInstance, "in_Instance")._controller.cpu.acknowledge_alarms(*in_Names)


def _alarms(instance: IInstance) -> Alarms:
    return require_type(instance, IInstance, "in_Instance")._controller.cpu.surroundings.alarms
