"""Convert parts of a LAD or FBD network to statements: values at pins, wires, enabled boxes.

The output of a part is an expression. It goes straight into the part that it drives, if that is the only one, and if no
statement in between could change the operands of the expression; otherwise a wire keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from simatic_xml.flgnet.catalogue import pin_type
from simatic_xml.flgnet.model import Access, Part, Pin, Rail
from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.lad_fbd.operands import describe, operand
from simatic_xml.program.lad_fbd.wiring import Wiring
from simatic_xml.program.scope import Scope
from simatic_xml.program.targets import check_target
from simatic_xml.program.types.coercion import coerce
from simatic_xml.program.types.types import BOOL, UNKNOWN, DataType, Elementary, Kind, Text, Unknown, type_name

_STATE_KINDS = (Kind.TIMER, Kind.COUNTER)


class Lowering:
    """One network during its conversion to statements.

    Attributes:
        scope: the block.
        wiring: the network.
        place: block, network and step.
        statements: the statements so far, of the body that is being written.
        otherwise: the statements to run while that body is skipped; None outside of a conditional body.
        outputs: the value that each output gets; power is such a value.
        conducting: by the number of a contact or comparison whether it lets power through.
        overwritten: operands that an edge reads and then writes: later they do not show what it has read.
    """

    def __init__(self, scope: Scope, wiring: Wiring, place: Place) -> None:
        """Start with an empty body."""
        self.scope = scope
        self.wiring = wiring
        self.place = place
        self.statements: list[n.Statement] = []
        self.otherwise: list[n.Statement] | None = None
        self.outputs: dict[Pin, n.Expression] = {}
        self.conducting: dict[int, n.Expression] = {}
        self.overwritten: list[n.Expression] = []
        self._values: dict[Pin, n.Expression] = {}
        self._pending: dict[Pin, None] = {}
        self._read: dict[Pin, n.Expression] = {}
        self._zeroed: set[int] = set()

    def at(self, uid: int) -> Place:
        """Return the place of a node."""
        return replace(self.place, uid=uid)

    # Values at inputs --------------------------------------------------------------------------------------------------

    def has(self, part: Part, pin: str) -> bool:
        """Return whether something drives an input."""
        return self.wiring.driver(Pin(part.uid, pin)) is not None

    def literal(self, part: Part, pin: str) -> bool:
        """Return whether a literal is at an input."""
        driver = self.wiring.driver(Pin(part.uid, pin))
        return isinstance(driver, Access) and driver.scope in ("LiteralConstant", "TypedConstant")

    def input(self, part: Part, pin: str, expected: DataType | None = None) -> n.Expression | None:
        """Return the value at an input in its own type, negated if the pin is; None where nothing drives it.

        Args:
            part: the part.
            pin: name of the input.
            expected: type that a literal takes.
        """
        end = Pin(part.uid, pin)
        value = self._read.get(end) or self._driven(end, expected)
        if value is None or pin not in part.negated or end in self._read:
            return value
        return negation(self.as_bool(value, part, pin), self.at(part.uid))

    def _driven(self, pin: Pin, expected: DataType | None) -> n.Expression | None:
        match self.wiring.driver(pin):
            case Rail():
                return n.Constant(True, BOOL, self.at(pin.part))
            case Pin() as source:
                self._pending.pop(source, None)
                return self._values.get(source) or n.Broken(UNKNOWN, self.at(pin.part))
            case Access() as access:
                return operand(self.scope, access.text, self.at(access.uid), expected)
        return None

    def require(self, part: Part, pin: str, expected: DataType | None = None) -> n.Expression:
        """Return the value at an input; report an open input."""
        value = self.input(part, pin, expected)
        return self.missing(part, pin) if value is None else value

    def target(self, part: Part, pin: str, wanted: DataType | None = None) -> n.Expression:
        """Return the operand that a part writes at an input such as `operand`; report one that cannot be written.

        Args:
            part: the part.
            pin: name of the pin; a negation there means the value.
            wanted: the type that the operand must have, None for any.
        """
        target = self._driven(Pin(part.uid, pin), None) or self.missing(part, pin)
        return self._writable(target, part, pin, wanted)

    def _writable(self, target: n.Expression, part: Part, pin: str, wanted: DataType | None) -> n.Expression:
        if wanted is not None and not isinstance(target.type, Unknown) and target.type != wanted:
            return self.refuse(target, part, pin, type_name(wanted))
        return target if check_target(self.scope, target, target.place) else n.Broken(UNKNOWN, target.place)

    def missing(self, part: Part, pin: str) -> n.Broken:
        """Report that a pin that needs an operand is open."""
        message = f"The pin {pin!r} of {part.name} is open; connect an operand or a wire."
        self.scope.error("network.operand_missing", message, self.at(part.uid))
        return n.Broken(UNKNOWN, self.at(part.uid))

    def bit(self, part: Part, pin: str, default: bool | None = None) -> n.Expression:
        """Return the Bool at an input; where nothing drives it the default, or a finding without one."""
        if default is not None and not self.has(part, pin):
            return n.Constant(default, BOOL, self.at(part.uid))
        return self.as_bool(self.require(part, pin, BOOL), part, pin)

    def as_bool(self, value: n.Expression, part: Part, pin: str) -> n.Expression:
        """Return a value as Bool: the state of a timer or counter; anything else must be one."""
        if value.type == BOOL or isinstance(value.type, Unknown):
            return value
        if isinstance(value.type, Elementary) and value.type.kind in _STATE_KINDS:
            return n.Convert(value, BOOL, value.place)
        return self.refuse(value, part, pin, "Bool")

    def refuse(self, value: n.Expression, part: Part, pin: str, allowed: str) -> n.Broken:
        """Report a value whose type the pin does not take."""
        found = f"{describe(value)} is {type_name(value.type)}, but {pin!r} of {part.name} takes {allowed}"
        message = f"{found}; use an operand of that type, or convert it."
        self.scope.error("type.pin", message, value.place)
        return n.Broken(UNKNOWN, value.place)

    def template(self, part: Part, name: str) -> DataType | None:
        """Return the data type of a template value, None when it has none or is typed automatically."""
        text = part.template(name)
        return self.scope.data_type(text) if text else None

    def pin_type(self, part: Part, pin: str) -> DataType | None:
        """Return the data type that the part needs at a pin, None when it is not known."""
        text = pin_type(part, pin)
        return self.scope.data_type(text) if text else None

    # Values at outputs -------------------------------------------------------------------------------------------------

    def used(self, part: Part, pin: str) -> bool:
        """Return whether an output leads to an operand or another part."""
        return self.wiring.is_used(Pin(part.uid, pin))

    def carries(self, part: Part, pin: str) -> bool:
        """Return whether an output drives other parts."""
        return self.wiring.consumers(Pin(part.uid, pin)) > 0

    def leads(self, part: Part, pin: str) -> bool:
        """Return whether an output leads anywhere, also by a wire that the file draws the wrong way round."""
        return self.carries(part, pin) or bool(self.wiring.find_written(Pin(part.uid, pin)))

    def writes_one(self, part: Part, pin: str) -> bool:
        """Return whether an output writes exactly one operand; it may drive parts, too."""
        return len(self.wiring.find_written(Pin(part.uid, pin))) == 1

    def reports(self, part: Part) -> bool:
        """Return whether the operation of a box has to report a failure at ENO."""
        return self.used(part, "eno") and not part.disabled_eno

    def targets(self, part: Part, pin: str) -> list[n.Expression]:
        """Return the operands that an output writes."""
        accesses = self.wiring.find_written(Pin(part.uid, pin))
        found = [operand(self.scope, access.text, self.at(access.uid)) for access in accesses]
        return [self._writable(target, part, pin, None) for target in found]

    def drive(self, part: Part, pin: str, value: n.Expression) -> None:
        """Give an output its value: write its operands, and keep it for later parts."""
        targets, consumers = self.targets(part, pin), self.wiring.consumers(Pin(part.uid, pin))
        self.outputs[Pin(part.uid, pin)] = value
        if len(targets) + consumers > 1:
            value = self.stable(value)
        for target in targets:
            self.assign(target, self._fitting(value, target, part, pin))
        if consumers:
            self.carry(part, pin, value)
        elif not targets and isinstance(value, n.InstructionCall | n.BlockCall):
            self.emit(n.Evaluate(value, value.place))

    def _fitting(self, value: n.Expression, target: n.Expression, part: Part, pin: str) -> n.Expression:
        if isinstance(target.type, Unknown):
            return value
        if value.type == BOOL and target.type != BOOL:
            return self.refuse(target, part, pin, "Bool")
        return coerce(self.scope, value, target.type, target.place)

    def carry(self, part: Part, pin: str, value: n.Expression) -> None:
        """Keep a value for the parts that an output drives."""
        output = Pin(part.uid, pin)
        if self.otherwise is not None and not (isinstance(value, n.Wire) and value.number in self._zeroed):
            wire = self.wire(value.type, value.place)
            self.assign(wire, value)
            value = wire
        elif isinstance(value, n.InstructionCall | n.BlockCall):
            value = self.stable(value)
        self._values[output] = self.outputs[output] = value
        if not is_stable(value):
            self._pending[output] = None

    def wire(self, data_type: DataType, place: Place) -> n.Wire:
        """Return a new wire, which a call writes; where the call is skipped it has the type's zero."""
        wire = n.Wire(self.scope.wire(), data_type, place)
        self.set_zero(wire)
        return wire

    def set_zero(self, wire: n.Wire) -> None:
        """Give a wire the zero of its type where the body that writes it is skipped."""
        zero = zero_of(wire.type, wire.place)
        if self.otherwise is not None and zero is not None:
            self.otherwise.append(n.Assign(wire, zero, wire.place))
            self._zeroed.add(wire.number)

    def stable(self, value: n.Expression) -> n.Expression:
        """Return a value that may be read more than once: a constant or a wire."""
        if is_stable(value):
            return value
        if isinstance(value, n.InstructionCall | n.BlockCall):
            self._keep_pending()
        wire = n.Wire(self.scope.wire(), value.type, value.place)
        self.statements.append(n.Assign(wire, value, value.place))
        return wire

    def let_through(self, part: Part, power: n.Expression, condition: n.Expression) -> None:
        """Drive the output of a contact or comparison, through which power flows while its condition holds."""
        self.conducting[part.uid] = condition
        self.drive(part, "out", conjunction(power, condition, self.at(part.uid)))

    def keep(self, part: Part, pin: str, value: n.Expression) -> None:
        """Give an input the value already read from it."""
        self._read[Pin(part.uid, pin)] = value

    # Statements --------------------------------------------------------------------------------------------------------

    def emit(self, statement: n.Statement) -> None:
        """Append a statement that has an effect; first read the values that later parts still need."""
        self._keep_pending()
        self.statements.append(statement)

    def assign(self, target: n.Expression, value: n.Expression) -> None:
        """Append an assignment to an operand."""
        self.emit(n.Assign(target, value, target.place))

    def _keep_pending(self) -> None:
        for output in self._pending:
            self._values[output] = self.stable(self._values[output])
        self._pending.clear()

    @contextmanager
    def when(self, condition: n.Expression, place: Place) -> Iterator[None]:
        """Write the next statements into a body that runs only while the condition holds, or directly if always."""
        if is_true(condition):
            yield
            return
        self._keep_pending()
        outer = (self.statements, self.otherwise)
        self.statements, self.otherwise = [], []
        yield
        body, otherwise = self.statements, self.otherwise
        self.statements, self.otherwise = outer
        if body:
            self.statements.append(n.If([n.Branch(condition, body)], otherwise or None, place))

    @contextmanager
    def box(self, part: Part, *, fails: bool = False) -> Iterator[n.Wire | None]:
        """Write the operation of a box that EN enables, and drive ENO.

        Args:
            part: the box.
            fails: whether the operation itself can set ENO to FALSE.

        Yields:
            The wire that the operation writes its ENO to, None where ENO is just EN.
        """
        place = self.at(part.uid)
        condition = self.bit(part, "en", default=True)
        if self.used(part, "eno"):
            condition = self.stable(condition)
        eno: n.Wire | None = None
        with self.when(condition, place):
            if fails and self.reports(part):
                eno = self.wire(BOOL, place)
            yield eno
        self.drive(part, "eno", condition if eno is None else eno)


Handler = Callable[[Lowering, Part], None]
"""Writes the statements of one part."""


def is_stable(value: n.Expression) -> bool:
    """Return whether a value can be read again without another result."""
    return isinstance(value, n.Constant | n.Wire | n.Broken)


def is_true(value: n.Expression) -> bool:
    """Return whether a value is TRUE for certain."""
    return isinstance(value, n.Constant) and value.value is True


def conjunction(left: n.Expression, right: n.Expression, place: Place) -> n.Expression:
    """Return `left AND right`; leave out the value of the power rail."""
    if is_true(left) or is_true(right):
        return right if is_true(left) else left
    return n.Binary("AND", left, right, BOOL, place)


def negation(value: n.Expression, place: Place) -> n.Expression:
    """Return `NOT value`, the opposite of a constant, or the operand of a negation."""
    match value:
        case n.Constant(value=bool() as known):
            return replace(value, value=not known)
        case n.Unary("NOT", operand):
            return operand
    return n.Unary("NOT", value, BOOL, place)


def zero_of(data_type: DataType, place: Place) -> n.Constant | None:
    """Return the zero of a type: FALSE, 0, 0.0 or empty text; None for a type without."""
    match data_type:
        case Elementary(kind=Kind.BOOL):
            return n.Constant(False, data_type, place)
        case Elementary(kind=Kind.REAL):
            return n.Constant(0.0, data_type, place)
        case Text() | Elementary(kind=Kind.CHARACTER):
            return n.Constant("" if isinstance(data_type, Text) else 0, data_type, place)
        case Elementary(kind=kind) if kind not in _STATE_KINDS:
            return n.Constant(0, data_type, place)
    return None
