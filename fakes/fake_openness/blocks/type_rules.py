"""Which data types are allowed where: the rules of an import for the declarations of a block or data type.

Facts: docs/facts/tia-rules.md#data-types. Rules marked U there are kept where they are undisputed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fake_openness.program.data_types import element_type, unknown_type
from fake_openness.program.references import sections_of
from simatic_xml.limits import most
from simatic_xml.model import Block, Member, PlcType

_ARRAY = re.compile(r"^array\s*\[([^\]]*)\]\s+of\s+(.*)$", re.IGNORECASE | re.DOTALL)
_LENGTH = re.compile(r"^(w?string)\s*\[\s*(\d+)\s*\]$", re.IGNORECASE)
_LIMITS = re.compile(r"\s*(-?\d+)\s*\.\.\s*(-?\d+)\s*")
_LONGEST = {"string": "string_length", "wstring": "wstring_length"}
_VARIANT_SECTIONS = {"Input", "InOut", "Temp"}
_SECTIONS = {
    "OB": {"Input", "Temp", "Constant"},
    "FC": {"Input", "Output", "InOut", "Temp", "Constant", "Return"},
    "GlobalDB": {"Static"},
}

Fault = tuple[str, str, str]
"""Code, sentence and the member that it is about."""


def faults(content: Block | PlcType) -> Iterator[Fault]:
    """Yield the errors in the declarations of a content."""
    allowed = _SECTIONS.get(content.kind)
    for section in sections_of(content):
        if allowed is not None and section.name not in allowed and section.members:
            yield "section.kind", f"A {content.kind} has no section {section.name}.", ""
        for member in section.members:
            yield from _member(content.kind, section.name, member)


def _member(kind: str, section: str, member: Member) -> Iterator[Fault]:
    plain = element_type(member.data_type)
    if unknown_type(member) is not None:
        yield "type.unknown", f"The data type '{plain}' of '{member.name}' is unknown.", member.name
    variant = plain.casefold() == "variant"
    if variant and (kind not in ("FC", "FB", "OB", "InstanceDB") or section not in _VARIANT_SECTIONS):
        yield "type.variant", f"Variant is not permitted for '{member.name}' in this section.", member.name
    yield from _array(member)
    length = _LENGTH.match(_ARRAY.sub(r"\2", member.data_type))
    if length is not None and not 0 < int(length[2]) <= most(_LONGEST[length[1].casefold()]):
        yield "type.length", f"'{member.name}' is longer than {length[1]} may be.", member.name
    for inner in member.members:
        yield from _member(kind, section, inner)


def _array(member: Member) -> Iterator[Fault]:
    found = _ARRAY.match(member.data_type.strip())
    if found is None:
        return
    if _ARRAY.match(found[2]):
        yield "type.array_of_array", f"'{member.name}' is an array of arrays: give it more dimensions.", member.name
    dimensions = found[1].split(",")
    if len(dimensions) > (allowed := most("array_dimensions")):
        yield (
            "type.dimensions",
            f"'{member.name}' has {len(dimensions)} dimensions; {allowed} are the most.",
            member.name,
        )
    for dimension in dimensions:
        limits = _LIMITS.fullmatch(dimension)
        if limits is not None and int(limits[1]) > int(limits[2]):
            yield (
                "type.limits",
                f"The limits {dimension.strip()} of '{member.name}' are in the wrong order: write the low limit first.",
                member.name,
            )
