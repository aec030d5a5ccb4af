"""A session: one attached portal, its thread, and the facts that the service keeps of it.

A portal that dies, or does not answer for `patience`, is lost: its waiting calls fail with the reason, and no caller
can use the session any more.

A method of a .NET object lets other threads of Python run while it waits, the getter of a property does not: one that
never returns stops the whole service, its watchdog included. GetAttribute reads the same value and is a method. The
stand-in's getters are Python, so that a test cannot show the difference.
Facts: docs/facts/openness.md#portal-and-process, docs/facts/pythonnet.md#threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from openness_bridge.errors import Detail, Kind, Problem, from_openness
from openness_bridge.model import Model
from openness_bridge.portal.apartment import HOLDING, WAITED_FOR, Apartment, Done
from openness_bridge.portal.dialogs import Dialogs
from openness_bridge.portal.own_projects import OwnProjects
from openness_bridge.values import moment

T = TypeVar("T")


class Session:
    """One attached portal. Everything that touches it goes through `post` or `call`.

    Attributes:
        lookup_cache: Devices by name, kept by lookup.py.
        notes: Facts that the service keeps of the open project, such as its index; cleared with the project.
        trying: Whether a change is only tried: `preview` has a transaction open, which will be rolled back.
        changing: Whether a transaction is open; one inside it is a part of it.
        dialogs: The dialogs of TIA Portal meanwhile.
        opened: Files of the projects that this service opened; other programs opened the others.
        is_alone: Whether nobody else changes its projects, as far as that is known: this service started it, without user
            interface.
        when_lost: Called once the session is lost, before any caller learns it: it gets no more requests.
    """

    def __init__(
        self,
        model: Model,
        open_portal: Callable[[], Any],
        name: str,
        patience: float = 0,
        own_projects: OwnProjects | None = None,
    ) -> None:
        """Start the session's thread and open the portal on it.

        Args:
            model: The object model.
            open_portal: Starts or attaches; on the session's thread.
            name: Of the thread.
            patience: Seconds that opening may take; 0 for any time.
            own_projects: The projects that this service opened in any portal, now or before its restart.

        Raises:
            Problem: The portal cannot be started or attached, or does not answer.
        """
        self.model = model
        self.apartment = Apartment(name)
        self.dialogs = Dialogs(lambda: self.apartment.busy > 0)
        self.lookup_cache: dict[str, Any] = {}
        self.notes: dict[str, Any] = {}
        self.trying = False
        self.changing = False
        self.is_alone = False
        self.when_lost: Callable[[], None] = _ignore_loss
        self._own_projects = own_projects or OwnProjects(None)
        self.process_id = 0
        opening = self.apartment.submit(lambda: run_translated(lambda: self._open(open_portal)))
        try:
            opening.result(patience or None)
        except TimeoutError:
            problem = hangs(patience, "It may be asking its user to grant access.")
            self.apartment.give_up(problem)
            raise problem from None
        except BaseException:
            self.apartment.stop()
            raise

    def _open(self, open_portal: Callable[[], Any]) -> None:
        self.portal = open_portal()
        process = self.portal.GetCurrentProcess()
        self.process_id = int(process.Id)
        self.opened = self._own_projects.of(self.process_id, moment(process.AcquisitionTime) or "")
        self.dialogs.listen(self.portal)

    def post(self, call: Callable[[], Any], done: Done, rank: int = WAITED_FOR) -> None:
        """Queue a call on the portal's thread; `done` gets its result, or the portal's refusal as a Problem."""
        self.apartment.post(lambda: self._run_with_dialogs(call), done, rank)

    def call(self, call: Callable[[], T]) -> T:
        """Run a call on the portal's thread and wait for it."""
        return self.apartment.call(lambda: self._run_with_dialogs(call))

    def call_within(self, seconds: float, call: Callable[[], T]) -> T:
        """Run a call on the portal's thread, and wait for it only a limited time; from the thread itself, run it directly.

        Raises:
            Problem: The portal is busy with something else (portal.busy); the call is not made, or its answer dropped.
        """
        if self.apartment.is_here:
            return self._run_with_dialogs(call)
        future = self.apartment.submit(lambda: self._run_with_dialogs(call))
        try:
            return future.result(seconds)
        except TimeoutError:
            future.cancel()
            msg = (
                f"TIA Portal is busy: the call that runs there began {self.apartment.busy:.0f} s ago. Ask again later."
            )
            raise Problem("portal.busy", msg, kind=Kind.UNAVAILABLE) from None

    def call_last(self, patience: float, seconds: float, call: Callable[[], object]) -> None:
        """Run a call on the portal's thread before all that waits, if its present call ends soon; with any result.

        Args:
            patience: Seconds that this may take.
            seconds: Seconds that the call itself may take.
            call: The call.
        """
        begun = threading.Event()

        def run() -> None:
            begun.set()
            self._run_with_dialogs(call)

        future = self.apartment.submit(run, HOLDING)
        if begun.wait(max(0.0, patience)) or not future.cancel():
            with suppress(Exception):
                future.result(seconds)

    @property
    def lost(self) -> bool:
        """Whether the portal died, or was given up."""
        return self.apartment.given_up is not None

    def lose(self, problem: Problem) -> None:
        """Fail the running and waiting calls; no caller can use the session any more."""
        self.when_lost()
        self.apartment.give_up(problem)

    def require_attached(self) -> None:
        """Stop when the session was given up while its thread hung: no caller waits for this work any more.

        Raises:
            Problem: It was.
        """
        if self.apartment.given_up is not None:
            raise self.apartment.given_up

    def forget(self) -> None:
        """Drop the facts kept of the project: another one is open now, or none."""
        self.lookup_cache.clear()
        self.notes.clear()

    @property
    def project(self) -> Any:
        """The open primary project. On the portal's thread only.

        Raises:
            Problem: No project is open.
        """
        for project in self.portal.Projects:
            if project.IsPrimary:
                return project
        raise Problem("project.none", "No project is open: open or create one first.", kind=Kind.CONFLICT)

    def _run_with_dialogs(self, call: Callable[[], T]) -> T:
        """Run a call; a refusal names the dialogs that came up meanwhile; the portal's end ends the session."""
        before = self.dialogs.total
        try:
            return run_translated(call)
        except Problem as problem:
            if self.lost:
                raise
            for dialog in self.dialogs.since(before):
                answered = f"answered {dialog.answer}" if dialog.answer else "not answered"
                problem.details.append(Detail("tia.dialog", f"{dialog.caption}: {dialog.text} ({answered})"))
            if problem.code == "tia.portal_lost":
                problem.message = f"{LOST} TIA Portal said: {problem.message}"
                self.lose(problem)
            raise


LOST = (
    "TIA Portal has ended, and unsaved changes are lost. Launch it or attach to one again "
    "(a service that starts its own does so with the next request), then open the project."
)


def hangs(seconds: float, why: str) -> Problem:
    """Return the problem of a portal that has not answered for this time."""
    msg = (
        f"TIA Portal has not answered for {seconds:.0f} s, and this service waits no longer. {why} The operation "
        "may still take effect. Check TIA Portal on the screen, then attach to it again or launch another."
    )
    return Problem("tia.hangs", msg, kind=Kind.TIMED_OUT)


def run_translated(call: Callable[[], T]) -> T:
    """Run a call; a refusal of TIA Portal becomes a Problem."""
    try:
        return call()
    except Problem:
        raise
    except Exception as error:
        problem = from_openness(error)
        if problem is None:
            raise
        raise problem from error


def is_own(session: Session, project: Any) -> bool:
    """Return whether this service opened a project, so that it may close it. On the portal's thread."""
    return str(project.Path.FullName) in session.opened


def _ignore_loss() -> None:
    """Ignore the loss."""
