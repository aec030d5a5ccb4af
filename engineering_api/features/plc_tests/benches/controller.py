"""A PLCSIM Advanced instance under test: values by name, and virtual time cycle by cycle.

It is frozen (Freeze) but for the cycles that are asked for, so a test is the same each time it runs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from typing import Any

from engineering_api.features.plc_tests.alarms.readings import CpuAlarms
from engineering_api.features.plc_tests.benches import insight
from engineering_api.features.plc_tests.benches.harness import SELECTED
from engineering_api.features.plc_tests.files.extent import DEFAULT_CYCLE
from engineering_api.features.plc_tests.files.model import Action
from engineering_api.features.plc_tests.surroundings.io_steps import TestIo
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.plcsim import instances
from openness_bridge.plcsim import tags as plcsim_tags
from openness_bridge.plcsim import time as plcsim_time
from openness_bridge.plcsim.instances import Settings
from openness_bridge.plcsim.runtime import Simulation
from openness_bridge.plcsim.tag_list import Tag
from openness_bridge.plcsim.values import Scalar, from_api, to_api
from simatic_xml.program.diagnostics import Place as CodeLine

SIGN_OF_LIFE = 50
"""Cycles after which `alive` is called."""
STOPPED = ("plcsim.stopped", "plcsim.not_in_run")
"""What is said of a CPU that does not run."""
_RUNNING = ("Run", "Freeze", "Startup")
Names = Mapping[str, str]
"""Names that a test may use for tags, casefolded: the parameters of the block that is tested."""


class _EnoughError(Exception):
    """No more cycles are wanted."""


class Controller:
    """An instance that has its program.

    Attributes:
        name: of the instance.
        handle: the bridge's handle of it.
        io: forces and faults of modules.
        cycle: virtual nanoseconds from one cycle to the next.
        names: further names of tags.
        alarms: the alarms of the CPU.
        selected: number of the block that a harness calls, None without a harness.
        alive: called now and then while time passes; may raise to end it.
        find_source: returns a place of the program as a place in its source, empty where that is not known.
    """

    def __init__(self, simulation: Simulation, name: str) -> None:
        """Take an instance that is on; its time is frozen from now on."""
        self._simulation, self.name = simulation, name
        self.handle = simulation.handle(name)
        self.io = TestIo(self.handle)
        self.cycle = DEFAULT_CYCLE
        self.names: Names = {}
        self.alarms = CpuAlarms(self.handle, self.full_name, self._short)
        self.selected: int | None = None
        self.alive: Callable[[], None] = lambda: None
        self.find_source: Callable[[CodeLine], str] = lambda _: ""
        self._tags: dict[str, Tag] = {}
        self._instance = instances.config(simulation, name)
        self._was_running, self._known_fault = self.is_running, 0
        self._own_cycle = 0

    # States -----------------------------------------------------------------------------------------------------------

    def restart(self, cycle: int = DEFAULT_CYCLE) -> None:
        """Give all data their start values, all inputs 0, and go to RUN: startup has run, the first cycle has not.

        Raises:
            Problem: it does not get there.
        """
        self.cycle = cycle
        self._known_fault = insight.last_fault(self.handle).number
        instances.stop(self._simulation, self.name)
        instances.memory_reset(self._simulation, self.name)
        self.io.clear()
        self._clear_inputs()
        self._control()
        self.alarms.restart()
        self.start()
        if self.selected is not None:
            self.write({SELECTED: self.selected})

    def start(self) -> None:
        """Go to RUN.

        Raises:
            Problem: it is in STOP afterwards.
        """
        if instances.run(self._simulation, self.name).operating_state not in _RUNNING:
            raise self._explain(Problem("plcsim.stopped", "The CPU went to STOP while it started.", kind=Kind.CONFLICT))

    def do(self, action: Action) -> None:
        """Do something with the CPU as a whole; a power cycle ends in the state that it had before."""
        match action:
            case Action.RUN:
                self.start()
            case Action.STOP:
                instances.stop(self._simulation, self.name)
            case Action.MEMORY_RESET:
                instances.memory_reset(self._simulation, self.name)
            case Action.POWER_CYCLE:
                was_running = self.is_running
                instances.power_off(self._simulation, self.name)
                instances.power_on(self._simulation, self.name)
                self._control()
                if was_running:
                    self.start()

    @property
    def is_running(self) -> bool:
        """Whether it is in RUN, if only from cycle to cycle."""
        return self.handle.state() in _RUNNING

    def release(self) -> None:
        """End forces and faults, and let time pass as it did before the tests, in the state that was there then."""
        self.io.clear()
        given = self._instance
        settings = Settings(operating_mode=given.operating_mode, minimal_cycle_time_ms=given.minimal_cycle_time_ms)
        instances.configure(self._simulation, self.name, settings)
        if not self._was_running:
            instances.stop(self._simulation, self.name)

    def _explain(self, problem: Problem) -> Problem:
        """Return a problem that says why the CPU stopped, where that is known."""
        fault = insight.last_fault(self.handle)
        if problem.code not in STOPPED or fault.number <= self._known_fault:
            return problem
        where = "" if fault.place is None else f"{self.find_source(fault.place) or fault.place}: "
        return Problem(
            problem.code, f"The CPU went to STOP. {where}{fault.text}", kind=problem.kind, place=problem.place
        )

    def _control(self) -> None:
        """Freeze time, from now on or from the next start on."""
        settings = Settings(minimal_cycle_time_ms=self.cycle / 1e6)
        instances.configure(self._simulation, self.name, settings)
        plcsim_time.freeze(self._simulation, self.name)

    def _clear_inputs(self) -> None:
        """Write 0 to the bytes of all inputs that have a tag: a memory reset does not, they are what modules give."""
        page = plcsim_tags.list_tags(self._simulation, self.name, limit=sys.maxsize)
        inputs = [each for each in page.tags if each.area == "Input"]
        with self.handle.use() as api:
            for byte in {byte for tag in inputs for byte in range(tag.offset, tag.offset + max(tag.size, 1))}:
                api.InputArea.WriteByte(byte, 0)

    # Time -------------------------------------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """What the clock of the CPU shows, in nanoseconds since the year 1."""
        with self.handle.look() as api:
            return int(api.SystemTime.Ticks) * 100

    def measure_cycle(self) -> None:
        """Start the program once, to know its cycle where nothing overwrites it: `wait` passes such cycles in one piece."""
        self._own_cycle = 0
        try:
            self.restart()
            moments = [self._step() for _ in range(3)]
        except Problem:  # it does not start, or stops at once: its tests report that
            return
        self._own_cycle = moments[2] - moments[1]

    def _step(self) -> int:
        """Let a cycle pass that nothing overwrites; return the time at its end."""
        plcsim_time.step(self._simulation, self.name)
        return self.now

    def wait(self, duration: int) -> int:
        """Let virtual time pass, in whole cycles.

        One call lets all of it pass where the CPU has the test's cycle anyway. An overwritten cycle exists in single steps only
        (docs/facts/plcsim-advanced.md#virtual-time).

        Args:
            duration: nanoseconds.

        Returns:
            How many times a cycle's time passed.

        Raises:
            Problem: as `run`.
        """
        count = -(-duration // self.cycle)
        if not count:
            return 0
        self.run(1)
        rest = (count - 1) * self.cycle
        if rest and self.cycle == self._own_cycle:
            with self._explaining():
                plcsim_time.run_for(self._simulation, self.name, rest, lambda *_: self.alive())
        elif rest:
            end = self.now + rest
            self.run(count - 1, lambda: self.now < end)
        return count

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except Problem as problem:
            raise self._explain(problem) from problem.__cause__

    def run(self, most: int, each: Callable[[], bool] | None = None) -> int:
        """Let cycles pass.

        Args:
            most: how many.
            each: called after each one; False ends it.

        Returns:
            How many passed.

        Raises:
            Problem: the CPU is not in RUN or leaves it.
        """
        if not most:
            return 0
        started = 0

        def before(*_: Any) -> None:
            nonlocal started
            if started and each is not None and not each():
                raise _EnoughError
            if started % SIGN_OF_LIFE == 0:
                self.alive()
            started += 1

        try:
            with self._explaining():
                plcsim_time.run_cycles(self._simulation, self.name, most, self.cycle / 1e6, before)
        except _EnoughError:
            return started
        if each is not None:
            each()
        return most

    # Values -----------------------------------------------------------------------------------------------------------

    def tag(self, name: str) -> Tag:
        """Return the entry of a name in the tag list.

        Raises:
            Problem: there is none.
        """
        found = self._tags.get(name)
        if found is None:
            plcsim_tags.list_tags(self._simulation, self.name, limit=0)
            found = self._tags[name] = self.handle.tags.tag(self.full_name(name))
        return found

    def value_tag(self, name: str) -> Tag:
        """Return the same of a single value.

        Raises:
            Problem: it is none: a structure, an array, a text.
        """
        (found,) = plcsim_tags.value_tags(self.handle, [self.tag(name).name])
        return found

    def full_name(self, name: str) -> str:
        """Return the name of a tag: that of a block's parameter is replaced, with or without # before it."""
        bare = name.removeprefix("#")
        ends = [at for at in (bare.find("."), bare.find("[")) if at > 0]
        first, rest = (bare[: min(ends)], bare[min(ends) :]) if ends else (bare, "")
        root = self.names.get(first.casefold())
        if root is None and name.startswith("#"):
            msg = f"'{name}' is not a parameter or static variable of the block that is tested."
            raise Problem("plc_test.name", msg, place=Place(object=name))
        return name if root is None else root + rest

    def _short(self, path: str) -> str:
        """Return the name of a path in the tested block, the path itself where it is not in it."""
        for name, root in self.names.items():
            rest = path[len(root) :]
            if path.casefold().startswith(root.casefold()) and rest[:1] in ("", ".", "["):
                return name + rest
        return path

    def rename(self, names: Names) -> None:
        """Use other names, those of another block; forget all known tags."""
        self.names = names
        self._tags = {}

    def leaves(self, name: str, value: Any) -> Iterator[tuple[str, Any]]:
        """Yield the single values of a value: lists are arrays, mappings are structures.

        Raises:
            Problem: a list has another length than its array, or there is no such tag.
        """
        if isinstance(value, Mapping):
            for member, inner in value.items():
                yield from self.leaves(f"{name}.{member}", inner)
        elif isinstance(value, list):
            dimensions = self.tag(name).dimensions
            indices = list(product(*(range(each.start, each.start + each.count) for each in dimensions)))
            items = _flat(value, len(dimensions))
            if not dimensions or len(items) != len(indices):
                what = f"has {len(indices)} elements, not {len(items)}" if dimensions else "is not an array"
                raise Problem("plc_test.list", f"'{name}' {what}.", place=Place(object=name))
            for index, inner in zip(indices, items, strict=True):
                yield from self.leaves(f"{name}[{','.join(map(str, index))}]", inner)
        else:
            yield name, value

    def values(self, tags: Sequence[Tag]) -> list[Scalar]:
        """Return the values of several tags of the same moment."""
        return plcsim_tags.read_values(self.handle, tags)

    def read(self, name: str) -> Any:
        """Return what a name leads to; arrays as lists, structures as dictionaries.

        Raises:
            Problem: there is no such tag, or it cannot be read (a text).
        """
        tag = self.tag(name)
        parts = [] if tag.is_value else self._parts(tag)
        if not parts:
            return self.values([self.value_tag(name)])[0]
        if tag.dimensions:
            return [self.read(part) for part in parts]
        return {part[len(tag.name) + 1 :]: self.read(part) for part in parts}

    def _parts(self, tag: Tag) -> list[str]:
        return [
            each for each in self.handle.tags.names(tag.name) if self.handle.tags.tag(each).parent_index == tag.index
        ]

    def write(self, values: Mapping[str, Any]) -> None:
        """Write values between two cycles: all, or none.

        Raises:
            Problem: with a detail for each that cannot be written.
        """
        single = [leaf for name, value in values.items() for leaf in self.leaves(name, value)]
        if single:
            wanted = [(self.tag(name).name, value) for name, value in single]
            plcsim_tags.write_many(self._simulation, self.name, wanted)

    def as_value(self, tag: Tag, given: Scalar) -> Scalar:
        """Return a value as the tag has it: `T#2s` as its number of milliseconds, numbers rounded to its precision.

        Raises:
            Problem: it is no value of the tag's type.
        """
        made = to_api(self.handle.model, tag.primitive_type, tag.data_type, given)
        return from_api(made, tag.primitive_type, tag.data_type)


def _flat(items: list[Any], depth: int) -> list[Any]:
    """Return the elements of nested lists, one for each dimension; a flat list stays."""
    if depth < 2 or not all(isinstance(each, list) for each in items):
        return items
    return [inner for each in items for inner in _flat(each, depth - 1)]
