"""Operations that the tests hold and let go, in whichever process they run: files tell what happens.

As a program it is the command line with these operations: `python -m tests.engineering_api.gateway.trial worker --name PC1`.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

from engineering_api import app as wiring
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, secret
from engineering_api.operations.terms import Lock, Reach, Undo
from openness_bridge.errors import Detail, Kind, Place, Problem

VARIABLE = "TRIAL_FOLDER"
trial = Section("Trial", reach=Reach.ALL)


class Ask(Request):
    name: str = ""
    worker: str = ""


class Secretly(Request):
    password: Annotated[str, secret("A password.")] = ""


class Told(Model):
    name: str
    where: str


class Text(Model):
    text: str


class Size(Request):
    length: int = 0


def folder() -> Path:
    return Path(os.environ[VARIABLE])


def _held(ctx: Context, request: Ask) -> Told:
    where = f"V{ctx.service.portals.model.version}"
    with (folder() / "runs").open("a") as runs:
        runs.write(f"{request.name} {where}\n")
    ctx.progress.report(10, "begun")
    while not (folder() / f"go-{request.name}").exists():
        ctx.progress.check()
        time.sleep(0.01)
    ctx.progress.report(90, "nearly done")
    return Told(name=request.name, where=where)


@trial.operation(
    also="POST /trial/hold-sync", also_job="POST /trial/hold", lock=Lock.NONE, destroys=False, undo=Undo.NEEDLESS
)
def hold(ctx: Context, request: Ask) -> Told:
    """Wait until the test lets it go on."""
    return _held(ctx, request)


@trial.operation(also_job="POST /trial/hang", lock=Lock.NONE, changes=False)
def hang(_ctx: Context, request: Ask) -> Told:
    """Never end, wanted or not."""
    with (folder() / "runs").open("a") as runs:
        runs.write(f"{request.name}\n")
    while True:
        time.sleep(0.1)  # time: it hangs


@trial.operation(also="POST /trial/read-sync", also_job="POST /trial/read", lock=Lock.NONE, changes=False)
def read(ctx: Context, request: Ask) -> Told:
    """The same, and it changes nothing."""
    return _held(ctx, request)


@trial.operation(also="POST /trial/quick", lock=Lock.NONE, changes=False)
def quick(ctx: Context, request: Ask) -> Told:
    """Answer at once."""
    return Told(name=request.name, where=f"V{ctx.service.portals.model.version}")


@trial.operation(
    also="POST /trial/count", also_job="POST /trial/count-job", lock=Lock.NONE, destroys=False, undo=Undo.NEEDLESS
)
def count(_ctx: Context, request: Ask) -> Told:
    """Leave a trace: once for each time that it is done."""
    with (folder() / "runs").open("a") as runs:
        runs.write(f"{request.name}\n")
    time.sleep(0.02)  # time: an operation that takes a while
    return Told(name=request.name, where=str(os.getpid()))


@trial.operation(
    also="POST /trial/refuse-sync", also_job="POST /trial/refuse", lock=Lock.NONE, destroys=False, undo=Undo.NEEDLESS
)
def refuse(_ctx: Context, request: Ask) -> Told:
    """Refuse, with all that a refusal can have."""
    details = [Detail("trial.one", "The first.", Place(block="Motor", network=2)), Detail("trial.two", "The second.")]
    raise Problem(
        "trial.refused", f"Not {request.name}.", kind=Kind.CONFLICT, place=Place(device="PLC_1"), details=details
    )


@trial.operation(also="POST /trial/large", lock=Lock.NONE, changes=False)
def large(_ctx: Context, request: Size) -> Text:
    """Answer at length."""
    return Text(text=os.urandom(request.length // 2).hex())


@trial.operation(also="POST /trial/who", lock=Lock.NONE, changes=False)
def who(ctx: Context, _: Nothing) -> Text:
    """Tell who asks, as it is known here."""
    return Text(text=f"{ctx.caller.name} {ctx.caller.right.name} {ctx.caller.client}")


@trial.operation(also="POST /trial/password", lock=Lock.NONE, destroys=False, undo=Undo.NEEDLESS)
def password(_ctx: Context, request: Secretly) -> Text:
    """Tell how long the password is."""
    return Text(text=str(len(request.password)))


def catalogue() -> Catalogue:
    return Catalogue((*wiring.SECTIONS, trial))


def runs() -> list[str]:
    file = folder() / "runs"
    return file.read_text().split("\n")[:-1] if file.exists() else []


if __name__ == "__main__":
    from engineering_api.cli.commands import main

    wiring.catalogue = catalogue
    main()
