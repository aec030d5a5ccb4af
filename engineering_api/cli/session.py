"""One command's exchange with the server: calls, jobs with their progress, and files in both directions.

It does without the catalogue and the typed client, which need a second to import: the index has the routes, and the
server checks the values.
"""

from __future__ import annotations

import io
import signal
import sys
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from types import FrameType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import click
import httpx
import msgspec

from engineering_api.cli import index
from engineering_api.client import answers, leading, talk
from engineering_api.client.access import Access
from engineering_api.client.call import Call, segment
from engineering_api.client.options import Options, text
from engineering_api.files.sent_paths import TRANSFER, escape
from engineering_api.operations.jobs import JobRecord
from openness_bridge.errors import Kind, Place, Problem

T = TypeVar("T")
SOON = "1"
"""Seconds that the server works before it answers with a job, whose progress is shown and which Ctrl-C cancels."""
_BAR = 30


class Session:
    """A server, for the time of one command."""

    def __init__(self, *, quiet: bool = False) -> None:
        """Find the server.

        Args:
            quiet: Whether no progress is shown.
        """
        self.access = Access(None, None)
        self._http = httpx.Client()
        self._bar = not quiet and sys.stderr.isatty()
        self._folder = ""
        self._local: dict[str, str] = {}
        self._interrupted = False

    def __enter__(self) -> Self:
        """Keep the connection open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove transferred files from the server, and close the connection."""
        if self._folder:
            try:
                self.call("files delete", path=self._folder, recursive=True)
            except Problem as problem:
                if problem.kind is not Kind.MISSING:
                    click.echo(f"The server keeps {self._folder}: {problem.message}", err=True)
        self._http.close()

    def call(self, words: str, /, **document: Any) -> Any:
        """Run a command, such as "devices list", and return its result.

        Raises:
            Problem: It was refused, or failed.
        """
        return self.run(index.require(words), document)

    def run(self, command: index.Command, document: dict[str, Any], query: dict[str, Any] | None = None) -> Any:
        """Run a command with its document and further options of the request; wait for its result.

        Raises:
            Problem: It was refused, failed, or was cancelled by Ctrl-C.
        """
        try:
            return self._run(call_of(command, document, query or {}))
        except Problem as problem:
            self._name_local_files(problem)
            raise

    def _run(self, call: Call) -> Any:
        with self._interruptible():
            response = self.lead(talk.exchange(call, self.access, Options()))
        envelope = answers.open_envelope(response)
        if response.status_code != talk.ACCEPTED:
            return msgspec.json.decode(envelope.data)
        job_id = msgspec.json.decode(envelope.data, type=talk.JobRef).job_id
        return answers.result(self.follow(job_id), answers.UNTYPED)

    def _name_local_files(self, problem: Problem) -> None:
        """Replace the paths on the server of sent files by those that the user gave."""
        for there, here in self._local.items():
            problem.message = problem.message.replace(there, here)
            problem.place = _at(problem.place, there, here)
            problem.details = [
                msgspec.structs.replace(
                    each, message=each.message.replace(there, here), place=_at(each.place, there, here)
                )
                for each in problem.details
            ]

    def start(self, command: index.Command, document: dict[str, Any], query: dict[str, Any] | None = None) -> str:
        """Start a command as a job, and return the job's id.

        Raises:
            Problem: It was refused.
        """
        call = call_of(command, document, query or {})
        call = Call(call.method, call.path, call.query, call.body, {"Prefer": "respond-async"})
        return self.lead(talk.begin(call, self.access, Options()))

    def send(self, method: str, path: str, query: dict[str, str], body: bytes) -> httpx.Response:
        """Send a request as it is given.

        Raises:
            Problem: It was refused.
        """
        return self.lead(talk.exchange(Call(method, path, query, body), self.access, Options()))

    def follow(self, job_id: str) -> JobRecord:
        """Wait for a job and show its progress; Ctrl-C cancels it."""
        options = Options(progress=self._show if self._bar else None)
        try:
            if self._interrupted:
                raise KeyboardInterrupt
            return self.lead(talk.follow(job_id, self.access, options))
        except KeyboardInterrupt:
            self._clear()
            click.echo(f"Cancelling the job {job_id} ...", err=True)
            self.lead(talk.cancel(job_id, self.access, Options()))
            return self.lead(talk.follow(job_id, self.access, Options()))
        finally:
            self._clear()

    # -- files --------------------------------------------------------------------------

    def place(self, name: str) -> str:
        """Return a path in the server's workspace for a file on its way, in a folder that the session removes."""
        if not self._folder:
            self._folder = f"{TRANSFER}/{uuid.uuid4().hex}"
        return f"{self._folder}/{name}"

    def upload(self, file: Path, name: str = "") -> str:
        """Send a local file to the server. Returns its path there.

        Raises:
            Problem: The server refused it.
        """
        path = self.place(name or escape(file))
        self._local[path] = str(file)
        content = file.read_bytes()
        response = self._http.send(self._request("PUT", path, content))
        answers.open_envelope(response)
        return path

    def fetch(self, path: str) -> dict[str, bytes]:
        """Return a file of the server, or all files of a folder, by their names.

        Raises:
            Problem: The server refused it.
        """
        response = self._http.send(self._request("GET", path))
        if response.is_error:
            answers.open_envelope(response)
        if response.headers.get("content-type", "").startswith("application/zip"):
            from engineering_api.files.archives import require_harmless

            require_harmless(io.BytesIO(response.content), path)
            with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
                return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
        return {PurePosixPath(path).name: response.content}

    def _request(self, method: str, path: str, content: bytes = b"") -> httpx.Request:
        key = self.access.find_key()
        headers = {"X-API-Key": key, "Content-Type": "application/octet-stream"} if key else {}
        url = f"{self.access.url}/api/files/{quote(path)}"
        timeout = httpx.Timeout(Options().timeout, connect=talk.CONNECT).as_dict()
        return httpx.Request(method, url, content=content or None, headers=headers, extensions={"timeout": timeout})

    # -- conversation -------------------------------------------------------------------

    def lead(self, conversation: talk.Talk[T]) -> T:
        """Carry a conversation with the server to its end."""
        return leading.lead(conversation, self._http)

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        """Note Ctrl-C while a request runs, which the server answers soon; a second Ctrl-C ends the command at once."""

        def note(_number: int, _frame: FrameType | None) -> None:
            if self._interrupted:
                raise KeyboardInterrupt
            self._interrupted = True

        try:
            before = signal.signal(signal.SIGINT, note)
        except ValueError:  # not in the main thread
            yield
            return
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _show(self, job: JobRecord) -> None:
        done = int(job.progress * _BAR / 100)
        line = f"[{'#' * done}{'.' * (_BAR - done)}] {job.progress:3.0f} % {job.message}"
        click.echo(f"\r\x1b[K{line[: max(20, _columns() - 1)]}", err=True, nl=False)

    def _clear(self) -> None:
        if self._bar:
            click.echo("\r\x1b[K", err=True, nl=False)


def _at(place: Place | None, there: str, here: str) -> Place | None:
    if place is None or place.path != there:
        return place
    return msgspec.structs.replace(place, path=here)


def _columns() -> int:
    import shutil

    return shutil.get_terminal_size().columns


def call_of(command: index.Command, document: dict[str, Any], query: dict[str, Any]) -> Call:
    """Return the request of a command: path, query and body as the index says.

    Raises:
        Problem: A part of the path is missing.
    """
    path, given, body = str(command.about["path"]), dict(query), {}
    places = {field["name"]: field["place"] for field in command.fields}
    for name, value in document.items():
        place = places.get(name, "body")
        if place == "path":
            path = path.replace(f"{{{name}}}", segment(text(value)))
        elif place == "query":
            given[name] = value
        else:
            body[name] = value
    if "{" in path:
        name = path[path.index("{") + 1 : path.index("}")]
        raise Problem("request.missing_field", f"The field '{name}' is missing.", kind=Kind.INVALID)
    method = str(command.about["method"])
    content = msgspec.json.encode(body) if body else b""
    prefer = {"Prefer": f"wait={SOON}"} if "wait" in command.about["options"] else {}
    return Call(method, path, {name: text(value) for name, value in given.items()}, content, prefer)
