"""YAML text as plain data that knows on which line each of its values is.

Scalars are those of YAML 1.2: `On`, `yes` and `1:30` are texts, and names of tags stay names. PyYAML parses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from simatic_xml import limits
from simatic_xml.reading.bounded_yaml import BoundedLoader


class _Loader(BoundedLoader):
    """Distinguishes texts, numbers and truth values as YAML 1.2 does."""

    yaml_implicit_resolvers: dict[str, Any] = {}


for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", "~nN"),
    ("int", r"[-+]?\d+|0x[\da-fA-F]+|0o[0-7]+", "-+0123456789"),
    ("float", r"[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?", "-+.0123456789"),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), [*_first, ""])


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that is wrong with a text."""

    message: str
    pointer: str
    line: int


@dataclass(slots=True)
class YamlData:
    """What a text holds.

    Attributes:
        data: dictionaries, lists, texts, numbers, truth values, None.
        lines: line of each value by its JSON pointer, from 1.
        mistakes: what is wrong with it; then the data are what could be read.
    """

    data: Any = None
    lines: dict[str, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def line(self, pointer: str) -> int:
        """Return the line of a value, or of the nearest one around it."""
        while pointer and pointer not in self.lines:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer, 1)


def read(text: str) -> YamlData:
    """Read a text; the result lists what is wrong with it.

    Raises:
        LimitError: It is too long, or has too many values, aliases counted as their values.
    """
    reader = _Reader()
    loader = None
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        reader.found.data = None if root is None else reader.value(root, "")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reader.wrong(f"This is not YAML: {error.problem}.", "", mark.line + 1 if mark else 1)
    except (yaml.YAMLError, RecursionError) as error:
        reader.wrong(f"This is not YAML: {str(error) or 'it is nested too deep'}.", "", 1)
    finally:
        if loader is not None:
            loader.dispose()
    return reader.found


class _Reader:
    """Makes data of nodes."""

    def __init__(self) -> None:
        self.found = YamlData()
        self._nodes = 0

    def wrong(self, message: str, pointer: str, line: int) -> None:
        """Note a mistake."""
        self.found.mistakes.append(Mistake(message, pointer, line))

    def value(self, node: yaml.Node, pointer: str) -> Any:
        """Return the value of a node.

        Raises:
            LimitError: there are too many, by aliases of aliases.
        """
        self._nodes += 1
        limits.require("yaml_values", self._nodes, line=node.start_mark.line + 1)
        self.found.lines.setdefault(pointer, node.start_mark.line + 1)
        match node:
            case yaml.MappingNode():
                return self._read_mapping(node, pointer)
            case yaml.SequenceNode():
                return [self.value(each, f"{pointer}/{index}") for index, each in enumerate(node.value)]
        return self._scalar(node, pointer)

    def _read_mapping(self, node: yaml.MappingNode, pointer: str) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        found: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self.wrong("A name is a text here, not a list or mapping.", pointer, line)
            elif key.tag == "tag:yaml.org,2002:merge":
                merged |= self._merge(value, pointer)
            else:
                inner = f"{pointer}/{escape(str(key.value))}"
                self.found.lines[inner] = line
                if key.value in found:
                    self.wrong(f"'{key.value}' is given twice.", inner, line)
                found[str(key.value)] = self.value(value, inner)
        return merged | found

    def _merge(self, node: yaml.Node, pointer: str) -> dict[str, Any]:
        """Return what `<<` brings in: a mapping, or several of which the first wins."""
        value = self.value(node, pointer)
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(each, dict) for each in parts):
            self.wrong("'<<' takes a mapping.", pointer, node.start_mark.line + 1)
            return {}
        return {key: each[key] for each in reversed(parts) for key in each}

    def _scalar(self, node: yaml.Node, pointer: str) -> Any:
        text, kind = str(node.value), node.tag.rpartition(":")[2]
        line = node.start_mark.line + 1
        try:
            match kind:
                case "str":
                    return text
                case "null":
                    return None
                case "bool":
                    return text.lower() == "true"
                case "int":
                    return int(text, 0 if text[:2] in ("0x", "0o") else 10)
                case "float":
                    return float(text)
        except ValueError:
            self.wrong(f"'{text[:20]}' is not a number that can be used.", pointer, line)
            return None
        self.wrong(f"'{node.tag}' is not known here; leave it out.", pointer, line)
        return None


def escape(name: str) -> str:
    """Return a name as part of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")
