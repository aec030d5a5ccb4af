"""How the files of the catalogue write an instruction: one object in JSON, its call as one line.

A call reads `IN: Bool, PT: T => Q: Bool, ET: T <=> MEM: LReal -> Int`: inputs, outputs after `=>`, in/outs after
`<=>`, the type of the value after `->`. `R?: Bool` may be left out; `IN1: T, IN2: T..` continues with IN3; `A!: T` is an
in/out that SCL writes with `=>`, too. A type is a data type, a type variable (declared under `types`), or a choice
(`USInt|UInt`, `AnyInt`, `Array`): a variable that has the parameter's name. An instance keeps the values of inputs and
outputs, so a call may leave them all out. `excludes` names types that a parameter of type Variant does not take.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from simatic_xml.instructions.model import RESULT, Direction, Instruction, Parameter

_PARTS: Final = re.compile(r"\s*(<=>|=>|->)\s*")
_DIRECTIONS: Final[Mapping[str, Direction]] = {"": "Input", "=>": "Output", "<=>": "InOut"}
_PARAMETER: Final = re.compile(r"(?P<name>\w+)(?P<either>!)?(?P<optional>\?)?: (?P<type>[^,]+?)(?P<more>\.\.)?")
_KINDS: Final = frozenset(("*", "Array", "Struct", "Reference"))
_COUNTED: Final = re.compile(r"(?P<stem>.*?)(?P<number>\d+)")


class NotationError(ValueError):
    """A file of the catalogue is not written as it must be; the message names the instruction."""


def read(name: str, data: Mapping[str, Any], group: Mapping[str, Any], classes: Mapping[str, str]) -> Instruction:
    """Return the instruction that an object of the catalogue describes.

    Args:
        name: name of the instruction.
        data: its entry in the file.
        group: what the file says about all its instructions (`group`, `families`, `languages`, `mark`).
        classes: members of each class of types, separated by spaces.

    Raises:
        NotationError: the call cannot be read.
    """
    call = _Call(name, classes, data.get("types", {}), optional="instance" in data)
    call.read(data["call"])
    languages = tuple(_setting("languages", data, group).split())
    part = data.get("part", name if "LAD" in languages else "")
    instance = data.get("instance", {})
    instances = dict.fromkeys(instance.split(), "") if isinstance(instance, str) else instance
    return Instruction(
        name=name,
        group=group["group"],
        parameters=tuple(call.parameters),
        result=call.result,
        variables=call.variables,
        combinations=tuple(tuple(row.split()) for row in data.get("combinations", ())),
        defaults=data.get("defaults", {}),
        excludes={each: expand(types, classes) for each, types in data.get("excludes", {}).items()},
        instance=tuple(instances),
        instance_types={each: of for each, of in instances.items() if of},
        default_instance=next(iter(instances), ""),
        explicit=data.get("explicit", ""),
        template=data.get("template", ""),
        families=_families(_setting("families", data, group)),
        languages=languages,
        part="" if part == "-" else part,
        pins=_pins(data.get("pins", ""), call) if part != "-" else {},
        templates=data.get("templates", {}),
        eno=data.get("eno", group.get("eno", True)),
        repeats=call.repeats,
        least=call.least,
        version=data.get("version", ""),
        starts=data.get("starts", {}),
        complete=not data.get("open", False),
        mark=_setting("mark", data, group),
    )


def expand(text: str, classes: Mapping[str, str]) -> tuple[str, ...]:
    """Return the type names of a choice: names and classes, separated by spaces or bars."""
    names: dict[str, None] = {}
    for word in text.replace("|", " ").split():
        names |= dict.fromkeys(expand(classes[word], classes) if word in classes else (word,))
    return tuple(names)


def _setting(key: str, data: Mapping[str, Any], group: Mapping[str, Any]) -> Any:
    return data[key] if key in data else group[key]


def _families(text: str) -> dict[str, str]:
    """Read `S7-1200:V4.2 S7-1500`."""
    pairs = (word.partition(":") for word in text.split())
    return {family: firmware for family, _, firmware in pairs}


def _pins(text: str, call: _Call) -> dict[str, str]:
    """Read `in=IN1 out=`, nothing after the sign is the value; add pins equal to parameters in small letters."""
    pairs = (word.partition("=") for word in text.split())
    pins = {each.name.lower(): each.name for each in call.parameters if each.name != each.name.lower()}
    if call.result and not any(each.name.casefold() == "out" for each in call.parameters):
        pins |= {"out": RESULT, "OUT": RESULT}
    if call.result:
        pins |= {"RET_VAL": RESULT, "Ret_Val": RESULT}
    return pins | {pin: parameter or RESULT for pin, _, parameter in pairs}


class _Call:
    """Reads one call line."""

    def __init__(self, owner: str, classes: Mapping[str, str], types: Mapping[str, str], *, optional: bool) -> None:
        self.optional = optional
        self.owner = owner
        self.classes = classes
        self.variables = {variable: expand(text, classes) for variable, text in types.items()}
        self.parameters: list[Parameter] = []
        self.result = ""
        self.repeats = ""
        self.least = (1, 2)

    def read(self, line: str) -> None:
        """Read a whole line."""
        inputs, *rest = _PARTS.split(line.strip())
        sections = [("", inputs), *zip(rest[::2], rest[1::2], strict=True)]
        for sign, text in sections:
            if sign == "->":
                self.result = self._type("RESULT", text)
            else:
                self._parameters(_DIRECTIONS[sign], (each.strip() for each in text.split(",") if each.strip()))

    def _parameters(self, direction: Direction, texts: Iterable[str]) -> None:
        for text in texts:
            match = _PARAMETER.fullmatch(text)
            if match is None:
                raise NotationError(f"{self.owner}: '{text}' is not a parameter; write it as NAME: Type.")
            name = match["name"]
            optional = bool(match["optional"]) or (self.optional and direction != "InOut")
            data_type = self._type(name, match["type"])
            self.parameters.append(Parameter(name, direction, data_type, optional, bool(match["either"])))
            if match["more"]:
                self._repeat(name)

    def _repeat(self, last: str) -> None:
        """Remember that a parameter continues; the ones of its stem that the line lists are those a call must have."""
        counted = _COUNTED.fullmatch(last)
        if counted is None:
            raise NotationError(f"{self.owner}: '{last}' repeats but does not end with a number.")
        self.repeats = counted["stem"]
        listed = [each.name[len(self.repeats) :] for each in self.parameters if each.name.startswith(self.repeats)]
        numbers = [int(each) for each in listed if each.isdecimal()]
        self.least = (min(numbers), len(numbers))

    def _type(self, name: str, text: str) -> str:
        """Return the type text; a choice becomes a variable of the parameter's name."""
        if text not in self.classes and text not in _KINDS and "|" not in text:
            return text
        self.variables[name] = expand(text, self.classes)
        return name
