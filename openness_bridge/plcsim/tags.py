"""Tags of an instance: the list, single values and many values in one call.

Facts: docs/facts/plcsim-advanced.md#tags, docs/facts/plcsim-advanced.md#values.

The list is refreshed when it is empty, and once more when the API says that it is out of date (after a download).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from openness_bridge.errors import Detail, Kind, Place, Problem
from openness_bridge.plcsim.errors import is_refusal
from openness_bridge.plcsim.runtime import Handle, Simulation
from openness_bridge.plcsim.tag_list import Tag
from openness_bridge.plcsim.values import Scalar, as_text, from_api, to_api
from openness_bridge.program_identity import ProgramState, unknown_state
from openness_bridge.values import enum

T = TypeVar("T")
AREAS = {"IO": 1, "M": 2, "CT": 4, "DB": 8}
"""Letters of the areas that a tag list can have, and their bits."""


class TagPage(msgspec.Struct, rename="camel", frozen=True):
    """A part of the tag list.

    Attributes:
        total: How many entries match the search.
    """

    instance: str
    total: int
    offset: int
    tags: list[Tag]


class TagValue(msgspec.Struct, rename="camel", frozen=True):
    """The value of a tag.

    Attributes:
        value: As its type has it; durations, dates and times are counts of their unit.
        text: As TIA Portal writes it, such as T#2s.
        online: Whether the simulated PLC executes the program of the open project.
    """

    name: str
    value: bool | int | float | str
    data_type: str
    text: str
    online: ProgramState = msgspec.field(default_factory=unknown_state)


class Outcome(msgspec.Struct, rename="camel", frozen=True, omit_defaults=True):
    """The result for one tag of several: its value, or the error.

    Attributes:
        online: Whether the simulated PLC executes the program of the open project.
    """

    name: str
    value: bool | int | float | str | None = None
    data_type: str = ""
    text: str = ""
    error: Detail | None = None
    online: ProgramState = msgspec.field(default_factory=unknown_state)


def refresh(simulation: Simulation, name: str | None, areas: Sequence[str] = (), *, hmi_only: bool = False) -> int:
    """Read the tag list of an instance that is on; returns how many entries it has.

    Args:
        simulation: PLCSIM Advanced.
        name: The instance; the connected one without it.
        areas: IO, M, CT, DB; all without any.
        hmi_only: Only tags that are visible in HMI.
    """
    return update_list(simulation.handle(name), areas, hmi_only=hmi_only)


def update_list(handle: Handle, areas: Sequence[str] = (), *, hmi_only: bool = False) -> int:
    """Read the tag list of an instance; arguments and result as of refresh."""
    unknown = [area for area in areas if area.upper() not in AREAS]
    if unknown:
        raise Problem("plcsim.argument", f"There is no area '{unknown[0]}': use {', '.join(AREAS)}.", kind=Kind.REFUSED)
    chosen = "".join(area for area in AREAS if not areas or area in {each.upper() for each in areas})
    details = enum(handle.model, "ETagListDetails", chosen)
    handle.current(lambda api: api.UpdateTagList(details, hmi_only))
    with handle.use() as api:
        handle.tags.replace(api.TagInfos)
    return len(handle.tags)


def list_tags(simulation: Simulation, name: str | None, part: str = "", offset: int = 0, limit: int = 1000) -> TagPage:
    """Return a part of the tag list, in the order of the program.

    Args:
        simulation: PLCSIM Advanced.
        name: The instance.
        part: Text that a name contains, without regard to case.
        offset: How many of these to skip.
        limit: How many to return at most.
    """
    handle = simulation.handle(name)
    ensure_list(handle)
    found = handle.tags.names(part)
    return TagPage(handle.name, len(found), offset, [handle.tags.tag(each) for each in found[offset : offset + limit]])


def read(simulation: Simulation, name: str | None, tag: str) -> TagValue:
    """Return the value of a tag.

    Raises:
        Problem: There is no such tag, or it is no single value.
    """
    handle = simulation.handle(name)
    found = _value_tag(handle, tag)

    def get(api: Any) -> tuple[Tag, Scalar]:
        current = handle.tags.tag(found.name)
        return current, from_api(api.Read(found.name), current.primitive_type, current.data_type)

    return _value(*_current(handle, get))


def write(simulation: Simulation, name: str | None, tag: str, value: Scalar) -> TagValue:
    """Write a tag; the answer has the value that was written, in the tag's type.

    Raises:
        Problem: As read, or the value is not of the tag's type.
    """
    handle = simulation.handle(name)
    found = _value_tag(handle, tag)
    data = to_api(handle.model, found.primitive_type, found.data_type, value)
    _current(handle, lambda api: api.Write(found.name, data))
    return _value(found, from_api(data, found.primitive_type, found.data_type))


def read_many(simulation: Simulation, name: str | None, tags: Sequence[str]) -> list[Outcome]:
    """Return the values of several tags, of the same moment; one that cannot be read has the reason."""
    handle = simulation.handle(name)
    problems, found = find_tags(handle, tags)
    values = dict(zip(found, read_values(handle, list(found.values())), strict=True))
    now = {tag: handle.tags.tag(entry.name) for tag, entry in found.items()}
    return [
        Outcome(tag, error=problems[tag]) if tag in problems else _outcome(tag, now[tag], values[tag]) for tag in tags
    ]


def write_many(simulation: Simulation, name: str | None, values: Sequence[tuple[str, Scalar]]) -> list[Outcome]:
    """Write several tags between two cycles: all, or none when one of them cannot be written.

    Raises:
        Problem: With a detail for each tag that cannot be written.
    """
    handle = simulation.handle(name)
    prepared, problems = [], []
    for index, (tag, value) in enumerate(values):
        try:
            found = _value_tag(handle, tag)
            prepared.append((tag, found, to_api(handle.model, found.primitive_type, found.data_type, value)))
        except Problem as problem:
            place = Place(object=tag, pointer=f"/values/{index}")
            problems.append(Detail(problem.code, problem.message, place))
    if problems:
        message = f"{len(problems)} of {len(values)} tags cannot be written, so none was: {problems[0].message}"
        raise Problem(problems[0].code, message, kind=Kind.REFUSED, place=problems[0].place, details=problems)
    signals = signal_array(handle, [(found.name, data) for _, found, data in prepared])
    _current(handle, lambda api: api.WriteSignals(signals))
    return [
        _outcome(tag, found, from_api(data, found.primitive_type, found.data_type)) for tag, found, data in prepared
    ]


def reader(simulation: Simulation, name: str | None, tags: Sequence[str]) -> Callable[[], dict[str, Scalar]]:
    """Return a function that reads several tags repeatedly, at one moment each time.

    Raises:
        Problem: A tag cannot be read.
    """
    handle = simulation.handle(name)
    found = value_tags(handle, tags)
    read_values(handle, found)
    return lambda: dict(zip(tags, read_values(handle, found), strict=True))


# -- inside ---------------------------------------------------------------------------


def value_tags(handle: Handle, tags: Sequence[str]) -> list[Tag]:
    """Return the entries of several tags that are single values.

    Raises:
        Problem: With a detail for each that is none.
    """
    problems, found = find_tags(handle, tags)
    if problems:
        details = list(problems.values())
        raise Problem(details[0].code, details[0].message, kind=Kind.MISSING, place=details[0].place, details=details)
    return [found[tag] for tag in tags]


def read_values(handle: Handle, tags: Sequence[Tag]) -> list[Scalar]:
    """Return the values of several tags at one moment, of the types that the list has by then."""
    if not tags:
        return []

    def get(api: Any) -> list[Scalar]:
        signals = api.ReadSignals(signal_array(handle, [(tag.name, None) for tag in tags]))
        current = [handle.tags.tag(tag.name) for tag in tags]
        return [
            from_api(signal.DataValue, tag.primitive_type, tag.data_type)
            for signal, tag in zip(signals, current, strict=True)
        ]

    return _current(handle, get)


def signal_array(handle: Handle, signals: Sequence[tuple[str, Any]]) -> Any:
    """Return an array of signals by name. Structs are copied, so each is filled before it is put in."""
    kind = handle.model.SDataValueByName
    made = handle.model.Array[kind](len(signals))
    for index, (name, data) in enumerate(signals):
        signal = kind()
        signal.Name = name
        if data is not None:
            signal.DataValue = data
        made[index] = signal
    return made


def find_tags(handle: Handle, tags: Sequence[str]) -> tuple[dict[str, Detail], dict[str, Tag]]:
    """Return why tags cannot be read, and the entries of the others; a list that is out of date is refreshed for that."""
    problems: dict[str, Detail] = {}
    found: dict[str, Tag] = {}
    for tag in dict.fromkeys(tags):
        try:
            found[tag] = _value_tag(handle, tag)
        except Problem as problem:
            problems[tag] = Detail(problem.code, problem.message, Place(object=tag))
    return problems, found


def _value_tag(handle: Handle, name: str) -> Tag:
    """Return the entry of a single value; the list is refreshed when it does not have it."""
    fresh = ensure_list(handle)
    try:
        found = handle.tags.tag(name)
    except Problem:
        if fresh or not is_outdated(handle):
            raise
        update_list(handle)
        found = handle.tags.tag(name)
    if not found.is_value:
        msg = f"'{found.name}' is {_what(found)}, which PLCSIM Advanced does not read or write as a whole."
        raise Problem("plcsim.not_supported", msg, kind=Kind.REFUSED, place=Place(object=found.name))
    return found


def _what(tag: Tag) -> str:
    if tag.dimensions:
        return "an array"
    return "a structure" if tag.primitive_type == "Struct" else f"of the type {tag.data_type}"


def ensure_list(handle: Handle) -> bool:
    """Refresh an empty list; return whether it was empty."""
    if len(handle.tags):
        return False
    update_list(handle)
    return True


def ensure_current(handle: Handle) -> None:
    """Refresh the list where it is empty or the program is another one by now."""
    if not ensure_list(handle) and is_outdated(handle):
        update_list(handle)


def is_outdated(handle: Handle) -> bool:
    """Return whether a program was downloaded since the tag list was read."""
    with handle.use() as api:
        details, _ = api.GetTagListStatus()
        return int(details) == 0


def _current(handle: Handle, call: Callable[[Any], T]) -> T:
    """Call the API; when it says that the tag list is out of date, refresh it and call once more."""
    try:
        with handle.use() as api:
            return call(api)
    except Problem as problem:
        if not is_refusal(problem, "NotUpToDate"):
            raise
    update_list(handle)
    with handle.use() as api:
        return call(api)


def _value(tag: Tag, value: Scalar) -> TagValue:
    return TagValue(tag.name, value, tag.data_type, as_text(tag.data_type, value))


def _outcome(name: str, tag: Tag, value: Scalar) -> Outcome:
    return Outcome(name, value, tag.data_type, as_text(tag.data_type, value))
