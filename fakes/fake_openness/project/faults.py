"""Faults of the real system, by script: what strikes at which use of which member.

A `Faults` watches the gate that every use of a public member passes (core/gate.py), so that a fault can strike at any
call of the bridge without the model knowing. Facts: docs/facts/openness.md,
docs/facts/openness.md#what-a-simulation-has-to-enforce.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from fake_openness.core.errors import (
    EngineeringException,
    EngineeringTargetInvocationException,
    NonRecoverableException,
)
from fake_openness.core.machine import Machine
from fake_openness.project import dialogs
from fake_openness.project.dialogs import (
    ConfirmationChoices,
    ConfirmationEventArgs,
    ConfirmationResult,
    NotificationEventArgs,
)
from fake_openness.project.portal import PortalProcess, TiaPortalMode, running

Strike = Callable[[], None]


@dataclass(slots=True)
class Fault:
    """One line of the script.

    Attributes:
        kind: Simple name of the type that is used; any when empty.
        member: The member that is used.
        strike: What happens: it may raise, sleep or block.
        before: Uses that pass before the first that is struck.
        times: How many uses are struck.
        struck: How many were.
    """

    kind: str
    member: str
    strike: Strike
    before: int = 0
    times: int = 1
    struck: int = 0

    def meets(self, kind: str, member: str) -> bool:
        """Return whether this use is to be struck; counts the use."""
        if member != self.member or (self.kind and kind != self.kind) or self.struck >= self.times:
            return False
        if self.before:
            self.before -= 1
            return False
        self.struck += 1
        return True


class Faults:
    """The script of one simulated computer."""

    def __init__(self, machine: Machine) -> None:
        """Watch a computer; nothing strikes yet."""
        self._machine = machine
        self._script: list[Fault] = []
        machine.hooks.append(self._used)

    def at(self, member: str, strike: Strike, *, of: str = "", before: int = 0, times: int = 1) -> Fault:
        """Let a fault strike at a use of a member. Returns the line, which reports whether it did.

        Args:
            member: Name of the member, such as Import.
            strike: The fault, made by a method below.
            of: Type whose member it is; of any when empty.
            before: How many uses pass first.
            times: How many uses are struck.
        """
        fault = Fault(of, member, strike, before, times)
        self._script.append(fault)
        return fault

    def _used(self, kind: str, member: str) -> None:
        for fault in list(self._script):
            if fault.meets(kind, member):
                fault.strike()

    # -- what can strike ----------------------------------------------------------------

    def crash(self) -> Strike:
        """Return a fault: all portals end, unsaved work is lost, no handle is valid any more."""

        def strike() -> None:
            for process in running(self._machine):
                process.end()
            msg = "The connection to TIA Portal is broken."
            raise NonRecoverableException(msg)

        return strike

    def refusal(
        self, kind: type[EngineeringException] = EngineeringTargetInvocationException, text: str = ""
    ) -> Strike:
        """Return a fault: the call fails with an exception, which spoils an open transaction."""

        def strike() -> None:
            for process in running(self._machine):
                for project in process.projects or ():
                    project._context._spoiled = True
            raise kind(text or "The operation failed.")

        return strike

    def slow(self, seconds: float) -> Strike:
        """Return a fault: the call takes long."""
        return lambda: time.sleep(seconds)

    def hang(self) -> Hang:
        """Return a fault: the call does not return until released."""
        return Hang()

    def question(self, text: str, *buttons: str, person: Hang | None = None) -> Strike:
        """Return a fault: a modal question. With a screen, a person presses the last button when released.

        Args:
            text: What is asked.
            buttons: Names of ConfirmationChoices.
            person: The person at the screen; without one the portal refuses a question that no handler answered.
        """
        choices = ConfirmationChoices(sum(ConfirmationChoices[name].value for name in buttons))

        def by_person() -> ConfirmationResult:
            assert person is not None  # noqa: S101 - only called with one
            person()
            return ConfirmationResult[buttons[-1]]

        def strike() -> None:
            process = self._process()
            seen = person is not None and process.mode is TiaPortalMode.WithUserInterface
            question = ConfirmationEventArgs("TIA Portal", text, choices)
            dialogs.ask(process, question, by_person if seen else None)

        return strike

    def notice(self, text: str) -> Strike:
        """Return a fault: a notice comes up; the call continues."""
        return lambda: dialogs.notify(self._process(), NotificationEventArgs("TIA Portal", text))

    def _process(self) -> PortalProcess:
        return running(self._machine)[-1]


class Hang:
    """A call that does not return until it is released."""

    def __init__(self) -> None:
        """Hang from the first call on."""
        self._entered, self._released = threading.Event(), threading.Event()

    def __call__(self) -> None:
        """Hang."""
        self._entered.set()
        self._released.wait()

    def wait_until_reached(self, seconds: float = 10.0) -> bool:
        """Wait until a call hangs; return whether one does."""
        return self._entered.wait(seconds)

    def release(self) -> None:
        """Let the call return."""
        self._released.set()
