"""The power flow of a whole block: prepared once from the typed program, then worked out for any snapshot of values.

A snapshot is of one moment between two scans. A contact shows the value that its operand has then; what an instruction knew only
inside the scan (an edge, ENO of a call) is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from simatic_xml.errors import SimaticMLError
from simatic_xml.flgnet import graph as read_graph
from simatic_xml.graph import Logic, Program, program
from simatic_xml.interruption import checkpoint
from simatic_xml.model import Block, Network
from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.power_flow.circuit import Circuit, circuit
from simatic_xml.program.power_flow.registers import UNKNOWN, Registers, both, either, opposite
from simatic_xml.program.power_flow.results import Known, NetworkFlow, PlaceFlow, StepFlow
from simatic_xml.program.scope import Scope
from simatic_xml.program.symbols import Symbols
from simatic_xml.program.types.types import Structure
from simatic_xml.scl import SclError, to_text
from simatic_xml.xml.residue import local

_ACTIVE = "X"
"""Member of a step's data in the instance."""

_RETURN = re.compile(r"\b(?:RETURN|GOTO)\b", re.IGNORECASE)
_BLOCK_ENDS = frozenset({"BE", "BEC", "BEU"})


@dataclass(slots=True)
class _Prepared:
    """A network of the block.

    Attributes:
        circuits: its network, or the conditions of a GRAPH program.
        steps: number and name of each step, and the register of whether it is active.
        paths: the operands that it needs or shows.
    """

    circuits: list[Circuit] = field(default_factory=list)
    steps: list[tuple[int, str, int]] = field(default_factory=list)
    paths: tuple[str, ...] = ()


class BlockFlow:
    """A block whose power flow can be worked out.

    Attributes:
        kind: `OB`, `FB` or `FC`.
        name: name of the block.
        count: how many networks it has.
    """

    def __init__(self, block: Block, symbols: Symbols) -> None:
        """Prepare a block; networks in other languages than LAD, FBD and GRAPH have no wires."""
        self.kind, self.name, self.count = block.kind, block.name, len(block.networks)
        self._registers = Registers(has_instance=block.kind == "FB")
        reader = _Reader(Scope(block, symbols), self._registers)
        self._networks = [reader.read(network, number) for number, network in enumerate(block.networks, 1)]
        self._jumps = any(each.jumps for network in self._networks for each in network.circuits)

    @property
    def numbers(self) -> range:
        """The numbers of its networks."""
        return range(1, self.count + 1)

    def paths(self, numbers: Iterable[int]) -> list[str]:
        """Return the operands whose values the flow in networks needs or their drawing shows, each once.

        Where the block jumps, those of the networks before them are needed, too.
        """
        wanted = sorted(set(numbers))
        if self._jumps and wanted:
            wanted = list(range(1, wanted[-1] + 1))
        return list(dict.fromkeys(path for number in wanted for path in self._networks[number - 1].paths))

    def types(self, numbers: Iterable[int]) -> dict[str, str]:
        """Return the data types of `paths`, as TIA Portal writes them."""
        wanted = self.paths(numbers)
        shown = (each for network in self._networks for circuit in network.circuits for each, _ in circuit.operands)
        known = self._registers.types | {each.path: each.data_type for each in shown}
        return {path: known[path] for path in wanted}

    def evaluate(self, values: Mapping[str, Known], numbers: Iterable[int]) -> list[NetworkFlow]:
        """Return the flow in networks.

        Args:
            values: values of operands by path (`paths`); what is missing is not known.
            numbers: numbers of the networks, from 1.
        """
        registers = self._registers.run(values)
        reached = self._reached(registers)
        return [_flow(number, self._networks[number - 1], registers, reached[number - 1]) for number in numbers]

    def _reached(self, registers: list[Known]) -> list[bool | None]:
        """Return whether each network is executed: a jump leaves out those before its label."""
        if not self._jumps:
            return [True] * self.count
        found: list[bool | None] = []
        running: Known = True
        pending: dict[str, Known] = {}
        for network in self._networks:
            for label in (label for each in network.circuits for label in each.labels):
                running = either(running, pending.pop(label, False))
                if running is None and all(each is False for each in pending.values()):
                    running = True  # all ways lead here
            found.append(_bit(running))
            for condition, label in (jump for each in network.circuits for jump in each.jumps):
                taken = both(running, registers[condition])
                pending[label] = either(pending.get(label, False), taken)
                running = both(running, opposite(taken))
        return found


def prepare(block: Block, symbols: Symbols) -> BlockFlow:
    """Return a block whose power flow can be worked out.

    Args:
        block: an OB, FB or FC; it is not changed.
        symbols: the program around it.
    """
    return BlockFlow(block, symbols)


def _flow(number: int, network: _Prepared, registers: list[Known], executed: bool | None) -> NetworkFlow:
    def bits(found: Mapping[int, int]) -> dict[int, bool | None]:
        return {key: _bit(registers[at]) if executed else None for key, at in found.items()}

    places = tuple(PlaceFlow(each.place, bits(each.wires), bits(each.parts)) for each in network.circuits)
    operands = {each.text: (each, at) for circuit in network.circuits for each, at in circuit.operands}
    known = {text: registers[at] for text, (_, at) in operands.items()}
    steps = tuple(StepFlow(step, name, _bit(registers[at])) for step, name, at in network.steps)
    return NetworkFlow(number, executed, places, tuple(each for each, _ in operands.values()), known, steps)


def _bit(value: Known) -> bool | None:
    return value if isinstance(value, bool) else None


class _Reader:
    """Reads the networks of a block one after the other."""

    def __init__(self, scope: Scope, registers: Registers) -> None:
        self._scope, self._registers = scope, registers

    def read(self, network: Network, number: int) -> _Prepared:
        checkpoint()
        self._registers.begin()
        found, source = _Prepared(), network.source
        place = Place(self._scope.block.name, number)
        kind = "" if source is None else local(source)
        if source is not None and kind == "FlgNet":
            found.circuits.append(self._circuit(source, place, ""))
        elif source is not None and kind == "Graph":
            self._read_sequences(source, found)
        elif source is not None and _may_leave(source, kind):
            found.circuits.append(Circuit("", jumps=[(UNKNOWN, "")]))
        shown = (each.path for circuit in found.circuits for each, _ in circuit.operands if each.path)
        found.paths = tuple(dict.fromkeys([*shown, *self._registers.used]))
        return found

    def _circuit(self, element: etree._Element, place: Place, name: str) -> Circuit:
        try:
            network = read_graph(element)
        except SimaticMLError:
            return Circuit(name)
        return circuit(self._scope, network, place, name, self._registers)

    def _read_sequences(self, element: etree._Element, found: _Prepared) -> None:
        try:
            whole = program(element)
        except SimaticMLError:
            return
        for name, logic in _logics(whole):
            if logic.network is not None:
                found.circuits.append(self._circuit(logic.network, Place(self._scope.block.name, 1, step=name), name))
        for step in (step for sequence in whole.sequences for step in sequence.steps):
            found.steps.append((step.number, step.name, self._active(step.name)))

    def _active(self, step: str) -> int:
        variable = self._scope.variable(step)
        member = variable.type.member(_ACTIVE) if variable and isinstance(variable.type, Structure) else None
        if variable is None or member is None:
            return UNKNOWN
        place = Place(self._scope.block.name)
        return self._registers.of(n.Field(n.Local(variable, place), member, place))


def _logics(whole: Program) -> Iterator[tuple[str, Logic]]:
    """Yield the networks of a GRAPH program with the names of their places in the drawing."""
    yield from ((f"before.{number}", each) for number, each in enumerate(whole.before, 1))
    for sequence in whole.sequences:
        yield from ((f"T{each.number}", each.condition) for each in sequence.transitions)
        for step in sequence.steps:
            yield f"S{step.number}.interlock", step.interlock
            yield f"S{step.number}.supervision", step.supervision
    yield from ((f"after.{number}", each) for number, each in enumerate(whole.after, 1))


def _may_leave(source: etree._Element, kind: str) -> bool:
    """Return whether a network in SCL or STL may jump over the networks behind it."""
    if kind == "StructuredText":
        try:
            return _RETURN.search(to_text(source)) is not None
        except SclError:
            return True
    return any(token.get("Text") in _BLOCK_ENDS for token in source.iter("{*}StlToken"))
