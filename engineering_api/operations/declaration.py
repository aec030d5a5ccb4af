"""Declares what the service can do: operations and endpoints, each once.

An operation is one typed function. Its declaration says where it is offered
(routes that wait, routes that answer with a job, aliases), which right it
needs, which lock it takes and where it runs. HTTP handlers, OpenAPI, jobs, the
command line, discovery and the audit log are made from that one declaration.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, get_type_hints

import msgspec

from engineering_api.operations.fields import Request, marked, secrets_of
from engineering_api.operations.terms import Lock, Login, Mode, Place, Reach, Right, Route, Site, Task, Trial, Undo

WRITE_FILES = Right.ENGINEER
"""The right to make, replace or remove files of this machine, by any operation."""
F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")
Projects = Callable[[Any, Any], list[str]]
"""Gives the files of the projects that a request names, from the service and the request."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Terms:
    """What is declared of an operation, and known of it in the same words.

    Attributes:
        changes: Whether it changes anything; then it is audited.
        example: A request as a caller would write it.
        done: What the message of the answer says; `TOLD` where the answer shows it already.
        resource: The operation that reads what this one changes, as its function; None where the path shows it.
        items: The field of the answer that holds its list; empty where the answer may be the list.
        event: The event that its success is, such as project.saved; by default project.changed under the project's lock.
        repeatable: Whether doing it twice has the same effect as doing it once, so that it may run again when it is not known
            whether it ran; reads always are.
        projects: Finds the files of the projects that a request names: (service, request) -> files; then its reach is NAMED.
        tool: What its tool is called where clients know it by another name than its own.
        task: The task for which clients see the tool without a search; None where only a search finds it. A client shows its
            model every listed tool in every conversation, so few are listed.
        when: When the tool is the right one, as the end of the sentence "Use it …"; empty where it is not listed.
        unless: When it is not, and which tool is then, as the end of "Not …".
        no_tool: Why it is no tool; by default as its section, and empty for one that may be.
        step: Whether it may be a step of a pipeline; not where it begins one.
        container: Whether what it reads says little of what is below its path.
        creates: Whether it makes the object that its path names if there is none.
        kept: Whether its answer depends on nothing but the open project: it is then kept until the next change.
        reads: Reads the files and texts of a request, before a lock is taken and on none of TIA Portal's threads:
            (context, request) -> what the function is given; None where there are none.
        live: Whether its answer has values of a running program: it then names that program in fields `online`.
    """

    changes: bool = True
    example: dict[str, Any] = field(default_factory=dict)
    done: str = "OK"
    resource: Callable[..., Any] | None = None
    items: str = ""
    event: str = ""
    repeatable: bool = False
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


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Operation(Terms):
    """One thing that the service can do.

    Attributes:
        name: resource.verb, stable; what jobs, audit and the command line say.
        section: The section of the vendor's printed list.
        run: The function: (context, request) -> answer; with `reads`, (context, request, given) -> answer; `given` is what `reads` returned.
        request: The struct that it takes; its path, query and body fields together.
        answer: The type of what it returns.
        routes: Where it is offered.
        right: The right that a caller needs.
        lock: What it keeps others from.
        place: Where it runs.
        trial: How a dry run of it is made.
        site: Where it runs behind a gateway.
        destroys: Whether something that was there is removed or overwritten.
        undo: How it is taken back; NEEDLESS where nothing is changed.
        reach: What it works on: a caller who is limited to some projects may use it only for these.
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
    trial: Trial
    site: Site
    destroys: bool
    undo: Undo
    reach: Reach

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
            programs; other answers over HTTP have a header that does (runtime_data/answer_programs.py).
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


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Declaration(Terms):
    """Declares an operation of a section: a decorator of its function. What it leaves open, the section or a rule decides.

    Attributes:
        section: The section.
        wait: Printed routes that wait for the result.
        job: Printed routes that answer with a job.
        also: Unprinted routes that wait: aliases and additions.
        also_job: Unprinted routes that answer with a job.
        right: The right that a caller needs, by default as its section; at least WRITE_FILES where the request must name a
            file that is written.
        lock: What it keeps others from; by default as its section.
        place: Where it runs; by default as its section, else the portal's thread, or a worker where no lock is taken.
        destroys: Whether it removes or overwrites something that was there. A flag that makes it do so is declared with
            the field instead. Required where it changes anything.
        undo: How it is taken back. Required where it changes anything.
        trial: How a dry run is made; by default undone where the project's lock is taken on the portal's thread.
        site: Where it runs behind a gateway; by default at a worker where a lock is taken, else as its section.
        reach: What it works on; by default the open project where a lock is taken, else as its section.
    """

    section: Section = field(kw_only=False)
    wait: str | tuple[str, ...] = ()
    job: str | tuple[str, ...] = ()
    also: str | tuple[str, ...] = ()
    also_job: str | tuple[str, ...] = ()
    right: Right | None = None
    lock: Lock | None = None
    place: Place | None = None
    destroys: bool | None = None
    undo: Undo | None = None
    trial: Trial | None = None
    site: Site | None = None
    reach: Reach | None = None

    def __call__(self, function: F) -> F:
        """Add the operation to the section.

        Raises:
            ValueError: What a change destroys, how it is taken back or what it works on is missing, or contradicts
                itself; nothing gives the projects that it names; a change is kept; it is a listed tool without a name, or without the
                words for when to use it and when not; or it has a name and is no tool.
        """
        section, hints = self.section, get_type_hints(function)
        _, request, *read = inspect.signature(function).parameters
        lock = self.lock or section.lock
        right = section.right if self.right is None else self.right
        must_write = any(each.required for each in marked(hints[request], "writes"))
        usual = (section.reach or Reach.ALL) if lock is Lock.NONE else Reach.PROJECT
        place = self.place or section.place or (Place.WORKER if lock is Lock.NONE else Place.PORTAL)
        writes = self.changes and lock is Lock.PROJECT
        terms = {each.name: getattr(self, each.name) for each in fields(Terms)} | {
            "event": self.event or ("project.changed" if writes else ""),
            "repeatable": self.repeatable or not self.changes,
            "no_tool": self.no_tool or section.no_tool,
        }
        made = Operation(
            **terms,
            name=name_of(function),
            section=section.title,
            run=function,
            request=hints[request],
            answer=hints["return"],
            routes=(
                *_routes(self.wait, Mode.WAIT),
                *_routes(self.job, Mode.JOB),
                *_routes(self.also, Mode.WAIT, alias=True),
                *_routes(self.also_job, Mode.JOB, alias=True),
            ),
            right=max(right, WRITE_FILES) if must_write else right,
            lock=lock,
            place=place,
            trial=self.trial or (Trial.UNDONE if writes and place is Place.PORTAL else Trial.CHECKED),
            site=self.site or (section.site if lock is Lock.NONE else Site.WORKER),
            destroys=bool(self.destroys),
            undo=self.undo or Undo.NEEDLESS,
            reach=self.reach or (Reach.NAMED if self.projects else usual),
        )
        wrong = [*self._contradictions(made), *_contradictions(made, len(read))]
        if wrong:
            msg = f"{made.name}{wrong[0]}"
            raise ValueError(msg)
        section.operations.append(made)
        return function

    def _contradictions(self, made: Operation) -> Iterator[str]:
        """Yield why a change does not say what it works on, what it destroys and how it is taken back, or a read does."""
        if self.changes and (self.destroys is None or self.undo is None):
            yield " changes something: declare whether it destroys, and undo."
        if not self.changes and (self.destroys is not None or self.undo is not None):
            yield " changes nothing: it neither destroys nor is it undone."
        has_reach = self.reach or self.projects or self.section.reach or made.lock is not Lock.NONE
        if self.changes and not has_reach:
            yield " changes something and takes no lock: declare reach, for it or for its section."


def _contradictions(op: Operation, given: int) -> Iterator[str]:
    """Yield what contradicts itself in an operation whose function takes so many parameters after the request."""
    if given != (op.reads is not None):
        yield ": a third parameter and reads belong together."
    if op.destroys and op.undo is Undo.NEEDLESS:
        yield " destroys something, so undo is KEPT or NEVER."
    if op.undo is Undo.KEPT and op.lock is not Lock.PROJECT:
        yield " takes no lock PROJECT: its changes cannot be separated from those of others."
    if (op.reach is Reach.NAMED) != (op.projects is not None):
        yield ": reach NAMED and projects belong together."
    if op.kept and (op.changes or op.place is not Place.PORTAL):
        yield ": only what is read from TIA Portal is kept."
    if op.tool and op.no_tool:
        yield ": an operation without a tool has no name of one."
    if {bool(op.task and op.tool), bool(op.when), bool(op.unless)} != {op.task is not None}:
        yield ": a tool with a task has a name, when and unless; one without has neither of the last two."


def _method(kind: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Return a class as a method: it is called with the object whose method it is, and the caller's arguments."""

    @wraps(kind)
    def make(owner: S, /, *given: P.args, **named: P.kwargs) -> T:
        return kind(owner, *given, **named)

    return make


class Section:
    """The operations and endpoints of one section, in the order in which they are written."""

    def __init__(
        self,
        title: str,
        site: Site = Site.WORKER,
        *,
        reach: Reach | None = None,
        no_tool: str = "",
        lock: Lock = Lock.PORTAL,
        right: Right = Right.ENGINEER,
        place: Place | None = None,
    ) -> None:
        """Name the section as the printed list does, and say what holds for each operation that does not declare it itself.

        Args:
            title: Its name.
            site: Where its operations belong that take no lock.
            reach: What its operations work on that take no lock. Without it, each of them that changes something declares
                its own, and the others have ALL: callers who are limited to some projects are refused.
            no_tool: Why none of its operations is a tool.
            lock: What its operations keep others from.
            right: The right that callers of its operations need; endpoints declare their own.
            place: Where its operations run; None where their lock decides.
        """
        self.title, self.site, self.reach, self.no_tool = title, site, reach, no_tool
        self.lock, self.right, self.place = lock, right, place
        self.operations: list[Operation] = []
        self.endpoints: list[Endpoint] = []

    operation = _method(Declaration)

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


def _routes(texts: str | tuple[str, ...], mode: Mode, *, alias: bool = False) -> Iterator[Route]:
    for text in (texts,) if isinstance(texts, str) else texts:
        method, path = text.split(" ", 1)
        yield Route(method, path, mode, alias)
