"""Calls and uses: call structure from the OBs, dependency structure, unused objects, order of dependency.

TIA Portal shows the same views (call structure, dependency structure); Openness has no call for them, so they are made
from the typed program. Facts: S7-1500 system manual, "Program structure".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from simatic_xml.model import Block, PlcType, Tag
from simatic_xml.program.analysis import ordering
from simatic_xml.program.analysis.assignment_list import AREAS, extent_of, operand_extent
from simatic_xml.program.analysis.program_checks import CODE_KINDS
from simatic_xml.program.analysis.use_index import UseIndex
from simatic_xml.program.analysis.uses import Use
from simatic_xml.program.workspace import Item

ObjectKind = Literal[
    "OB", "FB", "FC", "GlobalDB", "InstanceDB", "ArrayDB", "TechnologicalInstanceDB", "UDT", "Tag", "Constant"
]


@dataclass(slots=True)
class Call:
    """A block in the call structure.

    Attributes:
        name: the block.
        kind: what it is; empty for one that the program does not have.
        number: its number.
        instance: operand that holds its data at this call: `"Motor_DB"`, `#motor`; empty for FC and OB.
        count: how often the block above calls it with this instance.
        recursive: whether the call leads back to a block above it; it has no calls below it then.
        repeated: whether its calls are shown where it came first, and are left out here.
        calls: what it calls itself, in the order of its program.
    """

    name: str
    kind: str
    number: int | None
    instance: str = ""
    count: int = 1
    recursive: bool = False
    repeated: bool = False
    calls: list[Call] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Dependency:
    """An object and what depends on it.

    Attributes:
        users: names of the objects that use it, with the number of uses in each.
    """

    name: str
    kind: str
    number: int | None
    users: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Order:
    """Objects in an order in which each comes after what it uses, and the circles that make this impossible."""

    names: list[str]
    circles: list[list[str]]


def kind_of(item: Item) -> str:
    """Return what an object of a program is, as one word (`ObjectKind`)."""
    if isinstance(item, Block | PlcType):
        return item.kind
    return "Tag" if isinstance(item, Tag) else "Constant"


# -- calls ----------------------------------------------------------------------------------------------------------------


def call_structure(index: UseIndex) -> list[Call]:
    """Return the calls below each OB, then below each code block that nothing calls.

    A block's own calls are shown where it comes first, so that the result grows with the program and not with the
    number of ways through it. Blocks that only call each other in a circle come last.
    """
    blocks = {item.name.casefold(): item for item in index.workspace if kind_of(item) in CODE_KINDS}
    called = {use.name.casefold() for key in blocks for use in _calls(index, key)}
    roots = sorted(blocks, key=lambda key: (kind_of(blocks[key]) != "OB", key in called))
    seen: set[str] = set()
    return [_Tree(index, seen).below(key) for key in roots if key not in seen]


class _Tree:
    """The calls below one root."""

    def __init__(self, index: UseIndex, seen: set[str]) -> None:
        self._index, self._seen = index, seen

    def below(self, root: str) -> Call:
        top = self._call(root, "", 1)
        pending: list[tuple[Call, frozenset[str]]] = [(top, frozenset())]
        while pending:
            call, above = pending.pop()
            key = call.name.casefold()
            call.recursive = key in above
            call.repeated = not call.recursive and key in self._seen
            if not call.recursive and not call.repeated:
                self._seen.add(key)
                counted = _count_calls(self._index, key)
                call.calls = [self._call(*callee, count) for callee, count in counted.items()]
                pending += [(each, above | {key}) for each in reversed(call.calls)]
        return top

    def _call(self, name: str, instance: str, count: int) -> Call:
        item = self._index.workspace.find(name)
        if not isinstance(item, Block):
            return Call(name, "", None, instance, count)
        return Call(item.name, item.kind, item.number, instance, count)


def _count_calls(index: UseIndex, name: str) -> Counter[tuple[str, str]]:
    return Counter((use.name, use.instance) for use in _calls(index, name))


def _calls(index: UseIndex, name: str) -> Iterator[Use]:
    return (use for use in index.of(name) if use.kind == "block" and use.access == "Call")


# -- dependencies ---------------------------------------------------------------------------------------------------------


def dependency_structure(index: UseIndex) -> list[Dependency]:
    """Return every object with the objects that use it: those to check when it changes."""
    found = []
    for item in index.workspace:
        users = Counter(used.owner for used in index.users(item.name))
        number = item.number if isinstance(item, Block) else None
        found.append(Dependency(item.name, kind_of(item), number, tuple(users.items())))
    return found


def dependency_order(index: UseIndex) -> Order:
    """Return blocks and data types so that each comes after what it needs, and the circles among them.

    What a compilation or an import needs first comes first.
    """
    names = {item.name.casefold(): item.name for item in index.workspace if isinstance(item, Block | PlcType)}
    graph = {key: [each for each in _used_names(index, key) if each in names] for key in names}
    order = [names[key] for key in ordering.used_first(graph)]
    return Order(order, [[names[key] for key in circle] for circle in ordering.circles(graph)])


def find_unused(index: UseIndex) -> list[Item]:
    """Return the blocks, data types, tags and constants that no OB reaches, neither by calls nor by data.

    An object that only unused objects use is unused too.
    """
    items = {item.name.casefold(): item for item in index.workspace}
    pending = [key for key, item in items.items() if kind_of(item) == "OB"]
    reached = set(pending)
    while pending:
        for key in _used_names(index, pending.pop()):
            if key in items and key not in reached:
                reached.add(key)
                pending.append(key)
    addressed = _find_addressed(index, reached)
    return [item for key, item in items.items() if key not in reached and key not in addressed]


def _find_addressed(index: UseIndex, reached: set[str]) -> set[str]:
    """Return the tags whose memory a reached block uses by its address."""
    used = [
        operand_extent(each.use.operand)
        for area in AREAS
        for each in index.absolute(area)
        if each.use.operand is not None and each.owner.casefold() in reached
    ]
    tags = [item for item in index.workspace if isinstance(item, Tag)] if used else []
    found = set()
    for tag in tags:
        extent = extent_of(tag.address, tag.data_type)
        if extent is not None and any(each is not None and each.overlaps(extent) for each in used):
            found.add(tag.name.casefold())
    return found


def _used_names(index: UseIndex, name: str) -> list[str]:
    """Return the global names that an object uses; a data block that it uses by number has its name."""
    found: dict[str, None] = {}
    for use in index.of(name):
        block = use.operand.block if use.operand is not None else None
        data = index.workspace.find_by_number("DB", block) if block is not None else None
        if data is not None:
            found[data.name.casefold()] = None
        elif use.operand is None and use.kind not in ("local", "instance", "instruction"):
            found[use.name.casefold()] = None
    return list(found)
