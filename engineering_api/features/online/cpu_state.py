"""The operating state of a PLC's CPU: of a simulated one through PLCSIM Advanced, of a real one through a source of the kind webapi.

Openness has no command for it. What is asked of TIA Portal is asked on its thread; a real CPU is asked in a worker thread, so
that one that does not answer keeps nobody from TIA Portal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from engineering_api.operations.context import Context
from openness_bridge.errors import Kind, Problem
from openness_bridge.hardware import interfaces
from openness_bridge.lookup import locate_plc
from openness_bridge.online import plc_instance
from openness_bridge.online.plc_instance import UNKNOWN, WEB_API, CpuStatus
from openness_bridge.portal.portal import Session
from runtime_data.runtime import Runtime
from runtime_data.sources.webapi.source import NAME, WebApiSource

T = TypeVar("T")


def status(ctx: Context, device: str) -> CpuStatus:
    """Return the state of a PLC's CPU; unknown where neither PLCSIM Advanced nor a source knows it.

    Raises:
        Problem: There is no such PLC, or the CPU of the source does not answer.
    """
    found = ctx.session.call(lambda: plc_instance.status(ctx.session, ctx.service.simulation, device))
    source = None if found.cpu_state != UNKNOWN else _find_source(ctx, device)
    if source is None:
        return found
    return msgspec.structs.replace(found, cpu_state=source.cpu.state(), source=WEB_API)


def start(ctx: Context, device: str) -> CpuStatus:
    """Set a CPU to RUN.

    Raises:
        Problem: Neither PLCSIM Advanced nor a source knows the CPU (cpu.no_command), or it is refused.
    """
    return _change(ctx, device, plc_instance.start, run=True)


def stop(ctx: Context, device: str) -> CpuStatus:
    """Set a CPU to STOP.

    Raises:
        Problem: As `start`.
    """
    return _change(ctx, device, plc_instance.stop, run=False)


def _change(ctx: Context, device: str, simulated: Callable[..., CpuStatus], *, run: bool) -> CpuStatus:
    try:
        return ctx.session.call(lambda: simulated(ctx.session, ctx.service.simulation, device))
    except Problem as problem:
        source = _find_source(ctx, device) if problem.code == plc_instance.NO_COMMAND else None
        if source is None:
            raise
    found = ctx.session.call(lambda: plc_instance.status(ctx.session, ctx.service.simulation, device))
    return msgspec.structs.replace(found, cpu_state=source.cpu.change_state(run=run), source=WEB_API)


def _find_source(ctx: Context, device: str) -> WebApiSource | None:
    """Return the source of a PLC's CPU: the one that names the PLC, else the one whose host is an address of the PLC.

    Raises:
        Problem: Several sources are (cpu.several_sources).
    """
    sources = ctx.service.part(Runtime).sources
    known = [sources.find(each.name) for each in sources.definitions().values() if each.kind == NAME]
    if not known:
        return None
    names, addresses = ctx.session.call(lambda: _names_of(ctx.session, device))
    mine = [each for each in known if isinstance(each, WebApiSource)]
    found = [each for each in mine if each.connection.device.casefold() in names]
    found = found or [each for each in mine if not each.connection.device and each.connection.host in addresses]
    if len(found) > 1:
        which = " and ".join(f"'{each.name}'" for each in found)
        msg = f"The sources {which} are of the CPU of '{device}': set device in the connection of one of them."
        raise Problem("cpu.several_sources", msg, kind=Kind.CONFLICT).at(device=device)
    return found[0] if found else None


def _names_of(session: Session, device: str) -> tuple[set[str], set[str]]:
    """Return the names of a PLC without regard to case, and its IP addresses. On the portal's thread."""
    found = locate_plc(session, device)
    names = {device.casefold(), str(found.cpu.Name).casefold(), str(found.device.Name).casefold()}
    return names, set(interfaces.addresses(session, found.device))
