"""Orders and circles of uses: calls, data types, dependencies.

A graph is a mapping from each name to the names that it uses; names that are no keys are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Graph = Mapping[str, Iterable[str]]


def used_first(graph: Graph) -> list[str]:
    """Return all names so that each comes after those that it uses; within a circle as they come."""
    order: list[str] = []
    seen: set[str] = set()
    for start in graph:
        _finish(start, graph, seen, order)
    return order


def circles(graph: Graph) -> list[list[str]]:
    """Return the groups of names that reach each other, also a name that uses itself, used ones first."""
    users: dict[str, list[str]] = {name: [] for name in graph}
    for name, used in graph.items():
        for each in used:
            if each in graph:
                users[each].append(name)
    groups: list[list[str]] = []
    seen: set[str] = set()
    for name in reversed(used_first(graph)):
        group: list[str] = []
        _finish(name, users, seen, group)
        if len(group) > 1 or (group and name in graph[name]):
            groups.append(group)
    return groups[::-1]


def _finish(start: str, graph: Graph, seen: set[str], order: list[str]) -> None:
    """Append the new names that a name reaches, each after those that it uses."""
    stack = [(start, False)]
    while stack:
        name, done = stack.pop()
        if done:
            order.append(name)
        elif name not in seen:
            seen.add(name)
            stack.append((name, True))
            stack += [(each, False) for each in graph.get(name, ()) if each in graph and each not in seen]
