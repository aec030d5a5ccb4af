"""The flow of a GRAPH sequence as paths: steps and transitions in a row, and branches with the paths inside them.

Every connection has one place: within a path, or as a jump or reference that names where it leads.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import TypeAlias

from simatic_xml.graph.model import Branch, BranchKind, Connection, Node, Sequence

_ENDS: dict[BranchKind, BranchKind] = {"AltBegin": "AltEnd", "SimBegin": "SimEnd"}
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A step or transition."""

    node: Node


@dataclass(frozen=True, slots=True)
class Leave:
    """The end of a path that leads to something drawn elsewhere: a jump, or a branch that belongs to other paths."""

    target: Node


@dataclass(frozen=True, slots=True)
class Enter:
    """The start of a path at a branch that other paths lead to."""

    branch: int


@dataclass(frozen=True, slots=True)
class Stop:
    """The end of a path where the sequence ends."""


@dataclass(slots=True)
class Fork:
    """A branch with its paths.

    Attributes:
        kind: ``AltBegin`` or ``SimBegin``.
        paths: the paths from left to right.
        joined: whether each path leads to the end of the branch.
        join: number of the branch end, None where no path joins another one.
    """

    kind: BranchKind
    paths: list["Path"] = field(default_factory=list)
    joined: list[bool] = field(default_factory=list)
    join: int | None = None


Element: TypeAlias = Place | Leave | Enter | Stop | Fork
Path: TypeAlias = list[Element]


def paths_of(sequence: Sequence) -> list[Path]:
    """Return the paths of a sequence: usually one, which starts at the first step."""
    return _Walk(sequence).run()


class _Walk:
    """Follows the connections of one sequence."""

    def __init__(self, sequence: Sequence) -> None:
        self._nodes = [Node("step", each.number) for each in sequence.steps]
        self._nodes += [Node("transition", each.number) for each in sequence.transitions]
        self._branches = {branch.number: branch for branch in sequence.branches}
        self._leaving: dict[Node, list[Connection]] = {}
        for connection in sequence.connections:
            self._leaving.setdefault(connection.source, []).append(connection)
        self._entered = {connection.target for connection in sequence.connections if not connection.jump}
        self._placed: set[Node] = set()
        self._depth = 0

    def run(self) -> list[Path]:
        """Return paths that have every step, transition and branch."""
        found = [self._start(node) for node in self._nodes if node not in self._entered]
        found += [self._start(node) for node in self._nodes if node not in self._placed]
        for branch in self._branches.values():
            entry = Node("branch", branch.number)
            if entry not in self._placed:
                self._placed.add(entry)
                found.append([Enter(branch.number), *self._whole(self._behind(branch))])
        return found

    def _start(self, node: Node) -> Path:
        self._placed.add(node)
        return [Place(node), *self._whole(self._path(node))]

    def _whole(self, found: tuple[Path, Node | None]) -> Path:
        path, end = found
        return path if end is None else [*path, Leave(end)]

    def _path(self, source: Node) -> tuple[Path, Node | None]:
        """Return what follows a node, and the end of a branch that it leads to."""
        path: Path = []
        while True:
            leaving = self._leaving.get(source, [])
            path += [Leave(each.target) for each in leaving[1:]]
            if not leaving:
                return path, None
            target = leaving[0].target
            if target.kind == "end":
                return [*path, Stop()], None
            if target.kind != "branch":
                if leaving[0].jump or target in self._placed or target not in self._nodes:
                    return [*path, Leave(target)], None
                self._placed.add(target)
                path.append(Place(target))
                source = target
                continue
            branch = self._branches.get(target.number)
            entry = Node("branch", target.number)
            if branch is not None and branch.kind not in _ENDS:
                return path, target
            if branch is None or leaving[0].jump or entry in self._placed:
                return [*path, Leave(target)], None
            if self._depth >= _DEEPEST:
                return [*path, Leave(target)], None
            self._placed.add(entry)
            path.append(fork := self._fork(branch))
            if fork.join is None:
                return path, None
            source = Node("branch", fork.join)

    def _behind(self, branch: Branch) -> tuple[Path, Node | None]:
        """Return a branch that no path leads to, with what follows it; of a branch end only what follows it."""
        if branch.kind not in _ENDS:
            return self._path(Node("branch", branch.number))
        fork = self._fork(branch)
        after, end = ([], None) if fork.join is None else self._path(Node("branch", fork.join))
        return [fork, *after], end

    def _fork(self, branch: Branch) -> Fork:
        self._depth += 1
        fork = Fork(branch.kind)
        ports = sorted({node.port for node in self._leaving if (node.kind, node.number) == ("branch", branch.number)})
        found = [self._path(Node("branch", branch.number, port)) for port in ports]
        self._depth -= 1
        fork.join = self._join(fork.kind, [end for _, end in found if end is not None])
        for path, end in found:
            fork.joined.append(end is not None and end.number == fork.join)
            fork.paths.append(path if fork.joined[-1] or end is None else [*path, Leave(end)])
        if fork.join is not None:
            self._placed.add(Node("branch", fork.join))
        return fork

    def _join(self, kind: BranchKind, ends: list[Node]) -> int | None:
        """Return the branch end that most paths lead to, which is in no other place."""
        counted = Counter(end.number for end in ends if Node("branch", end.number) not in self._placed)
        fitting = {number: times for number, times in counted.items() if self._branches[number].kind == _ENDS[kind]}
        return max(fitting, key=lambda number: fitting[number], default=None)
