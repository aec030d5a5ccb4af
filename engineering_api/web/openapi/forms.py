"""What the two versions of the API differ in, as OpenAPI says it: paths, ids, options and the forms of answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.declaration import Endpoint, Operation
from engineering_api.operations.terms import Mode, Right, Route
from engineering_api.web.forms.versions import PREFIX_1, PREFIX_2, PROBLEM
from engineering_api.web.openapi import options
from engineering_api.web.openapi.links import Links, at, method_name
from engineering_api.web.openapi.resource_summaries import SUMMARIES
from engineering_api.web.openapi.samples import samples
from engineering_api.web.openapi.undo import sentence

Described = dict[str, Any]
JSON = "application/json"
_TEXT = {"type": "string"}


def reference(name: str) -> dict[str, str]:
    """Return the reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def _content(description: str, schema: Described, media: str = JSON) -> Described:
    return {"description": description, "content": {media: {"schema": schema}}}


class Form(Protocol):
    """One version of the API in its description.

    Attributes:
        title: Its name.
        pointer: Where an answer has its data, as a JSON pointer.
        schemas: The schemas that all its answers share, in addition to those of the types.
    """

    title: str
    pointer: str
    schemas: dict[str, Described]

    def routes(self, declared: Operation | Endpoint) -> Iterator[tuple[str, Route]]:
        """Yield the routes that are described, each with its path in this version."""
        ...

    def parameters(self, op: Operation, route: Route, *, binds: bool) -> list[Described]:
        """Return what a route takes in addition to the fields of its operation; arguments as of `options.parameters`."""
        ...

    def responses(self, op: Operation, route: Route, answer: Described, leading: Links) -> Described:
        """Return what a route answers.

        Args:
            op: The operation.
            route: One of its routes.
            answer: The schema of its data.
            leading: Where to go from there.
        """
        ...

    def accepted(self) -> Described:
        """Return the answer that is a job."""
        ...

    def failed(self) -> Described:
        """Return the answer that says what went wrong."""
        ...


class Form1:
    """Version 1: every printed route and alias; the data in the envelope; each answer may be a job or a dry run."""

    title, pointer = "SIMATIC Engineering API, version 1", "/data"

    def __init__(self) -> None:
        """Make the envelope's schemas."""
        self.schemas = {"Envelope": _envelope(), "Failure": _failure()}

    def routes(self, declared: Operation | Endpoint) -> Iterator[tuple[str, Route]]:
        """Yield all."""
        for route in declared.routes:
            yield route.path, route

    def parameters(self, op: Operation, route: Route, *, binds: bool) -> list[Described]:
        """Return the options of a list, of a change, and of the time that a request may take."""
        return options.parameters(op, route, binds=binds)

    def responses(self, op: Operation, route: Route, answer: Described, leading: Links) -> Described:
        """Return the answers: in the envelope, with the alternatives that the request's options choose."""
        data = {"anyOf": [answer, reference("DryRun")]} if op.changes else answer
        return options.answers(op, route, _enveloped("The answer.", data), at(route, leading))

    def accepted(self) -> Described:
        """Return the job in the envelope."""
        return _enveloped("The job that does it.", reference("JobRef"))

    def failed(self) -> Described:
        """Return the envelope without data."""
        return _content("What went wrong, where, and what to do.", reference("Failure"))


class Form2:
    """Version 2: for each operation one route that waits and one that answers with a job; the data alone."""

    title, pointer = "SIMATIC Engineering API", ""
    schemas: dict[str, Described] = {}

    def routes(self, declared: Operation | Endpoint) -> Iterator[tuple[str, Route]]:
        """Yield the first route of each mode that is below `/api`; those of other systems' interfaces have one version.

        OpenAPI has no way to describe a WebSocket.
        """
        if isinstance(declared, Endpoint) and declared.is_only_socket:
            return
        first: dict[object, Route] = {}
        for route in declared.routes:
            own = route.path.startswith(f"{PREFIX_1}/") and not route.path.startswith(f"{PREFIX_1}/v1/")
            if own:
                first.setdefault(route.mode if isinstance(declared, Operation) else route, route)
        for route in first.values():
            yield PREFIX_2 + route.path.removeprefix(PREFIX_1), route

    def parameters(self, op: Operation, route: Route, *, binds: bool) -> list[Described]:  # noqa: ARG002 - as of Form
        """Return the options of a list and the conditions: what would change the type of the answer is not described."""
        return options.typed_parameters(op, binds=binds)

    def responses(self, op: Operation, route: Route, answer: Described, leading: Links) -> Described:
        """Return one type of answer: the data with status 200, or the job with 202."""
        if route.mode is Mode.JOB:
            return {"202": {"$ref": "#/components/responses/Accepted"}, **options.failures(op)}
        done = _content("The answer.", answer)
        if op.name in samples() and not _reads_as_schema(samples()[op.name]):
            done["content"][JSON]["example"] = samples()[op.name]
        return options.answers_in_time(op, route, done, at(route, leading))

    def accepted(self) -> Described:
        """Return the job."""
        return _content("The job that does it.", reference("JobRef"))

    def failed(self) -> Described:
        """Return the problem details."""
        return _content("What went wrong, where, and what to do.", reference("ProblemDetails"), PROBLEM)


def operation_id(op: Operation, route: Route) -> str:
    """Return the id of a route: the operation's name, which is a good name of a method in any language.

    A route that answers with a job has `_job` after it, and each further route of the same kind a number.
    """
    alike = [each for each in op.routes if each.mode is route.mode]
    base = method_name(op.name)
    if route.mode is Mode.JOB and any(each.mode is Mode.WAIT for each in op.routes):
        base += "_job"
    number = alike.index(route) + 1
    return base if number == 1 else f"{base}_{number}"


def _reads_as_schema(example: Any) -> bool:
    """Return whether an example has an object with `type` and `default`, which Spectral takes for a schema."""
    if isinstance(example, list):
        return any(map(_reads_as_schema, example))
    return isinstance(example, dict) and (
        {"type", "default"} <= example.keys() or any(map(_reads_as_schema, example.values()))
    )


def describe_operation(op: Operation) -> str:
    """Return the docstring with the right that it needs and, of a change, how it is taken back."""
    right = "Anybody may call it." if op.right is Right.PUBLIC else f"Right: {op.right.word}."
    return "\n\n".join(filter(None, (op.summary, op.description, right + sentence(op))))


def tags(catalogue: Catalogue) -> list[Described]:
    """Return the sections, each with what it is about."""
    about: dict[str, dict[str, None]] = {}
    for op in catalogue:
        about.setdefault(op.section, {})[SUMMARIES[op.name.partition(".")[0]]] = None
    for endpoint in catalogue.endpoints:
        if endpoint.section not in about:
            about[endpoint.section] = {endpoint.summary.rstrip("."): None}
    return [{"name": name, "description": f"{'. '.join(said)}."} for name, said in about.items()]


def security(right: Right) -> list[dict[str, list[str]]]:
    """Return how a caller may identify itself."""
    return [] if right is Right.PUBLIC else [{"apiKey": []}, {"bearer": []}]


def enveloped_schema(data: Described) -> Described:
    """Return the schema of an answer of version 1, whose data comes twice."""
    inner = {"properties": {"data": data}}
    return {"allOf": [reference("Envelope"), inner, {"properties": {"response": inner}}]}


def _enveloped(description: str, data: Described) -> Described:
    return _content(description, enveloped_schema(data))


def _inner(success: bool) -> Described:
    return {
        "success": {"const": success},
        "message": _TEXT,
        "data": {},
        "timestamp": {"type": "string", "format": "date-time"},
    }


def _envelope() -> Described:
    required = ["success", "message", "data", "timestamp"]
    fields = _inner(success=True)
    doubled = {"description": "The same again, for the vendor's clients; not there with `X-TIA-Envelope: single`."}
    inner = {"type": "object", "properties": fields, "required": required} | doubled
    properties = {"status": {"type": "integer"}, **fields, "response": inner}
    return {"type": "object", "properties": properties, "required": ["status", *required]}


def _failure() -> Described:
    properties = _inner(success=False) | {"error": reference("Fault")}
    inner = {"type": "object", "properties": properties, "required": ["success", "message", "error"]}
    return inner | {"properties": {"status": {"type": "integer"}, **properties, "response": inner}}
