"""Values of the parameters of a technology object in its content: start values of tags, and entries of ParameterData.

Facts: docs/facts/technology-objects.md#parameters, docs/facts/technology-objects.md#files.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from fake_openness.technology.type_rules import type_of
from simatic_xml.model import Block, Member, Section, Subelement
from simatic_xml.program.types.technology import (
    PARAMETER,
    TechnologyMember,
    numbers,
    split_step,
    technology_members,
)

DATA, LIST, ENTRY = "ParameterData", "Parameters", "Parameter"
_RANGE = re.compile(r"\[(-?\d+)\.\.(-?\d+)\]")
_INDEX = re.compile(r"\[(-?\d+)\]")
_MANY_SINCE = (6,)
"""From this version on an axis has eight interfaces for cross-PLC synchronous operation, before one."""
_READABLE_GROUPS = ("pid", "counting", "easy motion")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of one object.

    Attributes:
        name: its path, with one index for each array.
        member: its row in the table.
    """

    name: str
    member: TechnologyMember


def parameters_of(block: Block, family: str, group: str, *, advanced: bool) -> Iterator[Parameter]:
    """Yield the parameters of an object in the order of the table, those of its file that the table lacks last.

    Args:
        block: Its content.
        family: The CPU's family.
        group: `motion`, `pid`…: a motion object does not offer tags that can only be read.
        advanced: Whether the CPU is an S7-1500T, whose axes have four encoders.
    """
    kind, version = type_of(block)
    listed = technology_members(kind, family)
    for member in listed:
        if member.is_in(version) and (member.writable or group in _READABLE_GROUPS):
            yield from (Parameter(name, member) for name in _expand(member.path, version, advanced=advanced))
    known = {_RANGE.sub("", each.path).casefold() for each in listed}
    for section in block.interface:
        for path, found in _leaves(section.members):
            if path.casefold() not in known:
                writable = section.name != "Output"
                row = TechnologyMember(
                    path, section.name, found.data_type, found.start_value or "", writable, *[""] * 5
                )
                yield Parameter(path, row)


def read(block: Block, parameter: Parameter) -> str:
    """Return the text of a parameter's value: the object's own, else that of its type, else empty."""
    own = _read_data(block, parameter.name) if parameter.member.section == PARAMETER else _read_tag(block, parameter)
    return parameter.member.start if own is None else own


def write(block: Block, parameter: Parameter, text: str) -> None:
    """Set the text of a parameter's value."""
    if parameter.member.section == PARAMETER:
        _write_data(block, parameter.name, text)
        return
    member, indices = _make(block, parameter)
    if not indices:
        member.start_value = text
        return
    found = next((each for each in member.subelements if each.path == indices), None)
    if found is None:
        found = Subelement(indices)
        member.subelements.append(found)
    found.start_value = text


def interface_of(kind: str, version: str, family: str) -> list[Section]:
    """Return the interface of a new object: every tag that is listed for its type and version."""
    sections = {name: Section(name) for name in ("Input", "Output", "InOut", "Static")}
    for row in technology_members(kind, family):
        if row.section != PARAMETER and row.is_in(version):
            member = _descend(sections[row.section].members, row.path, row.type)
            member.start_value = row.start or None
    return list(sections.values())


# -- tags ---------------------------------------------------------------------------------


def _read_tag(block: Block, parameter: Parameter) -> str | None:
    names, indices = _split(parameter.name)
    member: Member | None = None
    members = [each for section in block.interface for each in section.members]
    for name in names:
        member = next((each for each in members if each.name.casefold() == name.casefold()), None)
        if member is None:
            return None
        members = _inner(member)
    if member is None:
        return None
    own = next((each.start_value for each in member.subelements if each.path == indices and indices), None)
    return member.start_value if own is None else own


def _make(block: Block, parameter: Parameter) -> tuple[Member, str]:
    """Return the member of a parameter, made where the content lacks it, and the indices of its element."""
    row = parameter.member
    section = block.section(row.section)
    if section is None:
        section = Section(row.section)
        block.interface.append(section)
    return _descend(section.members, row.path, row.type), _split(parameter.name)[1]


def _descend(members: list[Member], path: str, data_type: str) -> Member:
    """Return the member at a path as the table writes it, made where it is missing."""
    rest = path
    while True:
        step, _, rest = split_step(rest)
        name, _, limits = step.partition("[")
        kind = data_type if not rest else "Struct"
        text = f"Array[{limits} of {kind}" if limits else kind
        found = next((each for each in members if each.name.casefold() == name.casefold()), None)
        if found is None:
            found = Member(name, text)
            members.append(found)
        if not rest:
            return found
        members = found.sections[0].members if found.sections else found.members


def _inner(member: Member) -> list[Member]:
    return [*member.members, *(each for section in member.sections for each in section.members)]


def _leaves(members: list[Member], above: str = "") -> Iterator[tuple[str, Member]]:
    for member in members:
        inner = _inner(member)
        if inner:
            yield from _leaves(inner, f"{above}{member.name}.")
        elif "array" not in member.data_type.casefold() and member.data_type.casefold() != "struct":
            yield f"{above}{member.name}", member


def _split(name: str) -> tuple[list[str], str]:
    """Return the names of a parameter's path without indices, and all indices joined by commas."""
    return _INDEX.sub("", name).split("."), ",".join(_INDEX.findall(name))


def _expand(path: str, version: str, *, advanced: bool) -> Iterator[str]:
    """Yield the names of a path with each index of its arrays, as far as the object has them."""
    ranges = [range(int(low), int(high) + 1) for low, high in _RANGE.findall(path)]
    if path.startswith(("Sensor[", "_Sensor[")) and not advanced:
        ranges[0] = range(1, 2)
    if path.startswith("CrossPlc") and ranges and numbers(version) < _MANY_SINCE:
        ranges[0] = range(1, 2)
    pieces = _RANGE.sub("[{}]", path)
    yield from (pieces.format(*indices) for indices in itertools.product(*ranges))


# -- parameters outside of the data block -----------------------------------------------------


def empty_data() -> etree._Element:
    """Return the part of a file for parameters outside of the data block, without any."""
    data = etree.Element(DATA)
    etree.SubElement(data, LIST)
    return data


def _read_data(block: Block, name: str) -> str | None:
    found = _entry(block, name)
    if found is None:
        return None
    value = found.get("Value")
    return (found.text or "").strip() if value is None else value


def _write_data(block: Block, name: str, text: str) -> None:
    data = block.parts.setdefault(DATA, empty_data())
    listed = data.find(f"{{*}}{LIST}")
    if listed is None:
        listed = etree.SubElement(data, LIST)
    entry = _entry(block, name)
    if entry is None:
        entry = etree.SubElement(listed, etree.QName(etree.QName(listed).namespace, ENTRY))
        entry.set("Name", name)
    entry.set("Value", text)


def forget_data(block: Block, name: str) -> None:
    """Remove a parameter outside of the data block, so that it has its default again."""
    entry = _entry(block, name)
    parent = None if entry is None else entry.getparent()
    if entry is not None and parent is not None:
        parent.remove(entry)


def _entry(block: Block, name: str) -> etree._Element | None:
    data = block.parts.get(DATA)
    if data is None:
        return None
    key = name.casefold()
    return next((each for each in data.iter(f"{{*}}{ENTRY}") if (each.get("Name") or "").casefold() == key), None)
