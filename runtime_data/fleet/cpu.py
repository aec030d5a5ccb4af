"""What is known of one CPU of the fleet."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import msgspec

from engineering_api.operations.fields import Model
from openness_bridge.errors import Problem
from openness_bridge.plcsim.runtime import OperatingState
from runtime_data.sources.about import BackingUp, Cpu, CpuAbout
from runtime_data.sources.source import Source, State

ProgramState = Annotated[Literal["same", "changed", "unknown"], msgspec.Meta(title="FleetProgramState")]
NOT_NOTED = "No checksum was noted after a download: note the present one."
NOT_COMPARED = "Fleet does not ask TIA Portal: compare the program with the project by online comparison."


class Noted(msgspec.Struct, rename="camel", frozen=True):
    """The checksum of the program that was downloaded last.

    Attributes:
        checksum: Of the program.
        at: When it was noted, in UTC.
    """

    checksum: str
    at: str


class FleetDevice(Model):
    """The device of the open project that has the name of a CPU.

    Attributes:
        name: Its name.
        order_number: In the project.
        firmware: In the project.
        matches: Whether order number and firmware are those of the CPU; null where the CPU does not say them.
    """

    name: str
    order_number: str
    firmware: str
    matches: bool | None


class FleetCpu(Model):
    """A CPU.

    Attributes:
        source: The source; empty for a device of the open project without one.
        kind: Of the source; empty without one.
        message: Why it is not connected, or has no source; empty otherwise.
        order_number: As the CPU says it; empty where it does not.
        firmware: As the CPU says it.
        checksum: Of the program that it executes; empty where it is not known.
        program: Whether that is the program that was downloaded last.
        program_message: Why that is unknown; empty otherwise.
        noted: The checksum of the last download; null where none was noted.
        project_program: Whether the program is that of the open project; it is always unknown here.
        project_message: How to compare both.
        certificate_expires: When the certificate of its connection ends; empty where it has none.
        certificate_days: Days until then, negative after it; null where it has none.
        backup: Whether the source makes backups.
        backup_message: Why not; empty otherwise.
        device: The device of the open project; null where there is none.
    """

    source: str
    kind: str
    state: State
    message: str
    operating_state: OperatingState | Literal[""]
    order_number: str
    firmware: str
    checksum: str
    program: ProgramState
    program_message: str
    noted: Noted | None
    project_program: ProgramState
    project_message: str
    certificate_expires: str
    certificate_days: int | None
    backup: bool
    backup_message: str
    device: FleetDevice | None


def describe(source: Source, noted: Noted | None, device: FleetDevice | None, now: dt.datetime) -> FleetCpu:
    """Return what is known of the CPU of a source. It waits for the CPU."""
    status, about, failure = source.status(), CpuAbout(), ""
    if isinstance(source, Cpu) and status.state != "failed":
        try:
            about = source.about()
        except Problem as problem:
            failure = problem.message
    state, why = compare(about, noted)
    makes = isinstance(source, BackingUp) and not about.no_backup
    return FleetCpu(
        source=source.name,
        kind=source.kind,
        state="failed" if failure else status.state,
        message=failure or status.message,
        operating_state=status.operating_state,
        order_number=about.order_number,
        firmware=about.firmware,
        checksum=about.checksum,
        program=state,
        program_message=why or (failure or status.message if state == "unknown" else ""),
        noted=noted,
        project_program="unknown",
        project_message=NOT_COMPARED,
        certificate_expires=about.certificate_expires,
        certificate_days=days_until(about.certificate_expires, now),
        backup=makes,
        backup_message="" if makes else about.no_backup or f"A source of the kind {source.kind} makes no backup.",
        device=None if device is None else _matched(device, about),
    )


def without_source(device: FleetDevice) -> FleetCpu:
    """Return what is known of a device of the open project that has no source."""
    why = "No source has the name of this device: define one."
    return FleetCpu(
        source="",
        kind="",
        state="disconnected",
        message=why,
        operating_state="",
        order_number="",
        firmware="",
        checksum="",
        program="unknown",
        program_message=why,
        noted=None,
        project_program="unknown",
        project_message=NOT_COMPARED,
        certificate_expires="",
        certificate_days=None,
        backup=False,
        backup_message=why,
        device=device,
    )


def compare(about: CpuAbout, noted: Noted | None) -> tuple[ProgramState, str]:
    """Return whether a CPU executes the program that was noted, and why that is unknown."""
    if not about.checksum:
        return "unknown", about.no_checksum
    if noted is None:
        return "unknown", NOT_NOTED
    return ("same" if about.checksum == noted.checksum else "changed"), ""


def days_until(moment: str, now: dt.datetime) -> int | None:
    """Return the whole days until a moment, rounded down; None without one."""
    return None if not moment else (dt.datetime.fromisoformat(moment) - now) // dt.timedelta(days=1)


def _matched(device: FleetDevice, about: CpuAbout) -> FleetDevice:
    if not (about.order_number and about.firmware):
        return device
    same = _plain(about.order_number) == _plain(device.order_number)
    wanted = device.firmware.lstrip("Vv")
    same = same and (about.firmware == wanted or about.firmware.startswith(f"{wanted}."))
    return msgspec.structs.replace(device, matches=same)


def _plain(order_number: str) -> str:
    return "".join(order_number.split()).casefold()
