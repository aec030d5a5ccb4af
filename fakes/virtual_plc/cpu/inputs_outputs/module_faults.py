"""Faults of modules: pulled and plugged, failed stations, errors of channels; each runs its OB with start information.

Facts: docs/facts/execution.md#faults-of-modules.
"""

from __future__ import annotations

from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.surroundings import ChannelError, Module

DIAGNOSTIC, PULL_PLUG, STATION = 82, 83, 86
COMING, GOING = 0x39, 0x38
"""Event classes."""
CENTRAL, PULLED, PLUGGED, STATION_FAULT = 0x61, 0x51, 0x54, 0xCB
"""Fault numbers: a module in the CPU's rack; one of a device that is pulled, or plugged; a failed or returned device."""
CONFIGURED, ERROR = 0x0001, 0x0010
"""Bits of IO_State."""


class ModuleFaultError(Exception):
    """A fault that a module cannot have.

    Attributes:
        code: `module.missing`, `module.state` or `module.channel`.
        message: why, and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        """Keep the reason."""
        super().__init__(message)
        self.code, self.message = code, message


def pull(cpu: VirtualCpu, identifier: int) -> None:
    """Pull a module: its inputs read 0, OB83 runs.

    Raises:
        ModuleFaultError: there is no such module, or it does not answer already.
        CpuError: the CPU is off.
    """
    with cpu.between_scans():
        module = _find(cpu, identifier)
        _require(module.present, f"The module {_name(cpu, identifier)} does not answer already.")
        module.present = False
        _report_plug(cpu, identifier, COMING)


def plug(cpu: VirtualCpu, identifier: int) -> None:
    """Plug a module again: its inputs are those of the module, without errors; OB83 runs. Raise as `pull`."""
    with cpu.between_scans():
        module = _find(cpu, identifier)
        _require(not module.present, f"The module {_name(cpu, identifier)} is plugged.")
        station = cpu.surroundings.modules.station_of(identifier)
        head = cpu.surroundings.modules.find(station) if station is not None else None
        _require(head is None or head.present, f"The station of {_name(cpu, identifier)} has failed; return it first.")
        _restore(module)
        _report_plug(cpu, identifier, GOING)


def fail_station(cpu: VirtualCpu, device: int) -> None:
    """Let a device of an IO system fail: the inputs of all its modules read 0, OB86 runs. Raise as `pull`."""
    with cpu.between_scans():
        members = _members(cpu, device)
        _require(members[0].present, f"The station {_name(cpu, device)} has failed already.")
        for each in members:
            each.present = False
        _report_station(cpu, device, COMING)


def return_station(cpu: VirtualCpu, device: int) -> None:
    """Let a failed device return with all its modules; OB86 runs. Raise as `pull`."""
    with cpu.between_scans():
        members = _members(cpu, device)
        _require(not members[0].present, f"The station {_name(cpu, device)} has not failed.")
        for each in members:
            _restore(each)
        _report_station(cpu, device, GOING)


def fail_channel(cpu: VirtualCpu, identifier: int, channel: int, error: ChannelError) -> None:
    """Let a channel report an error: OB82 runs; a digital input reads 0, an analog one its overflow.

    Raises:
        ModuleFaultError: there is no such module or channel, it does not answer, or the channel has this error.
        CpuError: the CPU is off.
    """
    with cpu.between_scans():
        module = _channel(cpu, identifier, channel)
        _require(
            module.channels.get(channel) is not error, f"Channel {channel} of {_name(cpu, identifier)} has this error."
        )
        module.channels[channel] = error
        _report_channel(cpu, identifier, channel, error, coming=True)


def clear_channel(cpu: VirtualCpu, identifier: int, channel: int) -> None:
    """Clear the error of a channel; OB82 runs. Raise as `fail_channel`."""
    with cpu.between_scans():
        module = _channel(cpu, identifier, channel)
        _require(channel in module.channels, f"Channel {channel} of {_name(cpu, identifier)} has no error.")
        error = module.channels.pop(channel)
        _report_channel(cpu, identifier, channel, error, coming=False)


def reset(cpu: VirtualCpu) -> None:
    """End all faults without an event, as at the beginning of a test."""
    for _, module in cpu.surroundings.modules.listed():
        if not module.disabled:
            _restore(module)


def _report_plug(cpu: VirtualCpu, identifier: int, event: int) -> None:
    central = cpu.surroundings.modules.station_of(identifier) is None
    fault = CENTRAL if central else PULLED if event == COMING else PLUGGED
    what = "was pulled or does not answer" if event == COMING else "was plugged"
    _report(cpu, PULL_PLUG, f"The module {_name(cpu, identifier)} {what}.", identifier, event, fault)


def _report_station(cpu: VirtualCpu, device: int, event: int) -> None:
    what = "has failed" if event == COMING else "has returned"
    _report(cpu, STATION, f"The station {_name(cpu, device)} {what}.", device, event, STATION_FAULT)


def _report(cpu: VirtualCpu, block: int, text: str, identifier: int, event: int, fault: int) -> None:
    number = 0x02_0000 | event << 8 | fault
    cpu.module_event(block, text, number, LADDR=identifier, Event_Class=event, Fault_ID=fault)


def _report_channel(cpu: VirtualCpu, identifier: int, channel: int, error: ChannelError, *, coming: bool) -> None:
    module = _find(cpu, identifier)
    module.faulty = bool(module.channels)
    words = error.name.replace("_", " ").capitalize()
    text = f"{words} at channel {channel} of the module {_name(cpu, identifier)}{'' if coming else ' is corrected'}."
    cpu.module_event(
        DIAGNOSTIC,
        text,
        0x08_0000 | error,
        LADDR=identifier,
        IO_State=CONFIGURED | (ERROR if module.channels else 0),
        Channel=channel,
        MultiError=len(module.channels) > 1,
    )


def _restore(module: Module) -> None:
    module.present, module.faulty = True, False
    module.channels.clear()


def _find(cpu: VirtualCpu, identifier: int) -> Module:
    found = cpu.surroundings.modules.find(identifier)
    if found is None:
        known = ", ".join(_name(cpu, number) for number, _ in cpu.surroundings.modules.listed()) or "none"
        raise ModuleFaultError("module.missing", f"There is no module {identifier}. There are: {known}.")
    return found


def _members(cpu: VirtualCpu, device: int) -> list[Module]:
    modules = cpu.surroundings.modules
    if device not in modules.slots:
        known = ", ".join(_name(cpu, each) for each in modules.slots) or "none"
        raise ModuleFaultError("module.missing", f"There is no station {device}. There are: {known}.")
    return [_find(cpu, each) for each in modules.station(device)]


def _channel(cpu: VirtualCpu, identifier: int, channel: int) -> Module:
    module = _find(cpu, identifier)
    _require(module.present, f"The module {_name(cpu, identifier)} does not answer.")
    if not 0 <= channel < module.channel_count:
        message = f"The module {_name(cpu, identifier)} has {module.channel_count} channels, counted from 0."
        raise ModuleFaultError("module.channel", message)
    return module


def _name(cpu: VirtualCpu, identifier: int) -> str:
    module = cpu.surroundings.modules.find(identifier)
    return f"'{module.name}' ({identifier})" if module is not None and module.name else str(identifier)


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise ModuleFaultError("module.state", message)
