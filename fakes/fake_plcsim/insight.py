"""Facts that only a simulated controller has: the reached parts of its program, and why it stopped.

The real API has no such type, so its absence shows a caller that these facts are not available.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from fake_dotnet.system import require_type
from fake_plcsim.instance import IInstance
from virtual_plc.cpu.diagnostics import Entry, Event
from virtual_plc.cpu.execution import Coverage
from virtual_plc.cpu.loading import find_tier


class SimulationInsight:
    """Reads simulated controllers."""

    @staticmethod
    def CountReached(in_Instance: IInstance) -> None:
        """Count the reached parts of programs loaded from now on; the default tier executes them."""
        tier: Any = find_tier("python")
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
