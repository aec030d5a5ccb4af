"""What TIA Portal would refuse in the interface of a block or in a PLC data type, and in names of any kind."""

import re
from collections.abc import Iterator, Sequence

from simatic_xml.checking.problem import Problem
from simatic_xml.json_form.defaults import SECTIONS, shorten
from simatic_xml.json_form.members import sections_to_json
from simatic_xml.json_form.texts import Cultures
from simatic_xml.model import Block, Member, PlcType, Section

LONGEST_NAME = 128
"""Characters of a name. Facts: behaviour of TIA Portal."""

_ALSO = {"FB": ("Base",), "InstanceDB": ("Base", "None"), "TechnologicalInstanceDB": ("Base", "None")}
"""Sections that a kind may have besides those that every block of it has."""

_BOUNDS = re.compile(r"(-?\d+)\s*\.\.\s*(-?\d+)")
_ARRAY = re.compile(r"Array\s*\[([^\]]*)\]", re.IGNORECASE)


def check_block_interface(block: Block, pointer: str) -> Iterator[Problem]:
    """Check the sections of a block and all members in them.

    Args:
        block: The block.
        pointer: JSON pointer of the block in its document.
    """
    seen: dict[str, str] = {}
    for section, place in zip(block.interface, _places(block, pointer), strict=True):
        yield from _section(block, section, place)
        yield from _members(section.members, place, block.name, seen, section.name)
    returned = block.section("Return")
    if returned is not None and len(returned.members) != 1:
        message = f"A function returns one value, but {len(returned.members)} are declared; declare one, of type Void."
        yield Problem("error", "return", message, block.name, pointer)


def check_type_members(node: PlcType, pointer: str) -> Iterator[Problem]:
    """Check the members of a PLC data type."""
    return _members(node.members, f"{pointer}/members", node.name, {}, "")


def _places(block: Block, pointer: str) -> list[str]:
    """Return the JSON pointer of each section's members."""
    short = shorten(block)
    written = block.interface if short is None else short
    content = sections_to_json(written, Cultures([]))
    if isinstance(content, list):
        places = {id(section): f"{pointer}/interface/{index}/members" for index, section in enumerate(written)}
        return [places.get(id(section), pointer) for section in block.interface]
    if block.kind == "GlobalDB" and list(content) in ([], ["Static"]):
        return [f"{pointer}/members" for _ in block.interface]
    return [f"{pointer}/interface/{escape_pointer(section.name)}" for section in block.interface]


def escape_pointer(name: str) -> str:
    """Return a name for use in a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def _section(block: Block, section: Section, place: str) -> Iterator[Problem]:
    known = SECTIONS[block.kind]
    if section.name not in known and section.name not in _ALSO.get(block.kind, ()):
        message = f"A block of the kind {block.kind} has no section {section.name!r}; it has {', '.join(known)}."
        yield Problem("error", "unknown-section", message, block.name, place)


def _members(
    members: Sequence[Member], place: str, owner: str, seen: dict[str, str], section: str
) -> Iterator[Problem]:
    """Check members that share one name space; `seen` holds the names so far."""
    for index, member in enumerate(members):
        pointer = f"{place}/{index}"
        yield from check_name(member.name, "member", owner, pointer)
        key = member.name.casefold()
        if key in seen:
            where = f" in {seen[key]}" if seen[key] not in ("", section) else ""
            message = (
                f"{member.name!r} is already declared{where}; names that differ only in case are the same. Rename one."
            )
            yield Problem("error", "duplicate-member", message, owner, pointer)
        seen.setdefault(key, section)
        yield from _data_type(member, owner, pointer)
        yield from _members(member.members, f"{pointer}/members", owner, {}, "")


def _data_type(member: Member, owner: str, pointer: str) -> Iterator[Problem]:
    if not member.data_type.strip():
        yield Problem("error", "missing-type", f"{member.name!r} has no data type; add one.", owner, pointer)
    for dimensions in _ARRAY.findall(member.data_type):
        for low, high in _BOUNDS.findall(dimensions):
            if int(low) > int(high):
                message = f"The array {member.name!r} runs from {low} to {high}; the first bound is the lower one."
                yield Problem("error", "bounds", message, owner, pointer)
    if member.members and "struct" not in member.data_type.lower():
        message = f"{member.name!r} has members, but its data type is {member.data_type}; change it to Struct."
        yield Problem("error", "members", message, owner, pointer)


def check_name(name: str, what: str, owner: str, pointer: str) -> Iterator[Problem]:
    """Check a name of anything."""
    if not name.strip():
        yield Problem("error", "name", f"A {what} has no name; add one.", owner, pointer)
    elif '"' in name:
        yield Problem("error", "name", f"The name {name!r} contains a quotation mark; remove it.", owner, pointer)
    elif name != name.strip():
        yield Problem("error", "name", f"The name {name!r} begins or ends with a blank; remove it.", owner, pointer)
    elif len(name) > LONGEST_NAME:
        message = f"The name {name[:20]!r}... has {len(name)} characters; at most {LONGEST_NAME} are allowed."
        yield Problem("error", "name", message, owner, pointer)
