"""TiaPortal, its processes, exclusive access and transactions.

Facts: docs/facts/openness.md#portal-and-process, docs/facts/openness.md#exclusive-access-and-transactions, after the
V19 Openness manual.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from fake_dotnet.errors import ArgumentException
from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject
from fake_dotnet.system import DateTime, FileInfo, NetEnum, require_type
from fake_openness.core.context import Context
from fake_openness.core.errors import EngineeringObjectDisposedException, EngineeringTargetInvocationException
from fake_openness.core.events import Event
from fake_openness.core.machine import Machine
from fake_openness.core.objects import EngineeringObject
from fake_openness.hardware.catalog import HardwareCatalog
from fake_openness.library.collection import GlobalLibraryComposition
from fake_openness.library.global_libraries import GlobalLibrary
from fake_openness.project.project import Project
from fake_openness.project.projects import ProjectComposition
from fake_openness.project.settings import TiaPortalSettingsFolderComposition


class TiaPortalMode(NetEnum):
    """With or without user interface."""

    WithoutUserInterface = 0
    WithUserInterface = 1


@dataclass(frozen=True, slots=True)
class TiaPortalProduct(NetObject):
    """An installed product."""

    Name: str
    Version: str
    Options: NetList[Any]


@dataclass(frozen=True, slots=True)
class TiaPortalSession(NetObject):
    """A client that is attached to a portal process."""

    Id: int
    ProcessId: int
    ProcessPath: FileInfo
    AttachTime: DateTime
    IsActive: bool
    Version: str


@dataclass(slots=True, eq=False)
class PortalProcess:
    """State of one simulated portal process; the public objects are handles on it."""

    machine: Machine
    pid: int
    mode: TiaPortalMode
    started: dt.datetime
    context: Context
    clients: list[TiaPortal] = field(default_factory=list)
    exclusive: ExclusiveAccess | None = None
    projects: ProjectComposition | None = None
    libraries: GlobalLibraryComposition | None = None

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.pid in self.machine.processes

    @property
    def has_windows(self) -> bool:
        """Whether it was started with a user interface."""
        return self.mode is TiaPortalMode.WithUserInterface

    def refuse_in_transaction(self, action: str) -> None:
        """Refuse what no transaction of the portal allows.

        Raises:
            EngineeringTargetInvocationException: One is open, on any project or library.
        """
        for each in [*(self.projects or ()), *(self.libraries or ())]:
            each._context.refuse_in_transaction(action)

    def end(self) -> None:
        """End the process: unsaved work is lost, every handle dies, file locks are released."""
        self.machine.processes.pop(self.pid, None)
        for project in list(self.projects or ()):
            project._release()
            project._context.portal_ended = True
        for library in list(self.libraries or ()):
            library._release()
            library._context.portal_ended = True
        self.context.portal_ended = True


def running(machine: Machine) -> list[PortalProcess]:
    """Return the portal processes of a computer, the oldest first."""
    return [process for process in machine.processes.values() if isinstance(process, PortalProcess)]


class TiaPortalProcess(NetObject):
    """A running portal as seen from outside: a snapshot that answers even while the portal is busy."""

    def __init__(self, process: PortalProcess, portal_type: type[TiaPortal]) -> None:
        """Take the snapshot."""
        self._process, self._portal_type = process, portal_type
        self.Id = process.pid
        self.Mode = process.mode
        version = process.machine.version
        self.Path = FileInfo(
            rf"C:\Program Files\Siemens\Automation\Portal {version.engineering}\Bin\Siemens.Automation.Portal.exe"
        )
        primary = next((p for p in process.projects or () if p.IsPrimary), None)
        self.ProjectPath = FileInfo(str(primary._file)) if primary else None
        self.AcquisitionTime = DateTime(process.started)
        self.InstalledSoftware = NetList(
            [TiaPortalProduct("Totally Integrated Automation Portal", version.engineering, NetList())]
        )
        self.AttachedSessions = NetList([client._session() for client in process.clients])

    def Attach(self) -> TiaPortal:
        """Attach to the portal as a further client.

        Raises:
            EngineeringTargetInvocationException: The process has ended.
        """
        if not self._process.alive:
            msg = f"The TIA Portal process {self.Id} has ended."
            raise EngineeringTargetInvocationException(msg, code="portal.ended")
        return self._portal_type._on(self._process)

    def Dispose(self) -> None:
        """End the portal process; unsaved work is lost without a question."""
        self._process.end()


class _Disposable(EngineeringObject):
    """What a with statement ends, as pythonnet allows for IDisposable."""

    def Dispose(self) -> None:
        """End it."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        """Use in a with statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """Dispose at the end."""
        if self._alive:
            self.Dispose()


class TiaPortal(_Disposable):
    """A client's handle on a portal process. Its class is bound to one machine by the installation."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"HardwareCatalog": "18"}
    _machine: Machine

    def __init__(self, mode: TiaPortalMode = TiaPortalMode.WithoutUserInterface) -> None:
        """Start a new portal process and attach to it."""
        require_type(mode, TiaPortalMode, "mode")
        machine = type(self)._machine
        process = PortalProcess(machine, machine.next_pid(), mode, machine.clock(), Context(machine, machine.version))
        machine.processes[process.pid] = process
        self._join(process)
        process.projects = ProjectComposition(self, process)
        process.libraries = GlobalLibraryComposition(self, process)

    @classmethod
    def _on(cls, process: PortalProcess) -> TiaPortal:
        handle = cls.__new__(cls)
        handle._join(process)
        return handle

    def _join(self, process: PortalProcess) -> None:
        object.__setattr__(self, "_context", process.context)
        super().__init__(None, process.context)
        self._process = process
        self._attached_at = process.machine.clock()
        self._confirmation, self._notification = Event(), Event()
        process.clients.append(self)

    @classmethod
    def GetProcesses(cls) -> NetList[TiaPortalProcess]:
        """Return the running portal processes."""
        return NetList([TiaPortalProcess(process, cls) for process in running(cls._machine)])

    @classmethod
    def GetProcess(cls, pid: int) -> TiaPortalProcess:
        """Return one running portal process.

        Raises:
            ArgumentException: There is no such process.
        """
        wanted = require_type(pid, int, "processId")
        process = next((each for each in running(cls._machine) if each.pid == wanted), None)
        if process is None:
            msg = f"There is no TIA Portal process {pid}."
            raise ArgumentException(msg)
        return TiaPortalProcess(process, cls)

    def GetCurrentProcess(self) -> TiaPortalProcess:
        """Return the process that this handle is attached to."""
        return TiaPortalProcess(self._process, type(self))

    @property
    def Projects(self) -> ProjectComposition:
        """The open projects."""
        assert self._process.projects is not None  # noqa: S101 - set with the process
        return self._process.projects

    @property
    def GlobalLibraries(self) -> GlobalLibraryComposition:
        """The open global libraries."""
        assert self._process.libraries is not None  # noqa: S101 - set with the process
        return self._process.libraries

    @property
    def HardwareCatalog(self) -> HardwareCatalog:
        """The hardware catalogue; before V18 use HwUtilities."""
        return HardwareCatalog(self)

    @property
    def SettingsFolders(self) -> TiaPortalSettingsFolderComposition:
        """The folders of TIA Portal's settings."""
        return TiaPortalSettingsFolderComposition(self)

    @property
    def Confirmation(self) -> Event:
        """Event: a question came up while a client works (dialogs.py)."""
        return self._confirmation

    @Confirmation.setter
    def Confirmation(self, event: Event) -> None:
        _require_same("Confirmation", event, self._confirmation)

    @property
    def Notification(self) -> Event:
        """Event: a notice came up while a client works."""
        return self._notification

    @Notification.setter
    def Notification(self, event: Event) -> None:
        _require_same("Notification", event, self._notification)

    def ExclusiveAccess(self, text: str = "") -> ExclusiveAccess:
        """Lock the portal for this client.

        Raises:
            EngineeringTargetInvocationException: Another client has exclusive access already.
        """
        if self._process.exclusive is not None:
            msg = "Another exclusive access is active: only one is possible at a time."
            raise EngineeringTargetInvocationException(msg, code="portal.exclusive_access")
        self._process.exclusive = ExclusiveAccess(self, require_type(text, str, "text"))
        return self._process.exclusive

    def Dispose(self) -> None:
        """Detach. A headless portal ends with its last client; unsaved work is lost."""
        self._alive = False
        if self in self._process.clients:
            self._process.clients.remove(self)
        headless = self._process.mode is TiaPortalMode.WithoutUserInterface
        if headless and not self._process.clients and self._process.alive:
            self._process.end()

    def _session(self) -> TiaPortalSession:
        started = DateTime(self._attached_at)
        return TiaPortalSession(
            self._process.clients.index(self) + 1,
            0,
            FileInfo("/usr/bin/python3"),
            started,
            True,
            self._context.version.engineering,
        )


def _require_same(name: str, given: Event, event: Event) -> None:
    if given is not event:
        msg = f"{name} is an event: use += and -=."
        raise TypeError(msg)


class ExclusiveAccess(_Disposable):
    """The portal, locked for one client."""

    def __init__(self, portal: TiaPortal, text: str) -> None:
        """Hold the lock until Dispose."""
        super().__init__(portal)
        self._portal, self._text = portal, text
        self._transaction: Transaction | None = None

    @property
    def Text(self) -> str:
        """The text that the portal shows its user meanwhile."""
        return self._text

    @Text.setter
    def Text(self, value: str) -> None:
        self._text = require_type(value, str, "value")

    @property
    def IsCancellationRequested(self) -> bool:
        """Whether the portal's user pressed cancel."""
        return False

    def Transaction(self, peristence: Project | GlobalLibrary, undoDescription: str) -> Transaction:
        """Start a transaction on a project or a global library.

        Raises:
            EngineeringTargetInvocationException: One is open, or the undo text is empty.
        """
        if not isinstance(peristence, GlobalLibrary):
            require_type(peristence, Project, "persistence")
        if not require_type(undoDescription, str, "undoDescription"):
            msg = "A transaction needs a text for the undo list."
            raise EngineeringTargetInvocationException(msg, code="transaction.text")
        if self._transaction is not None:
            msg = "A transaction is already open."
            raise EngineeringTargetInvocationException(msg, code="transaction.open")
        self._transaction = Transaction(self, peristence)
        return self._transaction

    def Dispose(self) -> None:
        """Release the lock; an open transaction ends with it."""
        if self._transaction is not None:
            self._transaction.Dispose()
        self._portal._process.exclusive = None
        self._alive = False


class Transaction(_Disposable):
    """Changes that are kept together or undone together."""

    def __init__(self, access: ExclusiveAccess, project: Project | GlobalLibrary) -> None:
        """Start to note undo steps in the project or library."""
        super().__init__(access)
        self._access, self._project = access, project
        self._commit = False
        self._was_modified = project._context.modified
        project._context.begin()

    @property
    def CanCommit(self) -> bool:
        """Whether nothing was refused so far."""
        return self._project._context.can_commit

    @property
    def CommitRequested(self) -> bool:
        """Whether CommitOnDispose was called."""
        return self._commit

    def CommitOnDispose(self) -> None:
        """Make Dispose keep the changes.

        Raises:
            EngineeringTargetInvocationException: An operation in this transaction was refused, even if the caller caught the error.
        """
        if not self.CanCommit:
            msg = "The transaction cannot be committed: an operation in it was refused."
            raise EngineeringTargetInvocationException(msg, code="transaction.spoiled")
        self._commit = True

    def Dispose(self) -> None:
        """Keep the changes when asked to and nothing was refused since; otherwise undo them all."""
        if not self._alive:
            raise EngineeringObjectDisposedException("The transaction has ended.", code="object.disposed")
        context = self._project._context
        if self._commit and context.can_commit:
            context.commit()
        else:
            context.roll_back()
            context.modified = self._was_modified
        self._alive = False
        self._access._transaction = None
