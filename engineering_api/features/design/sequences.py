"""How a sequence continues: its ways by the numbers of steps, its simultaneous branches, and its flow of GRAPH."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engineering_api.features.design.model import Sequence
from simatic_xml.graph.flow_reading import DEEPEST
from simatic_xml.limits import most

Names = dict[tuple[int, int], str]
"""Steps, and transitions, of a GRAPH block (S7-GRAPH manual)."""


@dataclass(frozen=True, slots=True)
class Way:
    """A transition with the steps around it, by their numbers.

    Attributes:
        step: The step that it belongs to.
        index: Its place among the ways of that step.
        before: The steps that it leaves; more than one where it ends a simultaneous branch.
        after: The steps that it leads to; more than one where it begins a simultaneous branch.
    """

    step: int
    index: int
    before: frozenset[int]
    after: tuple[int, ...]

    @property
    def pointer(self) -> str:
        """Its place in its module."""
        return f"/steps/{self.step}/next/{self.index}"


def ways(module: Sequence) -> list[Way]:
    """Return the ways of a sequence; names that no step has are left out."""
    places = {step.name.casefold(): number for number, step in enumerate(module.steps)}

    def find_places(names: Iterable[str]) -> tuple[int, ...]:
        return tuple(places[name.casefold()] for name in names if name.casefold() in places)

    return [
        Way(number, index, frozenset({number, *find_places(way.join)}), find_places(way.targets))
        for number, step in enumerate(module.steps)
        for index, way in enumerate(step.next)
    ]


def find_reachable(every: list[Way], start: int) -> set[int]:
    """Return the steps that can become active when one step is; a way that leaves several steps needs all of them."""
    found = {start}
    while more := {step for way in every if way.before <= found for step in way.after} - found:
        found |= more
    return found


def faults(module: Sequence) -> Iterator[tuple[str, str]]:
    """Yield errors in the ways of a sequence whose names are right: pointers within the module, and sentences."""
    found = list(_faults_of_ways(module))
    yield from found
    if not found and _depth(flow(module, {(way.step, way.index): "" for way in ways(module)})) > DEEPEST:
        msg = f"Its alternatives are nested more than {DEEPEST} deep: let more ways lead back, or divide the sequence."
        yield "/steps", msg


def _faults_of_ways(module: Sequence) -> Iterator[tuple[str, str]]:
    every = ways(module)
    allowed = most("graph_steps")
    if len(module.steps) > allowed or len(every) > allowed:
        msg = f"A GRAPH block has at most {allowed} steps and {allowed} transitions: divide the sequence."
        yield "/steps", msg
        return
    yield from _step_faults(module, every)
    for number in sorted(set(range(len(module.steps))) - find_reachable(every, 0)):
        yield f"/steps/{number}", f"Nothing leads to '{module.steps[number].name}' from the first step."
    splits = [way for way in every if len(way.after) > 1]
    wrong = [fault for way in splits for fault in _branch_faults(module, every, way)]
    yield from wrong
    closed: set[Way] = set() if wrong else {_find_closing(every, way) for way in splits}
    for way in every:
        if len(way.before) > 1 and way not in closed and not wrong:
            msg = f"'{module.steps[way.step].name}' and what it joins are not the ends of one simultaneous branch."
            yield (
                f"{way.pointer}/join",
                f"{msg} That begins with one way to several steps, and each of its paths ends in one.",
            )


def flow(module: Sequence, names: Names) -> list[object]:
    """Return the flow of a sequence without faults, in the JSON form of GRAPH.

    Each step is drawn once, behind the first way that leads to it; all others jump.

    Args:
        module: The sequence.
        names: The names of its transitions by the numbers of step and way.
    """
    return _Drawing(module, names).series(0)


class _Drawing:
    """Draws one sequence."""

    def __init__(self, module: Sequence, names: Names) -> None:
        self._module, self._names, self._ways = module, names, ways(module)
        self._ends = {step for way in self._ways if len(way.before) > 1 for step in way.before}
        self._drawn: set[int] = set()

    def series(self, number: int, *, inside: bool = False) -> list[object]:
        """Return a step and what follows it; the first way on stays on this level where it can.

        Args:
            number: The step.
            inside: Whether this is the path of a simultaneous branch, which ends with its last step.
        """
        items: list[object] = [self._reach(number)]
        going: int | None = number
        while going is not None and going not in self._ends:
            heads = [self._head(way) for way in self._ways if way.step == going]
            level = not inside or len(heads) == 1
            ahead = [index for index, (_, target) in enumerate(heads) if level and target not in self._drawn]
            going = heads[ahead[0]][1] if ahead else None
            main = [] if going is None else [self._reach(going)]
            paths = [
                head + (main if index in ahead[:1] else self._onward(target, inside=inside))
                for index, (head, target) in enumerate(heads)
            ]
            items += paths[0] if len(paths) == 1 else [{"alternative": paths}]
        return items

    def _reach(self, number: int) -> str:
        """Return the name of a step that has its place now."""
        self._drawn.add(number)
        return self._module.steps[number].name

    def _onward(self, target: int, *, inside: bool) -> list[object]:
        return (
            [{"jump": self._module.steps[target].name}] if target in self._drawn else self.series(target, inside=inside)
        )

    def _head(self, way: Way) -> tuple[list[object], int]:
        """Return a way up to the step that it leads to in the end, with the simultaneous branches that it begins."""
        items: list[object] = [self._names[way.step, way.index]]
        while len(way.after) > 1:
            items.append({"simultaneous": [self.series(each, inside=True) for each in way.after]})
            way = _find_closing(self._ways, way)
            items.append(self._names[way.step, way.index])
        return items, way.after[0]


def _depth(item: object) -> int:
    """Return how deep branches are nested."""
    if isinstance(item, dict):
        return 1 + max(
            (_depth(path) for paths in item.values() if isinstance(paths, list) for path in paths), default=-1
        )
    return max(map(_depth, item), default=0) if isinstance(item, list) else 0


def _find_closing(every: list[Way], split: Way) -> Way:
    """Return the way that ends a simultaneous branch without faults."""
    [way] = _find_leaving(every, find_reachable(every, split.after[0]))
    return way


def _find_leaving(every: list[Way], path: set[int]) -> list[Way]:
    """Return the ways that leave a path together with others."""
    return [way for way in every if way.before & path and not way.before <= path]


def _step_faults(module: Sequence, every: list[Way]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with steps: each has its own ways, or is left by one of another step."""
    for number, step in enumerate(module.steps):
        own = [way for way in every if way.step == number]
        by_others = [way for way in every if number in way.before and way.step != number]
        if not own and not by_others:
            msg = (
                f"Nothing leads on from '{step.name}': give it `next`, or name it in the `join` of another step's way."
            )
            yield f"/steps/{number}", msg
        joins = any(len(way.before) > 1 for way in own)
        if (by_others and own) or len(by_others) > 1 or (joins and len(own) > 1):
            msg = f"'{step.name}' is left by a way that joins steps, so it has no other: lead on to a separate step first."
            yield f"/steps/{number}", msg
    for way in every:
        given = [name.casefold() for name in module.steps[way.step].next[way.index].join]
        if len(way.before) <= len(given):
            yield f"{way.pointer}/join", "A way joins other steps than its own, each once."
        if len(set(way.after)) < len(way.after):
            yield f"{way.pointer}/to", "A simultaneous branch leads to different steps."


def _branch_faults(module: Sequence, every: list[Way], split: Way) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with branches: nothing else leads to paths of a simultaneous one, and they end together."""
    at = f"{split.pointer}/to"
    names = [module.steps[start].name for start in split.after]
    paths = [find_reachable(every, start) for start in split.after]
    shared = [_find_entered(paths, path, {0} | split.before) for path in paths]
    for name, step in zip(names, shared, strict=True):
        if step is not None:
            msg = f"The path that begins with '{name}' continues to '{module.steps[step].name}', which is not only in this path: "
            yield at, f"{msg}one way leaves the last steps of all paths, with `join`."
    if any(step is not None for step in shared):
        return
    for name, path in zip(names, paths, strict=True):
        for way in every:
            if way is not split and not way.before <= path and (entered := path & set(way.after)):
                msg = f"'{module.steps[min(entered)].name}' is in the path of a simultaneous branch that begins with '{name}'"
                yield f"{way.pointer}/to", f"{msg}: only that branch leads there."
    ends = [_find_leaving(every, path) for path in paths]
    if any(each != ends[0] for each in ends) or len(ends[0]) != 1 or len(ends[0][0].before) != len(paths):
        msg = f"The paths that begin with {', '.join(map(repr, names))} do not end together: one way leaves one step of each; "
        yield at, f"{msg}it belongs to one of these steps and names the others in its `join`."


def _find_entered(paths: list[set[int]], path: set[int], outside: set[int]) -> int | None:
    """Return a step that a path leads to although it is outside, or in another path."""
    others: set[int] = set().union(*(other for other in paths if other is not path))
    return min(path & outside, default=min(path & others, default=None))
