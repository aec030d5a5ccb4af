"""What tests do with forces and modules: done step by step, and ended before the next test."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from engineering_api.features.plc_tests.surroundings.io_model import ADDRESSES, Fault, IoStep, ModelOfTest, ModuleOfTest
from engineering_api.features.plc_tests.surroundings.plant_models import make_model
from openness_bridge.errors import Place, Problem
from openness_bridge.plcsim import simulated_io
from openness_bridge.plcsim.runtime import Handle


class TestIo:
    """Forces, faults and plant models of the tests of one instance; those of others stay.

    Attributes:
        allows_code: whether plant models of Python files may be executed.
    """

    __test__ = False

    def __init__(self, handle: Handle) -> None:
        """Change nothing yet."""
        self._handle = handle
        self._forced: dict[str, str] = {}
        self._has_faults = False
        self._models: list[str] = []
        self.allows_code = False

    def add_modules(self, modules: Sequence[ModuleOfTest]) -> None:
        """Add the modules of a test.

        Raises:
            Problem: one has no addresses that can be read, or the instance is a real one.
        """
        if modules:
            self._has_faults = True
            simulated_io.add_modules(self._handle, [_read_module(each) for each in modules])

    def add_models(
        self, models: Mapping[str, ModelOfTest], folder: Path, full_name: Callable[[str], str] = str
    ) -> None:
        """Add the plant models of a test.

        Args:
            models: by name.
            folder: of the test file.
            full_name: returns the tag of a name, which may be that of a parameter of the tested block.

        Raises:
            Problem: one cannot be made, or a tag is not there.
        """
        for name, each in models.items():
            model = make_model(name, each, folder, allows_code=self.allows_code)
            self.add_model(name, model, each.bind, each.values, full_name)

    def add_model(
        self,
        name: str,
        model: Any,
        bind: Mapping[str, str],
        values: Mapping[str, Any],
        full_name: Callable[[str], str] = str,
    ) -> None:
        """Add a plant model: the type of a built-in one, or an object."""
        tags = {key: full_name(tag) for key, tag in bind.items()}
        simulated_io.add_model(self._handle, name, model, tags, values)
        self._models.append(name)

    def change_model(self, name: str, values: Mapping[str, Any]) -> None:
        """Set attributes of a plant model."""
        simulated_io.change_model(self._handle, name, values)

    def act(self, step: IoStep) -> None:
        """Do what a step says: end forces, force, change models, let fail, let return.

        Raises:
            Problem: there is no such input, output or module; it names candidates.
        """
        if step.unforce:
            self.unforce(None if "*" in step.unforce else step.unforce)
        self.force(step.force)
        for name, values in step.models.items():
            self.change_model(name, values)
        for each in step.fail:
            self.fail(each)
        for each in step.returns:
            self.return_(each)

    def force(self, values: Mapping[str, Any]) -> None:
        """Force inputs and outputs: all, or none."""
        if values:
            done = simulated_io.force(self._handle, values)
            self._forced |= {each.address: each.name for each in done}

    def unforce(self, names: Sequence[str] | None) -> None:
        """Stop forcing inputs and outputs, without names all."""
        for each in simulated_io.stop_forcing(self._handle, names):
            self._forced.pop(each.address, None)

    def fail(self, fault: Fault) -> None:
        """Let a module, station or channel fail."""
        self._has_faults = True
        simulated_io.fail(self._handle, str(fault.module), fault.channel, fault.error)

    def return_(self, fault: Fault) -> None:
        """End the fault of a module, station or channel."""
        simulated_io.return_(self._handle, str(fault.module), fault.channel)

    def clear(self) -> None:
        """End what the tests forced and let fail; remove their models."""
        if self._forced:
            there = {each.address for each in simulated_io.read_forces(self._handle)}
            simulated_io.stop_forcing(self._handle, [each for each in self._forced if each in there])
            self._forced.clear()
        for name in dict.fromkeys(self._models):
            simulated_io.remove_model(self._handle, name)
        self._models.clear()
        if self._has_faults:
            self._has_faults = False
            simulated_io.reset_faults(self._handle)


def _read_module(module: ModuleOfTest) -> dict[str, Any]:
    about = {name: getattr(module, name) for name in ("identifier", "name", "analog", "station", "slot")}
    return about | {name: _read_addresses(module, str(getattr(module, name))) for name in ("inputs", "outputs")}


def _read_addresses(module: ModuleOfTest, text: str) -> range:
    """Return the bytes of `256..263` or `4`; none of an empty text.

    Raises:
        Problem: it is neither.
    """
    first, _, last = text.partition("..")
    if not text:
        return range(0)
    if not re.match(ADDRESSES, text) or int(last or first) < int(first):
        msg = f"'{text}' are not addresses of the module {module.name or module.identifier}; write them as 256..263."
        raise Problem("plc_test.addresses", msg, place=Place(object=module.name or str(module.identifier)))
    return range(int(first), int(last or first) + 1)
