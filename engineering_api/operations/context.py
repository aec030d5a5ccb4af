"""What an operation gets in addition to its request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from engineering_api.assembly import Parts
from engineering_api.audit.log import Audit
from engineering_api.files.roots import Roots
from engineering_api.files.uploads import Uploads
from engineering_api.operations.awaited import AwaitedRequests
from engineering_api.operations.caller import Caller
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.changes import Changes
from engineering_api.operations.events import Hub
from engineering_api.operations.jobs import Jobs
from engineering_api.operations.progress import Cancelled, Progress
from engineering_api.operations.selection import Selection
from engineering_api.settings import Settings
from engineering_api.storage.recent import RecentProjects
from engineering_api.storage.snapshots import Snapshots
from openness_bridge.errors import Kind, Problem
from openness_bridge.plcsim.runtime import Simulation
from openness_bridge.portal.portal import Portals, Session

__all__ = ["Cancelled", "Context", "Progress", "Service"]
T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Service:
    """The long-living parts of the service, made once by the table in parts.py.

    Attributes:
        parts: All of them, by type; the other attributes are those that many ask for.
        address: Where the server listens, as programs on this computer write it; empty where the service is not one.
        gateway: The workers that operations run at; None where they run here.
        stop: Ends the server; None where the service is not one.
    """

    parts: Parts
    settings: Settings
    portals: Portals
    roots: Roots
    catalogue: Catalogue
    hub: Hub
    jobs: Jobs
    audit: Audit
    recent: RecentProjects
    snapshots: Snapshots
    simulation: Simulation
    uploads: Uploads
    awaited: AwaitedRequests
    changes: Changes
    gateway: object | None = None
    address: str = ""
    stop: Callable[[], None] | None = None

    def part(self, kind: type[T]) -> T:
        """Return the part of a type: each area asks for its own, so that nothing here knows the areas.

        Raises:
            LookupError: There is none.
        """
        return self.parts.find(kind)


@dataclass(frozen=True, slots=True)
class Context:
    """What one run of an operation is given.

    Attributes:
        instance: The portal's process id that the caller chose, or None for the current one.
        selection: Which entries of a list the caller wants; the runner applies it to the answer.
        trial: Whether the operation is only tried: the runner undoes what it does, or the operation keeps nothing itself
            (Trial.PLANNED).
        job: The id of the job that runs it; empty where a caller waits.
        aside: Whether the service itself asks, for something else: nobody reads a refusal.
    """

    service: Service
    caller: Caller
    progress: Progress
    instance: int | None = None
    selection: Selection | None = None
    trial: bool = False
    job: str = ""
    aside: bool = False

    @property
    def session(self) -> Session:
        """The portal that this request goes to.

        Raises:
            Problem: None is attached.
        """
        return self.service.portals.session(self.instance)

    @property
    def roots(self) -> Roots:
        """The files that clients may name."""
        return self.service.roots

    def require(self, condition: object, code: str, message: str, kind: Kind = Kind.INVALID) -> None:
        """Refuse the request unless a condition holds.

        Raises:
            Problem: It does not hold.
        """
        if not condition:
            raise Problem(code, message, kind=kind)
