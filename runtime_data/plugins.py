"""What plugins for sources and for sinks have in common: how their kinds are found and checked, and what their failures become."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar, get_args, get_origin

import msgspec

from engineering_api.operations.fields import secrets_of
from engineering_api.operations.secret_fields import SECRET_KEYS
from openness_bridge.errors import Kind, Place, Problem
from simatic_xml.lazy.plugins import FAILED, Entry, PluginError, Table

log = logging.getLogger(__name__)


class _Kind(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def form(self) -> type[msgspec.Struct]: ...


Member = TypeVar("Member")
AnyKind = TypeVar("AnyKind", bound=_Kind)
Given = ParamSpec("Given")
Result = TypeVar("Result")


def find_in(table: Table[Member], name: str, code: str, what: str, pointer: str) -> Member:
    """Return the kind of a name.

    Args:
        table: The kinds.
        name: The name.
        code: Of the problem that there is none.
        what: What it is a name of.
        pointer: Where the name is in the document.

    Raises:
        Problem: There is none, or it is one of a plugin that cannot be used.
    """
    try:
        found = table.find(name)
    except PluginError as error:
        raise Problem("plugin.not_used", error.message, kind=Kind.REFUSED, place=Place(pointer=pointer)) from error
    if found is None:
        msg = f"'{name}' is not a {what}: write {', '.join(sorted(table.names()))}."
        raise Problem(code, msg, kind=Kind.INVALID, place=Place(pointer=pointer))
    return found


def require_kind(found: object, entry: Entry, wanted: type[AnyKind]) -> AnyKind:
    """Return the kind of an entry.

    Raises:
        TypeError: It is something else.
        ValueError: It has another name than its entry, or a secret that would not be kept as one.
    """
    if not isinstance(found, wanted):
        msg = f"{found!r} is not a {wanted.__name__}"
        raise TypeError(msg)
    if not (isinstance(found.form, type) and issubclass(found.form, msgspec.Struct)):
        msg = f"its form {found.form!r} is not a struct of msgspec"
        raise TypeError(msg)
    if found.name != entry.name:
        msg = f"its name is '{found.name}': write the name of its entry point"
        raise ValueError(msg)
    _require_safe_secrets(found.form)
    return found


def _require_safe_secrets(form: type[msgspec.Struct]) -> None:
    """Refuse settings with a secret that would not be sealed, or whose name the audit log does not leave out."""
    for struct, is_entry in _structs(form, is_entry=False, seen=set()):
        for name in secrets_of(struct):
            if is_entry:
                msg = f"the secret '{name}' is in a list: write it as a field of the settings, or of a part of them"
                raise ValueError(msg)
            if name.replace("_", "") not in SECRET_KEYS:
                msg = f"call the secret '{name}' one of {', '.join(sorted(SECRET_KEYS))}"
                raise ValueError(msg)


def _structs(kind: Any, *, is_entry: bool, seen: set[Any]) -> Iterator[tuple[type[msgspec.Struct], bool]]:
    """Yield the structs in a type, each with whether it is in a list or an object of any names."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        if (kind, is_entry) not in seen:
            seen.add((kind, is_entry))
            yield kind, is_entry
            for field in msgspec.structs.fields(kind):
                yield from _structs(field.type, is_entry=is_entry, seen=seen)
        return
    is_entry = is_entry or get_origin(kind) in {list, dict, tuple, set, frozenset}
    for part in get_args(kind):
        yield from _structs(part, is_entry=is_entry, seen=seen)


def guard(function: Callable[Given, Result], entry: Entry) -> Callable[Given, Result]:
    """Return a function of a plugin that raises a Problem (plugin.failed) for any failure but a Problem."""

    @wraps(function)
    def run(*given: Given.args, **named: Given.kwargs) -> Result:
        try:
            return function(*given, **named)
        except Problem:
            raise
        except Exception as error:
            log.exception("The plugin %s failed", entry)
            failure = PluginError(FAILED, entry, f"{type(error).__name__}: see the log of the service.")
            raise Problem("plugin.failed", failure.message, kind=Kind.FAILED) from error

    return run
