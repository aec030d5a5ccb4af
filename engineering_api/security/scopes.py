"""Limits callers to their projects and tags: one check before each operation, for every way to run it.

A glob without a slash is compared with a project's name, one with a slash with the full path of its file; case does not
matter, and * takes slashes, too. What an operation can reach is a field of its declaration. Which tags a caller who is
limited to some reads and writes is checked for each tag, in runtime_data/rules.py; what reaches tags in another way is refused.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from engineering_api.operations.caller import Caller
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Request
from engineering_api.operations.path_fields import paths_in
from engineering_api.operations.showing import right_named, right_of_job, show_event
from engineering_api.operations.terms import Reach
from openness_bridge.errors import Kind, Problem

if TYPE_CHECKING:
    from engineering_api.operations.context import Context, Service
    from engineering_api.operations.events import Event


_PROJECT_FILE = re.compile(r"\.z?ap\d+(_\d+)?$", re.IGNORECASE)
"""Files that are projects or archives of them; global libraries belong to everybody."""
_REMEMBERED = 10_000


def is_allowed(caller: Caller, op: Operation) -> bool:
    """Return whether a caller may run an operation at all, on some project."""
    return op.right <= caller.right and _reaches(caller, op.reach)


def is_project_file(path: str) -> bool:
    """Return whether a path is that of a project or of a project's archive, by its extension."""
    return _PROJECT_FILE.search(path) is not None


def covers(projects: Iterable[str], file: str) -> bool:
    """Return whether a project is one of those that globs name.

    Args:
        projects: The globs.
        file: The project's file, of this or another system.
    """
    path = file.replace("\\", "/").casefold()
    name = _PROJECT_FILE.sub("", path.rpartition("/")[2])
    globs = (each.replace("\\", "/").casefold() for each in projects)
    return any(fnmatchcase(path if "/" in each else name, each) for each in globs)


class Scopes:
    """Checks callers of a service."""

    def __init__(self, service: Service) -> None:
        """Check for this service."""
        self._service = service
        self._owners: dict[str, tuple[str, str]] = {}

    def require(self, context: Context, op: Operation, request: Request) -> None:
        """Refuse an operation that reaches beyond its caller's projects and tags. From worker and portal threads only.

        Raises:
            Problem: It does.
        """
        projects = context.caller.projects
        if not context.caller.is_limited:
            return
        self.require_reach(context.caller, op.reach)
        for each in paths_in(request):
            self._require_path(projects, each)
        if op.reach is Reach.PROJECT:
            self.require_open(context)
        for file in op.projects(self._service, request) if op.projects else ():
            _require(projects, file)

    @staticmethod
    def require_reach(caller: Caller, reach: Reach) -> None:
        """Refuse a limited caller what reaches beyond the projects and tags that it is limited to.

        Raises:
            Problem: It does.
        """
        if not _reaches(caller, reach):
            what = "projects" if caller.projects else "tags"
            msg = f"This operation concerns more than the {what} that you are limited to: ask an administrator."
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
        """Refuse a limited caller another caller's job.

        Raises:
            Problem: It is, or there is none: the answer is the same.
        """
        if caller.is_limited and (await self._owner(job_id))[0] != caller.name:
            raise Problem("job.not_found", f"There is no job '{job_id}'.", kind=Kind.MISSING)

    async def show(self, caller: Caller, event: Event) -> Event | None:
        """Return an event as a caller may read it; None for a limited caller where it did not do that itself."""
        is_job = event.kind.startswith("job.")
        owner, operation = await self._owner(event.subject) if is_job else (str(event.data.get("caller", "")), "")
        if caller.is_limited and owner != caller.name:
            return None
        if is_job:
            return show_event(event, caller.right, right_of_job(operation, self._service.catalogue))
        return show_event(event, caller.right, right_named(str(event.data.get("right", ""))))

    async def _owner(self, job_id: str) -> tuple[str, str]:
        """Return who submitted a job, and its operation; empty texts where there is none."""
        if job_id not in self._owners:
            if len(self._owners) >= _REMEMBERED:
                self._owners.clear()
            owner = await self._service.jobs.owner(job_id)
            if owner is None:
                return "", ""
            self._owners[job_id] = owner
        return self._owners[job_id]

    def _require_path(self, projects: tuple[str, ...], text: str) -> None:
        """Refuse a path that is another project's file, or is in its folder."""
        path = self._service.roots.resolve(text)
        if is_project_file(path.name):
            _require(projects, str(path))
        for folder in (path, *path.parents):
            for file in _projects_in(folder):
                _require(projects, str(file))


def _reaches(caller: Caller, reach: Reach) -> bool:
    """Return whether what a caller is limited to has anything of a reach."""
    if not caller.is_limited or reach in (Reach.NOTHING, Reach.OWN):
        return True
    if reach is Reach.TAGS:
        return bool(caller.tags)
    return bool(caller.projects) and reach is not Reach.ALL


def _projects_in(folder: Path) -> list[Path]:
    return [file for file in folder.glob("*.[aA][pP]*") if is_project_file(file.name)]


def _require(projects: tuple[str, ...], file: str) -> None:
    if not covers(projects, file):
        msg = "You have no access to this project: GET /api/auth/me lists the projects that you may use."
        raise Problem("auth.scope", msg, kind=Kind.FORBIDDEN)


async def require(context: Context, op: Operation, request: Request) -> None:
    """Check as Scopes.require, from the event loop; costs nothing for callers without limits."""
    if context.caller.is_limited:
        await asyncio.to_thread(context.service.part(Scopes).require, context, op, request)
