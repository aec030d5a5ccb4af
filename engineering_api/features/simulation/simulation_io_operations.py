"""PLCSim Simulation: forced inputs and outputs, faults of modules, and plant models, of a simulated instance.

User code never comes with a request: only the built-in models are added here.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from engineering_api.features.simulation.simulation_instances_operations import ONE, PATH, OnInstance
from engineering_api.features.simulation.simulation_tags_operations import NewValue
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, named
from engineering_api.operations.terms import Lock, Reach, Right, Undo
from openness_bridge.plcsim import simulated_io
from openness_bridge.plcsim.simulated_io import ChannelFault, ForcedOperand, ModuleState, PlantModel

section = Section("PLCSim Simulation", reach=Reach.ALL, lock=Lock.NONE)
OPERAND = "Tag of an input or output, or its address, such as %I0.0 or %QW4."


class Force(OnInstance, kw_only=True):
    """What is forced."""

    values: Annotated[
        list[NewValue], named("The inputs and outputs with their values.", "tags", min_length=1, max_length=200)
    ]


class StopForcing(OnInstance, kw_only=True):
    """What is not forced any more."""

    names: Annotated[list[str], named(f"{OPERAND} All by default.", "tags", max_length=200)] | None = None


class OnModule(OnInstance, kw_only=True):
    """Which module, or which of its channels."""

    module: Annotated[str, named("Name or hardware identifier of the module; that of an IO device is the station.")]
    channel: Annotated[int, named("A channel, from 0; the whole module by default.", ge=0, le=65_535)] | None = None


class Fail(OnModule, kw_only=True):
    """Which module or channel fails, and how."""

    error: Annotated[ChannelFault | None, named("What the channel reports; wireBreak by default.")] = None


ModelType = Annotated[Literal["Drive", "Tank", "Valve"], msgspec.Meta(title="PlantModelType")]
"""The built-in plant models."""
Values = Annotated[
    dict[str, bool | int | float | str], named("Its parameters, such as travel or ramp_up, by name.", max_length=64)
]


class OnModel(OnInstance, kw_only=True):
    """Which plant model."""

    model: Annotated[str, named("Name of the plant model.", min_length=1, max_length=100)]


class AddModel(OnModel, kw_only=True):
    """A new plant model."""

    type: Annotated[ModelType, named("Its type; a built-in one.")]
    bind: Annotated[dict[str, str], named("Tags by the names of its inputs and outputs.", max_length=64)]
    values: Values = msgspec.field(default_factory=dict)


class ChangeModel(OnModel, kw_only=True):
    """Which attributes of a plant model change."""

    values: Values


class Removed(Model):
    """The plant model that was removed."""

    name: str


@section.operation(also=f"GET {PATH}/forces", right=Right.VIEW, changes=False, example=ONE)
def forces(ctx: Context, request: OnInstance) -> list[ForcedOperand]:
    """List the forced inputs and outputs of a simulated instance."""
    return simulated_io.read_forces(ctx.service.simulation.handle(request.name))


@section.operation(
    also=f"POST {PATH}/forces",
    right=Right.OPERATE,
    done="Forced",
    destroys=True,
    undo=Undo.NEVER,
    example=ONE | {"values": [{"name": "bStart", "value": True}]},
)
def force(ctx: Context, request: Force) -> list[ForcedOperand]:
    """Force inputs and outputs of a simulated instance: all, or none.

    A forced input replaces what its module gives, a forced output what the program writes. A STOP, a power cycle and a
    download keep the list; it ends only by stop_forcing.
    """
    values = {each.name: each.value for each in request.values}
    return simulated_io.force(ctx.service.simulation.handle(request.name), values)


@section.operation(
    also=f"POST {PATH}/forces/actions/stop",
    right=Right.OPERATE,
    done="Forcing stopped",
    destroys=True,
    undo=Undo.NEVER,
    example=ONE | {"names": ["bStart"]},
)
def stop_forcing(ctx: Context, request: StopForcing) -> list[ForcedOperand]:
    """Stop forcing inputs and outputs. The answer has those that were forced."""
    return simulated_io.stop_forcing(ctx.service.simulation.handle(request.name), request.names)


@section.operation(also=f"GET {PATH}/modules", right=Right.VIEW, changes=False, example=ONE)
def modules(ctx: Context, request: OnInstance) -> list[ModuleState]:
    """List the modules of a simulated instance with their addresses and faults."""
    return simulated_io.read_modules(ctx.service.simulation.handle(request.name))


@section.operation(
    also=f"POST {PATH}/modules/{{module}}/actions/fail",
    right=Right.OPERATE,
    done="Failed",
    destroys=True,
    undo=Undo.NEVER,
    example=ONE | {"module": "DI 16", "channel": 3, "error": "wireBreak"},
)
def fail(ctx: Context, request: Fail) -> ModuleState:
    """Let a module, a station or a channel of a simulated instance fail.

    OB83, OB86 or OB82 runs; without it an S7-300 or S7-400 goes to STOP. The inputs of a module that does not answer read 0.
    """
    handle = ctx.service.simulation.handle(request.name)
    return simulated_io.fail(handle, request.module, request.channel, request.error)


@section.operation(
    also=f"POST {PATH}/modules/{{module}}/actions/return",
    right=Right.OPERATE,
    done="Returned",
    destroys=True,
    undo=Undo.NEVER,
    example=ONE | {"module": "DI 16", "channel": 3},
)
def return_(ctx: Context, request: OnModule) -> ModuleState:
    """End a fault: plug the module, let the station return, or clear the error of a channel; the same OB runs."""
    handle = ctx.service.simulation.handle(request.name)
    return simulated_io.return_(handle, request.module, request.channel)


BOUND = {"type": "Tank", "bind": {"inflow": "bStart"}, "values": {"area": 0.5}}


@section.operation(also=f"GET {PATH}/models", right=Right.VIEW, changes=False, example=ONE)
def models(ctx: Context, request: OnInstance) -> list[PlantModel]:
    """List the plant models of a simulated instance with their values."""
    return simulated_io.read_models(ctx.service.simulation.handle(request.name))


@section.operation(
    also=f"PUT {PATH}/models/{{model}}",
    right=Right.OPERATE,
    done="Plant model added",
    destroys=True,
    undo=Undo.NEVER,
    example=ONE | {"model": "tank"} | BOUND,
)
def add_model(ctx: Context, request: AddModel) -> PlantModel:
    """Add a built-in plant model, which runs between scans in virtual time; one of the same name is replaced."""
    handle = ctx.service.simulation.handle(request.name)
    return simulated_io.add_model(handle, request.model, request.type, request.bind, request.values)


@section.operation(
    also=f"PATCH {PATH}/models/{{model}}",
    right=Right.OPERATE,
    done="Plant model changed",
    destroys=True,
    undo=Undo.NEVER,
    example=ONE | {"model": "tank", "values": {"level": 1.5}},
)
def change_model(ctx: Context, request: ChangeModel) -> PlantModel:
    """Set attributes of a plant model, such as jammed of a valve or level of a tank."""
    return simulated_io.change_model(ctx.service.simulation.handle(request.name), request.model, request.values)


@section.operation(
    also=f"DELETE {PATH}/models/{{model}}",
    right=Right.OPERATE,
    done="Plant model removed",
    destroys=True,
    undo=Undo.NEVER,
    example=ONE | {"model": "tank"},
)
def remove_model(ctx: Context, request: OnModel) -> Removed:
    """Remove a plant model; the inputs keep the values that it gave last."""
    simulated_io.remove_model(ctx.service.simulation.handle(request.name), request.model)
    return Removed(name=request.model)
