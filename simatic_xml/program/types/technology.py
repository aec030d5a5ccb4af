"""Technology objects: which types a CPU has, and the members of their data blocks.

The tables are `technology_objects.csv` (one row for each type and CPU family) and `technology_members.csv` (paths of
members and parameters), with the marks of the pages of facts. No type is listed completely, so every structure here is
open: a member that is not listed has an unknown type and is no error.

Facts: docs/facts/technology-objects.md#types-and-versions, docs/facts/technology-objects.md#tags-of-the-data-blocks.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from simatic_xml.instructions import find
from simatic_xml.program.types.system_types import open_type, system_type
from simatic_xml.program.types.type_text import parse
from simatic_xml.program.types.types import Array, DataType, Structure, Variable

PARAMETER = "Parameter"
"""The section of a parameter that the data block does not have."""
_FOLDER = Path(__file__).parent
_STEP = re.compile(r"(?P<name>[^.\[]+)(?:\[(?P<low>-?\d+)\.\.(?P<high>-?\d+)\])?")
_NUMBERS = re.compile(r"\d+")


class TechnologyType(NamedTuple):
    """A type of technology object on a CPU family.

    Attributes:
        name: such as `PID_Compact`.
        families: the CPU families; `S7-1500T` are the S7-1500 with advanced motion control.
        group: `motion`, `pid`, `counting` or `easy motion`. All motion objects of a CPU have the same version.
        versions: the only version, or the lowest one followed by `+`.
        firmware: the lowest firmware; empty for any.
        transfer: the lowest version that can be imported and exported, and its firmware.
        place: `root` for a folder of technology objects, else the container of an axis that takes it.
        parameters: `write`, `read` or `none`: what Openness allows.
        fixed_at_import: parameters that an import resets to their start values, before version 3.0.
    """

    name: str
    families: tuple[str, ...]
    group: str
    versions: str
    firmware: str
    transfer: str
    transfer_firmware: str
    place: str
    parameters: str
    fixed_at_import: tuple[str, ...]
    mark: str

    def has_version(self, version: str) -> bool:
        """Return whether the type exists in a version."""
        lowest = self.versions.removesuffix("+")
        wanted = numbers(version)
        return wanted == numbers(lowest) or (self.versions != lowest and wanted > numbers(lowest))

    def can_transfer(self, version: str) -> bool:
        """Return whether objects of a version can be imported and exported."""
        return self.has_version(version) and numbers(version) >= numbers(self.transfer)


class TechnologyMember(NamedTuple):
    """A member of the data block of a technology object, or a parameter that the block does not have.

    Attributes:
        path: names joined by points; an array has its limits, as in `Sensor[1..4].Type`.
        section: `Input`, `Output`, `InOut`, `Static`, or `Parameter`.
        type: its type as text.
        start: its start value; empty where it is not known.
        writable: whether Openness can set it.
        low: the lowest value; empty where there is none, or it is not known. `high` likewise.
        since: the first version of the object that has it; empty for all.
        until: the last version that has it; empty for all.
    """

    path: str
    section: str
    type: str
    start: str
    writable: bool
    low: str
    high: str
    since: str
    until: str
    mark: str

    def is_in(self, version: str) -> bool:
        """Return whether an object of a version has it; an empty version has everything."""
        wanted = numbers(version)
        return not version or (numbers(self.since) <= wanted and (not self.until or wanted <= numbers(self.until)))


def numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version or firmware, without zeros at the end: `V2.30` is (2, 30), `2.0` is (2,)."""
    found = [int(each) for each in _NUMBERS.findall(version)]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


@cache
def technology_types() -> tuple[TechnologyType, ...]:
    """Return all types, as the table has them."""
    return tuple(
        TechnologyType(
            row["name"], tuple(row["families"].split()), row["group"], row["versions"], row["firmware"], row["transfer"],
            row["transfer_firmware"], row["place"], row["parameters"], tuple(row["fixed_at_import"].split()), row["mark"],
        )
        for row in _rows("technology_objects.csv")
    )  # fmt: skip


def technology_type(name: str, family: str) -> TechnologyType | None:
    """Return the type of a name on a CPU family, None when there is none; an S7-1500 includes what only its T-CPUs have."""
    key = name.casefold()
    wanted = {family, "S7-1500T"} if family == "S7-1500" else {family}
    return next(
        (each for each in technology_types() if each.name.casefold() == key and wanted & set(each.families)), None
    )


@cache
def technology_members(name: str, family: str) -> tuple[TechnologyMember, ...]:
    """Return the listed members of a type on a CPU family."""
    key = name.casefold()
    return tuple(
        TechnologyMember(
            row["path"], row["section"], row["type"], row["start"], row["access"] == "RW", row["low"], row["high"],
            row["since"], row["until"], row["mark"],
        )
        for row in _rows("technology_members.csv")
        if key in (each.casefold() for each in row["objects"].split()) and family in row["families"].split()
    )  # fmt: skip


@cache
def technology_structure(name: str, family: str) -> Structure | None:
    """Return the type of the data block of a technology object; None when the table has no members of it.

    An instance of an instruction (`PID_Compact`) has the instruction's parameters, too.
    """
    listed = [each for each in technology_members(name, family) if each.section != PARAMETER]
    if not listed:
        return None
    found = find(name)
    own = found is not None and name.casefold() in (each.casefold() for each in found.instruction.instance)
    instruction = found.instruction.name if found is not None and own else ""
    known = technology_type(name, family)
    spelled = known.name if known is not None else name
    return Structure(
        spelled, "system", tuple(_variables([(each, each.path) for each in listed], top=True)), instruction, open=True
    )


def _variables(listed: list[tuple[TechnologyMember, str]], *, top: bool) -> Iterator[Variable]:
    """Yield the variables of the first steps of some paths, with everything below them; `top` ones have a section."""
    below: dict[str, list[tuple[TechnologyMember, str]]] = {}
    for member, path in listed:
        first, _, rest = split_step(path)
        below.setdefault(first, []).append((member, rest))
    for first, inner in below.items():
        found = _STEP.fullmatch(first)
        assert found is not None  # noqa: S101 - the table is ours
        member, rest = inner[0]
        data_type = (
            Structure("", "struct", tuple(_variables(inner, top=False)), open=True) if rest else _leaf(member.type)
        )
        start = "" if rest else member.start
        section = member.section if top else "None"
        yield Variable(found["name"], _in_array(data_type, found["low"], found["high"]), section, start)


def _in_array(data_type: DataType, low: str | None, high: str | None) -> DataType:
    return data_type if low is None or high is None else Array(data_type, ((int(low), int(high)),))


def _leaf(text: str) -> DataType:
    return parse(text, lambda name, _: system_type(name) or open_type(name), lambda _: None)


def split_step(path: str) -> tuple[str, str, str]:
    """Return the first step of a path with its limits, the separator, and the rest."""
    found = _STEP.match(path)
    end = found.end() if found is not None else len(path)
    return path[:end], path[end : end + 1], path[end + 1 :]


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
