"""Which virtual controller of PLCSIM Advanced a PLC of the project runs on.

Openness has no command for the operating state of a CPU and no live values, so both go through PLCSIM Advanced where
there is one with the address or the name of the PLC. Facts: docs/facts/openness.md#what-openness-cannot-do.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from openness_bridge.errors import Kind, Problem
from openness_bridge.hardware import interfaces
from openness_bridge.lookup import locate_plc
from openness_bridge.online import online
from openness_bridge.online.online import OnlineState
from openness_bridge.plcsim import instances
from openness_bridge.plcsim.runtime import OperatingState, RegisteredInstance, Simulation
from openness_bridge.portal.portal import Session

CpuState = OperatingState | Literal["unknown"]
UNKNOWN: Literal["unknown"] = "unknown"
WEB_API: Literal["Web API"] = "Web API"
NO_COMMAND = "cpu.no_command"


class CpuStatus(msgspec.Struct, rename="camel", frozen=True):
    """The state of a CPU.

    Attributes:
        online_state: Its online state in TIA Portal.
        cpu_state: unknown without a source.
        source: The source of the state: PLCSIM Advanced, the Web API of a real CPU, or nothing.
        instance: The virtual controller, if it is one.
    """

    device: str
    online_state: OnlineState
    is_online: bool
    cpu_state: CpuState
    source: Literal["PLCSIM Advanced", "Web API", ""]
    instance: str | None


def find(session: Session, simulation: Simulation, device: str) -> RegisteredInstance | None:
    """Return the virtual controller of a PLC: the one with its address, else the one that was loaded under its name.

    Raises:
        Problem: There is no such PLC.
    """
    found = locate_plc(session, device)
    addresses = interfaces.addresses(session, found.device)
    try:
        registered = simulation.instances()
    except Problem as problem:
        if problem.kind not in (Kind.UNSUPPORTED, Kind.UNAVAILABLE):
            raise
        return None
    named = (each for each in registered if each.controller_name.casefold() == str(found.cpu.Name).casefold())
    return next((each for each in registered if set(each.addresses) & set(addresses)), next(named, None))


def name(session: Session, simulation: Simulation, device: str, what: str) -> str:
    """Return the name of the virtual controller of a PLC.

    Args:
        session: The portal.
        simulation: PLCSIM Advanced.
        device: The PLC.
        what: Its purpose, for the sentence of the refusal.

    Raises:
        Problem: No virtual controller has the PLC's address or name.
    """
    found = find(session, simulation, device)
    if found is None:
        msg = (
            f"{what} is not part of Openness: it needs a PLCSIM Advanced instance with the IP address of '{device}', or a source "
            "of the kind webapi for its CPU: POST /api/runtime/sources with the CPU's IP address as the host of the connection."
        )
        raise Problem(NO_COMMAND, msg, kind=Kind.UNSUPPORTED).at(device=device)
    return found.name


def status(session: Session, simulation: Simulation, device: str) -> CpuStatus:
    """Return the state of a PLC's CPU, as far as it is known."""
    stands = online.status(session, device)
    found = find(session, simulation, device)
    if found is None:
        return CpuStatus(stands.device, stands.state, stands.is_online, UNKNOWN, "", None)
    return CpuStatus(
        stands.device, stands.state, stands.is_online, found.operating_state, "PLCSIM Advanced", found.name
    )


def start(session: Session, simulation: Simulation, device: str) -> CpuStatus:
    """Set the CPU to RUN.

    Raises:
        Problem: It is no virtual controller, it is off, or it has no program.
    """
    instances.run(simulation, name(session, simulation, device, "Starting a CPU"))
    return status(session, simulation, device)


def stop(session: Session, simulation: Simulation, device: str) -> CpuStatus:
    """Set the CPU to STOP.

    Raises:
        Problem: It is no virtual controller, or it is off.
    """
    instances.stop(simulation, name(session, simulation, device, "Stopping a CPU"))
    return status(session, simulation, device)
