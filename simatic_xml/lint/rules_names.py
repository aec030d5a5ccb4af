"""Rules on names. The patterns can be configured; by default they are those of the style guide.

A name with characters that `name-characters` objects to is left to that rule: whether it is in the right case cannot be
checked then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from simatic_xml.lint.model import Options, Rule, Violation, number, text, words
from simatic_xml.lint.source import Source
from simatic_xml.scl.nodes import Declaration, Section, SourceObject

_PLAIN = re.compile(r"[A-Za-z0-9_]*")
_NUMBERED = re.compile(r"(OB|FB|FC|DB|UDT)\d+", re.IGNORECASE)
_PASCAL = r"(L[A-Z][A-Za-z0-9]*_)*[A-Z][A-Za-z0-9]*"
_CAMEL = r"[a-z][A-Za-z0-9]*"
_CAPITALS = r"[A-Z][A-Z0-9_]*"
_BLOCKS = {"FUNCTION": "fc", "FUNCTION_BLOCK": "fb", "ORGANIZATION_BLOCK": "ob", "DATA_BLOCK": "db"}
_PREFIXED = {"VAR": "static", "VAR_TEMP": "temp"}


def object_case(source: Source, options: Options) -> Iterator[Violation]:
    """Find blocks and data blocks whose names are not as `fb`, `fc`, `ob` and `db` say."""
    for node in source.tree.objects:
        kind = _BLOCKS.get(node.keyword)
        if kind and _PLAIN.fullmatch(node.name) and not _NUMBERED.fullmatch(node.name):
            yield from _unlike(source, node, text(options, kind))


def variable_case(source: Source, options: Options) -> Iterator[Violation]:
    """Find variables, parameters and members whose names are not as `pattern` says."""
    for _, member in _list_members(source, constants=False):
        yield from _unlike(source, member, text(options, "pattern"))


def constant_case(source: Source, options: Options) -> Iterator[Violation]:
    """Find constants whose names are not as `pattern` says."""
    for _, member in _list_members(source, constants=True):
        yield from _unlike(source, member, text(options, "pattern"))


def type_name(source: Source, options: Options) -> Iterator[Violation]:
    """Find PLC data types whose names are not as `pattern` says."""
    for node in source.tree.objects:
        if node.keyword == "TYPE" and _PLAIN.fullmatch(node.name) and not _NUMBERED.fullmatch(node.name):
            yield from _unlike(source, node, text(options, "pattern"))


def section_prefix(source: Source, options: Options) -> Iterator[Violation]:
    """Find static and temporary variables without the prefix of their section; instances without theirs."""
    for node in source.tree.objects:
        for section in node.sections if node.keyword in ("FUNCTION_BLOCK", "FUNCTION") else ():
            kind = _PREFIXED.get(section.keyword)
            for member in section.members if kind and "CONSTANT" not in section.modifiers else ():
                allowed = {text(options, kind or ""), text(options, "instance")} - {""}
                if allowed and not member.name.startswith(tuple(allowed)):
                    wanted = " or ".join(f"'{prefix}'" for prefix in sorted(allowed, reverse=True))
                    message = f"'{member.name}' is {kind}, its name should begin with {wanted}."
                    yield source.at_name(member, message)


def name_characters(source: Source) -> Iterator[Violation]:
    """Find names with blanks, signs, or letters outside a to z."""
    for node in _list_named(source):
        if not _PLAIN.fullmatch(node.name):
            yield source.at_name(node, f"'{node.name}' has other characters than A to Z, a to z, 0 to 9 and '_'.")


def name_length(source: Source, options: Options) -> Iterator[Violation]:
    """Find names longer than `max` characters."""
    limit = number(options, "max")
    for node in _list_named(source):
        if len(node.name) > limit:
            yield source.at_name(node, f"'{node.name}' has {len(node.name)} characters, at most {limit} are allowed.")


def numbered_object(source: Source, options: Options) -> Iterator[Violation]:
    """Find objects that are named by a number, `FC12`."""
    for node in source.tree.objects:
        if _NUMBERED.fullmatch(node.name) and node.name.upper() not in words(options, "allowed"):
            yield source.at_name(node, f"'{node.name}' is a number; name the object by what it does.")


def _list_members(source: Source, *, constants: bool) -> Iterator[tuple[Section, Declaration]]:
    for node in source.tree.objects:
        for section, member in source.declarations(node):
            if ("CONSTANT" in section.modifiers) == constants and _PLAIN.fullmatch(member.name):
                yield section, member


def _list_named(source: Source) -> Iterator[SourceObject | Declaration]:
    for node in source.tree.objects:
        yield node
        yield from (member for _, member in source.declarations(node))


def _unlike(source: Source, node: SourceObject | Declaration, pattern: str) -> Iterator[Violation]:
    if not re.fullmatch(pattern, node.name):
        like = _SHAPES.get(pattern, f"the pattern {pattern}")
        yield source.at_name(node, f"The name '{node.name}' is not {like}.")


_TYPE = r"(L[A-Z][A-Za-z0-9]*_)*type[A-Z0-9][A-Za-z0-9]*"
_SHAPES = {
    _PASCAL: "in Pascal case (MotorControl)",
    _CAMEL: "in camel case (motorSpeed)",
    _CAPITALS: "in capitals (MAX_SPEED)",
    _TYPE: "'type' and a name in Pascal case (typeMotor)",
}

RULES = (
    Rule(
        "L101",
        "object-case",
        "note",
        "Names of blocks are in Pascal case.",
        "Style guide NF005",
        object_case,
        options={"ob": _PASCAL, "fb": _PASCAL, "fc": _PASCAL, "db": _PASCAL},
    ),
    Rule(
        "L102",
        "variable-case",
        "note",
        "Names of variables are in camel case.",
        "Style guide NF006",
        variable_case,
        options={"pattern": _CAMEL},
    ),
    Rule(
        "L103",
        "constant-case",
        "note",
        "Names of constants are in capitals.",
        "Style guide NF008",
        constant_case,
        options={"pattern": _CAPITALS},
    ),
    Rule(
        "L104",
        "type-name",
        "note",
        "Names of PLC data types begin with 'type'.",
        "Style guide NF007",
        type_name,
        options={"pattern": _TYPE},
    ),
    Rule(
        "L105",
        "section-prefix",
        "note",
        "Static and temporary variables and instances have a prefix.",
        "Style guide NF007",
        section_prefix,
        options={"static": "stat", "temp": "temp", "instance": "inst"},
    ),
    Rule(
        "L106",
        "name-characters",
        "note",
        "Names consist of letters, digits and underscores.",
        "Style guide NF009",
        name_characters,
    ),
    Rule("L107", "name-length", "note", "Names are short.", "Style guide NF010", name_length, options={"max": 24}),
    Rule(
        "L108",
        "numbered-object",
        "note",
        "Objects have names, not numbers.",
        "Style guide NF001",
        numbered_object,
        options={"allowed": ["OB1"]},
    ),
)
