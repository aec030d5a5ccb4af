"""Project Operations: create, open, save, archive, restore, close; overview, index and history."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from engineering_api.execution.entries import forget_project_name
from engineering_api.features.projects import project_index
from engineering_api.features.projects.project_index import IndexEntry, IndexKind, IndexSummary
from engineering_api.features.protection.secrets import passwords
from engineering_api.files import archives
from engineering_api.operations.combinations import at_most_one, combine
from engineering_api.operations.context import Context, Service
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named, path_field, secret
from engineering_api.operations.path_fields import paths_in
from engineering_api.operations.revisions import Revision, find_kept, keep
from engineering_api.operations.terms import TOLD, Lock, Reach, Right, Task, Trial, Undo
from engineering_api.security import scopes
from engineering_api.storage.clock import now
from engineering_api.storage.recent import RecentProject
from openness_bridge.errors import Kind, Problem
from openness_bridge.hardware import network
from openness_bridge.hardware.network import Infrastructure
from openness_bridge.project import projects
from openness_bridge.project.overview import Overview, overview
from openness_bridge.project.projects import ArchiveRef, ClosedProject, ProjectInfo, ProjectRef

section = Section("Project Operations", reach=Reach.ALL)
INDEX = "index"
FRESH = 5.0
"""Seconds for which an index is used of a project that a user may change in TIA Portal itself."""
RESCUED = "rescued"
"""The folder of the workspace for copies with changes that were not saved."""
FILE = "A file on the server, inside its allowed folders; a relative path starts from its workspace."


class Create(Request):
    """A new project."""

    name: Annotated[str, named("The project's name; also the name of its folder.", "projectName")]
    directory: Annotated[
        str, path_field("The folder in which the project's folder is created.", "targetDirectory", "path", writes=True)
    ] = "projects"
    comment: Annotated[str | None, named("The project's comment.")] = None


class LoggedIn(Request, kw_only=True):
    """Who opens a project, if it is protected."""

    user_name: Annotated[str, named("User of a protected project.", "user")] = ""
    password: Annotated[str, secret("The user's password; jobs take it by passwordSecret.")] = ""
    password_secret: Annotated[
        str, named("Name of the service's secret that is the password: PLANT is its variable TIA_SECRET_PLANT.")
    ] = ""

    def login(self) -> projects.Login | None:
        """The user and the password, if any.

        Raises:
            Problem: The service has no such secret.
        """
        if not self.user_name:
            return None
        found = passwords({"passwordSecret": self.password_secret}, "") if self.password_secret else {}
        return projects.Login(self.user_name, found.get("passwordSecret", self.password))


class Open(LoggedIn, kw_only=True):
    """An existing project."""

    path: Annotated[str, path_field(f"The .apNN file. {FILE}", "projectPath")]
    upgrade: Annotated[bool, named("Upgrade a project of an older version, as a copy.")] = False


class Save(Request):
    """How to save."""

    directory: Annotated[
        str | None,
        path_field("Save as: a new folder whose name becomes the project's.", "targetDirectory", writes=True),
    ] = None


@combine(at_most_one("save", "discard"))
class Close(Request):
    """What to do with changes that are not saved; without any choice, closing is refused when there are some."""

    save: Annotated[bool, named("Save first.")] = False
    discard: Annotated[bool, named("Drop them.", destroys=True)] = False
    keep: Annotated[
        bool,
        named("Keep them in a copy, in the folder rescued of the workspace. The project stays as saved.", vendor=True),
    ] = False
    foreign: Annotated[bool, named("Close it even if this service did not open it.")] = False


class Archive(Request):
    """Where to."""

    path: Annotated[
        str | None,
        path_field(
            f"The .zapNN file; archives/<name>.zapNN by default. {FILE}", "archivePath", "targetPath", writes=True
        ),
    ] = None
    save: Annotated[bool, named("Save first; otherwise changes that are not saved are refused.")] = False


class Retrieve(LoggedIn, kw_only=True):
    """An archive."""

    archive_path: Annotated[str, path_field(f"The .zapNN file. {FILE}", "path", "sourcePath")]
    target_directory: Annotated[
        str, path_field("The folder in which the project's folder is created.", "directory", writes=True)
    ] = "projects"
    upgrade: Annotated[bool, named("Upgrade a project of an older version.")] = False


class Simulation(Request):
    """Whether PLCSIM can run the program."""

    enabled: Annotated[bool, named("Switch it on or off.")] = True


class SimulationState(Model):
    """Whether blocks are compiled for PLCSIM."""

    enabled: bool


class Search(Request):
    """What to look for."""

    query: Annotated[str, named("Part of a name, an address, a data type or a comment.", "q", min_length=1)]
    kind: Annotated[
        IndexKind | None, named("Only this kind: device, block, udt, member, network, tag table, tag or constant.")
    ] = None
    limit: Annotated[int, named("How many at most.", ge=1, le=10_000)] = 100


class HistoryAddress(Request):
    """Which entry."""

    path: Annotated[str | None, named("The project's file as the list has it; the whole list when left out.")] = None


class Removed(Model):
    """How many entries were removed."""

    removed: int


class ProjectFile(Model):
    """A project or archive on disk.

    Attributes:
        size: In bytes.
    """

    name: str
    path: str
    extension: str
    size: int
    last_modified: str


CREATE = {"name": "Palletizer", "directory": "projects", "comment": "End of the packaging hall"}
RETRIEVE = {"archivePath": "archives/Conveyor.zap20", "targetDirectory": "restored"}


def _new_project(service: Service, request: Create) -> list[str]:
    """The file that a new project gets, for any version."""
    folder = service.roots.resolve(request.directory)
    return [str(folder / request.name / f"{request.name}.ap0")]


def _projects_in_paths(service: Service, request: Request) -> list[str]:
    """The projects and archives that a request's paths name."""
    return [str(service.roots.resolve(each)) for each in paths_in(request) if scopes.is_project_file(each)]


@section.operation(wait="GET /api/projects", right=Right.VIEW, changes=False, kept=True)
def list_(ctx: Context, _: Nothing) -> list[ProjectInfo]:
    """List the open projects."""
    return projects.open_projects(ctx.session)


@section.operation(
    wait="GET /api/projects/overview",
    right=Right.VIEW,
    changes=False,
    kept=True,
    tool="get_project_overview",
    task=Task.READ,
    when="to see what a project contains: devices, blocks, tag tables, data types.",
    unless="for the code of a block: get_block_content.",
)
def get_overview(ctx: Context, _: Nothing) -> Overview:
    """Get devices, blocks, tag tables and types of the open project."""
    return overview(ctx.session)


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    wait="POST /api/projects/actions/create-sync",
    job="POST /api/projects/actions/create",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    example=CREATE,
    done="Project created",
    event="project.opened",
    projects=_new_project,
    tool="create_project",
    task=Task.PROJECT,
    when="to begin a new project.",
    unless="for one that exists: open_project.",
)
def create(ctx: Context, request: Create) -> ProjectRef:
    """Create a new, empty project and open it."""
    folder = ctx.roots.resolve(request.directory)
    ctx.roots.require_no_git_folder(folder, request.name)
    made = projects.create(ctx.session, folder, request.name, request.comment)
    return _note_recent(ctx, made)


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    job="POST /api/projects/actions/open",
    also=("POST /api/projects/actions/open-sync", "POST /api/projects/open"),
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    example={"path": "projects/Conveyor/Conveyor.ap20"},
    done="Project opened",
    event="project.opened",
    projects=_projects_in_paths,
    tool="open_project",
    task=Task.PROJECT,
    when="to open a project file that exists (.ap20).",
    unless="for a new one: create_project.",
)
def open_(ctx: Context, request: Open) -> ProjectRef:
    """Open a project of TIA Portal from its file."""
    path, login = ctx.roots.existing(request.path), request.login()
    return _note_recent(ctx, projects.open_project(ctx.session, path, upgrade=request.upgrade, login=login))


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    wait="POST /api/projects/actions/save-sync",
    job="POST /api/projects/actions/save",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    done="Project saved",
    event="project.saved",
    tool="save_project",
    task=Task.PROJECT,
    when="when changes are complete, and before run_tests reads the project.",
    unless="to compile: compile_device.",
)
def save(ctx: Context, request: Save) -> ProjectRef:
    """Save the open project, or save it as another one."""
    if request.directory is None:
        return projects.save(ctx.session)
    saved = projects.save_as(ctx.session, ctx.roots.resolve(request.directory))
    forget_project_name(ctx.session)
    return _note_recent(ctx, saved)


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    wait="POST /api/projects/actions/close-sync",
    job="POST /api/projects/actions/close",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    example={"save": True},
    done=TOLD,
    event="project.closed",
    tool="close_project",
)
def close(ctx: Context, request: Close) -> ClosedProject:
    """Close the open project."""
    copies = ctx.roots.resolve(RESCUED) if request.keep else None
    return projects.close(
        ctx.session, save_first=request.save, discard=request.discard, foreign=request.foreign, copies=copies
    )


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    job="POST /api/projects/actions/archive",
    also="POST /api/projects/actions/archive-sync",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    example={"path": "archives/Conveyor.zap20", "save": True},
    done="Project archived",
    event="project.archived",
)
def archive(ctx: Context, request: Archive) -> ArchiveRef:
    """Write the open project to a .zapNN archive."""
    project = ctx.session.project
    default = f"archives/{project.Name}{projects.archive_suffix(project)}"
    return projects.archive(ctx.session, ctx.roots.resolve(request.path or default), save_first=request.save)


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    wait="POST /api/projects/actions/create-from-archive-sync",
    job="POST /api/projects/actions/create-from-archive",
    also_job="POST /api/projects/actions/retrieve",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    example=RETRIEVE,
    done="Project restored",
    event="project.opened",
    projects=_projects_in_paths,
)
def create_from_archive(ctx: Context, request: Retrieve) -> ProjectRef:
    """Restore a project from a .zapNN archive and open it."""
    source, folder = (
        archives.resolve_archive(ctx.roots, request.archive_path),
        ctx.roots.resolve(request.target_directory),
    )
    upgrade, login = request.upgrade, request.login()
    return _note_recent(ctx, projects.retrieve(ctx.session, source, folder, upgrade=upgrade, login=login))


@section.operation(wait="GET /api/projects/history", right=Right.VIEW, lock=Lock.NONE, changes=False)
def history(ctx: Context, _: Nothing) -> list[RecentProject]:
    """List the projects that were opened here, latest first."""
    return ctx.service.recent.list()


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    wait="DELETE /api/projects/history",
    lock=Lock.NONE,
    example={"path": "/data/projects/Conveyor/Conveyor.ap20"},
)
def forget(ctx: Context, request: HistoryAddress) -> Removed:
    """Remove one project from the list of recent ones, or all. The project itself is not deleted."""
    removed = ctx.service.recent.remove(request.path)
    if request.path is not None and not removed:
        msg = f"'{request.path}' is not in the list: GET /api/projects/history has the paths."
        raise Problem("history.not_found", msg, kind=Kind.MISSING)
    return Removed(removed=removed)


@section.operation(wait="GET /api/projects/infrastructure", right=Right.VIEW, changes=False, kept=True)
def infrastructure(ctx: Context, _: Nothing) -> Infrastructure:
    """Get subnets, IO systems, nodes and port connections of the open project."""
    return network.infrastructure(ctx.session)


@section.operation(
    wait="POST /api/projects/actions/simulation-support",
    lock=Lock.PROJECT,
    example={"enabled": True},
    destroys=False,
    undo=Undo.NEVER,
)
def simulation_support(ctx: Context, request: Simulation) -> SimulationState:
    """Set whether PLCSIM Advanced can simulate the program. Compile again afterwards."""
    return SimulationState(enabled=projects.set_simulation_support(ctx.session, enabled=request.enabled))


@section.operation(
    wait="POST /api/projects/actions/index",
    also_job="POST /api/projects/actions/index-async",
    right=Right.VIEW,
    changes=False,
    done="Project indexed",
)
def index(ctx: Context, _: Nothing) -> IndexSummary:
    """Index the open project, so that names, addresses and comments are found quickly.

    The first call exports blocks, data types and tag tables; later calls read only what changed.
    """
    return _build_index(ctx).summary


@section.operation(
    also="GET /api/projects/search",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example={"query": "motor"},
    tool="search_project",
    task=Task.READ,
    when="if you know a name, an address or words of a comment, but not where they are.",
    unless="for the users of a block: get_cross_references.",
)
def search(ctx: Context, request: Search) -> list[IndexEntry]:
    """Search the project's index for a name, address or comment. The index is built again after the project has changed."""
    kept = find_kept(ctx.session, INDEX, project_index.ProjectIndex, ctx.service.changes, FRESH)
    return (kept or _build_index(ctx)).search(request.query, request.kind, request.limit)


@section.operation(
    also="GET /api/projects/files",
    right=Right.VIEW,
    lock=Lock.NONE,
    changes=False,
    tool="list_project_files",
)
def files(ctx: Context, _: Nothing) -> list[ProjectFile]:
    """List the project files and archives in the server's workspace."""
    found = [path for path in ctx.roots.workspace.rglob("*.*ap*") if _is_project(path) and ctx.roots.allows(path)]
    return [_file(path) for path in sorted(found)]


def _build_index(ctx: Context) -> project_index.ProjectIndex:
    revision = Revision.now(ctx.service.changes)
    made = project_index.build(ctx.session, ctx.progress.report)
    keep(ctx.session, INDEX, made, revision)
    return made


def _note_recent(ctx: Context, ref: ProjectRef) -> ProjectRef:
    ctx.service.recent.note(ref.name, ref.path)
    return ref


def _is_project(path: Path) -> bool:
    return path.is_file() and bool(projects.PROJECT_FILE.match(path.suffix) or projects.ARCHIVE_FILE.match(path.suffix))


def _file(path: Path) -> ProjectFile:
    stat = path.stat()
    return ProjectFile(
        name=path.stem, path=str(path), extension=path.suffix, size=stat.st_size, last_modified=now(stat.st_mtime)
    )
