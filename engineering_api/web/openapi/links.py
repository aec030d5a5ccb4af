"""OpenAPI links: which answers name the things that other operations take, so that a program can continue from them.

Found, not declared: an operation continues from another of the same resource when its path has the other's parameters
and one more, and the answer says that one: in a field of that name, or as `name` or `id` of an entry of the collection
before the parameter in the path.
"""

from __future__ import annotations

from types import GenericAlias
from typing import Any, get_args, get_origin

import msgspec

from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.declaration import Operation
from engineering_api.operations.jobs import JobRecord
from engineering_api.operations.terms import Mode, Route

Links = dict[str, dict[str, Any]]
DATA = "/data"
"""Where the envelope has the data of an answer."""


def to_job(catalogue: Catalogue, pointer: str = DATA) -> Links:
    """Return where to go from an answer that is a job, which has its id at a JSON pointer below its data.

    These are the operations that take the id of a job alone and answer with the job.
    """
    return {
        op.name: {
            "operationId": method_name(op.name),
            "description": op.summary,
            "parameters": {"path.jobId": f"$response.body#{pointer}/jobId"},
        }
        for op in catalogue
        if op.answer is JobRecord and any(route.parameters == ["jobId"] for route in op.routes)
    }


def method_name(operation: str) -> str:
    """Return an operation's name as a good name of a method in any language."""
    return operation.rstrip("_").replace(".", "_")


def links(catalogue: Catalogue, pointer: str = DATA) -> dict[str, Links]:
    """Return the links of the answers, by operation; operations without any are left out.

    Args:
        catalogue: All operations.
        pointer: Where an answer has its data.
    """
    by_resource: dict[str, list[tuple[Operation, Route]]] = {}
    for op in catalogue:
        for route in [route for route in op.routes if route.mode is Mode.WAIT][:1]:
            by_resource.setdefault(op.name.partition(".")[0], []).append((op, route))
    found = {op.name: _from(op, route, others, pointer) for others in by_resource.values() for op, route in others}
    return {name: made for name, made in found.items() if made}


def at(route: Route, made: Links) -> Links:
    """Return the links of an operation that can be followed from one of its routes: its path has what they need."""
    return {
        name: link
        for name, link in made.items()
        if all(_is_there(expression, route) for expression in link["parameters"].values())
    }


def _is_there(expression: str, route: Route) -> bool:
    where, _, name = expression.rpartition(".")
    return where != "$request.path" or name in route.parameters


def _from(source: Operation, here: Route, others: list[tuple[Operation, Route]], data: str) -> Links:
    made: Links = {}
    if here.method == "DELETE":
        return made
    for target, there in others:
        more = [name for name in there.parameters if name not in here.parameters]
        if len(more) == 1 and (pointer := _pointer(source.answer, more[0], there, here, others)):
            kept = (name for name in there.parameters if name != more[0])
            made[target.name] = {
                "operationId": method_name(target.name),
                "description": target.summary,
                "parameters": {f"path.{name}": f"$request.path.{name}" for name in kept}
                | {f"path.{more[0]}": f"$response.body#{data}{pointer}"},
            }
    return made


def _pointer(answer: Any, parameter: str, there: Route, here: Route, others: list[tuple[Operation, Route]]) -> str:
    """Return where an answer names a parameter: in itself, or in the first entry of its list; '' for nowhere."""
    if get_origin(answer) is list:
        inner = _pointer(get_args(answer)[0], parameter, there, here, others)
        return f"/0{inner}" if inner else ""
    if not (isinstance(answer, type) and issubclass(answer, msgspec.Struct)):
        return ""
    has = {field.encode_name for field in msgspec.structs.fields(answer)}
    usual = "id" if parameter.lower().endswith("id") else "name"
    if parameter in has and parameter != usual:
        return f"/{parameter}"
    collection = there.path.partition(f"/{{{parameter}}}")[0].rpartition("/")[2]
    is_entry = collection in here.path.split("/") and "children" not in has and _lists(collection, answer, others)
    return f"/{usual}" if usual in has and is_entry else ""


def _lists(collection: str, entry: type, others: list[tuple[Operation, Route]]) -> bool:
    """Return whether such entries are listed in a collection, or nowhere at all."""
    listed = [route.path.split("/") for op, route in others if op.answer == GenericAlias(list, entry)]
    return not listed or any(collection in segments for segments in listed)
