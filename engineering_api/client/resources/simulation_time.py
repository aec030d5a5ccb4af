"""PLCSim Simulation: virtual time of an instance, and traces of tags over it.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.simulation.simulation_instances_operations import OnInstance
from engineering_api.features.simulation.simulation_time_operations import (
    ReadTrace,
    RunCycles,
    RunFor,
    Scale,
    StartTrace,
)
from openness_bridge.plcsim.instances import InstanceState
from openness_bridge.plcsim.time import Advance
from openness_bridge.plcsim.trace import TraceData


class SimulationTime(Resource):
    """PLCSim Simulation: virtual time of an instance, and traces of tags over it."""

    def run_cycles(self, *, name: str, cycles: int = 1, cycle_time_ms: float | None = None) -> Advance:
        """Let an instance in RUN do so many cycles; then its time stands still. It may be cancelled as a job.

        Args:
            name: Name of the instance, without regard to case.
            cycles: How many cycles.
            cycle_time_ms: Virtual time from one cycle to the next; that of the project by default.
        """
        return self._client.run(
            "simulation_time.run_cycles", RunCycles(name=name, cycles=cycles, cycle_time_ms=cycle_time_ms), Advance
        )

    def run_for(self, *, name: str, duration: float | str) -> Advance:
        """Let so much virtual time pass for an instance in RUN; then it stands still at the end of a cycle.

        Args:
            name: Name of the instance, without regard to case.
            duration: Virtual time: milliseconds, or a text such as 2s, 1m30s, 500ms or T#1h.
        """
        return self._client.run("simulation_time.run_for", RunFor(name=name, duration=duration), Advance)

    def step(self, *, name: str) -> Advance:
        """Let an instance in RUN do one cycle; then its time stands still.

        Args:
            name: Name of the instance, without regard to case.
        """
        return self._client.run("simulation_time.step", OnInstance(name=name), Advance)

    def freeze(self, *, name: str) -> InstanceState:
        """Let the time of an instance stand still; one in STOP will stand still before its first cycle.

        Args:
            name: Name of the instance, without regard to case.
        """
        return self._client.run("simulation_time.freeze", OnInstance(name=name), InstanceState)

    def resume(self, *, name: str) -> InstanceState:
        """Let the time of an instance pass by itself again.

        Args:
            name: Name of the instance, without regard to case.
        """
        return self._client.run("simulation_time.resume", OnInstance(name=name), InstanceState)

    def set_scale(self, *, name: str, factor: float) -> InstanceState:
        """Let time pass faster or slower than real time, while it passes by itself.

        Args:
            name: Name of the instance, without regard to case.
            factor: Virtual seconds in a real one, 0.01 to 100.
        """
        return self._client.run("simulation_time.set_scale", Scale(name=name, factor=factor), InstanceState)

    def start_trace(
        self, *, name: str, tags: list[str], interval: float | str = 0, limit: int = 100000, change_only: bool = False
    ) -> TraceData:
        """Record tags over virtual time: after each cycle or interval; an older trace of the instance ends.

        Args:
            name: Name of the instance, without regard to case.
            tags: Names of the tags.
            interval: Between two samples; 0 is each cycle. Virtual time: milliseconds, or a text such as 2s, 1m30s,
                500ms or T#1h.
            limit: Samples that are kept; the oldest are dropped then.
            change_only: Take only samples that differ from the one before.
        """
        return self._client.run(
            "simulation_time.start_trace",
            StartTrace(name=name, tags=tags, interval=interval, limit=limit, change_only=change_only),
            TraceData,
        )

    def read_trace(self, *, name: str, after: int = 0) -> TraceData:
        """Read the samples of a trace, while it is taken and afterwards.

        Args:
            name: Name of the instance, without regard to case.
            after: Number of the last sample that is known; those behind it are given.
        """
        return self._client.run("simulation_time.read_trace", ReadTrace(name=name, after=after), TraceData)

    def stop_trace(self, *, name: str) -> TraceData:
        """End a trace; what was taken can still be read.

        Args:
            name: Name of the instance, without regard to case.
        """
        return self._client.run("simulation_time.stop_trace", OnInstance(name=name), TraceData)


class AsyncSimulationTime(AsyncResource):
    """PLCSim Simulation: virtual time of an instance, and traces of tags over it."""

    async def run_cycles(self, *, name: str, cycles: int = 1, cycle_time_ms: float | None = None) -> Advance:
        """Let an instance in RUN do so many cycles; then its time stands still. It may be cancelled as a job.

        Args:
            name: Name of the instance, without regard to case.
            cycles: How many cycles.
            cycle_time_ms: Virtual time from one cycle to the next; that of the project by default.
        """
        return await self._client.run(
            "simulation_time.run_cycles", RunCycles(name=name, cycles=cycles, cycle_time_ms=cycle_time_ms), Advance
        )

    async def run_for(self, *, name: str, duration: float | str) -> Advance:
        """Let so much virtual time pass for an instance in RUN; then it stands still at the end of a cycle.

        Args:
            name: Name of the instance, without regard to case.
            duration: Virtual time: milliseconds, or a text such as 2s, 1m30s, 500ms or T#1h.
        """
        return await self._client.run("simulation_time.run_for", RunFor(name=name, duration=duration), Advance)

    async def step(self, *, name: str) -> Advance:
        """Let an instance in RUN do one cycle; then its time stands still.

        Args:
            name: Name of the instance, without regard to case.
        """
        return await self._client.run("simulation_time.step", OnInstance(name=name), Advance)

    async def freeze(self, *, name: str) -> InstanceState:
        """Let the time of an instance stand still; one in STOP will stand still before its first cycle.

        Args:
            name: Name of the instance, without regard to case.
        """
        return await self._client.run("simulation_time.freeze", OnInstance(name=name), InstanceState)

    async def resume(self, *, name: str) -> InstanceState:
        """Let the time of an instance pass by itself again.

        Args:
            name: Name of the instance, without regard to case.
        """
        return await self._client.run("simulation_time.resume", OnInstance(name=name), InstanceState)

    async def set_scale(self, *, name: str, factor: float) -> InstanceState:
        """Let time pass faster or slower than real time, while it passes by itself.

        Args:
            name: Name of the instance, without regard to case.
            factor: Virtual seconds in a real one, 0.01 to 100.
        """
        return await self._client.run("simulation_time.set_scale", Scale(name=name, factor=factor), InstanceState)

    async def start_trace(
        self, *, name: str, tags: list[str], interval: float | str = 0, limit: int = 100000, change_only: bool = False
    ) -> TraceData:
        """Record tags over virtual time: after each cycle or interval; an older trace of the instance ends.

        Args:
            name: Name of the instance, without regard to case.
            tags: Names of the tags.
            interval: Between two samples; 0 is each cycle. Virtual time: milliseconds, or a text such as 2s, 1m30s,
                500ms or T#1h.
            limit: Samples that are kept; the oldest are dropped then.
            change_only: Take only samples that differ from the one before.
        """
        return await self._client.run(
            "simulation_time.start_trace",
            StartTrace(name=name, tags=tags, interval=interval, limit=limit, change_only=change_only),
            TraceData,
        )

    async def read_trace(self, *, name: str, after: int = 0) -> TraceData:
        """Read the samples of a trace, while it is taken and afterwards.

        Args:
            name: Name of the instance, without regard to case.
            after: Number of the last sample that is known; those behind it are given.
        """
        return await self._client.run("simulation_time.read_trace", ReadTrace(name=name, after=after), TraceData)

    async def stop_trace(self, *, name: str) -> TraceData:
        """End a trace; what was taken can still be read.

        Args:
            name: Name of the instance, without regard to case.
        """
        return await self._client.run("simulation_time.stop_trace", OnInstance(name=name), TraceData)
