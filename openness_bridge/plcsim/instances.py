"""Instances of PLCSIM Advanced: states, settings, network, memory card.

Facts: docs/facts/plcsim-advanced.md#instances.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

import msgspec

from openness_bridge.errors import Kind, Problem
from openness_bridge.plcsim import addresses
from openness_bridge.plcsim.runtime import (
    STATE_TIMEOUT_MS,
    Handle,
    OperatingState,
    RegisteredInstance,
    Simulation,
    describe,
    member,
)
from openness_bridge.values import enum_name

TRIAL = "WarningTrialModeActive"
_YEAR_ONE = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


class InstanceState(msgspec.Struct, rename="camel", frozen=True, omit_defaults=True):
    """The state of an instance.

    Attributes:
        operating_mode: Default, or the mode in which time passes on demand.
        system_time: The time of its clock.
        warning: The warning of PLCSIM Advanced, such as trial mode.
    """

    name: str
    operating_state: OperatingState
    operating_mode: str
    system_time: str
    warning: str = ""


class InstanceConfig(msgspec.Struct, rename="camel", frozen=True):
    """The settings of an instance.

    Attributes:
        storage_path: Folder of its virtual memory card.
        scale_factor: Virtual seconds in a real one.
        minimal_cycle_time_ms: Overwritten minimal cycle time of the modes with T.
    """

    id: int
    name: str
    cpu_type: str
    communication_interface: str
    storage_path: str
    operating_mode: str
    scale_factor: float
    system_time: str
    minimal_cycle_time_ms: float


class Interface(msgspec.Struct, rename="camel", frozen=True):
    """The IP suite of an interface."""

    id: int
    ip_address: str
    subnet_mask: str
    default_gateway: str


class InstanceNetwork(msgspec.Struct, rename="camel", frozen=True):
    """The network settings of an instance."""

    name: str
    controller_name: str
    controller_short_designation: str
    communication_interface: str
    interfaces: list[Interface]


class Settings(msgspec.Struct, kw_only=True, frozen=True):
    """Settings to be changed; None stays as it is.

    Attributes:
        system_time: ISO 8601.
        minimal_cycle_time_ms: At most 6000.
    """

    cpu_type: str | None = None
    communication_interface: str | None = None
    storage_path: str | None = None
    operating_mode: str | None = None
    scale_factor: float | None = None
    system_time: str | None = None
    minimal_cycle_time_ms: float | None = None


# -- states ---------------------------------------------------------------------------


def state(simulation: Simulation, name: str | None) -> InstanceState:
    """Return the state of an instance."""
    return state_of(simulation.handle(name))


def state_of(handle: Handle, warning: str = "") -> InstanceState:
    """Return the state of the instance of a handle."""
    with handle.look() as api:
        mode, time = enum_name(api.OperatingMode), iso(api.SystemTime)
        return InstanceState(handle.name, cast("OperatingState", enum_name(api.OperatingState)), mode, time, warning)


def power_on(simulation: Simulation, name: str | None, timeout_ms: int = STATE_TIMEOUT_MS) -> InstanceState:
    """Switch an instance on; nothing happens when it is on. It never has the address of another one that is on."""
    handle = simulation.handle(name)
    with handle.use() as api:
        was_off = enum_name(api.OperatingState) == "Off"
        code = enum_name(api.PowerOn(timeout_ms))
    trial = "PLCSIM Advanced runs in trial mode: there is no licence." if code == TRIAL else ""
    moved = addresses.leave_used(simulation, handle) if was_off else ""
    return state_of(handle, " ".join(filter(None, (trial, moved))))


def power_off(simulation: Simulation, name: str | None, timeout_ms: int = STATE_TIMEOUT_MS) -> InstanceState:
    """Switch an instance off; nothing happens when it is off."""
    return _change_state(simulation, name, "Off", lambda api: api.PowerOff(timeout_ms))


def run(simulation: Simulation, name: str | None, timeout_ms: int = STATE_TIMEOUT_MS) -> InstanceState:
    """Go to RUN; in a mode with synchronization points to Freeze before the first cycle."""
    return _change_state(simulation, name, "Run", lambda api: api.Run(timeout_ms))


def stop(simulation: Simulation, name: str | None, timeout_ms: int = STATE_TIMEOUT_MS) -> InstanceState:
    """Go to STOP."""
    return _change_state(simulation, name, "Stop", lambda api: api.Stop(timeout_ms))


def memory_reset(simulation: Simulation, name: str | None, timeout_ms: int = STATE_TIMEOUT_MS) -> InstanceState:
    """Give all data their start values; the instance restarts."""
    return _change_state(simulation, name, "", lambda api: api.MemoryReset(timeout_ms))


def _change_state(simulation: Simulation, name: str | None, there: str, change: Callable[[Any], None]) -> InstanceState:
    handle = simulation.handle(name)
    handle.current(lambda api: change(api) if enum_name(api.OperatingState) != there else None)
    return state_of(handle)


def connect(simulation: Simulation, name: str | None) -> RegisteredInstance:
    """Let requests that name no instance go to this one; the only one when none is named."""
    if name is None:
        names = [each.name for each in simulation.instances()]
        if len(names) != 1:
            msg = f"Name the instance to connect to. Registered: {', '.join(names) or 'none'}."
            raise Problem("plcsim.not_connected", msg, kind=Kind.INVALID)
        name = names[0]
    handle = simulation.handle(name)
    simulation.connected = handle.name
    return describe(handle)


def disconnect(simulation: Simulation) -> RegisteredInstance | None:
    """Connect to no instance; the instance stays as it is."""
    connected, simulation.connected = simulation.connected, None
    if connected is None:
        return None
    handle = simulation.handle(connected)
    return describe(handle)


# -- settings -------------------------------------------------------------------------


def config(simulation: Simulation, name: str | None) -> InstanceConfig:
    """Return the settings of an instance."""
    handle = simulation.handle(name)
    with handle.look() as api:
        return InstanceConfig(
            int(api.ID),
            handle.name,
            enum_name(api.CPUType),
            enum_name(api.CommunicationInterface),
            str(api.StoragePath),
            enum_name(api.OperatingMode),
            float(api.ScaleFactor),
            iso(api.SystemTime),
            int(api.OverwrittenMinimalCycleTime_ns) / 1e6,
        )


_ONLY_OFF = {"cpu_type": "cpuType", "communication_interface": "communicationInterface", "storage_path": "storagePath"}


def configure(simulation: Simulation, name: str | None, wanted: Settings) -> InstanceConfig:
    """Change settings of an instance.

    Raises:
        Problem: A value is refused, or a setting needs the instance to be off, or this version cannot set it.
    """
    handle = simulation.handle(name)
    off_only = [shown for field, shown in _ONLY_OFF.items() if getattr(wanted, field) is not None]
    if off_only and handle.state() != "Off":
        msg = f"{', '.join(off_only)} can be set only while '{handle.name}' is off: power it off first."
        raise Problem("plcsim.state", msg, kind=Kind.CONFLICT).at(object=handle.name)
    prepared = [(attribute, make(simulation.model)) for attribute, make in _prepare(wanted)]
    with handle.use() as api:
        for attribute, value in prepared:
            _set(api, attribute, value)
    return config(simulation, name)


Make = Callable[[Any], Any]


def _prepare(wanted: Settings) -> list[tuple[str, Make]]:
    """Return the attributes to set and functions for their values, checked before any change."""
    table: list[tuple[str, Any, Callable[[Any, Any], Any]]] = [
        ("CPUType", wanted.cpu_type, lambda model, text: member(model, "ECPUType", text)),
        (
            "CommunicationInterface",
            wanted.communication_interface,
            lambda model, text: member(model, "ECommunicationInterface", text),
        ),
        ("StoragePath", wanted.storage_path, lambda _, text: text),
        ("OperatingMode", wanted.operating_mode, lambda model, text: member(model, "EOperatingMode", text)),
        ("ScaleFactor", wanted.scale_factor, lambda _, number: float(number)),
        ("SystemTime", wanted.system_time, lambda model, text: _date_time(model, text)),
        ("OverwrittenMinimalCycleTime_ns", wanted.minimal_cycle_time_ms, lambda _, number: round(number * 1e6)),
    ]
    return [(attribute, partial(_make, make, value)) for attribute, value, make in table if value is not None]


def _make(make: Callable[[Any, Any], Any], value: Any, model: Any) -> Any:
    return make(model, value)


def _set(api: Any, attribute: str, value: Any) -> None:
    try:
        setattr(api, attribute, value)
    except (AttributeError, TypeError) as error:
        msg = f"This version of PLCSIM Advanced cannot set {attribute} of an instance: set the network mode of the runtime."
        raise Problem("plcsim.version", msg, kind=Kind.UNSUPPORTED) from error


def iso(moment: Any) -> str:
    """Return a DateTime of the API, which has no time zone, as ISO 8601 in UTC."""
    return (_YEAR_ONE + dt.timedelta(microseconds=int(moment.Ticks) // 10)).isoformat().replace("+00:00", "Z")


def _date_time(model: Any, text: str) -> Any:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        msg = f"'{text}' is not a date and time: write ISO 8601, such as 2026-01-31T06:00:00Z."
        raise Problem("plcsim.argument", msg, kind=Kind.REFUSED) from None
    aware = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment
    return model.DateTime((aware - _YEAR_ONE) // dt.timedelta(microseconds=1) * 10)


# -- network --------------------------------------------------------------------------


def network(simulation: Simulation, name: str | None) -> InstanceNetwork:
    """Return how an instance is reached."""
    handle = simulation.handle(name)
    with handle.look() as api:
        suites = [
            Interface(
                number, *(str(part.IPString) for part in (suite.IPAddress, suite.SubnetMask, suite.DefaultGateway))
            )
            for number, suite in enumerate(api.ControllerIPSuite4)
        ]
        return InstanceNetwork(
            handle.name,
            str(api.ControllerName or ""),
            str(api.ControllerShortDesignation or ""),
            enum_name(api.CommunicationInterface),
            suites,
        )


def set_network(simulation: Simulation, name: str | None, interface: Interface, *, remanent: bool) -> InstanceNetwork:
    """Set the IP suite of an interface of an instance that is on.

    Raises:
        Problem: It is off, has no such interface, an address is none, or another instance has it.
    """
    suite = (interface.ip_address, interface.subnet_mask, interface.default_gateway)
    for address in suite:
        _require_address(address)
    handle = simulation.handle(name)
    addresses.require_free(simulation, interface.ip_address, handle.name)
    with handle.use() as api:
        api.SetIPSuite(interface.id, simulation.model.SIPSuite4(*suite), remanent)
    return network(simulation, name)


def _require_address(text: str) -> None:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        raise Problem("plcsim.argument", f"'{text}' is not an IPv4 address.", kind=Kind.REFUSED) from None


# -- memory card ----------------------------------------------------------------------


def archive(simulation: Simulation, name: str | None, file: Path) -> Path:
    """Write the virtual memory card of an instance that is off to a new ZIP file."""
    handle = simulation.handle(name)
    with handle.use() as api:
        api.ArchiveStorage(str(file))
    return file


def retrieve(simulation: Simulation, name: str | None, file: Path) -> InstanceConfig:
    """Take the virtual memory card of an instance that is off from a ZIP file of PLCSIM Advanced."""
    handle = simulation.handle(name)
    with handle.use() as api:
        api.RetrieveStorage(str(file))
    return config(simulation, name)
