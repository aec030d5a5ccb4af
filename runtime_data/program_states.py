"""Which program a CPU executes whose values are read: that of the open project, another one, or nobody knows.

Every answer with values of a running program says it. TIA Portal compares (openness_bridge/online/program_state.py); its answer
counts until the project changes or the CPU has another program, so that a stream asks ten times a second without cost.
Any thread but the event loop's, which calls `find_states` alone.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from litestar import Response

from engineering_api.operations.changes import Changes
from engineering_api.operations.context import Service
from engineering_api.web.value_stream import ONLINE
from openness_bridge.errors import Problem
from openness_bridge.hardware import interfaces
from openness_bridge.lookup import locate_plc
from openness_bridge.online import plc_instance
from openness_bridge.online.program_state import ProgramComparison, compare_program, plc_names
from openness_bridge.plcsim.runtime import Simulation
from openness_bridge.portal.portal import Portals, Session
from openness_bridge.program_identity import ProgramState
from runtime_data import absolute, answer_programs
from runtime_data.sources.registry import Sources
from runtime_data.sources.simulated import SimulatedSource

T = TypeVar("T")
PATIENCE = 2.0
"""Seconds that an answer waits for TIA Portal; after them the state is unknown."""
LASTING = 30.0
"""Seconds for which a comparison counts whose CPU cannot be asked whether its program changed, such as a real one."""
LASTING_WITH_OTHERS = 5.0
"""The same where a user may change the project in TIA Portal itself, or by another program."""
PAUSE = 5.0
"""Seconds for which a busy TIA Portal is not asked again."""
NO_PROJECT = ProgramComparison(reason="No project is open.")
NO_PLC = ProgramComparison(reason="The open project has no PLC whose CPU this is.")


@dataclass(frozen=True, slots=True)
class _Plc:
    """A PLC of the open project, as sources may name it.

    Attributes:
        instance: The simulated PLC that is its CPU; empty without one.
        names: Of program, CPU and station, casefolded.
        addresses: Its IP addresses.
    """

    name: str
    instance: str
    names: frozenset[str]
    addresses: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Kept(Generic[T]):
    """Something that was found out, for a state of the project and of the CPU."""

    mark: Any
    at: float
    found: T


class ProgramStates:
    """Compares the programs of the open project with those in the CPUs."""

    def __init__(
        self,
        portals: Portals,
        simulation: Simulation,
        sources: Sources,
        changes: Changes,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask these portals; the clock gives seconds."""
        self._portals, self._simulation, self._sources, self._changes = portals, simulation, sources, changes
        self._clock = clock
        self._lock = threading.Lock()
        self._compared: dict[tuple[int, str], _Kept[ProgramComparison]] = {}
        self._plcs: _Kept[list[_Plc]] | None = None
        self._busy_until = -PAUSE

    def of_device(self, session: Session, device: str) -> ProgramComparison:
        """Return the comparison of a PLC with its CPU; unknown where TIA Portal does not answer soon, or no CPU does."""
        found = next((each for each in self._list(session) if device.casefold() in each.names), None)
        return NO_PLC if found is None else self._compare(session, found)

    def of_source(self, name: str) -> ProgramComparison:
        """Return the comparison of the CPU that a source reads with the PLC of the open project that it is."""
        session = self._portals.current
        if session is None:
            return NO_PROJECT
        found = self._plc_of(session, name)
        return NO_PLC if found is None else self._compare(session, found)

    def of_instance(self, instance: str | None) -> ProgramComparison:
        """Return the comparison of a simulated PLC; of the connected one without a name."""
        session, name = self._portals.current, instance or str(self._simulation.connected or "")
        if session is None:
            return NO_PROJECT
        found = self._with_instance(session, name)
        return NO_PLC if found is None else self._compare(session, found)

    def of_device_by(self, session: Session, device: str, source: str) -> ProgramComparison:
        """Return the comparison of a PLC with the CPU that a source reads; unknown where that is the CPU of another PLC."""
        found = self._plc_of(session, source)
        if found is None or device.casefold() not in found.names:
            msg = f"The source '{source}' does not read the CPU of '{device}', as far as the project and the source name it."
            return ProgramComparison(reason=msg)
        return self._compare(session, found)

    def states_of(self, sources: Iterable[str]) -> dict[str, ProgramState]:
        """Return the state of the whole program of each source."""
        return {source: self.of_source(source).whole for source in dict.fromkeys(sources)}

    async def find_states(self, sources: Collection[str]) -> dict[str, ProgramState]:
        """Return `states_of`, asked in a worker thread."""
        return await asyncio.to_thread(self.states_of, sources) if sources else {}

    def _plc_of(self, session: Session, name: str) -> _Plc | None:
        try:
            source = self._sources.find(name)
        except Problem:
            return None
        if isinstance(source, SimulatedSource):
            return self._with_instance(session, source.instance)
        connection = self._sources.shown_connection(source.name)
        device, host = str(connection.get("device") or "").casefold(), str(connection.get("host") or "")
        known = self._list(session) if device or host else []
        return next((each for each in known if (device in each.names if device else host in each.addresses)), None)

    def _with_instance(self, session: Session, instance: str) -> _Plc | None:
        wanted = instance.casefold()
        return next((each for each in self._list(session) if wanted and each.instance.casefold() == wanted), None)

    def _list(self, session: Session) -> list[_Plc]:
        """Return the PLCs of the open project with what identifies their CPUs."""
        mark = (id(session), self._changes.of_project, self._instances())
        with self._lock:
            kept = self._plcs
        if kept is not None and kept.mark == mark and self._is_new(session, kept.at, LASTING):
            return kept.found
        found = self._ask(session, lambda: _read_plcs(session, self._simulation))
        if found is None:
            return []
        with self._lock:
            self._plcs = _Kept(mark, self._clock(), found)
        return found

    def _compare(self, session: Session, plc: _Plc) -> ProgramComparison:
        key = (id(session), plc.name)
        cpu = self._mark_of(plc.instance)
        mark = (self._changes.of_project, cpu)
        with self._lock:
            kept = self._compared.get(key)
        lasting = float("inf") if cpu is not None else LASTING
        if kept is not None and kept.mark == mark and self._is_new(session, kept.at, lasting):
            return kept.found
        found = self._ask(session, lambda: compare_program(session, plc.name))
        if found is None:
            return ProgramComparison(reason="TIA Portal is busy.")
        with self._lock:
            self._compared = {each: known for each, known in self._compared.items() if each[0] == id(session)}
            self._compared[key] = _Kept(mark, self._clock(), found)
        return found

    def _is_new(self, session: Session, at: float, lasting: float) -> bool:
        return self._clock() - at < (lasting if session.is_alone else min(lasting, LASTING_WITH_OTHERS))

    def _mark_of(self, instance: str) -> Any:
        """Return what changes when a simulated CPU gets another program; None where that cannot be asked."""
        if not instance:
            return None
        try:
            handle = self._simulation.handle(instance)
            is_off = handle.state() == "Off"
            return (id(handle), is_off, absolute.checksum(handle)) if handle.model.has(absolute.TYPE) else None
        except Problem:
            return None

    def _instances(self) -> tuple[str, ...]:
        try:
            return tuple(f"{each.name}/{each.controller_name}" for each in self._simulation.instances())
        except Problem:
            return ()

    def _ask(self, session: Session, call: Callable[[], T]) -> T | None:
        """Run a call on the portal's thread; None where it is busy, or has no project."""
        if self._clock() < self._busy_until:
            return None
        try:
            return session.call_within(PATIENCE, call)
        except Problem as problem:
            if problem.code == "portal.busy":
                self._busy_until = self._clock() + PAUSE
            return None


async def name_programs(service: Service, made: Awaitable[Response[Any]]) -> Response[Any]:
    """Wait for an answer, and add a header that names the programs whose values it has."""
    with answer_programs.collecting() as sources:
        answer = await made
    if states := await service.part(ProgramStates).find_states(sources):
        answer.set_header(ONLINE, answer_programs.header_of(states))
    return answer


def _read_plcs(session: Session, simulation: Simulation) -> list[_Plc]:
    made = []
    for name in plc_names(session):
        located = locate_plc(session, name)
        instance = plc_instance.find(session, simulation, name)
        named = (located.device, located.cpu, located.software)
        names = frozenset(str(each.Name).casefold() for each in named)
        addresses = frozenset(interfaces.addresses(session, located.device))
        made.append(_Plc(name, instance.name if instance else "", names, addresses))
    return made
