"""What an operation is given besides its request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engineering_api.audit.refusals import Refusals
from engineering_api.features.design.store import Designs
from engineering_api.features.devices.hardware_catalog import HardwareCatalogCache
from engineering_api.features.mcp.sessions import Sessions as McpSessions
from engineering_api.features.source_control.repositories import Repositories
from engineering_api.files.roots import Roots
from engineering_api.files.uploads import Uploads
from engineering_api.observability.metrics import Metrics
from engineering_api.operations.awaited import Awaited
from engineering_api.operations.declaration import Catalogue, Right
from engineering_api.operations.events import Hub
from engineering_api.operations.progress import Cancelled, Progress
from engineering_api.operations.selection import Selection
from engineering_api.peers.model import Address
from engineering_api.settings import Settings
from engineering_api.storage.audit import Audit
from engineering_api.storage.jobs import Jobs
from engineering_api.storage.recent import RecentProjects
from engineering_api.storage.snapshots import Snapshots
from openness_bridge.errors import Kind, Problem
from openness_bridge.plcsim.runtime import Simulation
from openness_bridge.portal.portal import Portals, Session

__all__ = ["Caller", "Cancelled", "Context", "Progress", "Service"]

if TYPE_CHECKING:
    from engineering_api.features.assistant.assistant import Assistant
    from engineering_api.features.pipelines.engine import Pipelines
    from engineering_api.features.tools.toolbox import Toolbox
    from engineering_api.features.webhooks.engine import Webhooks
    from engineering_api.gateway.gateway import Gateway
    from engineering_api.operations.runner import Runner
    from engineering_api.security.identities import Identities
    from engineering_api.security.scopes import Scopes


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        name: For the audit log.
        client: What the client calls itself (X-Client-Id).
        local: The client's and the server's end of the connection, where a program asks by a loopback address and names no
            proxy; None otherwise. Which user it runs as, and whether it relays for others, is not known by that.
        kind: How it was told: key, user, token and the like; for the audit log.
        address: Where it asks from; empty inside this process.
        projects: Globs of the names and paths of the projects that it is limited to; none for all.
        credential: What identified it, such as key:1f3a; empty for the service's own key.
    """

    name: str
    right: Right
    client: str = ""
    local: tuple[Address, Address] | None = None
    kind: str = ""
    address: str = ""
    projects: tuple[str, ...] = ()
    credential: str = ""


@dataclass(slots=True, eq=False)
class Service:
    """The long-living parts of the service, made once in app.create_app.

    Attributes:
        address: Where the server listens, as programs on this computer write it; empty where the service is not one.
        gateway: The workers that operations run at; None where they run here.
        stop: Ends the server; None where the service is not one.
    """

    settings: Settings
    portals: Portals
    roots: Roots
    catalogue: Catalogue
    hardware_catalog: HardwareCatalogCache
    hub: Hub
    jobs: Jobs
    audit: Audit
    recent: RecentProjects
    snapshots: Snapshots
    designs: Designs
    repositories: Repositories
    simulation: Simulation
    pipelines: Pipelines
    webhooks: Webhooks
    uploads: Uploads
    identities: Identities
    metrics: Metrics = field(default_factory=Metrics)
    refusals: Refusals = field(init=False)
    runner: Runner = field(init=False)
    assistant: Assistant = field(init=False)
    toolbox: Toolbox = field(init=False)
    scopes: Scopes = field(init=False)
    mcp_sessions: McpSessions = field(default_factory=McpSessions)
    awaited: Awaited = field(default_factory=Awaited)
    gateway: Gateway | None = None
    address: str = ""
    stop: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What one run of an operation is given.

    Attributes:
        instance: The portal's process id that the caller chose, or None for the current one.
        selection: Which entries of a list the caller wants; the runner applies it to the answer.
        trial: Whether the operation is only tried: the runner undoes what it does.
        job: The id of the job that runs it; empty where a caller waits.
    """

    service: Service
    caller: Caller
    progress: Progress
    instance: int | None = None
    selection: Selection | None = None
    trial: bool = False
    job: str = ""

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
