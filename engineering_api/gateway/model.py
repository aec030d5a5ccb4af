"""The object model of a machine without TIA Portal: the gateway's own. It has no portals, and says where they are."""

from __future__ import annotations

from typing import Any

from engineering_api.operations.elsewhere import elsewhere
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
        raise elsewhere("TIA Portal")


def _find(name: str) -> Any:
    if name == "TiaPortal":
        return _TiaPortal
    raise elsewhere("TIA Portal")


def _plcsim() -> Model:
    raise elsewhere("PLCSIM Advanced")
