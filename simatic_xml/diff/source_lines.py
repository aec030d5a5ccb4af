"""The program of one network as lines: rungs in words, SCL as it is, XML without numbers for all that has no text."""

from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from simatic_xml.diff.plain_xml import xml_lines
from simatic_xml.errors import SimaticMLError
from simatic_xml.flgnet.form_writing import write_tree
from simatic_xml.flgnet.lifting import lift
from simatic_xml.flgnet.model import Ident, NetworkGraph, Open, Pin, Rail
from simatic_xml.flgnet.reading import graph
from simatic_xml.flgnet.wiring import NotLiftableError
from simatic_xml.network_codecs import source_to_json
from simatic_xml.scl.text import to_text as scl_text
from simatic_xml.stl import to_text as stl_text
from simatic_xml.xml.residue import local

_INDENT = "  "
TEXTUAL: dict[str, Callable[[etree._Element], str]] = {"StructuredText": scl_text, "StatementList": stl_text}
"""How the languages that are text are read, by the name of their root element."""

DAMAGED = (ValueError, LookupError, AttributeError)
"""How the text of a damaged network is refused."""


def source_lines(source: etree._Element | None, language: str) -> list[str]:
    """Return the program of a network as lines that say the same for the same program.

    Args:
        source: The network's source, or None for an empty network.
        language: The network's language.
    """
    if source is None:
        return []
    if local(source) == "FlgNet":
        return _logic(source)
    if local(source) in TEXTUAL:
        return _text(source)
    data = source_to_json(source, language).data
    return xml_lines(source) if "tree" in data else list(_outline(data, ""))


def _text(source: etree._Element) -> list[str]:
    try:
        return TEXTUAL[local(source)](source).split("\n")
    except DAMAGED:
        return xml_lines(source)


def _logic(source: etree._Element) -> list[str]:
    try:
        network = graph(source)
    except SimaticMLError:
        return xml_lines(source)
    try:
        data = write_tree(lift(network))
    except NotLiftableError:
        return list(_list_wiring(network))
    return list(_rungs(data))


def _rungs(data: dict[str, Any]) -> Iterator[str]:
    for label in data.get("labels", ()):
        yield f"label {label}"
    key = "rungs" if "rungs" in data else "fbd"
    for rung in data[key]:
        yield "rung" if key == "rungs" else "chain"
        yield from _series(rung, _INDENT)


def _series(items: list[Any], indent: str) -> Iterator[str]:
    for item in items:
        yield from _item(item, indent)


def _item(item: Any, indent: str) -> Iterator[str]:
    """Write one step: what it is on a line, what belongs to it below."""
    if not isinstance(item, dict):
        yield f"{indent}{_plain(item)}"
        return
    for key, word in (("any", "either"), ("branch", "branch")):
        if key in item:
            yield from _branches(item[key], word, indent)
            return
    yield f"{indent}{_head(item)}"
    for key, value in list(item.items())[1:]:
        yield from _pins(value, indent + _INDENT, key) if key in _PINS else ()


_PINS = {"in": ":=", "inout": ":=", "out": "=>"}
"""Members that list pins, with the sign between pin and operand."""


def _branches(branches: list[Any], word: str, indent: str) -> Iterator[str]:
    for index, branch in enumerate(branches):
        yield f"{indent}{word if index == 0 else 'or' if word == 'either' else 'and'}"
        yield from _series(branch, indent + _INDENT)


def _head(item: dict[str, Any]) -> str:
    """Write a step without its pins: ``contact not #start``, ``call "Motor" instance "Motor_1"``."""
    key, value = next(iter(item.items()))
    negated = "not " if item.get("negated") is True else ""
    shown = _quote(value) if key == "call" else _plain(value)
    rest = [
        f"{name} {_format_member(name, item[name])}"
        for name in item
        if name not in (key, *_PINS) and not _is_negation(name, item)
    ]
    return " ".join([key, f"{negated}{shown}", *rest])


def _format_member(name: str, value: Any) -> str:
    """Write a member of a step; the types of parameters are no step, under any parameter name."""
    if name == "types":
        return ", ".join(f"{parameter} {data_type}" for parameter, data_type in value.items())
    return _plain(value)


def _is_negation(name: str, item: dict[str, Any]) -> bool:
    return name == "negated" and item[name] is True


def _quote(name: str) -> str:
    return f'"{name}"'


def _pins(pins: dict[str, Any], indent: str, key: str) -> Iterator[str]:
    sign = _PINS[key]
    for name, value in pins.items():
        inner, negated = (value["not"], "not ") if isinstance(value, dict) and "not" in value else (value, "")
        if isinstance(inner, dict | list):
            yield f"{indent}{name} {sign} {negated}".rstrip()
            yield from _series(inner if isinstance(inner, list) else [inner], indent + _INDENT)
        else:
            yield f"{indent}{name} {sign} {negated}{_plain(inner)}"


def _plain(value: Any) -> str:
    """Write what is not a separate step in one line."""
    match value:
        case None:
            return "open"
        case bool():
            return "yes" if value else "no"
        case {"not": inner}:
            return f"not {_plain(inner)}"
        case dict():
            return "; ".join(line.strip() for line in _item(value, "")) if "branch" not in value else "branch"
        case list():
            return f"[{', '.join(_plain(each) for each in value)}]"
    return str(value).replace("\n", "\\n")


def _list_wiring(network: NetworkGraph) -> Iterator[str]:
    """Write a network that is not a series: its parts in order, and what each wire connects."""
    texts = {access.uid: access.text for access in network.accesses}
    names = {part.uid: f"{number}.{part.name}" for number, part in enumerate(network.parts, start=1)}
    for part in network.parts:
        negated = f" not {', '.join(part.negated)}" if part.negated else ""
        yield f"part {names[part.uid]}{f' instance {part.instance}' if part.instance else ''}{negated}"
    for wire in network.wires:
        ends = [_end(end, texts, names) for end in wire.ends]
        yield f"wire {ends[0]} -> {', '.join(ends[1:])}" if ends else "wire"


def _end(end: object, texts: dict[int, str], names: dict[int, str]) -> str:
    match end:
        case Rail():
            return "rail"
        case Open():
            return "open"
        case Ident(access):
            return texts.get(access, "?")
        case Pin(part, name):
            return f"{names.get(part, '?')}.{name}"
    raise TypeError(end)


def _outline(data: Any, indent: str) -> Iterator[str]:
    """Write JSON as an outline, without the members that only exactness needs."""
    pairs = data.items() if isinstance(data, dict) else [("-", each) for each in data]
    for key, value in pairs:
        if key == "x":
            continue
        if isinstance(value, dict) and ("rungs" in value or "fbd" in value):
            yield f"{indent}{key}"
            yield from (f"{indent}{_INDENT}{line}" for line in _rungs(value))
        elif isinstance(value, dict | list):
            yield f"{indent}{key}"
            yield from _outline(value, indent + _INDENT)
        else:
            yield f"{indent}{key} {_plain(value)}"
