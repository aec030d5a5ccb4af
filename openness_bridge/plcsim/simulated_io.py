"""Forces, and faults of modules, of a simulated instance.

A real instance has no such type (`SimulationIo`): its forces are those of the force table in TIA Portal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.plcsim.runtime import Handle

T = TypeVar("T")
TYPE = "SimulationIo"
ChannelFault = Annotated[
    Literal[
        "shortCircuit",
        "undervoltage",
        "overvoltage",
        "overload",
        "overtemperature",
        "wireBreak",
        "upperLimit",
        "lowerLimit",
        "error",
    ],
    msgspec.Meta(title="ChannelFault"),
]
"""What a channel of a module reports."""
_NOT_HERE = (
    "A real PLCSIM Advanced has no interface for this: use the force table in TIA Portal, or the dialogs of PLCSIM Advanced. "
    "The simulated one (--backend fake) has it."
)
_REFUSALS: dict[str, tuple[str, Kind]] = {
    "path.unknown": ("force.not_found", Kind.MISSING),
    "path.range": ("force.operand", Kind.REFUSED),
    "force.operand": ("force.operand", Kind.REFUSED),
    "value.type": ("force.value", Kind.REFUSED),
    "value.range": ("force.value", Kind.REFUSED),
    "force.refused": ("force.refused", Kind.CONFLICT),
    "force.missing": ("force.missing", Kind.MISSING),
    "module.missing": ("module.missing", Kind.MISSING),
    "module.state": ("module.state", Kind.CONFLICT),
    "module.channel": ("module.channel", Kind.REFUSED),
    "module.invalid": ("module.invalid", Kind.REFUSED),
    "plant.missing": ("plant.missing", Kind.MISSING),
    "plant.type": ("plant.type", Kind.REFUSED),
    "plant.model": ("plant.model", Kind.REFUSED),
    "state": ("plcsim.state", Kind.CONFLICT),
}
"""Code and kind of a problem by the code of the simulated controller."""


class ForcedOperand(msgspec.Struct, rename="camel", frozen=True):
    """A forced input or output.

    Attributes:
        name: The tag or address, as it was named.
        address: Its address, such as %I0.0:P.
        value: The forced value.
        output: Whether it is an output.
    """

    name: str
    address: str
    data_type: str
    value: bool | int | float | str
    output: bool


class FaultyChannel(msgspec.Struct, rename="camel", frozen=True):
    """A channel that reports an error; channels count from 0."""

    channel: int
    error: ChannelFault


class ModuleState(msgspec.Struct, rename="camel", frozen=True):
    """A module of an instance.

    Attributes:
        identifier: Its hardware identifier.
        station: Hardware identifier of the device that it belongs to; its own for a device, 0 in the CPU's own rack.
        input_start: Its first byte among the inputs; `output_start` among the outputs.
        input_bytes: How many input bytes it has; `output_bytes` of outputs.
        present: Whether it answers.
        disabled: Whether the program has deactivated it (D_ACT_DP).
        channels: The channels that report an error.
    """

    identifier: int
    name: str
    station: int
    slot: int
    input_start: int
    input_bytes: int
    output_start: int
    output_bytes: int
    present: bool
    disabled: bool
    channels: list[FaultyChannel]


class PlantModel(msgspec.Struct, rename="camel", frozen=True):
    """A plant model of an instance.

    Attributes:
        bind: Tags by the names of its inputs and outputs.
        values: Its inputs, outputs and parameters.
    """

    name: str
    type: str
    bind: dict[str, str]
    values: dict[str, bool | int | float | str]


def read_forces(handle: Handle) -> list[ForcedOperand]:
    """Return the forced inputs and outputs of an instance, in the order in which they were forced.

    Raises:
        Problem: It is a real instance.
    """
    return _forced(_call(handle, lambda io, api: io.Forces(api)))


def force(handle: Handle, values: Mapping[str, Any]) -> list[ForcedOperand]:
    """Force inputs and outputs: all, or none.

    Args:
        handle: The instance; it is on.
        values: By tag, or by address such as %I0.0 or %QW4.

    Raises:
        Problem: One cannot be forced; the problem names candidates for a wrong name.
    """
    return _forced(_call(handle, lambda io, api: io.Force(api, dict(values))))


def stop_forcing(handle: Handle, names: Sequence[str] | None = None) -> list[ForcedOperand]:
    """Stop forcing operands, without names all of them; return those that were forced.

    Raises:
        Problem: One is not forced; then all stay.
    """
    return _forced(_call(handle, lambda io, api: io.StopForcing(api, None if names is None else list(names))))


def read_modules(handle: Handle) -> list[ModuleState]:
    """Return the modules of an instance with their faults, by hardware identifier."""
    return [_module(each) for each in _call(handle, lambda io, api: io.Modules(api))]


def add_modules(handle: Handle, modules: Sequence[Mapping[str, Any]]) -> None:
    """Add modules to those of the hardware configuration.

    Args:
        handle: The instance.
        modules: `identifier`, `name`, `inputs` and `outputs` as ranges of bytes, `analog`, `station`, `slot`.
    """
    _call(handle, lambda io, api: io.AddModules(api, list(modules)))


def fail(handle: Handle, module: str, channel: int | None = None, error: str | None = None) -> ModuleState:
    """Let a module, a station or a channel fail.

    Args:
        handle: The instance; it is on.
        module: Name or hardware identifier; that of a device lets the whole station fail.
        channel: The channel that reports an error; without it the module does not answer any more.
        error: What the channel reports; a wire break by default.

    Raises:
        Problem: There is no such module or channel, or it has failed already.
    """
    if channel is None and error is not None:
        msg = "Name the channel that reports the error; a whole module only fails to answer."
        raise Problem("module.channel", msg, place=Place(object=module))
    if channel is None:
        return _module(_call(handle, lambda io, api: io.FailModule(api, module)))
    name = re.sub(r"([A-Z])", r"_\1", error or "wireBreak").upper()
    return _module(_call(handle, lambda io, api: io.FailChannel(api, module, channel, name)))


def return_(handle: Handle, module: str, channel: int | None = None) -> ModuleState:
    """End a fault: plug the module, let the station return, or clear the error of a channel; arguments as of `fail`."""
    if channel is None:
        return _module(_call(handle, lambda io, api: io.ReturnModule(api, module)))
    return _module(_call(handle, lambda io, api: io.ClearChannel(api, module, channel)))


def reset_faults(handle: Handle) -> None:
    """End all faults of modules without an event."""
    _call(handle, lambda io, api: io.ResetFaults(api))


def read_models(handle: Handle) -> list[PlantModel]:
    """Return the plant models of an instance."""
    return [PlantModel(**each) for each in _call(handle, lambda io, api: io.Models(api))]


def add_model(
    handle: Handle, name: str, model: Any, bind: Mapping[str, str], values: Mapping[str, Any] | None = None
) -> PlantModel:
    """Add a plant model, which runs between scans; one of the same name is replaced.

    Args:
        handle: The instance; it is on and has its program.
        name: Its name.
        model: The type of a built-in model, or an object of this process.
        bind: Tags by the names of its inputs and outputs.
        values: Its parameters.

    Raises:
        Problem: There is no such type, input, output, parameter or tag.
    """
    return PlantModel(**_call(handle, lambda io, api: io.AddModel(api, name, model, dict(bind), dict(values or {}))))


def change_model(handle: Handle, name: str, values: Mapping[str, Any]) -> PlantModel:
    """Set attributes of a plant model, such as a jam.

    Raises:
        Problem: There is no such model or attribute.
    """
    return PlantModel(**_call(handle, lambda io, api: io.ChangeModel(api, name, dict(values))))


def remove_model(handle: Handle, name: str) -> None:
    """Remove a plant model.

    Raises:
        Problem: There is none of this name.
    """
    _call(handle, lambda io, api: io.RemoveModel(api, name))


def _call(handle: Handle, call: Callable[[Any, Any], T]) -> T:
    if not handle.model.has(TYPE):
        raise Problem("plcsim.real", _NOT_HERE, kind=Kind.UNSUPPORTED, place=Place(object=handle.name))
    with handle.use() as api, _translate():
        return call(handle.model.SimulationIo, api)


@contextmanager
def _translate() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if type(error).__name__ != "SimulationIoException":
            raise
        refused: Any = error
        code, kind = _REFUSALS.get(str(refused.Code), ("plcsim.argument", Kind.REFUSED))
        raise Problem(code, str(refused.Message), kind=kind).instead(list(refused.Candidates), None) from error


def _forced(found: list[dict[str, Any]]) -> list[ForcedOperand]:
    return [ForcedOperand(**each) for each in found]


def _module(found: dict[str, Any]) -> ModuleState:
    channels = [FaultyChannel(number, _in_camel_case(error)) for number, error in found.pop("channels").items()]
    return ModuleState(**found, channels=channels)


def _in_camel_case(name: str) -> Any:
    first, *rest = name.lower().split("_")
    return first + "".join(map(str.title, rest))
