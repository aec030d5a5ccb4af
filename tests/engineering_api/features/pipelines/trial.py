"""A section of trial operations, which hold, fail and record their calls, and the pipelines that call them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Annotated, Any

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Request, named, secret
from engineering_api.operations.terms import Lock, Reach, Right, Undo
from openness_bridge.errors import Detail, Kind, Place, Problem
from tests.support.service import Client

trial = Section("Trial", reach=Reach.ALL)


class Bench:
    """What the trial operations do and have done."""

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.callers: list[tuple[str, Right]] = []
        self.started, self.gate, self.stopped = threading.Event(), threading.Event(), threading.Event()
        self.failures = 0
        self.stubborn = False


bench = Bench()


class Ask(Request, kw_only=True):
    text: Annotated[str, named("Anything.")] = ""
    number: Annotated[int, named("A number.")] = 0
    deep: Annotated[dict[str, Any], named("Anything.")] = {}
    password: Annotated[str, secret("A password.")] = ""


class Told(Model):
    text: str
    number: int
    deep: dict[str, Any]


@trial.operation(
    also="POST /trial/echo/{text}",
    lock=Lock.NONE,
    example={"text": "x"},
    done="Echoed",
    destroys=False,
    undo=Undo.NEEDLESS,
)
def echo(ctx: Context, request: Ask) -> Told:
    """Answer what was asked."""
    bench.calls.append(request)
    bench.callers.append((ctx.caller.name, ctx.caller.right))
    return Told(text=request.text, number=request.number, deep=request.deep)


@trial.operation(also="POST /trial/flaky", lock=Lock.NONE, destroys=False, undo=Undo.NEEDLESS)
def flaky(_ctx: Context, request: Ask) -> Told:
    """Fail as often as the test wants."""
    bench.calls.append(request)
    if bench.failures > 0:
        bench.failures -= 1
        place = Place(device="PLC_1", line=3)
        raise Problem(
            "trial.refused",
            "Not now.",
            kind=Kind.CONFLICT,
            place=place,
            details=[Detail("trial.why", "Because.", place)],
        )
    return Told(text=request.text, number=request.number, deep={})


@trial.operation(also="POST /trial/hold", lock=Lock.NONE, destroys=False, undo=Undo.NEEDLESS)
def hold(ctx: Context, request: Ask) -> Told:
    """Wait until the test lets it go on."""
    bench.calls.append(request)
    ctx.progress.report(40, "holding")
    bench.started.set()
    while not bench.gate.wait(0.01):
        if not bench.stubborn:
            try:
                ctx.progress.check()
            except BaseException:
                bench.stopped.set()
                raise
    return Told(text=request.text, number=request.number, deep={})


@trial.operation(also="POST /trial/admin", lock=Lock.NONE, right=Right.ADMINISTER, destroys=False, undo=Undo.NEEDLESS)
def admin(_ctx: Context, request: Ask) -> Told:
    """Do what only an administrator may."""
    bench.calls.append(request)
    return Told(text="", number=0, deep={})


def step(name: str, action: str = "trial.echo", **more: Any) -> dict[str, Any]:
    return {"name": name, "action": action} | more


def keep(client: Client, *steps: dict[str, Any], name: str = "P", **more: Any) -> Any:
    return client.ok("POST", "/api/pipelines", {"name": name, "steps": list(steps)} | more)


def run(client: Client, name: str = "P", **variables: Any) -> Any:
    """The execution of a run as a job, once it has ended."""
    started = client.ok("POST", f"/api/pipelines/{name}/run", {"variables": variables})
    job = client.ended(started["jobId"])
    assert job["status"] == "Completed", job
    assert job["result"]["id"] == started["executionId"]
    assert job["result"] == client.ok("GET", f"/api/pipelines/executions/{started['executionId']}")
    return job["result"]


def statuses(execution: Any) -> list[str]:
    return [each["status"] for each in execution["stepResults"]]


def until(look: Callable[[], Any], seconds: float = 90) -> Any:
    """What a look sees, once it sees something."""
    end = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < end, "nothing was seen in time"
        time.sleep(0.02)
    return seen
