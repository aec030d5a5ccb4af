"""Python handlers in a folder of the administrator: `{folder}/{project}/{path}.py` with doGet, doPost and so on.

They are code with the rights of the server. A handler is run afresh for each request, in a thread that belongs to it. Python
cannot end a thread: after the time limit the request is answered, and the functions of `system` refuse to do more for it.
"""

from __future__ import annotations

import asyncio
import logging
import re
import threading
from contextvars import copy_context
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from types import CodeType
from typing import Any

from litestar import Response

from engineering_api.operations.context import Context
from engineering_api.web.identify import Call
from engineering_api.web.statuses import HttpProblem
from openness_bridge.errors import Kind, Problem
from runtime_data.ignition.scripting.answers import response_of
from runtime_data.ignition.scripting.link import Link
from runtime_data.ignition.scripting.system import System

log = logging.getLogger(__name__)
SHARED = "project"
"""The folder with scripts that handlers share: `project.auth` is `project/auth.py`. No address leads there."""
LARGEST = 1 << 20
"""Bytes of a script."""
MOST = 16
"""Handlers that run at once, with those that are still running after their time limit."""
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ -]{0,99}")
_METHODS = {method: f"do{method.capitalize()}" for method in ("GET", "POST", "PUT", "PATCH", "DELETE")}


class RequestHeaders(dict[str, str]):
    """The headers of a request, with names as Authorization and X-Api-Key; case does not matter when they are read."""

    def get(self, name: str, default: Any = None) -> Any:
        """Return a header."""
        return super().get(name.title(), default)

    def __getitem__(self, name: str) -> str:
        """Return a header that was sent."""
        return super().__getitem__(name.title())

    def __contains__(self, name: object) -> bool:
        """Return whether a header was sent."""
        return super().__contains__(str(name).title())


class Handlers:
    """The handlers of a folder."""

    def __init__(self, folder: Path, limit: float) -> None:
        """Run the handlers of this folder, each for at most so many seconds."""
        self.folder, self.limit = folder.resolve(), limit
        self.free = threading.BoundedSemaphore(MOST)

    def find(self, project: str, path: str) -> Handler | None:
        """Return the handler of a path; None where there is none. Worker threads only."""
        names = [project, *path.split("/")]
        if len(names) < 2 or names[1] == SHARED or not all(_NAME.fullmatch(name) for name in names):
            return None
        file = self.folder.joinpath(*names[:-1], f"{names[-1]}.py")
        return Handler(self, self.folder / project, file) if _is_within(file, self.folder) else None


@dataclass(frozen=True, slots=True)
class Handler:
    """The handler of one path.

    Attributes:
        folder: Of its project.
        file: Its script.
    """

    handlers: Handlers
    folder: Path
    file: Path

    async def run(self, ctx: Context, request: Call) -> Response[Any]:
        """Run the function for a request's method, and return its answer.

        Raises:
            Problem: It has no such function, fails, is too slow, or too many handlers are running.
        """
        described = await _describe(request)
        link = Link(ctx, asyncio.get_running_loop())
        if not self.handlers.free.acquire(blocking=False):
            msg = f"{MOST} handlers are running: try again in a moment."
            raise Problem("ignition.handlers_busy", msg, kind=Kind.UNAVAILABLE, retry_after=1)
        outcome: asyncio.Future[Response[Any]] = asyncio.get_running_loop().create_future()
        # The copied context lets the thread note the sources that it reads.
        work = partial(copy_context().run, self._work, described, link, outcome)
        thread = threading.Thread(target=work, daemon=True, name="ignition")
        thread.start()
        try:
            return await asyncio.wait_for(outcome, self.handlers.limit)
        except TimeoutError:
            msg = f"The handler did not end in {self.handlers.limit:g} s (TIA_IGNITION_HANDLER_LIMIT)."
            raise Problem("ignition.handler_slow", msg, kind=Kind.TIMED_OUT) from None
        finally:
            link.end()

    def _work(self, described: dict[str, Any], link: Link, outcome: asyncio.Future[Response[Any]]) -> None:
        """Run on the handler's own thread."""
        found: Response[Any] | None = None
        error: Exception | None = None
        try:
            found = self._answer(described, link)
        except Problem as problem:
            error = problem
        except BaseException:
            log.exception("The handler %s failed", self.file)
            msg = "The handler failed; the log of the service has the details."
            error = Problem("ignition.handler_failed", msg, kind=Kind.FAILED)
        finally:
            self.handlers.free.release()

        def settle() -> None:
            if outcome.done():
                return
            if error is None:
                assert found is not None  # noqa: S101 - there is an answer or an error
                outcome.set_result(found)
            else:
                outcome.set_exception(error)

        link.deliver(settle)

    def _answer(self, described: dict[str, Any], link: Link) -> Response[Any]:
        names: dict[str, Any] = {"system": System(link)}
        names["project"] = Shared(self.folder / SHARED, names)
        _execute(self.file, names)
        name = _METHODS[described["method"]]
        function = names.get(name)
        if not callable(function):
            raise HttpProblem("ignition.method", f"This handler has no {name}, so it does not take this method.", 405)
        return response_of(function(described, {}), self.folder)


class Shared:
    """The scripts that the handlers of a project share, as attributes of `project`."""

    def __init__(self, folder: Path, names: dict[str, Any]) -> None:
        """Find scripts in a folder; they see the same names as the handler."""
        self._folder, self._names = folder, names
        self._loaded: dict[str, Shared | Script] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not _NAME.fullmatch(name):
            raise AttributeError(name)
        if name not in self._loaded:
            file, folder = self._folder / f"{name}.py", self._folder / name
            if _is_within(file, self._folder):
                own = {each: self._names[each] for each in ("system", "project")}
                _execute(file, own)
                self._loaded[name] = Script(own)
            elif folder.is_dir():
                self._loaded[name] = Shared(folder, self._names)
            else:
                raise AttributeError(f"There is no script {file}.")
        return self._loaded[name]


class Script:
    """A shared script: its functions are attributes."""

    def __init__(self, names: dict[str, Any]) -> None:
        """Show the names of a script that was executed."""
        self.__dict__.update(names)


async def _describe(request: Call) -> dict[str, Any]:
    """Return a request as WebDev describes it to handlers."""
    body = await request.body()
    query = {name: request.query_params.getall(name) for name in request.query_params}
    try:
        data: str | bytes = body.decode()
    except UnicodeDecodeError:
        data = body
    return {
        "method": request.method,
        "data": data,
        "headers": RequestHeaders({name.title(): text for name, text in request.headers.items()}),
        "params": {name: values[0] if len(values) == 1 else values for name, values in query.items()},
        "remoteAddr": request.client.host if request.client else "",
        "scheme": request.url.scheme,
    }


def _execute(file: Path, names: dict[str, Any]) -> None:
    """Run a script of the administrator's folder in these names."""
    about = file.stat()
    if about.st_size > LARGEST:
        msg = f"{file} is larger than {LARGEST} bytes."
        raise ValueError(msg)
    names |= {"__name__": "handler", "__file__": str(file)}
    exec(_compiled(file, about.st_mtime_ns, about.st_size), names)  # noqa: S102 - the administrator's own code


@lru_cache(maxsize=256)
def _compiled(file: Path, changed: int, size: int) -> CodeType:
    """Return the code of a script; it is compiled again when the file has changed."""
    del changed, size
    return compile(file.read_bytes(), str(file), "exec")


def _is_within(file: Path, folder: Path) -> bool:
    """Return whether a file is there and is in a folder, links followed."""
    return file.is_file() and file.resolve().is_relative_to(folder.resolve())
