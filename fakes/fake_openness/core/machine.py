"""The simulated computer: its clock, its portal processes, its installed TIA version.

Tests make their own machine, so that nothing is shared between them. The
hooks for latency, call counts and faults are here because every access to any
object of the model calls `on_access`.
"""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Protocol, TypeVar

from fake_openness.core.versions import TiaVersion
from fake_plcsim.runtime import Runtime

T = TypeVar("T")
Hook = Callable[[str, str], None]


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Process(Protocol):
    """A running portal, as far as it matters to what is open in it."""

    @property
    def exclusive(self) -> object | None:
        """The exclusive access of a client, or None."""

    @property
    def machine(self) -> Machine:
        """The computer that it runs on."""

    @property
    def has_windows(self) -> bool:
        """Whether it was started with a user interface."""

    def refuse_in_transaction(self, action: str) -> None:
        """Refuse what no transaction of the portal allows.

        Raises:
            EngineeringTargetInvocationException: One is open, on any project or library.
        """

    def end(self) -> None:
        """End the process: unsaved work is lost, every handle dies."""


@dataclass(slots=True, eq=False)
class Machine:
    """One computer with one TIA Portal version.

    Attributes:
        version: The installed version.
        clock: Gives the time in UTC; tests inject their own.
        user: The user who opens projects; the refusal of a second one shows the name.
        processes: The running portals by process id.
        calls: How often each member was used, when counting is on.
        simulation: Its PLCSIM Advanced: the virtual controllers that a download and an online connection can reach.
        download_prompts: Names of further questions that every download asks, for tests.
        settings: The user's settings of TIA Portal, by folder and name.
        hooks: Called with (type, member) at each access; may sleep or raise.
    """

    version: TiaVersion
    clock: Callable[[], dt.datetime] = _utc_now
    user: str = "engineer"
    name: str = "FAKE-PC"
    processes: dict[int, Process] = field(default_factory=dict)
    calls: Counter[tuple[str, str]] | None = None
    simulation: Runtime = field(default_factory=Runtime)
    download_prompts: list[str] = field(default_factory=list)
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    hooks: list[Hook] = field(default_factory=list)
    _use: threading.local = field(default_factory=threading.local)
    _pids: itertools.count[int] = field(default_factory=lambda: itertools.count(4711))

    def next_pid(self) -> int:
        """Return a new process id."""
        return next(self._pids)

    @property
    def observed(self) -> bool:
        """Whether accesses are counted or watched."""
        return self.calls is not None or bool(self.hooks)

    @contextmanager
    def one_call(self) -> Iterator[None]:
        """Count nothing within the block: it belongs to a counted call."""
        counting, self.calls = self.calls, None
        try:
            yield
        finally:
            self.calls = counting

    def as_one_call(self, work: Callable[..., T]) -> Callable[..., T]:
        """Wrap a member's work so that nothing within it is counted."""

        @wraps(work)
        def call_uncounted(*args: Any, **kwargs: Any) -> T:
            with self.one_call():
                return work(*args, **kwargs)

        return call_uncounted

    def on_access(self, kind: str, member: str, *, by_method: bool) -> None:
        """Count an access and let the hooks see it."""
        if self.calls is not None:
            self.calls[kind, member] += 1
        if not self.hooks:
            return
        self._use.holds_lock = not by_method and not getattr(self._use, "in_method", False)
        try:
            for hook in self.hooks:
                hook(kind, member)
        finally:
            self._use.holds_lock = False

    @property
    def holds_python_lock(self) -> bool:
        """Whether this thread uses a property or goes through a collection: pythonnet holds Python's lock then.

        Facts: docs/facts/pythonnet.md#threads.
        """
        return getattr(self._use, "holds_lock", False)

    def as_method(self, work: Callable[..., T]) -> Callable[..., T]:
        """Wrap a method so that Python's lock is free while it runs, also where it uses properties."""

        @wraps(work)
        def call(*args: Any, **kwargs: Any) -> T:
            outer = getattr(self._use, "in_method", False)
            self._use.in_method = True
            try:
                return work(*args, **kwargs)
            finally:
                self._use.in_method = outer

        return call
