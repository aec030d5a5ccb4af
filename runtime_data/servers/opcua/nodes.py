"""The nodes of a source's tags, as a client of an S7-1500 finds them. The decisions: docs/runtime/opcua.md#nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from runtime_data.opcua.names import identifier, steps_of
from runtime_data.opcua.types import is_bytes, ua_type
from runtime_data.values import TagInfo, split

MOST_CHILDREN = 200
"""Nodes below one node; more are parted into groups."""
MOST_ELEMENTS = 10_000
"""Elements of an array that is read as a whole."""
FOLDERS = {
    "DataBlock": "DataBlocksGlobal",
    "Input": "Inputs",
    "Output": "Outputs",
    "Marker": "Memory",
    "Timer": "Timers",
    "Counter": "Counters",
}
"""The folder of each area, in the order in which they are shown; tags of no area are in the first one."""
INSTANCES = "DataBlocksInstance"
_TO = " to "
_INDEX = re.compile(r"\[(-?\d+(?:,-?\d+)*)\]")


@dataclass(slots=True, eq=False)
class Entry:
    """A node.

    Attributes:
        name: What clients show.
        id: Its identifier; in the namespace of S7 unless it is a group.
        tags: Of a variable the full names of its tags: one, or those of an array's elements in their order.
        data_type: Of a variable the S7 type of its tags.
        dimensions: Of an array how many elements each dimension has.
        writable: Whether the source takes values for it.
        description: What it is for.
        unit: Its unit.
        is_group: Whether it only parts the children of another node.
        children: The nodes below it.
    """

    name: str
    id: str
    tags: tuple[str, ...] = ()
    data_type: str = ""
    dimensions: tuple[int, ...] = ()
    writable: bool = False
    description: str = ""
    is_group: bool = False
    children: list[Entry] = field(default_factory=list)

    def walk(self) -> Iterator[Entry]:
        """Yield it, and all nodes below it."""
        yield self
        for each in self.children:
            yield from each.walk()


@dataclass(slots=True)
class _Branch:
    """A part of the tree of names."""

    steps: list[str]
    info: TagInfo | None = None
    below: dict[str, _Branch] = field(default_factory=dict)


IsInstance = Callable[[str], bool]
"""Returns whether a data block is the instance of a function block."""


def entries(infos: Iterable[TagInfo], is_instance: IsInstance = lambda _: False) -> list[Entry]:
    """Return the folders of a PLC with the nodes of its tags.

    Args:
        infos: All nodes of a source, in its order; structures and arrays may be left out.
        is_instance: Returns whether a data block is the instance of a function block.
    """
    root = _Branch([])
    for info in infos:
        branch = root
        for step in steps_of(split(info.tag)[1]):
            branch = branch.below.setdefault(step, _Branch([*branch.steps, step]))
        branch.info = info
    folders: dict[str, list[Entry]] = {name: [] for name in ("DataBlocksGlobal", INSTANCES, *FOLDERS.values())}
    for name, branch in root.below.items():
        folder = FOLDERS.get(_area(branch), "DataBlocksGlobal")
        if folder == "DataBlocksGlobal" and is_instance(name):
            folder = INSTANCES
        made = _entry(branch)
        if made.tags or made.children:
            folders[folder].append(made)
    return [Entry(name, name, children=_grouped(name, children)) for name, children in folders.items()]


def _area(branch: _Branch) -> str:
    if branch.info is not None and branch.info.area:
        return branch.info.area
    return _area(next(iter(branch.below.values()))) if branch.below else ""


def _entry(branch: _Branch) -> Entry:
    children = [made for each in branch.below.values() if (made := _entry(each)).tags or made.children]
    own = identifier(branch.steps)
    made = Entry(branch.steps[-1], own, children=_grouped(own, children))
    info = branch.info
    if info is not None:
        made.description = info.description
    if info is not None and info.has_value and ua_type(info.data_type):
        made.tags, made.data_type, made.writable = (info.tag,), info.data_type, info.writable
    elif children:
        _make_array(made, branch, children)
    return made


def _make_array(made: Entry, branch: _Branch, children: Sequence[Entry]) -> None:
    """Let a node have the values of its elements, where all of them are there and of one type."""
    found = [_INDEX.fullmatch(step) for step in branch.below]
    first = children[0]
    alike = all(each.data_type == first.data_type and len(each.tags) == 1 for each in children)
    if not (all(found) and alike and len(children) == len(found)):
        return
    if is_bytes(first.data_type) or len(children) > MOST_ELEMENTS:
        return
    indexes = [tuple(int(part) for part in each[1].split(",")) for each in found if each]
    if len({len(each) for each in indexes}) != 1:
        return
    ranges = [range(min(part), max(part) + 1) for part in zip(*indexes, strict=True)]
    if indexes != list(product(*ranges)):
        return
    made.tags = tuple(each.tags[0] for each in children)
    made.data_type, made.writable = first.data_type, all(each.writable for each in children)
    made.dimensions = tuple(len(each) for each in ranges)


def _grouped(parent: str, children: list[Entry]) -> list[Entry]:
    """Return the children of a node, in groups where there are too many; in groups of groups where it takes these."""
    level = 0
    while len(children) > MOST_CHILDREN:
        level += 1
        parts = [children[at : at + MOST_CHILDREN] for at in range(0, len(children), MOST_CHILDREN)]
        children = [_group(f"{parent}/{level}/{number}", part) for number, part in enumerate(parts)]
    return children


def _group(own: str, part: list[Entry]) -> Entry:
    """Return a node for a part of the children, which is called like its first and its last one."""
    first, last = part[0].name.partition(_TO)[0], part[-1].name.rpartition(_TO)[2]
    return Entry(f"{first}{_TO}{last}", own, is_group=True, children=part)
