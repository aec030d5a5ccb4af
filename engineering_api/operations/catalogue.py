"""The catalogue: all operations and endpoints, found by name, route or function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from engineering_api.operations.declaration import Endpoint, Operation, Section, name_of
from engineering_api.operations.terms import shape


class Catalogue:
    """All operations, found by name or by route, and all endpoints."""

    def __init__(self, sections: tuple[Section, ...]) -> None:
        """Join the sections.

        Raises:
            ValueError: Two operations or endpoints share a name, a tool or a route.
        """
        self.operations = tuple(op for section in sections for op in section.operations)
        self.endpoints = tuple(each for section in sections for each in section.endpoints)
        names: dict[str, Operation | Endpoint] = {}
        tools: dict[str, Operation | Endpoint] = {}
        routes: dict[tuple[str, str], Operation | Endpoint] = {}
        for op in self.operations:
            _claim(names, op.name, op)
            if op.tool:
                _claim(tools, op.tool, op)
            for route in op.routes:
                _claim(routes, (route.method, shape(route.path)), op)
        for endpoint in self.endpoints:
            _claim(names, endpoint.name, endpoint)
            for route in endpoint.routes:
                _claim(routes, (route.method, shape(route.path)), endpoint)
        self._by_name = {op.name: op for op in self.operations}

    def __iter__(self) -> Iterator[Operation]:
        """Go through all operations in their order."""
        return iter(self.operations)

    def named(self, name: str) -> Operation | None:
        """Return the operation of that name."""
        return self._by_name.get(name)

    def of(self, function: Callable[..., Any]) -> Operation:
        """Return the operation that a function is declared to be.

        Raises:
            KeyError: It is none of this catalogue.
        """
        return self._by_name[name_of(function)]

    def at(self, route: str) -> list[Operation]:
        """Return the operations at a route, given as "METHOD /path", "/path" or a name."""
        text = route.strip()
        method, _, path = text.rpartition(" ")
        wanted = shape(path.strip())
        return [
            op
            for op in self.operations
            if op.name == text
            or any(shape(r.path) == wanted and method.strip().upper() in {"", r.method} for r in op.routes)
        ]


def _claim(index: dict[Any, Operation | Endpoint], key: Any, declared: Operation | Endpoint) -> None:
    if key in index:
        msg = f"{key} is claimed by {index[key].name} and by {declared.name}."
        raise ValueError(msg)
    index[key] = declared
