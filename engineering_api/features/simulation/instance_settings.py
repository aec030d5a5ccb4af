"""Settings of new instances of PLCSIM Advanced: kept in a file of the service, for the runtime manager keeps none."""

from __future__ import annotations

from pathlib import Path

import msgspec

from engineering_api.durable import write_file
from engineering_api.operations.context import Context
from engineering_api.operations.fields import Model
from openness_bridge.plcsim.runtime import member


class RuntimeDefaults(Model):
    """What new instances get; empty is what PLCSIM Advanced does by itself."""

    storage_path: str = ""
    communication_interface: str = ""
    cpu_type: str = ""


def _file(ctx: Context) -> Path:
    return ctx.service.settings.data_dir / "simulation.json"


def defaults(ctx: Context) -> RuntimeDefaults:
    """Return what new instances get."""
    file = _file(ctx)
    return msgspec.json.decode(file.read_bytes(), type=RuntimeDefaults) if file.is_file() else RuntimeDefaults()


def change(
    ctx: Context,
    *,
    storage_path: str | None,
    communication_interface: str | None,
    cpu_type: str | None,
    network_mode: str | None,
) -> None:
    """Change what is not None; all values are checked before anything changes.

    Raises:
        Problem: A value is not known, a path is not allowed, or the network mode cannot be changed now.
    """
    simulation, changed = ctx.service.simulation, defaults(ctx)
    if storage_path is not None:
        changed.storage_path = str(ctx.roots.resolve(storage_path)) if storage_path else ""
    if communication_interface is not None:
        changed.communication_interface = _name(ctx, "ECommunicationInterface", communication_interface)
    if cpu_type is not None:
        changed.cpu_type = _name(ctx, "ECPUType", cpu_type)
    if network_mode is not None:
        simulation.set_network_mode(network_mode)
    write_file(_file(ctx), msgspec.json.encode(changed))


def _name(ctx: Context, type_name: str, text: str) -> str:
    return str(member(ctx.service.simulation.model, type_name, text).ToString()).rstrip("_") if text else ""
