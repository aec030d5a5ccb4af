"""Lists, launches, attaches, leaves and shuts down portals; one session and one thread for each.

Facts: docs/facts/openness.md#portal-and-process. A headless portal ends when its last client leaves, and ending loses
unsaved work without a question: the service refuses both without an explicit request. It forgets a portal that dies, or
does not answer for `patience`, with a reason, and continues without it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import msgspec

from openness_bridge.errors import Kind, Problem
from openness_bridge.model import Model
from openness_bridge.portal.apartment import Apartment
from openness_bridge.portal.own_projects import OwnProjects
from openness_bridge.portal.rescue import rescue
from openness_bridge.portal.session import Session, hangs, is_own, run_translated
from openness_bridge.values import enum, enum_name, moment

__all__ = ["AttachedClient", "Instance", "Portals", "Session", "is_own"]

LOSSES = 10
"""How many lost portals the service remembers."""
LEAVING = 60.0
"""Seconds that leaving a portal may take when this service ends, with a copy of unsaved work."""


class AttachedClient(msgspec.Struct, rename="camel", frozen=True):
    """A client that is attached to a portal."""

    id: int
    process_path: str
    attached_at: str | None
    is_active: bool
    version: str


@dataclass(frozen=True, slots=True)
class Loss:
    """A portal that died or was given up.

    Attributes:
        at: Unix time.
        apartment: Its thread, which has the reason.
    """

    process_id: int
    at: float
    apartment: Apartment


PortalMode = Annotated[Literal["WithoutUserInterface", "WithUserInterface"], msgspec.Meta(title="PortalMode")]


class Instance(msgspec.Struct, rename="camel", frozen=True):
    """A running TIA Portal process, seen from outside."""

    process_id: int
    mode: PortalMode
    path: str
    project_path: str | None
    started_at: str | None
    products: list[str]
    clients: list[AttachedClient]
    is_attached: bool = False
    is_current: bool = False


class Portals:
    """The portals of this machine, and the one that requests use.

    Attributes:
        launch_when_needed: Whether a portal without user interface is started when one is needed and none is attached.
        losses: The latest portals that died or were given up.
        is_leaving: Whether the service leaves one now, with a copy of unsaved work, which takes time.
    """

    def __init__(
        self,
        model: Model,
        *,
        launch_when_needed: bool,
        patience: float = 0,
        rescued: Path | None = None,
        own_projects: OwnProjects | None = None,
    ) -> None:
        """Keep the object model; start nothing yet.

        Args:
            model: The object model.
            launch_when_needed: As the attribute.
            patience: Seconds after which a call that does not return is given up; 0 for never.
            rescued: Folder for copies of unsaved work in portals that end with this service; without one it is lost.
            own_projects: The projects that this service opened before its restart; none without them.
        """
        self._own_projects = own_projects or OwnProjects(None)
        self.model = model
        self._rescued = rescued
        self.launch_when_needed = launch_when_needed
        self._patience = patience
        self._sessions: dict[int, Session] = {}
        self._current: int | None = None
        self._guard = threading.RLock()
        self._starting = threading.RLock()
        self._watchdog: threading.Thread | None = None
        self._closed = threading.Event()
        self.losses: deque[Loss] = deque(maxlen=LOSSES)
        self.is_leaving = False

    @property
    def current(self) -> Session | None:
        """The session that requests use, if there is one."""
        with self._guard:
            return self._sessions.get(self._current) if self._current is not None else None

    def find_session(self, process_id: int) -> Session | None:
        """Return the session of a portal, if this service is attached to it."""
        return self._sessions.get(process_id)

    @property
    def sessions(self) -> list[Session]:
        """All attached portals."""
        return list(self._sessions.values())

    def session(self, process_id: int | None = None) -> Session:
        """Return the session of a portal, or the current one, launched when that is allowed.

        Raises:
            Problem: None is attached, or the named one is not.
        """
        if process_id is not None:
            with self._guard:
                if process_id not in self._sessions:
                    msg = f"This server is not attached to a TIA Portal process {process_id}: attach first."
                    raise Problem("portal.not_attached", msg, kind=Kind.CONFLICT)
                return self._sessions[process_id]
        found = self.current
        if found is None and self.launch_when_needed:
            with self._starting:  # a caller that waited here for another's launch uses that one
                found = self.current or self.launch(with_ui=False)
        if found is None:
            msg = "TIA Portal is not connected: launch one or attach to a running one first."
            raise Problem("portal.none", msg, kind=Kind.CONFLICT)
        return found

    def instances(self) -> list[Instance]:
        """Return the running portal processes."""
        return [
            self._describe(process) for process in run_translated(lambda: list(self.model.TiaPortal.GetProcesses()))
        ]

    def launch(self, *, with_ui: bool) -> Session:
        """Start a portal and make it the current one. A real one takes 30 to 120 seconds.

        Raises:
            Problem: It cannot be started, or does not answer.
        """
        mode = enum(self.model, "TiaPortalMode", "WithUserInterface" if with_ui else "WithoutUserInterface")
        with self._starting:
            session = self._enter(lambda: self.model.TiaPortal(mode), "portal")
            session.is_alone = not with_ui
            return session

    def attach(self, process_id: int) -> Session:
        """Attach to a running portal and make it the current one.

        Raises:
            Problem: There is no such process, or it refuses or does not answer.
        """
        with self._starting:
            with self._guard:
                if process_id in self._sessions:
                    self._current = process_id
                    return self._sessions[process_id]
            if process_id not in {instance.process_id for instance in self.instances()}:
                msg = f"There is no TIA Portal process {process_id}: GET /api/instances lists the running ones."
                raise Problem("portal.not_found", msg, kind=Kind.MISSING)
            process = self.model.TiaPortal.GetProcess(process_id)
            return self._enter(process.Attach, f"portal-{process_id}")

    def detach(self, process_id: int | None = None, *, force: bool = False) -> int:
        """Leave a portal without closing it or its projects. Returns its process id.

        Raises:
            Problem: Leaving would end a headless portal with unsaved work or another program's project, and force is not
                set.
        """
        session = self._require_session(process_id)
        if not force and session.call(lambda: _ends_without(session)):
            self._require_disposable(session, "Leaving it would end it, because it runs without user interface")
        session.call(lambda: session.portal.Dispose())
        session.opened.clear()
        return self._leave(session)

    def shut_down(self, process_id: int | None = None, *, force: bool = False) -> int:
        """End a portal's process, with force even one that does not answer. Returns its process id.

        Raises:
            Problem: A project has unsaved changes or was opened by another program, and force is not set.
        """
        session = self._require_session(process_id)
        if not force:
            self._require_disposable(session, "Shutting it down would close it")
        run_translated(lambda: self.model.TiaPortal.GetProcess(session.process_id).Dispose())
        process_id = self._leave(session)
        session.lose(Problem("tia.portal_lost", "This TIA Portal was closed meanwhile.", kind=Kind.UNAVAILABLE))
        return process_id

    def require_saved(self) -> None:
        """Refuse to end while portals would end with it that have unsaved work: those without user interface.

        Raises:
            Problem: A project has changes that are not saved.
        """
        for session in list(self._sessions.values()):
            if session.call(partial(_ends_without, session)):
                self._require_saved(session, "Ending this server would lose them")

    def rescue(self) -> list[Path]:
        """Save copies of unsaved work in the portals that would end with this service. Returns their folders.

        Raises:
            Problem: A copy could not be saved, so a project still has changes that are not saved.
        """
        copies: list[Path] = []
        for session in list(self._sessions.values()):
            if self._rescued is not None and session.call(partial(_ends_without, session)):
                copies += session.call(partial(rescue, self.model, session.portal, self._rescued))
        self.require_saved()
        return copies

    def close(self, patience: float = LEAVING) -> None:
        """Leave all portals and end their threads; portals with a user interface, and those that hang, keep running.

        A copy keeps the unsaved work of each that ends (rescue.py).

        Args:
            patience: Seconds that a portal may take to end its call.
        """
        self._closed.set()
        deadline = time.monotonic() + patience
        for session in list(self._sessions.values()):
            session.call_last(deadline - time.monotonic(), LEAVING, partial(self._release, session))
            session.apartment.stop()
        self._sessions.clear()
        self._current = None

    def _release(self, session: Session) -> None:
        """Leave a portal for good. On its thread."""
        self.is_leaving = True
        try:
            if self._rescued is not None and _ends_without(session):
                rescue(self.model, session.portal, self._rescued)
            session.portal.Dispose()
        finally:
            self.is_leaving = False

    def _require_session(self, process_id: int | None) -> Session:
        with self._guard:
            wanted = self._current if process_id is None else process_id
            if wanted is None or wanted not in self._sessions:
                raise Problem(
                    "portal.none", "TIA Portal is not connected: there is no portal to detach from.", kind=Kind.CONFLICT
                )
            return self._sessions[wanted]

    def _require_disposable(self, session: Session, why: str) -> None:
        """Refuse to end a portal that holds unsaved work, or a project that this service did not open."""
        self._require_saved(session, why)
        foreign = session.call(lambda: [str(p.Name) for p in session.portal.Projects if not is_own(session, p)])
        if foreign:
            msg = f"This service did not open '{foreign[0]}'. {why}: set force to do it anyway."
            raise Problem("project.not_own", msg, kind=Kind.CONFLICT)

    def _require_saved(self, session: Session, why: str) -> None:
        portal = session.portal
        unsaved = session.call(
            lambda: [str(p.Name) for p in (*portal.Projects, *portal.GlobalLibraries) if p.IsModified]
        )
        if unsaved:
            msg = f"'{unsaved[0]}' has changes that are not saved. {why}: save or close it first, or set force."
            raise Problem("project.not_saved", msg, kind=Kind.CONFLICT)

    def _enter(self, open_portal: Callable[[], Any], name: str) -> Session:
        session = Session(self.model, open_portal, name, self._patience, self._own_projects)
        session.when_lost = partial(self._lose, session)
        with self._guard:
            self._sessions[session.process_id] = session
            self._current = session.process_id
            if self._patience and self._watchdog is None:
                self._watchdog = threading.Thread(target=self._watch, name="watchdog", daemon=True)
                self._watchdog.start()
        return session

    def _leave(self, session: Session) -> int:
        with self._guard:
            was_current = self._current == session.process_id
            self._forget(session)
            if was_current:
                self._current = next(iter(self._sessions), None)
        session.apartment.stop()
        return session.process_id

    def _lose(self, session: Session) -> None:
        with self._guard:
            if self._sessions.get(session.process_id) is session:
                self.losses.append(Loss(session.process_id, time.time(), session.apartment))
            self._forget(session)

    def _forget(self, session: Session) -> None:
        """Send no more requests to a portal. They do not go to another by themselves."""
        with self._guard:
            if self._sessions.get(session.process_id) is not session:
                return  # its portal was attached again meanwhile
            del self._sessions[session.process_id]
            if self._current == session.process_id:
                self._current = None

    def _watch(self) -> None:
        """Give up sessions whose call does not return."""
        while not self._closed.wait(min(1.0, self._patience / 4)):
            for session in list(self._sessions.values()):
                if session.apartment.busy > self._patience:
                    session.lose(hangs(self._patience, "A dialog may be open there."))

    def _describe(self, process: Any) -> Instance:
        project = process.ProjectPath
        return Instance(
            process_id=int(process.Id),
            mode=cast("PortalMode", enum_name(process.Mode)),
            path=str(process.Path.FullName),
            project_path=None if project is None else str(project.FullName),
            started_at=moment(process.AcquisitionTime),
            products=[f"{product.Name} {product.Version}" for product in process.InstalledSoftware],
            clients=[_client(session) for session in process.AttachedSessions],
            is_attached=int(process.Id) in self._sessions,
            is_current=int(process.Id) == self._current,
        )


def _ends_without(session: Session) -> bool:
    """Return whether a portal ends when this service leaves: it runs without user interface and has no other client."""
    process = session.portal.GetCurrentProcess()
    return enum_name(process.Mode) == "WithoutUserInterface" and len(list(process.AttachedSessions)) <= 1


def _client(session: Any) -> AttachedClient:
    return AttachedClient(
        id=int(session.Id),
        process_path=str(session.ProcessPath.FullName),
        attached_at=moment(session.AttachTime),
        is_active=bool(session.IsActive),
        version=str(session.Version),
    )
