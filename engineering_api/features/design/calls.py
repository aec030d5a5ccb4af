"""The call structure: a function for each group, and the organization blocks that call them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from engineering_api.features.design import blocks
from engineering_api.features.design.expressions import Expression, read
from engineering_api.features.design.made_blocks import INDENT, comment, header, indent
from engineering_api.features.design.model import AnalogInput, AnyModule, Group, Interlock, Obedient, Pid
from engineering_api.features.design.names import Names
from engineering_api.features.design.parts import Part
from engineering_api.features.design.wires import Wire, time, wires

Json = dict[str, Any]
MAIN, STARTUP = "Main", "Startup"
FIRST_CYCLIC, MOST_CYCLIC = 30, 9
_PARTS = re.compile(r"(\d+)(ms|d|h|m|s)")
_MILLISECONDS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}


@dataclass(frozen=True, slots=True)
class OrganizationBlock:
    """An organization block.

    Attributes:
        event: Event class, such as ProgramCycle.
    """

    name: str
    event: str
    number: int
    text: str


class Caller:
    """Writes the functions of the groups of a PLC."""

    def __init__(self, part: Part, names: Names) -> None:
        """Write for a part of a design."""
        self._part, self._names = part, names

    def wires(self, module: AnyModule, group: Group) -> list[Wire]:
        """Return what is connected to a module in its group."""
        found = wires(module, self._part.mode_of(module))
        period = [Wire("cycleTime", time(group.every), "Time", "")] if isinstance(module, Pid) else []
        return found + period

    def scl(self, group: Group) -> str:
        """Return the function of a group in SCL: a region for each module."""
        lines = header("FUNCTION", group.name, group.name, group.comment)
        lines[0] += " : Void"
        body: list[str] = []
        for module in self._modules(group):
            body += ["", f"REGION {module.name}", *indent(self._call(module, group)), "END_REGION"]
        return "\n".join([*lines, "BEGIN", *indent(body[1:]), "END_FUNCTION", ""])

    def ladder(self, group: Group) -> Json:
        """Return the function of a group in LAD: a network for each module, conditions drawn at the pins."""
        networks = [self._network(module, group) for module in self._modules(group)]
        data = {"kind": "FC", "name": group.name, "language": "LAD", "title": group.name, "networks": networks}
        return data | ({"comment": group.comment} if group.comment else {})

    def _modules(self, group: Group) -> list[AnyModule]:
        return [found for name in group.modules if (found := self._part.module(name)) is not None]

    def _call(self, module: AnyModule, group: Group) -> list[str]:
        about = [comment(describe_module(module)).strip()] if describe_module(module) else []
        about += [f"// Interlock: {' '.join(each.name.split())}" for each in _interlocks(module)]
        opening = f'"{module.name}"('
        arguments = [_argument(each) for each in self.wires(module, group)]
        if not arguments:
            return [*about, f"{opening});"]
        gap = " " * len(opening)
        lines = [f"{gap}{each}," for each in arguments]
        lines[0] = opening + arguments[0] + ","
        return [*about, *lines[:-1], f"{lines[-1][:-1]});"]

    def _network(self, module: AnyModule, group: Group) -> Json:
        found = self.wires(module, group)
        types = {each.name: each.type for each in blocks.parameters(module)}
        inputs = {each.parameter: self._pin(each) for each in found if not each.output}
        outputs = {each.parameter: _join_conditions(each) for each in found if each.output}
        used = {name: kind for name, kind in types.items() if name in inputs or name in outputs}
        call = {
            "call": blocks.block_name(module),
            "instance": f'"{module.name}"',
            "types": used,
            "in": {name: inputs[name] for name in used if name in inputs},
            "out": {name: outputs[name] for name in used if name in outputs},
        }
        title = f"{module.name}: {describe_module(module)}" if describe_module(module) else module.name
        about = "\n".join(f"Interlock: {each.name}" for each in _interlocks(module))
        network: Json = {"title": title, "source": {"rungs": [[call]]}}
        return network | ({"comment": about} if about else {})

    def _pin(self, wire: Wire) -> Any:
        """Return what is at an input: an operand or literal, or for a condition contacts.

        Raises:
            ExpressionError: It cannot be drawn.
        """
        first = read(wire.given)
        if wire.type != "Bool" or (first.is_plain and not wire.joined):
            return first.scl()
        together = [first, *(read(condition) for _, condition in wire.joined)]
        series = [step for each in together for step in each.series(self._names.type_of)]
        return series or "TRUE"


def describe_module(module: AnyModule) -> str:
    """Return what a module is, with the unit of a measured value."""
    unit = f"[{module.unit}]" if isinstance(module, AnalogInput) and module.unit else ""
    return " ".join([*module.comment.split(), *unit.split()])


def milliseconds(duration: str) -> int:
    """Return a duration in milliseconds."""
    return sum(int(number) * _MILLISECONDS[unit] for number, unit in _PARTS.findall(duration))


def periods(part: Part) -> list[int]:
    """Return the periods of the groups in cyclic interrupts, in milliseconds, shortest first."""
    return sorted({milliseconds(each.every) for each in part.groups if each.every})


def organization_blocks(part: Part) -> list[OrganizationBlock]:
    """Return the organization blocks: the cycle, a cyclic interrupt for each period, the startup that sets these."""
    cycle = [each for each in part.groups if not each.every]
    text = _organization_block(MAIN, f"Cycle of {part.design.name}", _calls(cycle))
    found = [OrganizationBlock(MAIN, "ProgramCycle", 1, text)]
    numbered = list(enumerate(periods(part), FIRST_CYCLIC))
    for number, period in numbered:
        name = f"Cyclic_{period}ms"
        groups = [each for each in part.groups if each.every and milliseconds(each.every) == period]
        text = _organization_block(name, f"Every {period} ms", _calls(groups))
        found.append(OrganizationBlock(name, "CyclicInterrupt", number, text))
    if numbered:
        found.append(OrganizationBlock(STARTUP, "Startup", 100, _startup(numbered)))
    return found


def _startup(numbered: list[tuple[int, int]]) -> str:
    body = []
    for number, period in numbered:
        body += [
            f"// Cyclic_{period}ms",
            f"#tempResult := SET_CINT(OB_NR := {number}, CYCLE := {period * 1000}, PHASE := 0);",
        ]
    lines = header("ORGANIZATION_BLOCK", STARTUP, "Periods of the cyclic interrupts")
    lines += ["VAR_TEMP", f"{INDENT}tempResult : Int; // 0 when the period was taken", "END_VAR"]
    return "\n".join([*lines, "BEGIN", *indent(body), "END_ORGANIZATION_BLOCK", ""])


def _organization_block(name: str, title: str, body: list[str]) -> str:
    lines = header("ORGANIZATION_BLOCK", name, title)
    return "\n".join([*lines, "BEGIN", *indent(body), "END_ORGANIZATION_BLOCK", ""])


def _calls(groups: list[Group]) -> list[str]:
    return [f'"{each.name}"();{comment(each.comment)}' for each in groups] or [";"]


def _interlocks(module: AnyModule) -> list[Interlock]:
    return module.interlocks if isinstance(module, Obedient) else []


def _argument(wire: Wire) -> str:
    return f"{wire.parameter} {'=>' if wire.output else ':='} {_join_conditions(wire)}"


def _join_conditions(wire: Wire) -> str:
    """Return the expression of a parameter; several that must hold are joined."""
    first = read(wire.given)
    if not wire.joined:
        return first.scl()
    return " AND ".join(_bracket(each) for each in (first, *(read(condition) for _, condition in wire.joined)))


def _bracket(expression: Expression) -> str:
    return expression.scl() if expression.is_plain else f"({expression.scl()})"
