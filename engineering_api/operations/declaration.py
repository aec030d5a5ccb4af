"""Declares what the service can do: operations and endpoints, each once.

An operation is one typed function. Its declaration says where it is offered
(routes that wait, routes that answer with a job, aliases), which right it
needs, which lock it takes and where it runs. HTTP handlers, OpenAPI, jobs, the
command line, discovery and the audit log are made from that one declaration.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar, get_type_hints

import msgspec

from engineering_api.operations.fields import Request, marked, secrets_of
from engineering_api.operations.terms import Lock, Login, Mode, Place, Reach, Right, Route, Site, Task, Trial, Undo

WRITE_FILES = Right.ENGINEER
"""The right to make, replace or remove files of this machine, by any operation."""
F = TypeVar("F", bound=Callable[..., Any])
Projects = Callable[[Any, Any], list[str]]
"""Gives the files of the projects that a request names, from the service and the request."""


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One thing that the service can do.

    Attributes:
        name: resource.verb, stable; what jobs, audit and the command line say.
        section: The section of the vendor's printed list.
        run: The function: (context, request) -> answer; with `reads`, (context, request, given) -> answer; `given` is what `reads` returned.
        request: The struct that it takes; its path, query and body fields together.
        answer: The type of what it returns.
        example: A request as a caller would write it.
        destroys: Whether something that was there is removed or overwritten.
        undo: How it is taken back; NEEDLESS where nothing is changed.
        trial: How a dry run of it is made.
        resource: The operation that reads what this one changes, as its function; None where the path shows it.
        items: The field of the answer that holds its list; empty where the answer may be the list.
        event: What the event is called that is published when it has succeeded.
        site: Where it runs behind a gateway.
        repeatable: Whether it may run again when it is not known whether it ran: reads, and changes that declare it.
        reach: What it works on: a caller who is limited to some projects may use it only for these.
        projects: Finds the files of the projects that a request names: (service, request) -> files; only where reach is
            NAMED.
        tool: What its tool is called where clients know it by another name than its own.
        task: The task for which clients see the tool without a search; None where only a search finds it.
        when: When the tool is the right one, as the end of the sentence "Use it …"; empty where it is not listed.
        unless: When it is not, and which tool is then, as the end of "Not …".
        no_tool: Why it is no tool; empty for one that may be.
        step: Whether it may be a step of a pipeline.
        container: Whether what it reads says little of what is below its path.
        creates: Whether it makes the object that its path names if there is none.
        kept: Whether its answer depends on nothing but the open project: it is then kept until the next change.
        reads: Reads the files and texts of a request, before a lock is taken and on none of TIA Portal's threads:
            (context, request) -> what the function is given; None where there are none.
        live: Whether its answer has values of a running program: it then names that program in fields `online`.
    """

    name: str
    section: str
    run: Callable[[Any, Any], Any]
    request: type[Request]
    answer: Any
    routes: tuple[Route, ...]
    right: Right
    lock: Lock
    place: Place
    changes: bool
    example: dict[str, Any] = field(default_factory=dict)
    done: str = "OK"
    trial: Trial = Trial.CHECKED
    resource: Callable[..., Any] | None = None
    items: str = ""
    event: str = ""
    site: Site = Site.WORKER
    repeatable: bool = False
    destroys: bool = False
    undo: Undo = Undo.NEEDLESS
    reach: Reach = Reach.ALL
    projects: Projects | None = None
    tool: str = ""
    task: Task | None = None
    when: str = ""
    unless: str = ""
    no_tool: str = ""
    step: bool = True
    container: bool = False
    creates: bool = False
    kept: bool = False
    reads: Callable[[Any, Any], Any] | None = None
    live: bool = False

    @property
    def takes_files(self) -> bool:
        """Whether it works with files of its request while the project is locked: they are checked before."""
        return self.lock is Lock.PROJECT and bool(marked(self.request, "path"))

    def right_for(self, request: Request) -> Right:
        """Return the right that a request needs: more than the operation as such where it names a file that is written."""
        return max(self.right, WRITE_FILES) if self.writes_files(request) else self.right

    def writes_files(self, request: Request) -> bool:
        """Return whether a request names a file or folder that the operation writes."""
        return any(getattr(request, field.name) for field in marked(self.request, "writes"))

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return (inspect.getdoc(self.run) or "").partition("\n")[0]

    @property
    def description(self) -> str:
        """The docstring without its first line."""
        return (inspect.getdoc(self.run) or "").partition("\n")[2].strip()


EVENTS, JSON = "text/event-stream", "application/json"


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """A way into the service where no JSON request gets one JSON answer: a stream of events, a file, or another protocol.

    Attributes:
        name: As of operations.
        section: The section of the vendor's printed list.
        run: The function. Of a stream: (listening) -> messages, as in operations.streams; it refuses before the first
            message. Of any other endpoint: (context, HTTP request) -> HTTP response.
        routes: Where it is offered.
        site: As of operations; a gateway does not pass on endpoints of a worker.
        reach: What it works on. Callers who are limited to some projects are refused ALL, and limited to the open PROJECT;
            where it is OWN, the function gives them only what they made.
        media: The media type of what it sends.
        query: The fields of its query, each with its description.
        body: The media type of the request's body; empty where there is none.
        deep: Whether the last parameter of its path takes the rest of the path, with slashes.
        open_to: Lets a caller in who lacks the right, by the settings; None where nobody is.
        is_stream: Whether it sends messages, one after the other.
        status: The status of a success.
        login: How callers may identify themselves.
        subprotocol: What is spoken where it is a WebSocket; then the function is given the socket of an identified caller.
        serve: Serves a WebSocket at the same paths, whose caller the headers of its handshake identify; None where there is
            none. The other way of `subprotocol`, for protocols that choose the transport in the query.
        live: Whether it sends values of running programs. The function of a stream then returns a LiveStream, whose beats name the
            programs; other answers over HTTP have a header that does (runtime/answer_programs.py).
        also: Further names of fields of the query, which clients of others send and the description does not have.
        takes_any: Whether the query may have any fields: its function checks them, or clients of a protocol send more.
    """

    name: str
    section: str
    run: Callable[..., Awaitable[Any]]
    routes: tuple[Route, ...]
    right: Right
    site: Site
    reach: Reach
    media: str
    query: Mapping[str, str]
    body: str = ""
    deep: bool = False
    open_to: Callable[[Any, Any], bool] | None = None
    is_stream: bool = False
    status: int = 200
    login: Login = Login.OWN
    subprotocol: str = ""
    serve: Callable[[Any], Awaitable[None]] | None = None
    live: bool = False
    also: frozenset[str] = frozenset()
    takes_any: bool = False

    @property
    def is_socket(self) -> bool:
        """Whether clients may connect by WebSocket."""
        return bool(self.subprotocol) or self.serve is not None

    @property
    def is_only_socket(self) -> bool:
        """Whether HTTP has nothing there but the handshake of a WebSocket."""
        return bool(self.subprotocol) and self.serve is None

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return (inspect.getdoc(self.run) or "").partition("\n")[0]


class Section:
    """The operations and endpoints of one section, in the order in which they are written."""

    def __init__(self, title: str, site: Site = Site.WORKER, *, reach: Reach | None = None, no_tool: str = "") -> None:
        """Name the section as the printed list does.

        Args:
            title: Its name.
            site: Where its operations belong that take no lock.
            reach: What its operations work on that take no lock. Without it, each of them that changes something declares
                its own, and the others have ALL: callers who are limited to some projects are refused.
            no_tool: Why none of its operations is a tool.
        """
        self.title, self.site, self.reach, self.no_tool = title, site, reach, no_tool
        self.operations: list[Operation] = []
        self.endpoints: list[Endpoint] = []

    def operation(
        self,
        *,
        wait: str | tuple[str, ...] = (),
        job: str | tuple[str, ...] = (),
        also: str | tuple[str, ...] = (),
        also_job: str | tuple[str, ...] = (),
        right: Right = Right.ENGINEER,
        lock: Lock = Lock.PORTAL,
        place: Place | None = None,
        changes: bool = True,
        destroys: bool | None = None,
        undo: Undo | None = None,
        example: dict[str, Any] | None = None,
        done: str = "OK",
        trial: Trial | None = None,
        resource: Callable[..., Any] | None = None,
        items: str = "",
        event: str = "",
        site: Site | None = None,
        repeatable: bool = False,
        reach: Reach | None = None,
        projects: Projects | None = None,
        tool: str = "",
        task: Task | None = None,
        when: str = "",
        unless: str = "",
        no_tool: str = "",
        step: bool = True,
        container: bool = False,
        creates: bool = False,
        kept: bool = False,
        reads: Callable[[Any, Any], Any] | None = None,
        live: bool = False,
    ) -> Callable[[F], F]:
        """Declare an operation.

        Args:
            wait: Printed routes that wait for the result.
            job: Printed routes that answer with a job.
            also: Unprinted routes that wait: aliases and additions.
            also_job: Unprinted routes that answer with a job.
            right: The right that a caller needs; at least WRITE_FILES where the request must name a file that is written.
            lock: What it keeps others from.
            place: Where it runs; by default the portal's thread, or a worker where no lock is taken.
            changes: Whether it changes anything; then it is audited.
            destroys: Whether it removes or overwrites something that was there. A flag that makes it do so is declared with
                the field instead. Required where it changes anything.
            undo: How it is taken back. Required where it changes anything.
            example: A request.
            done: What the message of the answer says; `TOLD` where the answer shows it already.
            trial: How a dry run is made; by default undone where the project's lock is taken on the portal's thread.
            resource: The function of the operation that reads what this one changes, where its path does not name it.
            items: The field of the answer that holds its list, where the answer is not a list itself.
            event: The event that its success is, such as project.saved; by default project.changed under the project's lock.
            site: Where it runs behind a gateway; by default at a worker where a lock is taken, else as its section.
            repeatable: Whether doing it twice has the same effect as doing it once; reads always are.
            reach: What it works on; by default the open project where a lock is taken, else as its section.
            projects: Gives the files of the projects that a request names; then its reach is NAMED.
            tool: What its tool is called where clients know it by another name than the operation's.
            task: For which task clients see the tool without a search. A client shows its model every listed tool in
                every conversation, so few are listed.
            when: When the tool is the right one, as the end of the sentence "Use it …".
            unless: When it is not, and which tool is then, as the end of "Not …".
            no_tool: Why it is no tool; by default as its section.
            step: Whether it may be a step of a pipeline; not where it begins one.
            container: Whether what it reads says little of what is below its path.
            creates: Whether it makes the object that its path names if there is none.
            kept: Whether its answer depends on nothing but the open project, so that it is kept until the next change.
            reads: Reads the files and texts of a request before the lock is taken; the function gets what it returns.
            live: Whether its answer has values of a running program, with fields `online` that name the program.

        Raises:
            ValueError: What a change destroys, how it is taken back or what it works on is missing, or contradicts
                itself; nothing gives the projects that it names; a change is kept; it is a listed tool without a name, or without the
                words for when to use it and when not; or it has a name and is no tool.
        """
        routes = (
            *_routes(wait, Mode.WAIT),
            *_routes(job, Mode.JOB),
            *_routes(also, Mode.WAIT, alias=True),
            *_routes(also_job, Mode.JOB, alias=True),
        )
        where = place or (Place.WORKER if lock is Lock.NONE else Place.PORTAL)
        writes = changes and lock is Lock.PROJECT
        tried = trial or (Trial.UNDONE if writes and where is Place.PORTAL else Trial.CHECKED)
        usual = (self.reach or Reach.ALL) if lock is Lock.NONE else Reach.PROJECT
        reached = reach or (Reach.NAMED if projects else usual)
        has_reach = bool(reach or projects or self.reach) or lock is not Lock.NONE
        why_no_tool = no_tool or self.no_tool

        def declare(function: F) -> F:
            hints = get_type_hints(function)
            _, request_name, *read = list(inspect.signature(function).parameters)
            if len(read) != (reads is not None):
                msg = f"{name_of(function)}: a third parameter and reads belong together."
                raise ValueError(msg)
            name = name_of(function)
            must_write = any(field.required for field in marked(hints[request_name], "writes"))
            _require_way_back(name, destroys, undo, lock, changes=changes)
            if changes and not has_reach:
                msg = f"{name} changes something and takes no lock: declare reach, for it or for its section."
                raise ValueError(msg)
            if (reached is Reach.NAMED) != (projects is not None):
                msg = f"{name}: reach NAMED and projects belong together."
                raise ValueError(msg)
            if kept and (changes or where is not Place.PORTAL):
                msg = f"{name}: only what is read from TIA Portal is kept."
                raise ValueError(msg)
            if tool and why_no_tool:
                msg = f"{name}: an operation without a tool has no name of one."
                raise ValueError(msg)
            if {bool(task and tool), bool(when), bool(unless)} != {task is not None}:
                msg = (
                    f"{name}: a tool with a task has a name, when and unless; one without has neither of the last two."
                )
                raise ValueError(msg)
            self.operations.append(
                Operation(
                    name,
                    self.title,
                    function,
                    hints[request_name],
                    hints["return"],
                    routes,
                    max(right, WRITE_FILES) if must_write else right,
                    lock,
                    where,
                    changes,
                    example or {},
                    done,
                    tried,
                    resource,
                    items,
                    event or ("project.changed" if writes else ""),
                    site or (self.site if lock is Lock.NONE else Site.WORKER),
                    repeatable or not changes,
                    bool(destroys),
                    undo or Undo.NEEDLESS,
                    reached,
                    projects,
                    tool,
                    task,
                    when,
                    unless,
                    why_no_tool,
                    step,
                    container,
                    creates,
                    kept,
                    reads,
                    live,
                )
            )
            return function

        return declare

    def stream(
        self,
        route: str,
        *,
        reach: Reach,
        right: Right = Right.VIEW,
        query: Mapping[str, str] | None = None,
        live: bool = False,
    ) -> Callable[[F], F]:
        """Declare an endpoint that sends server-sent events; arguments as of `endpoint`."""
        return self.endpoint(route, reach=reach, right=right, query=query, media=EVENTS, is_stream=True, live=live)

    def socket(
        self, route: str, subprotocol: str, *, reach: Reach, right: Right = Right.VIEW, live: bool = False
    ) -> Callable[[F], F]:
        """Declare an endpoint that is a WebSocket: its function serves a web.sockets.Socket; arguments as of `endpoint`."""
        return self.endpoint(
            route, reach=reach, right=right, media=JSON, status=101, subprotocol=subprotocol, live=live
        )

    def endpoint(
        self,
        *routes: str,
        reach: Reach,
        media: str,
        right: Right = Right.VIEW,
        query: Mapping[str, str] | None = None,
        body: str = "",
        deep: bool = False,
        open_to: Callable[[Any, Any], bool] | None = None,
        is_stream: bool = False,
        status: int = 200,
        login: Login = Login.OWN,
        subprotocol: str = "",
        serve: Callable[[Any], Awaitable[None]] | None = None,
        live: bool = False,
        also: Iterable[str] = (),
        takes_any: bool = False,
    ) -> Callable[[F], F]:
        """Declare an endpoint. Other fields in its query than those that are declared are refused.

        Args:
            routes: Where it is offered.
            reach: What it works on: NOTHING, OWN, PROJECT or ALL.
            media: The media type of what it sends.
            right: The right that a caller needs.
            query: The fields of its query, each with its description.
            body: The media type of the request's body.
            deep: Whether the last parameter of its path takes the rest of the path.
            open_to: (settings, caller) -> whether the caller needs no right.
            is_stream: Whether the function returns messages and no response.
            status: The status of a success.
            login: How callers may identify themselves.
            subprotocol: What is spoken where it is a WebSocket.
            serve: Serves a web.sockets.Socket at the same paths, whose caller the headers of its handshake identify.
            live: Whether it sends values of running programs; then its beats, or a header, name these programs.
            also: Further names of fields of the query, which clients of others send.
            takes_any: Whether the query may have any fields.
        """

        def declare(function: F) -> F:
            self.endpoints.append(
                Endpoint(
                    name_of(function),
                    self.title,
                    function,
                    tuple(_routes(routes, Mode.WAIT)),
                    right,
                    self.site,
                    reach,
                    media,
                    query or {},
                    body,
                    deep,
                    open_to,
                    is_stream,
                    status,
                    login,
                    subprotocol,
                    serve,
                    live,
                    frozenset(also),
                    takes_any,
                )
            )
            return function

        return declare


def module_name(module: str) -> str:
    """Return the word for a module in names of operations and types: `tags` for `features.tags.tags_operations`."""
    return module.rpartition(".")[2].removesuffix("_operations")


def name_of(function: Callable[..., Any]) -> str:
    """Return the name of the operation that a function is declared to be: `tags.add` for `tags_operations.add`.

    It is for data that holds names, such as examples. To find an operation, code asks the catalogue for its function.
    """
    return f"{module_name(function.__module__)}.{function.__name__}"


@cache
def answers_secret(op: Operation) -> bool:
    """Return whether an operation's answer holds a key: only its caller sees it, and no job or cache keeps it."""
    return isinstance(op.answer, type) and issubclass(op.answer, msgspec.Struct) and bool(secrets_of(op.answer))


def _require_way_back(name: str, destroys: bool | None, undo: Undo | None, lock: Lock, *, changes: bool) -> None:
    """Refuse a change that does not say what it destroys and how it is taken back, and a read that does."""
    if changes and (destroys is None or undo is None):
        msg = f"{name} changes something: declare whether it destroys, and undo."
    elif not changes and (destroys is not None or undo is not None):
        msg = f"{name} changes nothing: it neither destroys nor is it undone."
    elif destroys and undo is Undo.NEEDLESS:
        msg = f"{name} destroys something, so undo is KEPT or NEVER."
    elif undo is Undo.KEPT and lock is not Lock.PROJECT:
        msg = f"{name} takes no lock PROJECT: its changes cannot be separated from those of others."
    else:
        return
    raise ValueError(msg)


def _routes(texts: str | tuple[str, ...], mode: Mode, *, alias: bool = False) -> Iterator[Route]:
    for text in (texts,) if isinstance(texts, str) else texts:
        method, path = text.split(" ", 1)
        yield Route(method, path, mode, alias)
