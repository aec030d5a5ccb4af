"""One network of LAD or FBD as registers: what its statements put on its wires."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from simatic_xml.drawing.naming import operand_name
from simatic_xml.flgnet.catalogue import flow_pins
from simatic_xml.flgnet.model import Access, End, Ident, NetworkGraph, Part, Pin, Rail
from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.lad_fbd.lowering import Lowering
from simatic_xml.program.lad_fbd.network import lower
from simatic_xml.program.lad_fbd.operands import operand
from simatic_xml.program.power_flow.registers import TRUE, UNKNOWN, Registers
from simatic_xml.program.power_flow.results import Operand
from simatic_xml.program.scope import Scope
from simatic_xml.program.types.types import BOOL, Structure, type_name


@dataclass(slots=True)
class Circuit:
    """A network, or a condition of a GRAPH program.

    Attributes:
        place: as in the drawing.
        wires: the register of each wire that carries a truth value.
        parts: the register of each part.
        operands: its operands, each with its register.
        labels: the jump labels in front of it.
        jumps: conditions of jumps out of it with their label; that of a RETURN is empty.
    """

    place: str
    wires: dict[int, int] = field(default_factory=dict)
    parts: dict[int, int] = field(default_factory=dict)
    operands: list[tuple[Operand, int]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    jumps: list[tuple[int, str]] = field(default_factory=list)


def circuit(scope: Scope, network: NetworkGraph, place: Place, name: str, registers: Registers) -> Circuit:
    """Return a network as registers.

    Args:
        scope: the block.
        network: the network.
        place: the block, and the network, step or transition.
        name: the place as in the drawing.
        registers: receives the calculations.
    """
    low = lower(scope, network, place)
    registers.overwritten.update(id(each) for each in low.overwritten)
    found = Circuit(name)
    _Statements(registers, found).run(low.statements, TRUE)
    accesses = {access.uid: access for access in network.accesses}
    reading = _Reading(scope, low, place, registers, accesses)
    for wire in network.wires:
        if wire.source is not None and (register := reading.bit_at(wire.source)) is not None:
            found.wires[wire.uid] = register
    for part in network.parts:
        if (register := reading.part(part)) is not None:
            found.parts[part.uid] = register
    found.operands = list(reading.operands())
    return found


class _Reading:
    """Finds the registers of wires, parts and operands."""

    def __init__(
        self, scope: Scope, low: Lowering, place: Place, registers: Registers, accesses: dict[int, Access]
    ) -> None:
        self._scope, self._low, self._place = scope, low, place
        self._registers, self._accesses = registers, accesses
        self._typed: dict[int, n.Expression] = {}

    def bit_at(self, source: End) -> int | None:
        """Return the register of what starts a wire, None where it is no truth value."""
        match source:
            case Rail():
                return TRUE
            case Pin():
                value = self._low.outputs.get(source)
                return self._registers.of(value) if value is not None and value.type == BOOL else None
            case Ident(uid) if uid in self._accesses:
                value = self._operand(self._accesses[uid])
                return self._registers.of(value) if value.type == BOOL else None
        return None

    def part(self, part: Part) -> int | None:
        """Return the register of a part: whether it conducts, or current reaches it."""
        conducting = self._low.conducting.get(part.uid)
        if conducting is not None:
            return self._registers.of(conducting)
        flow_in, flow_out = flow_pins(part)
        driver = self._low.wiring.driver(Pin(part.uid, flow_in)) if flow_in else None
        if isinstance(driver, Access):
            return self.bit_at(Ident(driver.uid))
        if driver is not None:
            return self.bit_at(driver)
        return self.bit_at(Pin(part.uid, flow_out)) if flow_out else None

    def operands(self) -> Iterator[tuple[Operand, int]]:
        """Yield the operands that have values, with their registers."""
        for access in self._accesses.values():
            typed = self._operand(access)
            if not isinstance(typed, n.Constant | n.Broken) and not access.text.startswith("label "):
                shown = Operand(operand_name(access.text), self._registers.path(typed), type_name(typed.type))
                yield shown, self._registers.of(typed)

    def _operand(self, access: Access) -> n.Expression:
        if access.uid not in self._typed:
            self._typed[access.uid] = operand(self._scope, access.text, self._place)
        return self._typed[access.uid]


class _Statements:
    """Follows the statements of a network, which write its wires, jump, and call."""

    def __init__(self, registers: Registers, found: Circuit) -> None:
        self._registers, self._found = registers, found

    def run(self, statements: Iterable[n.Statement], reached: int) -> None:
        """Follow statements that are executed while a register is TRUE."""
        for statement in statements:
            match statement:
                case n.Assign(target, value):
                    self._call(value)
                    if isinstance(target, n.Wire):
                        self._registers.wires[target.number] = self._of(value, reached)
                case n.Evaluate(call):
                    self._call(call)
                case n.If():
                    self._if(statement, reached)
                case n.Label(name):
                    self._found.labels.append(name.casefold())
                case n.Jump(_, label=label):
                    self._found.jumps.append((reached, label.casefold()))

    def _of(self, value: n.Expression, reached: int) -> int:
        return self._registers.of(value, keep=reached == TRUE)

    def _if(self, statement: n.If, reached: int) -> None:
        """Follow each branch on a separate copy of the wires, then choose for each wire."""
        registers = self._registers
        before = registers.wires
        open_, taken = reached, []
        for branch in statement.branches:
            condition = self._of(branch.condition, reached)
            registers.wires = dict(before)
            self.run(branch.body, registers.conjunction(open_, condition))
            taken.append((condition, registers.wires))
            open_ = registers.conjunction(open_, registers.negation(condition))
        registers.wires = dict(before)
        self.run(statement.otherwise or (), open_)
        for condition, wires in reversed(taken):
            registers.wires = self._choose(condition, wires, registers.wires)

    def _choose(self, condition: int, then: dict[int, int], otherwise: dict[int, int]) -> dict[int, int]:
        choice = self._registers.choice
        return {
            number: choice(condition, then.get(number, UNKNOWN), otherwise.get(number, UNKNOWN))
            for number in then.keys() | otherwise.keys()
        }

    def _call(self, call: n.Expression) -> None:
        """Note the wires that a call writes: outputs that its instance keeps; nothing else of a call is known."""
        if not isinstance(call, n.BlockCall | n.InstructionCall):
            return
        wires = self._registers.wires
        if isinstance(call.eno, n.Wire):
            wires[call.eno.number] = UNKNOWN
        for argument in call.arguments:
            if argument.direction != "Input" and isinstance(argument.value, n.Wire):
                wires[argument.value.number] = self._kept(call.instance, argument.name, call.place)

    def _kept(self, instance: n.Expression | None, name: str, place: Place) -> int:
        """Return the register of an output that an instance keeps."""
        structure = instance.type if instance is not None else None
        member = structure.member(name) if isinstance(structure, Structure) else None
        if instance is None or member is None:
            return UNKNOWN
        return self._registers.of(n.Field(instance, member, place))
