"""System API: settings, documentation, audit log, and folders of the server in place of file dialogs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from engineering_api.audit.log import AuditEntry, AuditQuery
from engineering_api.audit.moments import moment
from engineering_api.documentation import pages, search
from engineering_api.documentation.pages import Page, PageKind
from engineering_api.documentation.search import Match
from engineering_api.features.files import browsing
from engineering_api.features.files.browsing import Listing
from engineering_api.features.system import server_settings
from engineering_api.features.system.server_settings import SaveSettings, SettingsInfo
from engineering_api.operations import wire
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named, path_field
from engineering_api.operations.streaming.streams import Listening, Message
from engineering_api.operations.terms import Lock, Place, Reach, Right, Site, Undo
from engineering_api.security.scopes import Scopes
from openness_bridge.errors import Kind, Problem
from openness_bridge.errors import Place as Where

section = Section("System API", Site.GATEWAY, reach=Reach.ALL, lock=Lock.NONE)
MOMENT = "Moment, ISO 8601; UTC when it names no zone."


class SectionInfo(Model):
    """A section of the documentation.

    Attributes:
        kind: api for a section of the routes, guide for a text about a subject.
        size: Characters of its text.
    """

    name: str
    title: str
    kind: PageKind
    size: int


class SectionAddress(Request):
    """Which section."""

    section_name: Annotated[str, named("Name or title of the section, without regard to case.", "name")]


class Search(Request):
    """What to look for."""

    q: Annotated[str, named("Words; each matches from its beginning.", "query", "text", min_length=1, max_length=500)]
    limit: Annotated[int, named("How many places at most.", ge=1, le=100)] = 10


class Folder(Request, kw_only=True):
    """Which folder."""

    path: Annotated[
        str,
        path_field(
            "A folder on the server, inside its allowed folders; its workspace by default.",
            "folder",
            "directory",
            "initialDirectory",
            "initialPath",
        ),
    ] = ""
    limit: Annotated[int, named("How many entries at most.", ge=1, le=10000)] = 1000


class BrowseFile(Folder, kw_only=True):
    """Which folder, and which of its files."""

    filter: Annotated[
        str, named("Pattern of the files, such as *.xml; several are joined by a semicolon.", "pattern")
    ] = ""


class AuditFilter(Request, kw_only=True):
    """Which entries."""

    limit: Annotated[int, named("How many at most, newest first.", "count", ge=1, le=1000)] = 100
    operation: Annotated[
        str | None, named("Only this operation, such as tags.add, or all of a resource, such as tags.", "action")
    ] = None
    caller: Annotated[str | None, named("Only of this caller.", "user")] = None
    outcome: Annotated[str | None, named("Only with this outcome: ok, failed, or a problem's code.", "status")] = None
    since: Annotated[str | None, named(f"{MOMENT} Included.", "from")] = None
    until: Annotated[str | None, named(f"{MOMENT} Not included.", "to")] = None
    before: Annotated[int | None, named("Only entries with lower numbers: the last number of the page before.")] = None


@section.operation(wait="GET /api/settings", right=Right.ADMINISTER, changes=False)
def settings(ctx: Context, _: Nothing) -> SettingsInfo:
    """Get the settings of the service. The API key is never returned."""
    return server_settings.describe(ctx)


@section.operation(
    wait="POST /api/settings",
    right=Right.ADMINISTER,
    destroys=True,
    undo=Undo.NEVER,
    example={"waitLimit": 300, "keepJobsDays": 30},
    done="Settings saved",
    no_tool="settings belong to the operator of the server",
)
def save_settings(ctx: Context, request: SaveSettings) -> SettingsInfo:
    """Change settings; they are kept for the next start.

    The object of GET may be sent back whole. Address, folders and key are fixed while the service runs; backend and
    TIA version hold from the next start on.
    """
    return server_settings.change(ctx, request)


@section.operation(wait="GET /api/docs", right=Right.VIEW, changes=False, reach=Reach.NOTHING)
def docs(ctx: Context, _: Nothing) -> str:
    """Get the whole documentation as one text."""
    return pages.render_all(ctx.service.catalogue)


@section.operation(wait="GET /api/docs/sections", right=Right.PUBLIC, changes=False, reach=Reach.NOTHING)
def sections(ctx: Context, _: Nothing) -> list[SectionInfo]:
    """List the sections of the documentation. No key is needed."""
    found = pages.pages(ctx.service.catalogue)
    return [SectionInfo(name=each.name, title=each.title, kind=each.kind, size=len(each.content)) for each in found]


@section.operation(
    wait="GET /api/docs/sections/{sectionName}",
    right=Right.VIEW,
    changes=False,
    example={"sectionName": "tags-constants"},
    reach=Reach.NOTHING,
    tool="get_documentation",
)
def doc_section(ctx: Context, request: SectionAddress) -> Page:
    """Get a section of the documentation."""
    wanted = request.section_name.casefold()
    for page in pages.pages(ctx.service.catalogue):
        if wanted in {page.name, page.title.casefold()}:
            return page
    msg = f"The documentation has no section '{request.section_name}': GET /api/docs/sections lists all."
    raise Problem("docs.not_found", msg, kind=Kind.MISSING, place=Where(object=request.section_name))


@section.operation(
    wait="GET /api/docs/search",
    right=Right.VIEW,
    changes=False,
    example={"q": "watch table"},
    reach=Reach.NOTHING,
    tool="search_documentation",
)
def search_docs(ctx: Context, request: Search) -> list[Match]:
    """Search the documentation. The best matches come first."""
    return search.search(ctx.service.catalogue, request.q, request.limit)


@section.operation(
    wait="GET /api/system/browse-file",
    site=Site.WORKER,
    changes=False,
    example={"path": "export", "filter": "*.xml;*.csv"},
)
def browse_file(ctx: Context, request: BrowseFile) -> Listing:
    """List folders and files to choose a file from.

    A server has no desktop for a dialog: the answer is a listing inside the allowed folders.
    """
    return browsing.list_folder(ctx.roots, request.path, browsing.files(request.filter), request.limit)


@section.operation(wait="GET /api/system/browse-project", site=Site.WORKER, changes=False, example={"path": "projects"})
def browse_project(ctx: Context, request: Folder) -> Listing:
    """List folders and TIA Portal projects to choose a project from, inside the allowed folders."""
    return browsing.list_folder(ctx.roots, request.path, browsing.projects, request.limit)


@section.operation(wait="GET /api/system/browse-folder", site=Site.WORKER, changes=False, example={"path": "export"})
def browse_folder(ctx: Context, request: Folder) -> Listing:
    """List folders to choose a folder from, inside the allowed ones."""
    return browsing.list_folder(ctx.roots, request.path, browsing.select_none, request.limit)


@section.operation(
    wait="GET /api/audit",
    right=Right.ADMINISTER,
    place=Place.LOOP,
    changes=False,
    example={"operation": "tags", "outcome": "failed"},
)
async def audit(ctx: Context, request: AuditFilter) -> list[AuditEntry]:
    """List who changed what and how it ended, newest first."""
    query = AuditQuery(
        operation=request.operation,
        outcome=request.outcome,
        caller=request.caller,
        before=request.before,
        since=moment(request.since, "since"),
        until=moment(request.until, "until"),
    )
    return await ctx.service.audit.latest(request.limit, query)


@section.stream("GET /api/events", reach=Reach.OWN)
async def events(listening: Listening) -> AsyncIterator[Message]:
    """Stream all events of the service."""
    return _events(listening)


async def _events(listening: Listening) -> AsyncIterator[Message]:
    service, caller = listening.context.service, listening.context.caller
    with service.hub.subscribe(after=listening.after) as happened:
        async for event in happened:
            shown = await service.part(Scopes).show(caller, event)
            if shown is not None:
                yield Message(wire.encode(shown), event.kind, event.number)
