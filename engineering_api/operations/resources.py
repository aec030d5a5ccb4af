"""Finds the read that shows what an operation changes, so that an edit can be bound to what its caller has seen.

A read's answer carries an entity tag. An edit with `If-Match` is done only if
that read still gives that tag, checked under the lock that the edit holds.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_origin

import msgspec

from engineering_api.operations.binding import bind_document
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Request
from engineering_api.operations.terms import Lock, Mode, Right, shape
from openness_bridge.errors import Kind, Problem

ACTION = re.compile(r"/actions/[^/]+$")
CONTENT = ("/content", "/details")
BELOW = re.compile("(?:" + "|".join(CONTENT) + ")$")


_EXPORTED_AT = re.compile(rb"<Created>([^<]{1,40})</Created>")


def tag_of(data: bytes) -> str:
    """Return the entity tag of an answer's data.

    The envelope around it, with its time, is not part of it. Neither is the time that TIA Portal writes into each export, which
    the JSON form has, too: two exports of an unchanged block have one tag.
    """
    for time in set(_EXPORTED_AT.findall(data)):
        data = data.replace(time, b"")
    return f'"{hashlib.blake2b(data, digest_size=12).hexdigest()}"'


def tags_in(header: str) -> list[str]:
    """Return the tags that a header names; `*` means any."""
    return [tag.strip().removeprefix("W/") for tag in header.split(",") if tag.strip()]


@dataclass(slots=True)
class Condition:
    """What must still be true when an edit is done.

    Attributes:
        wanted: If-Match as it was sent.
        read: The operation that shows the resource.
        request: Its request.
        after: The tag after the edit, once it is done; empty when the resource is gone.
    """

    wanted: str
    read: Operation
    request: Request
    after: str = ""

    def require(self, tag: str) -> None:
        """Continue only if the resource is as the caller saw it.

        Raises:
            Problem: 412: it has changed since.
        """
        if not {tag, "*"} & set(tags_in(self.wanted)):
            msg = f"It has changed since you read it: read it again ({format_route(self.read)}) and repeat your edit. Now: {tag}."
            raise Problem("request.precondition_failed", msg, kind=Kind.CHANGED)


@dataclass(frozen=True, slots=True)
class State:
    """The read that shows the one object that an edit changes.

    Attributes:
        read: The operation.
        request: Its request.
        entry: Name of the object in the list that it answers; empty where the whole answer is the object.
    """

    read: Operation
    request: Request
    entry: str = ""


class Resources:
    """The read of each operation that changes something."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Find the reads of a catalogue."""
        self._catalogue = catalogue
        self._reads = {
            shape(route.path): op
            for op in catalogue
            if not op.changes and op.right is not Right.PUBLIC
            for route in op.routes
            if route.method == "GET" and route.mode is Mode.WAIT
        }

    def of(self, op: Operation, request: Request) -> Operation | None:
        """Return the read that shows what a request changes: declared, at its longest path, or the nearest above it."""
        return self._find(op, {name for name, value in fields_of(request).items() if value is not None})

    def _find(self, op: Operation, given: set[str]) -> Operation | None:
        if op.resource is not None:
            return self._catalogue.of(op.resource)
        paths = [path for route in op.routes for path in _list_ancestors(route.path)]
        paths.sort(key=lambda path: path.count("/"), reverse=True)
        return next((read for path in paths if (read := self._at(path, given))), None)

    def state(self, op: Operation, request: Request) -> State | None:
        """Return the read that shows the one object that a request changes, before and after.

        None where something new is made, many things are changed, or only a container would be read: that would take many
        calls and say little. Reads of the project are made only under its lock.
        """
        read = self.of(op, request)
        if read is None or op.lock is Lock.PORTAL or (op.lock is Lock.NONE) != (read.lock is Lock.NONE):
            return None
        if read.container and op.resource is None and ACTION.search(op.routes[0].path):
            return None
        entry = ""
        if get_origin(read.answer) is list or read.items:
            entry = self._entry(op, read, request)
            if not entry:
                return None
        elif not self._shows(op, read) or (op.lock is Lock.NONE and not _is_at(op, read)):
            return None
        return State(read, self.request(read, request), entry)

    @staticmethod
    def _entry(op: Operation, read: Operation, request: Request) -> str:
        """Return the name, in a request's path, of an entry of the list that is read; empty without one."""
        given = fields_of(request)
        lists = [route.path for route in read.routes if route.method == "GET"]
        for route in op.routes:
            for path in lists:
                if shape(ACTION.sub("", route.path)) == f"{shape(path)}/{{}}":
                    return str(given[route.parameters[path.count("{")]])
        return ""

    def _at(self, path: str, given: set[str]) -> Operation | None:
        """Return the read at a path, or of the content below it, that needs only the given fields."""
        for below in ("", *CONTENT):
            read = self._reads.get(shape(path + below))
            if read is not None and set(_list_required(read)) <= given:
                return read
        return None

    def _shows(self, op: Operation, read: Operation) -> bool:
        """Return whether a read shows what an operation changes, and not only its container, such as a device."""
        if op.resource is not None or not read.container:
            return True
        return any(shape(ACTION.sub("", route.path)) in self._reads for route in op.routes)

    def needs(self, op: Operation, read: Operation) -> bool:
        """Return whether an operation needs what a read shows: that is above the operation's path, or is changed."""
        if op.creates:
            return False
        shown = [BELOW.sub("", shape(route.path)) for route in read.routes if route.method == "GET"]
        return any(
            route.method != "POST" or any(shape(route.path).startswith(f"{path}/") for path in shown)
            for route in op.routes
        )

    def binds(self, op: Operation) -> bool:
        """Return whether a request of an operation, with all its fields, can be bound to a tag."""
        names = {field.encode_name for field in msgspec.structs.fields(op.request)}
        read = self._find(op, names) if op.changes else None
        return read is not None and self._shows(op, read)

    def condition(self, op: Operation, request: Request, wanted: str) -> Condition:
        """Bind an edit to a tag.

        Raises:
            Problem: No read shows what this operation changes.
        """
        read = self.of(op, request) if op.changes else None
        if read is None or not self._shows(op, read):
            msg = f"No read shows what {op.name} changes, so that it cannot be bound to an entity tag: send it without If-Match."
            raise Problem("request.no_entity_tag", msg, kind=Kind.INVALID)
        return Condition(wanted, read, self.request(read, request))

    @staticmethod
    def request(read: Operation, request: Request) -> Request:
        """Return the request of a read, with the fields that it shares with another request."""
        given = fields_of(request)
        shared = {name: msgspec.to_builtins(given[name]) for name in _list_key_fields(read) if name in given}
        return bind_document(read.request, shared)


def fields_of(request: Request) -> dict[str, Any]:
    """Return the fields of a request under their wire names, unread: a list may have a hundred thousand rows."""
    kind = type(request)
    names = zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True)
    return {wire: value for name, wire in names if (value := getattr(request, name)) is not msgspec.UNSET}


def format_route(op: Operation) -> str:
    """Return the first GET route of a read, for people."""
    return next(str(route) for route in op.routes if route.method == "GET")


def _is_at(op: Operation, read: Operation) -> bool:
    """Return whether an operation is offered at the very path of a read, or names it, and is no action there."""
    paths = {shape(route.path) for route in read.routes}
    return op.resource is not None or any(shape(route.path) in paths for route in op.routes)


def _list_key_fields(read: Operation) -> list[str]:
    path = next(route for route in read.routes if route.method == "GET")
    return list(dict.fromkeys([*path.parameters, *_list_required(read)]))


def _list_required(read: Operation) -> list[str]:
    return [field.encode_name for field in msgspec.structs.fields(read.request) if field.required]


def _list_ancestors(path: str) -> Iterator[str]:
    """Yield a path, and those above it."""
    parts = path.split("/")
    for count in range(len(parts), 2, -1):
        yield "/".join(parts[:count])
