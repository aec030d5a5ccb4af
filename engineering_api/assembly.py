"""Makes the parts of a service from a table, starts them in its order and stops them in reverse."""

from __future__ import annotations

import inspect
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """One row of the table. Each parameter without a default names, by its type, another part that the function needs.

    Attributes:
        make: Makes the part: its class, or a function.
        start: Begins its work: a method of the part, or a function whose first argument it is. It may be a coroutine, as `stop` may.
        stop: Ends its work, in the same form.
    """

    make: Callable[..., object]
    start: Callable[..., object] | None = None
    stop: Callable[..., object] | None = None


class Parts:
    """The parts of one service, each found by its type."""

    def __init__(self, table: Mapping[type, Part], given: Mapping[type, object]) -> None:
        """Make the parts of a table, each after those that it needs.

        Args:
            table: The parts by type, in the order in which they start.
            given: What is there already. The parts themselves may also be needed.

        Raises:
            LookupError: Something is needed that nothing makes. Then nothing is made.
            ValueError: Parts need each other. Then nothing is made.
        """
        self._table, self._made = table, {**given, Parts: self}
        order: dict[type, dict[str, type]] = {}
        for kind, part in table.items():
            self._plan(kind, order, ())
            for function in filter(None, (part.start, part.stop)):
                for need in _needs(function, 1).values():
                    self._plan(need, order, (kind,))
        for kind, needs in order.items():
            self._made[kind] = table[kind].make(**{name: self._made[need] for name, need in needs.items()})

    def find(self, kind: type[T]) -> T:
        """Return the part of a type.

        Raises:
            LookupError: There is none.
        """
        found = self._made.get(kind)
        if not isinstance(found, kind):
            msg = f"The service has no part {kind.__name__}."
            raise LookupError(msg)
        return found

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Start all parts, and stop them at the end; if one cannot start, stop those before it and raise its error."""
        async with AsyncExitStack() as started:
            for kind, part in self._table.items():
                if part.start is not None:
                    await self._call(part.start, kind)
                if part.stop is not None:
                    started.push_async_callback(self._stop, part.stop, kind)
            yield

    async def _stop(self, stop: Callable[..., object], kind: type) -> None:
        try:
            await self._call(stop, kind)
        except Exception:
            log.exception("The part %s did not stop properly", kind.__name__)

    async def _call(self, function: Callable[..., Any], kind: type) -> None:
        part, name = self._made[kind], getattr(function, "__name__", "")
        is_method = getattr(kind, name, None) is function  # the part may be of a subclass that replaces it
        call = getattr(part, name) if is_method else partial(function, part)
        done = call(**{each: self._made[need] for each, need in _needs(function, 1).items()})
        if inspect.isawaitable(done):
            await done

    def _plan(self, kind: type, order: dict[type, dict[str, type]], within: tuple[type, ...]) -> None:
        """Add a part to the order, after those that it needs; `within` are the parts that need it."""
        if kind in self._made or kind in order:
            return
        if kind in within:
            msg = f"The part {kind.__name__} needs itself: {' → '.join(each.__name__ for each in (*within, kind))}."
            raise ValueError(msg)
        if kind not in self._table:
            msg = f"The part {within[-1].__name__} needs {kind.__name__}, which nothing in the table makes."
            raise LookupError(msg)
        needs = _needs(self._table[kind].make)
        for need in needs.values():
            self._plan(need, order, (*within, kind))
        order[kind] = needs


def _needs(function: Callable[..., object], first: int = 0) -> dict[str, type]:
    """Return the types of a function's parameters by name: from the first on, without those that have a default."""
    parameters = list(inspect.signature(function, eval_str=True).parameters.values())[first:]
    return {each.name: each.annotation for each in parameters if each.default is each.empty}
