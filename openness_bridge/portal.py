"""Portals: listed, launched, attached, left and shut down; one session and one thread for each.

Facts: openness-map 2.1. A headless portal ends when its last client leaves, and
ending loses unsaved work without a question: both are refused here unless asked
for in so many words.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

from openness_bridge.apartment import WAITED_FOR, Apartment, Done
from openness_bridge.errors import Problem, from_openness
from openness_bridge.loader import Model
from openness_bridge.values import enum, enum_name, moment

T = TypeVar("T")


class AttachedClient(msgspec.Struct, rename="camel", frozen=True):
    """A client that is attached to a portal."""

    id: int
    process_path: str
    attached_at: str | None
    is_active: bool
    version: str


class Instance(msgspec.Struct, rename="camel", frozen=True):
    """A running TIA Portal process, seen from outside."""

    process_id: int
    mode: str
    path: str
    project_path: str | None
    started_at: str | None
    products: list[str]
    clients: list[AttachedClient]
    is_attached: bool = False
    is_current: bool = False


class Session:
    """One attached portal. Everything that touches it goes through `post` or `call`.

    Attributes:
        lookup_cache: Devices by name, kept by lookup.py.
        notes: What the service remembers of the open project, such as its index; cleared with the project.
        trying: Whether a change is only tried: `preview` has a transaction open, which will be rolled back.
    """

    def __init__(self, model: Model, open_portal: Callable[[], Any], name: str) -> None:
        """Start the session's thread and open the portal on it.

        Raises:
            Problem: The portal cannot be started or attached.
        """
        self.model = model
        self.apartment = Apartment(name)
        self.lookup_cache: dict[str, Any] = {}
        self.notes: dict[str, Any] = {}
        self.trying = False
        try:
            self.portal = self.call(open_portal)
            self.process_id = int(self.call(lambda: self.portal.GetCurrentProcess().Id))
        except BaseException:
            self.apartment.stop()
            raise

    def post(self, call: Callable[[], Any], done: Done, rank: int = WAITED_FOR) -> None:
        """Queue a call on the portal's thread; `done` is told its result, or what the portal refused as a Problem."""
        self.apartment.post(lambda: _translated(call), done, rank)

    def call(self, call: Callable[[], T]) -> T:
        """Run a call on the portal's thread and wait for it."""
        return self.apartment.call(lambda: _translated(call))

    def forget(self) -> None:
        """Drop what is remembered of the project: another one is open now, or none."""
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
        raise Problem("project.none", "There is no project open: open or create one first.", status=409)


def _translated(call: Callable[[], T]) -> T:
    try:
        return call()
    except Problem:
        raise
    except Exception as error:
        problem = from_openness(error)
        if problem is None:
            raise
        raise problem from error


class Portals:
    """The portals of this machine, and the one that requests go to.

    Attributes:
        launch_when_needed: Whether a portal without user interface is started when one is needed and none is attached.
    """

    def __init__(self, model: Model, *, launch_when_needed: bool) -> None:
        """Know the object model; nothing is started yet.

        Args:
            model: The object model.
            launch_when_needed: As the attribute.
        """
        self.model = model
        self.launch_when_needed = launch_when_needed
        self._sessions: dict[int, Session] = {}
        self._current: int | None = None
        self._guard = threading.RLock()

    @property
    def current(self) -> Session | None:
        """The session that requests go to, if there is one."""
        with self._guard:
            return self._sessions.get(self._current) if self._current is not None else None

    def session(self, process_id: int | None = None) -> Session:
        """The session of a portal, or the current one, launched when that is allowed.

        Raises:
            Problem: None is attached, or the named one is not.
        """
        with self._guard:
            if process_id is not None:
                if process_id not in self._sessions:
                    msg = f"This server is not attached to a TIA Portal process {process_id}: attach first."
                    raise Problem("portal.not_attached", msg, status=409)
                return self._sessions[process_id]
            if self._current is not None:
                return self._sessions[self._current]
            if self.launch_when_needed:
                return self.launch(with_ui=False)
        msg = "TIA Portal is not connected: launch one or attach to a running one first."
        raise Problem("portal.none", msg, status=409)

    def instances(self) -> list[Instance]:
        """The running portal processes."""
        return [self._describe(process) for process in _translated(lambda: list(self.model.TiaPortal.GetProcesses()))]

    def launch(self, *, with_ui: bool) -> Session:
        """Start a portal and make it the current one. A real one takes 30 to 120 seconds."""
        mode = enum(self.model, "TiaPortalMode", "WithUserInterface" if with_ui else "WithoutUserInterface")
        with self._guard:
            return self._enter(Session(self.model, lambda: self.model.TiaPortal(mode), "portal"))

    def attach(self, process_id: int) -> Session:
        """Attach to a running portal and make it the current one.

        Raises:
            Problem: There is no such process, or it refuses.
        """
        with self._guard:
            if process_id in self._sessions:
                self._current = process_id
                return self._sessions[process_id]
            if process_id not in {instance.process_id for instance in self.instances()}:
                msg = f"There is no TIA Portal process {process_id}: GET /api/instances lists the running ones."
                raise Problem("portal.not_found", msg, status=404)
            process = self.model.TiaPortal.GetProcess(process_id)
            return self._enter(Session(self.model, process.Attach, f"portal-{process_id}"))

    def detach(self, process_id: int | None = None, *, force: bool = False) -> int:
        """Leave a portal without closing it. Returns its process id.

        Raises:
            Problem: Leaving would end a headless portal with unsaved work, and force is not set.
        """
        session = self._attached(process_id)
        process = session.call(session.portal.GetCurrentProcess)
        last = enum_name(process.Mode) == "WithoutUserInterface" and len(list(process.AttachedSessions)) <= 1
        if last and not force:
            self._require_saved(session, "Leaving it would end it, because it runs without user interface")
        session.call(session.portal.Dispose)
        return self._leave(session)

    def shut_down(self, process_id: int | None = None, *, force: bool = False) -> int:
        """End a portal's process. Returns its process id.

        Raises:
            Problem: A project has changes that are not saved, and force is not set.
        """
        session = self._attached(process_id)
        if not force:
            self._require_saved(session, "Shutting it down would lose them")
        session.call(lambda: session.portal.GetCurrentProcess().Dispose())
        return self._leave(session)

    def require_saved(self) -> None:
        """Refuse to end while portals would end with it that have unsaved work: those without user interface.

        Raises:
            Problem: A project has changes that are not saved.
        """
        for session in list(self._sessions.values()):
            process = session.call(session.portal.GetCurrentProcess)
            if enum_name(process.Mode) == "WithoutUserInterface":
                self._require_saved(session, "Ending this server would lose them")

    def drop(self, process_id: int | None = None) -> None:
        """Forget a portal that died, the current one by default; the next request makes or finds another."""
        with self._guard:
            lost = self._sessions.get(self._current if process_id is None else process_id)  # type: ignore[arg-type]
            if lost is not None:
                self._leave(lost)

    def close(self) -> None:
        """Leave all portals and end their threads; portals with a user interface live on."""
        for session in list(self._sessions.values()):
            with suppress(Problem):
                session.call(session.portal.Dispose)
            session.apartment.stop()
        self._sessions.clear()
        self._current = None

    def _attached(self, process_id: int | None) -> Session:
        with self._guard:
            wanted = self._current if process_id is None else process_id
            if wanted is None or wanted not in self._sessions:
                raise Problem("portal.none", "TIA Portal is not connected: there is nothing to leave.", status=409)
            return self._sessions[wanted]

    def _require_saved(self, session: Session, why: str) -> None:
        portal = session.portal
        unsaved = session.call(
            lambda: [str(p.Name) for p in (*portal.Projects, *portal.GlobalLibraries) if p.IsModified]
        )
        if unsaved:
            msg = f"'{unsaved[0]}' has changes that are not saved. {why}: save or close it first, or set force."
            raise Problem("project.not_saved", msg, status=409)

    def _enter(self, session: Session) -> Session:
        self._sessions[session.process_id] = session
        self._current = session.process_id
        return session

    def _leave(self, session: Session) -> int:
        with self._guard:
            self._sessions.pop(session.process_id, None)
            if self._current == session.process_id:
                self._current = next(iter(self._sessions), None)
        session.apartment.stop()
        return session.process_id

    def _describe(self, process: Any) -> Instance:
        project = process.ProjectPath
        return Instance(
            process_id=int(process.Id),
            mode=enum_name(process.Mode),
            path=str(process.Path.FullName),
            project_path=None if project is None else str(project.FullName),
            started_at=moment(process.AcquisitionTime),
            products=[f"{product.Name} {product.Version}" for product in process.InstalledSoftware],
            clients=[_client(session) for session in process.AttachedSessions],
            is_attached=int(process.Id) in self._sessions,
            is_current=int(process.Id) == self._current,
        )


def _client(session: Any) -> AttachedClient:
    return AttachedClient(
        id=int(session.Id),
        process_path=str(session.ProcessPath),
        attached_at=moment(session.AttachTime),
        is_active=bool(session.IsActive),
        version=str(session.Version),
    )
