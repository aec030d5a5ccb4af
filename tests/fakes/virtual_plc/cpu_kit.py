"""CPUs for tests: programs of nothing but OBs, executed by plain functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simatic_xml.program.symbols import Cpu
from simatic_xml.program.typed_blocks import Block
from simatic_xml.program.types.types import BOOL, INT, VOID, Variable
from simatic_xml.program.workspace import Workspace
from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.cpu.execution import Coverage
from virtual_plc.cpu.services import Services
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program, program_of


@dataclass
class Run:
    """One execution of an OB."""

    services: Services
    memory: Memory
    inputs: Mapping[str, Any]
    scripted: Scripted

    def spend(self, turns: int) -> None:
        """Do as a loop does."""
        for _ in range(turns):
            self.services.budget -= 1
            if self.services.budget < 0:
                self.services.overrun()


@dataclass
class Scripted:
    """An executable of functions by the name of the OB; `log` has what ran, when, and its start information."""

    bodies: dict[str, Callable[[Run], None]]
    log: list[tuple[str, int, dict[str, Any]]] = field(default_factory=list)
    coverage: Coverage | None = None

    def __call__(self, program: Program, memory: Memory, services: Services) -> Scripted:
        self.memory, self.services = memory, services
        return self

    def run(self, block: str, inputs: Mapping[str, Any] | None = None) -> None:
        self.log.append((block, self.services.now, dict(inputs or {})))
        body = self.bodies.get(block)
        if body is not None:
            body(Run(self.services, self.memory, inputs or {}, self))

    def call(self, block: str, arguments: Mapping[str, Any], instance: Any = None) -> dict[str, Any]:
        raise NotImplementedError

    def names(self) -> list[str]:
        return [name for name, _, _ in self.log]

    def times(self, name: str) -> list[float]:
        """When an OB ran, in milliseconds."""
        return [now / 1_000_000 for each, now, _ in self.log if each == name]


def ob(name: str, number: int, event: str, *inputs: str) -> Block:
    """An OB without code; its inputs are Bool, or Int with a capital first letter `N`."""
    variables = tuple(Variable(each, INT if "Nr" in each or "_" in each else BOOL, "Input") for each in inputs)
    return Block("OB", name, number, "SCL", variables, VOID, secondary_type=event)


MAIN = ob("Main", 1, "ProgramCycle")


def program(
    *blocks: Block, family: str = "S7-1500", firmware: str = "V3.1", source: str = "", items: tuple[Any, ...] = ()
) -> Program:
    """A program of OBs, and of what a source and other objects declare."""
    workspace = Workspace(Cpu(family=family, firmware=firmware))
    assert not workspace.put_source(source) or not source
    for item in items:
        workspace.put(item)
    made = program_of(workspace)
    made.blocks.update({block.name.casefold(): block for block in blocks})
    return made


def cpu_of(
    *blocks: Block, bodies: dict[str, Callable[[Run], None]] | None = None, **more: Any
) -> tuple[VirtualCpu, Scripted]:
    """A CPU in STOP with these OBs, and what executes them."""
    kinds = {key: more.pop(key) for key in ("family", "firmware", "source", "items") if key in more}
    scripted = Scripted(bodies or {})
    cpu = VirtualCpu(program(*blocks, **kinds), tier=scripted, **more)
    cpu.power_on()
    return cpu, scripted


def events(cpu: VirtualCpu) -> list[str]:
    """Event numbers of the diagnostic buffer, the oldest first."""
    return [each.event_text for each in cpu.diagnostics][::-1]
