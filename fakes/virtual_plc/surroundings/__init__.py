"""What is around a CPU: the modules of its IO systems, its memory card, its network and its serial lines."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from virtual_plc.surroundings.alarms import AlarmEvent, Alarms
from virtual_plc.surroundings.card_files import CardFiles
from virtual_plc.surroundings.forces import Forces
from virtual_plc.surroundings.modules import ChannelError, Module, Modules
from virtual_plc.surroundings.network import Network
from virtual_plc.surroundings.onboard import Onboard
from virtual_plc.surroundings.overlay import Patch, patch_area
from virtual_plc.surroundings.serial_lines import SerialLines

__all__ = [
    "AlarmEvent",
    "Alarms",
    "CardFiles",
    "ChannelError",
    "Forces",
    "Module",
    "Modules",
    "Network",
    "Onboard",
    "SerialLines",
    "Surroundings",
]


@dataclass(slots=True)
class Surroundings:
    """What the program of a CPU reaches by instructions.

    Attributes:
        modules: modules with consistent data and data records, by hardware identifier.
        card: files of the memory card: data logs, recipes, user files.
        network: connections of open user communication and Modbus TCP; loopback only.
        serial: serial lines by the hardware identifier of their port.
        onboard: high-speed counters and pulse generators of an S7-1200.
        alarms: alarms of the program and of the CPU.
        forces: forced inputs and outputs; a STOP keeps them.
        jobs: calls so far of the running jobs of instructions without an instance, by what identifies the job.
    """

    modules: Modules = field(default_factory=Modules)
    card: CardFiles = field(default_factory=CardFiles)
    network: Network = field(default_factory=Network)
    serial: SerialLines = field(default_factory=SerialLines)
    onboard: Onboard = field(default_factory=Onboard)
    alarms: Alarms = field(default_factory=Alarms)
    forces: Forces = field(default_factory=Forces)
    _covered: list[Patch] | None = None
    jobs: dict[Hashable, int] = field(default_factory=dict)

    @property
    def is_altered(self) -> bool:
        """Whether there are modules or forces: otherwise inputs and outputs are what memory has."""
        return len(self.modules) > 0 or len(self.forces) > 0

    def cover(self, inputs: bytearray) -> None:
        """Let the program see forced and substituted inputs, until `uncover`.

        Args:
            inputs: inputs as the modules have them.
        """
        covers = self.forces.inputs
        if len(self.modules):
            covers = [*self.modules.substitutes(), *covers]
        self._covered = patch_area(inputs, covers) if covers else []

    def uncover(self, inputs: bytearray) -> None:
        """Give the inputs what the modules have."""
        if self._covered:
            patch_area(inputs, self._covered)
        self._covered = None

    def exchange(self, now: int, inputs: bytearray, outputs: bytearray) -> None:
        """Let each device take its outputs and give its inputs, also while the inputs are covered; see `Modules.exchange`."""
        covered = self._covered is not None
        patch_area(outputs, self.forces.outputs)
        if covered:
            self.uncover(inputs)
        self.modules.exchange(now, inputs, outputs)
        if covered:
            self.cover(inputs)

    def stop(self, moment: int) -> None:
        """End what a STOP of the CPU ends: programmed connections, open data logs, messages on serial lines, alarms.

        Args:
            moment: nanoseconds since 1970 by the clock of the CPU.
        """
        self.network.close()
        self.card.close()
        self.serial.clear()
        self.onboard.stop()
        self.alarms.stop(moment)
        self.jobs.clear()
