"""Read the JSON form of a network as the tree of series, with an exact place for every mistake."""

from collections.abc import Mapping
from typing import Any

from simatic_xml.flgnet import shorthand
from simatic_xml.flgnet.catalogue import flow_pins, parts
from simatic_xml.flgnet.errors import FlgNetError
from simatic_xml.flgnet.model import Label, Parameter, Part, Template
from simatic_xml.flgnet.templates import KEYS as TEMPLATE_KEYS
from simatic_xml.flgnet.templates import read_templates
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

_SECTIONS = {"in": "Input", "out": "Output", "inout": "InOut"}
_COMMON = {"in", "out", "negated", "via"}
_BOX = _COMMON | {"instance", "version", "disabledENO", "equation", *TEMPLATE_KEYS}
_EXTRA = {
    "box": _BOX,
    "call": _COMMON | {"instance", "kind", "inout", "types"},
    "compare": _COMMON | {"type", "types", "templates"},
    "move": _COMMON | {"to", "disabledENO", *TEMPLATE_KEYS},
    "contactP": _COMMON | {"bit"},
    "contactN": _COMMON | {"bit"},
    "coilP": _COMMON | {"bit"},
    "coilN": _COMMON | {"bit"},
    "and": _COMMON | set(TEMPLATE_KEYS),
    "or": _COMMON | set(TEMPLATE_KEYS),
    "xor": _COMMON | set(TEMPLATE_KEYS),
}
_MOST_NESTING = 100


def read_tree(data: Mapping[str, Any]) -> Tree:
    """Read ``{"rungs": [...]}`` (LAD) or ``{"fbd": [...]}`` (FBD), either with ``labels``.

    Raises:
        FlgNetError: the data has another shape; the pointer says where.
    """
    key = "rungs" if "rungs" in data else "fbd"
    reader = _Reader()
    rungs = [reader.series(rung, f"/{key}/{index}") for index, rung in enumerate(_list(data.get(key), f"/{key}"))]
    labels = [Label(0, _text(name, f"/labels/{i}")) for i, name in enumerate(_list(data.get("labels", []), "/labels"))]
    return Tree(rungs, key == "rungs", labels)


def _list(data: Any, pointer: str) -> list[Any]:
    if not isinstance(data, list):
        raise FlgNetError("shape", "Write a list here.", pointer)
    return data


def _dict(data: Any, pointer: str) -> dict[str, Any]:
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise FlgNetError("shape", "Write an object here.", pointer)
    return data


def _text(data: Any, pointer: str) -> str:
    if not isinstance(data, str) or not data:
        raise FlgNetError("shape", "Write a text here.", pointer)
    return data


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


class _Reader:
    def __init__(self) -> None:
        self.depth = 0

    def series(self, data: Any, pointer: str) -> Series:
        self.depth += 1
        if self.depth > _MOST_NESTING:
            raise FlgNetError(
                "depth", f"Series nest deeper than {_MOST_NESTING} levels; divide them with 'node' and 'from'.", pointer
            )
        items = [data] if isinstance(data, dict) else _list(data, pointer)
        series = [
            self.item(item, pointer if isinstance(data, dict) else f"{pointer}/{index}", index)
            for index, item in enumerate(items)
        ]
        self.depth -= 1
        return series

    def item(self, data: Any, pointer: str, index: int) -> Item:
        if isinstance(data, str):
            if index:
                raise FlgNetError("series", "An operand can only start a series; write {'contact': ...}.", pointer)
            return Operand(_text(data, pointer), pointer)
        data = _dict(data, pointer)
        keys = [key for key in data if key in shorthand.STEP_KEYS or key in shorthand.STRUCTURE_KEYS]
        if len(keys) != 1:
            wanted = ", ".join(shorthand.STEP_KEYS + shorthand.STRUCTURE_KEYS)
            raise FlgNetError("step", f"A step has exactly one of the members {wanted}.", pointer)
        key = keys[0]
        if key in shorthand.STRUCTURE_KEYS:
            return self.structure(key, data, pointer, index)
        return self.step(key, data, pointer)

    def structure(self, key: str, data: dict[str, Any], pointer: str, index: int) -> Item:
        if len(data) > 1:
            raise FlgNetError("member", f"No other member is possible next to {key!r}; remove it.", pointer)
        if key == "node":
            return Node(_text(data[key], pointer), pointer)
        if key == "from":
            if index:
                raise FlgNetError("series", "'from' can only start a series.", pointer)
            return From(_text(data[key], pointer), pointer)
        place = f"{pointer}/{key}"
        series = [self.series(arm, f"{place}/{arm_index}") for arm_index, arm in enumerate(_list(data[key], place))]
        if key == "branch":
            return Branch(series)
        if len(series) < 2:
            raise FlgNetError("any", "An 'any' needs at least two branches.", place)
        return Parallel(series, Part(0, "O", templates=(Template("Card", "Cardinality", str(len(series))),)), pointer)

    def step(self, key: str, data: dict[str, Any], pointer: str) -> Step:
        allowed = _EXTRA.get(key, _COMMON) | {key}
        if extra := sorted(set(data) - allowed):
            raise FlgNetError("member", f"{key!r} has no member {extra[0]!r}; it has {sorted(allowed)}.", pointer)
        pins = _Pins(self, data, pointer)
        name = pins.short(key)
        for section in _SECTIONS:
            pins.section(section)
        part = self.call(name, data, pins, pointer) if key == "call" else self.part(name, data, pins, pointer)
        via = _text(data["via"], f"{pointer}/via") if "via" in data else None
        return Step(part, pins.inputs, pins.outputs, via, pointer)

    def part(self, name: str, data: dict[str, Any], pins: "_Pins", pointer: str) -> Part:
        known = parts().get(name)
        _check_templates(data, pointer)
        version = data.get("version", known.version if known else None)
        constants = [value.text for value in pins.inputs.values() if isinstance(value, Operand)]
        eno = data.get("disabledENO")
        if eno is not None and not isinstance(eno, bool):
            raise FlgNetError("shape", "Write true or false here.", f"{pointer}/disabledENO")
        return Part(
            uid=0,
            name=name,
            version=None if version is None else _text(version, f"{pointer}/version"),
            instance=_text(data["instance"], f"{pointer}/instance") if "instance" in data else None,
            negated=pins.read_negated(Part(0, name)),
            templates=read_templates(name, data, [*pins.inputs, *pins.outputs], constants, pointer),
            equation=_text(data["equation"], f"{pointer}/equation") if "equation" in data else None,
            disabled_eno=eno,
        )

    def call(self, name: str, data: dict[str, Any], pins: "_Pins", pointer: str) -> Part:
        instance = _text(data["instance"], f"{pointer}/instance") if "instance" in data else None
        kind = _text(data.get("kind", "FB" if instance else "FC"), f"{pointer}/kind")
        types = _dict(data.get("types", {}), f"{pointer}/types")
        sections = {pin: section for key, section in _SECTIONS.items() for pin in data.get(key) or {}}
        if isinstance(data.get("via"), str):
            sections.setdefault(data["via"], "Output")
        own = [pin for pin in sections if pin not in flow_pins(Part(0, name, kind)) or pin in types]
        if unknown := [pin for pin in types if pin not in sections]:
            raise FlgNetError("pin", f"{unknown[0]!r} has a type but is in none of in, inout, out.", f"{pointer}/types")
        parameters = [
            Parameter(
                pin,
                "Return" if kind == "FC" and pin == "Ret_Val" and sections[pin] == "Output" else sections[pin],
                _text(types[pin], f"{pointer}/types/{_escape(pin)}") if pin in types else None,
            )
            for pin in dict.fromkeys([*types, *own])
        ]
        negated = pins.read_negated(Part(0, name, kind))
        return Part(0, name, kind, instance=instance, negated=negated, parameters=tuple(parameters))


def _check_templates(data: dict[str, Any], pointer: str) -> None:
    shapes = {"type": str, "types": dict, "card": int, "templates": list}
    for key, shape in shapes.items():
        if key in data and not isinstance(data[key], shape):
            raise FlgNetError("shape", f"{key!r} has the wrong shape.", f"{pointer}/{key}")


class _Pins:
    """The pins of one step while they are read."""

    def __init__(self, reader: _Reader, data: dict[str, Any], pointer: str) -> None:
        self.reader = reader
        self.data = data
        self.pointer = pointer
        self.inputs: dict[str, Value] = {}
        self.outputs: dict[str, Value] = {}
        self.inverted: list[str] = []

    def short(self, key: str) -> str:
        """Read the pins that a shorthand member gives; return the name of the instruction."""
        value, place = self.data[key], f"{self.pointer}/{key}"
        if "bit" in self.data:
            self.input("bit", self.data["bit"], f"{self.pointer}/bit")
        if key in shorthand.OPERAND_STEPS:
            self.input("operand", value, place)
            return shorthand.OPERAND_STEPS[key]
        if key in shorthand.JUMP_STEPS:
            self.input("label", f"label {_text(value, place)}", place)
            return shorthand.JUMP_STEPS[key]
        if key in shorthand.GATE_STEPS:
            for index, entry in enumerate(_list(value, place)):
                self.input(f"in{index + 1}", entry, f"{place}/{index}")
            return shorthand.GATE_STEPS[key]
        if key == "compare":
            return self.compare(value, place)
        if key == "move":
            self.move(value, place)
            return "Move"
        return _text(value, place)

    def compare(self, value: Any, place: str) -> str:
        operators = shorthand.COMPARE_OPERATORS
        if not isinstance(value, list) or len(value) != 3 or value[1] not in list(operators):
            raise FlgNetError("compare", f"Write [left, operator, right] with one of {' '.join(operators)}.", place)
        self.input("in1", value[0], f"{place}/0")
        self.input("in2", value[2], f"{place}/2")
        return operators[value[1]]

    def move(self, value: Any, place: str) -> None:
        self.input("in", value, place)
        targets = self.data.get("to")
        for index, target in enumerate(targets if isinstance(targets, list) else [targets], start=1):
            self.output(f"out{index}", target, f"{self.pointer}/to")

    def section(self, key: str) -> None:
        place = f"{self.pointer}/{key}"
        for pin, value in _dict(self.data.get(key, {}), place).items():
            (self.output if key == "out" else self.input)(pin, value, f"{place}/{_escape(pin)}")

    def input(self, pin: str, data: Any, place: str) -> None:
        if pin in self.inputs:
            raise FlgNetError("pin", f"The pin {pin!r} is given twice.", place)
        if isinstance(data, dict) and set(data) == {"not"}:
            self.inverted.append(pin)
            data, place = data["not"], f"{place}/not"
        self.inputs[pin] = self.value(data, place)

    def output(self, pin: str, data: Any, place: str) -> None:
        self.outputs[pin] = self.value(data, place)

    def value(self, data: Any, place: str) -> Value:
        if data is None:
            return OpenPin()
        if data is False:
            return UnwiredPin()
        if isinstance(data, str):
            return Operand(_text(data, place), place)
        return self.reader.series(data, place)

    def read_negated(self, part: Part) -> tuple[str, ...]:
        """Return the negated pins, in the order of the pins unless listed."""
        given = self.data.get("negated", False)
        if isinstance(given, list):
            return tuple(_text(pin, f"{self.pointer}/negated/{index}") for index, pin in enumerate(given))
        if not isinstance(given, bool | str):
            raise FlgNetError("shape", "Write true, a pin or a list of pins.", f"{self.pointer}/negated")
        own = {"operand"} if given is True else {given} if given else set()
        pins = [*filter(None, flow_pins(part)[:1]), *self.inputs, *self.outputs]
        chosen = own | set(self.inverted)
        return tuple(dict.fromkeys(pin for pin in pins if pin in chosen)) + tuple(sorted(chosen - set(pins)))
