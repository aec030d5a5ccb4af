"""Makes one HTTP request of an operation with its arguments: the catalogue says where each field belongs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from engineering_api.client.call import Call, segment
from engineering_api.client.options import Options, text
from engineering_api.operations.binding import bind_document
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Request
from engineering_api.operations.secret_fields import without_secrets
from engineering_api.operations.terms import PARAMETER, Mode, Route
from engineering_api.web.openapi.document import BODILESS
from openness_bridge.errors import Kind, Problem


@cache
def catalogue() -> Catalogue:
    """Return every operation that this client knows."""
    from engineering_api.features.sections import SECTIONS

    return Catalogue(SECTIONS)


def operation(name: str) -> Operation:
    """Return an operation by its name, such as tag_tables.create.

    Raises:
        Problem: The name is unknown.
    """
    found = catalogue().named(name)
    if found is None:
        raise Problem(
            "operation.not_found",
            f"The operation '{name}' does not exist: `tia routes` lists all operations.",
            kind=Kind.MISSING,
        )
    return found


def bind_arguments(op: Operation, arguments: dict[str, Any]) -> Request:
    """Return the request of an operation, of arguments by any name that the server takes.

    Raises:
        Problem: A field is unknown, missing or of a wrong type.
    """
    return bind_document(op.request, arguments)


def waiting(op: Operation, request: Request, options: Options) -> Call:
    """Return the call whose answer is the result, or the job of an operation that is never anything else."""
    route = next((route for route in op.routes if route.mode is Mode.WAIT), op.routes[0])
    return _call(route, to_fields(request), options)


def call_as_job(op: Operation, request: Request, options: Options) -> Call:
    """Return the call that is answered with a job: any operation can be one.

    Raises:
        Problem: The request holds a password, which the job would keep.
    """
    if without_secrets(request) != request:
        msg = "A job keeps its request, so a password cannot be a part of it: wait for the result instead."
        raise Problem("job.secret", msg)
    own = next((route for route in op.routes if route.mode is Mode.JOB), None)
    if own is not None:
        return _call(own, to_fields(request), options)
    call = waiting(op, request, options)
    return replace(call, headers=call.headers | {"Prefer": "respond-async"})


def trying(op: Operation, request: Request, options: Options) -> Call:
    """Return the call that is answered with what the operation would do.

    Raises:
        Problem: The operation has its own kind of dry run.
    """
    if any(info.encode_name == "dryRun" for info in msgspec.structs.fields(op.request)):
        msg = f"{op.name} has its own dry run: call it with dry_run=True."
        raise Problem("client.own_dry_run", msg)
    call = waiting(op, request, options)
    return replace(call, query=call.query | {"dryRun": "true"})


def plain(method: str, path: str, body: Any, options: Options) -> Call:
    """Return the call of a route as it is given."""
    fixed, _, query = path.partition("?")
    encoded = b"" if body is None else msgspec.json.encode(body)
    return Call(method, fixed, dict(parse_qsl(query)) | options.query(), encoded, options.headers())


def to_fields(request: Request) -> dict[str, Any]:
    """Return the fields by their wire names, without those that have their default: the server knows it."""
    return {
        info.encode_name: value
        for info in msgspec.structs.fields(request)
        if (value := getattr(request, info.name)) is not msgspec.UNSET and not _is_default(info, value)
    }


def _is_default(info: msgspec.structs.FieldInfo, value: Any) -> bool:
    if info.default_factory is not msgspec.NODEFAULT:
        return bool(value == info.default_factory())
    return type(value) is type(info.default) and bool(value == info.default)


def _call(route: Route, fields: dict[str, Any], options: Options) -> Call:
    path = PARAMETER.sub(lambda name: segment(text(fields[name[1]])), route.path)
    others = {name: value for name, value in fields.items() if name not in route.parameters}
    if route.method in BODILESS:
        query = {name: text(value) for name, value in others.items()}
        return Call(route.method, path, options.query() | query, b"", options.headers())
    body = msgspec.json.encode(others) if others else b""
    return Call(route.method, path, options.query(), body, options.headers())
