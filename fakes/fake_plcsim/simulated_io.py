"""What only a simulated controller does with its inputs and outputs: forces, faults of modules, plant models.

The real API has no such type, so its absence shows a caller that this is not available.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any

from fake_dotnet.system import require_type
from fake_plcsim.instance import IInstance
from virtual_plc.cpu.cpu import CpuError, VirtualCpu
from virtual_plc.cpu.inputs_outputs import module_faults
from virtual_plc.cpu.inputs_outputs.forcing import find_candidates
from virtual_plc.cpu.inputs_outputs.module_faults import ModuleFaultError
from virtual_plc.cpu.inputs_outputs.plant import Bound, Plant, PlantError
from virtual_plc.memory.path_values import PathError
from virtual_plc.surroundings import ChannelError, Module
from virtual_plc.surroundings.plant import BUILT_IN


class SimulationIoException(Exception):
    """Something that the simulated controller refuses.

    Attributes:
        Code: stable name of the reason.
        Message: what to do, as a sentence.
        Candidates: names that may be meant.
    """

    def __init__(self, code: str, message: str, candidates: Iterable[str] = ()) -> None:
        """Keep the reason."""
        super().__init__(message)
        self.Code, self.Message, self.Candidates = code, message, list(candidates)


class SimulationIo:
    """Forces, and faults of modules, of simulated controllers."""

    @staticmethod
    def Forces(in_Instance: IInstance) -> list[dict[str, Any]]:
        """Return the forced inputs and outputs."""
        return [_show(each) for each in _cpu(in_Instance).forces]

    @staticmethod
    def Force(in_Instance: IInstance, in_Values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Force inputs and outputs: all, or none."""
        cpu = _cpu(in_Instance)
        with _refusing(cpu):
            return [_show(each) for each in cpu.force(in_Values)]

    @staticmethod
    def StopForcing(in_Instance: IInstance, in_Names: Iterable[str] | None) -> list[dict[str, Any]]:
        """Stop forcing operands, with None all; return those that were forced."""
        cpu = _cpu(in_Instance)
        with _refusing(cpu):
            return [_show(each) for each in cpu.unforce(in_Names)]

    @staticmethod
    def Modules(in_Instance: IInstance) -> list[dict[str, Any]]:
        """Return the modules with their states."""
        return [_describe(number, each) for number, each in _cpu(in_Instance).surroundings.modules.listed()]

    @staticmethod
    def AddModules(in_Instance: IInstance, in_Modules: Iterable[Mapping[str, Any]]) -> None:
        """Add modules to those of the hardware configuration; one of the same identifier is replaced."""
        cpu = _cpu(in_Instance)
        with _refusing(cpu), cpu.between_scans():
            for each in in_Modules:
                about = {key: value for key, value in each.items() if key != "identifier"}
                cpu.surroundings.modules.put(each["identifier"], Module(**about))

    @staticmethod
    def FailModule(in_Instance: IInstance, in_Module: str) -> dict[str, Any]:
        """Pull a module, or let a station fail."""
        return _change(in_Instance, in_Module, module_faults.pull, module_faults.fail_station)

    @staticmethod
    def ReturnModule(in_Instance: IInstance, in_Module: str) -> dict[str, Any]:
        """Plug a module, or let a station return."""
        return _change(in_Instance, in_Module, module_faults.plug, module_faults.return_station)

    @staticmethod
    def FailChannel(in_Instance: IInstance, in_Module: str, in_Channel: int, in_Error: str) -> dict[str, Any]:
        """Let a channel report an error."""
        cpu = _cpu(in_Instance)
        with _refusing(cpu):
            number = _find(cpu, in_Module)
            module_faults.fail_channel(cpu, number, in_Channel, ChannelError[in_Error])
            return _state(cpu, number)

    @staticmethod
    def ClearChannel(in_Instance: IInstance, in_Module: str, in_Channel: int) -> dict[str, Any]:
        """Clear the error of a channel."""
        cpu = _cpu(in_Instance)
        with _refusing(cpu):
            number = _find(cpu, in_Module)
            module_faults.clear_channel(cpu, number, in_Channel)
            return _state(cpu, number)

    @staticmethod
    def Models(in_Instance: IInstance) -> list[dict[str, Any]]:
        """Return the plant models with their attributes."""
        return [_show_model(name, bound) for name, bound in _cpu(in_Instance).plant]

    @staticmethod
    def AddModel(
        in_Instance: IInstance, in_Name: str, in_Model: Any, in_Bind: Mapping[str, str], in_Set: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Add a plant model: the name of a built-in type, or an object of the process of the tests."""
        cpu = _cpu(in_Instance)
        with _refusing(cpu), cpu.between_scans():
            if isinstance(in_Model, str) and in_Model not in BUILT_IN:
                known = ", ".join(BUILT_IN)
                raise SimulationIoException(
                    "plant.type", f"There is no model '{in_Model}'. There are: {known}.", BUILT_IN
                )
            model = BUILT_IN[in_Model]() if isinstance(in_Model, str) else in_Model
            Plant.set_attributes(in_Name, model, in_Set)
            cpu.add_model(in_Name, model, in_Bind)
            return _show_model(in_Name, cpu.plant.find(in_Name))

    @staticmethod
    def ChangeModel(in_Instance: IInstance, in_Name: str, in_Set: Mapping[str, Any]) -> dict[str, Any]:
        """Set attributes of a plant model."""
        cpu = _cpu(in_Instance)
        with _refusing(cpu), cpu.between_scans():
            cpu.plant.change(in_Name, in_Set)
            return _show_model(in_Name, cpu.plant.find(in_Name))

    @staticmethod
    def RemoveModel(in_Instance: IInstance, in_Name: str) -> None:
        """Remove a plant model."""
        cpu = _cpu(in_Instance)
        with _refusing(cpu), cpu.between_scans():
            cpu.plant.remove(in_Name)

    @staticmethod
    def ResetFaults(in_Instance: IInstance) -> None:
        """End all faults of modules without an event."""
        module_faults.reset(_cpu(in_Instance))


def _cpu(instance: IInstance) -> VirtualCpu:
    return require_type(instance, IInstance, "in_Instance")._controller.cpu


@contextmanager
def _refusing(cpu: VirtualCpu) -> Iterator[None]:
    try:
        yield
    except PathError as error:
        near = find_candidates(cpu.memory, error.path) if error.code == "path.unknown" else []
        raise SimulationIoException(error.code, error.message, near) from error
    except (CpuError, ModuleFaultError) as error:
        raise SimulationIoException(error.code, error.message) from error
    except PlantError as error:
        raise SimulationIoException(error.code, error.message) from error
    except ValueError as error:
        raise SimulationIoException("module.invalid", str(error)) from error


def _change(instance: IInstance, module: str, of_module: Any, of_station: Any) -> dict[str, Any]:
    cpu = _cpu(instance)
    with _refusing(cpu):
        number = _find(cpu, module)
        (of_station if number in cpu.surroundings.modules.slots else of_module)(cpu, number)
        return _state(cpu, number)


def _find(cpu: VirtualCpu, module: str) -> int:
    """Return the hardware identifier of a module that is named by it or by its name."""
    modules = cpu.surroundings.modules
    if module.isascii() and module.isdigit() and len(module) <= 5 and modules.find(int(module)) is not None:
        return int(module)
    names = {each.name.casefold(): (each.name, number) for number, each in modules.listed() if each.name}
    found = names.get(module.casefold())
    if found is None:
        near = [names[each][0] for each in get_close_matches(module[:200].casefold(), names, 3)]
        known = near or [each.name or str(number) for number, each in modules.listed()][:10]
        hint = f"Did you mean {' or '.join(map(repr, near))}?" if near else f"Known: {', '.join(known) or 'none'}."
        raise SimulationIoException("module.missing", f"There is no module '{module}'. {hint}", known)
    return found[1]


def _state(cpu: VirtualCpu, number: int) -> dict[str, Any]:
    module = cpu.surroundings.modules.find(number)
    assert module is not None  # noqa: S101 - found before
    return _describe(number, module)


def _show(force: Any) -> dict[str, Any]:
    return {name: getattr(force, name) for name in ("name", "address", "data_type", "value", "output")}


def _describe(number: int, module: Module) -> dict[str, Any]:
    return {
        "identifier": number,
        "name": module.name,
        "station": module.station,
        "slot": module.slot,
        "input_start": module.inputs.start,
        "input_bytes": len(module.inputs),
        "output_start": module.outputs.start,
        "output_bytes": len(module.outputs),
        "present": module.present,
        "disabled": module.disabled,
        "channels": {channel: error.name for channel, error in sorted(module.channels.items())},
    }


def _show_model(name: str, bound: Bound) -> dict[str, Any]:
    values = {
        each: getattr(bound.model, each)
        for each in dict.fromkeys((*bound.model.inputs, *bound.model.outputs, *_fields(bound.model)))
        if isinstance(getattr(bound.model, each), bool | int | float | str)
    }
    return {"name": name, "type": type(bound.model).__name__, "bind": dict(bound.bind), "values": values}


def _fields(model: Any) -> list[str]:
    return [each.name for each in dataclasses.fields(model)] if dataclasses.is_dataclass(model) else []
