"""Checks the modules of a design: who calls them, what they are connected to, how sequences continue."""

from __future__ import annotations

from collections.abc import Iterator

from engineering_api.features.design import blocks, calls, sequences
from engineering_api.features.design.expressions import Expression, ExpressionError, Use, read
from engineering_api.features.design.model import Alarms, AnyModule, Group, Modes, Pid, Sequence
from engineering_api.features.design.names import Names
from engineering_api.features.design.parts import Part, is_s7_1500
from engineering_api.features.design.reading import Mistakes
from engineering_api.features.design.wires import Wire, wires


class ModuleCheck:
    """Checks the part of one device.

    Attributes:
        uses: The expressions whose names are right; what their types are is the compiler's matter.
    """

    def __init__(self, part: Part, names: Names, mistakes: Mistakes) -> None:
        """Note mistakes of a part."""
        self.part, self.names, self.mistakes = part, names, mistakes
        self.uses: list[Use] = []

    def run(self) -> None:
        """Note what is wrong."""
        self._check_groups()
        for module in self.part.modules:
            self._check_module(module)
        self._check_writers()

    def _at(self, section: str, element: object, inner: str = "") -> str:
        return self.part.pointer(section, element) + inner

    def _check_groups(self) -> None:
        called: dict[str, str] = {}
        for group in self.part.groups:
            pointer = self._at("groups", group)
            for index, name in enumerate(group.modules):
                at = f"{pointer}/modules/{index}"
                module = self.part.module(name)
                if module is None:
                    known = ", ".join(each.name for each in self.part.modules) or "there is none"
                    self.mistakes.add(at, f"There is no module '{name}': {known}.", "design.unknown")
                elif name.casefold() in called:
                    self.mistakes.add(at, f"'{name}' is called by '{called[name.casefold()]}' already.", "design.call")
                elif isinstance(module, Pid) and not group.every:
                    msg = f"'{name}' is a controller: its group needs `every`, so that it runs in a cyclic interrupt."
                    self.mistakes.add(at, msg, "design.call")
                called.setdefault(name.casefold(), group.name)
            self._check_period(group.every, f"{pointer}/every")
        for module in self.part.modules:
            if module.name.casefold() not in called:
                msg = f"'{module.name}' is in no group, so nothing calls it: name it in the modules of a group."
                self.mistakes.add(self._at("modules", module), msg, "design.call")
        if len(calls.periods(self.part)) > calls.MOST_CYCLIC:
            self.mistakes.add(
                "/groups", f"A CPU has {calls.MOST_CYCLIC} cyclic interrupts; use fewer periods.", "design.call"
            )

    def _check_period(self, every: str, pointer: str) -> None:
        if every and not 1 <= calls.milliseconds(every) <= 60_000:
            self.mistakes.add(pointer, "A cyclic interrupt has a period from 1 ms to 1 minute.", "design.call")

    # Modules ----------------------------------------------------------------------------------------------------------

    def _check_module(self, module: AnyModule) -> None:
        pointer = self._at("modules", module)
        mode = getattr(module, "mode", "")
        if mode and self.part.mode_of(module) is None:
            modes = ", ".join(each.name for each in self.part.modules if isinstance(each, Modes)) or "there is none"
            self.mistakes.add(
                f"{pointer}/mode", f"There is no module of kind modes '{mode}': {modes}.", "design.unknown"
            )
        self._check_pulses(module, pointer)
        if isinstance(module, Sequence):
            self._check_sequence(module, pointer)
        if isinstance(module, Alarms | Sequence):
            self._check_own_names(module, pointer)
        for wire in wires(module, self.part.mode_of(module)):
            for inner, given in ((wire.pointer, wire.given), *wire.joined):
                self._check_expression(wire, given, pointer + inner)
        self._check_ladder(module, pointer)

    def _check_pulses(self, module: AnyModule, pointer: str) -> None:
        """Check pulses: a mode's signal of one cycle reaches only what is called as often; controllers need none."""
        mode, own = self.part.mode_of(module), self._group_of(module)
        others = None if mode is None else self._group_of(mode)
        if own is None or others is None or isinstance(module, Pid):
            return
        if calls.milliseconds(own.every) != calls.milliseconds(others.every):
            msg = f"'{own.name}' and '{others.name}', the group of its mode, need the same `every`: pulses would be missed."
            self.mistakes.add(f"{pointer}/mode", msg, "design.call")

    def _group_of(self, module: AnyModule) -> Group | None:
        name = module.name.casefold()
        return next((each for each in self.part.groups if name in map(str.casefold, each.modules)), None)

    def _check_own_names(self, module: Alarms | Sequence, pointer: str) -> None:
        """Check that parameters and variables of the module's block have different names."""
        names = _alarm_names(module) if isinstance(module, Alarms) else _sequence_names(module)
        seen: set[str] = set()
        for at, name in names:
            if name.casefold() in seen:
                msg = f"The name '{name}' is used twice in the block of '{module.name}'; choose another."
                self.mistakes.add(f"{pointer}{at}", msg, "design.name")
            seen.add(name.casefold())

    def _check_sequence(self, module: Sequence, pointer: str) -> None:
        if not is_s7_1500(self.part.device):
            msg = (
                f"A sequence is in GRAPH, which the CPU {self.part.device.order_number} does not have; an S7-1500 has."
            )
            self.mistakes.add(pointer, msg, "design.sequence")
        places = {step.name.casefold() for step in module.steps}
        missing = False
        for number, step in enumerate(module.steps):
            for index, way in enumerate(step.next):
                at = f"{pointer}/steps/{number}/next/{index}"
                for inner, names in (("to", way.targets), ("join", way.join)):
                    for name in (name for name in names if name.casefold() not in places):
                        missing = True
                        msg = f"There is no step '{name}': {', '.join(each.name for each in module.steps)}."
                        self.mistakes.add(f"{at}/{inner}", msg, "design.unknown")
                self._check_condition(way.when, f"{at}/when")
        if not missing and len(places) == len(module.steps):
            for inner, msg in sequences.faults(module):
                self.mistakes.add(pointer + inner, msg, "design.sequence")

    def _check_condition(self, given: bool | str, pointer: str) -> None:
        """Check a condition that is drawn: that of a transition."""
        wire = Wire("", given, "Bool", "")
        found = self._check_expression(wire, given, pointer)
        if found is not None:
            self._check_drawn(found, pointer)

    def _check_ladder(self, module: AnyModule, pointer: str) -> None:
        group = self._group_of(module)
        if group is None or group.language != "LAD":
            return
        for wire in wires(module, self.part.mode_of(module)):
            for inner, given in ((wire.pointer, wire.given), *wire.joined):
                found = _read(given)
                if found is not None and not (found.is_plain and not (wire.joined and found.truth is False)):
                    self._check_drawn(found, pointer + inner, plain=wire.type != "Bool" or wire.output)

    def _check_drawn(self, expression: Expression, pointer: str, *, plain: bool = False) -> None:
        if plain and expression.scl().lstrip("-+").replace(".", "").isdigit():
            return
        try:
            if plain:
                msg = f"'{expression.scl()}' cannot be connected to a box in LAD: use one operand, or a group in SCL."
                raise ExpressionError(msg)
            expression.series(self.names.type_of)
        except ExpressionError as error:
            self.mistakes.add(pointer, str(error), "design.expression")

    # Expressions ------------------------------------------------------------------------------------------------------

    def _check_expression(self, wire: Wire, given: bool | float | str, pointer: str) -> Expression | None:
        """Note what is wrong with the names of an expression; its type is checked later."""
        try:
            found = read(given)
        except ExpressionError as error:
            self.mistakes.add(pointer, str(error), "design.expression")
            return None
        if wire.output and (not found.is_plain or found.truth is not None or not list(found.variables())):
            self.mistakes.add(pointer, f"'{given}' cannot be written: name a tag or a variable.", "design.expression")
            return None
        judge = self.names.write_fault if wire.output else self.names.fault
        faults = [fault for variable in found.variables() if (fault := judge(variable))]
        for fault in faults:
            self.mistakes.add(pointer, fault, "design.unknown")
        if not faults:
            self.uses.append(Use(pointer, wire.type, found, wire.output))
        return None if faults else found

    def _check_writers(self) -> None:
        """Check that each output has one writer."""
        written: dict[str, str] = {}
        for use in self.uses:
            if not use.output:
                continue
            text = use.expression.scl()
            if text.casefold() in written:
                msg = f"{text} is written at {written[text.casefold()]} already; the last write would win."
                self.mistakes.add(use.pointer, msg, "design.output")
            written.setdefault(text.casefold(), use.pointer)


def _read(given: bool | float | str) -> Expression | None:
    try:
        return read(given)
    except ExpressionError:
        return None


def _alarm_names(module: Alarms) -> Iterator[tuple[str, str]]:
    yield from (("", name) for name in ("acknowledge", "group", "horn", "count"))
    for index, alarm in enumerate(module.alarms):
        at = f"/alarms/{index}/name"
        yield at, alarm.name
        yield at, f"{alarm.name}Condition"


def _sequence_names(module: Sequence) -> Iterator[tuple[str, str]]:
    yield from (("", each.name) for each in blocks.parameters(module) if each.name not in blocks.outputs(module))
    for index, step in enumerate(module.steps):
        yield f"/steps/{index}/name", step.name
    for (number, index), name in blocks.transition_names(module).items():
        yield f"/steps/{number}/next/{index}", name
    names: dict[str, str] = {}
    for index, step in enumerate(module.steps):
        names |= {name: f"/steps/{index}/outputs" for name in step.outputs if name not in names}
    yield from ((at, name) for name, at in names.items())
