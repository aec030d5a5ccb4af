"""What the program of a CPU has: asked for when it is needed, and kept for a time, or until an address turns out to be gone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from openness_bridge.errors import Kind, Problem, not_found
from runtime_data.sources.webapi.client import Call, Refusal, WebApiClient
from runtime_data.webapi import codes
from runtime_data.webapi.addresses import AddressError, Step, elements, fold, parse, to_address, to_path
from runtime_data.webapi.forms import spell

LASTING = 300.0
"""Seconds for which a description of a tag is used."""
SUSPECTED = 5.0
"""Seconds in which answers that do not fit make everything asked for again once only."""
MOST_TAGS = 200_000
"""Tags of a CPU that are listed, and elements of an array."""
_AREAS = {"I": "Input", "Q": "Output", "M": "Marker", "C": "Counter", "T": "Timer"}
DATA_BLOCK = "DataBlock"
_OF_ADDRESS = {
    codes.NO_ADDRESS,
    codes.INVALID_ADDRESS,
    codes.INVALID_INDEX,
    codes.UNSUPPORTED_ADDRESS,
    codes.NO_STRUCTURE,
}


class Node(msgspec.Struct, frozen=True):
    """A tag, a structure, an array or a data block.

    Attributes:
        steps: Its name.
        data_type: As TIA Portal writes it; empty for one without a single value.
        has_children: Whether it is a structure or a data block.
        read_only: Whether the CPU refuses to write it.
        dimensions: Of an array the first index and the count of each dimension.
        area: Input, Output, Marker, Counter, Timer or DataBlock; empty where it is not known.
    """

    steps: tuple[Step, ...]
    data_type: str = ""
    has_children: bool = False
    read_only: bool = False
    dimensions: tuple[tuple[int, int], ...] = ()
    area: str = ""

    @property
    def path(self) -> str:
        """The name as the service writes it."""
        return to_path(self.steps)

    @property
    def address(self) -> str:
        """The name as the CPU takes it."""
        return to_address(self.steps)

    @property
    def name(self) -> str:
        """Its last name, with the indexes of an element of an array."""
        return to_path(self.steps[-2:] if isinstance(self.steps[-1], tuple) else self.steps[-1:])

    @property
    def is_value(self) -> bool:
        """Whether it can be read as a whole."""
        return bool(self.data_type) and not self.dimensions and not self.has_children

    def element(self, indexes: tuple[int, ...]) -> Node | None:
        """Return an element of the array; None where it has none of these indexes."""
        if len(indexes) != len(self.dimensions):
            return None
        if any(not start <= at < start + count for at, (start, count) in zip(indexes, self.dimensions, strict=True)):
            return None
        return msgspec.structs.replace(self, steps=(*self.steps, indexes), dimensions=())

    def elements(self) -> list[Node]:
        """Return all elements of the array."""
        return [
            msgspec.structs.replace(self, steps=(*self.steps, each), dimensions=())
            for each in elements(self.dimensions)
        ]


class Program:
    """The tags of one CPU. Any thread but the event loop's."""

    def __init__(self, client: WebApiClient, clock: Callable[[], float] = time.monotonic) -> None:
        """Ask this client; the clock gives seconds."""
        self._client, self._clock = client, clock
        self._nodes: dict[str, tuple[float, Node]] = {}
        self._below: dict[str, tuple[float, list[Node]]] = {}
        self._lock = threading.Lock()
        self._forgotten = -SUSPECTED

    def suspect(self) -> None:
        """Ask for everything again, because an answer does not fit; not again within a few seconds."""
        if self._clock() - self._forgotten > SUSPECTED:
            self.forget()

    def forget(self) -> None:
        """Ask for everything again: the program has changed."""
        with self._lock:
            self._forgotten = self._clock()
            self._nodes.clear()
            self._below.clear()

    def find(self, paths: Sequence[str]) -> dict[str, Node | Refusal]:
        """Return what the paths name, as they are spelled in the CPU, or why they name nothing.

        Raises:
            Problem: The CPU cannot be reached.
        """
        found: dict[str, Node | Refusal] = {}
        wanted: dict[str, tuple[tuple[Step, ...], tuple[int, ...]]] = {}
        for path in paths:
            try:
                steps = parse(path)
            except AddressError:
                steps = ()
            if not steps:
                found[path] = Refusal(codes.INVALID_ADDRESS, path)
            elif (known := self._known(path)) is not None:
                found[path] = known
            else:
                last = steps[-1]
                wanted[path] = (steps[:-1], last) if isinstance(last, tuple) else (steps, ())
        if wanted:
            found |= self._ask(wanted)
        return found

    def one(self, name: str, path: str) -> Node:
        """Return what a path names.

        Args:
            name: The source's, for the refusal.
            path: The path.

        Raises:
            Problem: Nothing has this name, or the CPU cannot be reached.
        """
        found = self.find([path])[path]
        if isinstance(found, Refusal):
            if found.code in _OF_ADDRESS:
                raise not_found("tag", f"{name}:{path}")
            raise Problem(
                "runtime.refused_by_cpu", f"The CPU refuses to describe {name}:{path}: {found.message} ({found.code})."
            )
        return found

    def below(self, path: str) -> list[Node]:
        """Return the nodes of the level below a path; of the top for the empty path.

        Raises:
            Problem: There is no such path, or the CPU cannot be reached.
        """
        return self._below_of([None if not path else self.one("", path)])[0]

    def _below_of(self, parents: Sequence[Node | None]) -> list[list[Node]]:
        """Return the nodes below several ones, all asked for at once; None is the top."""
        keys = ["" if each is None else fold(each.path) for each in parents]
        now = self._clock()
        with self._lock:
            known = {key: each for key in keys if (each := self._below.get(key)) and now - each[0] < LASTING}
        asked = [
            (key, each)
            for key, each in zip(keys, parents, strict=True)
            if key not in known and not (each and each.dimensions)
        ]
        calls = [
            Call("PlcProgram.Browse", {"mode": "children"} | ({"var": each.address} if each else {}))
            for _, each in asked
        ]
        answers = self._client.read(calls) if calls else []
        fresh: dict[str, list[Node]] = {}
        for (key, parent), answer in zip(asked, answers, strict=True):
            if isinstance(answer, Refusal) and answer.code not in _OF_ADDRESS:
                raise Problem(
                    "runtime.refused_by_cpu",
                    f"The CPU refuses to list what is below '{parent.path if parent else ''}': {answer.message} ({answer.code}).",
                )
            fresh[key] = list(_nodes(parent, answer))
        with self._lock:
            self._below |= {key: (now, each) for key, each in fresh.items()}
            self._nodes |= {fold(node.path): (now, node) for each in fresh.values() for node in each}
        return [
            each.elements() if each is not None and each.dimensions else fresh[key] if key in fresh else known[key][1]
            for key, each in zip(keys, parents, strict=True)
        ]

    def levels(self, path: str, depth: int) -> list[Node]:
        """Return the nodes below a path, so many levels of them, each before those below it.

        Raises:
            Problem: There is no such path, there are too many tags, or the CPU cannot be reached.
        """
        top: list[Node | None] = [None if not path else self.one("", path)]
        below: dict[str, list[Node]] = {}
        level, count = top, 0
        for _ in range(depth):
            lists = self._below_of(level)
            for parent, nodes in zip(level, lists, strict=True):
                below["" if parent is None else parent.path] = nodes
            level = [node for nodes in lists for node in nodes if node.has_children or node.dimensions]
            count += sum(len(nodes) for nodes in lists)
            if count > MOST_TAGS:
                msg = f"The CPU has more than {MOST_TAGS} tags: browse below a path."
                raise Problem("runtime.too_many", msg, kind=Kind.TOO_LARGE).beyond(MOST_TAGS, count)
            if not level:
                break
        return list(_in_order(below, "" if top[0] is None else top[0].path))

    def _known(self, path: str) -> Node | None:
        with self._lock:
            found = self._nodes.get(fold(path))
        return found[1] if found is not None and self._clock() - found[0] < LASTING else None

    def _ask(self, wanted: dict[str, tuple[tuple[Step, ...], tuple[int, ...]]]) -> dict[str, Node | Refusal]:
        """Ask for what is not known: for an element of an array, the array."""
        arrays = {to_address(steps): steps for steps, _ in wanted.values()}
        answers = self._client.read([Call("PlcProgram.Browse", {"mode": "var", "var": each}) for each in arrays])
        described = dict(zip(arrays, answers, strict=True))
        found: dict[str, Node | Refusal] = {}
        now = self._clock()
        for path, (steps, indexes) in wanted.items():
            answer = described[to_address(steps)]
            node = answer if isinstance(answer, Refusal) else _described(steps, answer)
            if isinstance(node, Node) and indexes:
                node = node.element(indexes) or Refusal(codes.INVALID_INDEX, path)
            found[path] = node
            if isinstance(node, Node):
                with self._lock:
                    if len(self._nodes) > MOST_TAGS:
                        self._nodes.clear()
                    self._nodes[fold(path)] = now, node
        return found


def _described(steps: tuple[Step, ...], answer: Any) -> Node | Refusal:
    """Return the node of a description, with the CPU's spelling of its last name."""
    entry = answer[0] if isinstance(answer, list) and len(answer) == 1 else None
    node = _node(steps[:-1], entry)
    if node is None or not isinstance(steps[-1], str):
        return Refusal(codes.INTERNAL, "the description is not one of a tag")
    if to_path(node.steps).casefold() != to_path(steps).casefold():
        return Refusal(codes.INTERNAL, "the description is one of another tag")
    return node


def _nodes(parent: Node | None, answer: Any) -> Iterator[Node]:
    for entry in answer if isinstance(answer, list) else []:
        node = _node(() if parent is None else parent.steps, entry)
        if node is not None:
            yield node


def _node(above: tuple[Step, ...], entry: Any) -> Node | None:
    """Return the node of an entry of PlcProgram.Browse; None where it cannot be one."""
    if (
        not isinstance(entry, dict)
        or not isinstance(entry.get("name"), str)
        or not isinstance(entry.get("datatype"), str)
    ):
        return None
    name = entry["name"]
    if not name or '"' in name or not name.isprintable():
        return None
    area = _AREAS.get(str(entry.get("area", "")), DATA_BLOCK if above or "db_number" in entry else "")
    length = entry.get("max_length")
    return Node(
        (*above, name),
        spell(entry["datatype"], length if type(length) is int else 0),
        entry.get("has_children") is True or entry["datatype"] == "datablock",
        entry.get("read_only") is True,
        _dimensions(entry.get("array_dimensions")),
        area,
    )


def _dimensions(found: Any) -> tuple[tuple[int, int], ...]:
    size, dimensions = 1, []
    for each in found if isinstance(found, list) else []:
        start, count = (each.get("start_index"), each.get("count")) if isinstance(each, dict) else (None, None)
        if type(start) is not int or type(count) is not int or count < 0:
            return ()
        size *= count
        dimensions.append((start, count))
    return tuple(dimensions) if size <= MOST_TAGS else ()


def _in_order(below: dict[str, list[Node]], path: str) -> Iterator[Node]:
    for node in below.get(path, []):
        yield node
        yield from _in_order(below, node.path)
