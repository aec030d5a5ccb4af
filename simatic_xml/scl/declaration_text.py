"""Members of the interface model as SCL declarations and as the assignments of a data block."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from simatic_xml.model import Member
from simatic_xml.scl.declare import elements_of
from simatic_xml.scl.diagnostics import SclError
from simatic_xml.scl.instructions import ELEMENTARY
from simatic_xml.scl.lexer import KEYWORDS

_INDENT = "   "
_RENAMED = {"SetPoint": "S7_SetPoint"}
_ARRAY_OF = re.compile(r"^\s*(?:Array\s*\[[^\]]*\]\s*of\s+)+", re.IGNORECASE)
"""Before the element type of an array; TIA Portal names that as the instruction, as a real source shows."""
_NAME = re.compile(r"[^\W\d]\w*", re.ASCII)
_RESERVED = KEYWORDS.union(
    ELEMENTARY,
    ("ANY", "ARRAY", "AT", "BLOCK_DB", "BLOCK_FB", "BLOCK_FC", "BLOCK_SDB", "BLOCK_SFB", "BLOCK_SFC", "CONST"),
    ("CONSTANT", "COUNTER", "DATE_AND_TIME", "EN", "ENO", "FALSE", "LABEL", "NIL", "NULL", "OK", "POINTER", "PROGRAM"),
    ("REF_TO", "RETAIN", "TIMER", "TRUE", "VARIANT", "VOID"),
)
_ARRAY = re.compile(r"Array\[(?P<bounds>[^\]]*)\] of (?P<element>.*)", re.IGNORECASE)
_DEFAULTS = {"BOOL": "FALSE", "REAL": "0.0", "LREAL": "0.0", "TIME": "T#0ms", "LTIME": "LT#0ns", "CHAR": "' '"}
Text = Callable[[dict[str, str]], str]


def quote_name(name: str) -> str:
    """Return a declared name; in quotes if it is not a plain identifier."""
    return name if _NAME.fullmatch(name) and name.upper() not in _RESERVED else f'"{name}"'


def declaration(member: Member, text: Text, *, in_data_block: bool) -> Iterator[str]:
    """Yield the lines of one declaration.

    Args:
        member: the variable.
        text: chooses the language of a comment.
        in_data_block: values that a declaration cannot express are assigned elsewhere.

    Raises:
        SclError: the member has values of single elements that a declaration cannot express.
    """
    comment = " ".join(text(member.comment).splitlines()) if not member.comment_informative else ""
    tail = f"   // {comment}" if comment else ""
    head = f"{quote_name(member.name)}{_attributes(member)}{_overlay(member)} : "
    if not member.members:
        yield f"{head}{member.data_type}{initial_value(member, in_data_block=in_data_block)};{tail}"
        return
    yield f"{head}{member.data_type}{tail}"
    for inner in member.members:
        yield from (_INDENT + line for line in declaration(inner, text, in_data_block=in_data_block))
    yield "END_STRUCT;"


def _attributes(member: Member) -> str:
    """Return the `{ ... }` block of a member with the blank in front of it."""
    entries = []
    if member.version is not None:
        instruction = _ARRAY_OF.sub("", member.data_type)
        entries = [f"InstructionName := '{instruction}'", f"LibVersion := '{member.version}'"]
    entries += [
        f"{_RENAMED.get(attribute.name, attribute.name)} := '{attribute.value.capitalize()}'"
        if attribute.type == "Boolean"
        else f"{attribute.name} := '{attribute.value}'"
        for attribute in member.attributes
        if attribute.name != "At" and not attribute.informative
    ]
    if not entries:
        return ""
    return f" {{{'' if member.version is not None else ' '}{'; '.join(entries)}}}"


def _overlay(member: Member) -> str:
    return "".join(f" AT {quote_name(each.value)}" for each in member.attributes if each.name == "At")


def initial_value(member: Member, *, in_data_block: bool = False) -> str:
    """Return the start value of a member with the ` := ` in front of it, empty where it has none.

    Args:
        member: the variable.
        in_data_block: values that a declaration cannot express are assigned elsewhere.

    Raises:
        SclError: the member has values of single elements that a declaration cannot express.
    """
    if member.start_value is not None:
        return "" if member.start_value_informative else f" := {member.start_value}"
    if in_data_block:
        return ""
    if any(element.start_value is not None for element in member.subelements):
        return f" := [{', '.join(_element_values(member))}]"
    fields = list(_field_values(member))
    return f" := ({', '.join(fields)})" if fields else ""


def _element_values(member: Member) -> list[str]:
    """Return the values of all elements of an array, equal ones in a row as `3(0)`."""
    array = _ARRAY.fullmatch(member.data_type)
    paths = elements_of(array["bounds"].split(",")) if array else []
    given = {element.path: element.start_value for element in member.subelements if element.start_value is not None}
    if array is None or not set(given) <= set(paths):
        message = f"The start values of single elements of '{member.name}' cannot be written into its declaration."
        raise SclError(message)
    default = _DEFAULTS.get(array["element"].upper(), "''" if "STRING" in array["element"].upper() else "0")
    runs = [(value, len(list(run))) for value, run in groupby(given.get(path) or default for path in paths)]
    return [value if count == 1 else f"{count}({value})" for value, count in runs]


def _field_values(member: Member) -> Iterator[str]:
    """Yield `name := value` for each value that an instance sets in the members of its type."""
    for section in member.sections:
        for inner in section.members:
            nested = list(_field_values(inner))
            if inner.start_value is not None and not inner.start_value_informative:
                yield f"{quote_name(inner.name)} := {inner.start_value}"
            elif nested:
                yield f"{quote_name(inner.name)} := ({', '.join(nested)})"


@dataclass(frozen=True, slots=True)
class _Step:
    """One name on the way to a value, with the number of indices that its array takes."""

    name: str
    dimensions: int


def assignments(
    members: list[Member], way: tuple[_Step, ...] = (), *, whole: bool, quote: Callable[[str], str] = quote_name
) -> Iterator[str]:
    """Yield the assignments after BEGIN of a data block.

    Args:
        members: its members.
        way: the structures around them.
        whole: also write values that a declaration would say, as an instance has no declarations.
        quote: writes a name, in quotes where the format needs them.
    """
    for member in members:
        here = (*way, _Step(quote(member.name), _dimensions(member.data_type)))
        if whole and member.start_value is not None and not member.start_value_informative:
            yield f"{_path(here, [])} := {member.start_value};"
        for element in member.subelements:
            if element.start_value is not None:
                yield f"{_path(here, element.path.split(','))} := {element.start_value};"
        yield from assignments(member.members, here, whole=whole, quote=quote)
        for section in member.sections:
            yield from assignments(section.members, here, whole=True, quote=quote)


def _dimensions(data_type: str) -> int:
    """Return how many indices an element of an array takes; 0 for anything else."""
    array = _ARRAY.fullmatch(data_type)
    return array["bounds"].count(",") + 1 + _dimensions(array["element"]) if array else 0


def _path(way: tuple[_Step, ...], indices: list[str]) -> str:
    """Return the operand of a value: the indices belong to the arrays on the way, from the outside in."""
    names = []
    for step in way:
        own, indices = indices[: step.dimensions], indices[step.dimensions :]
        names.append(f"{step.name}[{', '.join(own)}]" if own else step.name)
    return ".".join(names)
