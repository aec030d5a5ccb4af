"""The plant models of a CPU: they run between two scans, for the virtual time that has passed.

Before a scan writes its outputs and reads its inputs, each model gets the outputs that the modules have had since the scan
before, runs, and gives the inputs. So what the program writes in a scan acts from the next scan on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from simatic_xml.program.types.types import Elementary, Kind
from virtual_plc.cpu.clock import SECOND
from virtual_plc.faults import CpuStop, PlantFault
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.operand_text import parse_operand
from virtual_plc.memory.path_values import PathError
from virtual_plc.surroundings.plant import PlantModel

MOST: Final = 64
"""Models of a CPU."""


class PlantError(Exception):
    """A model that cannot be used as it is bound.

    Attributes:
        message: why, and what to do.
        code: `plant.missing`, or `plant.model` for any other reason.
    """

    def __init__(self, message: str, code: str = "plant.model") -> None:
        """Keep the reason."""
        super().__init__(message)
        self.message, self.code = message, code


@dataclass(slots=True)
class Bound:
    """A model and the tags of its inputs and outputs, by their names.

    Attributes:
        model: the model.
        bind: path of the tag by the name of an input or output.
    """

    model: PlantModel
    bind: dict[str, str]


class Plant:
    """The models of a CPU by name."""

    def __init__(self) -> None:
        """Begin without a model."""
        self._models: dict[str, Bound] = {}
        self._since = 0

    def __len__(self) -> int:
        """Return how many models there are."""
        return len(self._models)

    def __iter__(self) -> Iterator[tuple[str, Bound]]:
        """Yield names and models."""
        return iter(list(self._models.items()))

    def put(self, memory: Memory, name: str, model: Any, bind: Mapping[str, str]) -> None:
        """Add a model, or replace the one of this name.

        Raises:
            PlantError: it is no model, a name of `bind` is none of its inputs and outputs, a tag is no single value, or too
                many models are there.
            PathError: there is no such tag.
        """
        inputs, outputs = _names(model, "inputs"), _names(model, "outputs")
        if not callable(getattr(model, "step", None)):
            raise PlantError(f"The plant model '{name}' has no method step(dt).")
        for each in bind:
            if each not in (*inputs, *outputs):
                known = ", ".join((*inputs, *outputs))
                raise PlantError(f"The plant model '{name}' has no input or output '{each}'. It has: {known}.")
        if name not in self._models and len(self) >= MOST:
            raise PlantError(f"The CPU has {MOST} plant models, which is the most; remove some first.")
        paths = {each: _physical(memory, path) for each, path in bind.items()}
        for path in paths.values():
            if not isinstance(memory.accessor(path).type, Elementary):
                raise PlantError(f"'{path}' of the plant model '{name}' is not a single number or truth value.")
        self._models[name] = Bound(model, paths)

    def find(self, name: str) -> Bound:
        """Return a model.

        Raises:
            PlantError: there is none of this name.
        """
        found = self._models.get(name)
        if found is None:
            known = ", ".join(self._models) or "none"
            raise PlantError(f"There is no plant model '{name}'. There are: {known}.", "plant.missing")
        return found

    def change(self, name: str, values: Mapping[str, Any]) -> None:
        """Set attributes of a model, such as a jam.

        Raises:
            PlantError: there is no such model or attribute, or a value is not of its kind.
        """
        self.set_attributes(name, self.find(name).model, values)

    @staticmethod
    def set_attributes(name: str, model: Any, values: Mapping[str, Any]) -> None:
        """Set attributes of a model: all, or none; raise as `change`."""
        for attribute, value in values.items():
            if attribute.startswith("_") or not hasattr(model, attribute) or callable(getattr(model, attribute)):
                raise PlantError(f"The plant model '{name}' has no attribute '{attribute}'.")
            before = getattr(model, attribute)
            if isinstance(before, bool | int | float) and not _is_like(value, before):
                kind = "true or false" if isinstance(before, bool) else "a number"
                raise PlantError(f"'{attribute}' of the plant model '{name}' must be {kind}, not {value!r}.")
        for attribute, value in values.items():
            setattr(model, attribute, value)

    def remove(self, name: str) -> None:
        """Remove a model; raise as `find`."""
        self.find(name)
        del self._models[name]

    def clear(self) -> None:
        """Remove all models."""
        self._models.clear()

    def begin(self, now: int) -> None:
        """Begin to count time at a virtual time."""
        self._since = now

    def step(self, memory: Memory, now: int) -> None:
        """Let the models run up to a virtual time.

        Raises:
            CpuStop: a model failed.
        """
        if not self._models:
            return
        passed, self._since = max(now - self._since, 0) / SECOND, now
        for name, bound in self._models.items():
            try:
                _run(memory, bound, passed)
            except Exception as error:
                raise CpuStop(PlantFault(f"The plant model '{name}' failed{_where(error)}: {_say(error)}")) from error


def _run(memory: Memory, bound: Bound, passed: float) -> None:
    model, bind = bound.model, bound.bind
    for name in model.inputs:
        if name in bind:
            setattr(model, name, memory.read(bind[name]))
    model.step(passed)
    for name in model.outputs:
        if name in bind:
            target = memory.accessor(bind[name])
            target.set(_fit(getattr(model, name), target.type))


def _fit(value: Any, data_type: Any) -> Any:
    """Return a value of a model as its tag takes it: a number is rounded for an integer."""
    if isinstance(value, float) and isinstance(data_type, Elementary) and data_type.kind is Kind.INTEGER:
        return round(value)
    return value


def _is_like(value: Any, before: Any) -> bool:
    if isinstance(before, bool) or isinstance(value, bool):
        return isinstance(before, bool) and isinstance(value, bool)
    return isinstance(value, int | float) and value - value == 0


def _names(model: Any, what: str) -> tuple[str, ...]:
    names = getattr(model, what, None)
    if not isinstance(names, tuple | list) or not all(isinstance(each, str) and hasattr(model, each) for each in names):
        raise PlantError(f"A plant model needs `{what}`: a tuple of names of its attributes.")
    return tuple(names)


def _physical(memory: Memory, path: str) -> str:
    """Return the path of the module's side of an input or output, any other path as it is."""
    tag = memory.program.tags.get(path.strip().strip('"').casefold())
    operand = parse_operand(tag.address if tag is not None else path)
    direct = operand is None or operand.area not in ("I", "Q") or operand.peripheral
    return path if direct else f"{path}:P"


def _where(error: Exception) -> str:
    """Return where in a model's own file an error happened."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None or isinstance(error, PathError):
        return ""
    file = trace.tb_frame.f_code.co_filename.replace("\\", "/").rpartition("/")[2]
    return f" in {file}, line {trace.tb_lineno}"


def _say(error: Exception) -> str:
    return error.message if isinstance(error, PathError) else f"{type(error).__name__}: {error}"
