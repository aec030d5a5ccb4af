"""The modules of a CPU: their areas in the IO data and their data records, by hardware identifier.

A download from a simulated project enters them; a test can add and change them. Facts:
docs/facts/communication.md#distributed-io.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

from virtual_plc.surroundings.overlay import Patch, patches

LARGEST_RECORD = 65_535
"""Bytes that a data record can have: MLEN and LEN of RDREC and WRREC are of the type UInt."""

OnWrite = Callable[[int, bytes], int | bytes]
"""Decides about a record that a program writes: takes index and content, returns an error of IEC 61158-6 (16#B0), 0 to
accept it, or what the record contains from then on."""


OVERFLOW, UNDERFLOW = 0x7FFF, 0x8000
"""What an analog input gives above and below its range, and with a wire break."""


class ChannelError(IntEnum):
    """Errors of a channel, with their numbers on PROFINET."""

    SHORT_CIRCUIT = 1
    UNDERVOLTAGE = 2
    OVERVOLTAGE = 3
    OVERLOAD = 4
    OVERTEMPERATURE = 5
    WIRE_BREAK = 6
    UPPER_LIMIT = 7
    LOWER_LIMIT = 8
    ERROR = 9


class Device(Protocol):
    """What is behind the process data of a module, such as a drive."""

    def exchange(self, now: int, content: bytes) -> bytes:
        """Take the outputs at a virtual time in nanoseconds; return the inputs."""


@dataclass(slots=True)
class Module:
    """One module, or submodule, that has its own hardware identifier.

    Attributes:
        inputs: its bytes among the inputs.
        outputs: its bytes among the outputs.
        records: content of its data records by index.
        present: whether it answers; one that is pulled or failed does not.
        faulty: whether it reports a fault.
        disabled: whether the program has deactivated it.
        on_write: decides about the records that a program writes; without it a module takes only those that it has,
            with their length.
        device: what its outputs go to and its inputs come from; without it a test writes the inputs.
        name: its name in the project, empty where none is known.
        analog: whether each channel has a word; else each has a bit.
        channels: the channels that report an error.
        station: hardware identifier of the device that it belongs to, 0 for the CPU's own rack.
        slot: its slot.
        io_system: number of the IO system, of a device in one.
        device_number: its number there.
    """

    inputs: range = range(0)
    outputs: range = range(0)
    records: dict[int, bytes] = field(default_factory=dict)
    present: bool = True
    faulty: bool = False
    disabled: bool = False
    on_write: OnWrite | None = None
    device: Device | None = None
    name: str = ""
    analog: bool = False
    channels: dict[int, ChannelError] = field(default_factory=dict)
    station: int = 0
    slot: int = 0
    io_system: int = 0
    device_number: int = 0

    @property
    def channel_count(self) -> int:
        """Channels that it has; those of the larger area where it has inputs and outputs."""
        size = max(len(self.inputs), len(self.outputs))
        return size // 2 if self.analog else size * 8

    def substitutes(self) -> list[Patch]:
        """Return what the program reads instead of its inputs, because it does not answer or channels report an error."""
        if not self.present:
            return patches(self.inputs.start, bytes(len(self.inputs)))
        return [patch for channel, error in self.channels.items() for patch in self._substitute(channel, error)]

    def _substitute(self, channel: int, error: ChannelError) -> list[Patch]:
        byte, bit = (2 * channel, 0) if self.analog else divmod(channel, 8)
        if byte >= len(self.inputs):
            return []
        if not self.analog:
            return [Patch(self.inputs[byte], 1 << bit, 0)]
        value = UNDERFLOW if error is ChannelError.LOWER_LIMIT else OVERFLOW
        return patches(self.inputs[byte], value.to_bytes(2, "big"))


class Modules:
    """The modules by hardware identifier.

    Attributes:
        systems: devices of each IO system: hardware identifier by device number, by that of the system.
        slots: modules of each device: hardware identifier by slot, by that of the device.
    """

    def __init__(self) -> None:
        """Begin without a module."""
        self._modules: dict[int, Module] = {}
        self.systems: dict[int, dict[int, int]] = {}
        self.slots: dict[int, dict[int, int]] = {}

    def __len__(self) -> int:
        """Return how many modules there are."""
        return len(self._modules)

    def put(self, identifier: int, module: Module) -> Module:
        """Add a module, or replace the one of this hardware identifier.

        Raises:
            ValueError: the identifier is none (1 to 65535), or a record is too long.
        """
        if not 1 <= identifier <= 0xFFFF:
            raise ValueError(f"{identifier} is not a hardware identifier; use a number from 1 to 65535.")
        long = [index for index, content in module.records.items() if len(content) > LARGEST_RECORD]
        if long:
            raise ValueError(f"The data record {long[0]} is longer than {LARGEST_RECORD:,} bytes.")
        self._modules[identifier] = module
        if module.station:
            self.slots.setdefault(module.station, {})[module.slot] = identifier
        return module

    def find(self, identifier: int) -> Module | None:
        """Return the module of a hardware identifier, None without one."""
        return self._modules.get(identifier)

    def substitutes(self) -> list[Patch]:
        """Return what the program reads instead of the inputs of modules with a fault."""
        faulty = (each for each in self._modules.values() if not each.present or each.channels)
        return [patch for each in faulty for patch in each.substitutes()]

    def listed(self) -> list[tuple[int, Module]]:
        """Return the modules with their hardware identifiers, by identifier."""
        return sorted(self._modules.items())

    def station_of(self, identifier: int) -> int | None:
        """Return the device that a module belongs to, None for one of the CPU's own rack."""
        return next((device for device, slots in self.slots.items() if identifier in slots.values()), None)

    def station(self, device: int) -> list[int]:
        """Return the hardware identifiers of a device and of its modules."""
        return list(dict.fromkeys([device, *self.slots.get(device, {}).values()]))

    def exchange(self, now: int, inputs: bytearray, outputs: bytearray) -> None:
        """Let each device take its outputs and give its inputs.

        Args:
            now: virtual time in nanoseconds.
            inputs: inputs as the modules have them.
            outputs: outputs as the modules have them.
        """
        for each in self._modules.values():
            if each.device is not None and each.present:
                content = each.device.exchange(now, bytes(outputs[each.outputs.start : each.outputs.stop]))
                size = len(each.inputs)
                inputs[each.inputs.start : each.inputs.stop] = content[:size].ljust(size, b"\0")

    def at_input(self, address: int) -> Module | None:
        """Return the module whose input data begin at an address, as S7-300 and S7-400 name it."""
        return next((each for each in self._modules.values() if each.inputs and each.inputs.start == address), None)

    def at_output(self, address: int) -> Module | None:
        """Return the module whose output data begin at an address."""
        return next((each for each in self._modules.values() if each.outputs and each.outputs.start == address), None)

    def identify(self, address: int, *, output: bool) -> int:
        """Return the hardware identifier of the module with a byte among its inputs or outputs, 0 without one."""
        areas = ((number, each.outputs if output else each.inputs) for number, each in self._modules.items())
        return next((number for number, area in areas if address in area), 0)

    def replace(self, modules: dict[int, Module]) -> None:
        """Take the modules of another hardware configuration; a module that both have keeps its data records."""
        for identifier, module in modules.items():
            before = self._modules.get(identifier)
            if before is not None:
                module.records = before.records | module.records
                module.on_write = module.on_write or before.on_write
                module.device = module.device or before.device
        for each in self._modules.values():
            self.slots.pop(each.station, None)
        self._modules = {}
        for identifier, module in modules.items():
            self.put(identifier, module)
