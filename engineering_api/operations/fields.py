"""Requests and answers, and what is declared with their fields: other names, paths, passwords, and what destroys."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

JsonValue = Annotated[Any, msgspec.Meta(title="JsonValue", description="Any value of JSON.")]
JsonObject = Annotated[dict[str, Any], msgspec.Meta(title="JsonObject", description="Any values of JSON, by name.")]
JsonSchema = Annotated[dict[str, Any], msgspec.Meta(title="JsonSchema", description="A schema of JSON Schema 2020-12.")]


NOT_EMPTY_PATH = {"pattern": "[^/]"}
"""The schema of a path of folders that names one at least."""


class Request(msgspec.Struct, rename="camel", kw_only=True):
    """Base of all requests: path, query and body fields together, so that one document says everything."""


class Nothing(Request):
    """The request of an operation that takes no argument."""


class Model(msgspec.Struct, rename="camel", kw_only=True):
    """Base of nested request parts and of answers that the service itself makes."""


def named(
    description: str,
    *also: str,
    destroys: bool = False,
    renames: str = "",
    vendor: Any = msgspec.UNSET,
    schema: dict[str, Any] | None = None,
    **limits: Any,
) -> msgspec.Meta:
    """Describe a field.

    Args:
        description: What it is, with its unit.
        also: Further names that clients send for it.
        destroys: Whether a call in which it is set destroys something, though the operation does not otherwise.
        renames: The field that names the object to which this field gives another name; undo calls the operation with both
            exchanged.
        vendor: What T-IA Connect's client means, which never sends the field, where that is not the default.
        schema: What the OpenAPI description says of its values, where the operation checks them and has its own code for it.
        limits: Limits of msgspec.Meta, such as min_length or ge.
    """
    extra = {"also": also, "destroys": destroys, "renames": renames, "vendor": vendor}
    return msgspec.Meta(description=description, extra=extra, extra_json_schema=schema, **limits)


def path_field(
    description: str,
    *also: str,
    writes: bool = False,
    destroys: bool = False,
    suffixes: tuple[str, ...] = (),
    **limits: Any,
) -> msgspec.Meta:
    """Describe a field that names a file or folder of this machine, or several. The service checks it first.

    Args:
        description: What is there.
        also: Further names that clients send for it.
        writes: Whether the operation makes, replaces or removes what is there: its callers need the right to write files.
        destroys: As of any field.
        suffixes: How the file's name ends, such as .xml; the operation checks it. Any by default.
        limits: Limits of msgspec.Meta.
    """
    extra = {"also": also, "path": True, "writes": writes, "destroys": destroys}
    schema = {"pattern": _suffix_pattern(suffixes)} if suffixes else None
    return msgspec.Meta(description=description, extra=extra, extra_json_schema=schema, **limits)


def _suffix_pattern(suffixes: tuple[str, ...]) -> str:
    """Return the pattern of paths that end so, in any case of the letters."""
    ends = (
        "".join(f"[{each}{each.upper()}]" if each.isalpha() else each for each in suffix[1:]) for suffix in suffixes
    )
    return rf"[^/]\.({'|'.join(ends)})$"


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
    """Return the fields of a request or an answer that are declared to be path, secret, carries, writes, renames or destroys."""
    return tuple(
        field
        for field in msgspec.structs.fields(request)
        if any((meta.extra or {}).get(mark) for meta in metas(field.type))
    )


@cache
def vendor_values(request: type[msgspec.Struct]) -> dict[str, Any]:
    """Return what T-IA Connect's client means by a request of a type, for the fields that it never sends, by wire name."""
    given = {
        field.encode_name: (meta.extra or {}).get("vendor", msgspec.UNSET)
        for field in msgspec.structs.fields(request)
        for meta in metas(field.type)
    }
    return {name: value for name, value in given.items() if value is not msgspec.UNSET}


@cache
def secrets_of(request: type[msgspec.Struct]) -> tuple[str, ...]:
    """Return the fields of a request or an answer that hold passwords, by their Python names."""
    return tuple(field.name for field in marked(request, "secret"))


def metas(kind: Any) -> Iterator[msgspec.Meta]:
    """Yield what `named` said of a field, from any place in its type."""
    yield from (meta for meta in getattr(kind, "__metadata__", ()) if isinstance(meta, msgspec.Meta))
    if get_origin(kind) in {Union, UnionType}:
        for variant in get_args(kind):
            yield from metas(variant)
