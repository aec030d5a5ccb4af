"""What is around a CPU: the modules of its IO systems, its memory card, its network and its serial lines."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from virtual_plc.surroundings.alarms import AlarmEvent, Alarms
from virtual_plc.surroundings.card_files import CardFiles
from virtual_plc.surroundings.modules import Module, Modules
from virtual_plc.surroundings.network import Network
from virtual_plc.surroundings.onboard import Onboard
from virtual_plc.surroundings.serial_lines import SerialLines

__all__ = [
    "AlarmEvent",
    "Alarms",
    "CardFiles",
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
        jobs: calls so far of the running jobs of instructions without an instance, by what identifies the job.
    """

    modules: Modules = field(default_factory=Modules)
    card: CardFiles = field(default_factory=CardFiles)
    network: Network = field(default_factory=Network)
    serial: SerialLines = field(default_factory=SerialLines)
    onboard: Onboard = field(default_factory=Onboard)
    alarms: Alarms = field(default_factory=Alarms)
    jobs: dict[Hashable, int] = field(default_factory=dict)

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
