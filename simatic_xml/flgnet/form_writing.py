"""Write the tree of series as the JSON form: the shortest members that read back as the same tree."""

from typing import Any

from simatic_xml.flgnet import shorthand
from simatic_xml.flgnet.catalogue import all_pins, flow_pins, parts
from simatic_xml.flgnet.model import Part
from simatic_xml.flgnet.templates import write_templates
from simatic_xml.flgnet.tree import (
    Branch,
    From,
    Item,
    Node,
    OpenPin,
    Operand,
    Parallel,
    Series,
    Step,
    Tree,
    UnwiredPin,
    Value,
)

_SECTION_KEYS = {"InOut": "inout", "Output": "out", "Return": "out"}


def write_tree(tree: Tree) -> dict[str, Any]:
    """Write the tree as ``{"rungs": [...]}`` (LAD) or ``{"fbd": [...]}`` (FBD)."""
    labels = {"labels": [label.name for label in tree.labels]} if tree.labels else {}
    return labels | {"rungs" if tree.rail else "fbd": [_series(rung) for rung in tree.rungs]}


def _series(series: Series) -> list[Any]:
    return [_item(item) for item in series]


def _item(item: Item) -> Any:
    match item:
        case Operand(text):
            return text
        case Parallel():
            return {"any": [_series(branch) for branch in item.branches]}
        case Branch(arms):
            return {"branch": [_series(arm) for arm in arms]}
        case Node(name):
            return {"node": name}
        case From(name):
            return {"from": name}
        case Step():
            return _Step(item).write()
    raise TypeError(item)


def _value(value: Value) -> Any:
    match value:
        case Operand(text):
            return text
        case OpenPin():
            return None
        case UnwiredPin():
            return False
        case [Step() as step]:
            return _item(step)
    return _series(value)


class _Step:
    """Writes one step; pins that a short member says are taken out of the rest."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.part = step.part
        self.inputs = dict(step.inputs)
        self.outputs = dict(step.outputs)
        self.pins = [*step.inputs, *step.outputs]
        self.inverted = self._find_inverted()

    def _find_inverted(self) -> set[str]:
        """Return the negated pins that are written as ``{"not": ...}``: all of them, or none."""
        negated = self.part.negated
        ordered = tuple(pin for pin in self.step.inputs if pin in negated)
        return set(negated) if negated and ordered == negated and negated != ("operand",) else set()

    def write(self) -> dict[str, Any]:
        self._drop_silent()
        data = self._head()
        if self.part.is_call:
            data |= self._call()
        else:
            data |= self._attributes()
        if self.part.negated and not self.inverted:
            data["negated"] = True if self.part.negated == ("operand",) else list(self.part.negated)
        data |= self._sections()
        if self.step.via:
            data["via"] = self.step.via
        return data

    def _drop_silent(self) -> None:
        """Drop the open pins that an author may leave out."""
        inputs, outputs = all_pins(self.part, self.pins) or ([], [])
        flow_in, flow_out = flow_pins(self.part)
        for pin in inputs:
            if pin != flow_in and isinstance(self.inputs.get(pin), OpenPin):
                del self.inputs[pin]
        for pin in outputs:
            if pin not in (flow_out, self.step.via) and isinstance(self.outputs.get(pin), OpenPin):
                del self.outputs[pin]

    def _take(self, pin: str) -> Any:
        value = _value(self.inputs.pop(pin))
        return {"not": value} if pin in self.inverted else value

    def _head(self) -> dict[str, Any]:
        """Write the member that names the step."""
        name = self.part.name
        if self.part.is_call:
            return {"call": name}
        key = shorthand.STEP_OF.get(name)
        plain = self.part.instance is None and self.part.version is None and self.part.equation is None
        if not plain or (self.part.disabled_eno is not None and name != "Move"):
            return {"box": name}
        if key in shorthand.OPERAND_STEPS and "operand" in self.inputs:
            bit = {"bit": self._take("bit")} if "bit" in self.inputs and key[-1] in "PN" else {}
            return {key: self._take("operand")} | bit
        if key in shorthand.JUMP_STEPS and self._label():
            return {key: self._take("label").removeprefix("label ")}
        if key in shorthand.GATE_STEPS and self._is_counted(self.inputs, "in"):
            return {key: [self._take(f"in{index + 1}") for index in range(len(self.inputs))]}
        if name in shorthand.OPERATOR_OF and {"in1", "in2"} <= set(self.inputs):
            return {"compare": [self._take("in1"), shorthand.OPERATOR_OF[name], self._take("in2")]}
        if name == "Move" and "in" in self.inputs and self._is_counted(self.outputs, "out"):
            return self._move()
        return {"box": name}

    def _label(self) -> bool:
        value = self.inputs.get("label")
        return isinstance(value, Operand) and value.text.startswith("label ")

    @staticmethod
    def _is_counted(pins: dict[str, Value], prefix: str) -> bool:
        return bool(pins) and list(pins) == [f"{prefix}{index + 1}" for index in range(len(pins))]

    def _move(self) -> dict[str, Any]:
        targets = [_value(value) for value in self.outputs.values()]
        self.outputs.clear()
        single = len(targets) == 1 and not isinstance(targets[0], list)
        return {"move": self._take("in"), "to": targets[0] if single else targets}

    def _attributes(self) -> dict[str, Any]:
        part = self.part
        known = parts().get(part.name)
        data: dict[str, Any] = {"instance": part.instance} if part.instance is not None else {}
        if part.version != (known.version if known else None):
            data["version"] = part.version
        data |= write_templates(part.name, part.templates, self._find_given_pins())
        if part.equation is not None:
            data["equation"] = part.equation
        if part.disabled_eno is not None:
            data["disabledENO"] = part.disabled_eno
        return data

    def _find_given_pins(self) -> list[str]:
        """Return the pins that will be in the JSON, where some were dropped."""
        flow = flow_pins(self.part)
        silent = [
            pin
            for pin, value in (self.step.inputs | self.step.outputs).items()
            if isinstance(value, OpenPin) and pin not in flow and pin not in self.inputs and pin not in self.outputs
        ]
        return [pin for pin in self.pins if pin not in silent]

    def _call(self) -> dict[str, Any]:
        part: Part = self.part
        data: dict[str, Any] = {"instance": part.instance} if part.instance is not None else {}
        if part.block_type != ("FB" if part.instance else "FC"):
            data["kind"] = part.block_type
        types = {p.name: p.data_type for p in part.parameters if p.data_type is not None}
        return data | ({"types": types} if types else {})

    def _sections(self) -> dict[str, Any]:
        """Write the remaining pins as in, inout and out; a parameter without a wire is ``false``."""
        sections: dict[str, dict[str, Any]] = {"in": {}, "inout": {}, "out": {}}
        declared = {p.name: _SECTION_KEYS.get(p.section or "", "in") for p in self.part.parameters}
        for pin in list(self.inputs):
            sections["inout" if declared.get(pin) == "inout" else "in"][pin] = self._take(pin)
        for pin, value in self.outputs.items():
            sections["out"][pin] = _value(value)
        for pin, section in declared.items():
            flowing = pin in flow_pins(self.part) or pin == self.step.via
            if pin not in self.pins and not flowing:
                sections[section][pin] = False
        return {key: pins for key, pins in sections.items() if pins}
