"""The object model of a machine without TIA Portal: the gateway's own. It has no portals, and says where they are."""

from __future__ import annotations

from typing import Any

from openness_bridge.errors import Problem
from openness_bridge.loader import Model

BACKEND = "gateway"


def without_portals() -> Model:
    """An object model in which no portal runs and none can be started."""
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
    """Refuse a stream of values at a gateway: what it reads again and again is on another machine.

    Raises:
        Problem: There is a gateway.
    """
    if gateway is not None:
        raise _elsewhere("TIA Portal")


def _elsewhere(what: str) -> Problem:
    msg = (f"A gateway has no {what} itself, and this cannot be passed on to a worker: read the values again and again by the "
           "routes that wait, or ask the worker's machine by a server of its own.")  # fmt: skip
    return Problem("gateway.not_passed_on", msg, status=501)
