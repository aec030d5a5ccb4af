"""Reads designs: YAML or JSON text, or plain data, to what the model has. All mistakes are reported at once.

msgspec stops at the first mistake. So each element of a design is read alone, and what is wrong in it is taken out until
the rest fits.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec import inspect

from engineering_api.features.design.model import NAME, SECTIONS, AnyModule, Design
from engineering_api.features.plc_tests.files import yaml_data
from engineering_api.features.plc_tests.files.yaml_data import escape
from openness_bridge.errors import Detail, Place, Problem

Json = dict[str, Any]
HEAD = ("design", "name", "description")
_AT = re.compile(r"(?P<what>.*?)(?: - at `\$(?P<path>.*)`)?", re.DOTALL)
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")
_MISSING = re.compile(r"Object missing required field `(.*)`")
_EXPECTED = re.compile(r"Expected `([^`]*)`, got `([^`]*)`")
_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}
_KINDS = ", ".join(str(each.__struct_config__.tag) for each in AnyModule.__args__)
_FORMS = {section: msgspec.json.Decoder(kind) for section, kind in SECTIONS.items()}
"""Made while the module is imported: msgspec crashes when two threads are the first to use a type at the same time."""


def _sample(kind: inspect.Type) -> Any:
    """Return some value of a type."""
    match kind:
        case inspect.Metadata():
            return _sample(kind.type)
        case inspect.UnionType():
            return _sample(kind.types[0])
        case inspect.ListType():
            return [_sample(kind.item_type)]
        case inspect.StructType():
            return {field.encode_name: _sample(field.type) for field in kind.fields if field.required}
        case inspect.BoolType() | inspect.IntType() | inspect.FloatType():
            return False if isinstance(kind, inspect.BoolType) else 0
    return "x"


def _samples() -> Json:
    """Return a value for each field that some part of a design must have; the same name is the same type everywhere."""
    kinds = list(inspect.multi_type_info([*SECTIONS.values()]))
    found: Json = {}
    while kinds:
        match kinds.pop():
            case inspect.StructType(fields=fields):
                found |= {field.encode_name: _sample(field.type) for field in fields if field.required}
                kinds += [field.type for field in fields]
            case inspect.UnionType(types=types):
                kinds += types
            case inspect.ListType(item_type=inner) | inspect.Metadata(type=inner):
                kinds.append(inner)
    return found


_SAMPLES = _samples()


@dataclass(slots=True)
class Mistakes:
    """What is wrong with a design, each with its JSON pointer and, in a text, its line."""

    lines: yaml_data.YamlData = field(default_factory=yaml_data.YamlData)
    details: list[Detail] = field(default_factory=list)

    def add(self, pointer: str, message: str, code: str = "design.invalid", line: int | None = None) -> None:
        """Note one; its line is that of what the pointer names, unless it is given."""
        line = self.lines.line(pointer) if line is None and self.lines.lines else line
        self.details.append(Detail(code, message, Place(pointer=pointer or None, line=line)))

    def refuse(self) -> None:
        """End here when there are any.

        Raises:
            Problem: With all of them as details.
        """
        if not self.details:
            return
        first = self.details[0]
        more = f" (and {len(self.details) - 1} more)" if len(self.details) > 1 else ""
        place = first.place or Place()
        at = place.pointer or (f"line {place.line}" if place.line else "")
        where = f"{at}: " if at else ""
        raise Problem(first.code, f"{where}{first.message}{more}", place=first.place, details=self.details)


def data_of(text: str, mistakes: Mistakes) -> Any:
    """Return the plain data of a YAML or JSON text."""
    if text.lstrip()[:1] in ("{", "["):
        try:
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError):
            pass  # flow style of YAML begins so, too
    found = yaml_data.read(text)
    mistakes.lines = found
    for mistake in found.mistakes:
        mistakes.add(mistake.pointer, mistake.message, line=mistake.line)
    return found.data


def check_shape(data: Any, mistakes: Mistakes) -> None:
    """Note what does not have the shape of a design or of the sections that are given; what is missing is no mistake."""
    if not isinstance(data, dict):
        mistakes.add("", "A design is a mapping with name, devices, tags, modules and so on.")
        return
    for key, value in data.items():
        pointer = f"/{escape(str(key))}"
        if key in SECTIONS:
            _check_section(key, value, pointer, mistakes)
        elif key not in HEAD:
            mistakes.add(pointer, f"'{key}' is not known here; a design has {', '.join((*HEAD, *SECTIONS))}.")
    head = {key: data[key] for key in HEAD if key in data}
    whole = {"name": "x", "devices": [{"name": "x", "orderNumber": "x"}]} | head
    for path, message in _mistakes(whole, Design):
        mistakes.add(path, message)


def list_missing(data: Json) -> list[str]:
    """Return the names of what a design must have and this one has not."""
    return [key for key in ("name", "devices") if not data.get(key)]


def design_of(data: Json) -> Design:
    """Return checked plain data as a design."""
    return msgspec.convert(data, Design)


def _check_section(key: str, value: Any, pointer: str, mistakes: Mistakes) -> None:
    if not isinstance(value, list):
        mistakes.add(pointer, "This has to be a list.")
        return
    for index, element in enumerate(value):
        for path, message in _mistakes(element, SECTIONS[key]):
            mistakes.add(f"{pointer}/{index}{path}", message)


def _mistakes(given: Any, kind: Any) -> Iterator[tuple[str, str]]:
    """Yield pointer and words of all that is wrong in one element."""
    data = copy.deepcopy(given)
    taken: set[str] = set()
    while True:
        try:
            msgspec.convert(data, kind)
        except msgspec.ValidationError as error:
            found = _AT.fullmatch(str(error))
            what, path = (found["what"], found["path"] or "") if found is not None else (str(error), "")
            absent, unknown = _MISSING.fullmatch(what), _UNKNOWN.fullmatch(what)
            keys: list[str | int] = [name or int(number) for name, number in _STEP.findall(path)]
            keys += [unknown[1]] if unknown is not None else []
            pointer = "".join(f"/{escape(str(key))}" for key in keys)
            key = absent[1] if absent is not None else ""
            if absent is None or f"{pointer}/{key}" not in taken:
                yield pointer, _in_words(what, keys)
            if not (_take_out(data, keys) if absent is None else _put_in(data, keys, key)):
                return
            taken.add(pointer)
        else:
            return


def _take_out(data: Any, keys: list[str | int]) -> bool:
    """Remove what is wrong; an element of a list stays, as the others would get other pointers."""
    if not keys or keys == ["kind"]:
        return False
    for key in keys[:-1]:
        data = data[key]
    if not isinstance(data, dict):
        return False
    del data[keys[-1]]
    return True


def _put_in(data: Any, keys: list[str | int], missing_key: str) -> bool:
    """Put in what must be there, so that the rest can be checked."""
    for key in keys:
        data = data[key]
    if missing_key not in _SAMPLES:
        return False
    data[missing_key] = copy.deepcopy(_SAMPLES[missing_key])
    return True


def _in_words(what: str, keys: list[str | int]) -> str:
    """Return what msgspec says, as a sentence."""
    unknown, absent, expected = _UNKNOWN.fullmatch(what), _MISSING.fullmatch(what), _EXPECTED.fullmatch(what)
    if unknown is not None:
        return f"'{unknown[1]}' is not known here; docs/design-spec.schema.json lists the allowed fields."
    if absent is not None:
        return f"'{absent[1]}' is missing."
    if expected is not None:
        wanted = [_WORDS.get(each, each) for each in expected[1].split(" | ") if each != "null"]
        return f"This is {_WORDS.get(expected[2], expected[2])}, but {' or '.join(wanted)} is expected."
    if "matching regex" in what:
        return _form(what)
    if what.startswith("Invalid value") and keys[-1:] == ["kind"]:
        return f"There is no such kind of module: {_KINDS}."
    return f"{what}."


def _form(what: str) -> str:
    if r"\d+" in what:
        return "This is not a duration; write a number with a unit, such as 2s, 500ms or 1m30s."
    if NAME in what:
        return "This is not a name: it has no quotes, dots, brackets, slashes or commas, and up to 101 characters."
    return "This is not a name: letters, digits and underscores, no digit first, up to 61 characters."
