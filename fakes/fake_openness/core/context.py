"""The shared state of the objects of one project (or of the bare portal).

The context carries the simulated version and machine, notes every change, and
undoes the changes of a transaction in reverse order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from types import MethodType
from typing import Any, TypeVar

from fake_dotnet.errors import ArgumentException
from fake_openness.core.errors import (
    EngineeringException,
    EngineeringTargetInvocationException,
    NonRecoverableException,
)
from fake_openness.core.machine import Machine
from fake_openness.core.objects import Undo
from fake_openness.core.store import Store
from fake_openness.core.versions import TiaVersion

T = TypeVar("T")
_REFUSALS = (EngineeringException, NonRecoverableException, ArgumentException, TypeError)
"""What members raise on purpose: each of them leaves what its own rules say."""


@dataclass(slots=True, eq=False)
class Context:
    """Shared state of one object tree.

    Attributes:
        machine: The simulated computer.
        version: The simulated TIA Portal version.
        store: The project's files; None for the tree of the bare portal.
        modified: Whether there are changes that were not saved.
        revision: Grows with every change and every undone change.
        journal: The undo steps of the open transaction, or None without one.
        call: The undo steps of the call that runs outside a transaction, or None without one.
        online: Names of the devices that are online.
        connections: For devices that went online through a service: whether their CPU still answers.
        portal_ended: Whether the portal process has ended, so that no handle is valid.
    """

    machine: Machine
    version: TiaVersion
    store: Store | None = None
    modified: bool = False
    revision: int = 0
    modified_at: dt.datetime | None = None
    journal: list[Undo] | None = None
    call: list[Undo] | None = None
    online: set[str] = field(default_factory=set)
    connections: dict[str, Callable[[], bool]] = field(default_factory=dict)
    portal_ended: bool = False
    _spoiled: bool = False

    @property
    def files(self) -> Store:
        """The files of the project or library; the tree of the bare portal has none."""
        assert self.store is not None  # noqa: S101 - only the tree of the portal has none
        return self.store

    @property
    def guarded(self) -> bool:
        """Whether a read needs the full gate: something watches, or the portal has ended."""
        return self.portal_ended or bool(self.machine.hooks) or self.machine.calls is not None

    def note_change(self, undo: Undo) -> None:
        """Note one change and how to undo it."""
        self.modified = True
        self.revision += 1
        if self.journal is not None:
            self.journal.append(undo)
        elif self.call is not None:
            self.call.append(undo)

    def now(self) -> dt.datetime:
        """Return the machine's time, in UTC."""
        return self.machine.clock()

    def begin(self) -> None:
        """Start to note undo steps."""
        self.journal, self._spoiled = [], False

    def watch(self, member: Any) -> Any:
        """Wrap a method so that its refusal, caught or not, spoils the open transaction."""
        if not isinstance(member, MethodType):
            return member

        @wraps(member)
        def call_member(*args: Any, **kwargs: Any) -> Any:
            try:
                return member(*_without_casts(args), **kwargs)
            except EngineeringTargetInvocationException:
                self._spoiled = True
                raise

        return call_member

    def run_whole(self, member: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Run a member to its end, or undo what it did: TIA Portal stops no call in its middle, a fake can be stopped."""
        args = _without_casts(args)
        if self.journal is not None or self.call is not None:
            return member(*args, **kwargs)
        steps: list[Undo] = []
        self.call, before = steps, self.modified
        try:
            return member(*args, **kwargs)
        except _REFUSALS:
            raise
        except BaseException:
            for undo in reversed(steps):
                undo()
            self.modified, self.revision = before, self.revision + 1
            raise
        finally:
            self.call = None

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Keep all changes of a block of code, or none when it is refused; an open transaction does that already."""
        if self.journal is not None:
            yield
            return
        before = self.modified
        self.begin()
        try:
            yield
        except BaseException:
            self.roll_back()
            self.modified = before
            raise
        self.commit()

    @property
    def can_commit(self) -> bool:
        """Whether nothing was refused since begin."""
        return not self._spoiled

    def commit(self) -> None:
        """Keep the changes since begin."""
        steps, self.journal = self.journal or [], None
        if self.call is not None:
            self.call += steps

    def roll_back(self) -> None:
        """Undo the changes since begin, last change first."""
        steps, self.journal = self.journal or [], None
        self.revision += 1
        for undo in reversed(steps):
            undo()

    def refuse_in_transaction(self, action: str) -> None:
        """Refuse an action that a transaction does not allow (V19 manual, transactions).

        Raises:
            EngineeringTargetInvocationException: A transaction is open.
        """
        if self.journal is not None:
            msg = f"{action} is not allowed inside a transaction: end the transaction first."
            raise EngineeringTargetInvocationException(msg, code="transaction.not_allowed")

    def require_offline(self, device: str, action: str) -> None:
        """Refuse an action that needs the device offline.

        Raises:
            EngineeringTargetInvocationException: The device is online.
        """
        if self.is_online(device):
            msg = f"{action} needs '{device}' to be offline: go offline first."
            raise EngineeringTargetInvocationException(msg, code="device.online", place={"device": device})

    def is_online(self, device: str) -> bool:
        """Return whether a device is online; a connection whose CPU no longer answers is lost."""
        answers = self.connections.get(device)
        if answers is not None and not answers():
            self.go_offline(device)
        return device in self.online

    def go_online(self, device: str, answers: Callable[[], bool]) -> None:
        """Note that a device is online, and how to see whether it still is."""
        self.online.add(device)
        self.connections[device] = answers

    def go_offline(self, device: str) -> None:
        """Note that a device is offline."""
        self.online.discard(device)
        self.connections.pop(device, None)


def _without_casts(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the arguments of a call, objects in place of the interfaces that they were cast to."""
    return tuple(getattr(each, "__implementation__", each) for each in arguments)
