"""Tags of a simulated PLC: of the virtual CPU, and of PLCSIM Advanced with the same calls.

Facts: docs/facts/plcsim-advanced.md#tags.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from openness_bridge.errors import Detail, Kind, Place, Problem
from openness_bridge.plcsim import instances
from openness_bridge.plcsim import tags as plcsim_tags
from openness_bridge.plcsim.readings import Found, Reading
from openness_bridge.plcsim.runtime import Simulation
from openness_bridge.plcsim.tag_list import Tag
from runtime_data import absolute, data_types
from runtime_data.fail_safe import IsFailSafe
from runtime_data.quality import (
    BAD,
    GOOD,
    INITIAL_VALUE,
    NO_COMMUNICATION,
    NOT_A_NUMBER,
    OUT_OF_SERVICE,
    UNKNOWN_TAG,
)
from runtime_data.sources.about import CpuAbout
from runtime_data.sources.source import Changed, SourceStatus, differing, not_tried
from runtime_data.sources.tree import nodes_below
from runtime_data.values import Scalar, TagInfo, Value, now, split

READINGS = 8
"""Lists of tags that are remembered as they were found."""
_STATUS_OF_STATE = {"Run": GOOD, "Freeze": GOOD, "Booting": INITIAL_VALUE, "Startup": INITIAL_VALUE}


DATA_BLOCK = "DataBlock"
_POSITIVE = (1 << 62) - 1


class SimulatedSource:
    """Tags of an instance. Any thread but the event loop's."""

    real = False
    atomic = True

    def __init__(self, name: str, kind: str, simulation: Simulation, instance: str, is_fail_safe: IsFailSafe) -> None:
        """Read and write the tags of this instance.

        Args:
            name: The source's name.
            kind: virtual or plcsim.
            simulation: PLCSIM Advanced, or what takes its place.
            instance: The instance's name.
            is_fail_safe: Returns whether a data block is fail-safe.
        """
        self.name, self.kind, self._simulation, self.instance = name, kind, simulation, instance
        self._is_fail_safe = is_fail_safe
        self._writing, self._reading_order = threading.Lock(), threading.Lock()
        self._readings: dict[tuple[str, ...], Reading] = {}

    def status(self) -> SourceStatus:
        """Return how the instance is."""
        try:
            state = self._simulation.handle(self.instance).state()
        except Problem as problem:
            return SourceStatus("failed", problem.message)
        if state == "Off":
            return SourceStatus("disconnected", "The simulated PLC is switched off: start it.", state)
        return SourceStatus("connected", "", state)

    def read(self, paths: Sequence[str]) -> list[Value]:
        """Return the values of tags at one moment."""
        try:
            state = self._simulation.handle(self.instance).state()
            if state == "Off":
                return [self._without(path, OUT_OF_SERVICE.code, _is_off(self.instance)) for path in paths]
            with self._reading_order:  # a later moment has a later value, whoever else reads
                found, at = self._reading(tuple(paths)).read(), now()
        except Problem as problem:
            return [self._without(path, NO_COMMUNICATION.code, problem) for path in paths]
        status = _STATUS_OF_STATE.get(state, OUT_OF_SERVICE).code
        return [self._value(path, each, status, at) for path, each in zip(paths, found, strict=True)]

    def write(
        self, values: Sequence[tuple[str, Scalar]], expected: Mapping[str, Scalar], *, atomic: bool
    ) -> list[Detail | None]:
        """Write tags between two cycles; see Source."""
        with self._writing:
            errors = dict.fromkeys((path for path, _ in values), None) | differing(self, expected)
            ready = [(path, value) for path, value in values if errors[path] is None]
            if atomic and len(ready) < len(values):
                return [errors[path] or not_tried(f"{self.name}:{path}") for path, _ in values]
            errors |= self._write(ready) if atomic else self._write_each(ready)
        return [errors[path] for path, _ in values]

    def find(self, path: str) -> TagInfo:
        """Return what is known of a tag.

        Raises:
            Problem: There is none, or the instance is off.
        """
        info = self._info(self._entry(path))
        if info.area != DATA_BLOCK:
            return info
        return msgspec.structs.replace(info, fail_safe=self.is_fail_safe(split(info.tag)[1]))

    def is_fail_safe(self, path: str) -> bool:
        """Return whether a tag of a data block is known to belong to a fail-safe one."""
        return self._is_fail_safe(self.instance, path.partition(".")[0])

    def about(self) -> CpuAbout:
        """Return what the instance says of itself: a simulated PLC has no order number and no firmware.

        Raises:
            Problem: There is no such instance.
        """
        handle = self._simulation.handle(self.instance)
        if not handle.model.has(absolute.TYPE):
            return CpuAbout(no_checksum="PLCSIM Advanced gives no checksum of the program.")
        found = absolute.checksum(handle)
        return CpuAbout(checksum=found, no_checksum="" if found else "No program with a known source is loaded.")

    def back_up(self, file: Path) -> None:
        """Write the virtual memory card to a new ZIP file; only while the instance is off.

        Raises:
            Problem: It is on, or the file cannot be written.
        """
        instances.archive(self._simulation, self.instance, file)

    def tags(self) -> list[TagInfo]:
        """Return all tags that have a value.

        Raises:
            Problem: The instance is off.
        """
        return [each for each in self._nodes().values() if each.has_value]

    def browse(self, path: str, depth: int = 1) -> list[TagInfo]:
        """Return the nodes below a path.

        Raises:
            Problem: There is no such path, or the instance is off.
        """
        return nodes_below(self.name, self._nodes(), path, depth)

    def leaves(self) -> list[TagInfo]:
        """Return all tags that have a value.

        Raises:
            Problem: The instance is off.
        """
        handle = self._simulation.handle(self.instance)
        plcsim_tags.ensure_list(handle)
        found = (handle.tags.tag(name) for name in handle.tags.names())
        return [self._info(tag) for tag in found if tag.is_value]

    def version(self) -> int:
        """Return a number of the tag list, which is read again after each download.

        Raises:
            Problem: The instance is off.
        """
        handle = self._simulation.handle(self.instance)
        plcsim_tags.ensure_current(handle)
        return hash((id(handle), handle.tags.version)) & _POSITIVE

    def follow(self, changed: Changed) -> None:
        """Return None: it is polled."""
        del changed

    def _reading(self, paths: tuple[str, ...]) -> Reading:
        """Return what reads these tags, the same one as before where there is one: listeners read the same ones each time."""
        handle, known = self._simulation.handle(self.instance), self._readings.pop(paths, None)
        if known is None or known.handle is not handle:
            known = Reading(handle, paths)
        self._readings[paths] = known
        while len(self._readings) > READINGS:
            self._readings.pop(next(iter(self._readings)), None)
        return known

    def _entry(self, path: str) -> Tag:
        handle = self._simulation.handle(self.instance)
        plcsim_tags.ensure_current(handle)
        return handle.tags.tag(path)

    def _nodes(self) -> dict[str, TagInfo]:
        """Return the entries of the tag list by path."""
        handle = self._simulation.handle(self.instance)
        plcsim_tags.ensure_current(handle)
        return {name: self._info(handle.tags.tag(name)) for name in handle.tags.names()}

    def _write(self, values: Sequence[tuple[str, Scalar]]) -> dict[str, Detail | None]:
        """Write all or none."""
        try:
            plcsim_tags.write_many(self._simulation, self.instance, [self._accepted(*each) for each in values])
        except Problem as problem:
            causes = {each.place.object: each for each in problem.details if each.place}
            whole = Detail(problem.code, problem.message, Place(object=self.name))
            if not causes:
                return dict.fromkeys((path for path, _ in values), whole)
            return {path: causes.get(path) or not_tried(f"{self.name}:{path}") for path, _ in values}
        return {}

    def _write_each(self, values: Sequence[tuple[str, Scalar]]) -> dict[str, Detail | None]:
        """Write what can be written; usually that is all, in one call."""
        errors = self._write(values)
        if not errors or len(values) == 1:
            return errors
        found: dict[str, Detail | None] = {}
        for each in values:
            found |= self._write([each])
        return found

    def _accepted(self, path: str, value: Scalar) -> tuple[str, Scalar]:
        try:
            return path, data_types.accept(self._entry(path).data_type, value)
        except Problem as problem:
            detail = Detail(problem.code, problem.message, Place(object=path))
            raise Problem(problem.code, problem.message, kind=Kind.REFUSED, details=[detail]) from None

    def _value(self, path: str, found: Found | Detail, status: int, at: int) -> Value:
        if isinstance(found, Detail):
            missing = found.code.endswith("not_found")
            return self._without(path, UNKNOWN_TAG.code if missing else BAD.code, found, at)
        data_type = data_types.name_of(found.tag.data_type)
        value, text = data_types.publish(data_type, found.value)
        if value is None:
            status = max(status, NOT_A_NUMBER.code)
        return Value(f"{self.name}:{path}", value, data_type, status, at, at, "", text)

    def _without(self, path: str, status: int, why: Problem | Detail, at: int = 0) -> Value:
        name = f"{self.name}:{path}"
        error = Detail(why.code, why.message, Place(object=name))
        return Value(name, None, status=status, source_time=at, server_time=at or now(), error=error)

    def _info(self, tag: Tag) -> TagInfo:
        of = data_types.name_of(tag.data_type)
        kind = of if not tag.dimensions else f"Array of {of}"
        name = tag.name.rpartition(".")[2]
        writable = tag.is_value and tag.area not in absolute.NUMBERED
        return TagInfo(f"{self.name}:{tag.name}", name, kind, tag.is_value, writable=writable, area=tag.area)


def _is_off(instance: str) -> Problem:
    return Problem("plcsim.off", f"{instance} is switched off: start it.", kind=Kind.CONFLICT)
