"""Project Operations: the demo project, on the simulated TIA Portal only."""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path

import msgspec

from engineering_api.execution.refusals import Refusals
from engineering_api.execution.runner import Runner
from engineering_api.features.projects.demo import steps
from engineering_api.features.projects.demo.steps import DEVICE, EXAMPLE, INSTANCE, Step
from engineering_api.files.examples import find_example
from engineering_api.operations.binding import bind_document
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing
from engineering_api.operations.terms import Lock, Place, Reach, Right, Undo
from openness_bridge.errors import Kind, Problem
from openness_bridge.project.projects import ProjectRef
from runtime_data.runtime import Runtime

section = Section("Project Operations", reach=Reach.ALL)
NAME = "Conveyor"
SIMULATED = "fake"
PATIENCE = 30.0
"""Seconds in which the program sees the start button."""
LIMIT = 300.0
"""Seconds of one step."""


class Demo(Model):
    """The demo project.

    Attributes:
        device_name: Its PLC.
        source: The simulated PLC that runs the program, and the source of its values.
        tests: The folder with its test files; one of the tests fails.
    """

    project: ProjectRef
    device_name: str
    source: str
    tests: str


@section.operation(
    also="POST /api/projects/actions/create-demo-sync",
    also_job="POST /api/projects/actions/create-demo",
    right=Right.OPERATE,
    lock=Lock.NONE,
    place=Place.LOOP,
    destroys=False,
    undo=Undo.NEVER,
    done="Demo project created",
    no_tool="it is for people who see the service for the first time",
)
async def create(ctx: Context, _request: Nothing) -> Demo:
    """Create the demo project and run it: a conveyor on a simulated PLC, with plant model, trend, alarm, watch table and tests.

    It works with the simulated TIA Portal only. One test fails, because the run lamp is on although the belt does not run.
    """
    service = ctx.service
    ctx.require(
        service.portals.model.backend == SIMULATED,
        "demo.not_simulated",
        "The demo project needs the simulated TIA Portal: start a second server with 'tia demo --open'.",
        Kind.REFUSED,
    )
    taken = {each.name.casefold() for each in await asyncio.to_thread(service.simulation.instances)}
    ctx.require(
        INSTANCE.casefold() not in taken,
        "demo.exists",
        f"There is a simulated PLC '{INSTANCE}' already: open the demo project, or delete the PLC first.",
        Kind.CONFLICT,
    )
    folder = find_example(EXAMPLE)
    todo = list(steps.steps(folder, _free_name(ctx)))
    project = msgspec.json.decode(await _do(ctx, todo[0]), type=ProjectRef)
    for number, step in enumerate(todo[1:], 1):
        ctx.progress.report(100 * number / (len(todo) + 1), step.title)
        await _do(ctx, step)
    await _see_start(ctx)
    await _do(ctx, steps.release())
    tests = Path(project.path).parent / "tests"
    await asyncio.to_thread(shutil.copytree, folder / "tests", tests, dirs_exist_ok=True)
    return Demo(project=project, device_name=DEVICE, source=INSTANCE, tests=str(tests))


def _free_name(ctx: Context) -> str:
    """Return the name of a project that is not there yet."""
    folder = ctx.roots.resolve("projects")
    names = (NAME, *(f"{NAME}_{number}" for number in range(2, 1000)))
    return next(name for name in names if not (folder / name).exists())


async def _do(ctx: Context, step: Step) -> bytes:
    """Do a step as the caller.

    Raises:
        Problem: It was refused or failed, or takes too long.
    """
    op = ctx.service.catalogue.of(step.operation)
    await ctx.service.part(Refusals).require(ctx.caller, op)
    try:
        answer = await ctx.service.part(Runner).wait(
            op, bind_document(op.request, step.arguments), ctx.caller, ctx.instance, limit=LIMIT, within=ctx.progress
        )
    except Problem as problem:
        if step.known and problem.code == step.known:
            return b"null"
        raise
    if isinstance(answer, str):
        msg = f"'{step.title}' takes longer than {LIMIT:.0f} s: it continues as the job {answer}."
        raise Problem("demo.slow", msg, kind=Kind.UNAVAILABLE)
    return answer


async def _see_start(ctx: Context) -> None:
    """Wait until the program has seen the start button.

    Raises:
        Problem: It does not.
    """
    tag = f"{INSTANCE}:Run_Request"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        (value,) = await ctx.service.part(Runtime).read(ctx.caller, [tag])
        if value.value is True:
            return
        await asyncio.sleep(0.02)
    raise Problem("demo.not_running", "The program of the demo project does not run.", kind=Kind.FAILED)
