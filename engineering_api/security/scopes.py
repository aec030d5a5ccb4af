"""Holds callers that are limited to some projects to these: one check before each operation, whoever runs it for them.

A glob without a slash is compared with a project's name, one with a slash with the full path of its file; case does not
matter, and * takes slashes, too. What an operation can reach follows from its declaration: with a lock, the open project.
Without one it is in a table here, and what is in none is refused, so that a new operation is closed until somebody thinks
about it.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable
from enum import Enum
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from engineering_api.files.path_fields import paths_in
from engineering_api.operations.caller import Caller
from engineering_api.operations.declaration import Lock, Operation, Request, Right
from openness_bridge.errors import Kind, Problem

if TYPE_CHECKING:
    from engineering_api.operations.context import Context, Service
    from engineering_api.operations.events import Event


class Reach(Enum):
    """What an operation works on, as far as projects go.

    NOTHING: no project. PROJECT: the open one. NAMED: the one that its request names. OWN: what the caller made. ALL: what
    belongs to nobody's project alone, such as portals, simulated PLCs, pipelines and settings.
    """

    NOTHING = "nothing"
    PROJECT = "project"
    NAMED = "named"
    OWN = "own"
    ALL = "all"


_REACHES: dict[Reach, str] = {
    Reach.NOTHING: """
        health.health health.ping health.live health.ready health.versions access.* portals.version catalog.* design_spec.generate
        design_spec.get_schema block_generation.* assistant.models assistant.turn assistant.write_block
        jobs.execute jobs.execute_sync pipelines.validate pipelines.list_templates system.docs system.sections
        system.doc_section system.search_docs discovery.* mcp.info mcp.config
        diagnostics.namespaces diagnostics.types diagnostics.search diagnostics.enum_values diagnostics.providers
        diagnostics.online_download_types""",
    Reach.PROJECT: "portals.status design_spec.load design_spec.load_separate design_spec.get_model design_spec.delete_model",
    Reach.NAMED: """
        projects.open_ projects.create projects.create_from_archive history.get history.content history.delete
        assistant.chat assistant.history assistant.forget assistant.stop""",
    Reach.OWN: "jobs.get jobs.list_ jobs.cancel",
}
_BY_NAME = {name: reach for reach, names in _REACHES.items() for name in names.split()}
_PROJECT_FILE = re.compile(r"\.z?ap\d+(_\d+)?$", re.IGNORECASE)
"""Files that are projects or archives of them; global libraries belong to everybody."""
_REMEMBERED = 10_000


@cache
def reach_of(op: Operation) -> Reach:
    """What an operation works on."""
    if op.lock is not Lock.NONE:
        return _BY_NAME.get(op.name, Reach.PROJECT)
    module = op.name.partition(".")[0]
    return _BY_NAME.get(op.name) or _BY_NAME.get(f"{module}.*", Reach.ALL)


def may(caller: Caller, op: Operation) -> bool:
    """Whether a caller may run an operation at all, on some project."""
    return op.right <= caller.right and (not caller.projects or reach_of(op) is not Reach.ALL)


def covers(projects: Iterable[str], file: str) -> bool:
    """Whether a project is one of those that globs name.

    Args:
        projects: The globs.
        file: The project's file, of this or another system.
    """
    path = file.replace("\\", "/").casefold()
    name = _PROJECT_FILE.sub("", path.rpartition("/")[2])
    globs = (each.replace("\\", "/").casefold() for each in projects)
    return any(fnmatchcase(path if "/" in each else name, each) for each in globs)


def kept(caller: Caller) -> str:
    """What a job's row keeps of a caller besides name and right: JSON, empty for one without limits."""
    return json.dumps({"projects": caller.projects}) if caller.projects else ""


def restored(name: str, right: str, scope: str) -> Caller:
    """The caller of a job's row."""
    return Caller(name, Right[right], projects=tuple(json.loads(scope)["projects"]) if scope else ())


class Scopes:
    """Checks callers of a service."""

    def __init__(self, service: Service) -> None:
        """Check for this service."""
        self._service = service
        self._owners: dict[str, str] = {}

    def require(self, context: Context, op: Operation, request: Request) -> None:
        """Refuse an operation that reaches beyond its caller's projects. From worker and portal threads only.

        Raises:
            Problem: It does.
        """
        projects = context.caller.projects
        if not projects:
            return
        reach = reach_of(op)
        if reach is Reach.ALL:
            self.require_unlimited(context.caller)
        for each in paths_in(request):
            self._require_path(projects, each)
        if reach is Reach.PROJECT:
            self.require_open(context)
        if reach is Reach.NAMED:
            for file in self._named(op, request):
                _require(projects, file)

    @staticmethod
    def require_unlimited(caller: Caller) -> None:
        """Refuse a caller who is limited to some projects.

        Raises:
            Problem: It is.
        """
        if caller.projects:
            msg = "This concerns more than one project, and you are limited to some: ask somebody who is not."
            raise Problem("auth.scope", msg, kind=Kind.FORBIDDEN)

    def require_open(self, context: Context) -> None:
        """Refuse a caller when the open project is not one of theirs. Any thread but the event loop's.

        Raises:
            Problem: It is not.
        """
        if not context.caller.projects:
            return
        session = context.session
        files = session.call(lambda: [str(each.Path.FullName) for each in session.portal.Projects])
        for file in files:
            _require(context.caller.projects, file)

    async def require_own(self, caller: Caller, job_id: str) -> None:
        """Refuse a limited caller a job of somebody else.

        Raises:
            Problem: It is, or there is none: nothing tells which.
        """
        if caller.projects and await self._owner(job_id) != caller.name:
            raise Problem("job.not_found", f"There is no job '{job_id}'.", kind=Kind.MISSING)

    async def sees(self, caller: Caller, event: Event) -> bool:
        """Whether an event is for a caller: for a limited one, what it did itself, and its jobs."""
        if not caller.projects:
            return True
        if event.kind.startswith("job."):
            return await self._owner(event.subject) == caller.name
        return event.data.get("caller") == caller.name

    async def _owner(self, job_id: str) -> str:
        if job_id not in self._owners:
            if len(self._owners) >= _REMEMBERED:
                self._owners.clear()
            owner = await self._service.jobs.owner(job_id)
            if owner is None:
                return ""
            self._owners[job_id] = owner
        return self._owners[job_id]

    def _named(self, op: Operation, request: Request) -> list[str]:
        """The projects that a request names, by their files."""
        if op.name == "projects.create":
            folder = self._service.roots.resolve(request.directory)  # type: ignore[attr-defined]
            return [str(folder / request.name / f"{request.name}.ap0")]  # type: ignore[attr-defined]
        if op.name in {"projects.open_", "projects.create_from_archive"}:
            return [str(self._service.roots.resolve(each)) for each in paths_in(request) if _PROJECT_FILE.search(each)]
        if op.name.startswith("history."):
            found = self._service.snapshots.get(request.snapshot_id)  # type: ignore[attr-defined]
            return [] if found is None else [found.subject.project]
        return [request.project_key or "?"]  # type: ignore[attr-defined]

    def _require_path(self, projects: tuple[str, ...], text: str) -> None:
        """Refuse a path that is another project's file, or lies in its folder."""
        path = self._service.roots.resolve(text)
        if _PROJECT_FILE.search(path.name):
            _require(projects, str(path))
        for folder in (path, *path.parents):
            for file in _projects_in(folder):
                _require(projects, str(file))


def _projects_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [file for file in folder.glob("*.[aA][pP]*") if _PROJECT_FILE.search(file.name)]


def _require(projects: tuple[str, ...], file: str) -> None:
    if not covers(projects, file):
        msg = "This is not one of the projects that you are limited to: GET /api/auth/me lists them."
        raise Problem("auth.scope", msg, kind=Kind.FORBIDDEN)


async def require(context: Context, op: Operation, request: Request) -> None:
    """The same check as Scopes.require from the event loop; costs nothing for callers without limits."""
    if context.caller.projects:
        await asyncio.to_thread(context.service.part(Scopes).require, context, op, request)
