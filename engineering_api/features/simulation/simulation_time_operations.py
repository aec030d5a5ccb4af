"""PLCSim Simulation: virtual time of an instance, and traces of tags over it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from engineering_api.features.simulation import simulation_instances_operations
from engineering_api.features.simulation.simulation_instances_operations import ONE, PATH, OnInstance
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, named, path_field
from engineering_api.operations.terms import Lock, Reach, Right, Undo
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.plcsim import time as plcsim_time
from openness_bridge.plcsim import trace, trace_file
from openness_bridge.plcsim.instances import InstanceState
from openness_bridge.plcsim.time import Advance
from openness_bridge.plcsim.trace import TraceData
from simatic_xml.lazy import import_later
from simatic_xml.program.types.types import Elementary

if TYPE_CHECKING:
    from simatic_xml.program.types import values as literals
else:
    literals = import_later("simatic_xml.program.types.values")


section = Section("PLCSim Simulation", reach=Reach.ALL, lock=Lock.NONE)
LONGEST_NS = 366 * 24 * 3600 * 1_000_000_000
DURATION = "Virtual time: milliseconds, or a text such as 2s, 1m30s, 500ms or T#1h."


class RunCycles(OnInstance, kw_only=True):
    """How many cycles."""

    cycles: Annotated[int, named("How many cycles.", "count", "n", ge=1, le=1_000_000)] = 1
    cycle_time_ms: (
        Annotated[
            float, named("Virtual time from one cycle to the next; that of the project by default.", ge=0, le=6000)
        ]
        | None
    ) = None


class RunFor(OnInstance, kw_only=True):
    """How long."""

    duration: Annotated[float | str, named(DURATION, "time", "durationMs")]


class Scale(OnInstance, kw_only=True):
    """How fast."""

    factor: Annotated[float, named("Virtual seconds in a real one, 0.01 to 100.", "scaleFactor", ge=0.01, le=100)]


class StartTrace(OnInstance, kw_only=True):
    """What is traced, and how."""

    tags: Annotated[list[str], named("Names of the tags.", "names", min_length=1, max_length=1000)]
    interval: Annotated[float | str, named(f"Between two samples; 0 is each cycle. {DURATION}", "intervalMs")] = 0
    limit: Annotated[int, named("Samples that are kept; the oldest are dropped then.", ge=1, le=1_000_000)] = 100_000
    change_only: Annotated[bool, named("Take only samples that differ from the one before.", "changesOnly")] = False


class ExportTrace(OnInstance, kw_only=True):
    """Which trace, to which file."""

    export_path: Annotated[
        str,
        path_field("A new .csv file on the server, inside its allowed folders.", "path", "filePath", writes=True),
    ]
    overwrite: Annotated[bool, named("Replace an existing file.", destroys=True, vendor=True)] = False


class TraceCsv(Model):
    """The file of a trace; its size is in bytes."""

    path: str
    size: int
    samples: int


class ReadTrace(OnInstance, kw_only=True):
    """Which samples."""

    after: Annotated[
        int, named("Number of the last sample that is known; the answer has the samples after it.", ge=0)
    ] = 0


@section.operation(
    also=f"POST {PATH}/actions/run-cycles",
    done="Cycles done",
    destroys=False,
    undo=Undo.NEEDLESS,
    example=ONE | {"cycles": 10},
)
def run_cycles(ctx: Context, request: RunCycles) -> Advance:
    """Run a number of cycles of an instance in RUN; then its time is frozen. The job can be cancelled."""
    return plcsim_time.run_cycles(
        ctx.service.simulation, request.name, request.cycles, request.cycle_time_ms, ctx.progress.report
    )


@section.operation(
    also=f"POST {PATH}/actions/run-for",
    done="Time passed",
    destroys=False,
    undo=Undo.NEEDLESS,
    example=ONE | {"duration": "2s"},
)
def run_for(ctx: Context, request: RunFor) -> Advance:
    """Let virtual time pass for an instance in RUN; then it is frozen at the end of a cycle."""
    nanoseconds = _nanoseconds(request.duration, "/duration")
    return plcsim_time.run_for(ctx.service.simulation, request.name, nanoseconds, ctx.progress.report)


@section.operation(also=f"POST {PATH}/actions/step", done="Cycle done", example=ONE, destroys=False, undo=Undo.NEEDLESS)
def step(ctx: Context, request: OnInstance) -> Advance:
    """Run one cycle of an instance in RUN; then its time is frozen."""
    return plcsim_time.step(ctx.service.simulation, request.name)


@section.operation(
    also=f"POST {PATH}/actions/freeze",
    done="Time frozen",
    example=ONE,
    destroys=False,
    undo=Undo.NEEDLESS,
)
def freeze(ctx: Context, request: OnInstance) -> InstanceState:
    """Freeze the time of an instance. An instance in STOP freezes before its first cycle."""
    return plcsim_time.freeze(ctx.service.simulation, request.name)


@section.operation(
    also=f"POST {PATH}/actions/resume",
    done="Time passes",
    example=ONE,
    destroys=False,
    undo=Undo.NEEDLESS,
)
def resume(ctx: Context, request: OnInstance) -> InstanceState:
    """Let the time of an instance run freely again."""
    return plcsim_time.resume(ctx.service.simulation, request.name)


@section.operation(
    also=f"PUT {PATH}/scale-factor",
    done="Scale factor set",
    destroys=False,
    undo=Undo.NEEDLESS,
    example=ONE | {"factor": 10},
)
def set_scale(ctx: Context, request: Scale) -> InstanceState:
    """Let time pass faster or slower than real time, while it runs freely."""
    return plcsim_time.set_scale(ctx.service.simulation, request.name, request.factor)


@section.operation(
    also=f"POST {PATH}/trace/start",
    resource=simulation_instances_operations.state,
    done="Trace started",
    destroys=True,
    undo=Undo.NEVER,
    example=ONE | {"tags": ["bStart", "Motor_Data.speed"], "interval": "100ms"},
)
def start_trace(ctx: Context, request: StartTrace) -> TraceData:
    """Record tags over virtual time: after each cycle or interval; an older trace of the instance ends."""
    interval = _nanoseconds(request.interval, "/interval")
    return trace.start(
        ctx.service.simulation, request.name, request.tags, interval, request.limit, change_only=request.change_only
    )


@section.operation(also=f"GET {PATH}/trace", right=Right.VIEW, changes=False, example=ONE)
def read_trace(ctx: Context, request: ReadTrace) -> TraceData:
    """Read the samples of a trace, while it is taken and afterwards."""
    return trace.read(ctx.service.simulation, request.name, request.after)


@section.operation(
    also=f"POST {PATH}/trace/stop",
    done="Trace stopped",
    example=ONE,
    destroys=False,
    undo=Undo.NEEDLESS,
)
def stop_trace(ctx: Context, request: OnInstance) -> TraceData:
    """End a trace. Its samples can still be read."""
    return trace.stop(ctx.service.simulation, request.name)


@section.operation(
    also=f"POST {PATH}/trace/actions/export",
    right=Right.VIEW,
    destroys=False,
    undo=Undo.NEEDLESS,
    example=ONE | {"exportPath": "traces/PLC_1.csv"},
    done="Trace exported",
)
def export_trace(ctx: Context, request: ExportTrace) -> TraceCsv:
    """Write a trace to a CSV file, which a PLC test can replay."""
    is_table = Path(request.export_path).suffix.lower() == ".csv"
    ctx.require(is_table, "file.wrong_kind", f"'{request.export_path}' must end with .csv.", Kind.REFUSED)
    path = ctx.roots.new(request.export_path, overwrite=request.overwrite)
    found = trace.read(ctx.service.simulation, request.name)
    content = trace_file.dump(found.channels, found.samples).encode()
    ctx.roots.write(path, content)
    return TraceCsv(path=str(path), size=len(content), samples=len(found.samples))


def _nanoseconds(given: float | str, pointer: str) -> int:
    """A duration in nanoseconds.

    Raises:
        Problem: It is none, negative, or longer than a year.
    """
    nanoseconds = _read(given.strip()) if isinstance(given, str) else given * 1e6
    if nanoseconds is None or not 0 <= nanoseconds <= LONGEST_NS:
        msg = f"'{given}' is not a duration up to a year. {DURATION}"
        raise Problem("request.duration", msg, kind=Kind.INVALID, place=Place(pointer=pointer))
    return round(nanoseconds)


def _read(text: str) -> float | None:
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text) * 1e6
    found = literals.literal(text if "#" in text else f"LT#{text}")
    if found is None or not isinstance(found[1], Elementary) or not found[1].unit:
        return None
    return float(found[0]) * found[1].unit
