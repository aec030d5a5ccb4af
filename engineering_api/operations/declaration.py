"""The operation catalogue: everything the service can do, each declared once.

An operation is one typed function. Its declaration says where it is offered
(routes that wait, routes that answer with a job, aliases), which right it
needs, which lock it takes and where it runs. HTTP handlers, OpenAPI, jobs, the
command line, discovery and the audit log are made from that one declaration.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

F = TypeVar("F", bound=Callable[..., Any])
Projects = Callable[[Any, Any], list[str]]
"""Gives the files of the projects that a request names, from the service and the request."""
PARAMETER = re.compile(r"\{(\w+)\}")


class Right(IntEnum):
    """What a caller must be allowed to do; each right includes those below it."""

    PUBLIC = 0
    VIEW = 1
    ENGINEER = 2
    OPERATE = 3
    ADMINISTER = 4

    @property
    def word(self) -> str:
        """The word that people know it by, as in security.roles."""
        return ("public", "viewer", "engineer", "operator", "administrator")[self]


class Lock(Enum):
    """What an operation keeps others from meanwhile.

    NONE: nothing. PORTAL: it uses the portal but changes no project. PROJECT: it
    is the only writer of the project.
    """

    NONE = "none"
    PORTAL = "portal"
    PROJECT = "project"


class Place(Enum):
    """Where an operation runs.

    LOOP: on the event loop, for answers that cost microseconds. WORKER: in a
    worker thread. PORTAL: on the portal's own thread.
    """

    LOOP = "loop"
    WORKER = "worker"
    PORTAL = "portal"


class Site(Enum):
    """Where an operation belongs when there is a gateway in front of several machines.

    GATEWAY: what the service itself has: jobs, audit, users, settings, webhooks, documentation. WORKER: what a machine
    has: portals, projects, PLCSIM, files.
    """

    GATEWAY = "gateway"
    WORKER = "worker"


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


class Mode(Enum):
    """Whether a route waits for the result or answers with a job."""

    WAIT = "wait"
    JOB = "job"


class Trial(Enum):
    """How a dry run finds out what an operation would do.

    UNDONE: it is done in a transaction of the portal that is rolled back. CHECKED: what it would
    change is read, because a transaction does not allow it or cannot undo it.
    """

    UNDONE = "undone"
    CHECKED = "checked"


class Undo(Enum):
    """How an operation that changes something is taken back.

    KEPT: by undo_change. What it makes is a part of the project that can be deleted again; blocks, data types and tag
    tables that it changes are named in the request and kept first. NEEDLESS: it leaves all that was there as it was; it
    only adds, reads, starts or ends. NEVER: nothing here takes it back.
    """

    KEPT = "kept"
    NEEDLESS = "needless"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Route:
    """One method and path at which an operation is offered.

    Attributes:
        alias: A further spelling that older clients use; not in the printed list.
    """

    method: str
    path: str
    mode: Mode
    alias: bool = False

    @property
    def parameters(self) -> list[str]:
        """The names in the path, in camelCase."""
        return PARAMETER.findall(self.path)

    def __str__(self) -> str:
        """Return method and path as they are printed."""
        return f"{self.method} {self.path}"


TOLD = ""
"""Instead of a fixed sentence: the answer's own `message` is what the envelope says."""


def shape(path: str) -> str:
    """Return a path without the names of its parameters: two routes of one shape are the same to a router."""
    return PARAMETER.sub("{}", path)


class Request(msgspec.Struct, rename="camel", kw_only=True):
    """Base of all requests: path, query and body fields together, so that one document says everything."""


class Nothing(Request):
    """The request of an operation that takes no argument."""


class Model(msgspec.Struct, rename="camel", kw_only=True):
    """Base of nested request parts and of answers that the service itself makes."""


def named(description: str, *also: str, destroys: bool = False, **limits: Any) -> msgspec.Meta:
    """Describe a field.

    Args:
        description: What it is, with its unit.
        also: Further names that clients send for it.
        destroys: Whether a call in which it is set destroys something, though the operation does not otherwise.
        limits: Limits of msgspec.Meta, such as min_length or ge.
    """
    return msgspec.Meta(description=description, extra={"also": also, "destroys": destroys}, **limits)


def path_field(
    description: str, *also: str, writes: bool = False, destroys: bool = False, **limits: Any
) -> msgspec.Meta:
    """Describe a field that names a file or folder of this machine, or several. The service checks it first.

    Args:
        description: What is there.
        also: Further names that clients send for it.
        writes: Whether an operation that otherwise only reads writes there.
        destroys: As of any field.
        limits: Limits of msgspec.Meta.
    """
    extra = {"also": also, "path": True, "writes": writes, "destroys": destroys}
    return msgspec.Meta(description=description, extra=extra, **limits)


def secret(description: str, *also: str) -> msgspec.Meta:
    """Describe a field that holds a password, or passwords by name: it is kept nowhere, and no job carries it."""
    return msgspec.Meta(
        description=description,
        extra={"also": also, "secret": True},
        extra_json_schema={"format": "password", "writeOnly": True},
    )


def shown_secret(description: str) -> msgspec.Meta:
    """Describe a field of an answer that holds a key or a token: who asked sees it, and nothing keeps it."""
    return msgspec.Meta(
        description=description, extra={"also": (), "secret": True}, extra_json_schema={"format": "password"}
    )


def carrying(description: str, *also: str) -> msgspec.Meta:
    """Describe a field with the arguments of another operation: they may hold passwords, so they are kept nowhere, either."""
    return msgspec.Meta(description=description, extra={"also": also, "carries": True})


@cache
def marked(request: type[msgspec.Struct], mark: str) -> tuple[msgspec.structs.FieldInfo, ...]:
    """Return the fields of a request or an answer that are declared to be path, secret, carries, writes or destroys."""
    return tuple(
        field
        for field in msgspec.structs.fields(request)
        if any((meta.extra or {}).get(mark) for meta in metas(field.type))
    )


@cache
def secrets_of(request: type[msgspec.Struct]) -> tuple[str, ...]:
    """Return the fields of a request or an answer that hold passwords, by their Python names."""
    return tuple(field.name for field in marked(request, "secret"))


@cache
def answers_secret(op: Operation) -> bool:
    """Return whether an operation's answer holds a key: only its caller sees it, and no job or cache keeps it."""
    return isinstance(op.answer, type) and issubclass(op.answer, msgspec.Struct) and bool(secrets_of(op.answer))


def metas(kind: Any) -> Iterator[msgspec.Meta]:
    """Yield what `named` said of a field, from any place in its type."""
    yield from (meta for meta in getattr(kind, "__metadata__", ()) if isinstance(meta, msgspec.Meta))
    if get_origin(kind) in {Union, UnionType}:
        for variant in get_args(kind):
            yield from metas(variant)


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One thing that the service can do.

    Attributes:
        name: resource.verb, stable; what jobs, audit and the command line say.
        section: The section of the vendor's printed list.
        run: The function: (context, request) -> answer.
        request: The struct that it takes; its path, query and body fields together.
        answer: The type of what it returns.
        example: A request as a caller would write it.
        destroys: Whether something that was there is removed or overwritten.
        undo: How it is taken back; NEEDLESS where nothing is changed.
        trial: How a dry run of it is made.
        resource: The operation that reads what this one changes, as its function; None where its path tells.
        items: The field of the answer that holds its list; empty where the answer may be the list.
        event: What the event is called that is published when it has succeeded.
        site: Where it runs behind a gateway.
        repeatable: Whether it may be done again when nobody knows whether it was done: reads, and what is declared so.
        reach: What it works on: a caller who is limited to some projects is held to these.
        projects: Tells the files of the projects that a request names: (service, request) -> files; only where reach is
            NAMED.
        tool: What its tool is called where clients know it by another name than its own.
        listed: Whether clients see the tool without a search.
        no_tool: Why it is no tool; empty for one that may be.
        step: Whether it may be a step of a pipeline.
        container: Whether what it reads says little of what is below its path.
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
    listed: bool = False
    no_tool: str = ""
    step: bool = True
    container: bool = False

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return (inspect.getdoc(self.run) or "").partition("\n")[0]

    @property
    def description(self) -> str:
        """The docstring without its first line."""
        return (inspect.getdoc(self.run) or "").partition("\n")[2].strip()


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """One thing that can be listened to: its messages follow each other for as long as there is a listener.

    Attributes:
        name: As of operations.
        section: The section of the vendor's printed list.
        run: The function: (listening) -> messages, as in operations.streams. It refuses before the first message.
        site: As of operations; what is at a worker is not passed on by a gateway.
        reach: What it tells about: callers who are limited to some projects are refused ALL, and held to the open PROJECT;
            where it is OWN, the function tells them only what they made.
        query: The fields of its query, each with what it says.
    """

    name: str
    section: str
    run: Callable[[Any], Awaitable[Any]]
    route: Route
    right: Right
    site: Site
    reach: Reach
    query: Mapping[str, str]

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return (inspect.getdoc(self.run) or "").partition("\n")[0]


class Section:
    """The operations and streams of one section, in the order in which they are written."""

    def __init__(self, title: str, site: Site = Site.WORKER, *, reach: Reach = Reach.ALL, no_tool: str = "") -> None:
        """Name the section as the printed list does.

        Args:
            title: Its name.
            site: Where its operations belong that take no lock.
            reach: What its operations work on that take no lock. Callers who are limited to some projects are refused
                ALL, so that a new operation is closed to them until its author decides about it.
            no_tool: Why none of its operations is a tool.
        """
        self.title, self.site, self.reach, self.no_tool = title, site, reach, no_tool
        self.operations: list[Operation] = []
        self.streams: list[Stream] = []

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
        listed: bool = False,
        no_tool: str = "",
        step: bool = True,
        container: bool = False,
    ) -> Callable[[F], F]:
        """Declare an operation.

        Args:
            wait: Printed routes that wait for the result.
            job: Printed routes that answer with a job.
            also: Unprinted routes that wait: aliases and additions.
            also_job: Unprinted routes that answer with a job.
            right: The right that a caller needs.
            lock: What it keeps others from.
            place: Where it runs; by default the portal's thread, or a worker where no lock is taken.
            changes: Whether it changes anything; then it is audited.
            destroys: Whether it removes or overwrites something that was there. A flag that makes it do so is declared with
                the field instead. Required where it changes anything.
            undo: How it is taken back. Required where it changes anything.
            example: A request.
            done: What the answer's message says; TOLD where the answer shows it already.
            trial: How a dry run is made; by default undone where the project's lock is taken on the portal's thread.
            resource: The function of the operation that reads what this one changes, where its path does not name it.
            items: The field of the answer that holds its list, where the answer is not a list itself.
            event: The event that its success is, such as project.saved; by default project.changed under the project's lock.
            site: Where it runs behind a gateway; by default at a worker where a lock is taken, else as its section.
            repeatable: Whether doing it twice has the same effect as doing it once; reads always are.
            reach: What it works on; by default the open project where a lock is taken, else as its section.
            projects: Gives the files of the projects that a request names; then its reach is NAMED.
            tool: What its tool is called where clients know it by another name than the operation's.
            listed: Whether clients see the tool without a search. A client shows its model every listed tool in every
                conversation, so few are listed.
            no_tool: Why it is no tool; by default as its section.
            step: Whether it may be a step of a pipeline; not where it begins one.
            container: Whether what it reads says little of what is below its path.

        Raises:
            ValueError: What a change destroys or how it is taken back is missing, or contradicts itself; nothing gives
                the projects that it names; or it is a listed tool without a name, or has a name and is no tool.
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
        usual = self.reach if lock is Lock.NONE else Reach.PROJECT
        reached = reach or (Reach.NAMED if projects else usual)
        why_no_tool = no_tool or self.no_tool

        def declare(function: F) -> F:
            hints = get_type_hints(function)
            _, request_name = list(inspect.signature(function).parameters)
            name = name_of(function)
            _require_way_back(name, destroys, undo, lock, changes=changes)
            if (reached is Reach.NAMED) != (projects is not None):
                msg = f"{name}: reach NAMED and projects belong together."
                raise ValueError(msg)
            if (listed and not tool) or (tool and why_no_tool):
                msg = f"{name}: a listed tool has a name, and what is no tool has none."
                raise ValueError(msg)
            self.operations.append(
                Operation(
                    name,
                    self.title,
                    function,
                    hints[request_name],
                    hints["return"],
                    routes,
                    right,
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
                    listed,
                    why_no_tool,
                    step,
                    container,
                )
            )
            return function

        return declare

    def stream(
        self, route: str, *, reach: Reach, right: Right = Right.VIEW, query: Mapping[str, str] | None = None
    ) -> Callable[[F], F]:
        """Declare a stream.

        Args:
            route: Where it is offered.
            reach: What its turns are about: ALL, PROJECT or OWN.
            right: The right that a listener needs.
            query: The fields of its query, each with what it says.
        """
        (offered,) = _routes(route, Mode.WAIT)

        def declare(function: F) -> F:
            self.streams.append(
                Stream(name_of(function), self.title, function, offered, right, self.site, reach, query or {})
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


class Catalogue:
    """All operations, found by name or by route, and all streams."""

    def __init__(self, sections: tuple[Section, ...]) -> None:
        """Join the sections.

        Raises:
            ValueError: Two operations or streams share a name, a tool or a route.
        """
        self.operations = tuple(op for section in sections for op in section.operations)
        self.streams = tuple(stream for section in sections for stream in section.streams)
        names: dict[str, Operation | Stream] = {}
        tools: dict[str, Operation | Stream] = {}
        routes: dict[tuple[str, str], Operation | Stream] = {}
        for op in self.operations:
            _claim(names, op.name, op)
            if op.tool:
                _claim(tools, op.tool, op)
            for route in op.routes:
                _claim(routes, (route.method, shape(route.path)), op)
        for stream in self.streams:
            _claim(names, stream.name, stream)
            _claim(routes, (stream.route.method, shape(stream.route.path)), stream)
        self._by_name = {op.name: op for op in self.operations}

    def __iter__(self) -> Iterator[Operation]:
        """Go through all operations in their order."""
        return iter(self.operations)

    def named(self, name: str) -> Operation | None:
        """Return the operation of that name."""
        return self._by_name.get(name)

    def of(self, function: Callable[..., Any]) -> Operation:
        """Return the operation that a function is declared to be.

        Raises:
            KeyError: It is none of this catalogue.
        """
        return self._by_name[name_of(function)]

    def at(self, route: str) -> list[Operation]:
        """Return the operations at a route, given as "METHOD /path", "/path" or a name."""
        text = route.strip()
        method, _, path = text.rpartition(" ")
        wanted = shape(path.strip())
        return [
            op
            for op in self.operations
            if op.name == text
            or any(shape(r.path) == wanted and method.strip().upper() in {"", r.method} for r in op.routes)
        ]


def _require_way_back(name: str, destroys: bool | None, undo: Undo | None, lock: Lock, *, changes: bool) -> None:
    """Refuse a change that does not say what it destroys and how it is taken back, and a read that does."""
    if changes and (destroys is None or undo is None):
        msg = f"{name} changes something: declare whether it destroys, and undo."
    elif not changes and (destroys is not None or undo is not None):
        msg = f"{name} changes nothing: it neither destroys nor is it undone."
    elif destroys and undo is Undo.NEEDLESS:
        msg = f"{name} destroys something, so undo is KEPT or NEVER."
    elif undo is Undo.KEPT and lock is not Lock.PROJECT:
        msg = f"{name} takes no lock PROJECT: what it changes meanwhile cannot be told from what others do."
    else:
        return
    raise ValueError(msg)


def _routes(texts: str | tuple[str, ...], mode: Mode, *, alias: bool = False) -> Iterator[Route]:
    for text in (texts,) if isinstance(texts, str) else texts:
        method, path = text.split(" ", 1)
        yield Route(method, path, mode, alias)


def _claim(index: dict[Any, Operation | Stream], key: Any, declared: Operation | Stream) -> None:
    if key in index:
        msg = f"{key} is claimed by {index[key].name} and by {declared.name}."
        raise ValueError(msg)
    index[key] = declared
