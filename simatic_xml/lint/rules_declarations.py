"""Rules on how data are declared."""

from __future__ import annotations

from collections.abc import Iterator

from simatic_xml.lint.model import Options, Rule, Violation, number, words
from simatic_xml.lint.source import PARAMETERS, Body, Source, is_local
from simatic_xml.scl.nodes import Declaration, Expression, For, Index, Section, Statement, Variable

_TEXTS = frozenset(("STRING", "WSTRING"))
_POINTERS = frozenset(("VARIANT", "ANY", "POINTER"))
_NARROW = frozenset(("SINT", "USINT", "BYTE", "INT", "UINT", "WORD"))


def optimized_access(source: Source) -> Iterator[Violation]:
    """Find blocks with standard access."""
    for node in source.tree.objects:
        given = {name.casefold(): value for name, value in node.attributes.items()}
        if given.get("s7_optimized_access", "TRUE").upper() == "FALSE":
            yield source.at_name(node, f"'{node.name}' has standard access; optimized access is faster and safer.")


def string_length(source: Source) -> Iterator[Violation]:
    """Find strings without a length, which take 254 characters each."""
    for section, member in _list_declarations(source):
        if member.data_type.name.upper() in _TEXTS and "CONSTANT" not in section.modifiers:
            length = f"{member.data_type.name}[n]"
            yield source.at_name(
                member, f"'{member.name}' has room for 254 characters; declare the length that it needs, {length}."
            )


def array_bounds(source: Source) -> Iterator[Violation]:
    """Find arrays that do not begin at 0."""
    for _, member in _list_declarations(source):
        for bound in member.data_type.bounds:
            low = bound.partition("..")[0].strip()
            if low not in ("0", "*"):
                yield source.at_name(member, f"'{member.name}' begins at {low}; let arrays begin at 0.")


def parameter_array(source: Source) -> Iterator[Violation]:
    """Find parameters that are arrays of a fixed size."""
    for section, member in _parameters(source):
        if section.keyword == "VAR_IN_OUT" and any(bound != "*" for bound in member.data_type.bounds):
            yield source.at_name(member, f"'{member.name}' takes one size of array only; declare it as Array[*].")


def index_type(source: Source) -> Iterator[Violation]:
    """Find variables that count loops or index arrays, and are narrower than DInt."""
    for body in source.bodies:
        seen: set[str] = set()
        for node in _indices(body):
            declared = body.index_declarations().get(node.name.casefold())
            if not is_local(node) or node.path or declared is None or node.name.casefold() in seen:
                continue
            seen.add(node.name.casefold())
            data_type = declared[1].data_type
            if data_type.name.upper() in _NARROW and not data_type.bounds:
                message = f"'{node.name}' indexes or counts and is {data_type.name}; a DInt needs no conversion."
                yield source.at_name(declared[1], message)


def _indices(body: Body) -> Iterator[Variable]:
    for statement in body.all():
        yield from _counter(statement)
    for expression in body.expressions():
        yield from _index_variables(expression)


def _counter(statement: Statement) -> Iterator[Variable]:
    if isinstance(statement, For) and isinstance(statement.variable, Variable):
        yield statement.variable


def _index_variables(expression: Expression) -> Iterator[Variable]:
    for step in expression.path if isinstance(expression, Variable) else ():
        for index in step.indices if isinstance(step, Index) else ():
            if isinstance(index, Variable):
                yield index


def structure_by_value(source: Source) -> Iterator[Violation]:
    """Find structures and arrays as inputs of function blocks, which are copied at each call."""
    for body in source.bodies:
        if body.owner is None or body.owner.keyword != "FUNCTION_BLOCK":
            continue
        for section in body.owner.sections:
            for member in section.members if section.keyword in ("VAR_INPUT", "VAR_OUTPUT") else ():
                if _is_structured(member):
                    yield source.at_name(
                        member, f"'{member.name}' is copied at each call; make it an in/out parameter."
                    )


def _is_structured(member: Declaration) -> bool:
    data_type = member.data_type
    return bool(data_type.bounds) or data_type.name.upper() == "STRUCT" or data_type.name.startswith('"')


def anonymous_structure(source: Source) -> Iterator[Violation]:
    """Find structures that are declared in place."""
    for node in source.tree.objects:
        for section in node.sections if node.keyword != "TYPE" else ():
            for member in section.members:
                if member.data_type.name.upper() == "STRUCT":
                    yield source.at_name(member, f"'{member.name}' is a Struct; declare a PLC data type for it.")


def pointer_parameter(source: Source) -> Iterator[Violation]:
    """Find parameters of a type that is known only at run time."""
    for _, member in _parameters(source):
        if member.data_type.name.upper() in _POINTERS:
            yield source.at_name(member, f"'{member.name}' is {member.data_type.name}; declare the type that it takes.")


def parameter_count(source: Source, options: Options) -> Iterator[Violation]:
    """Find blocks with more than `max` parameters."""
    limit = number(options, "max")
    for body in source.bodies:
        sections = body.owner.sections if body.owner else []
        found = sum(len(section.members) for section in sections if section.keyword in PARAMETERS)
        if found > limit and body.owner is not None:
            message = f"The block has {found} parameters, at most {limit} are allowed; group some in a PLC data type."
            yield source.at_name(body.owner, message)


def overlay(source: Source, options: Options) -> Iterator[Violation]:
    """Find AT, which depends on the layout of data in memory."""
    kinds = words(options, "blocks")
    for node in source.tree.objects:
        for _, member in source.declarations(node) if node.keyword in kinds else ():
            if member.overlays:
                message = f"'{member.name}' overlays '{member.overlays}'; use slice access or conversion instructions."
                yield source.at_name(member, message)


def _list_declarations(source: Source) -> Iterator[tuple[Section, Declaration]]:
    for node in source.tree.objects:
        yield from source.declarations(node)


def _parameters(source: Source) -> Iterator[tuple[Section, Declaration]]:
    for body in source.bodies:
        for section in body.owner.sections if body.owner else ():
            for member in section.members if section.keyword in PARAMETERS else ():
                yield section, member


RULES = (
    Rule(
        "L601",
        "optimized-access",
        "warning",
        "Blocks have optimized access.",
        "Programming guideline 2.6",
        optimized_access,
    ),
    Rule("L602", "string-length", "note", "Strings have a length.", "Style guide AL004", string_length),
    Rule("L603", "array-bounds", "note", "Arrays begin at 0.", "Style guide AL002", array_bounds),
    Rule("L604", "parameter-array", "note", "Array parameters take any size.", "Style guide AL003", parameter_array),
    Rule("L605", "index-type", "note", "Indices and counters of loops are DInt.", "Style guide PE008", index_type),
    Rule(
        "L606",
        "structure-by-value",
        "note",
        "Structured parameters are in/out parameters.",
        "Style guide PE003",
        structure_by_value,
    ),
    Rule(
        "L607",
        "anonymous-structure",
        "note",
        "Structures are PLC data types.",
        "Style guide DA004",
        anonymous_structure,
    ),
    Rule(
        "L608", "pointer-parameter", "note", "Parameters have a definite type.", "Style guide PE004", pointer_parameter
    ),
    Rule("L609", "parameter-count", "note", "Few parameters.", "PLCopen CP23", parameter_count, options={"max": 24}),
    Rule(
        "L610",
        "overlay",
        "note",
        "No AT.",
        "Programming guideline 2.6",
        overlay,
        options={"blocks": ["FUNCTION", "FUNCTION_BLOCK", "ORGANIZATION_BLOCK"]},
    ),
)
