"""SCL networks in the JSON form of a block: the text, and what the text alone does not show.

A network is `{"scl": ["#a := 1;", ...]}`: its lines. Optional members name what `#x` and `"X"(...)` refer
to: `constants`, `instances` (variable: function block), `calls` (data block: function block), `systemInstances`,
`functions` (those that return a value), `globalConstants`, `results` (instructions that differ from the table) and
`defaults`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from simatic_xml.scl.context import Callee, Interface, Program
from simatic_xml.scl.diagnostics import SclError
from simatic_xml.scl.element_writer import Style
from simatic_xml.scl.instructions import returns_value
from simatic_xml.scl.structured_text import uses_defaults, write_text
from simatic_xml.scl.text import to_text
from simatic_xml.versions import SOURCE_NAMESPACE


@dataclass(slots=True)
class Names:
    """The meaning of the names in one network, as far as its element shows it."""

    constants: set[str] = field(default_factory=set)
    instances: dict[str, str] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)
    system_instances: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    global_constants: set[str] = field(default_factory=set)
    results: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, element: etree._Element) -> Names:
        """Collect the names of a StructuredText element."""
        names = cls()
        for access in element.iter("{*}Access"):
            names._access(access)
        return names

    def _access(self, access: etree._Element) -> None:
        scope = access.get("Scope")
        if scope == "LocalConstant":
            self.constants.add(_constant(access))
        elif scope == "GlobalConstant":
            self.global_constants.add(_constant(access))
        elif scope == "Call" and (info := access.find("{*}CallInfo")) is not None:
            self._block(info)
        elif scope == "Call" and (instruction := access.find("{*}Instruction")) is not None:
            self._instruction(access, instruction)

    def _block(self, info: etree._Element) -> None:
        instance = info.find("{*}Instance")
        component = None if instance is None else instance.find("{*}Component")
        if instance is None or component is None:
            return
        name, block = component.get("Name", ""), info.get("Name", "")
        if instance.get("Scope") == "LocalVariable":
            self.instances[name] = block
        elif info.get("BlockType") == "FB":
            self.calls[name] = block
        elif _keeps_result(info):
            self.functions.add(name)

    def _instruction(self, access: etree._Element, instruction: etree._Element) -> None:
        name = instruction.get("Name")
        before = access.getprevious()
        if name is None and before is not None and before.get("Scope") == "GlobalVariable":
            components = before.findall("{*}Symbol/{*}Component")
            if len(components) == 1:
                self.system_instances.add(components[0].get("Name", ""))
        elif name is not None and _keeps_result(instruction) != returns_value(name, used=_is_used(access)):
            self.results[name] = _keeps_result(instruction)

    def interface(self) -> Interface:
        """Return the declarations that these names imply."""
        variables = {name.casefold(): f'"{block}"' for name, block in self.instances.items()}
        constants = frozenset(name.casefold() for name in self.constants)
        return Interface(variables | dict.fromkeys(constants, ""), constants)

    def program(self) -> Program:
        """Return the program that these names imply."""
        callees = {name.casefold(): Callee("FB", block) for name, block in self.calls.items()}
        callees |= {name.casefold(): Callee("system") for name in self.system_instances}
        callees |= {name.casefold(): Callee("FC", name, returns=True) for name in self.functions}
        constants = frozenset(name.casefold() for name in self.global_constants)
        results = {name.upper(): kept for name, kept in self.results.items()}
        return Program(callees, constants, results=results)


def _constant(access: etree._Element) -> str:
    constant = access.find("{*}Constant")
    if constant is None:
        return ""
    return constant.get("Name") or constant.findtext("{*}ConstantValue") or ""


def _keeps_result(call: etree._Element) -> bool:
    """Return whether the UId before the closing parenthesis of a call is kept free for its result."""
    close = call[-1] if len(call) else None
    if close is None or close.get("Text") != ")":
        return False
    numbers = [_uid(node) for node in call.iter(etree.Element) if node is not close]
    last = list(call.iter(etree.Element))[-2]
    hidden = 2 if last.tag.endswith("}Constant") else 0
    return _uid(close) - max(numbers) - 1 > hidden


def _uid(element: etree._Element) -> int:
    text = element.get("UId", "0")
    return int(text) if text.isdecimal() else 0


def _is_used(access: etree._Element) -> bool:
    """Return whether a call is part of an expression: anything but the start of a statement is in front of it."""
    parent = access.getparent()
    if parent is None or not str(parent.tag).endswith("}StructuredText"):
        return True
    for before in access.itersiblings(preceding=True):
        if not str(before.tag).endswith(("}Blank", "}NewLine", "}LineComment", "}Comment", "}Text")):
            return before.get("Text", "").upper() not in _STARTS
    return False


_STARTS = frozenset(("", ";", "THEN", "ELSE", "DO", "REPEAT", "REGION", "END_REGION", ":"))


class SclNetworkCodec:
    """Converts StructuredText elements to text and back; see the module for the form."""

    def to_json(self, element: etree._Element) -> dict[str, Any]:
        """Return the JSON of a StructuredText element.

        Raises:
            SclError: the element contains something that SCL text cannot express.
        """
        names = Names.of(element)
        data: dict[str, Any] = {"scl": to_text(element).split("\n")}
        data |= {key: value for key, value in _entries(names) if value}
        return data | ({"defaults": True} if uses_defaults(element) else {})

    def from_json(self, data: Any, version: int) -> etree._Element:
        """Return the StructuredText element, in namespace number `version`, for its JSON.

        Raises:
            SclError: the JSON has another form, or its text is not SCL.
        """
        if not isinstance(data, dict) or not isinstance(data.get("scl"), list | str):
            raise SclError('An SCL network has the form {"scl": ["line", ...]}.')
        lines = data["scl"]
        text = lines if isinstance(lines, str) else "\n".join(map(str, lines))
        names = _names(data)
        style = Style(f"{SOURCE_NAMESPACE}StructuredText/v{version}", bool(data.get("defaults")))
        return write_text(text, names.interface(), names.program(), style)


def _entries(names: Names) -> Iterator[tuple[str, Any]]:
    yield "constants", sorted(names.constants)
    yield "instances", names.instances
    yield "calls", names.calls
    yield "systemInstances", sorted(names.system_instances)
    yield "functions", sorted(names.functions)
    yield "globalConstants", sorted(names.global_constants)
    yield "results", names.results


def _names(data: dict[str, Any]) -> Names:
    """Return the names that the JSON of a network gives."""
    lists = {key: data.get(key, []) for key in ("constants", "systemInstances", "functions", "globalConstants")}
    maps = {key: data.get(key, {}) for key in ("instances", "calls", "results")}
    for key, value in lists.items():
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise SclError(f"'{key}' of an SCL network is a list of names.")
    for key, value in maps.items():
        if not isinstance(value, dict):
            raise SclError(f"'{key}' of an SCL network is an object with names as keys.")
    return Names(
        set(lists["constants"]),
        maps["instances"],
        maps["calls"],
        set(lists["systemInstances"]),
        set(lists["functions"]),
        set(lists["globalConstants"]),
        maps["results"],
    )
