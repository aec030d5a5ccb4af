"""The steps after the first name of an SCL operand: members, indices, slices, references.

Facts: S7-1500 and S7-1200 system manuals, "Addressing"; slices work on bit strings and integers; an index is an
integer; a constant one is checked against the bounds. Fewer indices than dimensions select a row
(docs/facts/tia-rules.md#scl).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from simatic_xml.program.absolute import check_standard
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.nodes import (
    Absolute,
    Broken,
    Constant,
    DataBlock,
    Dereference,
    Element,
    Expression,
    Field,
    Local,
    Overlay,
    Slice,
    TagOperand,
)
from simatic_xml.program.scl.context import Context
from simatic_xml.program.scope import Scope
from simatic_xml.program.typed_blocks import DataBlockDeclaration
from simatic_xml.program.types.coercion import coerce
from simatic_xml.program.types.conversions import CLASSIC
from simatic_xml.program.types.types import (
    BOOL,
    BYTE,
    CHAR,
    DINT,
    DWORD,
    LINT,
    LWORD,
    UNKNOWN,
    WCHAR,
    WORD,
    Array,
    DataType,
    Elementary,
    Kind,
    Reference,
    Special,
    Structure,
    Text,
    Unknown,
    type_name,
)
from simatic_xml.scl import nodes as tree

_SLICE = re.compile(r"%?(?P<width>[XBWD])(?P<number>\d+)", re.IGNORECASE)
_OVERLAY = re.compile(r"%?D(?:B|I)?(?P<width>[XBWD])(?P<byte>\d+)(?:\.(?P<bit>\d+))?", re.IGNORECASE)
_WIDTHS = {"X": 1, "B": 8, "W": 16, "D": 32}
_TYPES: dict[int, DataType] = {1: BOOL, 8: BYTE, 16: WORD, 32: DWORD, 64: LWORD}
_SLICED = (Kind.BITS, Kind.INTEGER)


def follow(context: Context, base: Expression, path: Sequence[tree.Selector]) -> Expression:
    """Return the operand that the steps from a first operand lead to, or report the step that leads nowhere."""
    for step in path:
        base = _step(context, base, step)
    return base


def _step(context: Context, base: Expression, step: tree.Selector) -> Expression:
    place = context.place(step)
    if isinstance(base, Constant) and base.symbol and not isinstance(base.type, Unknown | Special):
        message = f"'{base.symbol}' is a constant: it has no members, characters or parts; copy it into a variable."
        context.scope.error("name.constant_part", message, place)
        return Broken(UNKNOWN, place)
    if isinstance(step, tree.Index):
        return _element(context, base, step)
    if isinstance(base, Broken) or isinstance(base.type, Unknown):
        return Broken(UNKNOWN, base.place)
    if isinstance(step, tree.Member):
        return _member(context.scope, base, step, place)
    if isinstance(step, tree.Dereference):
        return _dereference(context.scope, base, place)
    if step.text.upper() == ":P":
        return _peripheral(context.scope, base, place)
    return _part(context.scope, base, step.text, place)


def _member(scope: Scope, base: Expression, step: tree.Member, place: Place) -> Expression:
    owner = base.type
    if isinstance(base, DataBlock) and isinstance(owner, Array) and step.name.upper() == "THIS":
        return base
    if isinstance(owner, Structure):
        member = owner.member(step.name)
        if member is not None:
            return Field(base, member, place)
        message = f"{type_name(owner)} has no member '{step.name}'; declare it, or correct the name."
        scope.error("name.member_undefined", message, place)
        return Broken(UNKNOWN, place)
    if isinstance(owner, Special):
        return Broken(UNKNOWN, place)
    if _SLICE.fullmatch(step.name) and _has_slices(owner):
        return _slice(scope, base, step.name, place)
    message = f"'{step.name}' cannot be a member of a value of type {type_name(owner)}."
    scope.error("name.member_undefined", message, place)
    return Broken(UNKNOWN, place)


def _dereference(scope: Scope, base: Expression, place: Place) -> Expression:
    if isinstance(base.type, Reference):
        target = scope.data_type(base.type.target)
        return Dereference(base, Text(target.name) if isinstance(target, Text) else target, place)
    if not isinstance(base.type, Special):
        message = f"'^' needs a reference; this is of type {type_name(base.type)}."
        scope.error("type.not_reference", message, place)
    return Broken(UNKNOWN, place)


def _peripheral(scope: Scope, base: Expression, place: Place) -> Expression:
    if isinstance(base, TagOperand) and base.address.lstrip("%")[:1].upper() in ("", "I", "Q", "E", "A"):
        return replace(base, peripheral=True)
    if isinstance(base, Absolute) and base.area in ("I", "Q"):
        return replace(base, peripheral=True)
    message = "':P' is for tags of inputs and outputs only; remove it, or use such a tag."
    scope.error("address.peripheral", message, place)
    return base


# Slices --------------------------------------------------------------------------------------------------------------


def _has_slices(data_type: DataType) -> bool:
    return isinstance(data_type, Elementary) and data_type.kind in _SLICED


def _part(scope: Scope, base: Expression, text: str, place: Place) -> Expression:
    """Return a slice of a bit string, or the absolute access inside a variable or data block."""
    if _SLICE.fullmatch(text):
        return _slice(scope, base, text, place)
    match = _OVERLAY.fullmatch(text)
    if match is None:
        message = f"'.{text}' is not a slice access; write .%X0, .%B0, .%W0 or .%D0 for a part of a bit string."
        scope.error("address.form", message, place)
        return Broken(UNKNOWN, place)
    if isinstance(base, DataBlock) and isinstance(found := scope.globally(base.name), DataBlockDeclaration):
        check_standard(scope, found, place)
    bits = _WIDTHS[match["width"].upper()]
    return Overlay(base, bits, int(match["byte"]), int(match["bit"] or 0), _TYPES[bits], place)


def _slice(scope: Scope, base: Expression, text: str, place: Place) -> Expression:
    match = _SLICE.fullmatch(text)
    assert match is not None  # noqa: S101 (both callers have matched the text)
    owner = base.type
    bits, number = _WIDTHS[match["width"].upper()], int(match["number"])
    if not (isinstance(owner, Elementary) and _has_slices(owner)):
        if not isinstance(owner, Special):
            message = (
                f"A value of type {type_name(owner)} has no '.%{text.lstrip('%')}'; only bit strings and integers have."
            )
            scope.error("type.slice", message, place)
        return Broken(UNKNOWN, place)
    if why := _refuse_slice(scope, base, owner):
        scope.error("type.slice", why, place)
    if (number + 1) * bits > owner.bits:
        message = f"'.%{text.lstrip('%')}' is beyond the {owner.bits} bits of a {type_name(owner)}."
        scope.error("index.range", message, place)
    return Slice(base, bits, number, _TYPES[bits], place)


def _refuse_slice(scope: Scope, base: Expression, owner: Elementary) -> str:
    """Return why a variable has no slices, empty where it has (help, "Programming basics", heading "Addressing areas of a tag")."""
    family = scope.symbols.cpu.family
    if family in CLASSIC:
        return f"An {family} has no slices; overlay the variable with an array by AT."
    if scope.iec_check and owner.kind is Kind.INTEGER:
        return "With the IEC check an integer has no slices; convert it to a bit string."
    if _is_overlay(base):
        return "A variable that overlays another one with AT has no slices; use the variable below, or an array."
    return ""


def _is_overlay(operand: Expression) -> bool:
    """Return whether an operand is a variable that overlays another one, or in such a variable."""
    while True:
        match operand:
            case Local(variable):
                return bool(variable.overlays)
            case Field(base, member):
                if member.overlays:
                    return True
                operand = base
            case Element(base):
                operand = base
            case _:
                return False


# Indices -------------------------------------------------------------------------------------------------------------


def _element(context: Context, base: Expression, step: tree.Index) -> Expression:
    """Return the element or row of an array, or the character of a string, that indices select."""
    indices = [context.expression(each, DINT) for each in step.indices]
    owner, place, scope = base.type, context.place(step), context.scope
    if isinstance(base, Broken) or isinstance(owner, Unknown | Special):
        return Broken(UNKNOWN, base.place)
    if isinstance(owner, Array):
        element, bounds = owner.element, owner.bounds
    elif isinstance(owner, Text):
        element = CHAR if owner.name == "String" else WCHAR
        bounds = ((1, owner.length) if owner.length else None,)
    else:
        message = f"A value of type {type_name(owner)} has no elements; remove the index."
        scope.error("index.not_array", message, place)
        return Broken(UNKNOWN, place)
    if len(indices) > len(bounds) or _is_row(base):
        brackets = " All indices are in one pair of brackets: [1, 2]." if _is_row(base) else ""
        message = (
            f"{len(bounds)} indices are possible here, one for each dimension; there are {len(indices)}.{brackets}"
        )
        scope.error("index.count", message, place)
        return Broken(element, place)
    rest = bounds[len(indices) :]
    checked = tuple(_index(scope, index, limits) for index, limits in zip(indices, bounds, strict=False))
    return Element(base, checked, Array(element, rest) if rest else element, place)


def _is_row(base: Expression) -> bool:
    """Return whether an operand is a row of an array already."""
    return isinstance(base, Element) and base.is_row


def _index(scope: Scope, index: Expression, limits: tuple[int, int] | None) -> Expression:
    if isinstance(index.type, Unknown):
        return index
    if not isinstance(index.type, Elementary) or index.type.kind not in _SLICED or index.type.bits > 64:
        message = f"An index is an integer, not a value of type {type_name(index.type)}."
        scope.error("index.type", message, index.place)
        return Broken(UNKNOWN, index.place)
    known = index.value if isinstance(index, Constant) else None
    if isinstance(known, int) and limits is not None and not limits[0] <= known <= limits[1]:
        message = f"The index {known} is outside of {limits[0]}..{limits[1]}; stay within the bounds."
        scope.error("index.range", message, index.place)
    narrow = index.type.bits < 32 or index.type == DINT
    return coerce(scope, index, DINT if narrow else LINT, index.place)
