"""The object model of a machine without TIA Portal: the gateway's own. It has no portals, and says where they are."""

from __future__ import annotations

from typing import Any

from openness_bridge.errors import Kind, Problem
from openness_bridge.model import Model

BACKEND = "gateway"


def create_empty_model() -> Model:
    """Return an object model in which no portal runs and none can be started."""
    return Model("", _find, BACKEND, plcsim=_plcsim)


class _TiaPortal:
    """Lists no processes."""

    @staticmethod
    def GetProcesses() -> tuple[()]:  # noqa: N802 - as in .NET
        return ()

    @staticmethod
    def GetProcess(_: int) -> Any:  # noqa: N802
        raise _elsewhere("TIA Portal")


def _find(name: str) -> Any:
    if name == "TiaPortal":
        return _TiaPortal
    raise _elsewhere("TIA Portal")


def _plcsim() -> Model:
    raise _elsewhere("PLCSIM Advanced")


def require_here(gateway: object) -> None:
    """Refuse what does not go through the queue at a gateway: streams of values, and files, which are on another machine.

    Raises:
        Problem: There is a gateway.
    """
    if gateway is not None:
        raise _elsewhere("TIA Portal")


def _elsewhere(what: str) -> Problem:
    msg = (
        f"A gateway has no {what} and no project files itself, and does not pass this on to a worker: poll values with the "
        "routes that read them, share files by a network folder, or send the request to `tia serve` on that machine."
    )
    return Problem("gateway.not_passed_on", msg, kind=Kind.UNSUPPORTED)
